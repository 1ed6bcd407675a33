"""Statements in several variables on lines parallel to the axes: all variables but one get fixed rational values."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from proofmill.verifiers.expressions import balls
from proofmill.verifiers.expressions.nodes import Node, Number
from proofmill.verifiers.relations import statements
from proofmill.verifiers.relations.algebra import NotAlgebraic
from proofmill.verifiers.relations.cells import Difference
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.relations.windows import Budget

VALUES: Final = tuple(map(Fraction, ("1/2", "5", "-3", "2", "7/4", "1", "-2/3", "-1", "12", "3", "0")))
PER_VARIABLE: Final = 4
LINES: Final = 24


def on_line(
    left: Node, right: Node, variable: str, *, exact_only: bool = False, budget: "Budget | None" = None
) -> Difference:
    """Where two normal forms in one variable differ: exact if the sides are algebraic, by balls otherwise.

    With `exact_only` sides that are not algebraic raise NotAlgebraic.
    """
    from proofmill.verifiers.relations import cells, windows

    try:
        return cells.difference(left, right, variable)
    except NotAlgebraic:
        if exact_only:
            raise
        return windows.difference(left, right, variable, budget)


def difference(left: Node, right: Node, names: list[str]) -> Difference:
    """Where two normal forms differ on some fixed lines; a difference is rigorous, agreement is not a proof.

    Raises Unreadable `not_decided` where no line could be decided, or both statements hold nowhere on them.
    """
    from proofmill.verifiers.relations.windows import Budget

    decided = found_common = 0
    budget = Budget()
    for name, values in lines(names):
        here = {other: Number(value) for other, value in values.items()}
        try:
            found = on_line(statements.replaced(left, here), statements.replaced(right, here), name, budget=budget)
        except (Unreadable, balls.Undefined):
            continue
        decided += 1
        found_common += found.common
        if not found.is_empty:
            return _with(found, values)
    if not found_common:
        raise Unreadable(f"{decided} lines decided, none of them telling", reason="not_decided")
    return Difference(None, None, False, f"{decided} lines", True)


def _with(here: Difference, values: dict[str, Fraction]) -> Difference:
    fixed = {name: str(value) for name, value in values.items()}
    sides = [None if side is None else {**fixed, **side} for side in (here.left_only, here.right_only)]
    return Difference(sides[0], sides[1], False, f"lines, {here.method}", here.common)


def lines(names: list[str]) -> Iterator[tuple[str, dict[str, Fraction]]]:
    """The free variable and the values of the others; fixed, so that a verdict can be made again."""
    count = max(1, min(PER_VARIABLE, LINES // len(names)))
    for index in range(count):
        for name in names[:LINES]:
            others = [other for other in names if other != name]
            yield (
                name,
                {
                    other: VALUES[(index * 3 + 2 * at + (index * at) % 5) % len(VALUES)]
                    for at, other in enumerate(others)
                },
            )
