"""From a finding, a comparison and the guards to a verdict: the same order of questions for every kind of spec."""

from collections.abc import Callable
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


def judged(
    draft: Draft,
    spec: Spec,
    found: Finding,
    match: Callable[[], Match],
    *,
    numbers: Numbers,
    changes: Changes,
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
    return guarded(draft, spec, found, numbers, changes, evidence)


def match_asked(found: Finding, spec: Spec, draft: Draft) -> Match:
    """The values of what is asked beside the answer: a single number as numbers are read, all else by names."""
    values = list(found.value.values())
    if len(values) == 1 and isinstance(values[0], Fraction):
        try:
            return match_number(values[0], draft)
        except Unreadable:
            return match_solution(found.value, spec, stated_text(draft))
    return match_solution(found.value, spec, stated_text(draft))


def guarded(
    draft: Draft, spec: Spec, found: Finding, numbers: Numbers, changes: Changes, evidence: dict[str, Any]
) -> Verdict:
    """Accept what is derived, unless a guard finds that the spec does not say what the problem says."""
    if numbers != "off":
        between = gap(draft.problem, spec)
        missing = between.missing if numbers == "both" else ()
        if missing or between.extra:
            return unknown("numbers_differ", missing=list(missing), extra=list(between.extra), **evidence)
    if "instances" in draft.claims:
        wrong = instances(spec, draft.claims["instances"])
        if wrong:
            return reject("instances_differ", instances=wrong, **{**evidence, "strength": "refuted"})
    idle = [] if changes == "off" else idle_numbers(spec, found)
    if idle and changes == "refuse":
        return unknown("idle_numbers", idle=idle, **evidence)
    return accept("derived", strength="proved", **evidence, **({"idle": idle} if idle else {}))


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
