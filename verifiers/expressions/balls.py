"""Certified numeric values: every expression at a point as a complex ball (Arb), which contains the true value.

Refutation by balls is rigorous: two balls that do not overlap are two different numbers. Agreement is not a proof.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq

from proofmill.verifiers.expressions import exact, limits, series
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, bound_name, substitute

Ball = Any
"""flint.acb; python-flint has no annotations."""


class Undefined(ArithmeticError):
    """The expression has no value here that balls can enclose: a pole, no real number, or no method."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with so many bits, and put the old precision back."""
    before, ctx.prec = ctx.prec, bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(value: Fraction | int) -> Ball:
    """The ball of an exact number at the present precision."""
    number = Fraction(value)
    return acb(arb(fmpq(number.numerator, number.denominator)))


def value(node: Node, values: Mapping[str, Ball], *, real: bool = True) -> Ball:
    """The ball of an expression at a point; with `real`, a step that leaves the real numbers is Undefined.

    Raises Undefined also where a symbol has no value, and for a limit or an infinite sum, which balls don't enclose.
    """
    found = Evaluation(values, real=real).value(node)
    if not found.is_finite():
        raise Undefined("a value that is not finite")
    return found


class Evaluation:
    """One expression at one point; on an integration path (`analytic` given) arguments are complex."""

    def __init__(self, values: Mapping[str, Ball], *, real: bool, analytic: bool = False) -> None:
        self.values = values
        self.real = real
        self.analytic = analytic

    def value(self, node: Node) -> Ball:
        if isinstance(node, Number):
            return ball(node.value)
        if isinstance(node, Symbol):
            if node.name not in self.values:
                raise Undefined(f"symbol {node.name} without a value")
            return self.values[node.name]
        if isinstance(node, Constant):
            return _constant(node.name)
        return self.call(node)

    def call(self, node: Call) -> Ball:
        if node.head == "Pow":
            return self.checked(self.power(node))
        if node.head == "Derivative":
            return self.derivative(node)
        if node.head == "Integral":
            return self.integral(node)
        if node.head in {"Sum", "Product"}:
            return self.accumulated(node)
        function = _FUNCTIONS.get(node.head)
        if function is None:
            raise Undefined(f"no balls for {node.head}")
        return self.checked(function([self.value(part) for part in node.args], self))

    def checked(self, found: Ball) -> Ball:
        if self.real and not found.imag.contains(0):
            raise Undefined("not a real number")
        return found

    def power(self, node: Call) -> Ball:
        base = self.value(node.args[0])
        exponent = exact.value(node.args[1])
        if exponent is None:
            return base.pow(self.value(node.args[1]), analytic=self.analytic)
        if exponent.denominator == 1:
            return base ** int(exponent)
        if exponent.denominator == 2:
            return base.sqrt(analytic=self.analytic) ** exponent.numerator
        return base.pow(ball(exponent), analytic=self.analytic)

    def derivative(self, node: Call) -> Ball:
        """By a power series around the point, one variable after the other."""
        body, binders = node.args[0], [part for part in node.args[1:] if isinstance(part, Call)]
        if len({binder.args[0] for binder in binders}) != 1:
            raise Undefined("a mixed derivative")
        variable = binders[0].args[0]
        order = sum(int(part.value) for binder in binders for part in binder.args[1:] if isinstance(part, Number))
        if not isinstance(variable, Symbol):
            raise Undefined("a derivative without a variable")
        try:
            return self.checked(series.coefficient(body, self.values, variable.name, order))
        except (series.NoSeries, ValueError, ZeroDivisionError) as why:
            raise Undefined(str(why)) from why

    def integral(self, node: Call) -> Ball:
        """By rigorous quadrature; a body with a branch cut or pole on the path has no finite ball."""
        name, (lower, upper) = bound_name(node), _bounds(node)
        if name is None:
            raise Undefined("an indefinite integral has no value")

        def body(point: Ball, analytic: bool) -> Ball:
            inside = Evaluation({**self.values, name: point}, real=False, analytic=analytic)
            try:
                return inside.value(node.args[0])
            except (Undefined, ArithmeticError):
                return acb("nan")  # FLINT divides the path further; an exception would not come through its C code

        return self.checked(acb.integral(body, self.value(lower), self.value(upper), eval_limit=20_000))

    def accumulated(self, node: Call) -> Ball:
        """A finite sum or product, term by term."""
        name, (lower, upper) = bound_name(node), _bounds(node)
        first, last = self.integer(lower), self.integer(upper)
        if last - first >= limits.SUM_TERMS:
            raise Undefined(f"more than {limits.SUM_TERMS} terms")
        if last < first - 1:
            raise Undefined("a sum that runs backwards")
        total = ball(0 if node.head == "Sum" else 1)
        for index in range(first, last + 1):
            term = Evaluation({**self.values, str(name): ball(index)}, real=self.real).value(
                substitute(node.args[0], {str(name): Number(Fraction(index))})
            )
            total = total + term if node.head == "Sum" else total * term
        return total

    def integer(self, node: Node) -> int:
        known = exact.value(node)
        if known is not None and known.denominator == 1:
            return int(known)
        unique = self.value(node).unique_fmpz()
        if unique is None:
            raise Undefined("a bound that is not an integer")
        return int(unique)


