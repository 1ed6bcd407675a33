"""Judge rows that exist: the same gate, without a teacher."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from proofmill.errors import InputError
from proofmill.gate import Judgement
from proofmill.verifiers import catalogue
from proofmill.verifiers.pool import Pool, shared_pool
from proofmill.verifiers.verdict import Check, Draft

_TEXTS = ("problem", "solution", "answer", "gold")


def verify(
    rows: Iterable[Mapping[str, Any] | Draft], verify: Sequence[str | Mapping[str, Any] | Check], **settings: Any
) -> list[Judgement]:
    """Judge rows by verifiers of the catalogue; one Judgement for each, in their order.

    Args:
        rows: Drafts, or mappings with `problem`, `solution`, `answer`, and where known `gold` and `claims`; other keys
            are passed over. Read as they come; only a few hundred are held at once beside the results.
        verify: Names such as "maths.answer", or {name: {setting: value}}. All must accept.
        **settings: Settings for every verifier that has them; `seconds`, the limit for one check, is for all.

    Raises:
        InputError: an unknown verifier or setting, or a row that can't be read (with its number).

    Safe to call from any thread: the work is done by a pool of worker processes that all callers share.
    """
    checks = checks_of(verify, settings)
    return list(judge((as_draft(row, f"rows[{number}]") for number, row in enumerate(rows)), checks, shared_pool()))


def judge(drafts: Iterable[Draft], checks: Sequence[Check], pool: Pool) -> Iterator[Judgement]:
    """Judgements of a stream of drafts, in its order."""
    waiting: list[Draft] = []

    def pairs() -> Iterator[tuple[Draft, Sequence[Check]]]:
        for draft in drafts:
            waiting.append(draft)
            yield draft, checks

    for verdicts in pool.judge_many(pairs()):
        yield Judgement(waiting.pop(0), tuple(verdicts))


def checks_of(verify: Sequence[str | Mapping[str, Any] | Check], settings: Mapping[str, Any]) -> list[Check]:
    """The checks that a call asks for; InputError lists all that is wrong with them."""
    if isinstance(verify, str) or not verify:
        raise InputError(f"verify: expected a list of verifiers (found {verify!r})")
    checks, mistakes, taken = [], [], set[str]()
    for asked in verify:
        if isinstance(asked, Check):
            name, own = asked.verifier, {**asked.settings, "seconds": asked.seconds}
        else:
            ((name, own),) = ({asked: {}} if isinstance(asked, str) else asked).items()
        known = catalogue.setting_names(name) if name in catalogue.CATALOGUE else ()
        merged = {**{key: value for key, value in settings.items() if key in known}, **own}
        mistakes += catalogue.problems_with(name, merged)
        rest = {key: value for key, value in merged.items() if key != "seconds"}
        checks.append(Check(name, rest, merged["seconds"]) if "seconds" in merged else Check(name, rest))
        taken |= set(known)
    if not mistakes:
        mistakes = [f"none of these verifiers has a setting {key!r}" for key in settings if key not in taken]
    if mistakes:
        raise InputError(mistakes)
    return checks


def as_draft(row: Mapping[str, Any] | Draft, place: str) -> Draft:
    """A row as a Draft; InputError says which key of which row is wrong."""
    if isinstance(row, Draft):
        return row
    if not isinstance(row, Mapping):
        raise InputError(f"{place}: expected a mapping or a Draft (found {type(row).__name__})")
    if not any(row.get(key) not in (None, "") for key in ("solution", "answer")):
        raise InputError(f"{place}: expected a solution or an answer (found neither)")
    texts = {key: _text(row.get(key), f"{place}.{key}") for key in _TEXTS}
    claims = row.get("claims")
    if isinstance(claims, str):
        claims = _parsed(claims, f"{place}.claims")
    if claims is not None and not isinstance(claims, Mapping):
        raise InputError(f"{place}.claims: expected a mapping (found {type(claims).__name__})")
    return Draft(
        texts["problem"] or "",
        texts["solution"] or "",
        texts["answer"] or "",
        texts["gold"] or None,
        dict(claims or {}),
    )


def _text(value: Any, place: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"{place}: expected text (found {type(value).__name__})")


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as why:
        raise InputError(f"{place}: expected a JSON object (found {why})") from None
