"""Symbolic differentiation of our own trees: every head by its rule, with nothing left undone and nothing guessed."""

from collections.abc import Callable
from typing import Final

from proofmill.verifiers.expressions.making import (
    MINUS_ONE,
    ONE,
    PI,
    TWO,
    ZERO,
    call,
    minus,
    negative,
    over,
    plus,
    power,
    sqrt,
    square,
    times,
)
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, free_symbols, number, substitute
from proofmill.verifiers.verdict import Unreadable

LARGEST = 6_000
"""The most nodes that a derivative may have; beyond, nobody would compare it by hand."""


def derivative(node: Node, name: str) -> Node:
    """The derivative with respect to a variable, formally: where both exist, it is the derivative's value.

    Other symbols are constants; an unknown function `y(x)` becomes `Derivative(y(x), x)`. log|u| gives u'/u. Raises
    Unreadable: `not_differentiable` for steps (floor, ceiling, sign), limits, infinite sums, and functions whose
    derivative has no name here (the gamma function); `too_long` where the result grows out of bounds.
    """
    found = _Rules(name).of(node)
    _check_size(found)
    return found


def carried_out(node: Node) -> Node:
    """The tree with every `Derivative` in it evaluated, mixed and repeated ones included, innermost first."""
    if not isinstance(node, Call):
        return node
    parts = tuple(map(carried_out, node.args))
    if node.head != "Derivative" or is_unknown_function(parts[0]):
        return Call(node.head, parts)
    found = parts[0]
    for binder in parts[1:]:
        variable, order = binder_of(binder)
        for _ in range(order):
            found = derivative(found, variable)
    return found


def binder_of(binder: Node) -> tuple[str, int]:
    """The variable and the order of one `(x, 2)` of a derivative."""
    match binder:
        case Call("Tuple", (Symbol(name), Number(order))) if order.denominator == 1 and order >= 0:
            return name, int(order)
    raise Unreadable("a derivative without a plain variable and order", reason="not_differentiable")


def is_unknown_function(node: Node) -> bool:
    """y(x), or a derivative of it: nothing that can be carried out."""
    if isinstance(node, Call) and node.head == "Derivative":
        return is_unknown_function(node.args[0])
    return isinstance(node, Call) and node.head == "Apply"


def _check_size(node: Node) -> None:
    todo, count = [node], 0
    while todo:
        here = todo.pop()
        count += 1
        if count > LARGEST:
            raise Unreadable(f"a derivative of more than {LARGEST} nodes", reason="too_long")
        if isinstance(here, Call):
            todo.extend(here.args)


