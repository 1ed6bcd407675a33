"""maths.number_theory: a value, a search among integers or a claim about all of them, worked out exactly."""

import re
from fractions import Fraction
from typing import Any, Final

from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.answering.quantities import read_answer
from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call
from proofmill.verifiers.spec.answering import Match, match_number, stated_text
from proofmill.verifiers.spec.integers import found_in
from proofmill.verifiers.spec.judging import Guards, Numbers, engine_of, judged
from proofmill.verifiers.spec.kinds import claimed_spec
from proofmill.verifiers.verdict import Draft, Verdict

VERSION = "1"

_TRUTHS: Final = {"yes": True, "true": True, "always": True, "no": False, "false": False, "not always": False}


def check(draft: Draft, *, numbers: Numbers = "both") -> Verdict:
    """Work out claims["spec"] and compare the result with the answer.

    Reads:   claims["spec"] (kind number_theory: find, and expression, or variable with where, from, to, claim), answer
             (without one, the solution's): a number, a list of integers, yes or no.
    Accepts: the value of the expression, the smallest or largest integer, the count, sum or list of all integers in a
             range, or the truth of the claim for every integer is the answer. Exact, proved relative to the spec.
    Rejects: `differs`; `contradictory_spec`: no integer of the range satisfies it, or the value does not exist.
    Unknown: `bad_spec`, `numbers_differ`, `none_found` (no hit among the integers tried), `not_by_residues` (no
             counter-example, and nothing that says the truth repeats), `too_large`, `answer_unreadable`.
    Method:  Python integers; FLINT for primes and factors; a bounded search; claims about all integers by one full
             period of their remainders, or a counter-example. `numbers` as in maths.word_problem.
    """
    spec = claimed_spec(draft, "number_theory")
    found = found_in(spec)
    return judged(
        draft,
        spec,
        found,
        lambda: _match(found.value, draft),
        Guards(numbers),
        engines=engine_of(spec),
    )


def _match(value: Any, draft: Draft) -> Match:
    if isinstance(value, bool):
        told = _TRUTHS.get(unwrapped(stated_text(draft)).lower())
        if told is None:
            return "unknown", "answer_unreadable"
        return ("equal", "") if told == value else ("different", "")
    return match_list(value, draft) if isinstance(value, tuple) else match_number(value, draft)


def match_list(values: tuple[Fraction, ...], draft: Draft) -> Match:
    """All integers that satisfy something, in any order, each once."""
    text = re.sub(r"\s*,?\s+and\s+", ", ", unwrapped(stated_text(draft)))
    node = read_answer(text).value
    parts = node.args if isinstance(node, Call) and node.head in {"Sequence", "Set", "List", "Tuple"} else (node,)
    told = [exact.value(part) if part is not None else None for part in parts]
    if None in told:
        return "unknown", "answer_unreadable"
    return ("equal", "") if sorted(map(Fraction, told)) == sorted(values) else ("different", "")  # type: ignore[arg-type]
