"""From cheap to dear: a few certified points, a proof, all points and breakpoints, and SymPy last.

A ball of the gap that excludes zero refutes, rigorously. A proof is a numerator that reduces to zero, or a separation
bound. What is not proved is `equal` only if balls at many points and SymPy, two unlike engines, both say so.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, islice

from proofmill.verifiers.expressions.closed_forms import (
    CALCULUS_BITS,
    FIRST_BITS,
    MORE_BITS,
    closed_gap,
    compare_closed,
)
from proofmill.verifiers.expressions.comparison import Comparison, Tally
from proofmill.verifiers.expressions.confirming import CONFIRMED, confirmed, proved
from proofmill.verifiers.expressions.nodes import Node, free_symbols, has_constant, is_unevaluated
from proofmill.verifiers.expressions.points import POINT_BITS, QUICK, needs_integers, points, points_of, whole_points
from proofmill.verifiers.expressions.policy import DEFAULT, Policy
from proofmill.verifiers.expressions.refuting import refutation
from proofmill.verifiers.verdict import Unreadable

__all__ = ["POINT_BITS", "Comparison", "compare_by_routes", "numeric_gap", "points", "whole_points"]

AGREEING = 11
"""How many points must agree where nothing is proved."""
CLOSE_POINTS = 4
CLOSE_BITS = 4_000
"""What SymPy says is looked at again: x*tanh(98) and x*tanh(100) differ by so little that it takes them for equal."""
LEAST = 3
"""How many are enough where breakpoints or a narrow domain leave no more."""


def compare_by_routes(
    left: Node, right: Node, tolerance: Fraction | None = None, policy: Policy = DEFAULT
) -> Comparison:
    """Compare two trees without collections, relations or infinities in them."""
    names = sorted(free_symbols(left) | free_symbols(right))
    real = not (has_constant(left, "i") or has_constant(right, "i")) and policy.domain != "complex"
    try:
        if not names:
            return compare_closed(left, right, real, tolerance, policy)
        return _in_variables(left, right, names, real, tolerance, policy)
    except Unreadable as why:
        return Comparison("unknown", "undefined" if why.reason == "undefined" else why.reason, {"detail": str(why)})


# In variables ---------------------------------------------------------------------------------------------------------


def _in_variables(
    left: Node, right: Node, names: list[str], real: bool, tolerance: Fraction | None, policy: Policy
) -> Comparison:
    integers = real and (needs_integers(left) or needs_integers(right))
    places = points_of(names, policy.domain, integers=integers)
    tally = Tally()
    allowed = tolerance or Fraction(0)
    if found := refutation(left, right, islice(places, QUICK), tally, real=real, policy=policy, allowed=allowed):
        return found
    sure = tolerance is None and proved(left, right, real, policy)
    if sure and tally.used and policy.common_domain:
        return Comparison("equal", "structure" if left == right else "exact", tally.evidence, "proved")
    from proofmill.verifiers.expressions import breakpoints

    if real and (tally.used == 0 or breakpoints.has_steps(left) or breakpoints.has_steps(right)):
        places = chain(places, breakpoints.points_around(left, right, names))
    if found := refutation(left, right, places, tally, real=real, policy=policy, allowed=allowed):
        return found
    if tally.one_sided and not policy.common_domain:
        return Comparison("unknown", "domains_differ", tally.evidence)
    if sure and (tally.used or (tally.unsupported and not tally.undefined and not tally.one_sided)):
        return Comparison("equal", "structure" if left == right else "exact", tally.evidence, "proved")
    if (found := _agreed(left, right, tally, tolerance)).method != CONFIRMED:
        return found
    closely = islice(points_of(names, policy.domain, integers=integers), CLOSE_POINTS)
    return refutation(left, right, closely, Tally(), real=real, policy=policy, bits=CLOSE_BITS) or found


def _agreed(left: Node, right: Node, tally: Tally, tolerance: Fraction | None) -> Comparison:
    if not tally.used:
        return Comparison("unknown", "no_usable_point", tally.evidence)
    if tolerance is not None:
        return Comparison("equal", "tolerance", tally.evidence, "agreed")
    if tally.used < LEAST or tally.used < AGREEING <= tally.used + tally.unsupported:
        return Comparison("unknown", "few_usable_points", tally.evidence)
    return confirmed(left, right, tally.evidence)


def numeric_gap(
    left: Node,
    right: Node,
    names: list[str],
    *,
    real: bool,
    tolerance: Fraction | None = None,
    integers: bool = False,
) -> Comparison:
    """Certified numerics alone: `different` with a witness, `equal` when every ball of the gap contains zero,
    `unknown` when no point was usable. `integers` allows only these."""
    if not names:
        ladder = CALCULUS_BITS if is_unevaluated(left) or is_unevaluated(right) else (*FIRST_BITS, *MORE_BITS)
        return closed_gap(left, right, real, tolerance, ladder)
    tally = Tally()
    places: Iterator[dict[str, Fraction]] = whole_points(names) if integers else points(names)
    if found := refutation(left, right, places, tally, real=real, policy=DEFAULT):
        return found
    return Comparison(
        "equal" if tally.used else "unknown", "balls" if tally.used else "no_usable_point", tally.evidence
    )
