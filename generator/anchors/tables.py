"""Human rows in tables: which column holds what, and a clear word about every row that can't be read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from proofmill.anchors.spec import Column
from proofmill.errors import InputError
from proofmill.text import is_unicode
from proofmill.verifiers.answering.answers import stated_answer

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class HumanRow:
    """A problem with its solution as a person wrote it, and where it stands in its source."""

    problem: str
    solution: str
    answer: str
    place: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    skill: str = ""
    difficulty: int = 0


def human_rows(
    rows: Iterable[tuple[str, Mapping[str, Any]]], columns: Mapping[Column, str], name: str
) -> Iterator[HumanRow]:
    """Rows from (place, record) pairs; InputError lists the records that don't have what they should.

    Where no column holds the answer, it is the final answer that the solution states, if it states one.
    """
    mistakes: list[str] = []
    for place, record in rows:
        try:
            yield _row(place, record, columns)
        except InputError as why:
            mistakes.extend(f"{name}:{place}: {text}" for text in why.mistakes)
            if len(mistakes) > _SHOWN:
                break
    if mistakes:
        more = ["... and more of the same"] if len(mistakes) > _SHOWN else []
        raise InputError(mistakes[:_SHOWN] + more)


def _row(place: str, record: Mapping[str, Any], columns: Mapping[Column, str]) -> HumanRow:
    text = {column: _text(record, columns, column) for column in ("problem", "solution", "answer")}
    if not text["problem"].strip():
        wanted = columns.get("problem", "problem")
        raise InputError(f"{wanted}: expected the text of the problem (found columns {', '.join(record) or 'none'})")
    if not text["solution"].strip() and not text["answer"].strip():
        raise InputError(f"{columns.get('solution', 'solution')}: expected a solution or an answer (found neither)")
    level = record.get(columns.get("difficulty", "difficulty"))
    return HumanRow(
        problem=text["problem"],
        solution=text["solution"],
        answer=text["answer"] or stated_answer(text["solution"]),
        place=place,
        claims=_claims(record),
        skill=_text(record, columns, "skill"),
        difficulty=level if isinstance(level, int) else 0,
    )


def _text(record: Mapping[str, Any], columns: Mapping[Column, str], column: Column) -> str:
    name = columns.get(column, column)
    if column not in columns and column in columns.values():
        return ""  # the column of this name holds something else
    value = record.get(name)
    if value is None:
        if column in columns and name not in record:
            raise InputError(f"{name}: expected this column (found {', '.join(map(str, record)) or 'none'})")
        return ""
    if isinstance(value, str):
        if not is_unicode(value):
            raise InputError(f"{name}: expected Unicode text (found half of a surrogate pair)")
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"{name}: expected text (found {type(value).__name__})")


def _claims(record: Mapping[str, Any]) -> Mapping[str, Any]:
    given = record.get("claims") or {}
    try:
        claims = json.loads(given if isinstance(given, str) else json.dumps(given, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as why:
        raise InputError(f"claims: expected a JSON object (found {why})") from None
    if not isinstance(claims, dict):
        raise InputError(f"claims: expected a mapping (found {type(claims).__name__})")
    return claims
