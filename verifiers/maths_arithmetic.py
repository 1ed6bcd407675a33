"""maths.arithmetic: every equation of numbers in the solution holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from proofmill.verifiers.equations import Line, Reader, Value, tokens_of
from proofmill.verifiers.verdict import Draft, Verdict, accept, reject, unknown

VERSION = "1"

LINE_CHARACTERS = 4_000
BRACKETS = 50
"""A line with more is not read; its equations count as skipped."""
NOISE = Fraction(1, 10**13)
"""Relative error that a number of 15 or more significant digits may have: binary floating point, printed."""

_ANNOTATION = re.compile(r"<<([^<>]*)>>")
_OPERAND = r"L*(?:ML*)?NW{0,3}(?:R+W{0,2})?"
_SIDE = rf"{_OPERAND}(?:[OMP]{_OPERAND})*"
_EQUATION = re.compile(rf"(?P<left>{_SIDE})E(?=(?P<right>{_SIDE}))")
_OPERATION = re.compile(r"[OMP]")
_DIVIDED_TWICE = re.compile(r"/ [^ ]+ / [^ ]+")
"""`25 / 1/3`: people mean 25 / (1/3) as often as (25 / 1) / 3."""
_CUTTING = frozenset(
    re.findall(
        r"\w+",
        "of times plus minus twice thrice double triple half quarter third per by over divided multiplied less than "
        "from or squared cubed percent",
    )
)
"""Words that make what stands beside them a part of something else."""
_CUTTING_AFTER = frozenset({"times", "plus", "minus", "divided", "multiplied"})
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound"}


def check(draft: Draft, *, minimum: int = 1) -> Verdict:
    """Decide whether the arithmetic that the solution shows is right.

    Reads:   solution: every `a op b = c`, also in chains, with units (`16 eggs - 3 eggs = 13 eggs`), `$`, `%`,
             thousands separators, and in GSM8K's `<<48/2=24>>`.
    Accepts: at least `minimum` equations were read, and all hold exactly, or as the correct rounding of the exact
             value to the decimals shown (`rounded` counts them), or within floating-point noise at 15 digits and more.
    Rejects: `false_equation`, with the equation, the value of its left side, and its place (line).
    Unknown: `no_arithmetic`: fewer than `minimum` equations.
    Method:  exact fractions. An equation that can't be read whole (a variable, words in between, a part cut off, sides
             in different units) is skipped and counted. It proves nothing about whether the steps are the right ones.
    """
    tally = _Tally()
    for line, text in enumerate(draft.solution.split("\n"), 1):
        if "=" not in text:
            continue
        if len(text) > LINE_CHARACTERS or text.count("(") > BRACKETS:
            tally.skipped += text.count("=")
            continue
        for shown, held in _equations(text, tally):
            if held is not None:
                return reject("false_equation", equation=shown, value=held, line=line, held=tally.held)
    if tally.held < minimum:
        return unknown("no_arithmetic", equations=tally.held, skipped=tally.skipped)
    return accept("all_hold", equations=tally.held, rounded=tally.rounded, skipped=tally.skipped)


@dataclass(slots=True)
class _Tally:
    """How many equations held, were roundings, or could not be read."""

    held: int = 0
    rounded: int = 0
    skipped: int = 0


def _equations(text: str, tally: _Tally) -> Iterator[tuple[str, str | None]]:
    """(equation, None or the true value of its left side) for each one in a line that could be read."""
    for inside in _ANNOTATION.findall(text):
        yield from _line(inside, tally, whole=True)
    yield from _line(_ANNOTATION.sub("", text), tally, whole=False)


def _line(text: str, tally: _Tally, *, whole: bool) -> Iterator[tuple[str, str | None]]:
    line = tokens_of(text)
    signs = line.kinds.count("E")
    read = 0
    for match in _EQUATION.finditer(line.kinds):
        left, right = match.span("left"), match.span("right")
        chained = left[0] > 0 and line.kinds[left[0] - 1] == "E" and match["left"].count("W") < 3
        if not _OPERATION.search(match["left"].lstrip("LM")) and not chained:
            continue
        if _is_cut(line, left[0], right[1]) or (whole and left[0] > 0 and not chained):
            continue
        result = _judged(line, left, right, tally)
        if result is None:
            continue
        read += 1
        yield result
    tally.skipped += signs - read


def _is_cut(line: Line, start: int, end: int) -> bool:
    """Whether a side goes on beyond what was read: an operator, a bracket, a variable or a cutting word beside it."""
    return _is_cut_before(line, start) or _is_cut_after(line, end)


def _is_cut_before(line: Line, start: int) -> bool:
    before = line.kinds[start - 1] if start else ""
    if before != "W":
        return before != "" and before in "OMPNLVR"
    word = line.texts[start - 1].lower()
    return word in _CUTTING or line.kinds[start] == "M" or (word == "and" and _is_fraction(line, start))


def _is_cut_after(line: Line, end: int) -> bool:
    after = line.kinds[end : end + 1]
    word = line.texts[end - 1].lower() if line.kinds[end - 1] == "W" else ""
    if word in _CUTTING_AFTER or (word == "and" and _is_fraction(line, end)):
        return True
    if after == "N":
        return not word
    if after == "M":
        return line.kinds[end + 1 : end + 2] in {"N", "L", "V"}
    return after != "" and after in "LVROP"


def _is_fraction(line: Line, start: int) -> bool:
    """Whether `1/2` stands here, as in `1 and 1/2`."""
    return line.kinds[start : start + 3] == "NON" and line.texts[start + 1] == "/"


def _judged(line: Line, left: tuple[int, int], right: tuple[int, int], tally: _Tally) -> tuple[str, str | None] | None:
    """The verdict on one equation; None where it can't be read after all."""
    middle = [
        text.lower()
        for text, kind in zip(line.texts[left[0] : right[1]], line.kinds[left[0] :], strict=False)
        if kind == "W"
    ]
    if any(word in _CUTTING for word in middle[: len(middle) - line.kinds[right[0] : right[1]].count("W")]):
        return None
    outcome = _compare(line, left, right)
    if outcome == "unreadable":
        return None
    shown = " ".join(line.texts[left[0] : right[1]])
    if outcome in {"equal", "rounded"}:
        tally.held += 1
        tally.rounded += outcome == "rounded"
        return shown, None
    if _changes_unit(line, left, right) or _DIVIDED_TWICE.search(line.spelled(left[0], right[1])):
        return None
    return shown, outcome


