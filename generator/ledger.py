"""The append-only record of a run, in SQLite: every reply, draft and verdict, each under the key of its content.

Writing the same thing twice changes nothing, so a run that was killed goes on where it was: what is in the ledger is
not asked, judged or written again. Rows are durable once `commit` returns (WAL: a kill of the process loses nothing;
loss of power may lose the last moments). One process writes; `open_ledger` holds a lock on the folder.
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofmill.errors import InputError, RunFailed
from proofmill.teachers.teacher import Reply
from proofmill.verifiers.catalogue import verifier
from proofmill.verifiers.verdict import Check, Draft, Verdict, digest

FORMAT = "1"
LEDGER = ".ledger.sqlite"

Prints = tuple[bytes, bytes]
"""Fingerprints of a row: to the letter, and normalised."""

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

_RECORDS = """
SELECT t.item, t.attempt, t.turn, t.outcome, t.reason, t.seed, t.detail, lower(hex(t.call)), lower(hex(t.draft)),
  lower(hex(t.prompt)), r.reason, r.detail, d.content, c.text, c.model, c.tokens_in, c.tokens_out, c.at
FROM rows r JOIN tries t USING(item, attempt, turn)
  LEFT JOIN drafts d ON d.id = t.draft LEFT JOIN calls c ON c.key = t.call
