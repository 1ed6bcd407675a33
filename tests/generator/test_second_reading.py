"""The second reading: a row has been read twice, by two requests, and both readings give its answer."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from reading_brain import MARK, READING, ROOM, fate, flaw, smuggles
from rich.console import Console

from endpoint import running_endpoint
from proofmill.building import build
from proofmill.recipe import Recipe
from proofmill.reverify import verify_dataset
from small_builds import ledger_says, told, words

pytestmark = pytest.mark.usefixtures("warm_pool")

BRAIN = "reading_brain:think"
VERIFY = ["maths.answer", "maths.word_problem"]
SAID = {"wrong": "text.reading:readings_differ", "mute": "text.reading:no_reading"}
GUARDED = {"instances": "required", "changes": "refuse"}
FLAWS = {
    "none": "maths.word_problem:no_instances",
    "wrong": "maths.word_problem:instances_differ",
    "idle": "maths.word_problem:idle_numbers",
}


def recipe(folder: Path, url: str, wanted: int | dict[str, Any], **keys: Any) -> Recipe:
    return words(folder, url, wanted, **{"verify": VERIFY, **keys})


def problem_of(row: dict[str, Any]) -> str:
    return str(row["prompt"][0]["content"])


def flaw_of(row: dict[str, Any]) -> str:
    """What was wrong with the draft from which a row or a refusal was made."""
    return flaw(problem_of(row).replace(f", {ROOM},", ""))


def requests(log: Path) -> list[tuple[int, str]]:
    return [tuple(json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, _pool: Any) -> tuple[Path, list[tuple[int, str]]]:
    """A dataset of 20 rows, and all that its teacher was asked."""
    from proofmill import building

    folder = tmp_path_factory.mktemp("read")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRAIN_LOG", str(folder / "asked.jsonl"))
        patch.setattr(building, "Pool", lambda: _pool)
        with running_endpoint(brain=BRAIN) as endpoint:
            assert build(recipe(folder, endpoint.base_url, 20), folder / "out").accepted == 20
    return folder / "out", requests(folder / "asked.jsonl")


def test_a_row_is_one_that_both_readings_prove(built: tuple[Path, list[tuple[int, str]]]) -> None:
    """Every row's problem was read right the second time; the others are refused, and say why."""
    out, _ = built
    assert {fate(problem_of(row)) for row in told(out)} == {"right"}
    refused = [row for row in told(out, "rejected") if row["reason"].startswith("text.reading")]
    assert {row["reason"] for row in refused} == set(SAID.values())
    assert all(row["reason"] == SAID[fate(problem_of(row))] for row in refused)


def test_a_spec_brings_cases_and_its_numbers_matter(built: tuple[Path, list[tuple[int, str]]]) -> None:
    """A draft without instances, with wrong ones or with an idle number is refused, and says why."""
    out, _ = built
    assert {flaw_of(row) for row in told(out)} == {""}
    refused = [row for row in told(out, "rejected") if row["reason"] in FLAWS.values()]
    assert {row["reason"] for row in refused} == set(FLAWS.values())
    assert all(row["reason"] == FLAWS[flaw_of(row)] for row in refused)


@pytest.mark.parametrize(("guard", "passes"), [("instances", "none"), ("changes", "idle")])
def test_instances_and_changes_can_be_switched_off(tmp_path: Path, guard: str, passes: str) -> None:
    """Then specs without cases, or with an idle number, make rows; cases that are wrong are refused all the same."""
    with running_endpoint(brain=BRAIN) as endpoint:
        guards = {guard: "off", "second_reading": "off"}
        build(recipe(tmp_path, endpoint.base_url, 30, guards=guards), tmp_path / "out")
    assert {flaw_of(row) for row in told(tmp_path / "out")} == {"", passes}
    reasons = {row["reason"] for row in told(tmp_path / "out", "rejected")}
    assert reasons & set(FLAWS.values()) == {said for flaw, said in FLAWS.items() if flaw != passes}


def test_a_wrong_draft_is_not_read_again(built: tuple[Path, list[tuple[int, str]]]) -> None:
    """What the first reading does not prove costs no second request."""
    out, asked = built
    wrong = [row for row in told(out, "rejected") if row["reason"] == "maths.word_problem:differs"]
    assert wrong
    read = {line for _, text in asked if text.startswith(READING) for line in text.splitlines()}
    assert not {problem_of(row) for row in wrong} & read
    assert {problem_of(row) for row in told(out)} <= read


def test_the_second_reader_sees_the_problem_alone(built: tuple[Path, list[tuple[int, str]]]) -> None:
    """Nothing of the solution, the answer or the first claims is in the request; the form of the claims is."""
    _, asked = built
    second = [text for _, text in asked if text.startswith(READING)]
    assert second
    for text in second:
        assert MARK not in text
        assert "inside" not in text
        assert "claims.spec is a JSON object" in text


