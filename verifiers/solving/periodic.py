"""Trigonometric equations: their period, read off the tree, and families of solutions brought into one period."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import derivative
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ONE, PI, ZERO, minus, plus, times
from proofmill.verifiers.expressions.nodes import Call, Node, Number, Symbol, free_symbols, number, substitute
from proofmill.verifiers.solving.isolation import Isolation
from proofmill.verifiers.verdict import Unreadable

CIRCULAR: Final = frozenset({"Sin", "Cos", "Tan"})
_EDGE: Final = 1e-20
LARGEST_COUNT: Final = 48
"""The most solutions of one family in one period."""


def period(node: Node, name: str) -> Node | None:
    """A period of a function: its variable stands in sines, cosines and tangents of linear arguments alone, whose
    slopes are rational, or rational multiples of pi; None for anything else."""
    slopes = _slopes(node, name)
    if not slopes:
        return None
    for measure, unit in ((exact.value, PI), (pi_multiple, ONE)):
        values = [measure(slope) for slope in slopes]
        if all(value for value in values):
            return times(Number(2 / _common_measure([abs(value) for value in values if value])), unit)
    return None


def _slopes(node: Node, name: str) -> list[Node] | None:
    """The slopes of all circular arguments; None where the variable stands elsewhere."""
    if not isinstance(node, Call):
        return None if node == Symbol(name) else []
    if node.head in CIRCULAR:
        slope = derivative(node.args[0], name)
        return None if name in free_symbols(slope) else [slope] if slope != ZERO else []
    found: list[Node] = []
    for part in node.args:
        inner = _slopes(part, name)
        if inner is None:
            return None
        found += inner
    return found


def _common_measure(values: list[Fraction]) -> Fraction:
    below = math.lcm(*(value.denominator for value in values))
    return Fraction(math.gcd(*(int(value * below) for value in values)), below)


def pi_multiple(node: Node) -> Fraction | None:
    """q where the tree is visibly q*pi."""
    name = "pi_"
    named = _with_symbol(node, name)
    slope = exact.value(derivative(named, name))
    rest = exact.value(substitute(named, {name: ZERO}))
    return slope if slope is not None and rest == 0 else None


def _with_symbol(node: Node, name: str) -> Node:
    if node == PI:
        return Symbol(name)
    return Call(node.head, tuple(_with_symbol(part, name) for part in node.args)) if isinstance(node, Call) else node


def ratio(left: Node, right: Node) -> Fraction | None:
    """left/right where that is visibly rational."""
    for measure in (pi_multiple, exact.value):
        one, two = measure(left), measure(right)
        if one is not None and two is not None and two != 0:
            return one / two
    return None


def families(gap: Node, name: str, values: list[Node], parameters: frozenset[str]) -> Comparison:
    """Whether families `x0 + k*d` are all solutions of a periodic equation, and nothing else is.

    In one period that every step d divides, each member is substituted (a wrong one is the witness), and balls isolate
    all roots.
    """
    shortest = period(gap, name)
    if shortest is None:
        return Comparison("unknown", "completeness_open", {"detail": "no period can be read off"})
    lines = [line for value in values for line in _lines(value, parameters)]
    whole = times(Number(Fraction(_common_turns(lines, shortest))), shortest)
    members = [member for start, step in lines for member in _members(start, step, whole)]
    for member in members:
        found = compare(substitute(gap, {name: member}), ZERO)
        if found.outcome == "different":
            return Comparison("different", "extraneous_root", {"root": _text(member), **found.evidence})
        if found.outcome == "unknown":
            return found
    return Isolation(gap, name).complete(ZERO, whole, _distinct(members), closed=(True, False))


def _lines(value: Node, parameters: frozenset[str]) -> list[tuple[Node, Node]]:
    """A family as (start, step), once for even and once for odd members where it alternates."""
    names = sorted(free_symbols(value) & parameters)
    if not names:
        raise Unreadable("a periodic equation has infinitely many solutions, here is one", reason="no_parameter")
    if len(names) > 1:
        raise Unreadable(f"a family with several parameters: {names}", reason="not_solutions")
    if (halves := _by_parity(value, names[0])) is not None:
        return [line for half in halves for line in _lines(half, parameters)]
    return [(substitute(value, {names[0]: ZERO}), derivative(value, names[0]))]


def _common_turns(lines: list[tuple[Node, Node]], shortest: Node) -> int:
    """How many of the shortest period make one that is a multiple of every step."""
    turns = 1
    for _, step in lines:
        often = None if free_symbols(step) else ratio(shortest, step)
        if not often:
            raise Unreadable("a family whose step is no part of the period", reason="completeness_open")
        turns = math.lcm(turns, often.denominator)
    if turns > LARGEST_COUNT:
        raise Unreadable("a family whose step is many periods", reason="completeness_open")
    return turns


def _members(start: Node, step: Node, whole: Node) -> list[Node]:
    """The solutions of one family in [0, period); the step divides the period."""
    often = ratio(whole, step)
    if often is None or often.denominator != 1 or abs(often) > LARGEST_COUNT:
        raise Unreadable("a family with many members in one period", reason="completeness_open")
    return [_reduced(plus(start, times(Number(Fraction(k)), step)), whole) for k in range(abs(int(often)))]


def _by_parity(value: Node, name: str) -> list[Node] | None:
    """(-1)^k*a + k*b as its even and its odd members; None where no power of -1 alternates with k."""
    halves = []
    for parity in (0, 1):
        moved = substitute(value, {name: plus(times(number(2), Symbol(name)), number(parity))})
        settled = _settled(moved, name)
        if settled == moved:
            return None
        halves.append(settled)
    return halves


def _settled(node: Node, name: str) -> Node:
    """The tree with every (-1)^e worked out whose exponent e is even for all k, or odd for all k."""
    if not isinstance(node, Call):
        return node
    if node.head == "Pow" and exact.value(node.args[0]) == -1 and name in free_symbols(node.args[1]):
        start = exact.value(substitute(node.args[1], {name: ZERO}))
        slope = exact.value(derivative(node.args[1], name))
        if start is not None and slope is not None and start.denominator == 1 and slope % 2 == 0:
            return number(-1 if start % 2 else 1)
    return Call(node.head, tuple(_settled(part, name) for part in node.args))


def _reduced(value: Node, whole: Node) -> Node:
    """A value moved into [0, period) by a multiple of the period; at the very edge it is zero or stays beside it."""
    from proofmill.verifiers.expressions import balls

    with balls.precision(128):
        turns = (balls.value(value, {}) / balls.value(whole, {})).real
        nearest = int(turns.mid().floor().unique_fmpz())
        rounded = int((turns.mid() + 0.5).floor().unique_fmpz())
        on_the_edge = bool(abs(turns.mid() - rounded) < _EDGE)
    if on_the_edge:
        onto = minus(value, times(Number(Fraction(rounded)), whole))
        if compare(onto, ZERO).outcome == "equal":
            return ZERO
    return minus(value, times(Number(Fraction(nearest)), whole))


def _distinct(members: list[Node]) -> list[Node]:
    found: list[Node] = []
    for member in members:
        if not any(compare(member, other).outcome == "equal" for other in found):
            found.append(member)
    return found


def _text(node: Node) -> str:
    from proofmill.verifiers.expressions.writer import text_of

    return text_of(node)


def told(point: Mapping[str, Node]) -> dict[str, str]:
    """A point for the evidence."""
    return {name: _text(value) for name, value in point.items()}
