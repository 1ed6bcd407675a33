"""Two unlike routes to `equal`: certified balls at fixed points, and SymPy; a yes needs both, a ball alone refutes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from proofmill.verifiers.expressions.nodes import Node, free_symbols, has_constant, is_unevaluated
from proofmill.verifiers.expressions.writer import number_text
from proofmill.verifiers.verdict import Unreadable

BITS = (64, 128, 256, 512, 1024, 2048)
"""Precisions that a closed form is tried at until its gap excludes zero."""
CALCULUS_BITS = (64, 128, 256)
"""The same for a closed form with an integral or a sum in it, which is slow at more."""
POINT_BITS = 160
SCALES = ("3/7", "2", "-5/3", "17/11", "5", "-7/2", "101/10", "-1/9", "0", "1009/3", "-211", "1/1000", "7", "-20011/2")
"""Where expressions in variables are compared: small, of the order of one, large, negative, and integers."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, by which method, and the numbers behind it (JSON)."""

    outcome: Literal["equal", "different", "unknown"]
    method: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


def compare_by_routes(left: Node, right: Node, tolerance: Fraction | None) -> Comparison:
    """Certified numerics first; what they can't tell apart needs SymPy's yes as well."""
    names = sorted(free_symbols(left) | free_symbols(right))
    real = not (has_constant(left, "i") or has_constant(right, "i"))
    try:
        numeric = numeric_gap(left, right, names, real=real, tolerance=tolerance)
    except Unreadable as why:
        return Comparison("unknown", "undefined", {"detail": str(why)})
    if numeric.outcome == "equal" and numeric.method == "tolerance":
        return numeric
    if numeric.outcome == "different":
        if _symbolic_says_equal(left, right):
            return Comparison("unknown", "routes_disagree", numeric.evidence)
        return numeric
    if numeric.outcome == "unknown" or tolerance is not None:
        return numeric if numeric.outcome == "unknown" else Comparison("equal", "tolerance", numeric.evidence)
    return _confirmed(left, right, numeric.evidence)


def _confirmed(left: Node, right: Node, evidence: Mapping[str, Any]) -> Comparison:
    """Balls agree: what does SymPy say?"""
    if left == right:
        return Comparison("equal", "structure and balls", evidence)
    from proofmill.verifiers.expressions import symbolic

    if symbolic.has_large_power(left) or symbolic.has_large_power(right):
        return Comparison("unknown", "not_decided", {**evidence, "detail": "a power too large for SymPy"})
    same = symbolic.is_zero(symbolic.build(left) - symbolic.build(right))
    if same:
        return Comparison("equal", "sympy and balls", evidence)
    return Comparison("unknown", "not_decided" if same is None else "routes_disagree", evidence)


def _symbolic_says_equal(left: Node, right: Node) -> bool:
    if left == right:
        return True
    from proofmill.verifiers.expressions import symbolic

    if symbolic.has_large_power(left) or symbolic.has_large_power(right):
        return False
    return symbolic.looks_equal(symbolic.build(left), symbolic.build(right))


def numeric_gap(
    left: Node,
    right: Node,
    names: list[str],
    *,
    real: bool,
    tolerance: Fraction | None = None,
    integers: bool = False,
) -> Comparison:
    """Certified numerics: `different` with a witness, `equal` when every ball of the gap contains zero, `unknown`
    when no point was usable. With a tolerance, closed forms are decided against it; `integers` allows only these."""
    if not names:
        return _closed_gap(left, right, real, tolerance)
    from proofmill.verifiers.expressions import balls

    used = skipped = 0
    with balls.precision(POINT_BITS):
        for point in whole_points(names) if integers else points(names):
            values = {name: balls.ball(number) for name, number in point.items()}
            try:
                gap = balls.value(left, values, real=real) - balls.value(right, values, real=real)
            except (balls.Undefined, Unreadable):
                skipped += 1
                continue
            used += 1
            if not _contains_zero(gap):
                witness = {name: number_text(number) for name, number in point.items()}
                return Comparison("different", "balls", {"witness": witness, "gap": gap.str(8)})
    evidence = {"points": used, "skipped": skipped, "bits": POINT_BITS}
    return Comparison("equal" if used else "unknown", "balls" if used else "no_usable_point", evidence)


def _closed_gap(left: Node, right: Node, real: bool, tolerance: Fraction | None) -> Comparison:
    from proofmill.verifiers.expressions import balls

    bits = 0
    for bits in CALCULUS_BITS if is_unevaluated(left) else BITS:
        with balls.precision(bits):
            try:
                gap = balls.value(left, {}, real=real) - balls.value(right, {}, real=real)
            except balls.Undefined as why:
                return Comparison("unknown", "undefined", {"detail": str(why)})
            if tolerance is not None and abs(gap) <= balls.ball(tolerance).real:
                return Comparison("equal", "tolerance", {"gap": gap.str(8), "bits": bits})
            if not _contains_zero(gap) and (tolerance is None or abs(gap) > balls.ball(tolerance).real):
                return Comparison("different", "balls", {"gap": gap.str(8), "bits": bits})
    return Comparison("equal", "balls", {"bits": bits})


def _contains_zero(gap: Any) -> bool:
    return bool(gap.real.contains(0) and gap.imag.contains(0))


def points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """The points where expressions are compared: fixed, so that a verdict can be made again."""
    scales = [Fraction(scale) for scale in SCALES]
    for index in range(len(scales)):
        yield {name: scales[(index + 3 * offset) % len(scales)] for offset, name in enumerate(names)}
    if len(names) > 1:
        for index in range(4):
            yield {name: Fraction(2 + index * (offset + 1) + offset) for offset, name in enumerate(names)}


def whole_points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """Points of small positive integers, for expressions that have no meaning elsewhere."""
    for index in range(10):
        yield {name: Fraction(1 + index * (offset + 1) + 2 * offset) for offset, name in enumerate(names)}
