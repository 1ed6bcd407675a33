"""Integrals, sums, products and limits by proof: each is replaced by a value that has been shown to be its value."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from proofmill.verifiers.calculus import sums
from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.derivative import carried_out, derivative
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import INFINITY, ZERO, minus, negative, over
from proofmill.verifiers.expressions.nodes import (
    CALCULUS,
    Call,
    Node,
    Number,
    Symbol,
    free_symbols,
    heads_of,
    substitute,
)
from proofmill.verifiers.verdict import Unreadable

STEPS: Final = frozenset({"Floor", "Ceiling", "Sign", "Mod", "Piecewise"})
PIECES: Final = 400
"""The most pieces of an interval on which continuity is looked at."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A tree in which what could be proved has been replaced by its value, and by which methods."""

    node: Node
    methods: tuple[str, ...] = ()


def evaluated(node: Node) -> Evaluated:
    """Every piece of calculus that we can carry out with a proof, innermost first; the others stay."""
    if not isinstance(node, Call) or not heads_of(node) & CALCULUS:
        return Evaluated(node)
    inner = [evaluated(part) for part in node.args]
    methods = tuple(dict.fromkeys(method for part in inner for method in part.methods))
    here = Call(node.head, tuple(part.node for part in inner))
    if here.head == "Derivative":
        return Evaluated(carried_out(here), (*methods, "our own differentiation"))
    method = _METHODS.get(here.head)
    try:
        found = method(here) if method is not None and not heads_of(here.args[0]) & CALCULUS else None
    except (Unreadable, ArithmeticError):
        found = None
    return Evaluated(here, methods) if found is None else Evaluated(found[0], (*methods, found[1]))


# Definite integrals --------------------------------------------------------------------------------------------------


def _integral(node: Call) -> tuple[Node, str] | None:
    """The fundamental theorem: SymPy proposes F, we prove F' = f, that F is continuous, and take F(b) - F(a)."""
    found = sums.bounds(node)
    if found is None:
        return None
    name, low, high = found
    body = node.args[0]
    if heads_of(body) & STEPS or INFINITY in {part for end in (low, high) for part in _with_parts(end)}:
        return None
    candidate = _antiderivative(body, name)
    if candidate is None:
        return None
    proof = compare(derivative(candidate, name), body)
    if proof.outcome != "equal" or proof.strength != "proved":
        return None
    if not (_is_polynomial(candidate, name) or _is_continuous(candidate, body, name, low, high)):
        return None
    return minus(substitute(candidate, {name: high}), substitute(candidate, {name: low})), "fundamental theorem"


def _with_parts(node: Node) -> tuple[Node, ...]:
    return (node, *node.args) if isinstance(node, Call) else (node,)


def _antiderivative(body: Node, name: str) -> Node | None:
    from proofmill.verifiers.expressions import costs, from_symbolic, symbolic

    if symbolic.has_large_power(body) or costs.is_hopeless_integral(body, name):
        return None
    try:
        indefinite = Call("Integral", (body, Call("Tuple", (Symbol(name),))))
        return from_symbolic.tree_of(symbolic.undecorated(indefinite))
    except (from_symbolic.NoTree, *symbolic.GAVE_UP):
        return None


def _is_polynomial(node: Node, name: str) -> bool:
    """Whether the variable stands in sums, products and whole powers alone."""
    if not isinstance(node, Call) or name not in free_symbols(node):
        return True
    if node.head == "Pow":
        exponent = exact.value(node.args[1])
        return (
            exponent is not None and exponent.denominator == 1 and exponent > 0 and _is_polynomial(node.args[0], name)
        )
    if node.head == "Div":
        return name not in free_symbols(node.args[1]) and _is_polynomial(node.args[0], name)
    return node.head in {"Add", "Mul", "Neg"} and all(_is_polynomial(part, name) for part in node.args)


