"""Real model solutions and human ones: the verifiers agree with the people who labelled them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from proofmill.verifiers.catalogue import run
from proofmill.verifiers.verdict import Check, Draft

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file that lies beside the repository; skips where it does not."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{name}, which is not part of the repository")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_transcripts_are_judged_as_labelled() -> None:
    """Of 1,600 labelled transcripts at least 99.5 % get the verdict of their label, accepting no wrong one."""
    wrong = []
    listed = rows("model_transcripts.jsonl")
    for row in listed:
        verdict = run(Check("maths.answer"), Draft(row["question"], solution=row["completion"], gold=row["gold"]))
        if (verdict.outcome == "accept") != row["is_correct"]:
            wrong.append((row["id"], verdict.reason))
    assert len(wrong) <= len(listed) * 0.005, wrong


def test_human_arithmetic_holds() -> None:
    """Fewer than half a percent of human solutions have an equation refused; every one states its own answer."""
    listed = rows("gsm8k_human.jsonl")
    outcomes = Counter(run(Check("maths.arithmetic"), Draft(row["question"], row["answer"])).outcome for row in listed)
    assert outcomes["reject"] <= len(listed) * 0.005
    assert outcomes["accept"] >= len(listed) * 0.95
    for row in listed[:500]:
        assert run(Check("maths.answer"), Draft(row["question"], row["answer"], gold=row["answer"])).outcome == "accept"


def test_no_false_accept_on_third_party_answers() -> None:
    """No undisputed wrong answer of twenty public test suites is accepted."""
    accepted = []
    for row in rows("math_pairs_dev.jsonl"):
        if row["kind"] not in {"answer", "completion"} or row.get("disputed") or row.get("portable") is False:
            continue
        field = "solution" if row["kind"] == "completion" else "answer"
        verdict = run(Check("maths.answer"), Draft(**{"problem": "", field: row["pred"], "gold": row["gold"]}))
        if verdict.outcome == "accept" and not row["expected"]:
            accepted.append((row["gold"], row["pred"], dict(verdict.evidence)))
    assert accepted == []
