"""A recipe: what to make, read once from YAML, checked before anything is spent, frozen, hashed into every row."""

import json
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError, model_validator

from proofmill import document
from proofmill.anchors.spec import AnchorSpec
from proofmill.checks import Entries, Guards, SkillChecks, by_skill, claiming, doubles, mistakes
from proofmill.errors import InputError
from proofmill.mistakes import mistakes_of
from proofmill.sections import (
    Curate,
    Examples,
    MixRatio,
    MixRows,
    Output,
    Repair,
    Task,
    Wanted,
)
from proofmill.strict import Strict
from proofmill.teachers.spec import TeacherSpec
from proofmill.verifiers.verdict import Check, digest

SHIPPED = Path(str(files("proofmill.recipes")))

_ASIDE = ("wanted", "mix", "output")
_OPERATIONAL = ("base_url", "in_flight", "request_seconds", "retry_seconds")


class Recipe(Strict):
    """What to make, complete: nothing in it is code."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    """Name of the recipe; seeds and rows carry it."""
    version: str = Field(min_length=1)
    """Version of the recipe, quoted: "1.0"."""
    summary: str = ""
    """One sentence for lists and cards."""
    licence: str = Field(min_length=2)
    """Licence of the synthetic rows, as a Hub licence tag."""
    language: str = Field("en", pattern=r"^[a-z]{2,3}$")
    """Language of the rows."""
    seed: int = Field(0, ge=0)
    """Seed of everything that is drawn."""
    wanted: Wanted
    teacher: TeacherSpec
    task: Task
    verify: Entries
    """Verifiers that must all accept: a list of names, or of {name: {setting: value}}; `skills: [...]` among the
    settings keeps a verifier for drafts of these skills."""
    attempts: int = Field(1, ge=1, le=64)
    """Solutions to ask for at each problem (with problems: anchors)."""
    guards: Guards = Guards()
    repair: Repair = Repair()
    curate: Curate = Curate()
    anchors: tuple[AnchorSpec, ...] = ()
    mix: Annotated[MixRatio | MixRows, Field(discriminator="kind")] | None = None
    """How `mixed` is made of anchors and synthetic rows; required where there are anchors."""
    output: Output = Output()
    examples: Examples = Examples()

    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = [
            *mistakes(self.verify, self.task.skills, self.examples.skills),
            *(
                f"anchors: expected an id for each source (found {name!r} twice)"
                for name in doubles(a.id for a in self.anchors)
            ),
        ]
        if self.anchors and self.mix is None:
            wrong.append("mix: expected the share of anchors, like {kind: ratio, anchor_share: 0.5} (found nothing)")
        if self.anchors and all(entry.skills for entry in self.verify):
            wrong.append("verify: expected a verifier without skills, to judge anchors by (found none)")
        if self.mix is not None and not self.anchors:
            wrong.append("anchors: expected at least one source to mix with (found none)")
        elif self.task.problems == "anchors" and not self.anchors:
            wrong.append("anchors: expected at least one source of problems to solve (found none)")
        if self.task.problems == "teacher" and self.attempts > 1:
            wrong.append("attempts: expected 1 with problems: teacher, whose reply holds problem and solution")
        if self.guards.second_reading == "on" and not claiming(entry.check for entry in self.verify):
            wrong.append("guards.second_reading: expected a verifier that reads claims under verify (found none)")
        if wrong:
            raise ValueError(*wrong)
        return self

    @cached_property
    def _by_skill(self) -> dict[str, SkillChecks]:
        by_model = self.teacher.is_model and self.task.problems == "teacher"
        return by_skill(self.verify, self.task.skills, self.guards, by_model=by_model)

    def checks_for(self, skill: str) -> SkillChecks:
        """What drafts of a skill must pass; of a skill that is none of the task's, what every draft must."""
        return self._by_skill.get(skill) or self._by_skill[""]

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """All that rows of one skill or another have passed, each check once."""
        found: list[Check] = []
        for skill in self.task.skills:
            found += [check for check in self.checks_for(skill).every if check not in found]
        return tuple(found)

    @property
    def compared_by(self) -> Literal["problem", "row"]:
        """What makes two drafts duplicates: alike problems, or alike problems and solutions."""
        return self.curate.by or ("row" if self.task.problems == "anchors" else "problem")

    @cached_property
    def canonical(self) -> dict[str, Any]:
        """The whole recipe as JSON, defaults written out."""
        return self.model_dump(mode="json")

    @cached_property
    def digest(self) -> str:
        """sha256 (hex) of all that a row depends on: not how many are wanted, how they are mixed, or how fast asked."""
        kept = {key: value for key, value in self.canonical.items() if key not in _ASIDE}
        return digest({**kept, "teacher": self.teacher_identity})

    @property
    def teacher_identity(self) -> dict[str, Any]:
        """What about the teacher can change a reply."""
        return {key: value for key, value in self.canonical["teacher"].items() if key not in _OPERATIONAL}

    @property
    def folder(self) -> Path:
        """The folder of the recipe's file, to which its paths are relative."""
        return self._folder

    def in_folder(self, folder: Path) -> Self:
        """The same recipe, with its paths relative to a folder."""
        copy = self.model_copy()
        copy._folder = folder.absolute()  # noqa: SLF001 - our own copy
        return copy

    def path(self, name: str) -> Path:
        """A path written in the recipe, made absolute."""
        return self._folder / name


def load_recipe(recipe: str | Path | Recipe, **overrides: Any) -> Recipe:
    """Read a recipe: the path of a YAML file, or the name of a shipped one. Overrides replace keys before checking.

    An override's key may be dotted (`{"wanted.rows": 10}`); a mapping merges with what the file says, except that a
    new `kind` or `source` starts afresh. Raises InputError with every mistake in the file, each with its place.
    """
    if isinstance(recipe, Recipe):
        return recipe if not overrides else _validated(override(recipe.canonical, overrides), recipe.folder, None)
    path = find(recipe)
    read = document.read(path, shown=str(recipe) if path.name != str(recipe) else None)
    return _validated(override(read.data, overrides), path.parent, read)


def recipe_of(canonical: dict[str, Any]) -> Recipe:
    """A recipe from its canonical form, as the ledger keeps it."""
    return _validated(canonical, Path(), None)


def find(name: str | Path) -> Path:
    """The file of a recipe, given its path or its shipped name."""
    path = Path(name)
    if not path.exists() and (shipped := SHIPPED / f"{Path(name).stem}.yaml").is_file() and len(path.parts) <= 2:
        return shipped
    return path


def override(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with changes laid over it; dotted keys reach inside, None values are passed over."""
    merged = dict(data)
    for key, value in changes.items():
        head, _, rest = key.partition(".")
        if value is None:
            continue
        if rest:
            value = {rest: value}
        old = merged.get(head)
        if isinstance(value, Mapping) and isinstance(old, Mapping) and not _another_kind(old, value):
            merged[head] = override(old, value)
        else:
            merged[head] = override({}, value) if isinstance(value, Mapping) else value
    return merged


def _another_kind(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return any(tag in new and new[tag] != old.get(tag) for tag in ("kind", "source"))


def _validated(data: dict[str, Any], folder: Path, read: document.Document | None) -> Recipe:
    try:
        recipe = Recipe.model_validate_json(json.dumps(data, default=str))
    except ValidationError as errors:
        raise InputError(mistakes_of(errors, Recipe, read, data)) from None
    return recipe.in_folder(folder)


def json_schema() -> dict[str, Any]:
    """The JSON schema of a recipe file, for editors and the committed `recipe.schema.json`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Recipe.model_json_schema()}