class _Rules:
    """The rules of differentiation for one variable; what does not contain it is constant."""

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, node: Node) -> Node:
        if isinstance(node, Symbol):
            return ONE if node.name == self.name else ZERO
        if not isinstance(node, Call) or self.name not in free_symbols(node):
            return ZERO
        if node.head in _SLOPES:
            inner = node.args[0]
            return times(_SLOPES[node.head](inner), self.of(inner))
        rule = _RULES.get(node.head)
        if rule is None:
            raise Unreadable(f"the derivative of {node.head}", reason="not_differentiable")
        return rule(self, node)

    def sum(self, node: Call) -> Node:
        return plus(*map(self.of, node.args))

    def product(self, node: Call) -> Node:
        """The rule for all factors at once; those without the variable stay outside."""
        varying = [self.name in free_symbols(part) for part in node.args]
        terms = []
        for index, part in enumerate(node.args):
            if varying[index]:
                terms.append(times(*node.args[:index], self.of(part), *node.args[index + 1 :]))
        return plus(*terms)

    def quotient(self, node: Call) -> Node:
        above, below = node.args
        if self.name not in free_symbols(below):
            return over(self.of(above), below)
        if self.name not in free_symbols(above):
            return negative(over(times(above, self.of(below)), square(below)))
        return over(minus(times(self.of(above), below), times(above, self.of(below))), square(below))

    def power(self, node: Call) -> Node:
        base, exponent = node.args
        if self.name not in free_symbols(exponent):
            return times(exponent, power(base, plus(exponent, MINUS_ONE)), self.of(base))
        if base == Constant("e"):
            return times(node, self.of(exponent))
        growth = times(call("Log", base), self.of(exponent))
        if self.name not in free_symbols(base):
            return times(node, growth)
        return times(node, plus(growth, over(times(exponent, self.of(base)), base)))

    def logarithm(self, node: Call) -> Node:
        """u'/u, for log|u| as well: where u is real, log|u| and log u differ by a constant on either side of zero."""
        inner = node.args[0]
        if isinstance(inner, Call) and inner.head == "Abs":
            inner = inner.args[0]
        return over(self.of(inner), inner)

    def extreme(self, node: Call) -> Node:
        """max(u, v) = (u + v + |u - v|)/2, one argument after the other."""
        found = node.args[0]
        sign = ONE if node.head == "Max" else MINUS_ONE
        for part in node.args[1:]:
            gap = times(sign, call("Abs", minus(found, part)))
            found = over(plus(found, part, gap), TWO)
        return self.of(found)

    def integral(self, node: Call) -> Node:
        """Leibniz: the integrand at the ends, and the integral of its derivative."""
        match node.args[1]:
            case Call("Tuple", (Symbol(bound), lower, upper)) if bound != self.name:
                inside = self.of(node.args[0])
                ends = [
                    times(substitute(node.args[0], {bound: upper}), self.of(upper)),
                    negative(times(substitute(node.args[0], {bound: lower}), self.of(lower))),
                ]
                rest = ZERO if inside == ZERO else call("Integral", inside, node.args[1])
                return plus(*ends, rest)
            case Call("Tuple", (Symbol(bound), lower, upper)):
                free = substitute(node.args[0], {bound: upper}), substitute(node.args[0], {bound: lower})
                return minus(times(free[0], self.of(upper)), times(free[1], self.of(lower)))
            case Call("Tuple", (Symbol(bound),)):
                return node.args[0] if bound == self.name else call("Integral", self.of(node.args[0]), node.args[1])
        raise Unreadable("the derivative of an integral without a variable", reason="not_differentiable")

    def accumulated(self, node: Call) -> Node:
        """A finite sum, term by term; its ends must not move."""
        body, binder = node.args
        moving = isinstance(binder, Call) and any(self.name in free_symbols(end) for end in binder.args)
        if moving or Constant("oo") in getattr(binder, "args", ()):
            raise Unreadable("the derivative of a sum that is not finite", reason="not_differentiable")
        return call("Sum", self.of(body), binder)

    def nested(self, node: Call) -> Node:
        """A derivative inside: of an unknown function it stays, of anything else it is carried out first."""
        if not is_unknown_function(node):
            return self.of(carried_out(node))
        inner = node if node.head == "Derivative" else call("Derivative", node)
        orders = dict(map(binder_of, inner.args[1:]))
        orders[self.name] = orders.get(self.name, 0) + 1
        binders = [call("Tuple", Symbol(name), number(order)) for name, order in sorted(orders.items())]
        return call("Derivative", inner.args[0], *binders)

    def applied(self, node: Call) -> Node:
        """y(x); of y(2*x) there is no name for the derivative."""
        if any(part != Symbol(self.name) and self.name in free_symbols(part) for part in node.args[1:]):
            raise Unreadable("an unknown function of an expression", reason="not_differentiable")
        return self.nested(node)


_RULES: Final[dict[str, Callable[[_Rules, Call], Node]]] = {
    "Add": _Rules.sum,
    "Apply": _Rules.applied,
    "Derivative": _Rules.nested,
    "Div": _Rules.quotient,
    "Integral": _Rules.integral,
    "Log": _Rules.logarithm,
    "Max": _Rules.extreme,
    "Min": _Rules.extreme,
    "Mul": _Rules.product,
    "Pow": _Rules.power,
    "Sum": _Rules.accumulated,
}


def _one_minus_square(inner: Node) -> Node:
    return minus(ONE, square(inner))


def _one_plus_square(inner: Node) -> Node:
    return plus(square(inner), ONE)


_SLOPES: Final[dict[str, Callable[[Node], Node]]] = {
    "Abs": lambda u: over(u, call("Abs", u)),
    "Acos": lambda u: over(MINUS_ONE, sqrt(_one_minus_square(u))),
    "Acosh": lambda u: over(ONE, sqrt(minus(square(u), ONE))),
    "Acot": lambda u: over(MINUS_ONE, _one_plus_square(u)),
    "Acoth": lambda u: over(ONE, _one_minus_square(u)),
    "Asin": lambda u: over(ONE, sqrt(_one_minus_square(u))),
    "Asinh": lambda u: over(ONE, sqrt(_one_plus_square(u))),
    "Atan": lambda u: over(ONE, _one_plus_square(u)),
    "Atanh": lambda u: over(ONE, _one_minus_square(u)),
    "Cbrt": lambda u: over(ONE, times(number(3), square(call("Cbrt", u)))),
    "Cos": lambda u: negative(call("Sin", u)),
    "Cosh": lambda u: call("Sinh", u),
    "Erf": lambda u: over(times(TWO, call("Exp", negative(square(u)))), sqrt(PI)),
    "Exp": lambda u: call("Exp", u),
    "Neg": lambda _: MINUS_ONE,
    "Sin": lambda u: call("Cos", u),
    "Sinh": lambda u: call("Cosh", u),
    "Sqrt": lambda u: over(ONE, times(TWO, sqrt(u))),
    "Tan": lambda u: plus(square(call("Tan", u)), ONE),
    "Tanh": lambda u: minus(ONE, square(call("Tanh", u))),
}
