"""Statements in one normal form: and, or, relations, propositions, true and false; `not` stands nowhere but before a
proposition."""

from collections.abc import Iterable, Mapping
from typing import Final

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import (
    INTERVALS,
    RELATIONS,
    SETS,
    Call,
    Constant,
    Node,
    Symbol,
    free_symbols,
    heads_of,
    is_statement,
    number,
    substitute,
    walk,
)
from proofmill.verifiers.verdict import Unreadable

TRUE: Final = Constant("true")
FALSE: Final = Constant("false")
LEAVES: Final = 60
"""The most relations in a statement: `xor` doubles them."""

_OPPOSITE: Final = {"Eq": "Ne", "Ne": "Eq", "Lt": "Ge", "Ge": "Lt", "Gt": "Le", "Le": "Gt"}
_TURNED: Final = {"Gt": "Lt", "Ge": "Le"}
_ENDS: Final = {
    "IntervalOpen": ("Lt", "Lt"),
    "IntervalClosed": ("Le", "Le"),
    "IntervalClosedOpen": ("Le", "Lt"),
    "IntervalOpenClosed": ("Lt", "Le"),
    "Tuple": ("Lt", "Lt"),
    "List": ("Le", "Le"),
}
_GROUPS: Final = frozenset({"Sequence", "List", "Tuple", "Set"})


def says(node: Node) -> bool:
    """Whether a tree is a statement, or a group of them: a system, or the solutions of an equation."""
    if is_statement(node):
        return True
    return isinstance(node, Call) and node.head in _GROUPS and bool(node.args) and is_statement(node.args[0])


def normal(node: Node) -> Node:
    """The normal form of a statement; raises Unreadable for what states nothing or is too large.

    A negation passes to the relations, whose sides must still have values: `not x/x = 1` holds nowhere.
    """
    found = _normal(node, False)
    if sum(isinstance(part, Call) and part.head in RELATIONS for part in walk(found)) > LEAVES:
        raise Unreadable(f"more than {LEAVES} relations", reason="too_long")
    return found


def leaves(node: Node) -> list[Node]:
    """The relations and propositions of a normal form, in the order of the text."""
    if isinstance(node, Call) and node.head in {"And", "Or", "Not"}:
        return [leaf for part in node.args for leaf in leaves(part)]
    return [] if isinstance(node, Constant) else [node]


def propositions(node: Node) -> frozenset[str]:
    """The names that are true or false in a normal form."""
    return frozenset(leaf.name for leaf in leaves(node) if isinstance(leaf, Symbol))


def variables(node: Node) -> frozenset[str]:
    """The names that have numbers as values in a normal form."""
    found: frozenset[str] = frozenset()
    return found.union(*(free_symbols(leaf) for leaf in leaves(node) if isinstance(leaf, Call)))


def both(parts: Iterable[Node]) -> Node:
    """The conjunction, flat and without what is trivial."""
    return _joined("And", parts, TRUE, FALSE)


def either(parts: Iterable[Node]) -> Node:
    """The disjunction, flat and without what is trivial."""
    return _joined("Or", parts, FALSE, TRUE)


def _joined(head: str, parts: Iterable[Node], neutral: Node, absorbing: Node) -> Node:
    found: list[Node] = []
    for part in parts:
        inside = part.args if isinstance(part, Call) and part.head == head else (part,)
        found.extend(item for item in inside if item != neutral and item not in found)
    if absorbing in found:
        return absorbing
    return Call(head, tuple(found)) if len(found) > 1 else (found or [neutral])[0]


def _normal(node: Node, negated: bool) -> Node:
    if isinstance(node, Constant) and node.name in {"true", "false"}:
        return TRUE if (node.name == "true") != negated else FALSE
    if isinstance(node, Symbol):
        return Call("Not", (node,)) if negated else node
    if not isinstance(node, Call):
        raise Unreadable("a number where a statement was expected", reason="not_a_statement")
    if node.head in RELATIONS:
        return _relation(node, negated)
    if node.head == "In":
        return _normal(member(node.args[0], node.args[1]), negated)
    if node.head in {"And", "Or", "Not", "Implies", "Iff", "Xor"}:
        return _connective(node, negated)
    if node.head in _GROUPS:
        return _normal(_group(node), negated)
    raise Unreadable(f"{node.head} where a statement was expected", reason="not_a_statement")


def _connective(node: Call, negated: bool) -> Node:
    match node.head:
        case "Not":
            return _normal(node.args[0], not negated)
        case "And" | "Or":
            join = both if (node.head == "And") != negated else either
            return join([_normal(part, negated) for part in node.args])
        case "Implies":
            return _normal(Call("Or", (Call("Not", node.args[:1]), node.args[1])), negated)
    one, two = node.args
    same = Call("Or", (Call("And", (one, two)), Call("And", (Call("Not", (one,)), Call("Not", (two,))))))
    return _normal(same, negated != (node.head == "Xor"))


