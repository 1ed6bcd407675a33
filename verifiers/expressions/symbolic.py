"""SymPy objects from our tree, by a table of constructors: no text ever reaches SymPy."""

import math
from collections.abc import Callable
from typing import Any

import sympy
from sympy.core.random import seed
from sympy.polys.polyerrors import BasePolynomialError

from proofmill.verifiers.expressions import costs, exact
from proofmill.verifiers.expressions.costs import has_large_power as has_large_power
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, bound_name
from proofmill.verifiers.verdict import Unreadable

Expression = Any
"""sympy.Expr; SymPy has no annotations."""

GAVE_UP = (
    NotImplementedError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    LookupError,
    AssertionError,
    BasePolynomialError,
)
"""What SymPy raises where it can't go on; seen in practice, since it does not say."""
_LONGEST_NUMBER = 2_000
"""Bits of a number that is still written out."""
_LARGEST_EXPANSION = 1_000
"""The most terms that a power of a sum is multiplied out to."""


def build(node: Node, integers: frozenset[str] = frozenset()) -> Expression:
    """The SymPy expression of a tree, unevaluated where calculus is left to do; symbols are real numbers."""
    known = None if isinstance(node, Symbol | Constant) else exact.value(node)
    if known is not None:
        return sympy.Rational(known.numerator, known.denominator)
    if isinstance(node, Symbol):
        return _symbol(node.name, integers)
    if isinstance(node, Constant):
        return _CONSTANTS[node.name]
    if isinstance(node, Number):
        return sympy.Rational(node.value.numerator, node.value.denominator)
    return _call(node, integers)


def _symbol(name: str, integers: frozenset[str]) -> Expression:
    return sympy.Symbol(name, integer=True) if name in integers else sympy.Symbol(name, real=True)


def _call(node: Call, integers: frozenset[str]) -> Expression:
    name = bound_name(node)
    if node.head in {"Sum", "Product"}:
        binder = node.args[1]
        ends = [build(end, integers) for end in getattr(binder, "args", ())[1:]]
        inside = integers | {str(name)}
        constructor = sympy.Sum if node.head == "Sum" else sympy.Product
        return constructor(build(node.args[0], inside), (_symbol(str(name), inside), *ends))
    if name is not None:
        integers = integers - {name}
    parts = [build(part, integers) for part in node.args]
    function = _FUNCTIONS.get(node.head)
    if function is None:
        raise Unreadable(f"{node.head}: nothing that SymPy computes", reason="not_an_expression")
    return function(*parts)


def undecorated(tree: Node) -> Expression:
    """The SymPy value of a tree with all its calculus carried out; integrals by rule alone where a search is dear."""
    hints = {"heurisch": False, "meijerg": False} if costs.is_long_search(tree) else {}
    return build(tree).doit(**hints)


def brief(found: Expression) -> str:
    """An expression as text for the evidence; a very long number is only named."""
    numbers = found.atoms(sympy.Rational)
    if any(number.p.bit_length() + number.q.bit_length() > _LONGEST_NUMBER for number in numbers):
        return "an expression with a long number"
    return str(found)


def is_finite(found: Expression) -> bool:
    """Whether no infinity, nan or unfinished piece is left in the expression."""
    left = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.AccumBounds, sympy.Integral, sympy.Derivative)
    return not found.has(*left, sympy.Limit, sympy.Sum, sympy.Product)


def is_infinite(found: Expression) -> bool:
    """Whether the value is plus or minus infinity."""
    return found in (sympy.oo, -sympy.oo)


def is_defined(found: Expression) -> bool | None:
    """True for a finite value or a signed infinity, None for nan, zoo and what is unfinished."""
    return True if is_finite(found) or is_infinite(found) else None


def is_zero(gap: Expression) -> bool | None:
    """Whether SymPy takes an expression for zero, everywhere; None where it can't tell.

    Structural first, then multiplied out, brought to one fraction, and simplified. `equals`, which is asked last, may
    only say no: its yes is numeric, and takes acos(tanh(98)) for acos(tanh(100)).
    """
    seed(0)
    if gap == 0:
        return True
    if _is_large(gap):
        return None
    for step in (_expanded, _cancelled, sympy.simplify, _without_signs):
        try:
            if step(gap) == 0:
                return True
        except GAVE_UP:
            continue
    try:
        return False if gap.equals(0) is False else None
    except GAVE_UP:
        return None


def _expanded(gap: Expression) -> Expression:
    return gap if _is_large(gap) else sympy.expand(gap)


def _cancelled(gap: Expression) -> Expression:
    return sympy.cancel(sympy.together(gap))


def _without_signs(gap: Expression) -> Expression:
    """Simplified with sign(u) as u/|u|, which it is wherever u is not zero."""
    return (
        sympy.simplify(gap.replace(sympy.sign, lambda inner: inner / sympy.Abs(inner))) if gap.has(sympy.sign) else gap
    )


def _is_large(gap: Expression) -> bool:
    """Whether multiplying out would give too many terms."""
    powers = (power for power in gap.atoms(sympy.Pow) if power.base.is_Add and power.exp.is_Integer)
    return any(_terms(len(power.base.args), abs(int(power.exp))) > _LARGEST_EXPANSION for power in powers)


def _terms(summands: int, exponent: int) -> int:
    """How many terms a power of a sum has when it is multiplied out."""
    return math.comb(exponent + summands - 1, summands - 1) if exponent < 10_000 else exponent


def _derivative(body: Expression, *orders: Expression) -> Expression:
    return sympy.Derivative(body, *orders)


_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "oo": sympy.oo}
_FUNCTIONS: dict[str, Callable[..., Expression]] = {
    "Abs": sympy.Abs,
    "Acos": sympy.acos,
    "Acosh": sympy.acosh,
    "Add": sympy.Add,
    "Asin": sympy.asin,
    "Asinh": sympy.asinh,
    "Atan": sympy.atan,
    "Atanh": sympy.atanh,
    "Binomial": sympy.binomial,
    "Ceiling": sympy.ceiling,
    "Cos": sympy.cos,
    "Cosh": sympy.cosh,
    "Derivative": _derivative,
    "Div": lambda above, below: above / below,
    "Erf": sympy.erf,
    "Exp": sympy.exp,
    "Factorial": sympy.factorial,
    "Floor": sympy.floor,
    "Gamma": sympy.gamma,
    "Integral": sympy.Integral,
    "Limit": lambda body, variable, point: sympy.Limit(body, variable, point, "+-"),
    "LimitLeft": lambda body, variable, point: sympy.Limit(body, variable, point, "-"),
    "LimitRight": lambda body, variable, point: sympy.Limit(body, variable, point, "+"),
    "Log": sympy.log,
    "Max": sympy.Max,
    "Min": sympy.Min,
    "Mul": sympy.Mul,
    "Neg": lambda part: -part,
    "Pow": sympy.Pow,
    "Sign": sympy.sign,
    "Sin": sympy.sin,
    "Sinh": sympy.sinh,
    "Sqrt": sympy.sqrt,
    "Tan": sympy.tan,
    "Tanh": sympy.tanh,
    "Tuple": sympy.Tuple,
}
