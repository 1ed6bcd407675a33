"""Certified numeric values: every expression at a point as a complex ball (Arb), which contains the true value.

Refutation by balls is rigorous: two balls that do not overlap are two different numbers. Agreement is not a proof.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq

from proofmill.verifiers.expressions import exact, limits, series, stand_ins
from proofmill.verifiers.expressions.ball_functions import FUNCTIONS, Undefined, Unsupported
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, bound_name, substitute

Ball = Any
"""flint.acb; python-flint has no annotations."""


__all__ = ["Ball", "Evaluation", "Undefined", "Unsupported", "ball", "precision", "value"]

IMAGINARY = acb(0, 1)


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
        match node.head:
            case "Pow":
                return self.checked(self.power(node))
            case "Derivative":
                return self.derivative(node)
            case "Integral":
                return self.integral(node)
            case "Sum" | "Product":
                return self.accumulated(node)
            case "Piecewise":
                return self.piece(node)
            case "Apply":
                return self.checked(stand_ins.value(str(node.args[0]), list(map(self.value, node.args[1:]))))
        function = FUNCTIONS.get(node.head)
        if function is None:
            raise Unsupported(f"no balls for {node.head}")
        return self.checked(function([self.value(part) for part in node.args], self))

    def checked(self, found: Ball) -> Ball:
        if self.real and not found.imag.contains(0):
            raise Undefined("not a real number")
        return found

    def power(self, node: Call) -> Ball:
        """Principal powers; in the reals, an odd root of a negative number is real."""
        base = self.value(node.args[0])
        exponent = exact.value(node.args[1])
        if exponent is None:
            raised = self.value(node.args[1])
            whole = raised.unique_fmpz() if raised.is_exact() and not self.analytic else None
            if whole is not None and abs(whole) <= limits.EXPONENT:
                return base ** int(whole)
            return base.pow(raised, analytic=self.analytic)
        if exponent.denominator == 1:
            return base ** int(exponent)
        if exponent.denominator == 2:
            return base.sqrt(analytic=self.analytic) ** exponent.numerator
        if self.real and not self.analytic and exponent.denominator % 2 and base.real < 0:
            root = (-base).pow(ball(exponent))
            return -root if exponent.numerator % 2 else root
        if base.is_zero() and exponent > 0:
            return base
        return base.pow(ball(exponent), analytic=self.analytic)

    def piece(self, node: Call) -> Ball:
        """The value of the first piece whose condition holds; every condition before it must certainly fail."""
        for part in node.args:
            if not isinstance(part, Call) or len(part.args) != 2:
                raise Undefined("a piece without a condition")
            if self.holds(part.args[1]):
                return self.value(part.args[0])
        raise Undefined("outside of all pieces")

    def holds(self, condition: Node) -> bool:
        """Whether a statement is true here; Undefined where the balls can't tell."""
        if isinstance(condition, Constant) and condition.name in {"true", "false"}:
            return condition.name == "true"
        if isinstance(condition, Call) and condition.head in {"And", "Or", "Not"}:
            found = [self.holds(part) for part in condition.args]
            return not found[0] if condition.head == "Not" else all(found) if condition.head == "And" else any(found)
        if not isinstance(condition, Call) or condition.head not in _HOLDS or len(condition.args) != 2:
            raise Undefined("a condition that balls can't decide")
        gap = (self.value(condition.args[0]) - self.value(condition.args[1])).real
        if gap.contains(0) and not gap.is_zero():
            raise Undefined("a condition at its border")
        return (gap > 0) - (gap < 0) in _HOLDS[condition.head]

    def derivative(self, node: Call) -> Ball:
        """By a power series around the point, one variable after the other."""
        body, binders = node.args[0], [part for part in node.args[1:] if isinstance(part, Call)]
        if len({binder.args[0] for binder in binders}) != 1:
            raise Undefined("a mixed derivative")
        variable = binders[0].args[0]
        order = sum(int(part.value) for binder in binders for part in binder.args[1:] if isinstance(part, Number))
        if not isinstance(variable, Symbol):
            raise Undefined("a derivative without a variable")
        self.value(body)  # Undefined where the function itself is not real: there is nothing to differentiate
        try:
            return self.checked(series.coefficient(body, self.values, variable.name, order))
        except (series.NoSeries, ValueError, ZeroDivisionError) as why:
            raise Undefined(str(why)) from why

    def integral(self, node: Call) -> Ball:
        """By rigorous quadrature; a body with a branch cut or pole on the path has no finite ball."""
        name, (lower, upper) = bound_name(node), _bounds(node)
        if name is None:
            raise Unsupported("an indefinite integral has no value")

        def body(point: Ball, analytic: bool) -> Ball:
            inside = Evaluation({**self.values, name: point}, real=False, analytic=analytic)
            try:
                return inside.value(node.args[0])
            except (Undefined, ArithmeticError):
                return acb("nan")  # FLINT divides the path further; an exception would not come through its C code

        return self.checked(acb.integral(body, self.value(lower), self.value(upper), eval_limit=10_000))

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


_HOLDS = {"Eq": (0,), "Ne": (-1, 1), "Lt": (-1,), "Le": (-1, 0), "Gt": (1,), "Ge": (0, 1)}
"""The signs of left minus right at which a relation holds."""


def _constant(name: str) -> Ball:
    if name == "pi":
        return acb(arb.pi())
    if name == "e":
        return acb(1).exp()
    if name == "i":
        return acb(0, 1)
    raise Unsupported(f"no number: {name}")
