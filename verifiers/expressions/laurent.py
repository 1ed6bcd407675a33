"""Exact power series with rational coefficients, negative powers allowed: expansions, and limits that follow from them.

An expression is expanded in s -> 0+, where x = a + s, a - s, 1/s or -1/s. Coefficients stay rational, so a coefficient
that is zero is known to be zero; what would need an irrational one (exp at 1, log at 2) has no expansion here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from flint import ctx, fmpq, fmpq_series

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol
from proofmill.verifiers.verdict import Unreadable

TERMS: Final = (8, 24)
"""Numbers of terms that are tried until one of them is not zero."""
LARGEST_POWER: Final = 200


class NoExpansion(ArithmeticError):
    """Not expanded: another kind of function, or coefficients that are not rational."""


@dataclass(frozen=True, slots=True)
class Laurent:
    """s^shift * (c0 + c1 s + ...), exact up to the number of coefficients; c0 is not zero unless all are."""

    shift: int
    coefficients: tuple[Any, ...]

    @property
    def series(self) -> Any:
        return fmpq_series(list(self.coefficients), prec=len(self.coefficients))


@dataclass(frozen=True, slots=True)
class Path:
    """How x approaches its point: x = start + direction*s, or direction/s with `far`."""

    start: Fraction
    direction: int
    far: bool = False


def expand(node: Node, name: str, path: Path, terms: int) -> Laurent:
    """The expansion of a tree in one variable, to so many terms; raises NoExpansion."""
    before, ctx.cap = ctx.cap, terms
    try:
        return _Expander(name, path, terms).of(node)
    except (ValueError, ZeroDivisionError, Unreadable) as why:
        raise NoExpansion(str(why)) from why
    finally:
        ctx.cap = before


def limit(node: Node, name: str, path: Path) -> Fraction | str | None:
    """The limit along a path: a rational number, `oo`, `-oo`, or None where no expansion tells."""
    for terms in TERMS:
        try:
            found = expand(node, name, path, terms)
        except NoExpansion:
            return None
        if not found.coefficients or found.coefficients[0] == 0:
            if found.shift > 0:
                return Fraction(0)
            continue
        if found.shift > 0:
            return Fraction(0)
        lead = found.coefficients[0]
        if found.shift == 0:
            return Fraction(int(lead.p), int(lead.q))
        return "oo" if lead > 0 else "-oo"
    return None


def _normal(shift: int, coefficients: list[Any]) -> Laurent:
    """Without leading zeros."""
    for index, value in enumerate(coefficients):
        if value != 0:
            return Laurent(shift + index, tuple(coefficients[index:]))
    return Laurent(shift + len(coefficients) - 1, (fmpq(0),))


class _Expander:
    def __init__(self, name: str, path: Path, terms: int) -> None:
        self.name = name
        self.path = path
        self.terms = terms

    def of(self, node: Node) -> Laurent:
        known = exact.value(node)
        if known is not None:
            return self.padded(0, [fmpq(known.numerator, known.denominator)])
        if node == Symbol(self.name):
            return self.variable()
        if not isinstance(node, Call):
            raise NoExpansion("a constant that is not rational")
        if node.head == "Pow":
            return self.power(node)
        parts = [self.of(part) for part in node.args]
        if node.head in _FUNCTIONS:
            return self.function(node.head, parts[0])
        combine = _ARITHMETIC.get(node.head)
        if combine is None:
            raise NoExpansion(f"no expansion of {node.head}")
        return combine(self, parts)

    def padded(self, shift: int, coefficients: list[Any]) -> Laurent:
        return _normal(shift, [*coefficients, *([fmpq(0)] * (self.terms - len(coefficients)))])

    def variable(self) -> Laurent:
        step = fmpq(self.path.direction)
        if self.path.far:
            return self.padded(-1, [step])
        start = self.path.start
        return self.padded(0, [fmpq(start.numerator, start.denominator), step])

    def sum(self, parts: list[Laurent]) -> Laurent:
        shift = min(part.shift for part in parts)
        end = min(part.shift + len(part.coefficients) for part in parts)
        total = [fmpq(0)] * max(end - shift, 1)
        for part in parts:
            for index, value in enumerate(part.coefficients):
                if part.shift + index < end:
                    total[part.shift + index - shift] += value
        return _normal(shift, total)

    def negative(self, parts: list[Laurent]) -> Laurent:
        return Laurent(parts[0].shift, tuple(-value for value in parts[0].coefficients))

    def product(self, parts: list[Laurent]) -> Laurent:
        found = parts[0]
        for part in parts[1:]:
            found = self.times(found, part)
        return found

    def times(self, one: Laurent, two: Laurent) -> Laurent:
        size = min(len(one.coefficients), len(two.coefficients))
        return _normal(one.shift + two.shift, self.listed(one.series * two.series, size))

    def listed(self, series: Any, size: int) -> list[Any]:
        found = list(series.coeffs())[:size]
        return [*found, *([fmpq(0)] * (size - len(found)))]

    def quotient(self, parts: list[Laurent]) -> Laurent:
        above, below = parts
        if below.coefficients[0] == 0:
            raise NoExpansion("a denominator without a leading term")
        inverse = Laurent(-below.shift, tuple(self.listed(1 / below.series, len(below.coefficients))))
        return self.times(above, inverse)

    def absolute(self, parts: list[Laurent]) -> Laurent:
        """s is positive, so the sign is that of the leading coefficient."""
        lead = parts[0].coefficients[0]
        if lead == 0:
            raise NoExpansion("the sign of zero")
        return parts[0] if lead > 0 else self.negative(parts)

    def power(self, node: Call) -> Laurent:
        exponent = exact.value(node.args[1])
        if exponent is None or abs(exponent) > LARGEST_POWER:
            if node.args[0] != Constant("e"):
                raise NoExpansion("a power with a variable exponent")
            return self.function("Exp", self.of(node.args[1]))
        return self.rational_power(self.of(node.args[0]), exponent)

    def root(self, parts: list[Laurent]) -> Laurent:
        return self.rational_power(parts[0], Fraction(1, 2))

    def rational_power(self, base: Laurent, exponent: Fraction) -> Laurent:
        lead, shift = base.coefficients[0], base.shift * exponent
        if lead == 0 or shift.denominator != 1:
            raise NoExpansion("a power of zero, or a fractional order")
        value = Fraction(int(lead.p), int(lead.q))
        scaled = value if value == 1 else exact.value(Call("Pow", (Number(value), Number(exponent))))
        if scaled is None:
            raise NoExpansion("a leading coefficient that is not rational")
        size = len(base.coefficients)
        unit: Any = fmpq_series([part / lead for part in base.coefficients], prec=size)
        raised = (unit.log() * fmpq(exponent.numerator, exponent.denominator)).exp()
        factor = fmpq(scaled.numerator, scaled.denominator)
        return Laurent(int(shift), tuple(part * factor for part in self.listed(raised, size)))

    def function(self, head: str, inner: Laurent) -> Laurent:
        start, method = _FUNCTIONS[head]
        value = inner.coefficients[0] if inner.shift == 0 else fmpq(0)
        if inner.shift < 0 or value != start:
            raise NoExpansion(f"{head} at a point where it is not rational")
        whole = [*([fmpq(0)] * inner.shift), *inner.coefficients]
        return _normal(0, self.listed(getattr(fmpq_series(whole, prec=len(whole)), method)(), len(whole)))


_FUNCTIONS: Final[dict[str, tuple[int, str]]] = {
    "Asin": (0, "asin"),
    "Asinh": (0, "asinh"),
    "Atan": (0, "atan"),
    "Atanh": (0, "atanh"),
    "Cos": (0, "cos"),
    "Cosh": (0, "cosh"),
    "Exp": (0, "exp"),
    "Log": (1, "log"),
    "Sin": (0, "sin"),
    "Sinh": (0, "sinh"),
    "Tan": (0, "tan"),
    "Tanh": (0, "tanh"),
}
_ARITHMETIC: Final[dict[str, Callable[[_Expander, list[Laurent]], Laurent]]] = {
    "Abs": _Expander.absolute,
    "Add": _Expander.sum,
    "Div": _Expander.quotient,
    "Mul": _Expander.product,
    "Neg": _Expander.negative,
    "Sqrt": _Expander.root,
}
