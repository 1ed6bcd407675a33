"""The five verifiers of specs, on their own cases bent out of shape: nothing that is off by a little is accepted."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from proofmill.verifiers import catalogue
from proofmill.verifiers.spec.guards import mutants
from proofmill.verifiers.spec.kinds import read_spec
from proofmill.verifiers.spec.model import Kind
from proofmill.verifiers.verdict import Check, Draft, Verdict

CASES = Path(__file__).parent.parent / "cases"
VERIFIERS = (
    "logic.smt",
    "maths.counting",
    "maths.number_theory",
    "maths.optimum",
    "maths.word_problem",
    "text.statement",
)
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:/\d+)?")
OUTCOMES = ("accept", "reject", "unknown")


def listed(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((CASES / f"{name.replace('.', '_')}.yaml").read_text("utf-8"))
    return found


def accepted(*names: str) -> list[tuple[str, dict[str, Any]]]:
    """(verifier, draft and settings) of every accepted case."""
    return [
        (name, {key: value for key, value in case.items() if key != "accept"})
        for name in names
        for case in listed(name)
        if "accept" in case
    ]


def judge(name: str, case: dict[str, Any], **changed: Any) -> Verdict:
    fields = {**case, **changed}
    checks = fields.pop("settings", {})
    return catalogue.run(Check(name, checks), Draft(**{"problem": "", **fields}))


@pytest.mark.parametrize("name", VERIFIERS)
def test_there_are_examples_for_recipes(name: str) -> None:
    """Five accepted drafts at least, three rejected, three left open; no text with a path of ours."""
    cases = listed(name)
    found = {outcome: sum(outcome in case for case in cases) for outcome in OUTCOMES}
    assert found["accept"] >= 5
    assert min(found.values()) >= 3


NUMERIC = [(name, case) for name, case in accepted(*VERIFIERS[:-1]) if NUMBER.search(case["answer"])]


@pytest.mark.parametrize(("name", "case"), NUMERIC, ids=lambda value: str(value)[:50])
def test_an_answer_that_is_a_little_off_is_never_accepted(name: str, case: dict[str, Any]) -> None:
    """One more, one less, another sign, ten times as much, a digit swapped: none of them passes."""
    answer = case["answer"]
    match = NUMBER.search(answer)
    assert match is not None
    value = Fraction(match.group())
    others = {str(value + 1), str(value - 1), str(value * 10), str(-value), match.group()[::-1], match.group() + "1"}
    for other in sorted(others):
        try:
            if Fraction(other) == value:
                continue
        except (ValueError, ZeroDivisionError):
            continue
        text = answer[: match.start()] + other + answer[match.end() :]
        verdict = judge(name, case, answer=text)
        assert verdict.outcome != "accept", (text, verdict)


@pytest.mark.parametrize(
    ("name", "case"), accepted("maths.word_problem", "logic.smt", "maths.optimum"), ids=lambda value: str(value)[:50]
)
def test_a_spec_with_another_number_is_never_accepted(name: str, case: dict[str, Any]) -> None:
    """A number of the constraints changed, problem and answer as they were: the prose or the answer gives it away."""
    case = {key: value for key, value in case.items() if key != "settings"}
    kinds: dict[str, Kind] = {"maths.word_problem": "word_problem", "logic.smt": "logic", "maths.optimum": "optimum"}
    for mutant in mutants(read_spec(case["claims"]["spec"], kinds[name])):
        claims = {**case["claims"], "spec": dict(mutant.spec.raw)}
        assert judge(name, case, claims=claims).outcome != "accept", mutant


@pytest.mark.parametrize(("name", "case"), accepted(*VERIFIERS[:-1]), ids=lambda value: str(value)[:50])
def test_a_verdict_can_be_made_again(name: str, case: dict[str, Any]) -> None:
    """The same draft has the same verdict with the same evidence, step counts included; a yes is a proof."""
    first, second = judge(name, case), judge(name, case)
    assert (first.outcome, first.reason, first.evidence) == (second.outcome, second.reason, second.evidence)
    assert first.evidence["strength"] == "proved"
