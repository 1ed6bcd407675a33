"""Statements without variables: true or false, by exact numbers, balls and the equality engine."""

from typing import Any

from proofmill.verifiers.expressions import balls
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Symbol, free_symbols
from proofmill.verifiers.verdict import Unreadable

BITS = (64, 256, 1024)


def truth(node: Node) -> bool | None:
    """The truth of a normal form; None where it can't be told. Sides without a real value make a relation false."""
    if isinstance(node, Constant):
        return node.name == "true"
    if isinstance(node, Call) and node.head in {"And", "Or"}:
        found = {truth(part) for part in node.args}
        decisive = node.head == "Or"
        return decisive if decisive in found else None if None in found else not decisive
    return _relation(node) if isinstance(node, Call) else None


def named_roots(node: Node, name: str) -> list[Node]:
    """The values c of a normal form `x = c or x = d ...`."""
    parts = node.args if isinstance(node, Call) and node.head == "Or" else (node,)
    found = []
    for part in parts:
        if isinstance(part, Call) and part.head == "Eq":
            for one, two in (part.args, part.args[::-1]):
                if one == Symbol(name) and not free_symbols(two):
                    found.append(two)
    return found


def _relation(node: Call) -> bool | None:
    from proofmill.verifiers.expressions.equality import compare

    gap: Any = None
    for bits in BITS:
        with balls.precision(bits):
            try:
                gap = balls.value(node.args[0], {}) - balls.value(node.args[1], {})
            except balls.Undefined as why:
                return False if "real" in str(why) else None
            except Unreadable:
                return None
            if not gap.contains(0):
                return {"Eq": False, "Ne": True, "Lt": bool(gap.real < 0), "Le": bool(gap.real < 0)}[node.head]
    same = compare(*node.args)
    if same.outcome == "unknown":
        return None
    return (node.head in {"Eq", "Le"}) == (same.outcome == "equal")
