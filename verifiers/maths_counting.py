"""maths.counting: the number of outcomes, or the probability, found by going through the sample space."""

from proofmill.verifiers.spec.answering import match_number
from proofmill.verifiers.spec.findings import counted
from proofmill.verifiers.spec.judging import Guards, Instances, Numbers, judged
from proofmill.verifiers.spec.kinds import claimed_spec
from proofmill.verifiers.verdict import Draft, Verdict

VERSION = "1"


def check(draft: Draft, *, numbers: Numbers = "both", instances: Instances = "optional") -> Verdict:
    """Count claims["spec"]'s outcomes and compare the count or the probability with the answer.

    Reads:   claims["spec"] (kind counting: space, given, event, find), answer (without one, the solution's).
    Accepts: the weight of the outcomes that satisfy the event (over that of those that satisfy what is given, for a
             probability) is the answer. Exact, and proved relative to the spec.
    Rejects: `differs`; `contradictory_spec`: what is given never happens; `instances_differ`.
    Unknown: `bad_spec`, `numbers_differ`, `too_large` (more partial outcomes than are looked at), `weighted_count`,
             `probability_of_alike`, `order_matters` (a draw without order, and an event that tells its names apart),
             `no_instances`, `rounded`, `not_a_number`.
    Method:  every outcome, by a search that leaves a branch as soon as a statement fails there, with exact weights; for
             one relation on a sum of independent terms the generating function. `numbers`,
             `instances` as in maths.word_problem.
    """
    spec = claimed_spec(draft, "counting")
    found = counted(spec)
    guards = Guards(numbers, instances=instances)
    return judged(draft, spec, found, lambda: match_number(found.value, draft), guards)
