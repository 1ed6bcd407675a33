"""Integrals without bounds that nobody worked out: equal if what they integrate is.

Both sides as a sum of one integral, with the factors before it drawn in, and a rest that has none. The sides are equal
if integrands and rests are; with equal rests, integrands that differ make them different.
"""

from dataclasses import dataclass

from proofmill.verifiers.expressions import making
from proofmill.verifiers.expressions.nodes import Call, Node, free_symbols, walk


@dataclass(frozen=True, slots=True)
class Integrated:
    """The integral of `body` over `name`, plus `rest`."""

    name: str
    body: Node
    rest: Node


def is_indefinite(node: Node) -> bool:
    """An integral whose binder has a variable alone."""
    return isinstance(node, Call) and node.head == "Integral" and len(getattr(node.args[1], "args", ())) == 1


def has_indefinite(node: Node) -> bool:
    """Whether there is such an integral in the tree."""
    return any(map(is_indefinite, walk(node)))


def integrated(node: Node) -> Integrated | None:
    """A tree as one integral and a rest; None where integrals stand elsewhere, or over several variables."""
    names = {_name(part) for part in walk(node) if is_indefinite(part)}
    if len(names) != 1:
        return None
    name = names.pop()
    parts = _split(node, name)
    return None if parts is None else Integrated(name, *parts)


def _name(integral: Node) -> str:
    return min(free_symbols(integral.args[1])) if isinstance(integral, Call) else ""


def _split(node: Node, name: str) -> tuple[Node, Node] | None:
    """(integrand, rest)."""
    if not has_indefinite(node):
        return making.ZERO, node
    if not isinstance(node, Call):
        return None
    if is_indefinite(node):
        inner = node.args[0]
        return None if has_indefinite(inner) else (inner, making.ZERO)
    if node.head in {"Add", "Neg"}:
        parts = [_split(part, name) for part in node.args]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return _combined(node.head, [part[0] for part in known]), _combined(node.head, [part[1] for part in known])
    return _scaled(node, name)


def _combined(head: str, parts: list[Node]) -> Node:
    return making.negative(parts[0]) if head == "Neg" else making.plus(*parts)


def _scaled(node: Call, name: str) -> tuple[Node, Node] | None:
    """A factor or divisor without the variable belongs to the integrand."""
    held = [part for part in node.args if has_indefinite(part)]
    others = [part for part in node.args if part not in held]
    if len(held) != 1 or node.head not in {"Mul", "Div"} or any(name in free_symbols(part) for part in others):
        return None
    if node.head == "Div" and held[0] != node.args[0]:
        return None
    found = _split(held[0], name)
    if found is None:
        return None
    if node.head == "Div":
        return making.over(found[0], node.args[1]), making.over(found[1], node.args[1])
    return making.times(*others, found[0]), making.times(*others, found[1])
