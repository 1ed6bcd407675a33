"""How many anchors and synthetic rows stand in `mixed`, and in which order: pure arithmetic, exact counts.

This is the one place where the ratio is decided. The rows are interleaved so that every first part of `mixed` holds at
least the asked share of anchors (by less than one row more), which lets a growing dataset append to it. The measured
rule (how much synthetic data the anchors allow) will be another `kind` that yields a share.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from proofmill.sections import MixRatio, MixRows

MOST_LEFT_OUT = 20
"""One row in so many may be left out to hold the ratio exactly."""

Side = Literal["anchors", "synthetic"]


@dataclass(frozen=True, slots=True)
class Mix:
    """The counts of `mixed`: `share` of anchors asked for, what was there, what is used, and what ran out first."""

    share: Fraction
    anchors: int
    synthetic: int
    anchors_available: int
    synthetic_available: int
    binding: str

    @property
    def rows(self) -> int:
        """Rows in `mixed`."""
        return self.anchors + self.synthetic

    def order(self, first: int = 0) -> Iterator[tuple[Side, int]]:
        """(side, which row of it) for each row of `mixed` from `first` on."""
        for row in range(first, self.rows):
            before = anchors_in(self.share, row)
            if anchors_in(self.share, row + 1) > before:
                yield "anchors", before
            else:
                yield "synthetic", row - before

    def record(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The arithmetic, as `mix.json` and the card show it."""
        return {
            "asked": asked,
            "anchor_share_asked": float(self.share),
            "anchor_share": round(self.anchors / self.rows, 6) if self.rows else None,
            "anchors": self.anchors,
            "synthetic": self.synthetic,
            "rows": self.rows,
            "anchors_available": self.anchors_available,
            "synthetic_available": self.synthetic_available,
            "binding": self.binding,
        }


def anchors_in(share: Fraction, rows: int) -> int:
    """How many of the first `rows` rows are anchors: the share of them, rounded up."""
    return -(-share.numerator * rows // share.denominator)


def mix(asked: MixRatio | MixRows, *, anchors: int, synthetic: int) -> Mix:
    """The largest mix at the asked ratio that these many anchors and synthetic rows allow, none of them twice.

    With `rows` no more than the asked counts are used; if either side falls short, the other shrinks with it. Rows at
    the end that keep the ratio from being exact are left out where they are few.
    """
    if isinstance(asked, MixRatio):
        share, most = Fraction(str(asked.anchor_share)), anchors + synthetic
    else:
        most = asked.anchors + asked.synthetic
        share = Fraction(asked.anchors, most)
    largest = _largest(share, most, anchors, synthetic)
    binding = "none" if largest == most and isinstance(asked, MixRows) else _binding(share, largest, anchors)
    over = largest % share.denominator
    rows = largest - over if over * MOST_LEFT_OUT <= largest else largest
    if rows == anchors_in(share, rows) and share < 1:
        rows = 0  # rounding up alone: anchors and nothing beside them are no mix
    used = anchors_in(share, rows)
    return Mix(share, used, rows - used, anchors, synthetic, binding)


def _largest(share: Fraction, most: int, anchors: int, synthetic: int) -> int:
    """The greatest row count up to `most` whose two sides are there; both sides only grow with it, so bisect."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        used = anchors_in(share, middle)
        if used <= anchors and middle - used <= synthetic:
            low = middle
        else:
            high = middle - 1
    return low


def _binding(share: Fraction, rows: int, anchors: int) -> str:
    """Which side has no row left for the next place."""
    return "anchors" if anchors_in(share, rows + 1) > anchors else "synthetic"
