"""The mix: exact counts, never a row twice, and the ratio in every first part."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofmill.mix import anchors_in, mix
from proofmill.sections import MixRatio, MixRows

shares = st.decimals(0, 1, places=3).map(float)
counts = st.integers(0, 400)


@given(share=shares, anchors=counts, synthetic=counts)
def test_a_ratio_is_held_to_within_one_row(share: float, anchors: int, synthetic: int) -> None:
    """Also in every prefix, and with no more rows than there are."""
    made = mix(MixRatio(kind="ratio", anchor_share=share), anchors=anchors, synthetic=synthetic)
    assert made.anchors <= anchors
    assert made.synthetic <= synthetic
    seen = {"anchors": 0, "synthetic": 0}
    for row, (side, number) in enumerate(made.order(), 1):
        assert number == seen[side], "each side is taken in order, none of its rows twice"
        seen[side] += 1
        assert 0 <= seen["anchors"] - Fraction(str(share)) * row < 1
    assert seen == {"anchors": made.anchors, "synthetic": made.synthetic}


@given(share=shares, anchors=counts, synthetic=counts)
def test_no_larger_mix_was_possible(share: float, anchors: int, synthetic: int) -> None:
    """One more row would need a row that is not there; or the ratio is exact, at the price of a few rows."""
    made = mix(MixRatio(kind="ratio", anchor_share=share), anchors=anchors, synthetic=synthetic)
    largest = made.rows
    while (
        anchors_in(made.share, largest + 1) <= anchors
        and largest + 1 - anchors_in(made.share, largest + 1) <= synthetic
    ):
        largest += 1
    if largest == anchors_in(made.share, largest) and made.share < 1:
        assert made.rows == 0, "anchors with nothing beside them are no mix"
        return
    assert made.rows == largest or (made.anchors == made.share * made.rows and largest - made.rows <= largest / 20)


@given(anchors=counts, synthetic=st.integers(1, 400), have=counts, made=counts)
def test_rows_shrink_together(anchors: int, synthetic: int, have: int, made: int) -> None:
    """The asked counts exactly where they are there, else the same ratio with fewer."""
    result = mix(MixRows(kind="rows", anchors=anchors, synthetic=synthetic), anchors=have, synthetic=made)
    if have >= anchors and made >= synthetic:
        assert (result.anchors, result.synthetic, result.binding) == (anchors, synthetic, "none")
    else:
        assert result.anchors <= min(anchors, have)
        assert result.synthetic <= min(synthetic, made)


@pytest.mark.parametrize(
    ("share", "anchors", "synthetic", "expected", "binding"),
    [
        (0.5, 10, 24, (10, 10), "anchors"),
        (0.5, 24, 10, (10, 10), "synthetic"),
        (0.25, 100, 30, (10, 30), "synthetic"),
        (0.0, 10, 5, (0, 5), "synthetic"),
        (1.0, 10, 5, (10, 0), "anchors"),
        (0.1, 3, 1000, (3, 27), "anchors"),
        (0.123, 24, 100, (15, 100), "synthetic"),
    ],
)
def test_known_mixes(share: float, anchors: int, synthetic: int, expected: tuple[int, int], binding: str) -> None:
    """Counts worked out by hand."""
    made = mix(MixRatio(kind="ratio", anchor_share=share), anchors=anchors, synthetic=synthetic)
    assert (made.anchors, made.synthetic) == expected
    assert made.binding == binding


def test_a_growing_mix_only_appends() -> None:
    """More rows never change the order of those that were there: shards that are sealed stay."""
    asked = MixRatio(kind="ratio", anchor_share=0.3)
    small = list(mix(asked, anchors=50, synthetic=20).order())
    large = list(mix(asked, anchors=50, synthetic=90).order())
    assert large[: len(small)] == small
