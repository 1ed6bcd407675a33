"""How large the polynomials of a tree become, known before anything is multiplied out."""

import math
from typing import Final

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, walk

DEGREE: Final = 7_000
TERMS: Final = 4_000
ARITHMETIC: Final = frozenset({"Add", "Mul", "Neg", "Div"})


def size(node: Node, width: int) -> tuple[int, int]:
    """Bounds of the degree and the number of terms of the polynomials of a tree with so many symbols."""
    if not isinstance(node, Call) or exact.value(node) is not None:
        return (0 if isinstance(node, Number) else 1), 1
    root = root_of(node)
    if root is not None or node.head == "Abs":
        inside = size(node.args[0], width)
        return max(1, inside[0]) * (abs(root[2]) if root else 1), inside[1] ** 2
    if node.head == "Pow":
        exponent, (degree, terms) = abs(whole(node.args[1]) or 1), size(node.args[0], width)
        return degree * exponent, min(_power_terms(terms, exponent), _all_terms(degree * exponent, width))
    if node.head not in ARITHMETIC:
        return 1, 1
    parts = [size(part, width) for part in node.args]
    degree = sum(part[0] for part in parts)
    if node.head == "Add" and all(part[0] == 1 or part[1] == 1 for part in parts):
        degree = max(part[0] for part in parts)
    terms = (sum if node.head == "Add" else math.prod)(part[1] for part in parts)
    return degree, min(terms, _all_terms(degree, width))


def _all_terms(degree: int, width: int) -> int:
    """How many terms a polynomial of a degree has at most."""
    return math.comb(degree + width, width) if degree <= DEGREE and width <= DEGREE else TERMS + 1


def _power_terms(terms: int, exponent: int) -> int:
    if terms == 1:
        return 1
    if exponent > DEGREE or terms > TERMS:
        return TERMS + 1
    return min(math.comb(exponent + terms - 1, terms - 1), TERMS + 1)


def ingredients(tree: Node) -> frozenset[Node]:
    """What becomes a generator: symbols, and calls that are not arithmetic."""
    calls = (part for part in walk(tree) if isinstance(part, Symbol | Constant) or _is_generator(part))
    return frozenset(calls)


def _is_generator(part: Node) -> bool:
    """Whether a call is a generator rather than a sum, product, quotient or whole power."""
    return (isinstance(part, Call) and part.head not in {*ARITHMETIC, "Pow"}) or root_of(part) is not None


def whole(node: Node) -> int | None:
    value = exact.value(node)
    return int(value) if value is not None and value.denominator == 1 else None


def root_of(node: Node) -> tuple[int, Node, int] | None:
    """(degree, radicand, power) of a root: (2, x, 1) of sqrt(x), (3, x, 2) of x^(2/3)."""
    if not isinstance(node, Call):
        return None
    if node.head == "Sqrt":
        return 2, node.args[0], 1
    exponent = exact.value(node.args[1]) if node.head == "Pow" else None
    if exponent is None or exponent.denominator == 1:
        return None
    return exponent.denominator, node.args[0], exponent.numerator
