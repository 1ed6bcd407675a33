"""Lines of prose with arithmetic in them: their tokens, and the value of a run of tokens."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Value: TypeAlias = int | Fraction

POWER_BITS = 20_000
"""Largest power that is computed; an equation with a larger one is not read."""

_TOKEN = re.compile(
    r"(?P<N>(?:\$ ?|€|£)?(?:(?:[1-9]\d{0,2}(?:,\d{3}){1,20}|0(?!\d)|[1-9]\d{0,39})(?:\.\d{1,400})?|\.\d{1,400})"
    r"(?!\d|[,:.]\d)%?)"
    r"|(?P<V>[\d$€£][\d,.:]*)|(?P<W>[A-Za-z']+(?:[/-][A-Za-z']+)*|/ ?[A-Za-z]{2,})"
    r"|(?P<E>=)|(?P<M>[-\u2212\u2013])|(?P<P>\+)|(?P<O>\*\*|[*\u00d7\u00b7\u22c5\u00f7/^])|(?P<L>\()|(?P<R>\))|(?P<S>\s+)|(?P<Z>.)",
    re.ASCII,
)
_TIMES = {"\u00d7": "*", "x": "*", "X": "*", "\u00b7": "*", "\u22c5": "*", "\u00f7": "/", "**": "^"}
_MINUS = {"\u2212": "-", "\u2013": "-"}
_SPELLINGS = _TIMES | _MINUS


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of a line: their kinds as one string, one letter each, and their texts.

    N number, W word, E `=`, M minus, P plus, O other operator, L and R brackets, V variable, Z anything else.
    """

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


def tokens_of(text: str) -> Line:
    """The tokens of one line; anything unknown ends a sentence (Z), and a line never fails to be read."""
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
        texts.append(_SPELLINGS.get(piece, piece))
        spaced = False
    return Line("".join(kinds), texts)


def _word_kind(piece: str, kinds: list[str], after: str, spaced: bool) -> str:
    """A word is a unit (W), multiplication (`x` before a number or bracket), or a variable (V)."""
    if len(piece) > 1:
        return "W"
    if piece in {"x", "X"}:
        return "O" if kinds and kinds[-1] in "NWR" and after[:1] and after[0] in "0123456789.$€£(" else "V"
    return "W" if piece in {"a", "A", "I"} and spaced else "V"


class Reader:
    """The value of one side, by precedence climbing over its tokens; units are passed over."""

    def __init__(self, line: Line, span: tuple[int, int], as_hundredths: bool) -> None:
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
            whole, size = int(exponent), base.numerator.bit_length() + base.denominator.bit_length()
            if whole != exponent or abs(whole) * size > POWER_BITS:
                raise ValueError("a power out of bounds")
            return Fraction(base) ** whole
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
