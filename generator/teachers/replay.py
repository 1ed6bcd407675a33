"""Recorded replies instead of a model: tests, demonstrations, audits of transcripts that exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from proofmill.errors import InputError
from proofmill.jsonl import read_jsonl
from proofmill.teachers.spec import ReplayTeacher
from proofmill.teachers.teacher import Prompt, RepliesExhausted, Reply
from proofmill.text import is_unicode

MOST_MISTAKES = 50
"""How many bad lines an error lists; it says how many more there are."""

Key = str | tuple[str, int]
"""What a row answers: a problem, whitespace normalised, or a cell (skill, difficulty)."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the file: the reply, then one more for each repair."""

    replies: tuple[str, ...]
    model: str
    tokens_in: int
    tokens_out: int


class Replay:
    """The teacher of a JSONL file: `async with Replay(spec) as teacher:`.

    A row has a `reply` and says what it answers: a `problem`, or a `skill` and a `difficulty`. Attempt n gets the nth
    such row in the order of the file, and turn n of it the nth text of its `repairs`. `model`, `tokens_in` and
    `tokens_out` are recorded where the row has them. Raises InputError with one line for each line that is wrong.
    """

    def __init__(self, spec: ReplayTeacher) -> None:
        self._rows = _read(Path(spec.path), _Columns(spec.columns), spec.model)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def ask(self, prompt: Prompt) -> Reply:
        """The recorded reply for this place; RepliesExhausted after the last one."""
        row = self._row(prompt)
        if prompt.turn >= len(row.replies):
            recorded = len(row.replies) - 1
            raise RepliesExhausted(f"turn {prompt.turn} of a reply with {recorded} recorded repairs")
        return Reply(row.replies[prompt.turn], row.model, row.tokens_in, row.tokens_out, finish="stop")

    def _row(self, prompt: Prompt) -> _Row:
        rows = self._rows.get(_key(prompt), [])
        if not rows and prompt.turn:  # a repair knows the problem that the first reply wrote
            rows = self._rows.get((prompt.skill, prompt.difficulty), [])
        if prompt.attempt >= len(rows):
            raise RepliesExhausted(f"{_place(prompt)}: all {len(rows)} recorded replies have been used")
        return rows[prompt.attempt]


def _key(prompt: Prompt) -> Key:
    return (prompt.skill, prompt.difficulty) if prompt.problem is None else _plain(prompt.problem)


def _place(prompt: Prompt) -> str:
    if prompt.problem is None:
        return f"skill {prompt.skill!r}, difficulty {prompt.difficulty}"
    return f"problem {prompt.problem[:60]!r}"


class _Columns:
    """Reads one line by our names for its columns; every mistake is a ValueError with expectation and finding."""

    def __init__(self, names: Mapping[Any, str]) -> None:
        self._names = names

    def key(self, row: Mapping[str, Any]) -> Key:
        if self._name("problem") in row:
            return _plain(self.text(row, "problem"))
        if self._name("skill") not in row:
            names = " or ".join((self._name("problem"), self._name("skill")))
            raise ValueError(f"expected {names} (found {', '.join(row) or 'nothing'})")
        return self.text(row, "skill"), self.number(row, "difficulty")

    def text(self, row: Mapping[str, Any], name: str, otherwise: str | None = None) -> str:
        value = row.get(self._name(name), otherwise)
        if isinstance(value, str) and is_unicode(value):
            return value
        raise self._wrong(name, "text", value)

    def texts(self, row: Mapping[str, Any], name: str) -> list[str]:
        value = row.get(self._name(name), [])
        if isinstance(value, list) and all(isinstance(item, str) and is_unicode(item) for item in value):
            return value
        raise self._wrong(name, "a list of texts", value)

    def number(self, row: Mapping[str, Any], name: str, otherwise: int | None = None) -> int:
        value = row.get(self._name(name), otherwise)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise self._wrong(name, "an integer, 0 or more", value)

    def _wrong(self, name: str, expected: str, value: Any) -> ValueError:
        found = "nothing" if value is None else repr(value)[:60]
        return ValueError(f"{self._name(name)}: expected {expected} (found {found})")

    def _name(self, name: str) -> str:
        return self._names.get(name, name)


def _read(path: Path, columns: _Columns, model: str) -> dict[Key, list[_Row]]:
    """All rows by what they answer, in the order of the file."""
    rows: dict[Key, list[_Row]] = {}
    mistakes: list[str] = []
    for number, line in read_jsonl(path):
        try:
            key, row = _parsed(line, columns, model)
        except ValueError as why:
            mistakes.append(f"{path}:{number}: {why}")
        else:
            rows.setdefault(key, []).append(row)
    if mistakes:
        more = len(mistakes) - MOST_MISTAKES
        raise InputError(mistakes[:MOST_MISTAKES] + ([f"{path}: and {more} more like these"] if more > 0 else []))
    if not rows:
        raise InputError(f"{path}: expected at least one recorded reply (found none)")
    return rows


def _parsed(line: dict[str, Any] | str, columns: _Columns, model: str) -> tuple[Key, _Row]:
    if isinstance(line, str):
        raise ValueError(line)  # noqa: TRY004 (a mistake in the file)
    row = {name: value for name, value in line.items() if value is not None}
    return columns.key(row), _Row(
        replies=(columns.text(row, "reply"), *columns.texts(row, "repairs")),
        model=columns.text(row, "model", model),
        tokens_in=columns.number(row, "tokens_in", 0),
        tokens_out=columns.number(row, "tokens_out", 0),
    )


def _plain(problem: str) -> str:
    """A problem's text without regard to how it is broken into lines and spaced."""
    return " ".join(problem.split())
