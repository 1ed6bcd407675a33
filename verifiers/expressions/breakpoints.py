"""Points on both sides of every place where an expression may change its form.

|x + 1000| - 1000 and |x + 1001| - 1001 agree wherever x is not between -1001 and -1000: points of a few fixed scales
miss that. The breakpoints are the zeros of what stands inside abs, floor, max, min, sign and even roots, and the
borders of pieces, in one variable at a time.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from proofmill.verifiers.expressions import balls, exact
from proofmill.verifiers.expressions.nodes import RELATIONS, Call, Node, free_symbols, number, substitute, walk
from proofmill.verifiers.verdict import Unreadable

STEPS = frozenset({"Abs", "Sign", "Floor", "Ceiling", "Round", "Max", "Min", "Mod", "Piecewise"})
INNER = 12
"""The most inner arguments that are looked at."""
BREAKPOINTS = 24
_BASES = (Fraction(3, 7), Fraction(-11, 5), Fraction(23, 2))
"""Where the other variables stand."""
_GRID = tuple(
    sign * Fraction(step)
    for sign in (-1, 1)
    for step in ("0.01", "0.3", "0.9", "1.7", "3", "9", "31", "150", "2000", "30000")
)


def has_steps(node: Node) -> bool:
    """Whether a tree changes its form somewhere."""
    return any(isinstance(part, Call) and part.head in STEPS for part in walk(node))


def points_around(left: Node, right: Node, names: list[str]) -> Iterator[dict[str, Fraction]]:
    """Every breakpoint, a point beside it on either side, and one between it and the next."""
    inner = list(dict.fromkeys([*_inner(left), *_inner(right)]))[:INNER]
    for base_index, base in enumerate(_BASES if len(names) > 1 else _BASES[:1]):
        for name in names:
            others = {other: base + index for index, other in enumerate(names) if other != name}
            fixed = {other: number(value) for other, value in others.items()}
            found: set[Fraction] = set()
            for part in inner:
                if name in free_symbols(part):
                    found.update(_zeros(substitute(part, fixed), name))
            for place in _around(sorted(found)[:BREAKPOINTS]):
                yield {**others, name: place}
        if base_index and len(inner) > 4:
            return


def _around(found: list[Fraction]) -> Iterator[Fraction]:
    for index, place in enumerate(found):
        yield place
        small = Fraction(1, 1_000)
        yield from (place - small, place + small)
        yield (place + found[index + 1]) / 2 if index + 1 < len(found) else place + 3
    if found:
        yield found[0] - 3


def _inner(tree: Node) -> Iterator[Node]:
    """What changes sign where the form changes."""
    for node in walk(tree):
        if not isinstance(node, Call):
            continue
        if node.head in {"Abs", "Sign", "Sqrt"} or (node.head == "Pow" and _is_even_root(node.args[1])):
            yield node.args[0]
        elif node.head in {"Floor", "Ceiling", "Round", "Mod"}:
            argument = Call("Div", node.args) if node.head == "Mod" else node.args[0]
            for whole in (-1, 0, 1, 2):
                yield Call("Add", (argument, number(Fraction(2 * whole + (node.head == "Round"), 2))))
        elif node.head in {"Max", "Min"}:
            yield from (Call("Add", (node.args[0], Call("Neg", (part,)))) for part in node.args[1:])
        elif node.head in RELATIONS:
            yield Call("Add", (node.args[0], Call("Neg", (node.args[1],))))


def _is_even_root(exponent: Node) -> bool:
    value = exact.value(exponent)
    return value is not None and value.denominator % 2 == 0


def _zeros(part: Node, name: str) -> Iterator[Fraction]:
    """Rational numbers at or near the zeros: exact for linear parts, by bisection for others."""
    here = [_exactly(part, name, Fraction(place)) for place in (-1, 0, 1, 2)]
    low, start, one, two = here
    if low is not None and start is not None and one is not None and two is not None:
        slope = one - start
        if slope == two - one == start - low:
            if slope:
                yield -start / slope
            return
    signs = [(place, _sign(part, name, place)) for place in sorted({*_GRID, Fraction(0)})]
    for (before, first), (after, second) in pairwise(signs):
        if first == 0:
            yield before
        elif first and second and first != second:
            yield _bisected(part, name, before, after, first)


def _exactly(part: Node, name: str, place: Fraction) -> Fraction | None:
    try:
        return exact.value(substitute(part, {name: number(place)}))
    except Unreadable:
        return None


def _sign(part: Node, name: str, place: Fraction) -> int | None:
    try:
        with balls.precision(64):
            found: Any = balls.value(part, {name: balls.ball(place)}).real
    except (balls.Undefined, Unreadable):
        return None
    return int(found > 0) - int(found < 0)


def _bisected(part: Node, name: str, low: Fraction, high: Fraction, sign: int) -> Fraction:
    for _ in range(24):
        middle = (low + high) / 2
        found = _sign(part, name, middle)
        if not found:
            return middle
        low, high = (middle, high) if found == sign else (low, middle)
    return (low + high) / 2
