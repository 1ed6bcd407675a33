"""Does the spec say what the problem says? Guards that need no teacher: instances, and numbers that play no part."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from proofmill.verifiers.expressions import smt
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol
from proofmill.verifiers.spec.evaluate import evaluated
from proofmill.verifiers.spec.fields import exact_number
from proofmill.verifiers.spec.findings import GUARD_RLIMIT, finding
from proofmill.verifiers.spec.kinds import read_spec
from proofmill.verifiers.spec.model import BadSpec, Finding, Spec
from proofmill.verifiers.spec.solve import sorts_of, statements_of
from proofmill.verifiers.verdict import Unreadable

INSTANCES = 12
MUTANTS = 12
_NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d+(?![\d.])", re.ASCII)

# Instances -----------------------------------------------------------------------------------------------------------


def instances(spec: Spec, value: object) -> list[str]:
    """What is wrong with claims["instances"]: cases the spec must accept ("yes") and refuse ("no"), by their places."""
    if not isinstance(value, Mapping) or not set(value) <= {"yes", "no"}:
        raise BadSpec(f'instances: expected {{"yes": [...], "no": [...]}} (found {value!r:.80})')
    wrong = []
    for answer, expected in (("yes", True), ("no", False)):
        cases = value.get(answer, [])
        if not isinstance(cases, list) or len(cases) > INSTANCES:
            raise BadSpec(f"instances.{answer}: expected a list of at most {INSTANCES} cases (found {cases!r:.80})")
        for index, case in enumerate(cases):
            place = f"instances.{answer}[{index}]"
            if _agrees(spec, dict(_assignment(case, place, spec)), place) != expected:
                wrong.append(place)
    return wrong


def _agrees(spec: Spec, case: dict[str, Node], place: str) -> bool:
    """Whether a case satisfies all that the spec says."""
    if spec.kind in {"counting", "number_theory"}:
        parts = [*(spec.get("given") or ()), *(spec.get("where") or ()), spec.get("event"), spec.get("claim")]
        values = {name: _plain(node) for name, node in case.items()}
        return all(evaluated(part.node, values) for part in parts if part is not None)
    facts = [*statements_of(spec), *(Call("Eq", (Symbol(name), node)) for name, node in case.items())]
    found = smt.check(facts, sorts=sorts_of(spec), default=None, rlimit=GUARD_RLIMIT)
    if found.outcome == "unknown":
        raise Unreadable(f"{place}: not decided", reason="instances_not_decided")
    return found.outcome == "sat"


def _plain(node: Node) -> Any:
    if isinstance(node, Number):
        return node.value.numerator if node.value.denominator == 1 else node.value
    return isinstance(node, Constant) and node.name == "true"


def _assignment(case: object, place: str, spec: Spec) -> Iterator[tuple[str, Node]]:
    if not isinstance(case, Mapping) or set(case) != set(spec.scope.variables):
        raise BadSpec(f"{place}: expected a value for each of {', '.join(spec.scope.variables)} (found {case!r:.80})")
    for name, value in case.items():
        yield name, _constant(name, value, f"{place}.{name}", spec)


def _constant(name: str, value: object, place: str, spec: Spec) -> Node:
    variable = spec.scope.variables[name]
    if variable.type == "boolean":
        if isinstance(value, str) and value in variable.values:
            value = value == variable.values[1]
        if not isinstance(value, bool):
            raise BadSpec(f"{place}: expected true or false (found {value!r:.80})")
        return Constant("true" if value else "false")
    if variable.type == "choice":
        if value not in variable.values:
            raise BadSpec(f"{place}: expected one of {', '.join(variable.values)} (found {value!r:.80})")
        return Number(Fraction(spec.scope.codes[str(value)]))
    return Number(exact_number(value, place))


# Mutations -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mutant:
    """The spec with one number changed, and which."""

    place: str
    number: str
    spec: Spec


def mutants(spec: Spec) -> Iterator[Mutant]:
    """Each number of the constraints, one after the other, replaced by the next one."""
    for at, match in _numbers(spec):
        yield _mutant(spec, at, match, int(match.group()) + 1)


def _numbers(spec: Spec) -> list[tuple[int, re.Match[str]]]:
    texts: list[str] = spec.raw.get("constraints") or []
    found = [(at, match) for at, text in enumerate(texts) for match in _NUMBER.finditer(text)]
    return [(at, match) for at, match in found if int(match.group()) not in {0, 1}][:MUTANTS]


def _mutant(spec: Spec, at: int, match: re.Match[str], number: int) -> Mutant:
    texts = spec.raw["constraints"]
    changed = f"{match.string[: match.start()]}{number}{match.string[match.end() :]}"
    raw = {**spec.raw, "constraints": [*texts[:at], changed, *texts[at + 1 :]]}
    return Mutant(f"spec.constraints[{at}]", match.group(), read_spec(raw, spec.kind))


def idle_numbers(spec: Spec, found: Finding) -> list[str]:
    """The numbers of the constraints that could be others without changing the answer, with their places.

    Idle is one that could be the next one, half and twice as much: 41 hours may buy no more than 40, and with room for
    15 pieces one may make no more than with room for 14, but not with room for 7.
    """
    return [
        f"spec.constraints[{at}]: {match.group()}" for at, match in _numbers(spec) if _is_idle(spec, found, at, match)
    ]


def _is_idle(spec: Spec, found: Finding, at: int, match: re.Match[str]) -> bool:
    number = int(match.group())
    others = (
        finding(_mutant(spec, at, match, other).spec, rlimit=GUARD_RLIMIT)
        for other in (number + 1, number // 2, 2 * number)
    )
    return all(other.outcome == "forced" and other.value == found.value for other in others)
