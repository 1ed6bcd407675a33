"""What an answer is made of: one value, several in any order, named values, or a statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import (
    INTERVALS,
    Call,
    Constant,
    Node,
    Symbol,
    free_symbols,
    is_statement,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """`names` are the left sides of `x = 1, y = 2`, one for each item, or () where the items have none.

    A `value` has one item; `several` stand in any order; `listed` have an order or names of their own.
    """

    kind: Literal["value", "several", "listed", "statement"]
    items: tuple[Node, ...]
    names: tuple[Node, ...] = ()


def shape_of(node: Node) -> Shape:
    """The shape of a tree that was read as an answer."""
    node = last_of_chain(unboxed(node))
    if not isinstance(node, Call):
        return Shape("statement" if is_statement(node) else "value", (node,))
    if node.head == "Sequence" or (node.head in {"Or", "And"} and all(_named(part) for part in node.args)):
        return _of_items(node.args, alternatives=node.head == "Or")
    if node.head == "Set":
        return Shape("several", _flat(node.args))
    if node.head == "In" and is_name(node.args[0]) and isinstance(node.args[1], Call) and node.args[1].head == "Set":
        items = _flat(node.args[1].args)
        return Shape("several", items, (node.args[0],) * len(items))
    if node.head == "Union" and all(isinstance(part, Call) and part.head == "Set" for part in node.args):
        return Shape("several", _flat(item for part in node.args if isinstance(part, Call) for item in part.args))
    if named := _named(node):
        name, value = named
        if isinstance(name, Call) and isinstance(value, Call) and name.head == value.head == "Tuple":
            return Shape("listed", value.args, name.args)
        inner = shape_of(value) if isinstance(value, Call) and value.head == "Set" else Shape("value", (value,))
        return Shape(inner.kind, inner.items, (name,) * len(inner.items))
    return Shape("statement" if is_statement(node) else "value", (node,))


def as_statement(shape: Shape) -> Node | None:
    """What the shape says as one statement; None where it names nothing."""
    if shape.kind == "statement":
        return shape.items[0] if len(shape.items) == 1 else None
    if shape.kind == "several" and not shape.items:
        return Constant("false")
    if not shape.names or not shape.items:
        return None
    said = tuple(Call("Eq", pair) for pair in zip(shape.names, shape.items, strict=True))
    return said[0] if len(said) == 1 else Call("And" if len(set(shape.names)) > 1 else "Or", said)


def unboxed(node: Node) -> Node:
    """A matrix between brackets is the matrix."""
    if isinstance(node, Call) and node.head in {"List", "Tuple", "Set"} and len(node.args) == 1:
        inner = node.args[0]
        return inner if isinstance(inner, Call) and inner.head == "Matrix" else node
    return node


def last_of_chain(node: Node) -> Node:
    """`x = 2 + 3 = 5` says x = 5, and `2 + 3 = 5` says 5."""
    links = node.args if isinstance(node, Call) and node.head == "And" else (node,)
    if not all(isinstance(link, Call) and link.head == "Eq" for link in links):
        return node
    chain = [link for link in links if isinstance(link, Call)]
    if any(one.args[1] != two.args[0] for one, two in pairwise(chain)):
        return node
    first, last = chain[0].args[0], chain[-1].args[1]
    if is_name(first) and len(chain) > 1:
        return Call("Eq", (first, last))
    closed = not free_symbols(first) and not free_symbols(last) and exact.value(first) == exact.value(last)
    return last if closed or (len(chain) > 1 and not free_symbols(last)) else node


def _of_items(parts: tuple[Node, ...], *, alternatives: bool) -> Shape:
    pairs = [_named(part) for part in parts]
    named = [pair for pair in pairs if pair is not None]
    if named and pairs[0] is not None and len(named) == 1 and not is_tuple(named[0][0]):
        return Shape("several", (named[0][1], *parts[1:]), (named[0][0],) * len(parts))
    if any(pair is None and is_statement(part) for pair, part in zip(pairs, parts, strict=True)):
        return Shape("statement", parts)
    if len(named) < len(parts):
        return Shape("several", _flat(parts))
    names = [name for name, _ in named]
    values = [value for _, value in named]
    distinct = list(dict.fromkeys(names))
    if alternatives or len(distinct) == 1:
        items = _flat(values)
        return Shape("several", items, (names[0],) * len(items) if len(distinct) == 1 else ())
    width = len(distinct)
    if len(names) > width and names == distinct * (len(names) // width):
        groups = [values[start : start + width] for start in range(0, len(values), width)]
        return Shape("several", tuple(Call("Tuple", tuple(group)) for group in groups))
    if len(distinct) == len(names):
        numbered = len({stem(name) for name in names}) == 1
        return Shape("several" if numbered else "listed", tuple(values), tuple(names))
    return Shape("statement", parts)


def stem(name: Node) -> str:
    """`x` of `x_1`: numbered names of one letter are alternatives."""
    return name.name.partition("_")[0] if isinstance(name, Symbol) else repr(name)


def _flat(parts: Iterable[Node]) -> tuple[Node, ...]:
    """The items, those of `1 \\pm 2` (a set) as items of their own."""
    listed = list(parts)
    found: list[Node] = []
    for part in listed:
        inner = isinstance(part, Call) and part.head == "Set" and len(part.args) == 2
        found.extend(part.args if inner and isinstance(part, Call) else (part,))
    return tuple(found)


def _named(node: Node) -> tuple[Node, Node] | None:
    """(name, value) of `x = 5`, `5 = x`, `f(x) = 2x`, `(p, q) = (3, 2)`; None where no side is a name."""
    if not isinstance(node, Call) or node.head != "Eq":
        return None
    left, right = node.args
    if is_name(left) and not free_symbols(left) & free_symbols(right):
        return left, right
    if is_applied(left):
        return left, right
    if isinstance(right, Symbol) and not free_symbols(left) & free_symbols(right):
        return right, left
    return None


_UPPER: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def is_name(node: Node) -> bool:
    """Whether a left side only names what the right side is worth: x, f(x), (x, y), a ratio of segments NO/BO."""
    if isinstance(node, Symbol):
        return True
    if is_applied(node) or is_tuple(node):
        return is_applied(node) or all(isinstance(part, Symbol) for part in getattr(node, "args", ()))
    if isinstance(node, Call) and node.head in {"Mul", "Div", "Ratio"}:
        return all(is_name(part) and _is_upper(part) for part in node.args)
    return False


def _is_upper(node: Node) -> bool:
    if isinstance(node, Symbol):
        return node.name[0] in _UPPER
    return isinstance(node, Call) and all(_is_upper(part) for part in node.args)


def is_applied(node: Node) -> bool:
    """f(x)."""
    return isinstance(node, Call) and node.head == "Apply"


def is_tuple(node: Node) -> bool:
    """(x, y)."""
    return isinstance(node, Call) and node.head == "Tuple"


# Intervals -----------------------------------------------------------------------------------------------------------

_SIDES: Final = {"Lt": (False, True), "Le": (True, True), "Gt": (False, False), "Ge": (True, False)}
_HEADS: Final = {
    (False, False): "IntervalOpen", (True, True): "IntervalClosed", (True, False): "IntervalClosedOpen",
    (False, True): "IntervalOpenClosed",
}  # fmt: skip
_BRACKETED: Final = {"Tuple": "IntervalOpen", "List": "IntervalClosed"}


def as_set(node: Node, *, certain: bool = False) -> Node | None:
    """The set that an interval, a union, `x \\in S` or an inequality in one name describes; None for anything else.

    `certain`: the other side is certainly a set, so `(1, 2)` is an interval and not a point.
    """
    if not isinstance(node, Call):
        whole = isinstance(node, Constant) and node.name == "reals"
        return Call("IntervalOpen", (Call("Neg", (Constant("oo"),)), Constant("oo"))) if whole else None
    if node.head == "In" and is_name(node.args[0]):
        return as_set(node.args[1], certain=True)
    if node.head in _BRACKETED and certain and len(node.args) == 2:
        return Call(_BRACKETED[node.head], node.args)
    if node.head in INTERVALS or node.head == "Set":
        return node
    if node.head in {"Union", "Or"}:
        parts = [as_set(part, certain=True) for part in node.args]
        kept = tuple(part for part in parts if part is not None)
        return Call("Union", _pieces(kept)) if len(kept) == len(parts) else None
    if node.head in _SIDES or node.head == "And":
        return _from_inequality(node)
    return None


def name_in(node: Node) -> Node | None:
    """The name that `x \\in S` or an inequality is about."""
    if isinstance(node, Call) and (node.head in _SIDES or node.head in {"In", "And", "Or"}):
        for part in (*node.args, *(name_in(part) for part in node.args)):
            if part is not None and is_name(part) and not (is_tuple(part) and node.head != "In"):
                return part
    return None


def _pieces(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """Unions inside a union are its parts."""
    found: list[Node] = []
    for part in parts:
        found.extend(part.args if isinstance(part, Call) and part.head == "Union" else (part,))
    return tuple(found)


def _from_inequality(node: Call) -> Node | None:
    """`a < x <= b`, `x > a`, `a <= f(x)`."""
    links = node.args if node.head == "And" else (node,)
    low: tuple[Node, bool] = (Call("Neg", (Constant("oo"),)), False)
    high: tuple[Node, bool] = (Constant("oo"), False)
    names: set[Node] = set()
    for link in links:
        if not isinstance(link, Call) or link.head not in _SIDES:
            return None
        closed, rising = _SIDES[link.head]
        one, two = link.args
        if is_name(one) == is_name(two):
            return None
        name, bound, below = (one, two, not rising) if is_name(one) else (two, one, rising)
        names.add(name)
        if below:
            low = bound, closed
        else:
            high = bound, closed
    if len(names) != 1 or len(links) > 2:
        return None
    return Call(_HEADS[low[1], high[1]], (low[0], high[0]))
