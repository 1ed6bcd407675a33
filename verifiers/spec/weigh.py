"""How much of a sample space satisfies a list of statements: exact weights, by a search that prunes as it can."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, perm, prod
from typing import Any

from proofmill.verifiers.expressions.nodes import Call, Node, free_symbols, number
from proofmill.verifiers.spec.evaluate import Rule, compiled
from proofmill.verifiers.spec.functions import Undefined
from proofmill.verifiers.spec.space import Space
from proofmill.verifiers.verdict import Unreadable

STEPS = 1_000_000
"""Partial outcomes that one search looks at."""
SUMS = 20_000
"""Different values of a sum that the generating function keeps."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weight of an event (its number of outcomes, where all weigh 1), how it was found, in how many steps."""

    weight: Fraction
    method: str
    steps: int


def weigh(space: Space, statements: list[Node]) -> Weighed:
    """The weight of the outcomes for which all statements hold; Unreadable (`too_large`) beyond the steps."""
    parts = list(_conjuncts(statements))
    if space.kind == "product" and len(parts) == 1:
        found = _by_sums(space, parts[0])
        if found is not None:
            return found
    search = _Search(space, parts)
    return Weighed(search.weight(), "enumeration", search.steps)


def _conjuncts(statements: list[Node]) -> Iterator[Node]:
    for node in statements:
        if isinstance(node, Call) and node.head == "And":
            yield from _conjuncts(list(node.args))
        else:
            yield node


@dataclass
class _Search:
    """Names are given values one after the other; a statement is tried as soon as all its names have one."""

    space: Space
    parts: list[Node]
    steps: int = 0
    ready: list[list[Rule]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def weight(self) -> Fraction:
        names = self.space.names
        last = [max((names.index(name) for name in free_symbols(part)), default=0) for part in self.parts]
        rules = [compiled(part) for part in self.parts]
        self.ready = [
            [rule for rule, at in zip(rules, last, strict=True) if at == index] for index in range(len(names))
        ]
        self.pending = max(last, default=-1)
        if self.space.kind == "product":
            if last and prod(len(row) for row in self.space.rows[: min(last) + 1]) > STEPS:
                raise Unreadable(f"more than {STEPS} outcomes before a statement can be tried", reason="too_large")
            return self._product(0, Fraction(1))
        self.left = {value: int(times) for value, times in self.space.rows[0]}
        return Fraction(self._permuted(0) if self.space.kind == "permutation" else self._combined(0, 0, 1))

    def _holds(self, index: int) -> bool:
        self.steps += 1
        if self.steps > STEPS:
            raise Unreadable(f"more than {STEPS} partial outcomes", reason="too_large")
        return all(rule(self.values) for rule in self.ready[index])

    def _product(self, index: int, weight: Fraction) -> Fraction:
        if index > self.pending:
            return weight * prod((sum(part for _, part in row) for row in self.space.rows[index:]), start=Fraction(1))
        total = Fraction(0)
        for value, share in self.space.rows[index]:
            self.values[self.space.names[index]] = value
            if self._holds(index):
                total += self._product(index + 1, weight if share == 1 else weight * share)
        return total

    def _permuted(self, index: int) -> int:
        """Arrangements of the items left; items that look the same are tried once and counted as often as there are."""
        missing = len(self.space.names) - index
        if missing == 0 or (index > self.pending and not self.space.alike):
            return perm(sum(self.left.values()), missing)
        total = 0
        for value, times in self.left.items():
            if times:
                self.values[self.space.names[index]] = value
                if self._holds(index):
                    self.left[value] = times - 1
                    total += self._permuted(index + 1) * (1 if self.space.alike else times)
                    self.left[value] = times
        return total

    def _combined(self, index: int, first: int, weight: int) -> int:
        """Selections in the order of the values, so that each is met once."""
        if index == len(self.space.names):
            return weight
        if self.pending < 0 and not self.space.alike:
            return comb(sum(self.left.values()), len(self.space.names))
        total = 0
        row = list(self.left)
        for at in range(first, len(row)):
            value = row[at]
            times = self.left[value]
            if times:
                self.values[self.space.names[index]] = value
                if self._holds(index):
                    self.left[value] = times - 1
                    total += self._combined(
                        index + 1, at, 1 if self.space.alike else self._chosen(weight, value, times)
                    )
                    self.left[value] = times
        return total

    def _chosen(self, weight: int, value: Any, times: int) -> int:
        """The ways to have chosen one more item of this value."""
        all_of_it = int(dict(self.space.rows[0])[value])
        used = all_of_it - times
        return weight // comb(all_of_it, used) * comb(all_of_it, used + 1)


# Generating functions: a relation on a sum of terms in one name each -------------------------------------------------


def _by_sums(space: Space, node: Node) -> Weighed | None:
    """Weights of all values of the sum, one term after the other; None where the statement has another shape."""
    shape = _terms(node)
    if shape is None or len(shape) < 3:
        return None
    names = [name for name, _ in shape]
    rows = dict(zip(space.names, space.rows, strict=True))
    sums: dict[Any, Fraction] = {0: Fraction(1)}
    steps = 0
    for name, term in shape:
        rule = compiled(term)
        grown: defaultdict[Any, Fraction] = defaultdict(Fraction)
        for value, share in rows[name]:
            try:
                more = rule({name: value})
            except Undefined:
                return None
            for total, weight in sums.items():
                grown[total + more] += weight * share
                steps += 1
        sums = dict(grown)
        if len(sums) > SUMS:
            return None
    assert isinstance(node, Call)  # noqa: S101 - _terms has seen to it
    others = prod((sum(part for _, part in rows[name]) for name in space.names if name not in names), start=Fraction(1))
    holds = [weight for total, weight in sums.items() if _satisfies(node, total)]
    return Weighed(sum(holds, Fraction(0)) * others, "generating function", steps)


def _terms(node: Node) -> list[tuple[str, Node]] | None:
    """(name, term) of each term of the sum on the left, where each has one name of its own and the right has none."""
    if not isinstance(node, Call) or node.head not in {"Eq", "Ne", "Lt", "Le", "Gt", "Ge"}:
        return None
    left, right = node.args
    if free_symbols(right) or not isinstance(left, Call) or left.head != "Add":
        return None
    names = [free_symbols(part) for part in left.args]
    if any(len(found) != 1 for found in names) or len(frozenset().union(*names)) < len(names):
        return None
    return [(next(iter(found)), part) for found, part in zip(names, left.args, strict=True)]


def _satisfies(node: Call, total: Any) -> bool:
    return bool(compiled(Call(node.head, (number(Fraction(total)), node.args[1])))({}))
