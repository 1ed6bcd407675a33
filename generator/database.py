"""The SQLite file of a run: its tables, and writes that go out together and are durable when `commit` returns."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from proofmill.errors import InputError

FORMAT = "1"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls(
  key BLOB PRIMARY KEY, text TEXT NOT NULL, model TEXT NOT NULL, tokens_in INTEGER NOT NULL,
  tokens_out INTEGER NOT NULL, finish TEXT NOT NULL, seconds REAL NOT NULL,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS drafts(id BLOB PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS verdicts(
  draft BLOB NOT NULL, verifier TEXT NOT NULL, version TEXT NOT NULL, settings BLOB NOT NULL, outcome TEXT NOT NULL,
  reason TEXT NOT NULL, evidence TEXT NOT NULL, seconds REAL NOT NULL,
  PRIMARY KEY(draft, verifier, version, settings)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tries(
  item INTEGER NOT NULL, attempt INTEGER NOT NULL, turn INTEGER NOT NULL, call BLOB, draft BLOB, seed INTEGER NOT NULL,
  prompt BLOB NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, exact BLOB, normal BLOB,
  PRIMARY KEY(item, attempt, turn)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items(item INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, counted INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rows(
  config TEXT NOT NULL, number INTEGER NOT NULL, item INTEGER NOT NULL, attempt INTEGER NOT NULL, turn INTEGER NOT NULL,
  reason TEXT NOT NULL, detail TEXT NOT NULL, exact BLOB, normal BLOB, PRIMARY KEY(config, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rows_alike ON rows(normal) WHERE normal IS NOT NULL;
CREATE TABLE IF NOT EXISTS shards(
  config TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY(config, number)) WITHOUT ROWID;
"""

_TABLES = frozenset({"meta", "calls", "drafts", "verdicts", "tries", "items", "rows", "shards"})


class Database:
    """One file, used by one thread; what is not ours is refused and left untouched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: dict[str, list[Sequence[Any]]] = {}
        self._failed = False
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        try:
            self._open()
        except sqlite3.DatabaseError as why:
            self._db.close()
            raise InputError(f"{path}: expected a ledger of proofmill (found: {why}); choose another folder") from None
        except InputError:
            self._db.close()
            raise
        self.set_meta("format", FORMAT)
        self.commit()

    def _open(self) -> None:
        """Make the tables where there are none; what is not ours is left as it is."""
        tables = {str(name) for (name,) in self.tally("SELECT name FROM sqlite_master WHERE type='table'")}
        if tables - _TABLES:
            others = ", ".join(sorted(tables - _TABLES))
            raise InputError(
                f"{self.path}: expected a ledger of proofmill (found tables {others}); choose another folder"
            )
        found = self.meta("format") if "meta" in tables else None
        if found not in (None, FORMAT):
            raise InputError(f"{self.path}: expected ledger format {FORMAT} (found {found}); choose another folder")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA wal_autocheckpoint=4000")  # pages: 16 MB; a page written often goes out once
        self._db.execute("PRAGMA cache_size=-16000")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Commit what is open, and close."""
        self.commit()
        self._db.close()

    def commit(self) -> None:
        """Make everything written so far durable, and visible to the reads of this class.

        Once this has failed nothing more is written: what comes later would lack what went before it.
        """
        if self._failed or not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        with self._transaction():
            for sql, many in waiting.items():
                self._db.executemany(sql, many)

    def drop(self) -> None:
        """Let go of what is not committed and write nothing more, as if the process had been killed here."""
        self._failed = True
        self._waiting.clear()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self.drop()
            with suppress(sqlite3.Error):  # SQLite may have rolled back itself
                self._db.execute("ROLLBACK")
            raise

    def _write(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Write with the next commit; statements of one kind go together, in the order in which kinds first came."""
        self._waiting.setdefault(sql, []).append(values)

    def meta(self, key: str) -> str | None:
        """A fact about the run, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Remember a fact about the run."""
        self._write("INSERT OR REPLACE INTO meta VALUES(?,?)", (key, value))

    def tally(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a counting query over what is committed; the report and the funnel are made of these."""
        return self._db.execute(sql).fetchall()
