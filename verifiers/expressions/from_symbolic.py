"""SymPy's results back as our trees, so that we can check them; what we have no head for is refused."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import sympy

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.making import ONE, call, over, plus, power, sqrt, times
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol

NODES: Final = 1_500


class NoTree(ArithmeticError):
    """An expression with something in it that our trees don't hold."""


def tree_of(found: Any) -> Node:
    """The tree of a SymPy expression; raises NoTree for a head outside the table, or where it is too large."""
    if sum(1 for _ in sympy.preorder_traversal(found)) > NODES:
        raise NoTree("too large")
    return _tree(found)


def _tree(found: Any) -> Node:
    if found.is_Rational:
        if found.p.bit_length() + found.q.bit_length() > limits.RESULT_BITS:
            raise NoTree("a long number")
        return Number(Fraction(int(found.p), int(found.q)))
    if found.is_Symbol:
        return Symbol(found.name)
    constant = _CONSTANTS.get(found)
    if constant is not None:
        return constant
    parts = [_tree(part) for part in found.args]
    if found.is_Pow:
        return _power(parts[0], parts[1])
    function = _FUNCTIONS.get(type(found).__name__)
    if function is None or not parts:
        raise NoTree(type(found).__name__)
    return function(*parts)


def _power(base: Node, exponent: Node) -> Node:
    if isinstance(exponent, Number) and exponent.value < 0:
        return over(ONE, _power(base, Number(-exponent.value)))
    return sqrt(base) if exponent == Number(Fraction(1, 2)) else power(base, exponent)


def _named(head: str) -> Callable[..., Call]:
    def function(*parts: Node) -> Call:
        return call(head, *parts)

    return function


_CONSTANTS: Final[dict[Any, Node]] = {
    sympy.pi: Constant("pi"),
    sympy.E: Constant("e"),
    sympy.I: Constant("i"),
    sympy.oo: Constant("oo"),
    -sympy.oo: call("Neg", Constant("oo")),
}
_FUNCTIONS: Final[dict[str, Callable[..., Node]]] = {
    "Add": plus,
    "Mul": times,
    "cot": lambda part: over(call("Cos", part), call("Sin", part)),
    "sec": lambda part: over(ONE, call("Cos", part)),
    "csc": lambda part: over(ONE, call("Sin", part)),
    **{
        name.lower(): _named(name)
        for name in (
            "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cos", "Cosh", "Erf", "Exp", "Log", "Sin", "Sinh",
            "Tan", "Tanh",
        )
    },
    "Abs": _named("Abs"),
}  # fmt: skip
