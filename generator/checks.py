"""The verifiers that a recipe asks for: read from YAML, and sorted by the skill whose drafts they judge."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from proofmill.strict import Strict
from proofmill.verifiers import catalogue
from proofmill.verifiers.verdict import Check

_NUMBERS_AS_NAMES: Final = frozenset({"logic.smt"})
"""Verifiers whose numbers are often names of places and hours, which another one may replace without a change."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of `verify`: a check, and the skills whose drafts it judges; none named: every draft."""

    check: Check
    skills: tuple[str, ...] = ()

    def judges(self, skill: str) -> bool:
        """Whether drafts of a skill must pass it."""
        return not self.skills or skill in self.skills


class Guards(Strict):
    """Whether the claims say what the problem says; `auto` is on where a model teaches and the claims are its own."""

    statement: Literal["auto", "on", "off"] = "auto"
    """Every number and expression of the claims stands in the problem, and back (the verifier text.statement)."""
    second_reading: Literal["auto", "on", "off"] = "auto"
    """Another request shows the teacher the problem alone; the claims it reads there must give the same answer."""
    instances: Literal["auto", "on", "off"] = "auto"
    """A spec comes with concrete cases, some that it must accept and some that it must refuse."""
    changes: Literal["auto", "on", "off"] = "auto"
    """Each number of a spec matters: with others in its place the answer must change; `auto` leaves puzzles alone."""


@dataclass(frozen=True, slots=True, eq=False)
class SkillChecks:
    """What the drafts of one skill must pass: `asked` by the recipe, `guard` as written, `reading` once read again."""

    asked: tuple[Check, ...]
    guard: Check | None
    reading: Check | None
    claims_format: str
    """What a draft's claims must hold, told to the teacher by the verifiers that read them."""

    @property
    def first(self) -> tuple[Check, ...]:
        """What a draft must pass as the teacher wrote it."""
        return self.asked if self.guard is None else (*self.asked, self.guard)

    @property
    def every(self) -> tuple[Check, ...]:
        """All that a row has passed."""
        return self.first if self.reading is None else (*self.first, self.reading)


# YAML ----------------------------------------------------------------------------------------------------------------


def read_entry(value: Any) -> Entry:
    """`maths.answer`, or `{maths.compute: {seconds: 5, skills: [limit]}}`."""
    if isinstance(value, Entry | Check):
        return value if isinstance(value, Entry) else Entry(value)
    if isinstance(value, str):
        value = {value: {}}
    if not isinstance(value, Mapping) or len(value) != 1:
        raise ValueError("expected the name of a verifier, or {name: {setting: value}}")
    ((name, given),) = value.items()
    if not isinstance(given, Mapping):
        raise ValueError(f"expected {name}: {{setting: value}}")  # noqa: TRY004 - pydantic reads ValueErrors
    settings = {key: setting for key, setting in given.items() if key != "skills"}
    wrong = [*catalogue.problems_with(name, settings), *_problems_with_skills(name, given)]
    if wrong:
        raise ValueError(*wrong)  # one argument is one mistake
    rest = {key: setting for key, setting in settings.items() if key != "seconds"}
    check = Check(name, rest, float(settings["seconds"])) if "seconds" in settings else Check(name, rest)
    return Entry(check, tuple(given.get("skills", ())))


def _problems_with_skills(name: str, given: Mapping[str, Any]) -> list[str]:
    skills = given.get("skills", [""])
    if isinstance(skills, list) and skills and all(isinstance(skill, str) for skill in skills):
        return []
    return [f"{name}: skills: expected a list of skills of the task (found {skills!r})"]


def write_entry(entry: Entry) -> dict[str, Any]:
    """An Entry as a recipe spells it, everything written out."""
    skills = {"skills": list(entry.skills)} if entry.skills else {}
    return {entry.check.verifier: {**entry.check.settings, "seconds": entry.check.seconds, **skills}}


_ENTRY_SCHEMA = {
    "anyOf": [
        {"enum": sorted(catalogue.CATALOGUE)},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": {"enum": sorted(catalogue.CATALOGUE)},
            "additionalProperties": {
                "type": "object",
                "properties": {"skills": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
            },
        },
    ]
}