def _is_continuous(candidate: Node, body: Node, name: str, low: Node, high: Node) -> bool:
    """Finite real balls of F and f over all of [a, b]: then both are continuous there."""
    from proofmill.verifiers.solving.isolation import ball_over, rational_middle
    from proofmill.verifiers.solving.substitution import closed

    ends = [None if free_symbols(end) else closed(end) for end in (low, high)]
    if any(end is None or not end.imag.contains(0) for end in ends) or free_symbols(candidate) - {name}:
        return False
    start, stop = sorted(rational_middle(end.real) for end in ends if end is not None)
    todo = [(start, stop)]
    for _ in range(PIECES):
        if not todo:
            return True
        piece = todo.pop()
        balls = [ball_over(tree, name, *piece, real=True) for tree in (candidate, body)]
        if any(found is None or not found.imag.is_zero() for found in balls):
            middle = (piece[0] + piece[1]) / 2
            todo += [(piece[0], middle), (middle, piece[1])]
    return not todo


# Limits --------------------------------------------------------------------------------------------------------------


def _limit(node: Call) -> tuple[Node, str] | None:
    """By exact expansion on each side, or by continuity."""
    body, variable, point = node.args
    if not isinstance(variable, Symbol) or heads_of(body) & STEPS:
        return None
    return _along_paths(node, body, variable.name, point) or _by_slopes(body, variable.name, point)


def _along_paths(node: Call, body: Node, name: str, point: Node) -> tuple[Node, str] | None:
    """What the expansions on the sides that the limit names agree on."""
    from proofmill.verifiers.expressions.laurent import Path, limit

    if free_symbols(body) - {name}:
        return None
    infinite = {INFINITY: 1, negative(INFINITY): -1}.get(point)
    start = exact.value(point) if infinite is None else None
    if infinite is not None:
        paths = [Path(Fraction(0), infinite, far=True)]
    elif start is not None:
        sides = {"LimitRight": (1,), "LimitLeft": (-1,)}.get(node.head, (1, -1))
        paths = [Path(start, side) for side in sides]
    else:
        return _by_continuity(body, name, point)
    found = {limit(body, name, path) for path in paths}
    if len(found) == 1 and (value := found.pop()) is not None:
        return _as_node(value), "expansion"
    return _by_continuity(body, name, point) if infinite is None else None


def _by_slopes(body: Node, name: str, point: Node) -> tuple[Node, str] | None:
    """u/v with u = v = 0 at the point tends to u'/v' there, where both slopes have a value and v' is not zero."""
    if not (isinstance(body, Call) and body.head == "Div") or INFINITY in _with_parts(point):
        return None
    if any(compare(substitute(part, {name: point}), ZERO).strength != "proved" for part in body.args):
        return None
    above, below = (substitute(derivative(part, name), {name: point}) for part in body.args)
    if compare(below, ZERO).outcome != "different" or compare(above, ZERO).outcome == "unknown":
        return None
    return over(above, below), "slopes"


def _as_node(value: Fraction | str) -> Node:
    if isinstance(value, str):
        return INFINITY if value == "oo" else negative(INFINITY)
    return Number(value)


def _by_continuity(body: Node, name: str, point: Node) -> tuple[Node, str] | None:
    """A finite real ball over a neighbourhood of the point, for functions without steps."""
    from proofmill.verifiers.solving.isolation import ball_over, rational_middle
    from proofmill.verifiers.solving.substitution import closed

    if free_symbols(point) or (found := closed(point)) is None:
        return None
    centre, radius = rational_middle(found.real), Fraction(1, 2**30)
    around: Any = ball_over(body, name, centre - radius, centre + radius, real=True)
    if around is None or not around.imag.is_zero():
        return None
    return substitute(body, {name: point}), "continuity"


_METHODS: Final = {
    "Integral": _integral,
    "Limit": _limit,
    "LimitLeft": _limit,
    "LimitRight": _limit,
    "Product": sums.accumulated,
    "Sum": sums.accumulated,
}
