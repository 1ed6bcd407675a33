"""The levels above sums: sets, relations and chains of them, `not`, `and`, `or`, `=>`, `<=>`, and the signs +-."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from proofmill.verifiers.expressions.nodes import (
    CONNECTIVES,
    RELATIONS,
    Call,
    Constant,
    Node,
    is_statement,
    walk,
)
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.expressions.grammar import Parser

_RELATIONS: Final = {"=": "Eq", "!=": "Ne", "<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge"}
_OTHERS: Final = frozenset({"in", "ni", "subset", "subseteq", "superset", "superseteq", "parallel", "perp"})
"""Relations that are no comparison of values; each has its negation with `not` before it."""
_SETS: Final = {"cup": "Union", "cap": "Intersection", "setminus": "Difference"}
_LAST: Final = {"=>": "Implies", "<=>": "Iff", "xor": "Xor"}
_SIGNS: Final = {"PlusMinus": (1, -1), "MinusPlus": (-1, 1)}


def formula(parser: "Parser") -> Node:
    """`A => B`, `A <=> B`, `A xor B`; a chain of these has several readings and is refused."""
    left = _joined(parser, "or", "Or", _conjunction)
    if not (parser.here.kind == "op" and parser.here.text in _LAST):
        return left
    head = _LAST[parser.take().text]
    found = parser.make(head, left, _joined(parser, "or", "Or", _conjunction))
    if parser.here.kind == "op" and parser.here.text in _LAST:
        raise Unreadable("a chain of implications", reason="ambiguous")
    return found


def _conjunction(parser: "Parser") -> Node:
    return _joined(parser, "and", "And", _negation)


def _joined(parser: "Parser", word: str, head: str, level: Callable[["Parser"], Node]) -> Node:
    parts = [level(parser)]
    while parser.accepts(word):
        parts.append(level(parser))
    return parts[0] if len(parts) == 1 else parser.make(head, *parts)


def _negation(parser: "Parser") -> Node:
    times = 0
    while parser.accepts("not"):
        times += 1
    found = _chain(parser)
    return parser.make("Not", found) if times % 2 else found


def _chain(parser: "Parser") -> Node:
    """a = b, a < b < c, x in S; a chain is the conjunction of its links."""
    left = _set(parser)
    links: list[Node] = []
    kinds: set[str] = set()
    while parser.here.kind == "op" and (parser.here.text in _RELATIONS or _positive(parser.here.text) in _OTHERS):
        operator = parser.take().text
        kinds.add(operator)
        right = _set(parser)
        if operator in _RELATIONS:
            links.append(parser.make(_RELATIONS[operator], left, right))
        else:
            link = _other(parser, _positive(operator), left, right)
            links.append(link if operator in _OTHERS else parser.make("Not", link))
        left = right
    if not links:
        return left
    if len(links) > 1 and kinds - set(_RELATIONS) and not kinds <= {"subset", "subseteq"}:
        raise Unreadable("a chain of statements that are no comparisons", reason="ambiguous")
    return links[0] if len(links) == 1 else parser.make("And", *links)


def _positive(operator: str) -> str:
    return operator.removeprefix("not")


def _other(parser: "Parser", operator: str, left: Node, right: Node) -> Node:
    """Turned one way round: `A ni x` is `x in A`; a strict part is one that does not hold the whole."""
    if operator in {"ni", "superset", "superseteq"}:
        operator = {"ni": "in", "superset": "subset", "superseteq": "subseteq"}[operator]
        left, right = right, left
    if operator == "in":
        return parser.make("In", left, as_set(right))
    if operator in {"parallel", "perp"}:
        head = "Parallel" if operator == "parallel" else "Perpendicular"
        return parser.make(head, *sorted((left, right), key=repr))
    left, right = as_set(left), as_set(right)
    part = parser.make("Subset", left, right)
    return (
        part if operator == "subseteq" else parser.make("And", part, parser.make("Not", Call("Subset", (right, left))))
    )


def _set(parser: "Parser") -> Node:
    """Sums joined by set operations of one kind; a mixture needs brackets."""
    found = parser.sum()
    if not (parser.here.kind == "op" and parser.here.text in _SETS):
        return found
    word = parser.here.text
    parts = [as_set(found)]
    while parser.accepts(word):
        parts.append(as_set(parser.sum()))
        if word == "setminus" and len(parts) > 2:
            raise Unreadable("a row of set differences", reason="ambiguous")
    if parser.here.kind == "op" and parser.here.text in _SETS:
        raise Unreadable("set operations of two kinds without brackets", reason="ambiguous")
    return parser.make(_SETS[word], *parts)


def as_set(node: Node) -> Node:
    """A pair in brackets is an interval where a set must stand."""
    if isinstance(node, Call) and len(node.args) == 2 and node.head in {"Tuple", "List"}:
        return Call("IntervalOpen" if node.head == "Tuple" else "IntervalClosed", node.args)
    return node


def as_interval(node: Call) -> Call:
    """A pair with an infinite end is an interval."""
    infinite = {Constant("oo"), Call("Neg", (Constant("oo"),))}
    if node.head in {"Tuple", "List"} and len(node.args) == 2 and infinite & set(node.args):
        return Call("IntervalOpen" if node.head == "Tuple" else "IntervalClosed", node.args)
    return node


# Signs ----------------------------------------------------------------------------------------------------------------


def with_signs(node: Node) -> Node:
    """`x = +-2` says x = 2 or x = -2, a bare `a +- b` is the set of both; all signs of one formula go together."""
    if not any(isinstance(part, Call) and part.head in _SIGNS for part in walk(node)):
        return node
    if isinstance(node, Call) and node.head in CONNECTIVES | {"Sequence", "List", "Set", "Tuple"}:
        parts = [with_signs(part) for part in node.args]
        if node.head in {"Sequence", "Set"}:
            parts = [item for part, old in zip(parts, node.args, strict=True) for item in _spread(part, old)]
        return Call(node.head, tuple(parts))
    upper, lower = _signed(node, 0), _signed(node, 1)
    if isinstance(node, Call) and (node.head in RELATIONS or is_statement(node)):
        return Call("Or", (upper, lower))
    return Call("Set", (upper, lower))


def _spread(part: Node, old: Node) -> tuple[Node, ...]:
    """Both values among the items of the collection around."""
    return part.args if part is not old and isinstance(part, Call) and part.head == "Set" else (part,)


def _signed(node: Node, which: int) -> Node:
    if not isinstance(node, Call):
        return node
    parts = [_signed(part, which) for part in node.args]
    if node.head not in _SIGNS:
        return Call(node.head, tuple(parts))
    last = parts[-1] if _SIGNS[node.head][which] > 0 else Call("Neg", (parts[-1],))
    return last if len(parts) == 1 else Call("Add", (parts[0], last))
