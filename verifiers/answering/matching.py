"""Do two answers say the same? Texts to parts, parts to shapes, shapes to values, and each pair of values compared."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal

from proofmill.verifiers.answering import units
from proofmill.verifiers.answering.answers import answer_text, final_answer
from proofmill.verifiers.answering.prose import concluded, repaired
from proofmill.verifiers.answering.quantities import Answer, parts_of
from proofmill.verifiers.answering.shape_matching import match_nodes
from proofmill.verifiers.answering.shapes import is_name
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, free_symbols, has_constant
from proofmill.verifiers.expressions.policy import DEFAULT, Policy
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.verdict import Unreadable

_SPACES = re.compile(r"\\(?:left|right)(?![A-Za-z])|\\[,;:! ]|\s+")
SAME_TEXT_CHARACTERS = 300


def match_texts(
    gold: str, pred: str, *, kind: Literal["answer", "completion"] = "answer", policy: Policy = DEFAULT
) -> Comparison:
    """Compare a known answer with a prediction: a short answer, or a `completion` that has to mark its answer.

    The same text is the same answer, even where nobody can read it. Never raises Unreadable.
    """
    try:
        known = answer_text(repaired(gold))
        found = final_answer(pred) if kind == "completion" else answer_text(repaired(pred))
        if same_text(known, found):
            return Comparison("equal", "same text", {}, "proved")
        if _is_decimal_comma(known, found) or _is_decimal_comma(found, known):
            return Comparison("unknown", "decimal_comma")
        compared = match_answers(_parts(known), _parts(found, loose=kind == "answer"), policy=policy)
        return Comparison("unknown", "base_of_log") if compared.outcome == "equal" and _logs(known, found) else compared
    except Unreadable as why:
        return Comparison("unknown", why.reason, {"detail": str(why)})


def same_text(one: str, two: str) -> bool:
    """Whether two texts are the same but for spaces: then they say the same, whatever they say."""
    if len(one) > SAME_TEXT_CHARACTERS or not re.search(r"\w", one):
        return False
    return one == two or (one[:1] == two[:1] and _SPACES.sub(" ", one).split() == _SPACES.sub(" ", two).split())


def _logs(one: str, two: str) -> bool:
    """Whether one side says `log` without a base where the other says `ln`: base ten, or e?"""
    bare, natural = ([bool(mark.search(text)) for text in (one, two)] for mark in (_BARE_LOG, _NATURAL))
    return bare == natural[::-1] and bare[0] != bare[1]


_BARE_LOG = re.compile(r"(?<![A-Za-z])log(?![A-Za-z_0-9])")
_NATURAL = re.compile(r"(?<![A-Za-z])ln(?![A-Za-z])")


def _is_decimal_comma(one: str, two: str) -> bool:
    """`3,5` beside 3.5: a list of two, or a decimal as much of the world writes it."""
    return _DECIMAL_COMMA.fullmatch(one) is not None and one.replace(",", ".") == two


_DECIMAL_COMMA = re.compile(r"-?(?:[1-9]\d*|0),(?:\d{1,2})", re.ASCII)


def _parts(text: str, *, loose: bool = True) -> Answer:
    """The parts of an answer; of a sentence that can't be read as one, those of what it concludes."""
    try:
        return parts_of(text)
    except Unreadable:
        value = concluded(text) if loose else None
        if value is None or value == text:
            raise
        return parts_of(value)


# Answers -------------------------------------------------------------------------------------------------------------


def match_answers(one: Answer, two: Answer, *, policy: Policy = DEFAULT) -> Comparison:
    """Compare words, or values with their units and percent signs; the order of the two does not matter."""
    if one.value is None or two.value is None:
        return _match_words(one, two)
    if one.percent != two.percent:
        return _match_percent(one, two, policy)
    if one.unit == two.unit or policy.units == "ignored":
        found = _match_values(one, two, policy)
        return replace(found, evidence={**found.evidence, "unit": one.unit}) if one.unit else found
    return _match_units(one, two, policy)


def _match_words(one: Answer, two: Answer) -> Comparison:
    """The same words are equal; letters of a choice and opposite words differ; other words may say the same thing."""
    if one.words == two.words and one.value is two.value is None:
        return Comparison("equal", "words", {}, "proved")
    if len(one.words) == len(two.words) == 1:
        return Comparison("different", "letters")
    return Comparison("different" if (one.words, two.words) in _OPPOSITES else "unknown", "words")


_PAIRS: Final = (("yes", "no"), ("true", "false"), ("odd", "even"), ("increasing", "decreasing"))
_OPPOSITES: Final = frozenset(_PAIRS) | {(two, one) for one, two in _PAIRS}


def _match_percent(one: Answer, two: Answer, policy: Policy) -> Comparison:
    """`50%` is 0.5 or 50, as the policy says; by default 50% beside a bare 50 is left open."""
    bare, percent = (two, one) if one.percent else (one, two)
    if bare.value is None or percent.value is None:
        return Comparison("unknown", "percent")
    as_value = match_nodes(Call("Div", (percent.value, Number(Fraction(100)))), bare.value, policy)
    if as_value.outcome == "equal" and policy.percent != "number":
        return replace(as_value, method="percent")
    as_written = match_nodes(percent.value, bare.value, policy)
    if as_written.outcome == "equal":
        open_ = policy.percent == "value"
        return Comparison("unknown", "percent_or_number") if open_ else replace(as_written, method="percent as number")
    if "unknown" in {as_written.outcome, as_value.outcome}:
        return Comparison("unknown", "percent")
    return as_written


