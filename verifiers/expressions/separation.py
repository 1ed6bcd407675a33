"""When an algebraic number is zero: a number too small to be anything else is.

The bound of Burnikel, Funke, Mehlhorn, Schirra and Schmitt (BFMSS, 2001): an expression of integers, + - * / and roots
is U/L for algebraic integers U, L whose conjugates are at most u and l in absolute value; if it is not zero it is at
least 1/(u^(D-1) l), where D bounds its degree. Roots of unity (cosines of rational multiples of pi) are algebraic
integers too.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number

MOST_BITS = 12_000
"""The longest numbers that a proof is sought with."""


class NotAlgebraic(ArithmeticError):
    """No bound: a step that leaves the algebraic numbers, or that this file does not know."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Base-2 logarithms: of the conjugates of the numerator, and of the denominator."""

    above: float
    below: float


def bits_needed(node: Node) -> int | None:
    """The precision at which a ball that contains zero proves a closed form to be zero; None where there is none."""
    search = _Search()
    try:
        found = search.bound(node)
    except (NotAlgebraic, OverflowError):
        return None
    degree = math.prod(search.roots.values()) * _totient(search.circle or 1)
    bits = (degree - 1) * max(found.above, 0.0) + max(found.below, 0.0)
    return int(bits) + 8 if bits < MOST_BITS else None


class _Search:
    """The bounds of a tree, with the roots met: each different one multiplies the degree once."""

    def __init__(self) -> None:
        self.roots: dict[Node, int] = {}
        self.circle = 0

    def bound(self, node: Node) -> Bound:
        if isinstance(node, Number):
            return _of_rational(node.value)
        if isinstance(node, Constant) and node.name == "i":
            return self._unity(4)
        if not isinstance(node, Call):
            raise NotAlgebraic
        if node.head in {"Neg", "Add", "Mul", "Div"}:
            return self._combined(node.head, [self.bound(part) for part in node.args])
        match node.head:
            case "Sqrt":
                return self._root(node, node.args[0], 2)
            case "Abs":
                return self._root(node, node.args[0], 2, power=2)
            case "Pow":
                return self._power(node)
            case "Sin" | "Cos" | "Tan":
                return self._circular(node)
        value = exact.value(node)
        if value is None:
            raise NotAlgebraic
        return _of_rational(value)

    def _combined(self, head: str, parts: list[Bound]) -> Bound:
        if head == "Div":
            return Bound(parts[0].above + parts[1].below, parts[0].below + parts[1].above)
        below = sum(part.below for part in parts)
        if head == "Mul":
            return Bound(sum(part.above for part in parts), below)
        largest = max(part.above + below - part.below for part in parts)
        return Bound(largest + math.log2(len(parts)), below)

    def _power(self, node: Call) -> Bound:
        base, exponent = node.args
        if base == Constant("e"):
            turns = _turns(exponent, imaginary=True)
            if turns is None:
                raise NotAlgebraic
            return self._unity(turns.denominator)
        power = exact.value(exponent)
        if power is None:
            raise NotAlgebraic
        found = self._root(node, base, power.denominator) if power.denominator > 1 else self.bound(base)
        times = abs(power.numerator)
        found = Bound(found.above * times, found.below * times)
        return found if power > 0 else Bound(found.below, found.above)

    def _root(self, node: Node, inner: Node, order: int, power: int = 1) -> Bound:
        """A root of U/L is that of U L^(q-1), over L."""
        if order > 1_000:
            raise NotAlgebraic
        found = self.bound(inner)
        self.roots[node] = order
        above, below = max(found.above, 0.0) * power, max(found.below, 0.0) * power
        return Bound((above + (order - 1) * below) / order, below)

    def _circular(self, node: Call) -> Bound:
        turns = _turns(node.args[0], imaginary=False)
        if turns is None:
            raise NotAlgebraic
        self._unity(math.lcm(4, turns.denominator))
        return Bound(1.0, 1.0)

    def _unity(self, order: int) -> Bound:
        self.circle = math.lcm(self.circle or 1, order)
        if self.circle > 1_000:
            raise NotAlgebraic
        return Bound(0.0, 0.0)


def _totient(order: int) -> int:
    """The degree of a primitive root of unity."""
    return sum(1 for number in range(1, order + 1) if math.gcd(number, order) == 1)


def _of_rational(value: Fraction) -> Bound:
    return Bound(float(value.numerator.bit_length()), float((value.denominator - 1).bit_length()))


def _turns(node: Node, *, imaginary: bool) -> Fraction | None:
    """The rational t with node = 2 pi t, or 2 pi i t."""
    found = _linear(node)
    if found is None:
        return None
    terms = {key: value for key, value in found.items() if value}
    key = ("i", "pi") if imaginary else ("pi",)
    return terms.get(key, Fraction(0)) / 2 if set(terms) <= {key} else None


def _linear(node: Node) -> dict[tuple[str, ...], Fraction] | None:
    """A tree as a rational combination of 1, pi, i and i pi."""
    value = exact.value(node)
    if value is not None:
        return {(): value}
    if isinstance(node, Constant) and node.name in {"pi", "i"}:
        return {(node.name,): Fraction(1)}
    if not isinstance(node, Call) or node.head not in {"Neg", "Add", "Mul", "Div"}:
        return None
    parts = [_linear(part) for part in node.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return _combined(node.head, known)


def _combined(head: str, parts: list[dict[tuple[str, ...], Fraction]]) -> dict[tuple[str, ...], Fraction] | None:
    found: dict[tuple[str, ...], Fraction] = {}
    if head == "Neg":
        return {key: -value for key, value in parts[0].items()}
    if head == "Add":
        for part in parts:
            for key, value in part.items():
                found[key] = found.get(key, Fraction(0)) + value
        return found
    if head == "Div":
        if set(parts[1]) != {()} or not parts[1][()]:
            return None
        return {key: value / parts[1][()] for key, value in parts[0].items()}
    found = {(): Fraction(1)}
    for part in parts:
        if len(found) > 1 and len(part) > 1:
            return None
        found = {
            tuple(sorted(one + two)): value * factor for one, value in found.items() for two, factor in part.items()
        }
    return found
