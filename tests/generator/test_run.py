"""The run's promises: trouble on the way changes no row, a budget is kept, and an end says why."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

import moody_checks
import wordy_brain
from endpoint import Running, running_endpoint
from proofmill import building
from proofmill.building import build
from proofmill.errors import InputError, RunFailed
from proofmill.recipe import recipe_of
from proofmill.verifiers.pool import Pool
from small_builds import BRAIN, anchors_file, ids, ledger_says, solved_anew, told, words

KINDS = "429,429_bare,500,502,503,503_later,cut,half,junk,html,shape,empty,null,nothing,huge"
MOODY = moody_checks.__name__

pytestmark = pytest.mark.usefixtures("warm_pool")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with running_endpoint(brain=BRAIN, delay_ms=5) as running:
        yield running


def moody(monkeypatch: pytest.MonkeyPatch, mood: str) -> None:
    monkeypatch.setattr(building, "Pool", partial(Pool, workers=2, runner=f"{MOODY}:{mood}"))


# Trouble changes nothing


def test_trouble_on_the_way_changes_no_row(tmp_path: Path) -> None:
    """The shipped calculus recipe ends with the same rows through delays, 429s, 500s, cut, malformed, empty and huge
    replies as without, whatever number of requests is under way."""
    people = [anchors_file(tmp_path, 12)]
    made = []
    for number, (options, in_flight) in enumerate(
        [
            ({}, 32),
            ({"faults": "5:0.35", "kinds": KINDS, "most_faults": 2, "retry_after_ms": 50, "delay_ms": 20}, 24),
            ({"faults": "6:0.2", "kinds": KINDS, "most_faults": 1, "retry_after_ms": 20}, 3),
        ]
    ):
        with running_endpoint(**options) as endpoint:
            teacher = {"base_url": endpoint.base_url, "model": "any", "in_flight": in_flight}
            out = tmp_path / str(number)
            skills = {"skills": ["differentiate", "integrate", "limit", "sum"]}
            result = build("calculus", out, rows=40, teacher=teacher, anchors=people, task=skills)
            assert (result.ending, result.accepted) == ("complete", 40)
            if options:
                assert endpoint.stats()["faults"] >= 10
            made.append({config: told(out, config) for config in ("synthetic", "mixed", "anchors")})
    assert len(made[0]["synthetic"]) == 40
    assert made[0]["synthetic"][0]["seed"] > 0
    assert made[1] == made[0]
    assert made[2] == made[0]


def test_a_check_without_end_is_unknown_and_the_run_goes_on(
    tmp_path: Path, endpoint: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft whose check runs out of time is refused as unknown; the others are rows."""
    moody(monkeypatch, "slow_for_stamps")
    recipe = words(
        tmp_path, endpoint.base_url, {"rows": 40, "attempts": 30}, verify=[{"maths.answer": {"seconds": 0.4}}]
    )
    result = build(recipe, tmp_path / "out")
    rejected = [row for row in told(tmp_path / "out", "rejected") if row["reason"] == "maths.answer:out_of_time"]
    assert 1 <= len(rejected) <= 10
    assert all("stamps" in row["prompt"][0]["content"] for row in rejected)
    assert result.funnel.reasons["maths.answer:out_of_time"] == len(rejected)
    assert ledger_says(tmp_path / "out", "SELECT DISTINCT outcome FROM tries WHERE reason LIKE '%out_of_time'") == [
        ("unknown",)
    ]
    assert result.accepted + result.refused == 30


