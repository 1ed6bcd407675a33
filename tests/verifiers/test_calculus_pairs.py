"""Public test suites on antiderivatives and derivatives: every headline pair is decided as its authors say."""

import json
from pathlib import Path
from typing import Any

import pytest

from proofmill.verifiers.calculus.antiderivatives import same_antiderivative, same_derivative, variable_of
from proofmill.verifiers.expressions import read
from proofmill.verifiers.expressions.policy import Policy

PAIRS = Path(__file__).parents[2] / ".." / "shared" / "data" / "math_pairs_dev.jsonl"


def pairs() -> list[dict[str, Any]]:
    """The rows that ask for calculus and are no teaching policy; skips where the data is absent."""
    if not PAIRS.exists():
        pytest.skip("needs ../shared/data/math_pairs_dev.jsonl, which is not part of the repository")
    listed = [json.loads(line) for line in PAIRS.read_text("utf-8").split("\n") if line]
    kinds = {"antiderivative", "antiderivative+C", "derivative"}
    marks = {"policy", "disputed", "contested"}
    return [row for row in listed if row["kind"] in kinds and row.get("portable", True) and not marks & row.keys()]


def test_antiderivatives_are_decided_as_their_authors_say() -> None:
    """All of them: none wrong, none left open."""
    wrong = []
    for row in pairs():
        gold, pred = read(row["gold"]), read(row["pred"])
        name = variable_of(gold, pred) or "x"
        demanded = row["kind"] == "antiderivative+C" and "NOCONST" not in row["opt"] and "FORMAL" not in row["opt"]
        policy = Policy(constant="required" if demanded else "optional")
        decide = same_derivative if row["kind"] == "derivative" else same_antiderivative
        found = decide(gold, pred, name, policy)
        if found.outcome != ("equal" if row["expected"] else "different"):
            wrong.append((row["gold"], row["pred"], found.outcome))
    assert not wrong
