"""maths.answer: the final answer of the solution equals the stated answer and the known one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from proofmill.verifiers.answers import final_answer
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.nodes import Call, Number
from proofmill.verifiers.quantities import Answer, read_answer
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "1"

_ASKS_PERCENT = re.compile(r"\b(?:what|which|how many|find the|calculate the)\b[^.?!]{0,40}\bpercent", re.IGNORECASE)


def check(draft: Draft, *, tolerance: float | None = None) -> Verdict:
    """Decide whether the solution ends in the answer that it should end in.

    Reads:   the final answer of solution (`proofmill.verifiers.answers` says how it is found), answer, gold.
    Accepts: the final answer equals answer (where the draft states one) and gold (where one is known); without a
             solution, answer equals gold. Exactly, or within `tolerance` (absolute) where one is given.
    Rejects: `answer_differs`, `gold_differs`: an exact value or a certified ball tells the two apart.
    Unknown: no final answer or several, nothing to compare with, a text outside the grammar, two different units, a
             percentage beside the same bare number (unless the problem asks for a percentage), routes that disagree.
    Method:  fractions for rational numbers; else certified balls and SymPy, which must agree. A unit that one side
             alone states does not change the value. It proves nothing about the steps, nor that gold is right.
    What comes from gold stands in the evidence under the key "gold" alone.
    """
    final, others = _sides(draft)
    if not others:
        return unknown("nothing_to_compare", final=final)
    mine = read_answer(final)
    percent_asked = bool(_ASKS_PERCENT.search(draft.problem))
    found = {name: _matched(mine, text, tolerance, percent_asked) for name, text in others.items()}
    evidence = {name: dict(match.evidence, text=others[name]) for name, match in found.items()}
    for name, match in found.items():
        if match.outcome == "different":
            return reject(f"{name}_differs", final=final, **evidence)
    for name, match in found.items():
        if match.outcome == "unknown":
            return unknown(match.reason if name == "answer" else f"gold_{match.reason}", final=final, **evidence)
    return accept("equal", final=final, **evidence)


def _sides(draft: Draft) -> tuple[str, dict[str, str]]:
    """The text to judge, and the texts that it must equal."""
    gold = {"gold": draft.gold} if draft.gold else {}
    if draft.solution.strip():
        stated = {"answer": draft.answer} if draft.answer.strip() else {}
        return final_answer(draft.solution), stated | gold
    return draft.answer, gold if draft.answer.strip() else {}


@dataclass(frozen=True, slots=True)
class Match:
    """How two answers compare; `reason` is the slug of an unknown one."""

    outcome: Literal["equal", "different", "unknown"]
    reason: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


def _matched(mine: Answer, text: str, tolerance: float | None, percent_asked: bool) -> Match:
    try:
        other = read_answer(text)
        return match_answers(mine, other, tolerance=tolerance, percent_asked=percent_asked)
    except Unreadable as why:
        return Match("unknown", why.reason, {"detail": str(why)})


def match_answers(one: Answer, two: Answer, *, tolerance: float | None = None, percent_asked: bool = False) -> Match:
    """Compare values, then mind units and percent signs; the order of the two does not matter."""
    if one.value is None or two.value is None:
        return _match_words(one, two)
    if one.percent != two.percent:
        return _match_percent(one, two, percent_asked)
    allowed = None if tolerance is None else Fraction(str(tolerance))
    found = compare(one.value, two.value, tolerance=allowed)
    evidence = {"method": found.method, **found.evidence}
    if one.unit and two.unit and one.unit != two.unit:
        return Match("unknown", "units_differ", {"units": sorted({one.unit, two.unit})})
    if one.unit or two.unit:
        evidence["unit"] = one.unit or two.unit
    if found.outcome == "different" and {one.unit, two.unit} == {"", "degree"}:
        return Match("unknown", "degrees_or_radians", evidence)
    return Match(found.outcome, found.method if found.outcome == "unknown" else "", evidence)


def _match_words(one: Answer, two: Answer) -> Match:
    """The same words are equal, two letters of a choice may differ; other words may say the same thing."""
    if one.words == two.words:
        return Match("equal", evidence={"method": "words"})
    letters = len(one.words) == len(two.words) == 1
    return Match("different", evidence={"method": "letters"}) if letters else Match("unknown", "words")


def _match_percent(one: Answer, two: Answer, percent_asked: bool) -> Match:
    """`50%` is 0.5; beside a bare 50 it is 50 only if the problem asks for a percentage."""
    bare, percent = (two, one) if one.percent else (one, two)
    if bare.value is None or percent.value is None:
        return Match("unknown", "percent")
    if compare(Call("Div", (percent.value, Number(Fraction(100)))), bare.value).outcome == "equal":
        return Match("equal", evidence={"method": "percent"})
    as_written = compare(percent.value, bare.value)
    if as_written.outcome == "equal" and percent_asked:
        return Match("equal", evidence={"method": "percent, as the problem asks for one"})
    if as_written.outcome == "different":
        return Match("different", evidence={"method": as_written.method})
    return Match("unknown", "percent_or_number")