def test_workers_that_are_killed_change_no_verdict(
    tmp_path: Path, endpoint: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine kills workers in the middle of a run, and the rows are those of a calm run."""
    moody(monkeypatch, "slow")
    expected = build(words(tmp_path, endpoint.base_url, 60), tmp_path / "calm")
    done, killed, random = threading.Event(), [], Random(1)

    def kill() -> None:
        while len(killed) < 8 and not done.wait(0.15):
            if pids := moody_checks.worker_pids(os.getpid()):
                killed.append(random.choice(pids))
                os.kill(killed[-1], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        result = build(words(tmp_path, endpoint.base_url, 60), tmp_path / "wild")
    finally:
        done.set()
        thread.join()
    assert len(killed) >= 3
    assert result.ending == expected.ending == "complete"
    assert told(tmp_path / "wild") == told(tmp_path / "calm")


# Budgets and endings


@pytest.mark.parametrize("budget", [{"attempts": 25}, {"tokens": 6000}, {"hours": 0.7 / 3600}])
def test_a_budget_ends_the_run_and_the_next_goes_on(tmp_path: Path, budget: dict[str, Any]) -> None:
    """A budget ends the run with what is finished in the dataset; without it the same folder is completed."""
    with running_endpoint(brain=BRAIN, delay_ms=60) as endpoint:
        recipe = words(tmp_path, endpoint.base_url, {"rows": 120, **budget}, in_flight=4)
        first = build(recipe, tmp_path / "out")
        asked = endpoint.stats()["answered"]
        assert first.ending == "budget"
        assert first.accepted + first.refused == first.funnel.replies == asked
        kept = ids(tmp_path / "out")
        assert first.accepted == len(kept) > 0
        if "attempts" in budget:
            assert asked == 25
            assert build(recipe, tmp_path / "out").accepted == first.accepted, "what is spent stays spent"
            assert endpoint.stats()["answered"] == asked
        if "tokens" in budget:
            assert 5500 <= first.funnel.tokens_in + first.funnel.tokens_out < 6500
        whole = build(words(tmp_path, endpoint.base_url, 120, in_flight=32), tmp_path / "out")
        assert (whole.ending, whole.accepted) == ("complete", 120)
        ((calls,),) = ledger_says(tmp_path / "out", "SELECT COUNT(*) FROM calls")
        assert whole.funnel.replies <= calls <= endpoint.stats()["answered"] <= calls + 48, "nothing asked twice"
        assert ids(tmp_path / "out")[: first.accepted] == kept


def test_recorded_replies_run_out(tmp_path: Path) -> None:
    """A replay with too few replies ends exhausted, with all its rows, and the same call again changes nothing."""
    recorded = [wordy_row(number) for number in range(12)]
    (tmp_path / "replies.jsonl").write_text("\n".join(recorded), encoding="utf-8")
    teacher = {"kind": "replay", "path": "replies.jsonl"}
    recipe = recipe_of({**words(tmp_path, "http://nowhere", 50).canonical, "teacher": teacher}).in_folder(tmp_path)
    first = build(recipe, tmp_path / "out")
    assert (first.ending, first.accepted, first.refused) == ("exhausted", 12, 0)
    again = build(recipe, tmp_path / "out")
    assert (again.ending, again.accepted, again.notes) == ("exhausted", 12, ())


def wordy_row(number: int) -> str:
    told = (10 + number, 9, "nuts", 4)
    reply = {
        "problem": wordy_brain.problem(*told),
        "solution": wordy_brain.solution(*told),
        "answer": str(told[0] * 9 - 4),
        "claims": {},
    }
    return json.dumps({"skill": ["sums", "products"][number % 2], "difficulty": 1, "reply": json.dumps(reply)})


# The endpoint's end


def test_an_endpoint_that_dies_ends_the_run_and_the_same_command_goes_on(tmp_path: Path) -> None:
    """One clear message, all rows kept; with the endpoint back the same call ends as if nothing had happened."""
    with running_endpoint(brain=BRAIN, delay_ms=40) as endpoint:
        recipe = words(tmp_path, endpoint.base_url, 150, in_flight=4, teacher={"retry_seconds": 0.4})
        killer = threading.Thread(target=_kill_after, args=(endpoint, 50))
        killer.start()
        with pytest.raises(RunFailed) as failure:
            build(recipe, tmp_path / "out")
        killer.join()
    kept = ids(tmp_path / "out")
    assert kept
    lines = str(failure.value).splitlines()
    assert len(lines) == 2
    assert "no answer in 0.4 s (teacher.retry_seconds)" in lines[0]
    assert lines[1] == f"{len(kept)} rows are kept; the same command goes on"
    with running_endpoint(brain=BRAIN, port=endpoint.port) as back:
        assert build(recipe, tmp_path / "out").ending == "complete"
        asked = back.stats()["answered"]
        build(recipe, tmp_path / "whole")
        assert asked < 150, "what was on record was not asked again"
    assert ids(tmp_path / "out")[: len(kept)] == kept
    assert told(tmp_path / "out") == told(tmp_path / "whole")


def _kill_after(endpoint: Running, answers: int) -> None:
    while endpoint.stats().get("answered", 0) < answers:
        time.sleep(0.02)
    endpoint.process.kill()


def test_a_wrong_key_ends_the_run_at_once(tmp_path: Path, endpoint: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is not accepted is said at once, with the way out, and not shown."""
    monkeypatch.setenv("PROOFMILL_TEACHER__API_KEY", "sk-secret-0123456789")
    recipe = words(tmp_path, endpoint.base_url, 10, teacher={"model": "wrong-key"})
    with pytest.raises(RunFailed, match="PROOFMILL_TEACHER__API_KEY") as failure:
        build(recipe, tmp_path / "out")
    assert "401" in str(failure.value)
    assert "sk-secret" not in str(failure.value)
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or b"sk-secret" not in path.read_bytes()


# People's problems, several attempts, repairs


def test_every_attempt_at_a_given_problem_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With four attempts at each problem all are judged, repaired rows say so, and no prompt shows the known answer."""
    log = tmp_path / "asked.jsonl"
    monkeypatch.setenv("BRAIN_LOG", str(log))
    with running_endpoint(brain=BRAIN) as endpoint:
        recipe = solved_anew(tmp_path, endpoint.base_url, 20, 500, attempts=4, repair={"rounds": 1})
        result = build(recipe, tmp_path / "out")
        asked = endpoint.stats()["answered"]
        again = build(recipe, tmp_path / "out")
        assert (again.ending, again.accepted) == ("exhausted", result.accepted), "and once more there is nothing to do"
        assert endpoint.stats()["answered"] == asked
    assert result.ending == "exhausted"
    tries = ledger_says(tmp_path / "out", "SELECT item, attempt, turn, outcome FROM tries")
    assert {(item, attempt) for item, attempt, turn, _ in tries if turn == 0} == {
        (item, attempt) for item in range(20) for attempt in range(4)
    }
    refused_first = {(item, attempt) for item, attempt, turn, outcome in tries if turn == 0 and outcome != "accept"}
    assert {(item, attempt) for item, attempt, turn, _ in tries if turn == 1} == refused_first != set()
    rows = told(tmp_path / "out")
    assert len(rows) == result.accepted
    repaired = [row for row in rows if row["provenance"]["repaired"]]
    assert len(repaired) == result.funnel.repaired > 0
    assert all(row["provenance"]["origin"] == "synthetic_from_human_seed" for row in rows)
    assert all(row["provenance"]["parents"] for row in rows)
    requests = log.read_text(encoding="utf-8").splitlines()
    assert len(requests) == asked
    _nothing_known_is_shown(requests)


def _nothing_known_is_shown(requests: list[str]) -> None:
    """What we wrote in a prompt never holds the answer, unless the teacher said it before."""
    repairs = 0
    for request in requests:
        messages = json.loads(request)
        numbers = [int(number) for number in re.findall(r"\d+", messages[0])]
        gold = str(numbers[0] * numbers[1] - numbers[2])
        assert gold not in messages[0]
        if len(messages) > 1:
            repairs += 1
            final = messages[1].rpartition("Answer: ")[2]
            assert final != gold
            assert gold not in re.findall(r"\d+", messages[2])
    assert repairs


def test_an_interrupted_build_ends_with_one_line(tmp_path: Path) -> None:
    """Ctrl-C in the middle: exit code 1, one line, no warning, rows kept; the same command goes on to the same end."""
    with running_endpoint(brain=BRAIN, delay_ms=30) as endpoint:
        recipe = words(tmp_path, endpoint.base_url, 120, in_flight=4)
        (tmp_path / "r.yaml").write_text(yaml.safe_dump(recipe.canonical), encoding="utf-8")
        command = [sys.executable, "-W", "error", "-X", "dev", "-m", "proofmill.cli", "build", "r.yaml", "--out", "out"]
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        while endpoint.stats().get("answered", 0) < 60:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        assert process.returncode == 1
        assert said == "interrupted; what was accepted is kept, and the same command goes on\n"
        ((calls,),) = ledger_says(tmp_path / "out", "SELECT COUNT(*) FROM calls")
        assert calls >= 56, "every reply that came is on record"
        build(words(tmp_path, endpoint.base_url, 120, in_flight=32), tmp_path / "out")
        build(words(tmp_path, endpoint.base_url, 120, in_flight=64), tmp_path / "whole")
    assert told(tmp_path / "out") == told(tmp_path / "whole")


def test_a_run_leaves_no_thread_task_or_socket_behind(tmp_path: Path) -> None:
    """Warnings are errors here: a run that ends with requests under way closes what it opened."""
    with running_endpoint(brain=BRAIN, delay_ms=300) as endpoint:
        before = threading.active_count()
        result = build(words(tmp_path, endpoint.base_url, 4, in_flight=64), tmp_path / "out")
        assert result.ending == "complete"
        assert threading.active_count() == before


def test_a_wrong_example_stops_before_anything_is_asked(tmp_path: Path, endpoint: Running) -> None:
    """A recipe whose example does not get the verdict it promises is refused; nothing is asked, nothing is written."""
    asked = endpoint.stats()["answered"]
    wrong = {"accepted": [{"problem": "1 + 1?", "solution": "1 + 1 = 2\nAnswer: 2", "answer": "3"}]}
    with pytest.raises(InputError, match=r"examples\.accepted\.0: expected accept"):
        build(words(tmp_path, endpoint.base_url, 4, examples=wrong), tmp_path / "out")
    assert endpoint.stats()["answered"] == asked
    assert not (tmp_path / "out").exists()