def _bounds(node: Call) -> tuple[Node, Node]:
    binder = node.args[1]
    if isinstance(binder, Call) and len(binder.args) == 3:
        return binder.args[1], binder.args[2]
    raise Undefined("no bounds")


def _constant(name: str) -> Ball:
    if name == "oo":
        raise Undefined("infinity")
    return acb(arb.pi()) if name == "pi" else acb(1).exp() if name == "e" else acb(0, 1)


def _absolute(parts: list[Ball], here: Evaluation) -> Ball:
    if here.real or here.analytic or parts[0].imag.is_zero():
        return parts[0].real_abs(analytic=here.analytic)
    return acb(abs(parts[0]))


def _real(name: str) -> Callable[[list[Ball], Evaluation], Ball]:
    """A step function of a real argument: finite only where the ball lies on one step."""

    def function(parts: list[Ball], here: Evaluation) -> Ball:
        return getattr(parts[0], name)(analytic=here.analytic)

    return function


def _plain(name: str) -> Callable[[list[Ball], Evaluation], Ball]:
    def function(parts: list[Ball], _: Evaluation) -> Ball:
        return getattr(parts[0], name)()

    return function


def _cut(name: str, inside: Callable[[Ball], bool]) -> Callable[[list[Ball], Evaluation], Ball]:
    """A function with branch cuts: on a path that may touch one there is no finite ball."""

    def function(parts: list[Ball], here: Evaluation) -> Ball:
        if here.analytic and not inside(parts[0]):
            raise Undefined(f"{name} near its branch cut")
        return getattr(parts[0], name)()

    return function


def _extreme(name: str) -> Callable[[list[Ball], Evaluation], Ball]:
    def function(parts: list[Ball], here: Evaluation) -> Ball:
        found = parts[0]
        for part in parts[1:]:
            found = getattr(found, name)(part, analytic=here.analytic)
        return found

    return function


def _sum(parts: list[Ball], _: Evaluation) -> Ball:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _product(parts: list[Ball], _: Evaluation) -> Ball:
    total = parts[0]
    for part in parts[1:]:
        total = total * part
    return total


def _binomial(parts: list[Ball], _: Evaluation) -> Ball:
    upper, lower = parts
    return (upper + 1).gamma() * (lower + 1).rgamma() * (upper - lower + 1).rgamma()


def _within_one(point: Ball) -> bool:
    return bool(abs(point) < 1)


_FUNCTIONS: dict[str, Callable[[list[Ball], Evaluation], Ball]] = {
    "Abs": _absolute,
    "Acos": _cut("acos", _within_one),
    "Acosh": _cut("acosh", lambda point: bool(point.real > 1)),
    "Add": _sum,
    "Asin": _cut("asin", _within_one),
    "Asinh": _cut("asinh", lambda point: bool(abs(point.imag) < 1)),
    "Atan": _cut("atan", lambda point: bool(abs(point.imag) < 1)),
    "Atanh": _cut("atanh", _within_one),
    "Binomial": _binomial,
    "Ceiling": _real("real_ceil"),
    "Cos": _plain("cos"),
    "Cosh": _plain("cosh"),
    "Div": lambda parts, _: parts[0] / parts[1],
    "Erf": _plain("erf"),
    "Exp": _plain("exp"),
    "Factorial": lambda parts, _: (parts[0] + 1).gamma(),
    "Floor": _real("real_floor"),
    "Gamma": _plain("gamma"),
    "Log": lambda parts, here: parts[0].log(analytic=here.analytic),
    "Max": _extreme("real_max"),
    "Min": _extreme("real_min"),
    "Mul": _product,
    "Neg": lambda parts, _: -parts[0],
    "Sign": _real("real_sgn"),
    "Sin": _plain("sin"),
    "Sinh": _plain("sinh"),
    "Sqrt": lambda parts, here: parts[0].sqrt(analytic=here.analytic),
    "Tan": _plain("tan"),
    "Tanh": _plain("tanh"),
}
