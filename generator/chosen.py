"""The part of the ledger that says which tries became rows of which configuration, and which shards are sealed."""

from collections.abc import Iterator
from pathlib import Path

from pydantic_core import from_json

from proofmill.database import Database
from proofmill.record import Prints, Record, Try
from proofmill.teachers.teacher import Reply
from proofmill.verifiers.verdict import Draft

_RECORDS = """
SELECT t.item, t.attempt, t.turn, t.outcome, t.reason, t.seed, t.detail, lower(hex(t.call)), lower(hex(t.draft)),
  lower(hex(t.prompt)), r.reason, r.detail, d.content, c.text, c.model, c.tokens_in, c.tokens_out, c.at
FROM rows r JOIN tries t USING(item, attempt, turn)
  LEFT JOIN drafts d ON d.id = t.draft LEFT JOIN calls c ON c.key = t.call
WHERE r.config = ? AND r.number >= ? ORDER BY r.number LIMIT ?
"""


class Chosen(Database):
    """Rows in the order in which they were chosen, and the shards they went into."""

    def __init__(self, path: Path) -> None:
        self._sizes: dict[str, int] = {}
        self._recent: dict[bytes, dict[bytes, str]] = {}  # chosen rows that are not committed yet: normal, exact, draft
        super().__init__(path)

    def commit(self) -> None:
        """Make everything written so far durable, and visible to the reads of this class."""
        super().commit()
        self._recent.clear()

    def add_row(self, config: str, record: Try, *, reason: str = "", detail: str = "") -> None:
        """Put a try into a configuration of the dataset, at its end."""
        number = self.size(config)
        place = (record.item, record.attempt, record.turn)
        prints = (record.prints or (None, None)) if config == "synthetic" else (None, None)
        self._write("INSERT INTO rows VALUES(?,?,?,?,?,?,?,?,?)", (config, number, *place, reason, detail, *prints))
        self._sizes[config] = number + 1
        if config == "synthetic" and record.prints and record.draft:
            self._recent.setdefault(record.prints[1], {}).setdefault(record.prints[0], record.draft)

    def size(self, config: str) -> int:
        """How many rows a configuration has."""
        if config not in self._sizes:
            count = self._db.execute("SELECT COALESCE(MAX(number) + 1, 0) FROM rows WHERE config=?", (config,))
            self._sizes[config] = int(count.fetchone()[0])
        return self._sizes[config]

    def twin(self, prints: Prints) -> tuple[str, bool] | None:
        """(draft id, alike to the letter?) of the first chosen row with the same normal fingerprint, or None."""
        recent = self._recent.get(prints[1], {})
        if prints[0] in recent:
            return recent[prints[0]], True
        row = self._db.execute(
            "SELECT lower(hex(t.draft)), r.exact = ? FROM rows r JOIN tries t USING(item, attempt, turn)"
            " WHERE r.normal = ? ORDER BY r.exact = ? DESC, r.number LIMIT 1",
            (prints[0], prints[1], prints[0]),
        ).fetchone()
        if row is not None:
            return str(row[0]), bool(row[1])
        return (next(iter(recent.values())), False) if recent else None

    def chosen(self) -> Iterator[tuple[int, int]]:
        """(draw, rows) for every draw with rows in the synthetic configuration."""
        yield from self._db.execute("SELECT item, COUNT(*) FROM rows WHERE config='synthetic' GROUP BY item")

    def records(self, config: str, first: int, count: int) -> Iterator[Record]:
        """So many rows of a configuration from a number on, in order, with all that the dataset says of them."""
        found = self._db.execute(_RECORDS, (config, first, count))
        for item, attempt, turn, outcome, own, seed, own_detail, call, draft, prompt, reason, detail, *rest in found:
            content, text, model, tokens_in, tokens_out, at = rest
            yield Record(
                Try(item, attempt, turn, outcome, reason or own, seed, detail or own_detail, call, draft, prompt),
                None if content is None else Draft(**from_json(content)),
                None if text is None else Reply(text, model, tokens_in, tokens_out),
                at or "",
            )

    def shard(self, config: str, number: int) -> str | None:
        """The file name of a sealed shard, or None."""
        row = self._db.execute("SELECT name FROM shards WHERE config=? AND number=?", (config, number)).fetchone()
        return None if row is None else str(row[0])

    def add_shard(self, config: str, number: int, name: str) -> None:
        """Remember a sealed shard."""
        self._write("INSERT OR REPLACE INTO shards VALUES(?,?,?)", (config, number, name))

    def forget_shards(self, config: str) -> None:
        """Have the shards of one configuration written anew."""
        self._write("DELETE FROM shards WHERE config=?", (config,))
