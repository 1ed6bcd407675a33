"""The gate: no proof, no row."""

import itertools

import pytest

from proofmill.gate import Judgement, Refusal, Sample, decide
from proofmill.verifiers.verdict import Check, Draft, Outcome, Verdict

DRAFT = Draft("p", "s", "a")
ONE, TWO = Check("maths.answer"), Check("maths.compute")


def verdict(check: Check, outcome: Outcome, reason: str = "why") -> Verdict:
    return Verdict(outcome, reason, verifier=check.verifier)


@pytest.mark.parametrize("outcomes", list(itertools.product(("accept", "reject", "unknown"), repeat=2)))
def test_all_must_accept(outcomes: tuple[Outcome, Outcome]) -> None:
    """Of all nine pairs of verdicts only accept and accept make a sample; a reject decides before an unknown."""
    found = decide(DRAFT, [ONE, TWO], [verdict(ONE, outcomes[0], "a"), verdict(TWO, outcomes[1], "b")])
    assert isinstance(found, Sample) is (set(outcomes) == {"accept"})
    judgement = found.judgement
    assert judgement.outcome == ("reject" if "reject" in outcomes else "unknown" if "unknown" in outcomes else "accept")
    if isinstance(found, Refusal):
        place = outcomes.index(judgement.outcome)
        assert found.reason == ("maths.answer:a", "maths.compute:b")[place] == judgement.reason


@pytest.mark.parametrize(
    "verdicts",
    [
        [],
        [verdict(ONE, "accept")],
        [verdict(TWO, "accept"), verdict(ONE, "accept")],
        [verdict(ONE, "accept"), verdict(ONE, "accept")],
        [verdict(ONE, "accept"), verdict(TWO, "accept"), verdict(TWO, "accept")],
        [verdict(ONE, "reject"), verdict(Check("other"), "accept")],
    ],
)
def test_a_missing_verdict_is_refused(verdicts: list[Verdict]) -> None:
    """One verdict of each check, in order, or an error of ours: never a sample, never a refusal."""
    with pytest.raises(ValueError, match=r"expected one verdict of each of \['maths.answer', 'maths.compute'\]"):
        decide(DRAFT, [ONE, TWO], verdicts)


def test_no_checks_prove_nothing() -> None:
    """Without a verifier there is no sample, and a judgement without verdicts is unknown."""
    with pytest.raises(ValueError, match="expected one verdict"):
        decide(DRAFT, [], [])
    assert (Judgement(DRAFT, ()).outcome, Judgement(DRAFT, ()).reason) == ("unknown", "no_verdict")