def _match_units(one: Answer, two: Answer, policy: Policy) -> Comparison:
    """Units that measure the same are converted; a unit that one side alone states is a question of policy."""
    if "degree" in {one.unit, two.unit} and "degree" not in _shared(one, two):
        return _match_degrees(one, two, policy)
    first, second = units.measure(one.unit), units.measure(two.unit)
    stated = bool(first.dimensions) and bool(second.dimensions)
    if first.dimensions == second.dimensions:
        return _match_values(_scaled(one, first.scale), _scaled(two, second.scale), policy)
    found = _match_values(one, two, policy)
    names = sorted({one.unit, two.unit})
    if not stated and found.outcome == "different" and _is_letter(one, two):
        return Comparison("unknown", "unit_or_variable", {"units": names})
    if stated and units.differ(first, second):
        return Comparison("different", "units", {"units": names})
    if stated or (policy.units == "required" and found.outcome == "equal"):
        return Comparison("unknown", "units_differ", {"units": names})
    return replace(found, evidence={**found.evidence, "unit": one.unit or two.unit})


def _is_letter(one: Answer, two: Answer) -> bool:
    """Whether a unit of one letter stands beside an expression with variables in it: `5 m` and `5m`."""
    unit, other = (one, two) if one.unit else (two, one)
    return other.value is not None and bool(free_symbols(other.value)) and bool(_ONE_LETTER.search(unit.text))


_ONE_LETTER = re.compile(r"(?<![A-Za-z])[A-Za-z](?:[²³^].{0,4})?$")


def _shared(one: Answer, two: Answer) -> set[str]:
    return {one.unit} & {two.unit}


def _scaled(answer: Answer, scale: Fraction) -> Answer:
    if answer.value is None or scale == 1:
        return answer
    return replace(answer, text="", value=_times(answer.value, Number(scale)))


def _times(value: Node, factor: Node) -> Node:
    """The value in another unit; of `x = 5`, the right side."""
    if isinstance(value, Call) and value.head == "Eq" and is_name(value.args[0]):
        return Call("Eq", (value.args[0], Call("Mul", (value.args[1], factor))))
    return Call("Mul", (value, factor))


def _match_degrees(one: Answer, two: Answer, policy: Policy) -> Comparison:
    """`45°` is 45 where no unit is stated, and pi/4 where pi or radians are."""
    degrees, other = (one, two) if one.unit == "degree" else (two, one)
    if degrees.value is None or other.value is None or other.unit not in {"", "radian"}:
        return Comparison("unknown", "units_differ", {"units": sorted({one.unit, two.unit})})
    radians = _times(degrees.value, Call("Div", (Constant("pi"), Number(Fraction(180)))))
    if other.unit == "radian" or has_constant(other.value, "pi"):
        return match_nodes(radians, other.value, policy)
    found = match_nodes(degrees.value, other.value, policy)
    if found.outcome == "equal" and policy.units != "required":
        return replace(found, evidence={**found.evidence, "unit": "degree"})
    same = found.outcome == "equal" or match_nodes(radians, other.value, policy).outcome != "different"
    return Comparison("unknown", "degrees_or_radians") if same else found


def _match_values(one: Answer, two: Answer, policy: Policy) -> Comparison:
    if one.value is None or two.value is None:
        return Comparison("unknown", "words")
    found = match_nodes(one.value, two.value, policy)
    if found.outcome != "equal" and policy.tolerance is None and policy.relative is None:
        return _as_float(one, two, policy) or found
    return found


FLOAT_DIGITS = 12
"""Significant digits of a decimal that is certainly printed by a machine."""
NOISY_DIGITS = 16
"""Digits from which on the last one may be off by one or two: the computation was rounded, and not its result."""
_FLOAT = re.compile(
    r"(?P<sign>-?)0*(?P<whole>\d*)\.(?P<places>\d+)"
    r"(?:\s*(?:\\times|\\cdot|\*)\s*10\s*\^\s*\{?\(?(?P<power>-?\d{1,3})\)?\}?)?"
)


def _as_float(one: Answer, two: Answer, policy: Policy) -> Comparison | None:
    """Equal where one side alone is a long decimal, and that of the other's value: rounded, cut off, or with noise."""
    floats = [side for side in (one, two) if _FLOAT.fullmatch(side.text.strip())]
    if len(floats) != 1:
        return None
    decimal, other = (one, two) if floats[0] is one else (two, one)
    match = _FLOAT.fullmatch(decimal.text.strip())
    if match is None or decimal.value is None or other.value is None:
        return None
    digits = len((match["whole"] + match["places"]).lstrip("0"))
    unit = Fraction(1, 10 ** len(match["places"])) * Fraction(10) ** int(match["power"] or 0)
    if digits < FLOAT_DIGITS:
        return None
    away = -unit / 2 if match["sign"] else unit / 2
    shifted = Call("Add", (decimal.value, Number(away)))
    tries = [(decimal.value, 2 * unit)] if digits >= NOISY_DIGITS else [(decimal.value, unit / 2), (shifted, unit / 2)]
    for value, distance in tries:
        if match_nodes(value, other.value, replace(policy, tolerance=distance)).outcome == "equal":
            return Comparison("equal", "float", {"tolerance": str(float(distance))}, "agreed")
    return None
