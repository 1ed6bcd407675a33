"""Statements in one variable with algebraic sides, decided: the line falls into cells on which truth is constant."""

from dataclasses import dataclass
from typing import Any

from proofmill.verifiers.expressions.nodes import Call, Constant, Node
from proofmill.verifiers.relations import statements
from proofmill.verifiers.relations.places import Place, roots_of, samples
from proofmill.verifiers.relations.signs import Line
from proofmill.verifiers.verdict import Unreadable


@dataclass(frozen=True, slots=True)
class Difference:
    """Points (as text by name) where one statement holds and the other does not; `complete` if None means nowhere."""

    left_only: dict[str, str] | None
    right_only: dict[str, str] | None
    complete: bool
    method: str
    common: bool = False
    """Whether some point was found where both hold."""

    @property
    def is_empty(self) -> bool:
        return self.left_only is None and self.right_only is None

    def evidence(self) -> dict[str, Any]:
        """The witnesses as JSON."""
        sides = {"left_only": self.left_only, "right_only": self.right_only}
        return {name: side for name, side in sides.items() if side is not None}


def difference(left: Node, right: Node, variable: str) -> Difference:
    """Where two normal forms in one variable differ; exact and complete.

    Raises Unreadable: `not_algebraic` where a side is no algebraic function, `too_large`, `not_decided`.
    """
    if statements.propositions(left) | statements.propositions(right):
        raise Unreadable("propositions among relations", reason="not_algebraic")
    line = Line([*statements.leaves(left), *statements.leaves(right)], variable)
    places = samples(roots_of(line.breakpoints()))
    left_only = right_only = None
    common = False
    for place in places:
        one, two = holds(left, place, line), holds(right, place, line)
        common = common or (one and two)
        if one and not two and left_only is None:
            left_only = {variable: place.text()}
        if two and not one and right_only is None:
            right_only = {variable: place.text()}
    return Difference(left_only, right_only, True, "cells", common)


def holds(node: Node, place: Place, line: Line) -> bool:
    """Whether a normal form is true at a point."""
    if isinstance(node, Call) and node.head in {"And", "Or"}:
        found = (holds(part, place, line) for part in node.args)
        return all(found) if node.head == "And" else any(found)
    if isinstance(node, Constant):
        return node.name == "true"
    return isinstance(node, Call) and line.holds(node, place)
