"""Math-Verify as a second reader: only where ours can't read, never against our no."""

import pytest

from proofmill.verifiers import equal
from proofmill.verifiers.answering.second_reader import second_opinion
from proofmill.verifiers.expressions.comparison import Comparison

pytest.importorskip("math_verify", reason="needs the extra math-verify: pip install -e '.[math-verify]'")

UNREAD = Comparison("unknown", "not_allowed", {"detail": "command"})


def test_it_reads_what_we_can_not() -> None:
    """Both directions say yes: agreed, under a method of its own."""
    found = second_opinion(r"\frac{1}{2}", "0.5", UNREAD)
    assert (found.outcome, found.strength, found.method) == ("equal", "agreed", "second reader")


@pytest.mark.parametrize(
    "ours",
    [
        Comparison("different", "exact"),
        Comparison("unknown", "ambiguous"),
        Comparison("unknown", "units_differ"),
        Comparison("equal", "exact", strength="proved"),
    ],
    ids=lambda ours: f"{ours.outcome}-{ours.method}",
)
def test_what_we_have_found_stands(ours: Comparison) -> None:
    """Its yes overrides neither a no nor a doubt of ours."""
    assert second_opinion("1", "1", ours) is ours


def test_its_no_is_no_rejection() -> None:
    """It may not have read either of them: the pair stays unknown."""
    found = second_opinion("1", "2", UNREAD)
    assert (found.outcome, found.method, found.evidence["says"]) == ("unknown", "not_allowed", [False, False])


@pytest.mark.parametrize("text", ["((15!)!)!", "9" * 50, "2^{2^{2^{2}}}", r"\operatorname{zeros}(12000)", "(" * 100])
def test_heavy_texts_never_reach_it(text: str) -> None:
    """It has no limits of its own, and its alarm does not stop everything."""
    assert second_opinion(text, text, UNREAD) is UNREAD


def test_it_is_asked_by_a_flag_of_the_policy() -> None:
    """Off by default."""
    pair = (r"\mathfrak{x} + 1", r"1 + \mathfrak{x}")
    assert equal(*pair).reason == "not_allowed"
    assert equal(*pair, policy={"second_reader": True}).evidence["second_reader"].startswith(("math-verify", "("))
