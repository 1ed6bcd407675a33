"""The answer that follows from a spec, whatever its kind: one door to every solver."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, substitute
from proofmill.verifiers.expressions.smt_terms import degree
from proofmill.verifiers.spec import integers, optima, solve
from proofmill.verifiers.spec.fields import Asked
from proofmill.verifiers.spec.model import Finding, Spec, Written
from proofmill.verifiers.spec.space import Space
from proofmill.verifiers.spec.weigh import weigh

RLIMIT: Final = 4_000_000
"""Z3's steps for one question about a draft: about a second."""
CURVED_RLIMIT: Final = 400_000
"""And for one with polynomials over the reals, whose steps grow longer and longer."""
GUARD_RLIMIT: Final = 1_000_000
"""And for one question of a guard, of which there are many."""


def rlimit_for(spec: Spec) -> int:
    """The steps that one question about a spec may take."""
    nodes = [written.node for written in spec.constraints]
    nodes += [written.node for written in spec.fields.values() if isinstance(written, Written)]
    curved = max(map(degree, nodes), default=0) > 2 or spec.kind == "optimum"
    return CURVED_RLIMIT if curved and any(part.type == "real" for part in spec.variables) else RLIMIT


def finding(spec: Spec, *, rlimit: int | None = None) -> Finding:
    """What the spec's own question has as its answer, proved relative to the spec."""
    rlimit = rlimit_for(spec) if rlimit is None else rlimit
    if spec.kind == "word_problem":
        return asked_value(spec, spec.get("find").node, rlimit)
    if spec.kind == "logic":
        return solution(spec, rlimit=rlimit)
    if spec.kind == "counting":
        return counted(spec)
    if spec.kind == "number_theory":
        return integers.found_in(spec)
    return optima.optimum(spec, rlimit=rlimit)


def asked_value(spec: Spec, asked: Any, rlimit: int) -> Finding:
    """The one value of an expression or statement in every solution."""
    found = solve.derive(spec, asked, rlimit=rlimit)
    return Finding(found.outcome, found.value, found.evidence)


def solution(spec: Spec, *, rlimit: int) -> Finding:
    """The values of what a logic puzzle asks for; unique over all variables, or over what is asked.

    The value maps each asked name ("" for an expression) to a number, a truth value or the name of a choice.
    """
    asked: tuple[Asked, ...] = spec.get("find")
    everything = spec.get("unique") != "find"
    found = solve.solved_for(spec, [part.written.node for part in asked], everything=everything, rlimit=rlimit)
    values = {part.name: named(spec, part, value) for part, value in zip(asked, found.value or (), strict=False)}
    shown = {name: value if isinstance(value, bool | str) else str(value) for name, value in values.items()}
    return Finding(found.outcome, values, {**found.evidence, "derived": shown}, found.why)


def named(spec: Spec, part: Asked, value: Any) -> Any:
    """A value as the puzzle calls it: the name of a choice, else the number or truth value."""
    if part.variable is not None and part.variable.type == "choice":
        return next((name for name, code in spec.scope.codes.items() if code == value), str(value))
    return value


def counted(spec: Spec) -> Finding:
    """The number of outcomes in an event, or its probability."""
    space = spec.get("space")
    given = [written.node for written in spec.get("given") or ()]
    event = [spec.get("event").node] if spec.get("event") is not None else []
    if _depends_on_order(space, [*given, *event]):
        return Finding("unknown", why="order_matters")
    good = weigh(space, [*given, *event])
    evidence: dict[str, Any] = {"method": good.method, "steps": good.steps, "favourable": str(good.weight)}
    if spec.get("find") == "count":
        if space.kind == "product" and any(weight != 1 for row in space.rows for _, weight in row):
            return Finding("unknown", evidence=evidence, why="weighted_count")
        return Finding("forced", good.weight, evidence)
    if space.alike:
        return Finding("unknown", evidence=evidence, why="probability_of_alike")
    all_of_it = weigh(space, given)
    evidence |= {"all": str(all_of_it.weight), "steps": good.steps + all_of_it.steps}
    if all_of_it.weight == 0:
        return Finding("contradictory", evidence=evidence)
    return Finding("forced", Fraction(good.weight) / all_of_it.weight, evidence)


def _depends_on_order(space: Space, statements: list[Node]) -> bool:
    """Whether statements about a draw without order tell its names apart, where the values have no order either."""
    if space.kind != "combination" or not space.scope.codes or not statements:
        return False
    ordered = replace(space, kind="permutation")
    whole = Call("And", tuple(statements))
    for one, two in pairwise(space.names):
        other = substitute(whole, {one: Symbol(two), two: Symbol(one)})
        if weigh(ordered, [Call("Xor", (whole, other))]).weight:
            return True
    return False
