"""maths.arithmetic: every equation of numbers in the solution holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from proofmill.verifiers.verdict import Draft, Verdict, accept, reject, unknown

VERSION = "1"

Value: TypeAlias = int | Fraction

EXPONENT = 100
"""Largest power that is computed; an equation with a larger one is skipped."""
NOISE = Fraction(1, 10**13)
"""Relative error that a number of 15 or more significant digits may have: binary floating point, printed."""

_ANNOTATION = re.compile(r"<<([^<>]*)>>")
_TOKEN = re.compile(
    r"(?P<N>(?:\$ ?|€|£)?(?:(?:[1-9]\d{0,2}(?:,\d{3})+|0(?!\d)|[1-9]\d{0,39})(?:\.\d{1,400})?|\.\d{1,400})(?!\d|[,:.]\d)%?)"
    r"|(?P<V>[\d$€£][\d,.:]*)|(?P<W>[A-Za-z']+(?:[/-][A-Za-z']+)*|/ ?[A-Za-z]{2,})"
    r"|(?P<E>=)|(?P<M>[-−–])|(?P<P>\+)|(?P<O>\*\*|[*×·⋅÷/^])|(?P<L>\()|(?P<R>\))|(?P<S>\s+)|(?P<Z>.)"
)
_TIMES = {"×": "*", "x": "*", "X": "*", "·": "*", "⋅": "*", "÷": "/", "**": "^", "−": "-", "–": "-"}
_SIDE = r"L*M?L*NW{0,3}R*W{0,2}(?:[OMP]L*M?L*NW{0,3}R*W{0,2})*"
_EQUATION = re.compile(rf"(?P<left>{_SIDE})E(?=(?P<right>{_SIDE}))")
_OPERATION = re.compile(r"[OMP]")
_DIVIDED_TWICE = re.compile(r"/ [^ ]+ / [^ ]+")
"""`25 / 1/3`: people mean 25 / (1/3) as often as (25 / 1) / 3."""
_CUTTING = frozenset(
    "of times plus minus twice thrice double triple half quarter third per by over divided multiplied less than from and "
    "or squared cubed percent".split()
)
"""Words that make what stands beside them a part of something else."""
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound"}


def check(draft: Draft, *, minimum: int = 1) -> Verdict:
    """Decide whether the arithmetic that the solution shows is right.

    Reads:   solution: every `a op b = c`, also in chains, with units (`16 eggs - 3 eggs = 13 eggs`), `$`, `%`,
             thousands separators, and in GSM8K's `<<48/2=24>>`.
    Accepts: at least `minimum` equations were read, and all hold exactly, or as the correct rounding of the exact value to
             the decimals shown (`rounded` counts them), or within floating-point noise at 15 digits and more.
    Rejects: `false_equation`, with the equation, the value of its left side, and its place (line).
    Unknown: `no_arithmetic`: fewer than `minimum` equations.
    Method:  exact fractions. An equation that can't be read whole (a variable, words in between, a part cut off, sides in
             different units) is skipped and counted. It proves nothing about whether the steps are the right ones.
    """
    tally = _Tally()
    for line, text in enumerate(draft.solution.split("\n"), 1):
        if "=" not in text:
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


@dataclass(frozen=True, slots=True)
class _Line:
    """The tokens of a line: their kinds as one string, one letter each, and their texts."""

    kinds: str
    texts: list[str]

    def numbers(self, start: int, end: int) -> list[str]:
        """The numbers of a side that is one number; of any other side nothing."""
        if any(kind in "OPLR" for kind in self.kinds[start:end]):
            return []
        return [text for text, kind in zip(self.texts[start:end], self.kinds[start:end], strict=True) if kind == "N"]

    @property
    def is_floating(self) -> bool:
        """Whether a number of 15 or more significant digits stands in the line: floating point, printed."""
        numbers = (text for text, kind in zip(self.texts, self.kinds, strict=True) if kind == "N" and len(text) > 15)
        return any("." in text and len(re.sub(r"\D", "", text).lstrip("0")) >= 15 for text in numbers)

    def spelled(self, start: int, end: int) -> str:
        """The tokens without units, one space between them."""
        pairs = zip(self.texts[start:end], self.kinds[start:end], strict=True)
        return " ".join(text for text, kind in pairs if kind != "W")


def _line(text: str, tally: _Tally, *, whole: bool) -> Iterator[tuple[str, str | None]]:
    line = _tokens(text)
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


def _tokens(text: str) -> _Line:
    kinds: list[str] = []
    texts: list[str] = []
    spaced = True
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match.group()
        if kind == "S":
            spaced = True
            continue
        if kind == "W":
            kind = _word_kind(piece, kinds, text[match.end() : match.end() + 3].lstrip(), spaced)
        elif kind == "N" and kinds and kinds[-1] == "W" and not spaced:
            kind = "V"
        elif (kind == "M" and not kinds and text[match.end() : match.end() + 1] == " ") or (
            piece == "." and kinds and kinds[-1] == "W" and len(texts[-1]) < 4
        ):
            continue
        kinds.append(kind)
        texts.append(_TIMES.get(piece, piece))
        spaced = False
    return _Line("".join(kinds), texts)


def _word_kind(piece: str, kinds: list[str], after: str, spaced: bool) -> str:
    """A word is a unit (W), multiplication (`x` before a number or bracket), or a variable (V)."""
    if len(piece) > 1:
        return "W"
    if piece in {"x", "X"}:
        return "O" if kinds and kinds[-1] in "NWR" and after[:1] and after[0] in "0123456789.$€£(" else "V"
    return "W" if piece in {"a", "A", "I"} and spaced else "V"


def _is_cut(line: _Line, start: int, end: int) -> bool:
    """Whether a side goes on beyond what was read: an operator, a bracket, a variable or a cutting word beside it."""
    before = line.kinds[start - 1 : start] if start else ""
    after = line.kinds[end : end + 1]
    if before and before in "OMPNLV":
        return True
    if before == "W" and (line.texts[start - 1].lower() in _CUTTING or line.kinds[start] == "M"):
        return True
    if before == "R" or (after in {"N", "L", "V", "R"} and after):
        return True
    if after and after in "OP":
        return True
    if after == "M":
        return line.kinds[end + 1 : end + 2] in {"N", "L", "V"}
    return _ends_in_cut(line, end)


def _ends_in_cut(line: _Line, end: int) -> bool:
    return line.kinds[end - 1 : end] == "W" and line.texts[end - 1].lower() in {"times", "plus", "minus", "divided"}


def _judged(line: _Line, left: tuple[int, int], right: tuple[int, int], tally: _Tally) -> tuple[str, str | None] | None:
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


def _compare(line: _Line, left: tuple[int, int], right: tuple[int, int]) -> str:
    """`equal`, `rounded`, `unreadable`, or the true value of the left side."""
    percents = (True, False) if any("%" in text for text in line.texts[left[0] : right[1]]) else (True,)
    first = ""
    for as_hundredths in percents:
        try:
            one = _Reader(line, left, as_hundredths).value()
            two = _Reader(line, right, as_hundredths).value()
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


def _scaled_percent(line: _Line, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """`20/50 * 100 = 40%` and `3/4 = 75%`: a percentage on the right alone, as people write it."""
    if any("%" in text for text in line.texts[left[0] : left[1]]):
        return False
    one, two = _Reader(line, left, True).value(), _Reader(line, right, False).value()
    return any(one * scale == two or _is_rounding(one * scale, two, line, right, False) for scale in (1, 100))


def _shown(value: Value) -> str:
    return str(value) if isinstance(value, int) or value.denominator == 1 else f"{value} = {float(value):.12g}"


def _is_rounding(exact: Value, shown: Value, line: _Line, span: tuple[int, int], as_hundredths: bool) -> bool:
    """Whether one shown decimal is the exact value rounded to its digits, or up to floating-point noise."""
    numbers = line.numbers(*span)
    gap = abs(exact - shown)
    if line.is_floating and gap <= abs(exact) * NOISE:
        return True
    if len(numbers) != 1 or "." not in numbers[0]:
        return False
    digits = len(numbers[0].rstrip("%").partition(".")[2])
    return gap * 2 <= Fraction(1, 10 ** (digits + 2 * (numbers[0].endswith("%") and as_hundredths)))


def _changes_unit(line: _Line, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether both sides name units and the right one's is new: `2 hours * 60 = 120 minutes` is no equation of numbers."""
    one, two = _units(line, left), _units(line, right)
    return bool(one and two and not one & two)


