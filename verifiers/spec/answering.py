"""A derived number beside the answer that a draft states: equal, different, or not comparable and why."""

import re
from fractions import Fraction
from typing import Final, Literal

from proofmill.verifiers.answering import units
from proofmill.verifiers.answering.answers import final_answer, unwrapped
from proofmill.verifiers.answering.quantities import Answer, read_answer
from proofmill.verifiers.expressions import exact, smt
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.nodes import Call, Node, Number, free_symbols, number
from proofmill.verifiers.verdict import Draft, Unreadable

Match = tuple[Literal["equal", "different", "unknown"], str]
"""How a value and the stated answer compare, and the reason slug where that is unknown."""

_ASKS_ROUNDING = re.compile(r"\b(?:round(?:ed|ing)?|nearest|decimal places?|approximate(?:ly)?|estimate)\b", re.I)
_PLACES: Final = {
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "tenth": 1, "hundredth": 2, "thousandth": 3, "cent": 2, "penny": 2, "whole": 0, "integer": 0, "dollar": 0,
}  # fmt: skip
_ASKS_PLACES = re.compile(
    r"\b(?:nearest (?=tenth|hundredth|thousandth|cent|penny|whole|integer|dollar)"
    r"|(?=\w+ (?:decimals?|digits? after)\b))"
    rf"(?P<words>{'|'.join(sorted(_PLACES))})\b",
    re.IGNORECASE,
)
_ASKS_PERCENT = re.compile(r"\b(?:what|which|how many|find the|calculate the|as a)\b[^.?!]{0,40}\bpercent", re.I)
_NAMED = re.compile(r"[A-Za-z][A-Za-z0-9_' ]{0,40}=(?P<value>[^=<>]+)")
_FACTORS: Final = {
    r"dollar|cent|euro|pound sterling|penn|rupee|yen": "100",
    r"second|minute|hour|day|week|month|year": "60 3600 24 1440 7 30 12 52 365",
    r"meter|metre|inch|foot|yard|mile": "10 100 1000 10000 1000000 12 144 3 9 36 5280",
    r"gram|ounce|pound|ton": "1000 1000000 16 2000",
    r"lit|gallon|quart|pint|cup": "10 100 1000 2 4 8 16",
    r"dozen": "12",
    r"degree|radian|mph|speed|per": "60 3600",
}
"""Between units of one kind; an answer in a unit that is off by one of these may still be right."""


def stated_text(draft: Draft) -> str:
    """The answer as the draft states it; without one, the final answer of its solution."""
    return draft.answer if draft.answer.strip() else final_answer(draft.solution)


def stated(draft: Draft) -> Answer:
    """The draft's answer in parts; `x = 5` and `MONEY = 5` are 5."""
    text = unwrapped(stated_text(draft))
    named = _NAMED.fullmatch(text)
    return read_answer(named["value"] if named else text)


def candidate(draft: Draft) -> Node | None:
    """The draft's answer as a value that Z3 can hold; None where it can't."""
    value = stated(draft).value
    if value is None:
        return None
    try:
        smt.Bridge({}, None).term(value)
    except Unreadable:
        return None
    return value


def may_be_rounded(draft: Draft) -> bool:
    """Whether the stated answer could be another number that was rounded: a decimal, or the problem asks to round."""
    answer = stated(draft)
    decimal = isinstance(answer.value, Number) and answer.value.places is not None
    return decimal or answer.percent or bool(answer.unit) or bool(_ASKS_ROUNDING.search(draft.problem))


def match_root(root: smt.Root, draft: Draft) -> Match:
    """A forced irrational number beside a rational answer: rounded, or another number."""
    value = stated(draft).value
    told = None if value is None else exact.value(value)
    if value is None or told is None:
        return "unknown", "not_decided"
    rounded = [_rounded(value, end, draft.problem) for end in (root.low, root.high)]
    if rounded[0] is not None and rounded[0] == rounded[1]:
        return rounded[0]
    return ("unknown", "not_decided") if root.low <= told <= root.high or any(rounded) else ("different", "")


