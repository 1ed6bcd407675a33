"""Intervals, their unions, and finite sets of real numbers, as sorted pieces with decided ends."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cmp_to_key
from typing import TypeAlias

from proofmill.verifiers.expressions.nodes import INTERVALS, NUMBER_SETS, Call, Constant, Node, free_symbols
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.routes import Comparison

Compare: TypeAlias = Callable[[Node, Node, Policy], Comparison]

CLOSED = {
    "IntervalOpen": (False, False), "IntervalClosed": (True, True), "IntervalClosedOpen": (True, False),
    "IntervalOpenClosed": (False, True), "Tuple": (False, False), "List": (True, True),
}  # fmt: skip
PIECES = 40
_INFINITY = Constant("oo")
_BELOW = Call("Neg", (_INFINITY,))


class Undecided(ArithmeticError):
    """Two ends whose order the balls can't tell, or a set that is no union of intervals."""


@dataclass(frozen=True, slots=True)
class Piece:
    """From low to high; an end is closed when it belongs to the piece."""

    low: Node
    high: Node
    has_low: bool
    has_high: bool


def are_ranges(left: Call, right: Call) -> bool:
    """Whether an interval or a combination of sets is in question on either side."""
    certain = INTERVALS | {"Union", "Intersection", "Difference"}
    return left.head in certain or right.head in certain


def compare(left: Call, right: Call, policy: Policy, items: Compare) -> Comparison:
    """Equal when the sorted, merged pieces are."""
    if _same_shape(left, right):
        return _end_by_end(left, right, policy, items)
    try:
        one, two = (_merged(_pieces(part), items, policy) for part in (left, right))
    except Undecided as why:
        return Comparison("unknown", "ranges", {"detail": str(why)})
    if len(one) != len(two):
        return Comparison("different", "pieces", {"pieces": [len(one), len(two)]})
    for first, second in zip(one, two, strict=True):
        found = [items(first.low, second.low, policy), items(first.high, second.high, policy)]
        if any(part.outcome == "different" for part in found):
            return Comparison("different", "ends")
        if any(part.outcome == "unknown" for part in found):
            return Comparison("unknown", "ends")
        if (first.has_low, first.has_high) != (second.has_low, second.has_high):
            return Comparison("different", "brackets")
    return Comparison("equal", "pieces", {}, "proved")


def _same_shape(left: Call, right: Call) -> bool:
    return left.head in CLOSED and right.head in CLOSED and len(left.args) == len(right.args) == 2


def _end_by_end(left: Call, right: Call, policy: Policy, items: Compare) -> Comparison:
    """Two intervals, whose ends may have variables in them."""
    found = [items(one, two, policy) for one, two in zip(left.args, right.args, strict=True)]
    if any(part.outcome == "different" for part in found):
        return Comparison("different", "ends")
    if CLOSED[left.head] != CLOSED[right.head]:
        return Comparison("different", "brackets", {"brackets": [left.head, right.head]})
    if any(part.outcome == "unknown" for part in found):
        return Comparison("unknown", "ends")
    strength = "proved" if all(part.strength == "proved" for part in found) else "agreed"
    return Comparison("equal", "ends", {}, strength)  # type: ignore[arg-type]


def _pieces(node: Node) -> list[Piece]:
    """The pieces of a union, before they are sorted."""
    if isinstance(node, Constant):
        if node.name == "reals":
            return [Piece(_BELOW, _INFINITY, False, False)]
        raise Undecided(node.name if node.name in NUMBER_SETS else "no set")
    if not isinstance(node, Call) or free_symbols(node):
        raise Undecided("variables in a set")
    if node.head == "Union":
        found = [piece for part in node.args for piece in _pieces(part)]
        if len(found) > PIECES:
            raise Undecided("many pieces")
        return found
    if node.head == "Set":
        return [Piece(item, item, True, True) for item in node.args]
    if node.head in CLOSED and len(node.args) == 2:
        low, high = CLOSED[node.head]
        ends = node.args
        return [Piece(ends[0], ends[1], low and ends[0] != _BELOW, high and ends[1] != _INFINITY)]
    raise Undecided(node.head)


def _merged(pieces: list[Piece], items: Compare, policy: Policy) -> list[Piece]:
    """Sorted, empty ones dropped, and joined where they touch or overlap."""
    kept = []
    for piece in pieces:
        order = _order(piece.low, piece.high, items, policy)
        if order < 0 or (order == 0 and piece.has_low and piece.has_high):
            kept.append(piece)
    kept.sort(key=cmp_to_key(lambda one, two: _by_low(one, two, items, policy)))
    found: list[Piece] = []
    for piece in kept:
        if found and _touch(found[-1], piece, items, policy):
            found[-1] = _joined(found[-1], piece, items, policy)
        else:
            found.append(piece)
    return found


def _by_low(one: Piece, two: Piece, items: Compare, policy: Policy) -> int:
    return _order(one.low, two.low, items, policy) or two.has_low - one.has_low


def _touch(one: Piece, two: Piece, items: Compare, policy: Policy) -> bool:
    order = _order(two.low, one.high, items, policy)
    return order < 0 or (order == 0 and (one.has_high or two.has_low))


def _joined(one: Piece, two: Piece, items: Compare, policy: Policy) -> Piece:
    order = _order(one.high, two.high, items, policy)
    if order == 0:
        return Piece(one.low, one.high, one.has_low, one.has_high or two.has_high)
    return Piece(one.low, two.high, one.has_low, two.has_high) if order < 0 else one


def _order(one: Node, two: Node, items: Compare, policy: Policy) -> int:
    """-1, 0, 1; equality by proof, order by balls that don't overlap."""
    for node, sign in ((one, 1), (two, -1)):
        if node in (_INFINITY, _BELOW):
            return 0 if one == two else sign * (1 if node == _INFINITY else -1)
    found = items(one, two, policy)
    if found.outcome == "equal":
        return 0
    if found.outcome == "unknown":
        raise Undecided("two ends that may be equal")
    from proofmill.verifiers.expressions import balls

    for bits in (64, 512, 3_000):
        with balls.precision(bits):
            try:
                gap = balls.value(one, {}).real - balls.value(two, {}).real
            except balls.Undefined as why:
                raise Undecided(str(why)) from why
            if not gap.contains(0):
                return 1 if gap > 0 else -1
    raise Undecided("two ends that are very close")