def _units(line: _Line, span: tuple[int, int]) -> set[str]:
    found: set[str] = set()
    for text, kind in zip(line.texts[span[0] : span[1]], line.kinds[span[0] : span[1]], strict=True):
        if kind == "N" and text[0] in _CURRENCIES:
            found.add(_CURRENCIES[text[0]])
        elif kind == "W":
            found.update(part.rstrip("s") for part in re.split(r"[/\W]+", text.lower()) if part)
    return found


class _Reader:
    """The value of one side, by precedence climbing over its tokens; units are passed over."""

    def __init__(self, line: _Line, span: tuple[int, int], as_hundredths: bool) -> None:
        self.line = line
        self.at, self.end = span
        self.as_hundredths = as_hundredths

    def kind(self) -> str:
        while self.at < self.end and self.line.kinds[self.at] == "W":
            self.at += 1
        return self.line.kinds[self.at] if self.at < self.end else ""

    def value(self) -> Value:
        found = self.sum()
        if self.kind():
            raise ValueError("a bracket too many")
        return found

    def sum(self) -> Value:
        total = self.product()
        while (kind := self.kind()) and kind in "MP":
            self.at += 1
            term = self.product()
            total = total + term if kind == "P" else total - term
        return total

    def product(self) -> Value:
        total = self.power()
        while self.kind() == "O":
            operator = self.line.texts[self.at]
            self.at += 1
            factor = self.power()
            total = total * factor if operator == "*" else _quotient(total, factor)
        return total

    def power(self) -> Value:
        base = self.operand()
        if self.kind() == "O" and self.line.texts[self.at] == "^":
            self.at += 1
            exponent = self.power()
            if abs(exponent) > EXPONENT or exponent != int(exponent):
                raise ValueError("a power out of bounds")
            return Fraction(base) ** int(exponent)
        return base

    def operand(self) -> Value:
        kind = self.kind()
        self.at += 1
        if kind == "M":
            return -self.operand()
        if kind == "L":
            found = self.sum()
            if self.kind() != "R":
                raise ValueError("a bracket that does not close")
            self.at += 1
            return found
        if kind != "N":
            raise ValueError("no operand")
        return _number(self.line.texts[self.at - 1], self.as_hundredths)


def _quotient(above: Value, below: Value) -> Value:
    if isinstance(above, int) and isinstance(below, int) and below and above % below == 0:
        return above // below
    return Fraction(above) / below


def _number(text: str, as_hundredths: bool) -> Value:
    percent = text.endswith("%") and as_hundredths
    digits = text.strip("$€£% ").replace(",", "")
    if "." in digits:
        whole, _, places = digits.partition(".")
        value: Value = Fraction(int(whole + places), 10 ** len(places))
    else:
        value = int(digits)
    return Fraction(value) / 100 if percent else value
