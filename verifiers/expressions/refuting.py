"""Rigorous refutation: a point where both sides are defined and their balls do not meet."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from proofmill.verifiers.expressions.comparison import Comparison, Tally
from proofmill.verifiers.expressions.nodes import Node
from proofmill.verifiers.expressions.points import POINT_BITS, imaginary
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.writer import number_text
from proofmill.verifiers.verdict import Unreadable


def refutation(
    left: Node,
    right: Node,
    places: Iterable[dict[str, Fraction]],
    tally: Tally,
    *,
    real: bool,
    policy: Policy,
    allowed: Fraction = Fraction(0),
    bits: int = POINT_BITS,
) -> Comparison | None:
    """A point where both sides are defined and certainly differ; the tally counts the others."""
    from proofmill.verifiers.expressions import balls, rounding

    with balls.precision(bits):
        for point in places:
            values = {name: balls.ball(number) for name, number in point.items()}
            if policy.domain == "complex":
                parts = imaginary(point)
                values = {name: value + balls.ball(parts[name]) * balls.IMAGINARY for name, value in values.items()}
            sides = [_side(part, values, real, tally) for part in (left, right)]
            if sides[0] is None or sides[1] is None:
                tally.one_sided += (sides[0] is None) != (sides[1] is None)
                tally.undefined += sides == [None, None]
                continue
            tally.used += 1
            gap = sides[0] - sides[1]
            if not contains_zero(gap) and (not allowed or abs(gap) > balls.ball(allowed).real):
                if not allowed and real and rounding.is_noise(left, right, point):
                    return Comparison("unknown", "rounded", {"gap": gap.str(8), "bits": bits})
                witness = {name: number_text(number) for name, number in point.items()}
                return Comparison("different", "balls", {"witness": witness, "gap": gap.str(8), "bits": bits})
    return None


def _side(node: Node, values: Mapping[str, Any], real: bool, tally: Tally) -> Any:
    from proofmill.verifiers.expressions import balls

    try:
        return balls.value(node, values, real=real)
    except balls.Unsupported:
        tally.unsupported += 1
    except (balls.Undefined, Unreadable):
        pass
    return None


def contains_zero(gap: Any) -> bool:
    return bool(gap.real.contains(0) and gap.imag.contains(0))
