"""Closed forms: precision is doubled until the gap excludes zero; in between, a proof or a separation bound."""

from collections.abc import Iterable
from fractions import Fraction

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.confirming import confirmed, proved
from proofmill.verifiers.expressions.nodes import Call, Node, heads_of, is_unevaluated
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.refuting import contains_zero

FIRST_BITS = (64, 160)
"""Precisions that a closed form is tried at before a proof is sought."""
MORE_BITS = (512, 1_024, 3_000, 30_000)
"""The same afterwards, until its gap excludes zero: tanh(98) and tanh(100) differ in their 85th digit."""
SUM_BITS = (1_024, 4_000)
"""The same for a closed form with a finite sum in it."""
CALCULUS_BITS = (64, 128, 256)
"""For a closed form with an integral or a sum in it, which is slow at more."""


def compare_closed(left: Node, right: Node, real: bool, tolerance: Fraction | None, policy: Policy) -> Comparison:
    if tolerance is not None and not real:
        return Comparison("unknown", "complex_tolerance")
    calculus = is_unevaluated(left) or is_unevaluated(right)
    found = closed_gap(left, right, real, tolerance, CALCULUS_BITS if calculus else FIRST_BITS)
    if found.outcome == "different" and tolerance is None and _is_rounded(left, right):
        return _rounding(found, policy)
    if found.outcome == "different" or found.method == "tolerance":
        return found
    if found.outcome == "unknown":
        if found.method == "unsupported" and proved(left, right, real, policy):
            return Comparison("equal", "structure" if left == right else "exact", strength="proved")
        return found
    if proved(left, right, real, policy):
        return Comparison("equal", "structure" if left == right else "exact", found.evidence, "proved")
    if (separated := _separated(left, right, real)) is not None:
        return separated
    if "Integral" not in heads_of(left) | heads_of(right):
        found = closed_gap(left, right, real, tolerance, SUM_BITS if calculus else MORE_BITS)
    if found.outcome != "equal" or found.method == "tolerance":
        return found
    return confirmed(left, right, found.evidence)


def closed_gap(left: Node, right: Node, real: bool, tolerance: Fraction | None, ladder: Iterable[int]) -> Comparison:
    from proofmill.verifiers.expressions import balls

    bits = 0
    for bits in ladder:
        with balls.precision(bits):
            try:
                gap = balls.value(left, {}, real=real) - balls.value(right, {}, real=real)
            except balls.Unsupported as why:
                return Comparison("unknown", "unsupported", {"detail": str(why)})
            except balls.Undefined as why:
                return Comparison("unknown", "undefined", {"detail": str(why)})
            if tolerance is not None and abs(gap) <= balls.ball(tolerance).real:
                return Comparison("equal", "tolerance", {"gap": gap.str(8), "bits": bits}, "proved")
            if not contains_zero(gap) and (tolerance is None or abs(gap) > balls.ball(tolerance).real):
                return Comparison("different", "balls", {"gap": gap.str(8), "bits": bits})
    return Comparison("equal", "balls", {"bits": bits})


def _separated(left: Node, right: Node, real: bool) -> Comparison | None:
    """Algebraic numbers, decided by the least distance that two different ones can have."""
    from proofmill.verifiers.expressions import balls, separation

    bits = separation.bits_needed(Call("Add", (left, Call("Neg", (right,)))))
    if bits is None:
        return None
    with balls.precision(bits + 96):
        try:
            gap = balls.value(left, {}, real=real) - balls.value(right, {}, real=real)
        except balls.Undefined:
            return None
        if not contains_zero(gap):
            return Comparison("different", "balls", {"gap": gap.str(8), "bits": bits + 96})
        if abs(gap) < balls.ball(Fraction(1, 2**bits)).real:
            return Comparison("equal", "separation bound", {"bits": bits}, "proved")
    return None


def _is_rounded(left: Node, right: Node) -> bool:
    from proofmill.verifiers.expressions import rounding

    return rounding.is_rounded(left, right) or rounding.is_rounded(right, left)


def _rounding(found: Comparison, policy: Policy) -> Comparison:
    """An irrational number beside its own digits: they differ, and nobody could have written more than digits."""
    if policy.rounded:
        return Comparison("equal", "rounded", found.evidence, "proved")
    return Comparison("unknown", "rounded", found.evidence)
