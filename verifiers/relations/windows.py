"""Statements in one variable whose sides are no algebraic functions: compared by balls on stretches of the real line.

A stretch is halved until both statements are decided on all of each piece, or the piece is too short to halve. A piece
where one holds and the other does not is a refutation, and so is a certified change of sign of an equation where the
other statement is false. Agreement on every piece is evidence, not proof: it says nothing about what lies outside.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, TypeAlias

from flint import acb, arb, fmpq

from proofmill.verifiers.expressions import balls
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, heads_of
from proofmill.verifiers.relations.cells import Difference
from proofmill.verifiers.verdict import Unreadable

BITS: Final = 200
EVALUATIONS: Final = 8_000
"""Of one relation on one piece, for all that a comparison looks at."""
SHORTEST: Final = Fraction(1, 2**100)
NEAR: Final = Fraction(1, 2**88)
"""How far from a root that both statements have balls may still be too wide to tell."""
STRETCHES: Final = ((-4, 4), (4, 40), (-40, -4), (40, 3_000), (-3_000, -40))
Shape: TypeAlias = "bool | int | tuple[str, tuple[Shape, ...]]"
"""A normal form over numbered relations."""
UNDEFINED: Final = 9
"""In place of a sign: the relation has no value on all of a piece."""
_JUMPS: Final = frozenset({"Floor", "Ceiling", "Sign", "Mod", "Factorial", "Piecewise"})


@dataclass(slots=True)
class Budget:
    """How many evaluations are left; counted, so that a verdict does not depend on the machine."""

    left: int = EVALUATIONS

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unreadable("the budget of evaluations is spent", reason="not_decided")


@dataclass(slots=True)
class Scan:
    """What has been seen so far: points where one statement holds alone, pieces with a root of both, open pieces."""

    variable: str
    relations: list[Call]
    left: Shape
    right: Shape
    budget: Budget
    left_only: str | None = None
    right_only: str | None = None
    both_true: bool = False
    shared: list[Fraction] = field(default_factory=list)
    undecided: list[Fraction] = field(default_factory=list)

    def piece(self, low: Fraction, high: Fraction) -> bool:
        """Compare on one piece; False when it has to be halved."""
        signs = [self.sign(relation, low, high) for relation in self.relations]
        one, two = self.truth(self.left, signs), self.truth(self.right, signs)
        if one is not None and two is not None:
            self.note(one, two, low, high)
            return True
        if high - low > SHORTEST:
            return False
        self.cluster(signs, low, high)
        return True

    def note(self, one: bool, two: bool, low: Fraction, high: Fraction) -> None:
        place = f"{float((low + high) / 2):.12g}"
        if one and not two:
            self.left_only = self.left_only or place
        elif two and not one:
            self.right_only = self.right_only or place
        self.both_true |= one and two

    def cluster(self, signs: list[int | None], low: Fraction, high: Fraction) -> None:
        """A piece too short to halve: what is open is taken to be zero there, or without a value."""
        open_ones = [relation for relation, sign in zip(self.relations, signs, strict=True) if sign is None]
        finite = [self.is_finite(relation, low, high) for relation in open_ones]
        guesses = iter(0 if known else UNDEFINED for known in finite)
        taken: list[int | None] = [next(guesses) if sign is None else sign for sign in signs]
        one, two = self.truth(self.left, taken), self.truth(self.right, taken)
        if one == two:
            self.both_true |= bool(one)
            self.shared.append(low)
        elif finite == [True] and self.crosses(open_ones[0], low, high):
            self.note(bool(one), bool(two), low, high)
        else:
            self.undecided.append(low)

    def is_finite(self, relation: Call, low: Fraction, high: Fraction) -> bool:
        try:
            return self.gap(relation, low, high) is not None
        except balls.Undefined:
            return False

    def crosses(self, relation: Call, low: Fraction, high: Fraction) -> bool:
        """Whether a relation's gap, continuous on the piece, changes its sign: then it is zero somewhere in it."""
        return {self.sign(relation, end, end) for end in (low, high)} == {-1, 1}

    def sign(self, relation: Call, low: Fraction, high: Fraction) -> int | None:
        """The sign of left - right on all of a piece: -1, 0, 1; UNDEFINED; None if not known."""
        self.budget.spend()
        try:
            gap = self.gap(relation, low, high)
        except balls.Unsupported as why:
            raise Unreadable(str(why), reason="not_supported") from why
        except balls.Undefined as why:
            return UNDEFINED if str(why) == "not a real number" else None
        if gap is None or gap.real.contains(0):
            return 0 if gap is not None and gap.real.is_zero() else None
        return 1 if gap.real > 0 else -1

    def gap(self, relation: Call, low: Fraction, high: Fraction) -> Any:
        """The ball of left - right, None where it is not finite."""
        with balls.precision(BITS):
            evaluation = balls.Evaluation({self.variable: acb(_hull(low, high))}, real=True)
            found = evaluation.value(relation.args[0]) - evaluation.value(relation.args[1])
        return found if found.is_finite() else None

    def truth(self, shape: Shape, signs: list[int | None]) -> bool | None:
        """Three-valued truth of a statement from the signs of its relations."""
        if isinstance(shape, bool):
            return shape
        if isinstance(shape, tuple):
            found = {self.truth(part, signs) for part in shape[1]}
            decisive = shape[0] == "Or"
            return decisive if decisive in found else (None if None in found else not decisive)
        sign = signs[shape]
        if sign is None or sign == UNDEFINED:
            return None if sign is None else False
        head = self.relations[shape].head
        return {"Eq": sign == 0, "Ne": sign != 0, "Lt": sign < 0, "Le": sign <= 0}[head]


