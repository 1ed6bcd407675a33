"""Expressions as fractions of polynomials over the rationals, with roots and absolute values as algebraic atoms.

`sqrt(x+1)` becomes a generator a with a^2 = x+1, `|x|` one with a^2 = x^2, i one with a^2 = -1. Which root is meant is
kept beside the ring; sizes are bounded before anything is multiplied out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol
from proofmill.verifiers.relations.sizes import ARITHMETIC, DEGREE, TERMS, ingredients, root_of, size, whole
from proofmill.verifiers.verdict import Unreadable

Polynomial = Any
"""flint.fmpq_mpoly; python-flint has no annotations."""

ATOMS = 6
ROOT_DEGREE = 12
EXTRA = "!t"
"""A generator that no text can name, for characteristic polynomials."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """above/below; `below` is not the zero polynomial."""

    above: Polynomial
    below: Polynomial


@dataclass(frozen=True, slots=True)
class Atom:
    """The generator `name` with name^degree = radicand: the root that is not negative, or i itself."""

    name: str
    degree: int
    radicand: Ratio
    kind: Literal["root", "absolute", "imaginary"]


class NotAlgebraic(Unreadable):
    """Something in the expression is no algebraic function of its variables."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, reason="not_algebraic")


class Ring:
    """The ring of some expressions: their symbols first, then atoms in the order in which they are needed."""

    def __init__(self, trees: Iterable[Node], *, opaque: bool = False) -> None:
        """With `opaque`, what is not algebraic becomes a symbol of its own; the same tree is the same symbol."""
        trees = list(trees)
        self.opaque = opaque
        self.calls: dict[Node, str] = {}
        names: dict[str, None] = {}
        width = len(frozenset().union(*map(ingredients, trees)))
        for tree in trees:
            degree, terms = size(tree, width)
            if degree > DEGREE or terms > TERMS:
                raise Unreadable("a polynomial of too many terms", reason="too_large")
            self._collect(tree, names)
        self.symbols = tuple(sorted(names))
        self.unknowns = {node: f"!u{index}" for index, node in enumerate(self.calls) if self.calls[node] == "opaque"}
        roots = [node for node in self.calls if self.calls[node] != "opaque"]
        if len(roots) > ATOMS:
            raise Unreadable(f"more than {ATOMS} roots", reason="too_large")
        self._atom_names = {node: f"!a{index}" for index, node in enumerate(roots)}
        generators = (*self.symbols, *self.unknowns.values(), *self._atom_names.values(), EXTRA)
        self.context = fmpq_mpoly_ctx.get(generators, Ordering.lex)
        self.generators = dict(zip(generators, self.context.gens(), strict=True))
        self._known: dict[Node, Ratio] = {}
        self.denominators: list[Polynomial] = []
        self.atoms: list[Atom] = []
        for node in roots:
            self.atoms.append(self._atom(node))

    def constant(self, value: Fraction | int) -> Polynomial:
        number = Fraction(value)
        return self.context.constant(fmpq(number.numerator, number.denominator))

    def ratio(self, tree: Node) -> Ratio:
        """The fraction of a tree that was given to the ring; powers of atoms are reduced."""
        found = self._known.get(tree)
        if found is None:
            found = self._known[tree] = self._ratio(tree)
        return found

    def difference(self, one: Node, two: Node) -> Ratio:
        """one - two as a fraction."""
        left, right = self.ratio(one), self.ratio(two)
        above = left.above * right.below - right.above * left.below
        return Ratio(self.reduced(above), left.below * right.below)

    def reduced(self, found: Polynomial) -> Polynomial:
        """The polynomial with powers of atoms below their degree, where the radicand is a polynomial."""
        for atom in reversed(self.atoms):
            if atom.radicand.below.is_one():
                found = self._lowered(found, atom)
        return found

    def _lowered(self, found: Polynomial, atom: Atom) -> Polynomial:
        index = list(self.generators).index(atom.name)
        if all(powers[index] < atom.degree for powers in found.monoms()):
            return found
        total = self.constant(0)
        for powers, factor in found.terms():
            times, rest = divmod(int(powers[index]), atom.degree)
            kept = tuple(int(power) if at != index else rest for at, power in enumerate(powers))
            total += self.context.from_dict({kept: factor}) * atom.radicand.above**times
        return total

    # Finding the atoms -----------------------------------------------------------------------------------------------

    def _collect(self, node: Node, names: dict[str, None]) -> None:
        if isinstance(node, Symbol):
            names[node.name] = None
        elif isinstance(node, Constant):
            self._collect_constant(node)
        elif isinstance(node, Call):
            self._collect_call(node, names)

    def _collect_constant(self, node: Constant) -> None:
        if node.name == "i":
            self.calls.setdefault(node, "imaginary")
        elif self.opaque and node.name in {"pi", "e"}:
            self.calls.setdefault(node, "opaque")
        else:
            raise NotAlgebraic(node.name)

    def _collect_call(self, node: Call, names: dict[str, None]) -> None:
        root = root_of(node)
        if root is not None and root[0] <= ROOT_DEGREE:
            self._collect(root[1], names)
            if exact.value(node) is None:
                self.calls.setdefault(_root_node(node), "root")
        elif node.head == "Abs":
            self._collect(node.args[0], names)
            self.calls.setdefault(node, "absolute")
        elif node.head in ARITHMETIC or (node.head == "Pow" and whole(node.args[1]) is not None):
            for part in node.args if node.head != "Pow" else node.args[:1]:
                self._collect(part, names)
        elif exact.value(node) is None:
            if not self.opaque:
                raise NotAlgebraic(node.head)
            self.calls.setdefault(node, "opaque")

    def _atom(self, node: Node) -> Atom:
        name, kind = self._atom_names[node], self.calls[node]
        if kind == "imaginary":
            return Atom(name, 2, Ratio(self.constant(-1), self.constant(1)), "imaginary")
        if kind == "absolute":
            inside = self.ratio(node.args[0])  # type: ignore[union-attr]
            return Atom(name, 2, Ratio(inside.above**2, inside.below**2), "absolute")
        degree, radicand, _ = root_of(node) or (1, node, 1)
        return Atom(name, degree, self.ratio(radicand), "root")

    # Arithmetic ------------------------------------------------------------------------------------------------------

    def _ratio(self, node: Node) -> Ratio:
        one = self.constant(1)
        if isinstance(node, Symbol):
            return Ratio(self.generators[node.name], one)
        known = exact.value(node)
        if known is not None:
            return Ratio(self.constant(known), one)
        if node in self.unknowns:
            return Ratio(self.generators[self.unknowns[node]], one)
        if node in self._atom_names:
            return Ratio(self.generators[self._atom_names[node]], one)
        if not isinstance(node, Call):
            raise NotAlgebraic(str(node))
        return self._call(node)

    def _call(self, node: Call) -> Ratio:
        root = root_of(node)
        if root is not None:
            base = Ratio(self.generators[self._atom_names[_root_node(node)]], self.constant(1))
            return self._power(base, root[2])
        if node.head == "Pow":
            return self._power(self.ratio(node.args[0]), whole(node.args[1]) or 0)
        parts = [self.ratio(part) for part in node.args]
        if node.head == "Neg":
            return Ratio(-parts[0].above, parts[0].below)
        if node.head == "Div":
            return self._quotient(*parts)
        found = parts[0]
        for part in parts[1:]:
            found = self._sum(found, part) if node.head == "Add" else self._product(found, part)
        return found

    def _sum(self, one: Ratio, two: Ratio) -> Ratio:
        if one.below == two.below:
            return Ratio(self.reduced(one.above + two.above), one.below)
        return Ratio(self.reduced(one.above * two.below + two.above * one.below), one.below * two.below)

    def _product(self, one: Ratio, two: Ratio) -> Ratio:
        return Ratio(self.reduced(one.above * two.above), one.below * two.below)

    def _quotient(self, one: Ratio, two: Ratio) -> Ratio:
        if self.reduced(two.above).is_zero():
            raise Unreadable("division by zero", reason="undefined")
        if not two.above.is_constant():
            self.denominators.append(two.above)
        return Ratio(one.above * two.below, one.below * two.above)

    def _power(self, base: Ratio, exponent: int) -> Ratio:
        if exponent >= 0:
            return Ratio(self.reduced(base.above**exponent), base.below**exponent)
        return self._quotient(Ratio(self.constant(1), self.constant(1)), self._power(base, -exponent))


def _root_node(node: Call) -> Node:
    """One tree for all powers of the same root."""
    degree, radicand, _ = root_of(node) or (1, node, 1)
    return Call("Pow", (radicand, Number(Fraction(1, degree))))
