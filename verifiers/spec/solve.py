"""What follows from a spec: is it satisfiable, and is what it asks forced to one value; proved by Z3."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from proofmill.verifiers.engines import versions
from proofmill.verifiers.expressions import exact, smt
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, heads_of, is_statement
from proofmill.verifiers.expressions.smt_terms import Sort
from proofmill.verifiers.spec.model import Finding, Spec, Variable

ANSWER = Symbol("answer!")
"""What is asked, as an unknown of its own; no name of a spec has a `!`."""
_PARTIAL = frozenset({"Div", "Pow", "Sqrt", "Mod"})
"""Functions that have no value everywhere."""


@dataclass(frozen=True, slots=True)
class Derived:
    """`forced`: every solution gives `value`; `contradictory`: there is none; `several`: two values are possible."""

    outcome: Literal["forced", "contradictory", "several", "unknown"]
    value: smt.Value | None = None
    other: smt.Value | None = None
    model: dict[str, smt.Value] = field(default_factory=dict)
    rlimit: int = 0
    queries: int = 0
    why: str = ""

    @property
    def evidence(self) -> dict[str, Any]:
        """How it was found: what re-running the check needs."""
        return {
            "engines": versions("z3"),
            "rlimit": self.rlimit,
            "queries": self.queries,
            "derived": shown(self.value),
            **({"other": shown(self.other)} if self.other is not None else {}),
            **({"why": self.why} if self.why else {}),
        }


def sorts_of(spec: Spec) -> dict[str, Sort]:
    """The Z3 sort of each variable; choices are integers."""
    return {part.name: "integer" if part.type == "choice" else part.type for part in spec.variables}


def domain_of(spec: Spec) -> list[Node]:
    """The bounds of the variables as statements."""
    return [statement for variable in spec.variables for statement in _bounds(variable, spec)]


def _bounds(variable: Variable, spec: Spec) -> Iterable[Node]:
    name = Symbol(variable.name)
    if variable.low is not None:
        yield Call("Ge", (name, Number(variable.low)))
    if variable.high is not None:
        yield Call("Le", (name, Number(variable.high)))
    if variable.type == "choice":
        codes = [Number(Fraction(spec.scope.codes[value])) for value in variable.values]
        yield Call("Or", tuple(Call("Eq", (name, code)) for code in codes))


def statements_of(spec: Spec) -> list[Node]:
    """All that the spec says: bounds and constraints."""
    return [*domain_of(spec), *(written.node for written in spec.constraints)]


def is_truth(node: Node, spec: Spec) -> bool:
    """Whether what is asked is true or false, rather than a number."""
    if isinstance(node, Symbol):
        return sorts_of(spec).get(node.name) == "boolean"
    return is_statement(node) or (isinstance(node, Constant) and node.name in {"true", "false"})


def derive(
    spec: Spec, asked: Node, *, rlimit: int, statements: Sequence[Node] | None = None, candidate: Node | None = None
) -> Derived:
    """The value of what is asked in every solution of the spec (or of the statements given in its place).

    An irrational value is forced if it always equals the `candidate`, an irrational answer of the draft's own; without
    one, if it always lies in the enclosure of the one that was found.
    """
    truth = is_truth(asked, spec)
    sorts: dict[str, Sort] = {**sorts_of(spec), ANSWER.name: "boolean" if truth else "real"}
    facts = [*(statements_of(spec) if statements is None else statements), Call("Eq", (ANSWER, asked))]
    first = smt.check(facts, sorts=sorts, default=None, rlimit=rlimit)
    found = Derived("unknown", model=dict(first.model), rlimit=first.rlimit_used, queries=1, why=first.why)
    if first.outcome != "sat":
        return replace(found, outcome="contradictory") if first.outcome == "unsat" else found
    value = first.model[ANSWER.name]
    if not _always_defined(asked, facts[:-1], sorts, rlimit):
        return replace(found, value=value, why="what is asked has no value in some solution, or that is not decided")
    other = smt.check([*facts, _elsewhere(value, candidate)], sorts=sorts, default=None, rlimit=rlimit)
    found = replace(found, value=value, rlimit=found.rlimit + other.rlimit_used, queries=2, why=other.why)
    if other.outcome == "unsat":
        return replace(found, outcome="forced")
    if other.outcome == "sat":
        return replace(found, outcome="several", other=other.model[ANSWER.name])
    return found


def _always_defined(asked: Node, facts: Sequence[Node], sorts: dict[str, Sort], rlimit: int) -> bool:
    """Whether what is asked has a value in every solution."""
    if not heads_of(asked) & _PARTIAL:
        return True
    undefined = Call("Not", (Call("Eq", (asked, asked)),))
    return smt.check([*facts, undefined], sorts=sorts, default=None, rlimit=rlimit).outcome == "unsat"


def _elsewhere(value: smt.Value, candidate: Node | None) -> Node:
    """That what is asked has another value."""
    if isinstance(value, smt.Root) and (candidate is None or exact.value(candidate) is not None):
        ends = Call("Lt", (ANSWER, Number(value.low))), Call("Gt", (ANSWER, Number(value.high)))
        return Call("Or", ends)
    return Call("Ne", (ANSWER, _target(value, candidate) or ANSWER))


def _target(value: smt.Value, candidate: Node | None) -> Node | None:
    if isinstance(value, bool):
        return Constant("true" if value else "false")
    return Number(value) if isinstance(value, Fraction) else candidate


def still_forced(spec: Spec, asked: Node, value: smt.Value, statements: Sequence[Node], *, rlimit: int) -> bool | None:
    """Whether some statements alone force the value; None where Z3 can't say."""
    target = _target(value, None)
    if target is None:
        return None
    truth = is_truth(asked, spec)
    sorts: dict[str, Sort] = {**sorts_of(spec), ANSWER.name: "boolean" if truth else "real"}
    question = [*statements, Call("Eq", (ANSWER, asked)), Call("Ne", (ANSWER, target))]
    outcome = smt.check(question, sorts=sorts, default=None, rlimit=rlimit).outcome
    return {"unsat": True, "sat": False}.get(outcome)


