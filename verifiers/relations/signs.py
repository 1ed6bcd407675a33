"""The exact sign of an algebraic expression in one variable at an exactly known point.

Zero is told from tiny without separation bounds: the characteristic polynomial of the expression over Q(x) says how
many of its conjugates (other choices of the roots in it) vanish at the point; as soon as the precision is high enough
that just so many balls contain zero, those are the ones that vanish.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq, fmpq_poly

from proofmill.verifiers.expressions import balls, exact
from proofmill.verifiers.expressions.nodes import RELATIONS, Call, Node
from proofmill.verifiers.relations.algebra import EXTRA, Atom, Polynomial, Ratio, Ring
from proofmill.verifiers.relations.places import Place
from proofmill.verifiers.verdict import Unreadable

Ball = Any
Condition = tuple[Ratio, tuple[int, ...]]
"""An expression, and the signs that it may have."""

BITS = (64, 160, 400, 1_000, 2_500)
CONJUGATES = 64


class Undecided(Unreadable):
    """The precision or the method did not reach."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, reason="not_decided")


class Line:
    """Statements in one variable: where their truth may change, and what is true at a point."""

    def __init__(self, leaves: Iterable[Node], variable: str) -> None:
        self.leaves = [leaf for leaf in leaves if isinstance(leaf, Call)]
        self.ring = Ring([side for leaf in self.leaves for side in leaf.args])
        self.variable = variable
        self._characteristic: dict[str, list[Any]] = {}
        self._signs: dict[tuple[str, str], int | None] = {}
        self._asked: dict[Call, tuple[Ratio, list[Condition]]] = {}

    def breakpoints(self) -> list[Any]:
        """Polynomials over the rationals; between their real roots every statement keeps its truth."""
        asked = [self._asked.get(leaf) or self._ask(leaf) for leaf in self.leaves]
        critical = [gap.above for gap, _ in asked]
        for leaf, (_, needed) in zip(self.leaves, asked, strict=True):
            critical.extend(ratio.above for ratio, _ in needed)
            for side in leaf.args:
                critical.extend(self.ring.ratio(part.args[0]).above for part in absolutes(side))
        found = []
        for polynomial in critical:
            coefficients = self.characteristic(polynomial)
            found.append(next((part for part in coefficients if not part.is_zero()), fmpq_poly([1])))
            found.append(coefficients[-1])
        return found

    def holds(self, leaf: Call, place: Place) -> bool:
        """Whether a relation is true at a point, its sides having values there."""
        gap, needed = self._asked.get(leaf) or self._ask(leaf)
        if not self._is_defined(needed, place):
            return False
        above = self.sign(gap.above, place)
        if above is None:
            return leaf.head == "Ne"
        sign = above * (self.sign(gap.below, place) or 0)
        return {"Eq": sign == 0, "Ne": sign != 0, "Lt": sign < 0, "Le": sign <= 0}[leaf.head]

    def _ask(self, leaf: Call) -> tuple[Ratio, list[Condition]]:
        needed = [(self.ring.ratio(part), allowed) for side in leaf.args for part, allowed in conditions(side)]
        found = self._asked[leaf] = self.ring.difference(*leaf.args), needed
        return found

    def _is_defined(self, needed: list[Condition], place: Place) -> bool:
        """Whether both sides have a real value at a point: no division by zero, no root of a negative number."""
        for ratio, allowed in needed:
            above = self.sign(ratio.above, place)
            if above is None:
                if min(allowed) == 0:
                    return False
                continue
            if above * (self.sign(ratio.below, place) or 0) not in allowed:
                return False
        return True

    # Signs -----------------------------------------------------------------------------------------------------------

    def sign(self, polynomial: Polynomial, place: Place) -> int | None:
        """-1, 0 or 1; None for a value that is not real."""
        key = (str(polynomial), repr(place))
        if key not in self._signs:
            self._signs[key] = self._sign(polynomial, place)
        return self._signs[key]

    def _sign(self, polynomial: Polynomial, place: Place) -> int | None:
        coefficients = self.characteristic(polynomial)
        if place.annuls(coefficients[-1]):
            raise Undecided("conjugates that have no value here")
        vanishing = next(index for index, part in enumerate(coefficients) if not place.annuls(part))
        if vanishing == len(coefficients) - 1:
            return 0
        for bits in BITS:
            with balls.precision(bits):
                found = list(self._conjugates(polynomial, place))
            containing = sum(bool(value.contains(0)) for value in found)
            if containing == vanishing:
                return 0 if found[0].contains(0) else _sign_of(found[0])
        raise Undecided(f"conjugates not told apart with {BITS[-1]} bits")

    def characteristic(self, polynomial: Polynomial) -> list[Any]:
        """The coefficients, in Q[x], of the polynomial in t whose roots are all conjugates of an expression."""
        key = str(polynomial)
        if key not in self._characteristic:
            ring = self.ring
            found = ring.generators[EXTRA] - polynomial
            for atom in reversed(self._atoms(polynomial)):
                root = ring.generators[atom.name] ** atom.degree * atom.radicand.below - atom.radicand.above
                found = root.resultant(found, atom.name)
            self._characteristic[key] = self._by_powers(found)
        return self._characteristic[key]

    def _by_powers(self, found: Polynomial) -> list[Any]:
        names = list(self.ring.generators)
        variable, extra = names.index(self.variable) if self.variable in names else None, names.index(EXTRA)
        table: dict[int, dict[int, Any]] = {}
        for powers, factor in found.terms():
            table.setdefault(int(powers[extra]), {})[int(powers[variable]) if variable is not None else 0] = factor
        rows = [table.get(power, {0: fmpq(0)}) for power in range(max(table) + 1)]
        return [fmpq_poly([row.get(power, 0) for power in range(max(row) + 1)]) for row in rows]

    def _atoms(self, polynomial: Polynomial) -> list[Atom]:
        """The atoms in a polynomial, and those in their radicands, inner ones first."""
        wanted = {*_used(polynomial)}
        for atom in reversed(self.ring.atoms):
            if atom.name in wanted:
                wanted |= {*_used(atom.radicand.above), *_used(atom.radicand.below)}
        found = [atom for atom in self.ring.atoms if atom.name in wanted]
        if _product(atom.degree for atom in found) > CONJUGATES:
            raise Unreadable(f"more than {CONJUGATES} choices of roots", reason="too_large")
        return found

    def _conjugates(self, polynomial: Polynomial, place: Place) -> Iterator[Ball]:
        """The values for all choices of roots; the meant one first."""
        start = {self.variable: acb(place.ball())}
        for values in self._choices(self._atoms(polynomial), start):
            yield evaluated(polynomial, values)

    def _choices(self, atoms: list[Atom], values: dict[str, Ball]) -> Iterator[dict[str, Ball]]:
        if not atoms:
            yield values
            return
        atom, rest = atoms[0], atoms[1:]
        radicand = evaluated(atom.radicand.above, values) / evaluated(atom.radicand.below, values)
        for choice in range(atom.degree):
            yield from self._choices(rest, {**values, atom.name: _root(radicand, atom.degree, choice)})


