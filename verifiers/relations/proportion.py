"""Relations whose gaps, left minus right, are the same up to a constant factor, by the equality engine."""

from fractions import Fraction
from typing import Any, Literal

from proofmill.verifiers.expressions import balls
from proofmill.verifiers.expressions.nodes import (
    RELATIONS,
    Call,
    Node,
    Number,
    free_symbols,
    heads_of,
    number,
    substitute,
)
from proofmill.verifiers.expressions.routes import points
from proofmill.verifiers.relations.factors import alike
from proofmill.verifiers.relations.places import simplest
from proofmill.verifiers.relations.statements import TRUE
from proofmill.verifiers.verdict import Unreadable

ENTIRE = RELATIONS | {"Add", "Mul", "Neg", "Sin", "Cos", "Exp", "Sinh", "Cosh", "Atan", "Abs", "Asinh"}
"""Heads of expressions that have a value everywhere."""
SMALL = 60
"""Bits of a rational factor between two gaps that is taken for exact; it is then put to the proof."""


def proportional(left: Node, right: Node) -> Literal["proved", "agreed", ""]:
    """Whether the gaps of two relations are equal up to a constant factor, which may be no rational number."""
    from proofmill.verifiers.expressions.equality import compare

    if not isinstance(left, Call) or not isinstance(right, Call) or not alike(left, right):
        return ""
    gaps: list[Node] = [Call("Add", (side.args[0], Call("Neg", (side.args[1],)))) for side in (left, right)]
    names = sorted(free_symbols(left) | free_symbols(right))
    place = _place(gaps, names)
    if place is None:
        return ""
    point, sign = place
    if left.head in {"Lt", "Le"} and sign < 0:
        return ""
    one, two = _factors_at(gaps, point)
    found = compare(Call("Mul", (gaps[0], one)), Call("Mul", (gaps[1], two)))
    if found.outcome != "equal" or not _same_domain(gaps, names):
        return ""
    everywhere = (heads_of(left) | heads_of(right)) <= ENTIRE
    return "proved" if found.strength == "proved" and everywhere else "agreed"


def _factors_at(gaps: list[Node], point: dict[str, Node]) -> tuple[Node, Node]:
    """What to multiply two gaps with so that they agree at a point: small whole numbers where such will do."""
    values = [substitute(gap, point) for gap in gaps]
    with balls.precision(160):
        try:
            found: Any = balls.value(values[1], {}) / balls.value(values[0], {})
        except (balls.Undefined, Unreadable):
            return values[1], values[0]
    low, high = (_fraction(end) for end in (found.real.lower(), found.real.upper()))
    ratio = simplest(low, high) if low < high else low
    if ratio.numerator.bit_length() + ratio.denominator.bit_length() > SMALL:
        return values[1], values[0]
    return number(ratio.numerator), number(ratio.denominator)


def _fraction(end: Any) -> Fraction:
    exact = end.fmpq()
    return Fraction(int(exact.p), int(exact.q))


def same_sides(left: Node, right: Node) -> Literal["agreed", ""]:
    """Whether the sides of two relations are equal, each to each; of equations also the other way round."""
    from proofmill.verifiers.expressions.equality import compare

    if not isinstance(left, Call) or not isinstance(right, Call) or not alike(left, right):
        return ""
    for others in (right.args, right.args[::-1])[: 2 if left.head in {"Eq", "Ne"} else 1]:
        pairs = zip(left.args, others, strict=True)
        if all(compare(one, two).outcome == "equal" for one, two in pairs):
            return "agreed"
    return ""


def identity(equation: Node, other: Node) -> Literal["agreed", ""]:
    """Whether an equation beside `true` holds wherever its sides have values."""
    from proofmill.verifiers.expressions.equality import compare

    if not isinstance(equation, Call) or equation.head != "Eq" or other != TRUE:
        return ""
    return "agreed" if compare(*equation.args).outcome == "equal" else ""


def _place(gaps: list[Node], names: list[str]) -> tuple[dict[str, Node], int] | None:
    """A point where both gaps are not zero, and the sign of their quotient there."""
    for point in points(names) if names else iter([{}]):
        found = [_sign(gap, point) for gap in gaps]
        if None not in found and 0 not in found:
            return {name: Number(value) for name, value in point.items()}, (found[0] or 0) * (found[1] or 0)
    return None


def _same_domain(gaps: list[Node], names: list[str]) -> bool:
    """Whether the gaps have values at the same points, as far as points tell."""
    return all(len({_sign(gap, point) is None for gap in gaps}) == 1 for point in points(names)) if names else True


def _sign(gap: Node, point: dict[str, Fraction]) -> int | None:
    with balls.precision(160):
        try:
            found: Any = balls.value(gap, {name: balls.ball(value) for name, value in point.items()})
        except (balls.Undefined, Unreadable):
            return None
    return 0 if found.contains(0) else 1 if found.real > 0 else -1