def _relation(node: Call, negated: bool) -> Node:
    """`a > b` becomes `b < a`; a side of several values or several places becomes several relations."""
    left, right = node.args
    if node.head in {"Eq", "Ne"}:
        several = _several(node)
        if several is not None:
            return _normal(several, negated)
    head = _OPPOSITE[node.head] if negated else node.head
    if head in _TURNED:
        head, left, right = _TURNED[head], right, left
    if any(isinstance(side, Call) and side.head in SETS | INTERVALS | _GROUPS for side in (left, right)) or any(
        is_statement(part) for side in (left, right) if "Piecewise" not in heads_of(side) for part in walk(side)
    ):
        raise Unreadable("a collection or a statement as a side of a relation", reason="not_a_statement")
    return Call(head, (left, right))


def _several(node: Call) -> Node | None:
    """`x = {2, -2}` (as plus-minus is read) and `(x, y) = (1, 2)` in single equations."""
    left, right = node.args
    if isinstance(left, Call) and left.head == "Set" and not isinstance(right, Call):
        left, right = right, left
    if isinstance(right, Call) and right.head == "Set" and right.args and not _is_group(left):
        if node.head == "Ne":
            return Call("And", tuple(Call("Ne", (left, part)) for part in right.args))
        return Call("Or", tuple(Call("Eq", (left, part)) for part in right.args))
    if isinstance(left, Call) and isinstance(right, Call) and left.head == right.head in {"Tuple", "List"}:
        if len(left.args) != len(right.args) or node.head == "Ne":
            raise Unreadable("tuples of different lengths", reason="not_a_statement")
        return Call("And", tuple(Call("Eq", pair) for pair in zip(left.args, right.args, strict=True)))
    return None


def _is_group(node: Node) -> bool:
    return isinstance(node, Call) and node.head in SETS | _GROUPS


def _group(node: Call) -> Node:
    """A list of statements is a system; `x = 2, x = 3` are the solutions of an equation, and so is `x = 2, 3`."""
    if not node.args:
        return FALSE
    first = node.args[0]
    name = first.args[0] if isinstance(first, Call) and first.head == "Eq" else None
    parts = [part if is_statement(part) or name is None else Call("Eq", (name, part)) for part in node.args]
    if not all(map(is_statement, parts)):
        raise Unreadable("values beside statements", reason="not_a_statement")
    if node.head == "Set" and not all(isinstance(part, Call) and part.head == "Eq" for part in parts):
        raise Unreadable("a set of statements", reason="not_a_statement")
    alike = isinstance(name, Symbol) and all(isinstance(part, Call) and part.args[0] == name for part in parts)
    values = all(isinstance(part, Call) and part.head == "Eq" for part in parts)
    return Call("Or" if alike and values and len(parts) > 1 else "And", tuple(parts))


def member(item: Node, group: Node) -> Node:
    """`x in S` as a statement about x."""
    if isinstance(group, Constant) and group.name == "reals":
        return Call("Eq", (item, item))
    if not isinstance(group, Call):
        raise Unreadable("membership in what is no set of known members", reason="not_supported")
    if group.head == "Set":
        return Call("Or", tuple(Call("Eq", (item, part)) for part in group.args)) if group.args else FALSE
    if group.head in {"Union", "Intersection"}:
        head = "Or" if group.head == "Union" else "And"
        return Call(head, tuple(member(item, part) for part in group.args))
    if group.head == "Difference":
        return Call("And", (member(item, group.args[0]), Call("Not", (member(item, group.args[1]),))))
    if group.head in _ENDS and len(group.args) == 2:
        return _between(item, group)
    raise Unreadable(f"membership in {group.head}", reason="not_supported")


def _between(item: Node, interval: Call) -> Node:
    lower, upper = interval.args
    first, second = _ENDS[interval.head]
    links = []
    if lower != Call("Neg", (Constant("oo"),)):
        links.append(Call(first, (lower, item)))
    if upper != Constant("oo"):
        links.append(Call(second, (item, upper)))
    return Call("And", tuple(links)) if links else Call("Eq", (item, item))


def replaced(node: Node, values: Mapping[str, Node]) -> Node:
    """A normal form with values put in; a relation that has no value there is false."""
    if isinstance(node, Call) and node.head in {"And", "Or"}:
        join = both if node.head == "And" else either
        return join([replaced(part, values) for part in node.args])
    if not isinstance(node, Call) or node.head == "Not":
        return node
    found = substitute(node, values)
    try:
        exact.value(found)
    except Unreadable as why:
        if why.reason != "undefined":
            raise
        return FALSE
    return found


def restricted(node: Node, names: Iterable[str]) -> Node:
    """The statement together with `name > 0` for each name: how it reads where variables are positive."""
    return both([*(Call("Lt", (number(0), Symbol(name))) for name in sorted(names)), node])
