"""Judge rows that exist: the same gate, without a teacher."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from numbers import Number
from typing import Any

from proofmill.errors import InputError, RunFailed
from proofmill.gate import Judgement
from proofmill.verifiers import catalogue
from proofmill.verifiers.pool import Pool, PoolUnavailable, VerifierBroken, shared_pool
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
        RunFailed: no worker can be started; the message says why.

    Safe to call from any thread: the work is done by a pool of worker processes that all callers share.
    """
    checks = checks_of(verify, settings)
    if isinstance(rows, (str, bytes, Mapping)) or not hasattr(rows, "__iter__"):
        raise InputError(f"rows: expected several rows, as a list or another iterable (found {type(rows).__name__})")
    return list(judge((as_draft(row, f"rows[{number}]") for number, row in enumerate(rows)), checks, shared_pool()))


def judge(drafts: Iterable[Draft], checks: Sequence[Check], pool: Pool) -> Iterator[Judgement]:
    """Judgements of a stream of drafts by the same checks, in its order."""
    return judge_each(((draft, checks) for draft in drafts), pool)


def judge_each(pairs: Iterable[tuple[Draft, Sequence[Check]]], pool: Pool) -> Iterator[Judgement]:
    """Judgements of a stream of drafts, each with its own checks, in its order."""
    waiting: deque[Draft] = deque()

    def noted() -> Iterator[tuple[Draft, Sequence[Check]]]:
        for draft, checks in pairs:
            waiting.append(draft)
            yield draft, checks

    try:
        for verdicts in pool.judge_many(noted()):
            yield Judgement(waiting.popleft(), tuple(verdicts))
    except (PoolUnavailable, VerifierBroken) as why:
        raise RunFailed(str(why)) from why


def checks_of(verify: Any, settings: Mapping[str, Any]) -> list[Check]:
    """The checks that a call asks for; InputError lists all that is wrong with them."""
    if isinstance(verify, (str, Mapping)) or not isinstance(verify, Iterable) or not (every := list(verify)):
        there_are = ", ".join(catalogue.CATALOGUE)
        raise InputError(f"verify: expected a list of verifiers (found {verify!r}); there are: {there_are}")
    checks, mistakes, taken = [], [], set[str]()
    for place, asked in enumerate(every):
        name, own = _asked(asked, f"verify[{place}]")
        known = catalogue.setting_names(name) if name in catalogue.CATALOGUE else ()
        merged = {**{key: value for key, value in settings.items() if key in known}, **own}
        mistakes += catalogue.problems_with(name, merged)
        rest = {key: value for key, value in merged.items() if key != "seconds"}
        checks.append(Check(name, rest, merged["seconds"]) if "seconds" in merged else Check(name, rest))
        taken |= set(known)
    if len({check.verifier for check in checks}) < len(checks):
        mistakes.append("verify: expected each verifier once (found one twice)")
    if not mistakes:
        mistakes = [f"none of these verifiers has a setting {key!r}" for key in settings if key not in taken]
    if mistakes:
        raise InputError(mistakes)
    return checks


def _asked(asked: Any, place: str) -> tuple[str, Mapping[str, Any]]:
    """(name, its own settings) of one verifier that is asked for."""
    if isinstance(asked, Check):
        return asked.verifier, {**asked.settings, "seconds": asked.seconds}
    if isinstance(asked, str):
        return asked, {}
    if isinstance(asked, Mapping) and len(asked) == 1:
        ((name, own),) = asked.items()
        if isinstance(name, str) and isinstance(own, Mapping):
            return name, own
    raise InputError(f"{place}: expected a verifier's name, or {{name: {{setting: value}}}} (found {asked!r})")


def as_draft(row: Mapping[str, Any] | Draft, place: str) -> Draft:
    """A row as a Draft; InputError says which key of which row is wrong."""
    if isinstance(row, Draft):
        return row
    if not isinstance(row, Mapping):
        raise InputError(f"{place}: expected a mapping or a Draft (found {type(row).__name__})")
    if not any(row.get(key) not in (None, "") for key in ("solution", "answer")):
        raise InputError(f"{place}: expected a solution or an answer (found neither)")
    texts = {key: _text(row.get(key), f"{place}.{key}") for key in _TEXTS}
    return Draft(
        texts["problem"] or "",
        texts["solution"] or "",
        texts["answer"] or "",
        texts["gold"] or None,
        _claims(row.get("claims"), f"{place}.claims"),
    )


def _text(value: Any, place: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Number) and not isinstance(value, (bool, complex)):
        try:
            return str(value)
        except ValueError as why:  # an integer of thousands of digits
            raise InputError(f"{place}: expected text (found {why})") from None
    raise InputError(f"{place}: expected text (found {type(value).__name__})")


def _claims(value: Any, place: str) -> dict[str, Any]:
    """Claims as JSON has them, given as a mapping or as its text."""
    if value is None or value == "":
        return {}
    try:
        claims = json.loads(value) if isinstance(value, str) else json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as why:
        raise InputError(f"{place}: expected a JSON object (found {why})") from None
    if not isinstance(claims, dict):
        raise InputError(f"{place}: expected a mapping (found {type(claims).__name__})")
    return claims