def _compare(line: Line, left: tuple[int, int], right: tuple[int, int]) -> str:
    """`equal`, `rounded`, `unreadable`, or the true value of the left side."""
    percents = (True, False) if any("%" in text for text in line.texts[left[0] : right[1]]) else (True,)
    first = ""
    for as_hundredths in percents:
        try:
            one = Reader(line, left, as_hundredths).value()
            two = Reader(line, right, as_hundredths).value()
        except (ArithmeticError, ValueError, IndexError):
            return "unreadable"
        if one == two:
            return "equal"
        if _is_rounding(one, two, line, right, as_hundredths) or _is_rounding(two, one, line, left, as_hundredths):
            return "rounded"
        first = first or _shown(one)
    if len(percents) == 2 and _scaled_percent(line, left, right):
        return "equal"
    return first


def _scaled_percent(line: Line, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """`20/50 * 100 = 40%` and `3/4 = 75%`: a percentage on the right alone, as people write it."""
    if any("%" in text for text in line.texts[left[0] : left[1]]):
        return False
    one, two = Reader(line, left, True).value(), Reader(line, right, False).value()
    return any(one * scale == two or _is_rounding(one * scale, two, line, right, False) for scale in (1, 100))


def _shown(value: Value) -> str:
    exact = Fraction(value)
    if exact.numerator.bit_length() + exact.denominator.bit_length() > 200:
        return "a long number"
    return str(exact) if exact.denominator == 1 else f"{exact} = {float(exact):.12g}"


def _is_rounding(exact: Value, shown: Value, line: Line, span: tuple[int, int], as_hundredths: bool) -> bool:
    """Whether one shown decimal is the exact value rounded to its digits, or up to floating-point noise."""
    numbers = line.numbers(*span)
    gap = abs(Fraction(exact) - Fraction(shown))
    if line.is_floating and gap <= abs(Fraction(exact)) * NOISE:
        return True
    if len(numbers) != 1 or "." not in numbers[0]:
        return False
    digits = len(numbers[0].rstrip("%").partition(".")[2])
    return gap * 2 <= Fraction(1, 10 ** (digits + 2 * (numbers[0].endswith("%") and as_hundredths)))


def _changes_unit(line: Line, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether both sides name units and the right one's is new: `2 hours * 60 = 120 minutes`."""
    one, two = _units(line, left), _units(line, right)
    return bool(one and two and not one & two)


def _units(line: Line, span: tuple[int, int]) -> set[str]:
    found: set[str] = set()
    for text, kind in zip(line.texts[span[0] : span[1]], line.kinds[span[0] : span[1]], strict=True):
        if kind == "N" and text[0] in _CURRENCIES:
            found.add(_CURRENCIES[text[0]])
        elif kind == "W":
            found.update(part.rstrip("s") for part in re.split(r"[/\W]+", text.lower()) if part)
    return found
