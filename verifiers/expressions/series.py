"""Power series with ball coefficients: certified derivatives without symbolic differentiation."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from flint import acb, acb_series, arb, ctx, fmpq

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol

Series = Any
"""flint.acb_series."""


class NoSeries(ArithmeticError):
    """The expression has no power series here that we can compute."""


def coefficient(node: Node, values: Mapping[str, Any], variable: str, order: int) -> Any:
    """The derivative of so high an order at the point, as a ball."""
    before, ctx.cap = ctx.cap, order + 1
    try:
        found = Expansion(values, variable).series(node)
    finally:
        ctx.cap = before
    parts = found.coeffs()
    if len(parts) <= order:
        return acb(0)
    return parts[order] * math.factorial(order)


class Expansion:
    """An expression as a power series in one variable around a point; other symbols are constants."""

    def __init__(self, values: Mapping[str, Any], variable: str) -> None:
        self.values = values
        self.variable = variable

    def series(self, node: Node) -> Series:
        if isinstance(node, Number):
            return acb_series([acb(arb(fmpq(node.value.numerator, node.value.denominator)))])
        if isinstance(node, Symbol):
            if node.name not in self.values:
                raise NoSeries(f"symbol {node.name} without a value")
            point = self.values[node.name]
            return acb_series([point, 1]) if node.name == self.variable else acb_series([point])
        if isinstance(node, Constant):
            return acb_series([_constant(node.name)])
        if node.head == "Pow":
            return self.power(node)
        function = _FUNCTIONS.get(node.head)
        if function is None:
            raise NoSeries(f"no series for {node.head}")
        return function([self.series(part) for part in node.args])

    def power(self, node: Call) -> Series:
        base = self.series(node.args[0])
        exponent = exact.value(node.args[1])
        if exponent is not None and exponent.denominator == 1:
            whole = base ** abs(int(exponent))
            return whole if exponent >= 0 else 1 / whole
        if exponent is not None and exponent.denominator == 2:
            whole = base.sqrt() ** abs(exponent.numerator)
            return whole if exponent >= 0 else 1 / whole
        return (self.series(node.args[1]) * base.log()).exp()


def _constant(name: str) -> Any:
    if name == "oo":
        raise NoSeries("infinity")
    return acb(arb.pi()) if name == "pi" else acb(1).exp() if name == "e" else acb(0, 1)


def _first(found: Series) -> Any:
    return found.coeffs()[0] if found.coeffs() else acb(0)


def _sign(found: Series) -> int:
    """The sign of the value at the point, where the ball is clear of zero."""
    start = _first(found)
    if not start.imag.is_zero() or start.real.contains(0):
        raise NoSeries("a sign that is not certain")
    return 1 if start.real > 0 else -1


def _inverse(value: str, slope: Callable[[Series], Series]) -> Callable[[list[Series]], Series]:
    """f(u) from its value at the point and its derivative: f(u0) + integral of f'(u) u'."""

    def function(parts: list[Series]) -> Series:
        inner = parts[0]
        start = getattr(_first(inner), value)()
        return acb_series([start]) + (slope(inner) * inner.derivative()).integral()

    return function


def _sum(parts: list[Series]) -> Series:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _product(parts: list[Series]) -> Series:
    total = parts[0]
    for part in parts[1:]:
        total = total * part
    return total


def _sinh(inner: Series) -> Series:
    return (inner.exp() - (-inner).exp()) / 2


def _cosh(inner: Series) -> Series:
    return (inner.exp() + (-inner).exp()) / 2


_FUNCTIONS: dict[str, Callable[[list[Series]], Series]] = {
    "Abs": lambda parts: parts[0] * _sign(parts[0]),
    "Acos": _inverse("acos", lambda inner: -1 / (1 - inner * inner).sqrt()),
    "Acosh": _inverse("acosh", lambda inner: 1 / (inner * inner - 1).sqrt()),
    "Add": _sum,
    "Asin": _inverse("asin", lambda inner: 1 / (1 - inner * inner).sqrt()),
    "Asinh": _inverse("asinh", lambda inner: 1 / (1 + inner * inner).sqrt()),
    "Atan": _inverse("atan", lambda inner: 1 / (1 + inner * inner)),
    "Atanh": _inverse("atanh", lambda inner: 1 / (1 - inner * inner)),
    "Cos": lambda parts: parts[0].cos(),
    "Cosh": lambda parts: _cosh(parts[0]),
    "Div": lambda parts: parts[0] / parts[1],
    "Erf": lambda parts: parts[0].erf(),
    "Exp": lambda parts: parts[0].exp(),
    "Factorial": lambda parts: (parts[0] + 1).gamma(),
    "Gamma": lambda parts: parts[0].gamma(),
    "Log": lambda parts: parts[0].log(),
    "Mul": _product,
    "Neg": lambda parts: -parts[0],
    "Sign": lambda parts: acb_series([_sign(parts[0])]),
    "Sin": lambda parts: parts[0].sin(),
    "Sinh": lambda parts: _sinh(parts[0]),
    "Sqrt": lambda parts: parts[0].sqrt(),
    "Tan": lambda parts: parts[0].tan(),
    "Tanh": lambda parts: _sinh(parts[0]) / _cosh(parts[0]),
}
