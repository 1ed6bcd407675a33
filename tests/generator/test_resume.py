"""Going on: what is on record is not asked, judged or paid again, and what changed is said."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from endpoint import Running, running_endpoint
from proofmill.building import build
from proofmill.errors import InputError, RunFailed
from proofmill.ledger import LEDGER, open_ledger
from proofmill.output.reading import shard_paths
from proofmill.plan import Cell, Plan
from proofmill.resume import changes
from small_builds import BRAIN, anchored, anchors_file, ids, ledger_says, solved_anew, told, words

pytestmark = pytest.mark.usefixtures("warm_pool")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with running_endpoint(brain=BRAIN) as running:
        yield running


def asked(endpoint: Running) -> int:
    return int(endpoint.stats().get("answered", 0))


def test_a_stopped_run_asks_nothing_twice(tmp_path: Path) -> None:
    """Stopped half-way and started again, every request reaches the endpoint once and every token is paid once."""
    with running_endpoint(brain=BRAIN) as endpoint:
        keys = {"task": words(tmp_path, "http://x", 1).canonical["task"], "repair": {"rounds": 1}}
        for attempts in (30, 31, 60):
            wanted = {"rows": 500, "attempts": attempts}
            result = build(words(tmp_path, endpoint.base_url, wanted, **keys), tmp_path / "out")
            assert result.ending == "budget"
            ((calls, tokens),) = ledger_says(
                tmp_path / "out", "SELECT COUNT(*), SUM(tokens_in + tokens_out) FROM calls"
            )
            assert calls == asked(endpoint) == attempts
            assert result.funnel.tokens_in + result.funnel.tokens_out == tokens
        assert "changed since the last run: wanted.attempts: 31 -> 60" in result.notes


def test_holes_that_a_kill_left_are_filled(tmp_path: Path, endpoint: Running) -> None:
    """Where later draws of a cell were finished and an earlier one was not, the next run finishes the earlier one,
    even when the later ones alone would be enough."""
    recipe = words(tmp_path, endpoint.base_url, 20)
    whole = build(recipe, tmp_path / "out")
    expected = told(tmp_path / "out")
    with open_ledger(tmp_path / "out") as ledger:
        ledger.forget("rows", "shards")
        ledger.uncount()
        for table in ("tries", "items"):
            ledger._write(f"DELETE FROM {table} WHERE item IN (0, 5, 8, 9, 14)")
    result = build(recipe, tmp_path / "out")
    assert (result.ending, result.accepted) == (whole.ending, whole.accepted) == ("complete", 20)
    assert told(tmp_path / "out") == expected


def test_a_changed_verifier_judges_again_without_asking(tmp_path: Path, endpoint: Running) -> None:
    """Another setting of a verifier re-judges all drafts on record, even with the budget spent, and asks nothing."""
    wanted = {"rows": 500, "attempts": 40}
    first = build(words(tmp_path, endpoint.base_url, wanted), tmp_path / "out")
    before = asked(endpoint)
    verify = ["maths.answer", {"maths.arithmetic": {"minimum": 3}}]
    second = build(words(tmp_path, endpoint.base_url, wanted, verify=verify), tmp_path / "out")
    assert asked(endpoint) == before
    assert second.funnel.replies == first.funnel.replies == 40
    assert second.accepted == 0 < first.accepted
    assert any("maths.arithmetic.minimum: null -> 3" in note for note in second.notes)
    assert "every draft is worked out again" in second.notes[-1]
    third = build(words(tmp_path, endpoint.base_url, wanted), tmp_path / "out")
    assert asked(endpoint) == before
    assert third.accepted == first.accepted


def test_a_changed_prompt_asks_anew_and_says_so(tmp_path: Path, endpoint: Running) -> None:
    """Another prompt is another request: everything is asked, and the note says what changed."""
    build(words(tmp_path, endpoint.base_url, 10), tmp_path / "out")
    before, rows = asked(endpoint), ids(tmp_path / "out")
    task = {**words(tmp_path, "http://x", 1).canonical["task"], "prompt": "Another one: {{ reply_format }}"}
    result = build(words(tmp_path, endpoint.base_url, 10, task=task), tmp_path / "out")
    assert asked(endpoint) >= before + 10
    assert result.notes[0].startswith("changed since the last run: task.prompt: ")
    assert not set(ids(tmp_path / "out")) & set(rows)
    again = build(words(tmp_path, endpoint.base_url, 10), tmp_path / "out")
    assert again.accepted == 10
    assert ids(tmp_path / "out") == rows, "and back again from the record"


def test_more_rows_are_what_a_larger_build_makes(tmp_path: Path, endpoint: Running) -> None:
    """With more rows wanted the result is that of a build that asked for as many from the start, and surplus counts."""
    build(words(tmp_path, endpoint.base_url, 15), tmp_path / "out")
    ((calls,),) = ledger_says(tmp_path / "out", "SELECT COUNT(*) FROM calls")
    result = build(words(tmp_path, endpoint.base_url, 45), tmp_path / "out")
    build(words(tmp_path, endpoint.base_url, 45), tmp_path / "whole")
    assert result.accepted == 45
    assert told(tmp_path / "out") == told(tmp_path / "whole")
    assert calls >= 15
    fewer = build(words(tmp_path, endpoint.base_url, 10), tmp_path / "out")
    build(words(tmp_path, endpoint.base_url, 10), tmp_path / "few")
    assert fewer.accepted == 10
    assert told(tmp_path / "out") == told(tmp_path / "few")


def test_surplus_rows_are_used_when_more_are_wanted(tmp_path: Path, endpoint: Running) -> None:
    """Accepted attempts beyond the wanted rows wait in the ledger, and become rows without a request."""
    recipe = solved_anew(tmp_path, endpoint.base_url, 6, 3, attempts=8, in_flight=2)
    first = build(recipe, tmp_path / "out")
    ((surplus,),) = ledger_says(tmp_path / "out", "SELECT COUNT(*) FROM rows WHERE config='surplus'")
    assert 0 < surplus <= first.funnel.spare
    more = 3 + surplus
    before = asked(endpoint)
    wanted = {"rows": more, "attempts": 1}
    second = build(solved_anew(tmp_path, endpoint.base_url, 6, wanted, attempts=8), tmp_path / "out")
    assert (second.accepted, second.ending, asked(endpoint)) == (more, "complete", before)


def test_another_name_is_another_folder(tmp_path: Path, endpoint: Running) -> None:
    """A folder belongs to one recipe; a recipe of another name is refused and nothing in the folder changes."""
    recipe = words(tmp_path, endpoint.base_url, 4)
    build(recipe, tmp_path / "out")
    before = _files(tmp_path / "out")
    with pytest.raises(InputError, match=r"expected a folder for others \(found the dataset of words\)"):
        build(words(tmp_path, endpoint.base_url, 4, name="others"), tmp_path / "out")
    assert _files(tmp_path / "out") == before


def test_another_mix_writes_only_the_mix_again(tmp_path: Path, endpoint: Running) -> None:
    """Another ratio changes `mixed`, full shards included, and leaves every other shard and the teacher alone."""
    keys: dict[str, Any] = {"output": {"shard_rows": 10}, **anchored(tmp_path, 30)}
    build(words(tmp_path, endpoint.base_url, 25, **keys), tmp_path / "out")
    before, requests = shard_paths(tmp_path / "out"), asked(endpoint)
    times = {path: path.stat().st_mtime_ns for paths in before.values() for path in paths}
    build(words(tmp_path, endpoint.base_url, 25, **{**keys, **anchored(tmp_path, 30, 0.5)}), tmp_path / "out")
    after = shard_paths(tmp_path / "out")
    assert asked(endpoint) == requests
    for config in ("synthetic", "rejected", "anchors"):
        assert after.get(config) == before.get(config)
        assert all(path.stat().st_mtime_ns == times[path] for path in after.get(config, []))
    assert not set(after["mixed"]) & set(before["mixed"])
    assert [row["origin"] for row in told(tmp_path / "out", "mixed")].count("human") == 25
    assert len(told(tmp_path / "out", "mixed")) == 50


def test_changed_anchors_are_said(tmp_path: Path, endpoint: Running) -> None:
    """More anchor rows in the file: the drafts are worked out again from the record, and the note says why."""
    keys = anchored(tmp_path, 10)
    build(words(tmp_path, endpoint.base_url, 12, **keys), tmp_path / "out")
    before = asked(endpoint)
    anchors_file(tmp_path, 11)
    result = build(words(tmp_path, endpoint.base_url, 12, **keys), tmp_path / "out")
    assert "the anchors or a verifier's version changed" in result.notes[0]
    assert result.accepted == 12
    assert len(told(tmp_path / "out", "anchors")) == 11
    assert asked(endpoint) <= before + 48, "only what was cut off at the end of the first run"


def test_two_builds_never_share_a_folder(tmp_path: Path, endpoint: Running) -> None:
    """A second process in the same folder is told so, and the first one is not disturbed."""
    recipe = words(tmp_path, endpoint.base_url, 4)
    (tmp_path / "r.yaml").write_text(yaml.safe_dump(recipe.canonical), encoding="utf-8")
    with open_ledger(tmp_path / "out"):
        command = [
            sys.executable,
            "-m",
            "proofmill.cli",
            "build",
            str(tmp_path / "r.yaml"),
            "--out",
            str(tmp_path / "out"),
        ]
        second = subprocess.run(command, capture_output=True, text=True)
        assert second.returncode == 1
        assert "another process is building here; wait for it, or choose another folder" in second.stderr
        with pytest.raises(RunFailed, match="another process"), open_ledger(tmp_path / "out"):
            pass
    assert build(recipe, tmp_path / "out").ending == "complete"


@pytest.mark.parametrize("kind", ["text", "foreign", "format", "schema"])
def test_what_is_no_ledger_of_ours_is_left_alone(tmp_path: Path, endpoint: Running, kind: str) -> None:
    """A damaged file, another program's database or a later format: refused, and not a byte is changed."""
    out = tmp_path / "out"
    out.mkdir()
    if kind == "text":
        (out / LEDGER).write_bytes(b"SQLite format 3\0" + b"damaged" * 1000)
    else:
        database = sqlite3.connect(out / LEDGER)
        if kind == "foreign":
            database.execute("CREATE TABLE customers(name TEXT)")
        elif kind == "schema":
            database.execute("CREATE TABLE meta(something TEXT)")
        else:
            database.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
            database.execute("INSERT INTO meta VALUES('format', '99')")
        database.commit()
        database.close()
    before = (out / LEDGER).read_bytes()
    with pytest.raises(InputError, match=r"expected .*ledger"):
        build(words(tmp_path, endpoint.base_url, 4), out)
    assert (out / LEDGER).read_bytes() == before


