"""maths.optimum: the answer is the largest or smallest value under the constraints, attained and never exceeded."""

from fractions import Fraction

from proofmill.verifiers.expressions.nodes import Number
from proofmill.verifiers.spec import answering, optima
from proofmill.verifiers.spec.fields import Asked
from proofmill.verifiers.spec.findings import named, rlimit_for
from proofmill.verifiers.spec.judging import Changes, Guards, Instances, Numbers, judged, match_asked
from proofmill.verifiers.spec.kinds import claimed_spec
from proofmill.verifiers.spec.model import Finding, Spec
from proofmill.verifiers.verdict import Draft, Verdict

VERSION = "1"


def check(
    draft: Draft, *, numbers: Numbers = "both", changes: Changes = "off", instances: Instances = "optional"
) -> Verdict:
    """Find the optimum of claims["spec"], prove it, and compare it with the answer.

    Reads:   claims["spec"] (kind optimum: variables, constraints, maximize or minimize, find), answer (without one, the
             solution's): the optimal value, or the values of the variables there ("x = 3, y = 4").
    Accepts: a point of the constraints attains the value, none goes beyond it, and it is the answer; where variables
             are asked, they have these values wherever the optimum is attained. Proved relative to the spec.
    Rejects: `differs`: the proved optimum is another; `not_forced`: the stated value is beyond reach or can be
             improved, or the optimum is attained elsewhere too; `contradictory_spec`; `instances_differ`.
    Unknown: `bad_spec`, `not_decided` (Z3's steps ran out, no optimum, no bound), `numbers_differ`, `no_instances`,
             `idle_numbers`, `not_supported`.
    Method:  Z3: its optimiser proposes a value, else the answer is tried; then "attained" must be satisfiable and
             "beyond" unsatisfiable. `numbers`, `changes`, `instances` as
             in maths.word_problem.
    """
    spec = claimed_spec(draft, "optimum")
    asked: tuple[Asked, ...] = spec.get("find") or ()
    stated = None if asked else answering.candidate(draft)
    guards = Guards(numbers, changes, instances)
    refute = stated is not None and not answering.may_be_rounded(draft)
    found = optima.optimum(spec, rlimit=rlimit_for(spec), candidate=stated, refute=refute)
    if asked and found.outcome == "forced":
        found = _arguments(spec, found, asked)
        return judged(draft, spec, found, lambda: match_asked(found, spec, draft), guards)
    return judged(draft, spec, found, lambda: _match(found.value, draft), guards)


def _arguments(spec: Spec, best: Finding, asked: tuple[Asked, ...]) -> Finding:
    """The values of the asked variables at the optimum, each proved to be the only one."""
    value = Number(best.value) if isinstance(best.value, Fraction) else best.value
    values = {}
    evidence = dict(best.evidence)
    for part in asked:
        found = optima.argument(spec, value, part.written.node, rlimit=rlimit_for(spec))
        if found.outcome != "forced":
            return Finding(found.outcome, None, {**evidence, **found.evidence})
        values[part.name] = named(spec, part, found.value)
    return Finding("forced", values, {**evidence, "derived": {name: str(value) for name, value in values.items()}})


def _match(value: object, draft: Draft) -> answering.Match:
    """An optimum that is no fraction was the draft's own answer when it was proved."""
    return answering.match_number(value, draft) if isinstance(value, Fraction) else ("equal", "")