def match_number(derived: Fraction, draft: Draft) -> Match:
    """The derived number beside the stated one: exactly, or rounded where the problem asks for that.

    An equal number in a unit that the problem nowhere speaks of is left open: the spec has no units.
    """
    answer = stated(draft)
    if answer.value is None or free_symbols(answer.value):
        return "unknown", "not_a_number"
    found = _match_value(derived, draft, answer, answer.value)
    if found[0] == "equal" and is_foreign(answer.unit, draft.problem):
        return "unknown", "unit_not_in_problem"
    return found


def is_foreign(unit: str, problem: str) -> bool:
    """Whether a unit of measurement stands in no spelling in a problem."""
    spoken = {part for word in re.findall(r"[^\W\d_]+|[$]", problem) for part in units.unit_name(word).split()}
    spoken |= {"dollar"} if "$" in problem else set()
    parts = [part for part in unit.split() if units.is_known(part) and part not in {"square", "cubic"}]
    return any(part not in spoken for part in parts)


def _match_value(derived: Fraction, draft: Draft, answer: Answer, value: Node) -> Match:
    if answer.percent:
        return _match_percent(derived, value, draft.problem)
    outcome = compare(value, number(derived)).outcome
    if outcome != "different":
        return outcome, "" if outcome == "equal" else "not_decided"
    if (rounded := _rounded(value, derived, draft.problem)) is not None:
        return rounded
    if answer.unit and _differs_by_unit(value, derived, answer.unit):
        return "unknown", "units"
    if _ASKS_PERCENT.search(draft.problem) and compare(value, number(derived * 100)).outcome == "equal":
        return "equal", ""
    return "different", ""


def _match_percent(derived: Fraction, value: Node, problem: str) -> Match:
    if compare(Call("Div", (value, number(100))), number(derived)).outcome == "equal":
        return "equal", ""
    outcome = compare(value, number(derived)).outcome
    if outcome == "equal":
        return ("equal", "") if _ASKS_PERCENT.search(problem) else ("unknown", "percent_or_number")
    if outcome == "unknown":
        return "unknown", "not_decided"
    return _rounded(value, derived * 100, problem) or ("different", "")


def _rounded(value: Node, derived: Fraction, problem: str) -> Match | None:
    """Equal if the stated number is the derived one, rounded to the places that the problem names; None if it is no
    rounding at all. A rounding that nobody asked for, or to places that nobody named, is left open."""
    told = exact.value(value)
    if told is None or derived.denominator == 1:
        return None
    asked = places_asked(problem)
    if asked is not None and (told * 10**asked).denominator == 1 and _is_near(told, derived, asked):
        return "equal", ""
    shown = _places_shown(value)
    if shown and _is_near(told, derived, shown):
        return "unknown", "rounded"
    vague = asked is None and _ASKS_ROUNDING.search(problem)
    return ("unknown", "rounded") if vague and abs(told - derived) * 100 <= abs(derived) else None


def _is_near(told: Fraction, derived: Fraction, places: int) -> bool:
    return abs(told - derived) * 2 <= Fraction(1, 10**places)


def _places_shown(value: Node) -> int:
    inner = value.args[0] if isinstance(value, Call) and value.head == "Neg" else value
    return (inner.places or 0) if isinstance(inner, Number) else 0


def places_asked(problem: str) -> int | None:
    """To how many decimals a problem wants its answer rounded; None where it does not say."""
    found = {_PLACES[match["words"].lower()] for match in _ASKS_PLACES.finditer(problem)}
    return found.pop() if len(found) == 1 else None


def _differs_by_unit(value: Node, derived: Fraction, unit: str) -> bool:
    """Whether value and derived number differ by a factor that lies between units of the kind of the stated one."""
    found = [factors for pattern, factors in _FACTORS.items() if re.search(pattern, unit)]
    return any(
        compare(value, number(derived * part)).outcome == "equal"
        for factor in " ".join(found).split()
        for part in (Fraction(factor), 1 / Fraction(factor))
    )
