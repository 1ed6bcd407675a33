"""What SymPy would work on for long, told from the tree alone, before SymPy is even imported."""

from collections.abc import Iterator

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Node, Number, Symbol, free_symbols, walk

_LARGEST_POWER = 200
"""The largest exponent that SymPy works with."""
_MOST_NODES = 40
"""Of a tree that SymPy simplifies; a circular function counts as several, the body of a finite sum once per term."""
_CIRCULAR = frozenset({"Cos", "Cosh", "Sin", "Sinh", "Tan", "Tanh"})
_CIRCULAR_NODES = 4
_LARGEST_ANGLE = 300
"""The largest number within a circular function."""
_DEAR = frozenset({"Gamma", "Erf", "Floor", "Ceiling", "Max", "Min"})
"""Heads that SymPy is slow with, and seldom right about."""


def is_dear(node: Node) -> bool:
    """Whether SymPy might work for long: large powers and factorials, many nodes, roots of roots or of high order."""
    for part in walk(node):
        if isinstance(part, Call) and (part.head in _DEAR or (_is_root(part) and _is_high(part)) or _is_far(part)):
            return True
    return _weight(node) > _MOST_NODES or has_large_power(node)


def _weight(node: Node) -> int:
    if not isinstance(node, Call):
        return 1
    parts = sum(map(_weight, node.args))
    if node.head in {"Sum", "Product"} and isinstance(node.args[1], Call):
        ends = [exact.value(end) for end in node.args[1].args[1:]]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            return parts * max(1, int(ends[1] - ends[0]) + 1)
    return parts + (_CIRCULAR_NODES if node.head in _CIRCULAR else 1)


def _is_far(part: Call) -> bool:
    """cos(5040 pi/e): SymPy multiplies angles out."""
    if part.head not in _CIRCULAR:
        return False
    values = map(exact.value, walk(part.args[0]))
    return any(value is not None and abs(value) > _LARGEST_ANGLE for value in values)


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


# Integrals -----------------------------------------------------------------------------------------------------------

_RATIONAL = frozenset({"Add", "Div", "Mul", "Neg"})


def integrals(node: Node) -> Iterator[tuple[Node, str]]:
    """The bodies of the integrals in a tree, with their variables."""
    for part in walk(node):
        if isinstance(part, Call) and part.head == "Integral" and len(part.args) > 1:
            binder = part.args[1]
            variable = binder.args[0] if isinstance(binder, Call) else binder
            if isinstance(variable, Symbol):
                yield part.args[0], variable.name


def is_long_search(tree: Node) -> bool:
    """Whether SymPy's search for an antiderivative among guesses might take seconds: unlike kernels, or parameters."""
    return any(len(_kinds(body, name)) > 1 or free_symbols(body) - {name} for body, name in integrals(tree))


def _kinds(body: Node, name: str) -> set[str]:
    """What a body is made of besides a rational function; circular functions are of one kind."""
    found = set()
    for part in walk(body):
        if isinstance(part, Call) and part.head not in _RATIONAL and name in free_symbols(part):
            power = exact.value(part.args[1]) if part.head == "Pow" else None
            if power is None or power.denominator > 1:
                found.add("circular" if part.head in _CIRCULAR else repr(part))
    return found


def is_hopeless_integral(body: Node, name: str) -> bool:
    """x^x and the like; a denominator of high degree with a parameter in it."""
    for part in walk(body):
        if isinstance(part, Call) and part.head == "Pow" and all(name in free_symbols(side) for side in part.args):
            return True
        if isinstance(part, Call) and part.head == "Div" and free_symbols(part.args[1]) > {name}:
            powers = (inner.args[1] for inner in walk(part.args[1]) if isinstance(inner, Call) and inner.head == "Pow")
            if any(value is not None and abs(value) > 2 for value in map(exact.value, powers)):
                return True
    return False