def test_a_row_holds_its_second_reading_and_holds_offline(built: tuple[Path, list[tuple[int, str]]]) -> None:
    """verifier_spec has the reading and the check; `proofmill verify OUT` repeats it without a teacher."""
    out, _ = built
    for row in told(out):
        spec = json.loads(row["verifier_spec"])
        assert spec["claims"]["reading"]["spec"]["find"] == "rest"
        assert {"text.reading": {"by": {"maths.word_problem": GUARDED}, "seconds": 10.0}} in spec["verify"]
        verdicts = {verdict["verifier"]: verdict["outcome"] for verdict in json.loads(row["verdict"])}
        assert verdicts == dict.fromkeys(
            ["maths.answer", "maths.word_problem", "text.statement", "text.reading"], "accept"
        )
    assert verify_dataset(out, None, Console(file=io.StringIO()))


def test_a_reading_of_the_teachers_own_gains_nothing(built: tuple[Path, list[tuple[int, str]]]) -> None:
    """Drafts that bring claims.reading along are refused like others, and in rows it is the second reader's."""
    out, _ = built
    rows, refused = told(out), told(out, "rejected")
    assert any(smuggles(problem_of(row)) for row in rows)
    caught = [row["reason"] for row in refused if smuggles(problem_of(row)) and fate(problem_of(row)) != "right"]
    assert set(caught) >= set(SAID.values())


def test_a_stopped_run_asks_no_reading_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped at a budget and started again, no request is sent a second time, and none of its rows is lost."""
    log = tmp_path / "asked.jsonl"
    monkeypatch.setenv("BRAIN_LOG", str(log))
    with running_endpoint(brain=BRAIN) as endpoint:
        for attempts in (25, 26, 60):
            wanted = {"rows": 500, "attempts": attempts}
            result = build(recipe(tmp_path, endpoint.base_url, wanted), tmp_path / "out")
            assert result.ending == "budget"
            ((calls,),) = ledger_says(tmp_path / "out", "SELECT COUNT(*) FROM calls")
            assert calls == len(requests(log)) == attempts
        build(recipe(tmp_path, endpoint.base_url, {"rows": 500, "attempts": 60}), tmp_path / "out")
    assert max(Counter(requests(log)).values()) == 1
    assert {fate(problem_of(row)) for row in told(tmp_path / "out")} == {"right"}


def test_a_tight_budget_leaves_room_for_second_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With places for more requests than it may send, a run does not spend them all on first drafts."""
    log = tmp_path / "asked.jsonl"
    monkeypatch.setenv("BRAIN_LOG", str(log))
    with running_endpoint(brain=BRAIN) as endpoint:
        wanted = {"rows": 500, "attempts": 20}
        result = build(recipe(tmp_path, endpoint.base_url, wanted, in_flight=64), tmp_path / "out")
    asked = requests(log)
    assert result.ending == "budget"
    assert len(asked) == 20
    readings = sum(text.startswith(READING) for _, text in asked)
    assert readings >= 5
    assert result.accepted >= 2


@pytest.mark.parametrize(
    ("keys", "passed"),
    [
        ({"guards": {"second_reading": "off"}}, ["maths.answer", "maths.word_problem", "text.statement"]),
        ({"guards": {"second_reading": "off", "statement": "off"}}, VERIFY),
    ],
)
def test_what_is_off_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: dict[str, Any], passed: list[str]
) -> None:
    """Without the second reading there is one request for a draft, and rows name the checks that are left."""
    log = tmp_path / "asked.jsonl"
    monkeypatch.setenv("BRAIN_LOG", str(log))
    with running_endpoint(brain=BRAIN) as endpoint:
        build(recipe(tmp_path, endpoint.base_url, 8, **keys), tmp_path / "out")
    assert not [text for _, text in requests(log) if text.startswith(READING)]
    assert {fate(problem_of(row)) for row in told(tmp_path / "out")} > {"right"}
    for row in told(tmp_path / "out"):
        assert [next(iter(check)) for check in json.loads(row["verifier_spec"])["verify"]] == passed


def test_each_skill_has_its_own_checks_and_readers(tmp_path: Path) -> None:
    """A verifier that is kept for one skill judges, and reads a second time, the drafts of that skill alone."""
    verify = ["maths.answer", {"maths.word_problem": {"skills": ["sums"]}}, {"maths.optimum": {"skills": ["products"]}}]
    with running_endpoint(brain=BRAIN) as endpoint:
        wanted = {"rows": 500, "attempts": 150}
        made = recipe(tmp_path, endpoint.base_url, wanted, verify=verify, in_flight=2)
        build(made, tmp_path / "out")
    rows = told(tmp_path / "out")
    assert {row["skill"] for row in rows} == {"sums"}
    names = ["maths.answer", "maths.word_problem", "text.statement", "text.reading"]
    for row in rows:
        assert [next(iter(check)) for check in json.loads(row["verifier_spec"])["verify"]] == names
    reasons = {row["reason"] for row in told(tmp_path / "out", "rejected") if row["skill"] == "products"}
    assert reasons == {"maths.optimum:bad_spec"}
    assert verify_dataset(tmp_path / "out", None, Console(file=io.StringIO()))
