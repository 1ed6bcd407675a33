"""What an answer says the solutions are: none, all, points, families with an integer parameter, or regions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.drafting import ARRAYS
from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import (
    INTERVALS,
    SETS,
    Call,
    Constant,
    Node,
    Symbol,
    free_symbols,
    substitute,
)
from proofmill.verifiers.verdict import Unreadable

POINTS: Final = 60
"""The most solutions that a list may name."""

_NONE = re.compile(
    r"(?:there (?:is|are) )?(?:no|none|empty set|the empty set|\\emptyset|\\varnothing|\u2205|\{\s*\}|\\\{\s*\\\})"
    r"(?: (?:real|integer|complex|such|further|valid|positive))?"
    r"(?: (?:solutions?|roots?|numbers?|values?))?(?: exists?)?",
    re.IGNORECASE,
)
_ALL = re.compile(r"(?:all|every|any) (?:real numbers?|reals?|real [a-z])|\\mathbb\s*\{?R\}?|\u211d", re.IGNORECASE)
_WHOLE = re.compile(
    r"[,;]?\s*(?:\(\s*)?(?:\\text\s*\{\s*)?(?:where|with|for(?: (?:all|any|every|each|some))?)?\s*\}?"
    r"\s*\$?\s*(?P<name>[a-zA-Z])\s*\$?\s*"
    r"(?:\\in\s*\\mathbb\s*\{?Z\}?|\u2208\s*(?:\u2124|Z)|in Z|in (?:the )?integers|(?:is )?(?:an |any )?integers?"
    r"|\\text\s*\{\s*(?:is )?(?:an |any )?integer\s*\})\s*\$?\)?\s*$"
)
"""A declaration such as `, k \\in \\mathbb{Z}` or `where k is an integer` at the end."""
_OR = re.compile(r"\\text\s*\{\s*or\s*\}|\\(?:lor|vee)(?![A-Za-z])|\u2228|(?<![A-Za-z\\])or(?![A-Za-z])", re.IGNORECASE)
_AND = re.compile(
    r"\\text\s*\{\s*and\s*\}|\\(?:land|wedge|quad|qquad)(?![A-Za-z])|\u2227|(?<![A-Za-z\\])and(?![A-Za-z])",
    re.IGNORECASE,
)
_ORDER = re.compile(r"[<>\u2264\u2265\u2260]|!=|\\(?:le|ge|lt|gt|ne|leq|geq|neq|leqslant|geqslant)(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Solutions:
    """`points`: the value of each variable; `parameters`: symbols in them that are no part of the question;
    `region`: a statement, for answers that are inequalities, intervals, all or none."""

    kind: Literal["points", "region"]
    points: tuple[Mapping[str, Node], ...] = ()
    parameters: frozenset[str] = frozenset()
    region: Node | None = None


def read_solutions(
    text: str, variables: tuple[str, ...], known: frozenset[str], *, intervals: bool = False
) -> Solutions:
    """The solutions of an answer's text; `known` are the symbols of the question, which are no parameters.

    With `intervals`, `(1, 2)` and `[1, 2]` are intervals, as they are where the question is an inequality.
    """
    limits.check_length(text)
    short = unwrapped(text)
    bare = re.sub(r"\\text\s*\{([^{}]*)\}", r"\1", short).strip(" .$")
    if _NONE.fullmatch(bare):
        return Solutions("region", region=Constant("false"))
    if _ALL.fullmatch(bare):
        return Solutions("region", region=Constant("true"))
    short, whole = _without_parameters(short)
    trees = _alternatives(short, len(variables) > 1)
    if intervals:
        trees = list(map(_with_intervals, trees))
    region = _region(trees, variables)
    if region is not None:
        return Solutions("region", region=region)
    points = tuple(_resolved(point) for tree in trees for point in _points(tree, variables))
    if not points or len(points) > POINTS:
        raise Unreadable(f"expected 1 to {POINTS} solutions (found {len(points)})", reason="not_solutions")
    named = frozenset().union(*(free_symbols(value) for point in points for value in point.values()))
    return Solutions("points", points, (named - known - frozenset(variables)) | (whole & named))


def _without_parameters(text: str) -> tuple[str, frozenset[str]]:
    """The text without `, k \\in \\mathbb{Z}` at its end, and the names that are declared there."""
    found = _WHOLE.search(text)
    return (text[: found.start()], frozenset({found["name"]})) if found else (text, frozenset())


def _alternatives(text: str, system: bool) -> list[Node]:
    """What stands around `or`; `and` joins conditions of an inequality or a system, and else further solutions."""
    found: list[Node] = []
    for part in _OR.split(text):
        pieces = [piece.strip(" ,;") for piece in _AND.split(part) if piece.strip(" ,;.$")]
        trees = [read(unwrapped(piece)) for piece in pieces]
        if len(trees) > 1 and (system or _ORDER.search(part)):
            flat = [inner for tree in trees for inner in _listed(tree)]
            trees = [Call("And", tuple(flat))]
        found += trees
    return found


def _listed(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Call) and node.head in {"Sequence", "And"} else (node,)


# Points --------------------------------------------------------------------------------------------------------------


def _points(node: Node, variables: tuple[str, ...]) -> Iterable[dict[str, Node]]:
    if len(variables) == 1:
        return [{variables[0]: value} for value in _values(node, variables[0])]
    return _tuples(node, variables)


def _resolved(point: dict[str, Node]) -> dict[str, Node]:
    """x = y, y = 2 as x = 2, y = 2; a value that still names an unknown is no solution."""
    found = {name: substitute(value, {other: known for other, known in point.items() if other != name})
             for name, value in point.items()}  # fmt: skip
    if any(free_symbols(value) & set(point) for value in found.values()):
        raise Unreadable("a value in terms of the unknowns", reason="not_solutions")
    return found


def _values(node: Node, name: str) -> list[Node]:
    """The values of one variable: x = 1, {1, 2}, x = 1 or x = 2, 1, 2."""
    if isinstance(node, Call) and node.head == "Eq":
        left, right = node.args
        if left == Symbol(name):
            return _values(right, name)
        if right == Symbol(name):
            return _values(left, name)
        raise Unreadable("an equation that is not solved", reason="not_solutions")
    if isinstance(node, Call) and node.head in ARRAYS | {"Or"}:
        return [value for part in node.args for value in _values(part, name)]
    if isinstance(node, Call) and node.head == "In" and node.args[0] == Symbol(name):
        return _values(node.args[1], name)
    return [node]


def _tuples(node: Node, variables: tuple[str, ...]) -> list[dict[str, Node]]:
    """The values of several variables: x = 1, y = 2; (1, 2); {(1, 2), (2, 1)}; (x, y) = (1, 2)."""
    names = [Symbol(name) for name in variables]
    match node:
        case Call("Eq", (Call("Tuple", left), right)) if list(left) == names:
            return _tuples(right, variables)
        case Call("Or" | "Set" | "Sequence", parts) if not all(map(_is_assignment, parts)):
            return [point for part in parts for point in _tuples(part, variables)]
        case Call("And" | "Sequence" | "Set" | "Tuple" | "List", parts) if all(map(_is_assignment, parts)):
            found = {part.args[0].name: part.args[1] for part in parts}  # type: ignore[union-attr]
            if sorted(found) == sorted(variables) and len(parts) == len(variables):
                return [found]
        case Call("Tuple" | "List", parts) if len(parts) == len(variables):
            return [dict(zip(variables, parts, strict=True))]
        case Call("List" | "Tuple", parts):
            return [point for part in parts for point in _tuples(part, variables)]
    raise Unreadable(f"expected values of {', '.join(variables)}", reason="not_solutions")


def _is_assignment(node: Node) -> bool:
    return isinstance(node, Call) and node.head == "Eq" and isinstance(node.args[0], Symbol)


# Regions -------------------------------------------------------------------------------------------------------------

_ORDERS: Final = frozenset({"Lt", "Le", "Gt", "Ge", "Ne"})


def _region(trees: list[Node], variables: tuple[str, ...]) -> Node | None:
    """The statement of an answer in inequalities or intervals; None where it lists points."""
    found = [_as_region(tree, variables) for tree in trees]
    regions = [region for region in found if region is not None]
    if not regions:
        return None
    statements = [region or tree for region, tree in zip(found, trees, strict=True)]
    return statements[0] if len(statements) == 1 else Call("Or", tuple(statements))


def _as_region(node: Node, variables: tuple[str, ...]) -> Node | None:
    if not isinstance(node, Call):
        numbers = isinstance(node, Constant) and node.name in {"reals", "true", "false"}
        return (Constant("true") if node == Constant("reals") else node) if numbers else None
    if node.head in _ORDERS or (node.head in {"And", "Or", "Not"} and _has_order(node)):
        return node
    if node.head == "In":
        return node if _is_interval(node.args[1]) else None
    if len(variables) == 1 and _is_interval(node):
        return Call("In", (Symbol(variables[0]), node))
    return None


def _has_order(node: Node) -> bool:
    return isinstance(node, Call) and (node.head in _ORDERS | {"In"} or any(map(_has_order, node.args)))


def _is_interval(node: Node) -> bool:
    if isinstance(node, Constant):
        return node.name == "reals"
    return isinstance(node, Call) and (node.head in INTERVALS or (node.head in SETS - {"Set"}))


def _with_intervals(node: Node) -> Node:
    if isinstance(node, Call) and node.head == "In":
        return Call("In", (node.args[0], interval_of(node.args[1])))
    return interval_of(node)


def interval_of(node: Node) -> Node:
    """`(1, 2)`, `[1, 2]` and `1 <= x < 2` as intervals, where an interval is what is asked for."""
    match node:
        case Call(
            "And", (Call("Lt" | "Le" as one, (low, Symbol(name))), Call("Lt" | "Le" as two, (Symbol(same), high)))
        ):
            if name == same:
                heads = {"LtLt": "Open", "LeLe": "Closed", "LeLt": "ClosedOpen", "LtLe": "OpenClosed"}
                return Call(f"Interval{heads[one + two]}", (low, high))
    if isinstance(node, Call) and node.head in {"Tuple", "List"} and len(node.args) == 2:
        return Call("IntervalOpen" if node.head == "Tuple" else "IntervalClosed", node.args)
    if isinstance(node, Call) and node.head in SETS - {"Set"} - INTERVALS:
        return Call(node.head, tuple(map(interval_of, node.args)))
    return node
