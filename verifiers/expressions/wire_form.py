"""A tree as JSON and back, within the limits of the grammar: `["Add", {"number": "1"}, {"symbol": "x"}]`.

A number is the text of a fraction, a symbol `{"symbol": "x"}`, a constant `{"constant": "pi"}`, a call a
list with its head first; a decimal keeps how many places were written: `{"number": "1/2", "places": 2}`.
"""

from fractions import Fraction
from typing import Any

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.nodes import CONSTANTS, Call, Constant, Node, Number, Symbol
from proofmill.verifiers.verdict import Unreadable

_NAME_CHARACTERS = 60


def to_json(node: Node) -> Any:
    """The tree as JSON values."""
    if isinstance(node, Number):
        text = str(node.value)
        return {"number": text} if node.places is None else {"number": text, "places": node.places}
    if isinstance(node, Symbol):
        return {"symbol": node.name}
    if isinstance(node, Constant):
        return {"constant": node.name}
    return [node.head, *map(to_json, node.args)]


def from_json(value: Any) -> Node:
    """The tree of JSON values; raises Unreadable for any other shape, and beyond the limits of size and depth."""
    return _Reader().node(value, 0)


class _Reader:
    """Counts what it builds."""

    def __init__(self) -> None:
        self.nodes = 0

    def node(self, value: Any, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > limits.NODES or depth > limits.DEPTH:
            raise Unreadable(f"expected at most {limits.NODES} nodes", reason="too_long")
        if isinstance(value, list) and value:
            return Call(_name(value[0]), tuple(self.node(part, depth + 1) for part in value[1:]))
        if isinstance(value, dict):
            return _leaf(value)
        raise Unreadable("expected a tree", reason="syntax")


def _leaf(value: dict[Any, Any]) -> Node:
    if set(value) == {"symbol"}:
        return Symbol(_name(value["symbol"]))
    if set(value) == {"constant"} and _name(value["constant"]) in CONSTANTS:
        return Constant(value["constant"])
    if {"number"} <= set(value) <= {"number", "places"}:
        return Number(_fraction(value["number"]), _places(value.get("places")))
    raise Unreadable("expected a symbol, a constant or a number", reason="syntax")


def _name(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _NAME_CHARACTERS:
        raise Unreadable("expected a name", reason="syntax")
    return value


def _fraction(value: Any) -> Fraction:
    if not isinstance(value, str) or len(value) > 2 * limits.LITERAL_DIGITS + limits.LITERAL_EXPONENT:
        raise Unreadable("expected a number", reason="syntax")
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError) as why:
        raise Unreadable(f"number {value[:40]!r}", reason="syntax") from why


def _places(value: Any) -> int | None:
    if value is None or (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= limits.LITERAL_DIGITS
    ):
        return value
    raise Unreadable("expected a number of decimals", reason="syntax")