def difference(left: Node, right: Node, variable: str, budget: Budget | None = None) -> Difference:
    """Where two normal forms in one variable were seen to differ; never complete."""
    if (heads_of(left) | heads_of(right)) & _JUMPS:
        raise Unreadable("a function that jumps", reason="not_supported")
    relations: list[Call] = []
    shapes = [shape_of(node, relations) for node in (left, right)]
    scan = Scan(variable, relations, shapes[0], shapes[1], budget or Budget())
    seen: list[tuple[int, int]] = []
    for low, high in STRETCHES:
        try:
            _scan(scan, Fraction(low) + Fraction(1, 7919), Fraction(high) + Fraction(1, 7919))
        except Unreadable as why:
            if not seen or why.reason != "not_decided":
                raise
            break
        if scan.left_only or scan.right_only:
            break
        seen.append((low, high))
    return _found(scan, seen)


def _found(scan: Scan, seen: list[tuple[int, int]]) -> Difference:
    sides = [{scan.variable: side} if side else None for side in (scan.left_only, scan.right_only)]
    loose = [place for place in scan.undecided if all(abs(place - known) > NEAR for known in scan.shared)]
    if sides == [None, None] and (loose or not scan.both_true):
        raise Unreadable(f"nothing decided on {seen}", reason="not_decided")
    return Difference(sides[0], sides[1], False, "balls on stretches", scan.both_true)


def _scan(scan: Scan, low: Fraction, high: Fraction) -> None:
    todo = [(low, high)]
    while todo and not (scan.left_only or scan.right_only):
        start, end = todo.pop()
        if not scan.piece(start, end):
            middle = (start + end) / 2
            todo += [(middle, end), (start, middle)]


def shape_of(node: Node, relations: list[Call]) -> Shape:
    """A normal form with its relations replaced by their places in a list, which grows."""
    if isinstance(node, Constant):
        return node.name == "true"
    if not isinstance(node, Call) or node.head == "Not":
        raise Unreadable("propositions among relations", reason="not_supported")
    if node.head in {"And", "Or"}:
        return node.head, tuple(shape_of(part, relations) for part in node.args)
    if node not in relations:
        relations.append(node)
    return relations.index(node)


def _hull(low: Fraction, high: Fraction) -> Any:
    middle, radius = (low + high) / 2, (high - low) / 2
    with balls.precision(BITS):
        return arb(_fmpq(middle)) + arb(0, 1) * arb(_fmpq(radius))


def _fmpq(value: Fraction) -> Any:
    return fmpq(value.numerator, value.denominator)
