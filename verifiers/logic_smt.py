"""logic.smt: a puzzle's constraints have exactly one solution, and the answer is that solution."""

from proofmill.verifiers.spec.findings import rlimit_for, solution
from proofmill.verifiers.spec.judging import Changes, Guards, Instances, Numbers, judged, match_asked
from proofmill.verifiers.spec.kinds import claimed_spec
from proofmill.verifiers.verdict import Draft, Verdict

VERSION = "1"


def check(
    draft: Draft, *, numbers: Numbers = "both", changes: Changes = "off", instances: Instances = "optional"
) -> Verdict:
    """Solve claims["spec"], prove that there is no second solution, and compare it with the answer.

    Reads:   claims["spec"] (kind logic: variables, constraints, find, unique), answer (without one, the solution's):
             "A is a knight, B is a knave", "A=knight, B=knave", {"A": "knight"}, or one value where one thing is asked.
    Accepts: the constraints are satisfiable, no other assignment satisfies them (over all variables, or over what is
             asked where the spec says `"unique": "find"`), and the answer gives everything that is asked its value.
             Proved relative to the spec.
    Rejects: `contradictory_spec`, `not_forced` (a second solution, in the evidence), `differs`, `instances_differ`.
    Unknown: `bad_spec`, `answer_unreadable`, `answer_incomplete`, `numbers_differ`, `no_instances`, `idle_numbers`,
             `not_decided`, `not_supported`.
    Method:  Z3: satisfiable, then unsatisfiable with any value changed. `numbers`, `changes` and `instances`
             as in maths.word_problem.
    """
    spec = claimed_spec(draft, "logic")
    found = solution(spec, rlimit=rlimit_for(spec))
    guards = Guards(numbers, changes, instances)
    return judged(draft, spec, found, lambda: match_asked(found, spec, draft), guards)