def test_a_ledger_that_is_damaged_within_ends_with_a_word(tmp_path: Path, endpoint: Running) -> None:
    """Pages overwritten in the middle of the ledger: InputError or RunFailed that names it, no traceback of SQLite."""
    recipe = words(tmp_path, endpoint.base_url, 60)
    build(recipe, tmp_path / "out")
    with (tmp_path / "out" / LEDGER).open("r+b") as file:
        file.seek(4096 * 4)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises((InputError, RunFailed), match="ledger"):
        build(recipe, tmp_path / "out")


def test_changes_are_told_key_by_key() -> None:
    """Every key that differs is named with its place, its old value and its new one."""
    before = {"a": {"b": [1, {"c": 2}]}, "d": "x" * 100, "e": [1]}
    after = {"a": {"b": [1, {"c": 3}]}, "d": None, "e": [1, 2]}
    assert list(changes(before, after)) == ["a.b.1.c: 2 -> 3", f'd: "{"x" * 56}... -> null', "e: [1] -> [1, 2]"]


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_gap_is_filled_where_later_draws_seem_enough() -> None:
    """Twenty draws are done, the next was cut off by a kill, two beyond it passed: the plan asks for the gap."""
    plan = Plan((Cell("sums", 1, 5),))
    plan.restore([(index, int(index < 4 or index > 20), False) for index in (*range(20), 21, 22)], [])
    assert sum(plan.choose(draw.index) for draw in plan.settle() if draw.index < 4) == 4
    draw = plan.next()
    assert draw is not None
    assert draw.index == 20


def test_nothing_of_somebody_else_is_overwritten(tmp_path: Path, endpoint: Running) -> None:
    """A folder that holds anything of somebody else is refused and left as it is."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "README.md").write_text("# Mine", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"expected a new or empty folder, or one with \.ledger\.sqlite \(found README\.md in it\)"
    ):
        build(words(tmp_path, endpoint.base_url, 4), tmp_path / "project")
    assert _files(tmp_path / "project") == {"README.md": b"# Mine"}
