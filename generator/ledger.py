"""The append-only record of a run, in SQLite: every reply, draft and verdict, each under the key of its content.

Writing the same thing twice changes nothing, so a run that was killed goes on where it was: what is in the ledger is
not asked, judged or written again. Rows are durable once `commit` returns (WAL: a kill of the process loses nothing;
loss of power may lose the last moments). One process writes; `open_ledger` holds a lock on the folder.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic_core import from_json, to_json

from proofmill.chosen import Chosen
from proofmill.errors import InputError, RunFailed
from proofmill.record import Try
from proofmill.teachers.teacher import Reply
from proofmill.verifiers.catalogue import verifier
from proofmill.verifiers.verdict import Check, Draft, Verdict, digest

LEDGER = ".ledger.sqlite"
FRESH_DRAWS = 10_000
"""Draws whose tries are kept in memory until they count; further ones are read back."""

_VERDICTS = """
SELECT lower(hex(v.draft)), v.outcome, v.reason, v.evidence, v.seconds
FROM rows r JOIN tries t USING(item, attempt, turn)
  JOIN verdicts v ON v.draft = t.draft AND v.verifier = ? AND v.version = ? AND v.settings = ?
WHERE r.config = ? AND r.number >= ? AND r.number < ?
"""


class Ledger(Chosen):
    """All reads and writes of one run's record; `judged_before` says whether an earlier run left verdicts."""

    def __init__(self, path: Path) -> None:
        self._settings: dict[int, bytes] = {}
        self._fresh: dict[int, list[Try]] = {}  # tries of this process at draws that are not counted yet
        self._unkept = False  # some tries may be neither there nor committed
        self._checks: list[Check] = []
        super().__init__(path)
        self._asked_before = bool(self.tally("SELECT 1 FROM calls LIMIT 1"))
        self.judged_before = bool(self.tally("SELECT 1 FROM verdicts LIMIT 1"))

    def forget(self, *tables: str) -> None:
        """Drop what is only derived from replies and verdicts, so that it is worked out again."""
        self.commit()
        self._fresh.clear()
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
        if not self._asked_before:
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
        identity = draft.id
        self._write("INSERT OR IGNORE INTO drafts VALUES(?,?)", (bytes.fromhex(identity), draft.canonical))
        return identity

    def draft(self, identity: str) -> Draft:
        """A recorded draft."""
        (content,) = self._db.execute("SELECT content FROM drafts WHERE id=?", (bytes.fromhex(identity),)).fetchone()
        return Draft(**from_json(content))

    def verdict(self, draft: str, check: Check) -> Verdict | None:
        """What this version of a verifier, with these settings, said of a draft before; None if it was not asked."""
        row = self._db.execute(
            "SELECT outcome, reason, evidence, seconds FROM verdicts"
            " WHERE draft=? AND verifier=? AND version=? AND settings=?",
            self._verdict_key(draft, check),
        ).fetchone()
        if row is None:
            return None
        outcome, reason, evidence, seconds = row
        return Verdict(outcome, reason, from_json(evidence), seconds, check.verifier, verifier(check.verifier).version)

    def verdicts_of(self, config: str, first: int, count: int, checks: Sequence[Check]) -> dict[str, list[Verdict]]:
        """What the checks said of the drafts of so many rows of a configuration: draft id -> verdicts, in order."""
        found: dict[str, dict[str, Verdict]] = {}
        for check in checks:
            version, settings = self._verdict_key("", check)[2:]
            rows = self._db.execute(_VERDICTS, (check.verifier, version, settings, config, first, first + count))
            for draft, outcome, reason, evidence, seconds in rows:
                verdict = Verdict(outcome, reason, from_json(evidence), seconds, check.verifier, version)
                found.setdefault(draft, {})[check.verifier] = verdict
        return {
            draft: [said[check.verifier] for check in checks if check.verifier in said] for draft, said in found.items()
        }

    def add_verdict(self, draft: str, check: Check, verdict: Verdict) -> None:
        """Record a verdict."""
        evidence = to_json(dict(verdict.evidence)).decode()
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
        """Record what became of one reply; a process makes all tries at a draw, in order, from the first one on."""
        if record.item in self._fresh:
            self._fresh[record.item].append(record)
        elif len(self._fresh) < FRESH_DRAWS and (record.attempt, record.turn) == (0, 0):
            self._fresh[record.item] = [record]
        else:
            self._unkept = True
        ids = [bytes.fromhex(value) if value else None for value in (record.call, record.draft)]
        place = (record.item, record.attempt, record.turn)
        told = (record.outcome, record.reason, record.detail, *(record.prints or (None, None)))
        self._write(
            "INSERT OR REPLACE INTO tries VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
            (*place, *ids, record.seed, bytes.fromhex(record.prompt), *told),
        )

    def take_tries(self, item: int) -> list[Try]:
        """All tries at one finished draw, in order: from memory once, later and after a restart from the file."""
        fresh = self._fresh.pop(item, None)
        if fresh is not None:
            return fresh
        if self._unkept:
            self.commit()
            self._unkept = False
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
    others = sorted(path.name for path in out.iterdir() if path.name != ".lock") if out.is_dir() else []
    if others and not (out / LEDGER).exists():
        raise InputError(f"{out}: expected a new or empty folder, or one with {LEDGER} (found {others[0]} in it)")
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
