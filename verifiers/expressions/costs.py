"""What SymPy would work on for long, told from the tree alone, before SymPy is even imported."""

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Node, Number, Symbol, walk

_LARGEST_POWER = 200
"""The largest exponent that SymPy works with."""
_MOST_NODES = 60
"""Of a tree that SymPy simplifies."""
_DEAR = frozenset({"Gamma", "Erf", "Floor", "Ceiling", "Max", "Min"})
"""Heads that SymPy is slow with, and seldom right about."""


def is_dear(node: Node) -> bool:
    """Whether SymPy might work for long: large powers and factorials, many nodes, roots of roots or of high order."""
    size = 0
    for part in walk(node):
        size += 1
        if isinstance(part, Call) and (part.head in _DEAR or (_is_root(part) and _is_high(part))):
            return True
    return size > _MOST_NODES or has_large_power(node)


def _is_root(part: Call) -> bool:
    exponent = exact.value(part.args[1]) if part.head == "Pow" else None
    return part.head == "Sqrt" or (exponent is not None and exponent.denominator > 1)


def _is_high(part: Call) -> bool:
    """A root of order above two of what is no plain number or symbol, or any root over another one."""
    order = exact.value(part.args[1]) if part.head == "Pow" else None
    high = order is not None and order.denominator > 2 and not isinstance(part.args[0], Number | Symbol)
    return high or any(isinstance(inner, Call) and _is_root(inner) for inner in walk(part.args[0]))


def has_large_power(node: Node) -> bool:
    """Whether SymPy would work for long on a power in the tree."""
    exponents = (part.args[1] for part in walk(node) if isinstance(part, Call) and part.head == "Pow")
    return any(isinstance(part, Number) and abs(part.value) > _LARGEST_POWER for part in exponents)