EntryField = Annotated[
    Any,
    BeforeValidator(read_entry),
    PlainSerializer(write_entry, return_type=dict[str, Any]),
    WithJsonSchema(_ENTRY_SCHEMA),
]
Entries = Annotated[tuple[EntryField, ...], Field(min_length=1)]


# By skill ------------------------------------------------------------------------------------------------------------


def claiming(checks: Iterable[Check]) -> tuple[str, ...]:
    """The verifiers that read claims which the teacher makes about its own problem."""
    return tuple(check.verifier for check in checks if catalogue.verifier(check.verifier).claims)


def by_skill(
    entries: Sequence[Entry], skills: Iterable[str], guards: Guards, *, by_model: bool
) -> dict[str, SkillChecks]:
    """What each skill's drafts must pass; under "" what is asked of rows of any other skill, such as an anchor's.

    `by_model` says that a model writes the problems: then the guards that are left to us are on.
    """
    general = _of_skill(entries, "", guards, by_model)
    if not any(entry.skills for entry in entries):
        return dict.fromkeys(["", *skills], general)
    every = dict.fromkeys([*skills, *named_by(entries)])
    return {"": general, **{skill: _of_skill(entries, skill, guards, by_model) for skill in every}}


def _of_skill(entries: Sequence[Entry], skill: str, guards: Guards, by_model: bool) -> SkillChecks:
    plain = tuple(entry.check for entry in entries if entry.judges(skill))
    readers = claiming(plain)
    on = {"auto": by_model and bool(readers), "on": True, "off": False}
    asked = tuple(_with(check, _wanted(check, guards, on)) for check in plain)
    by = {check.verifier: dict(check.settings) for check in asked if check.verifier in readers}
    guard = on[guards.statement] and all(check.verifier != "text.statement" for check in asked)
    reading = Check("text.reading", {"by": by}) if on[guards.second_reading] else None
    told = catalogue.claims_format(readers, instances=on[guards.instances])
    return SkillChecks(asked, Check("text.statement") if guard else None, reading, told)


def _wanted(check: Check, guards: Guards, on: Mapping[str, bool]) -> dict[str, str]:
    wanted = {"instances": "required"} if on[guards.instances] else {}
    spared = guards.changes == "auto" and check.verifier in _NUMBERS_AS_NAMES
    return wanted | ({"changes": "refuse"} if on[guards.changes] and not spared else {})


def _with(check: Check, wanted: Mapping[str, str]) -> Check:
    """The check with the guards that it knows, where the recipe does not set them itself."""
    known = catalogue.setting_names(check.verifier)
    settings = {**{name: value for name, value in wanted.items() if name in known}, **check.settings}
    return replace(check, settings=settings) if settings != check.settings else check


def mistakes(entries: Sequence[Entry], skills: Sequence[str], shown: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the entries as a whole: strange skills, a verifier twice, a skill that nothing proves.

    `shown` are the skills of the examples by their places. What entries and examples both name is not strange where the
    task does not have it: a recipe may be narrowed to some of its skills.
    """
    named = named_by(entries)
    for skill in named:
        if skill not in (*skills, *shown.values()):
            yield f"verify: expected skills of the task, {', '.join(skills)} (found {skill!r})"
    for place, skill in shown.items() if named else ():
        if skill not in (*skills, *named):
            yield f"examples: expected a skill of the task in {place} (found {skill or 'nothing'})"
    twice = {name for skill in skills for name in doubles(e.check.verifier for e in entries if e.judges(skill))}
    for name in sorted(twice):
        yield f"verify: expected each verifier once (found {name} twice)"
    if not named or not claiming(entry.check for entry in entries):
        return
    for skill in skills:
        if not claiming(entry.check for entry in entries if entry.judges(skill)):
            yield f"verify: expected a verifier that reads claims for each skill (found none for {skill!r})"


def named_by(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The skills that entries name, each once."""
    return tuple(dict.fromkeys(skill for entry in entries for skill in entry.skills))


def doubles(values: Iterable[Any]) -> list[Any]:
    """The values that come more than once."""
    return [value for value, times in Counter(values).items() if times > 1]
