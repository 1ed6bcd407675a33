"""The ledger's promises: what is committed stays, writing twice changes nothing, a twin is always found."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from proofmill.errors import InputError
from proofmill.ledger import LEDGER, Ledger, open_ledger
from proofmill.record import Try
from proofmill.teachers.teacher import Reply
from proofmill.verifiers.verdict import Check, Draft, Verdict

KEY, OTHER = "ab" * 32, "cd" * 32
DRAFT = Draft("How many?", "1 + 1 = 2\nAnswer: 2", "2", gold="2", claims={"unit": "pens"})
CHECK = Check("maths.answer")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "out") as ledger:
        yield ledger


def reopened(ledger: Ledger) -> Ledger:
    """What a process that starts after a kill would see: the file, without what was not committed."""
    return Ledger(ledger.path)


def prints(exact: str, normal: str) -> tuple[bytes, bytes]:
    return exact.encode() * 16, normal.encode() * 16


def accepted(ledger: Ledger, item: int, exact: str, normal: str) -> Try:
    draft = ledger.add_draft(Draft(f"{exact}{item}"))
    record = Try(item, 0, 0, "accept", "maths.answer:equal", draft=draft, prompt=KEY, prints=prints(exact, normal))
    ledger.add_try(record)
    return record


def test_what_is_committed_is_there_after_a_kill_and_nothing_else(ledger: Ledger) -> None:
    """A reader that opens the file sees every commit, whole, and nothing of what waits for the next one."""
    ledger.add_reply(KEY, Reply("text", "model", 3, 5, "stop", 0.25))
    ledger.commit()
    ledger.add_reply(OTHER, Reply("later", "model"))
    after = reopened(ledger)
    assert after.reply(KEY) == Reply("text", "model", 3, 5, "stop", 0.25)
    assert after.reply(OTHER) is None
    after.close()


def test_writing_the_same_again_changes_nothing(ledger: Ledger) -> None:
    """Replies, drafts, verdicts and tries are kept under the key of their content; the first reply stays."""
    for text in ("first", "second"):
        ledger.add_reply(KEY, Reply(text, "model", 1, 1))
        ledger.add_draft(DRAFT)
        ledger.add_verdict(DRAFT.id, CHECK, Verdict("accept", "equal", {"final": "2"}, 0.1))
        ledger.add_try(Try(0, 0, 0, "accept", "maths.answer:equal", draft=DRAFT.id, prompt=KEY, call=KEY))
        ledger.finish(0, 1)
        ledger.commit()
    counts = {table: ledger.tally(f"SELECT COUNT(*) FROM {table}")[0][0] for table in ("calls", "drafts", "tries")}
    assert counts == {"calls": 1, "drafts": 1, "tries": 1}
    after = reopened(ledger)
    assert after.reply(KEY) == Reply("first", "model", 1, 1)
    assert after.draft(DRAFT.id) == DRAFT
    assert list(after.finished()) == [(0, 1, False)]
    after.close()


def test_a_verdict_is_read_back_in_the_run_that_wrote_it(ledger: Ledger) -> None:
    """The rows of a first run carry their verdicts; another setting or time limit is another verdict."""
    ledger.add_verdict(DRAFT.id, CHECK, Verdict("accept", "equal", {"final": "2"}, 0.1))
    ledger.commit()
    found = ledger.verdict(DRAFT.id, CHECK)
    assert found == Verdict("accept", "equal", {"final": "2"}, 0.1, "maths.answer", found.version if found else "")
    assert ledger.verdict(DRAFT.id, Check("maths.answer", {"tolerance": 0.1})) is None
    assert ledger.verdict(DRAFT.id, Check("maths.answer", seconds=1.0)) is None
    assert ledger.verdict(OTHER, CHECK) is None


@pytest.mark.parametrize("commits", [False, True])
def test_a_twin_is_found_whether_or_not_it_has_been_committed(ledger: Ledger, commits: bool) -> None:
    """Which row is called a twin, and whether to the letter, does not depend on when the ledger was committed."""
    records = [accepted(ledger, 0, "a", "n"), accepted(ledger, 1, "b", "n"), accepted(ledger, 2, "c", "m")]
    ledger.commit()
    for record in records:
        ledger.add_row("synthetic", record)
        if commits:
            ledger.commit()
    assert ledger.twin(prints("a", "n")) == (records[0].draft, True)
    assert ledger.twin(prints("b", "n")) == (records[1].draft, True)
    assert ledger.twin(prints("x", "n")) == (records[0].draft, False)
    assert ledger.twin(prints("a", "m")) == (records[2].draft, False)
    assert ledger.twin(prints("a", "z")) is None


def test_forgetting_keeps_what_was_paid_for(ledger: Ledger) -> None:
    """What is derived can be forgotten; replies and verdicts never."""
    ledger.add_reply(KEY, Reply("text", "model"))
    ledger.add_row("synthetic", accepted(ledger, 0, "a", "n"))
    ledger.add_shard("synthetic", 0, "name")
    ledger.forget("tries", "items", "rows", "shards")
    ledger.commit()
    assert ledger.size("synthetic") == 0
    assert ledger.take_tries(0) == []
    assert ledger.shard("synthetic", 0) is None
    assert ledger.tally("SELECT COUNT(*) FROM calls") == [(1,)]
    with pytest.raises(ValueError, match="never forgets calls"):
        ledger.forget("calls")


def test_after_a_failed_write_nothing_more_is_written(ledger: Ledger) -> None:
    """When a commit fails the file stays as it was before, and later writes do not leave a record with a gap."""
    ledger.add_reply(KEY, Reply("text", "model"))
    ledger.commit()
    ledger.finish(7, 1)
    ledger._write("INSERT INTO absent VALUES(1)")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        ledger.commit()
    ledger.finish(8, 1)
    ledger.commit()
    after = reopened(ledger)
    assert list(after.finished()) == []
    assert after.reply(KEY) is not None
    after.close()


def test_a_ledger_in_the_making_is_completed(tmp_path: Path) -> None:
    """A kill while the tables were being made leaves a file that the next run completes."""
    (tmp_path / "out").mkdir()
    database = sqlite3.connect(tmp_path / "out" / LEDGER)
    database.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    database.commit()
    database.close()
    with open_ledger(tmp_path / "out") as ledger:
        assert ledger.size("synthetic") == 0
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / LEDGER).touch()
    with open_ledger(tmp_path / "empty") as ledger:
        assert ledger.meta("format") == "1"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where the folder should be: the input is wrong, and the message says what was found."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="expected a folder that can be written to"), open_ledger(tmp_path / "file"):
        pass


def test_the_log_of_the_ledger_does_not_grow_without_end(ledger: Ledger) -> None:
    """However much is written, the write-ahead log stays near the 16 MB after which it is taken in."""
    text = "x" * 2000
    for number in range(300):
        for part in range(50):
            ledger.add_reply(f"{number:032x}{part:032x}", Reply(text, "model"))
        ledger.commit()
    assert ledger.path.stat().st_size > 20_000_000
    assert ledger.path.with_name(f"{LEDGER}-wal").stat().st_size < 20_000_000
