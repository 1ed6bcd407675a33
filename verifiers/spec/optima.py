"""The optimum of a spec: a bound that Z3's optimiser attains, and a proof that nothing goes beyond it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

from proofmill.verifiers.engines import versions
from proofmill.verifiers.expressions import exact, smt
from proofmill.verifiers.expressions.nodes import Call, Node, Number
from proofmill.verifiers.expressions.writer import text_of
from proofmill.verifiers.spec.critical import critical_values
from proofmill.verifiers.spec.model import BadSpec, Finding, Spec
from proofmill.verifiers.spec.solve import ANSWER, shown, sorts_of, statements_of

Goal = Literal["maximize", "minimize"]


def goal_of(spec: Spec) -> tuple[Goal, Node]:
    """Whether the spec asks for a largest or a smallest value, and of what."""
    given = [(goal, spec.get(goal)) for goal in ("maximize", "minimize") if spec.get(goal) is not None]
    if len(given) != 1:
        raise BadSpec(f"spec: expected either maximize or minimize (found {len(given)} of them)")
    goal, written = given[0]
    return ("maximize" if goal == "maximize" else "minimize"), written.node


def optimum(spec: Spec, *, rlimit: int, candidate: Node | None = None, refute: bool = False) -> Finding:
    """The optimal value, attained and proved; `candidate` is tried where nothing else is proposed that can be proved.

    `contradictory`: no point satisfies the constraints. `several` (with `refute`): the candidate is not optimal,
    proved, though the optimum itself was not found. No bound, or one that is not attained, is `unknown`.
    """
    goal, asked = goal_of(spec)
    facts = [*statements_of(spec), Call("Eq", (ANSWER, asked))]
    sorts = {**sorts_of(spec), ANSWER.name: "real"}
    tried = _Tried(facts, sorts, goal, rlimit)
    if tried.ask([]).outcome == "unsat":
        return Finding("contradictory", evidence=tried.evidence)
    for value in _proposals(spec, asked, tried, candidate):
        if tried.proves(value):
            known = exact.value(value)
            return Finding("forced", value if known is None else known, tried.evidence)
    if refute and candidate is not None and tried.refutes(candidate):
        return Finding("several", evidence={**tried.evidence, "refuted": text_of(candidate)})
    return Finding("unknown", evidence=tried.evidence)


def _proposals(spec: Spec, asked: Node, tried: "_Tried", candidate: Node | None) -> Iterator[Node]:
    yield from critical_values(spec, asked, largest=tried.goal == "maximize")[:2]
    best = _optimised(tried)
    if best is not None:
        yield best
    if candidate is not None:
        yield candidate


class _Tried:
    """The questions asked of one spec, and what they cost."""

    def __init__(self, facts: list[Node], sorts: dict[str, Any], goal: Goal, rlimit: int) -> None:
        self.facts, self.sorts, self.goal, self.limit = facts, sorts, goal, rlimit
        self.rlimit = self.queries = 0
        self.known: dict[tuple[Node, ...], smt.Result] = {}

    @property
    def evidence(self) -> dict[str, Any]:
        return {"engines": versions("z3"), "rlimit": self.rlimit, "queries": self.queries}

    def ask(self, more: list[Node]) -> smt.Result:
        key = tuple(more)
        if key not in self.known:
            found = smt.check([*self.facts, *more], sorts=self.sorts, default=None, rlimit=self.limit)
            self.rlimit += found.rlimit_used
            self.queries += 1
            self.known[key] = found
        return self.known[key]

    def beyond(self, value: Node) -> Node:
        return Call("Gt" if self.goal == "maximize" else "Lt", (ANSWER, value))

    def refutes(self, value: Node) -> bool:
        """Whether some point is better than a value, or no point attains it."""
        missed = self.ask([Call("Eq", (ANSWER, value))]).outcome == "unsat"
        return missed or self.ask([self.beyond(value)]).outcome == "sat"

    def proves(self, value: Node) -> bool:
        """Whether a value is attained, and nothing is better."""
        attained = self.ask([Call("Eq", (ANSWER, value))]).outcome == "sat"
        return attained and self.ask([self.beyond(value)]).outcome == "unsat"


def _optimised(tried: _Tried) -> Number | None:
    """What Z3's optimiser says the optimum is, where that is an exact number."""
    import z3

    bridge = smt.Bridge(tried.sorts, None)
    solver = z3.Optimize(ctx=bridge.context)
    solver.set("rlimit", tried.limit)
    for statement in tried.facts:
        solver.add(bridge.statement(statement))
    solver.add(*bridge.definitions)
    target = bridge.term(ANSWER)[0]
    handle = solver.maximize(target) if tried.goal == "maximize" else solver.minimize(target)
    found = bridge.solved(solver)
    tried.rlimit += found.rlimit_used
    tried.queries += 1
    if found.outcome != "sat":
        return None
    value = handle.upper() if tried.goal == "maximize" else handle.lower()
    if z3.is_rational_value(value) or z3.is_int_value(value):
        return Number(Fraction(value.as_fraction() if z3.is_rational_value(value) else value.as_long()))
    return None


def argument(spec: Spec, value: Node, name: Node, *, rlimit: int) -> Finding:
    """The value of a variable wherever the optimum is attained; `several` where it is attained at two."""
    from proofmill.verifiers.spec.solve import derive

    _, asked = goal_of(spec)
    found = derive(spec, name, rlimit=rlimit, statements=[*statements_of(spec), Call("Eq", (asked, value))])
    return Finding(found.outcome, found.value, {**found.evidence, "derived": shown(found.value)}, "not_decided")
