"""From a finding, a comparison and the guards to a verdict: the same order of questions for every kind of spec."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from proofmill.verifiers.engines import versions
from proofmill.verifiers.spec.answering import Match, match_number, stated_text
from proofmill.verifiers.spec.guards import idle_numbers, instances
from proofmill.verifiers.spec.model import Finding, Spec
from proofmill.verifiers.spec.naming import match_solution
from proofmill.verifiers.spec.numbers import gap
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

Numbers: TypeAlias = Literal["both", "spec_in_problem", "off"]
"""Which way the numbers of the prose and of the spec are held against each other."""
Changes: TypeAlias = Literal["refuse", "flag", "off"]
"""What becomes of a draft whose spec has a number that could be another without changing the answer."""
Instances: TypeAlias = Literal["required", "optional", "off"]
"""Whether a draft must bring cases that its spec accepts and refuses, claims["instances"]; `off` does not read them."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What is asked of a spec besides its answer."""

    numbers: Numbers = "both"
    changes: Changes = "off"
    instances: Instances = "optional"


def judged(
    draft: Draft,
    spec: Spec,
    found: Finding,
    match: Callable[[], Match],
    guards: Guards,
    **evidence: Any,
) -> Verdict:
    """Is the answer forced, is it the draft's, and does the spec speak of the same numbers as the prose?"""
    evidence = {**_evidence(found), **evidence}
    if found.outcome == "contradictory":
        return reject("contradictory_spec", **{**evidence, "strength": "refuted"})
    if found.outcome == "several":
        return reject("not_forced", **{**evidence, "strength": "refuted"})
    if found.outcome == "unknown":
        return unknown(found.why, **evidence)
    outcome, reason = match()
    if outcome == "different":
        return reject("differs", **{**evidence, "strength": "refuted"})
    if outcome == "unknown":
        return unknown(reason, **evidence)
    return guarded(draft, spec, found, guards, evidence)


def match_asked(found: Finding, spec: Spec, draft: Draft) -> Match:
    """The values of what is asked beside the answer: a single number as numbers are read, all else by names."""
    values = list(found.value.values())
    if len(values) == 1 and isinstance(values[0], Fraction):
        try:
            return match_number(values[0], draft)
        except Unreadable:
            return match_solution(found.value, spec, stated_text(draft))
    return match_solution(found.value, spec, stated_text(draft))


def guarded(draft: Draft, spec: Spec, found: Finding, guards: Guards, evidence: dict[str, Any]) -> Verdict:
    """Accept what is derived, unless a guard finds that the spec does not say what the problem says."""
    if guards.numbers != "off":
        between = gap(draft.problem, spec)
        missing = between.missing if guards.numbers == "both" else ()
        if missing or between.extra:
            return unknown("numbers_differ", missing=list(missing), extra=list(between.extra), **evidence)
    if guards.instances != "off":
        against = _held_against(spec, draft.claims.get("instances"), guards.instances, evidence)
        if against is not None:
            return against
    idle = [] if guards.changes == "off" else idle_numbers(spec, found)
    if idle and guards.changes == "refuse":
        return unknown("idle_numbers", idle=idle, **evidence)
    return accept("derived", strength="proved", **evidence, **({"idle": idle} if idle else {}))


def _held_against(spec: Spec, cases: object, wanted: Instances, evidence: dict[str, Any]) -> Verdict | None:
    """What the claimed instances say against the spec, if anything."""
    if wanted == "required" and not (isinstance(cases, Mapping) and cases.get("yes") and cases.get("no")):
        detail = "claims.instances: expected at least one case under yes and one under no"
        return unknown("no_instances", detail=detail, **evidence)
    wrong = [] if cases is None else instances(spec, cases)
    return reject("instances_differ", instances=wrong, **{**evidence, "strength": "refuted"}) if wrong else None


def _evidence(found: Finding) -> dict[str, Any]:
    told = dict(found.evidence)
    if "derived" not in told and found.value is not None:
        told["derived"] = shown(found.value)
    return told


def shown(value: Any) -> Any:
    """A value as JSON."""
    if isinstance(value, bool):
        return value
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)


def engine_of(spec: Spec) -> dict[str, str]:
    """The engine of the kinds that are searched."""
    return versions("flint") if spec.kind == "number_theory" else {}
