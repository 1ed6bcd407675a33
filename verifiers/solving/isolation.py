"""All real roots on a bounded interval, proved by balls: where f or f' keeps away from zero there is none, or one."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import derivative
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ONE, ZERO, plus, power, times
from proofmill.verifiers.expressions.nodes import Call, Node, Number, substitute
from proofmill.verifiers.verdict import Unreadable

BITS: Final = 128
PIECES: Final = 6_000
"""The most intervals that are looked at."""
SHORTEST: Final = Fraction(1, 2**30)
MARGIN: Final = Fraction(1, 2**100)
"""Beyond the ends, which are known to so many bits at least."""


def fraction(node: Node) -> tuple[Node, Node]:
    """(numerator, denominator): sums brought to one fraction, tan as sin/cos."""
    if not isinstance(node, Call):
        return node, ONE
    if node.head == "Tan":
        return Call("Sin", node.args), Call("Cos", node.args)
    if node.head == "Pow" and isinstance(node.args[1], Number) and node.args[1].value.denominator == 1:
        above, below = fraction(node.args[0])
        exponent = node.args[1].value
        parts = power(above, Number(abs(exponent))), power(below, Number(abs(exponent)))
        return parts if exponent >= 0 else (parts[1], parts[0])
    if node.head not in {"Add", "Mul", "Div", "Neg"}:
        return node, ONE
    parts_of = [fraction(part) for part in node.args]
    if node.head == "Neg":
        return times(Number(Fraction(-1)), parts_of[0][0]), parts_of[0][1]
    if node.head == "Div":
        (a, b), (c, d) = parts_of
        return times(a, d), times(b, c)
    if node.head == "Mul":
        return times(*(above for above, _ in parts_of)), times(*(below for _, below in parts_of))
    return _common(parts_of)


def _common(parts: list[tuple[Node, Node]]) -> tuple[Node, Node]:
    """A sum over one denominator; equal denominators are used once."""
    below = list(dict.fromkeys(part for _, part in parts if part != ONE))
    terms = [times(above, *(other for other in below if other != own)) for above, own in parts]
    return plus(*terms), times(*below)


class Isolation:
    """One function on one interval, and the roots that are known to be roots."""

    def __init__(self, gap: Node, name: str) -> None:
        self.above, self.below = fraction(gap)
        self.name = name
        self.slopes = [self.above, derivative(self.above, name)]
        self.slopes.append(derivative(self.slopes[1], name))
        self.left = PIECES

    def complete(self, low: Node, high: Node, roots: list[Node], *, closed: tuple[bool, bool]) -> Comparison:
        """Whether the given roots are all there are between two ends; a root beside them is the witness."""
        from proofmill.verifiers.expressions import balls

        with balls.precision(BITS):
            known = list(roots)
            for end, counts in zip((low, high), closed, strict=True):
                if any(compare(end, root).outcome == "equal" for root in roots) or not self.vanishes(end):
                    continue
                if counts and not self.pole(end):
                    return Comparison("different", "missing_root", {"witness": str(balls.value(end, {}).real.str(12))})
                known.append(end)
            start, stop = balls.value(low, {}).real, balls.value(high, {}).real
            if not start < stop:
                return Comparison("unknown", "completeness_open", {"detail": "the ends of the interval"})
            return self.scan(rational_middle(start) - MARGIN, rational_middle(stop) + MARGIN, known)

    def vanishes(self, point: Node) -> bool:
        """Whether the numerator is zero at a point; an open question counts as no."""
        try:
            return compare(substitute(self.above, {self.name: point}), ZERO).outcome == "equal"
        except Unreadable:
            return False

    def pole(self, point: Node) -> bool:
        try:
            return compare(substitute(self.below, {self.name: point}), ZERO).outcome != "different"
        except Unreadable:
            return True

    def scan(self, low: Fraction, high: Fraction, roots: list[Node]) -> Comparison:
        around = [piece for root in roots if (piece := self.neighbourhood(root)) is not None]
        if len(around) < len(roots):
            return Comparison("unknown", "completeness_open", {"detail": "a root of high multiplicity"})
        todo = list(_outside(low, high, sorted(around)))
        while todo:
            piece = todo.pop()
            self.left -= 1
            found = self.inspect(*piece)
            if found == "root":
                return self.missing(piece)
            if found == "none":
                continue
            if self.left <= 0 or piece[1] - piece[0] < SHORTEST:
                return Comparison("unknown", "completeness_open", {"near": f"{float(piece[0]):.12g}"})
            middle = (piece[0] + piece[1]) / 2
            todo += [(piece[0], middle), (middle, piece[1])]
        return Comparison("equal", "isolation by balls", {"pieces": PIECES - self.left, "bits": BITS}, "proved")

    def missing(self, piece: tuple[Fraction, Fraction]) -> Comparison:
        """A certain root of the numerator: refuted, unless the denominator may be zero there too."""
        below = self.over(self.below, *piece)
        where = {"witness": f"{float(piece[0]):.10g} .. {float(piece[1]):.10g}"}
        if self.below != ONE and (below is None or below.contains(0)):
            return Comparison("unknown", "completeness_open", where)
        return Comparison("different", "missing_root", where)

    def inspect(self, low: Fraction, high: Fraction) -> str:
        """`none`, `root`, or `open` on an interval."""
        value = self.over(self.slopes[0], low, high)
        if value is None:
            return "open"
        if not value.contains(0):
            return "none"
        slope = self.over(self.slopes[1], low, high)
        if slope is None or slope.contains(0) or not self.is_real(low, high):
            return "open"
        first, last = (self.over(self.slopes[0], end, end) for end in (low, high))
        if first is None or last is None or first.contains(0) or last.contains(0):
            return "open"
        return "none" if (first.real > 0) == (last.real > 0) else "root"

    def is_real(self, low: Fraction, high: Fraction) -> bool:
        return all(
            found is not None and found.imag.is_zero()
            for found in (self.over(part, low, high) for part in self.slopes[:2])
        )

    def neighbourhood(self, root: Node) -> tuple[Fraction, Fraction] | None:
        """An interval around a root in which no other can be: f' is not zero, or f' is zero at it and f'' nowhere."""
        from proofmill.verifiers.expressions import balls

        centre = rational_middle(balls.value(root, {}).real)
        degrees = [1]
        try:
            if compare(substitute(self.slopes[1], {self.name: root}), ZERO).outcome == "equal":
                degrees = [2]
        except Unreadable:
            return None
        for power_of_two in range(2, 40, 2):
            radius = Fraction(1, 2**power_of_two)
            low, high = centre - radius, centre + radius
            slope = self.over(self.slopes[degrees[0]], low, high)
            if slope is not None and not slope.contains(0) and self.is_real(low, high):
                return low, high
        return None

    def over(self, node: Node, low: Fraction, high: Fraction) -> Any | None:
        return ball_over(node, self.name, low, high)


def ball_over(node: Node, name: str, low: Fraction, high: Fraction, *, real: bool = False) -> Any | None:
    """The ball of a tree over an interval; None where there is no finite one."""
    from flint import acb, arb, fmpq

    from proofmill.verifiers.expressions import balls

    middle, radius = (low + high) / 2, (high - low) / 2
    with balls.precision(BITS):
        spread = arb(0, 1) * arb(fmpq(radius.numerator, radius.denominator))
        around = acb(arb(fmpq(middle.numerator, middle.denominator)) + spread)
        try:
            return balls.value(node, {name: around}, real=real)
        except (balls.Undefined, Unreadable):
            return None


def _outside(
    low: Fraction, high: Fraction, around: list[tuple[Fraction, Fraction]]
) -> Iterator[tuple[Fraction, Fraction]]:
    """What is left of an interval without some pieces, in parts of at most 1."""
    for start, stop in [*around, (high, high)]:
        while low < min(start, high):
            end = min(low + 1, start, high)
            yield low, end
            low = end
        low = max(low, stop)


def rational_middle(found: Any) -> Fraction:
    """The midpoint of a real ball, exactly."""
    mantissa, exponent = found.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
