"""maths.answer: the final answer of the solution equals the stated answer and the known one."""

import re
from fractions import Fraction
from typing import Any

from proofmill.verifiers.answering.answers import final_answer
from proofmill.verifiers.answering.matching import match_answers, same_text
from proofmill.verifiers.answering.quantities import Answer, read_answer
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.strength import Strength, limited, weakest
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "2"

_ASKS_PERCENT = re.compile(r"\b(?:what|which|how many|find the|calculate the)\b[^.?!]{0,40}\bpercent", re.IGNORECASE)


def check(draft: Draft, *, tolerance: float | None = None, strength: Strength = "auto") -> Verdict:
    """Decide whether the solution ends in the answer that it should end in.

    Reads:   the final answer of solution (`proofmill.verifiers.answering.answers` says how it is found), answer, gold.
    Accepts: the final answer equals answer (where the draft states one) and gold (where one is known); without a
             solution, answer equals gold. Exactly, or within `tolerance` (absolute) where one is given.
    Rejects: `answer_differs`, `gold_differs`: an exact value or a certified ball tells the two apart.
    Unknown: no final answer or several, nothing to compare with, a text outside the grammar, units that measure
             different things, a percentage beside the same bare number (unless the problem asks for a percentage),
             routes that disagree.
    Method:  `answering/matching.py`: exact values, else certified balls and a second, unlike engine. A unit that one
             side alone states does not change the value. It proves nothing about the steps, nor that gold is right.
             `strength`: what an acceptance needs (`proofmill.verifiers.strength`).
    What comes from gold stands in the evidence under the key "gold" alone.
    """
    final, others = _sides(draft)
    if not others:
        return unknown("nothing_to_compare", final=final)
    policy = Policy(
        tolerance=None if tolerance is None else Fraction(str(tolerance)),
        percent="either" if _ASKS_PERCENT.search(draft.problem) else "value",
    )
    same = {name for name, text in others.items() if same_text(final, text.strip())}
    mine = read_answer(final) if len(same) < len(others) else None
    found = {name: _matched(None if name in same else mine, text, policy) for name, text in others.items()}
    evidence = {name: _told(match, others[name]) for name, match in found.items()}
    for name, match in found.items():
        if match.outcome == "different":
            return reject(f"{name}_differs", final=final, **evidence)
    for name, match in found.items():
        if match.outcome == "unknown":
            return unknown(match.method if name == "answer" else f"gold_{match.method}", final=final, **evidence)
    proved = weakest(*(match.strength for match in found.values()))
    return limited(accept("equal", final=final, strength=proved, **evidence), strength)


def _sides(draft: Draft) -> tuple[str, dict[str, str]]:
    """The text to judge, and the texts that it must equal."""
    gold = {"gold": draft.gold} if draft.gold else {}
    if draft.solution.strip():
        stated = {"answer": draft.answer} if draft.answer.strip() else {}
        return final_answer(draft.solution), stated | gold
    return draft.answer, gold if draft.answer.strip() else {}


def _matched(mine: Answer | None, text: str, policy: Policy) -> Comparison:
    """`mine` is None where the two texts are the same: then nobody has to be able to read them."""
    if mine is None:
        return Comparison("equal", "same text", {}, "proved")
    try:
        return match_answers(mine, read_answer(text), policy=policy)
    except Unreadable as why:
        return Comparison("unknown", why.reason, {"detail": str(why)})


def _told(match: Comparison, text: str) -> dict[str, Any]:
    return {"method": match.method, **match.evidence, "text": text}
