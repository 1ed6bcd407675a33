"""The one bridge to Z3: statements as trees become exact terms, and a question comes back as sat, unsat or unknown.

Z3's functions are total (`1/0` has a value there), ours are not. So every atom carries the conditions under which it
has a meaning: `1/x > 2` is `x != 0 and 1/x > 2`, and its negation holds wherever the atom does not, x = 0 included.
Roots and quotients become fresh unknowns, defined where they exist (y >= 0, y^2 = x) and free elsewhere, so a
definition never makes a question unsatisfiable. Numbers pass as exact integers and fractions. Budgets are counts
(`rlimit`), never clocks, and each question has a context of its own: the same question has the same answer anywhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Symbol
from proofmill.verifiers.expressions.smt_terms import Sort, Term, Terms, called, not_supported

RLIMIT = 20_000_000
"""Z3's own count of steps for one question: about two seconds."""
ENCLOSURE_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Root:
    """An algebraic number of a model: its defining polynomial in words, and a rational enclosure."""

    text: str
    low: Fraction
    high: Fraction


Value: TypeAlias = Fraction | bool | Root


@dataclass(frozen=True, slots=True)
class Result:
    """What Z3 says of one question; `model` gives each symbol a value where it is sat, exact or as an enclosure."""

    outcome: Literal["sat", "unsat", "unknown"]
    model: Mapping[str, Value] = field(default_factory=dict)
    rlimit_used: int = 0
    z3_version: str = ""
    why: str = ""


def check(
    assertions: Iterable[Node],
    *,
    sorts: Mapping[str, Sort] | None = None,
    default: Sort | None = "real",
    rlimit: int = RLIMIT,
) -> Result:
    """Can all statements hold together? Symbols have the sorts given, `default` otherwise (None: refuse the others).

    Raises Unreadable: `not_supported` for what Z3 can't hold exactly (sin, exp, pi, a power with a variable exponent),
    `too_large` for degrees and numbers out of bounds.
    """
    import z3

    bridge = Bridge(sorts or {}, default)
    solver = z3.Solver(ctx=bridge.context)
    solver.set("rlimit", rlimit)
    solver.set("random_seed", 0)
    for statement in assertions:
        solver.add(bridge.statement(statement))
    solver.add(*bridge.definitions)
    return bridge.solved(solver)


def implies(
    premises: Iterable[Node], conclusion: Node, *, sorts: Mapping[str, Sort] | None = None, rlimit: int = RLIMIT
) -> Result:
    """Does the conclusion hold wherever the premises do? `unsat` is yes; `sat` comes with a counter-model."""
    return check([*premises, Call("Not", (conclusion,))], sorts=sorts, rlimit=rlimit)