WHERE r.config = ? AND r.number >= ? ORDER BY r.number LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Try:
    """One reply at one place of the plan, as judged: what a row of the dataset is made of."""

    item: int
    attempt: int
    turn: int
    outcome: str
    reason: str
    seed: int = 0
    detail: str = ""
    call: str | None = None
    draft: str | None = None
    prompt: str = ""
    prints: Prints | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A try with its draft (None where the reply could not be read), its reply (None where none came), and when."""

    attempt: Try
    draft: Draft | None
    reply: Reply | None
    at: str


class Ledger:
    """All reads and writes of one run's record."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sizes: dict[str, int] = {}
        self._settings: dict[int, bytes] = {}
        self._checks: list[Check] = []
        self._recent: dict[bytes, dict[bytes, str]] = {}  # chosen rows that are not committed yet: normal, exact, draft
        self._waiting: dict[str, list[Sequence[Any]]] = {}
        self._failed = False
        # Only the event loop's thread uses it; commits are grouped by the caller.
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        try:
            self._open()
            self._has = {name: bool(self.tally(f"SELECT 1 FROM {name} LIMIT 1")) for name in ("calls", "verdicts")}  # noqa: S608
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
        self._recent.clear()
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

    # -- what the run is -------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A fact about the run, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Remember a fact about the run."""
        self._write("INSERT OR REPLACE INTO meta VALUES(?,?)", (key, value))

    def forget(self, *tables: str) -> None:
        """Drop what is only derived from replies and verdicts, so that it is worked out again."""
        self.commit()
        for table in tables:
            if table not in ("tries", "items", "rows", "shards"):
                raise ValueError(f"the ledger never forgets {table}")
            self._write(f"DELETE FROM {table}")  # noqa: S608
        self._sizes.clear()

    def uncount(self) -> None:
        """Let every finished draw be counted anew."""
        self.commit()
        self._write("UPDATE items SET counted=0")

    # -- replies ---------------------------------------------------------------------------------------------------

    def reply(self, key: str) -> Reply | None:
        """The answer to a request that an earlier run recorded, or None; a run asks nothing twice itself."""
        if not self._has["calls"]:
            return None
        row = self._db.execute(
            "SELECT text, model, tokens_in, tokens_out, finish, seconds FROM calls WHERE key=?", (bytes.fromhex(key),)
        ).fetchone()
        return None if row is None else Reply(*row)

    def add_reply(self, key: str, reply: Reply) -> None:
        """Record the answer to a request."""
        self._write(
            "INSERT OR IGNORE INTO calls(key, text, model, tokens_in, tokens_out, finish, seconds)"
            " VALUES(?,?,?,?,?,?,?)",
            (
                bytes.fromhex(key),
                reply.text,
                reply.model,
                reply.tokens_in,
                reply.tokens_out,
                reply.finish,
                reply.seconds,
            ),
        )

    # -- drafts and verdicts ---------------------------------------------------------------------------------------

    def add_draft(self, draft: Draft) -> str:
        """Record a draft; its id."""
        content = json.dumps(draft.content)
        identity = draft.id
        self._write("INSERT OR IGNORE INTO drafts VALUES(?,?)", (bytes.fromhex(identity), content))
        return identity

    def draft(self, identity: str) -> Draft:
        """A recorded draft."""
        (content,) = self._db.execute("SELECT content FROM drafts WHERE id=?", (bytes.fromhex(identity),)).fetchone()
        return Draft(**json.loads(content))

    def verdict(self, draft: str, check: Check) -> Verdict | None:
        """What this version of a verifier, with these settings, said of a draft before; None if it was not asked."""
        if not self._has["verdicts"]:
            return None
        row = self._db.execute(
            "SELECT outcome, reason, evidence, seconds FROM verdicts"
            " WHERE draft=? AND verifier=? AND version=? AND settings=?",
            self._verdict_key(draft, check),
        ).fetchone()
        if row is None:
            return None
        outcome, reason, evidence, seconds = row
        return Verdict(outcome, reason, json.loads(evidence), seconds, check.verifier, verifier(check.verifier).version)

    def add_verdict(self, draft: str, check: Check, verdict: Verdict) -> None:
        """Record a verdict."""
        evidence = json.dumps(dict(verdict.evidence))
        self._has["verdicts"] = True  # the dataset reads them back
        self._write(
            "INSERT OR REPLACE INTO verdicts VALUES(?,?,?,?,?,?,?,?)",
            (*self._verdict_key(draft, check), verdict.outcome, verdict.reason, evidence, round(verdict.seconds, 6)),
        )

    def _verdict_key(self, draft: str, check: Check) -> tuple[bytes, str, str, bytes]:
        settings = self._settings.get(id(check))
        if settings is None:
            self._checks.append(check)  # keeps the id taken
            settings = bytes.fromhex(digest({**check.settings, "seconds": check.seconds}))[:8]
            self._settings[id(check)] = settings
        return bytes.fromhex(draft), check.verifier, verifier(check.verifier).version, settings

    # -- tries and items -------------------------------------------------------------------------------------------

    def add_try(self, record: Try) -> None:
        """Record what became of one reply."""
        ids = [bytes.fromhex(value) if value else None for value in (record.call, record.draft)]
        place = (record.item, record.attempt, record.turn)
        told = (record.outcome, record.reason, record.detail, *(record.prints or (None, None)))
        self._write(
            "INSERT OR REPLACE INTO tries VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
            (*place, *ids, record.seed, bytes.fromhex(record.prompt), *told),
        )

    def tries(self, item: int) -> list[Try]:
        """All tries at one draw that have been committed, in order."""
        rows = self._db.execute(
            "SELECT item, attempt, turn, outcome, reason, seed, detail, lower(hex(draft)), exact, normal FROM tries"
            " WHERE item=? ORDER BY attempt, turn",
            (item,),
        )
        return [_try(*row) for row in rows]

    def finish(self, item: int, accepted: int) -> None:
        """A draw is done, with so many accepted rows."""
        self._write("INSERT OR REPLACE INTO items VALUES(?,?,0)", (item, accepted))

    def count(self, item: int) -> None:
        """A draw has been counted: its rows are chosen."""
        self._write("UPDATE items SET counted=1 WHERE item=?", (item,))

    def finished(self) -> Iterator[tuple[int, int, bool]]:
        """(draw, accepted rows, counted?) of every finished draw, lowest first."""
        for item, accepted, counted in self._db.execute("SELECT item, accepted, counted FROM items ORDER BY item"):
            yield item, accepted, bool(counted)

    # -- chosen rows -----------------------------------------------------------------------------------------------

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
                None if content is None else Draft(**json.loads(content)),
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

    # -- counts ----------------------------------------------------------------------------------------------------

    def tally(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a counting query over what is committed; the report and the funnel are made of these."""
        return self._db.execute(sql).fetchall()


def _try(
    item: int,
    attempt: int,
    turn: int,
    outcome: str,
    reason: str,
    seed: int,
    detail: str,
    draft: str,
    exact: bytes | None,
    normal: bytes | None,
) -> Try:
    prints = (exact, normal) if exact is not None and normal is not None else None
    return Try(item, attempt, turn, outcome, reason, seed, detail, draft=draft or None, prints=prints)


@contextmanager
def open_ledger(out: Path) -> Iterator[Ledger]:
    """The ledger of an output folder, for one process at a time; RunFailed where another one has it."""
    if (out / "README.md").exists() and not (out / LEDGER).exists():
        raise InputError(f"{out}: expected a new folder, or one with {LEDGER} (found another README.md in it)")
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as why:
        raise InputError(f"{out}: expected a folder that can be written to (found {why.strerror})") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunFailed(f"{out}: another process is building here; wait for it, or choose another folder") from None
        ledger = Ledger(out / LEDGER)
        try:
            yield ledger
        except BaseException:
            ledger.drop()  # what matters has been committed on the way out
            raise
        finally:
            ledger.close()
    finally:
        os.close(lock)