def conditions(side: Node) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """What must have which signs so that an expression has a value; inner parts first. Odd roots exist everywhere."""
    if not isinstance(side, Call) or (side.head in {"Div", "Pow", "Sqrt"} and exact.value(side) is not None):
        return
    for part in side.args:
        yield from conditions(part)
    if side.head == "Div":
        yield side.args[1], (-1, 1)
    elif side.head == "Sqrt":
        yield side.args[0], (0, 1)
    elif side.head == "Pow":
        exponent = exact.value(side.args[1])
        if exponent is not None and exponent.denominator > 1:
            allowed = (-1, 1) if exponent.denominator % 2 else (1,)
            yield side.args[0], allowed if exponent < 0 else tuple(sorted({0, *allowed}))
        elif exponent is not None and exponent <= 0:
            yield side.args[0], (-1, 1)


def absolutes(side: Node) -> Iterator[Call]:
    """The absolute values in an expression."""
    if isinstance(side, Call) and side.head not in RELATIONS:
        for part in side.args:
            yield from absolutes(part)
        if side.head == "Abs":
            yield side


def evaluated(polynomial: Polynomial, values: dict[str, Ball]) -> Ball:
    """A polynomial at balls."""
    names = list(polynomial.context().names())
    total = acb(0)
    for powers, factor in polynomial.terms():
        term = acb(arb(factor))
        for name, power in zip(names, powers, strict=True):
            if power:
                term *= values[name] ** int(power)
        total += term
    return total


def _root(radicand: Ball, degree: int, choice: int) -> Ball:
    """One of the roots; around zero a ball that contains them all."""
    if radicand.contains(0):
        size = arb(abs(radicand).upper()).root(degree).upper()
        spread = arb(0, size)
        return acb(spread, spread)
    turn = acb(fmpq(2 * choice, degree)).exp_pi_i()
    if radicand.imag.is_zero() and radicand.real < 0 and degree % 2:
        return acb(-(-radicand.real).root(degree)) * turn
    if radicand.imag.is_zero() and radicand.real > 0:
        return acb(radicand.real.root(degree)) * turn
    return radicand.pow(acb(arb(fmpq(1, degree)))) * turn


def _sign_of(value: Ball) -> int | None:
    if not value.imag.contains(0):
        return None
    return 1 if value.real > 0 else -1


def _used(polynomial: Polynomial) -> list[str]:
    unused = set(map(str, polynomial.unused_gens()))
    return [name for name in polynomial.context().names() if name not in unused]


def _product(numbers: Iterable[int]) -> int:
    total = Fraction(1)
    for part in numbers:
        total *= part
    return int(total)