def needless(spec: Spec, asked: Node, value: smt.Value, *, rlimit: int) -> list[str]:
    """The constraints without which the answer is forced all the same, by their places."""
    if len(spec.constraints) < 2:
        return []
    bounds = domain_of(spec)
    found = []
    for index, written in enumerate(spec.constraints):
        rest = [other.node for at, other in enumerate(spec.constraints) if at != index]
        if still_forced(spec, asked, value, [*bounds, *rest], rlimit=rlimit):
            found.append(written.place)
    return found


def shown(value: smt.Value | None) -> Any:
    """A value as JSON."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, smt.Root):
        return f"{value.text}, about {float(value.low):.12g}"
    return str(value)


def solved_for(spec: Spec, asked: Sequence[Node], *, everything: bool, rlimit: int) -> Finding:
    """The values of several things at once, unique together, or with every variable (`everything`) as well."""
    sorts: dict[str, Sort] = dict(sorts_of(spec))
    facts = statements_of(spec)
    names: list[Symbol] = []
    for index, node in enumerate(asked):
        names.append(Symbol(f"asked!{index}"))
        sorts[names[-1].name] = "boolean" if is_truth(node, spec) else "real"
        facts.append(Call("Eq", (names[-1], node)))
    told = [Symbol(variable.name) for variable in spec.variables] if everything else []
    mentioned = Call("And", tuple(Call("Eq", (name, name)) for name in told))
    first = smt.check([*facts, *([mentioned] if told else [])], sorts=sorts, default=None, rlimit=rlimit)
    evidence: dict[str, Any] = {"engines": versions("z3"), "rlimit": first.rlimit_used, "queries": 1}
    if first.outcome != "sat":
        outcome = "contradictory" if first.outcome == "unsat" else "unknown"
        return Finding(outcome, evidence={**evidence, "why": first.why})  # type: ignore[arg-type]
    values = [first.model[name.name] for name in names]
    targets = {name: _target(first.model[name.name], None) for name in (*names, *told)}
    if any(target is None for target in targets.values()):
        return Finding("unknown", evidence=evidence, why="irrational")
    elsewhere = Call("Or", tuple(Call("Ne", (name, target)) for name, target in targets.items() if target is not None))
    other = smt.check([*facts, elsewhere], sorts=sorts, default=None, rlimit=rlimit)
    evidence |= {"rlimit": first.rlimit_used + other.rlimit_used, "queries": 2}
    if other.outcome == "sat":
        differs = {name: shown(other.model[name]) for name in sorted(other.model) if "!" not in name}
        return Finding("several", values, {**evidence, "other": differs})
    return Finding("forced" if other.outcome == "unsat" else "unknown", values, evidence)