class Bridge(Terms):
    """Statements and values as terms of one context, and the models of its solvers."""

    # Statements ------------------------------------------------------------------------------------------------------

    def statement(self, node: Node) -> Any:
        """A Boolean term that is true exactly where the statement is meaningful and holds."""
        if isinstance(node, Constant) and node.name in {"true", "false"}:
            return self.z3.BoolVal(node.name == "true", self.context)
        if isinstance(node, Symbol):
            found = self.symbol(node.name)
            if not self.z3.is_bool(found):
                raise not_supported(f"{node.name} as a statement")
            return found
        if isinstance(node, Call) and node.head in _CONNECTIVES:
            return _CONNECTIVES[node.head](self, [self.statement(part) for part in node.args])
        if isinstance(node, Call) and node.head == "In":
            return self.member(node.args[0], node.args[1])
        if isinstance(node, Call) and node.head in _RELATIONS and len(node.args) == 2:
            return self._relation(node)
        raise not_supported(f"{called(node)} as a statement")

    def member(self, item: Node, group: Node) -> Any:
        """`x in S`, for finite sets, intervals, unions and the number sets."""
        if isinstance(group, Call) and group.head in _SET_JOINS:
            parts = [self.member(item, part) for part in group.args]
            return _SET_JOINS[group.head](self, parts)
        if isinstance(group, Call) and group.head in {"Set", "Sequence"}:
            return self.either([self.statement(Call("Eq", (item, part))) for part in group.args])
        if isinstance(group, Call) and group.head in _INTERVALS and len(group.args) == 2:
            lower, upper = _INTERVALS[group.head]
            ends = [(lower, group.args[0], _is_below), (upper, group.args[1], _is_above)]
            links = [self.statement(Call(head, (item, end))) for head, end, infinite in ends if not infinite(end)]
            return self.both([self.statement(Call("Eq", (item, item))), *links])
        if isinstance(group, Constant) and group.name in {"reals", "integers", "naturals"}:
            return self._in_numbers(item, group.name)
        raise not_supported(f"membership in {called(group)}")

    def _in_numbers(self, item: Node, name: str) -> Any:
        term, conditions = self.term(item)
        whole = self.z3.BoolVal(True, self.context)
        if name != "reals" and not self.z3.is_int(term):
            whole = self.z3.IsInt(term)
        if name == "naturals":
            whole = self.both([whole, term >= 0])
        return self.both([*conditions, whole])

    def _relation(self, node: Call) -> Any:
        left, right = node.args
        if node.head in {"Eq", "Ne"} and self._is_boolean(left) and self._is_boolean(right):
            same = self.statement(left) == self.statement(right)
            return same if node.head == "Eq" else self.z3.Not(same)
        one, first = self.term(left)
        two, second = self.term(right)
        return self.both([*first, *second, _RELATIONS[node.head](one, two)])

    def _is_boolean(self, node: Node) -> bool:
        if isinstance(node, Symbol):
            return self.sorts.get(node.name, self.default) == "boolean"
        if isinstance(node, Constant):
            return node.name in {"true", "false"}
        return isinstance(node, Call) and (node.head in _CONNECTIVES or node.head in _RELATIONS or node.head == "In")

    def _term(self, node: Node) -> Term:
        if isinstance(node, Call) and node.head == "Piecewise":
            return self._piecewise(node)
        return super()._term(node)

    def _piecewise(self, node: Call) -> Term:
        """The value of the first piece whose statement holds; undefined where none does."""
        found: Any = self.unknown()
        meaningful: Any = self.z3.BoolVal(False, self.context)
        for piece in reversed(node.args):
            if not isinstance(piece, Call) or len(piece.args) != 2:
                raise not_supported("a piece without its statement")
            guard = self.statement(piece.args[1])
            term, conditions = self.term(piece.args[0])
            found = self.z3.If(guard, self.real(term), found)
            meaningful = self.z3.If(guard, self.both(list(conditions)), meaningful)
        return found, (meaningful,)

    # Answers ---------------------------------------------------------------------------------------------------------

    def solved(self, solver: Any) -> Result:
        """Ask a solver of this context, and read its model."""
        try:
            outcome = str(solver.check())
        except self.z3.Z3Exception as trouble:
            return Result("unknown", z3_version=self.z3.get_version_string(), why=str(trouble))
        model = self.values(solver.model()) if outcome == "sat" else {}
        why = solver.reason_unknown() if outcome == "unknown" else ""
        return Result(outcome, model, self.steps(solver), self.z3.get_version_string(), why)  # type: ignore[arg-type]

    def steps(self, solver: Any) -> int:
        """The steps that a solver has used."""
        counts = solver.statistics()
        return int(counts.get_key_value("rlimit count")) if "rlimit count" in counts.keys() else 0  # noqa: SIM118

    def values(self, model: Any) -> dict[str, Value]:
        """Every symbol's value; those that don't matter get one too."""
        return {name: self._value(model.evaluate(term, model_completion=True)) for name, term in self.symbols.items()}

    def _value(self, found: Any) -> Value:
        if self.z3.is_bool(found):
            return bool(self.z3.is_true(found))
        if self.z3.is_algebraic_value(found):
            return self._root(found)
        return Fraction(found.as_fraction() if self.z3.is_rational_value(found) else found.as_long())

    def _root(self, found: Any) -> Root:
        ends = []
        for name in ("lower", "upper"):
            function = getattr(self.z3, f"Z3_get_algebraic_number_{name}")
            end = self.z3.RatNumRef(function(self.context.ref(), found.as_ast(), ENCLOSURE_DIGITS), self.context)
            ends.append(Fraction(end.as_fraction()))
        coefficients = ", ".join(str(part) for part in found.poly())
        return Root(f"root {found.index()} of the polynomial with coefficients [{coefficients}]", ends[0], ends[1])


def _is_below(end: Node) -> bool:
    return end == Call("Neg", (Constant("oo"),))


def _is_above(end: Node) -> bool:
    return end == Constant("oo")


_RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "Eq": lambda one, two: one == two,
    "Ne": lambda one, two: one != two,
    "Lt": lambda one, two: one < two,
    "Le": lambda one, two: one <= two,
    "Gt": lambda one, two: one > two,
    "Ge": lambda one, two: one >= two,
}
_CONNECTIVES: dict[str, Callable[[Bridge, list[Any]], Any]] = {
    "And": Bridge.both,
    "Or": Bridge.either,
    "Not": lambda bridge, parts: bridge.z3.Not(parts[0]),
    "Implies": lambda bridge, parts: bridge.z3.Implies(parts[0], parts[1]),
    "Iff": lambda _, parts: parts[0] == parts[1],
    "Xor": lambda bridge, parts: bridge.z3.Xor(parts[0], parts[1]),
}
_SET_JOINS: dict[str, Callable[[Bridge, list[Any]], Any]] = {
    "Union": Bridge.either,
    "Intersection": Bridge.both,
    "Difference": lambda bridge, parts: bridge.z3.And(parts[0], bridge.z3.Not(parts[1])),
}
_INTERVALS = {
    "IntervalOpen": ("Gt", "Lt"),
    "IntervalClosed": ("Ge", "Le"),
    "IntervalClosedOpen": ("Ge", "Lt"),
    "IntervalOpenClosed": ("Gt", "Le"),
}
