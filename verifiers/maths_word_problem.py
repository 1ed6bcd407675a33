"""maths.word_problem: the answer follows from the problem's facts, written as a typed spec, and no other does."""

from fractions import Fraction
from typing import Literal

from proofmill.verifiers.expressions import exact, smt
from proofmill.verifiers.expressions.nodes import Call, Node, Number
from proofmill.verifiers.spec import answering, solve
from proofmill.verifiers.spec.findings import GUARD_RLIMIT, rlimit_for
from proofmill.verifiers.spec.judging import Changes, Guards, Instances, Numbers, judged
from proofmill.verifiers.spec.kinds import claimed_spec
from proofmill.verifiers.spec.model import Finding, Spec
from proofmill.verifiers.verdict import Draft, Verdict, unknown

VERSION = "1"


def check(
    draft: Draft,
    *,
    numbers: Numbers = "both",
    redundant: Literal["equations", "all", "flag"] = "equations",
    changes: Changes = "flag",
    instances: Instances = "optional",
) -> Verdict:
    """Derive what claims["spec"] asks for, prove that it is the only possibility, and compare it with the answer.

    Reads:   claims["spec"] (kind word_problem: variables, constraints, find), answer (without one, the solution's), the
             problem; claims["instances"] where there are any.
    Accepts: the facts can hold together, in every solution what is asked has one value, and that is the answer; every
             equation is needed for it; the numbers of the prose are the numbers of the spec. Proved relative to the
             spec: that the spec means what the prose says is guarded, not proved.
    Rejects: `contradictory_spec`, `not_forced` (a second possible value), `differs` (the forced value is another),
             `instances_differ`.
    Unknown: `bad_spec`, `numbers_differ`, `redundant_constraint`, `answer_stated` (the spec equates what is asked with
             a bare number), `no_instances`, `idle_numbers`, `rounded`, `units`, `not_decided` (Z3's steps
             ran out), `not_supported`.
    Method:  Z3: satisfiable; unsatisfiable with another value; each constraint left out in turn. `redundant`: an
             equation that is not needed is a fact without a part in the answer, or the answer in disguise, so it
             refuses by default; a needless inequality (a bound that follows) is only told; "all" refuses both, "flag"
             neither.
             `numbers`: "both" ways, "spec_in_problem", "off". `changes`: numbers whose change leaves the answer as it
             is are told ("flag"), refused, or not looked for. `instances`: cases that the spec must accept and refuse
             are "required", held against it where they are claimed ("optional"), or not read ("off").
    """
    spec = claimed_spec(draft, "word_problem")
    asked = spec.get("find").node
    if _states_the_answer(spec, asked):
        return unknown("answer_stated", find=spec.get("find").text)
    derived = solve.derive(spec, asked, rlimit=rlimit_for(spec), candidate=answering.candidate(draft))
    found = Finding(derived.outcome, derived.value, derived.evidence)
    needless: list[str] = []
    if derived.outcome == "forced":
        needless = solve.needless(spec, asked, derived.value or Fraction(0), rlimit=GUARD_RLIMIT)
    guards = Guards(numbers, changes, instances)
    verdict = judged(draft, spec, found, lambda: _match(derived.value, draft), guards, needless=needless)
    if verdict.outcome == "accept" and _refused(spec, needless, redundant):
        return unknown("redundant_constraint", **verdict.evidence)
    return verdict


def _match(value: smt.Value | None, draft: Draft) -> answering.Match:
    """A forced irrational value was forced to be the draft's answer, if that is irrational as well."""
    if isinstance(value, smt.Root):
        stated = answering.candidate(draft)
        return (
            answering.match_root(value, draft) if stated is None or exact.value(stated) is not None else ("equal", "")
        )
    return answering.match_number(Fraction(value or 0), draft)


def _states_the_answer(spec: Spec, asked: Node) -> bool:
    """Whether a constraint says outright what is asked."""
    for written in spec.constraints:
        node = written.node
        if isinstance(node, Call) and node.head == "Eq" and asked in node.args:
            other = node.args[1] if node.args[0] == asked else node.args[0]
            if isinstance(other, Number):
                return True
    return False


def _refused(spec: Spec, needless: list[str], redundant: str) -> bool:
    if redundant == "flag":
        return False
    equations = {part.place for part in spec.constraints if isinstance(part.node, Call) and part.node.head == "Eq"}
    return bool(needless if redundant == "all" else set(needless) & equations)
