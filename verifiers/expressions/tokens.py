"""What both lexers share: the token, the alphabet, numbers and operators."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.verdict import Unreadable

GROUP_OPEN, GROUP_CLOSE = "{group", "group}"
"""LaTeX's invisible braces; `{` and `}` are those of a set."""

_CHARACTERS = str.maketrans(
    {
        "\u2212": "-", "\u2013": "-", "\u00d7": "*", "\u22c5": "*", "\u00b7": "*", "\u2217": "*", "\u00f7": "/",
        "\u2215": "/", "\u2044": "/", "\u2264": "<=", "\u2265": ">=", "\u2260": " != ", "\u221a": " sqrt ",
        "\u03c0": " pi ", "\u221e": " oo ", "\u222a": " cup ", "\u2229": " cap ", "\u2216": " setminus ",
        "\u2208": " in ", "\u2209": " notin ", "\u220b": " ni ", "\u220c": " notni ", "\u2282": " subset ",
        "\u2284": " notsubset ", "\u2286": " subseteq ", "\u2288": " notsubseteq ", "\u2283": " superset ",
        "\u2285": " notsuperset ", "\u2287": " superseteq ", "\u2289": " notsuperseteq ", "\u228a": " subset ",
        "\u228b": " superset ", "\u2205": " emptyset ", "\u2220": " angle ", "\u25b3": " triangle ",
        "\u211d": " reals ", "\u2124": " integers ", "\u2115": " naturals ", "\u211a": " rationals ",
        "\u2102": " complexes ",
        "\u2225": " parallel ", "\u2226": " notparallel ", "\u22a5": " perp ", "\u27c2": " perp ",
        "\u2227": " and ", "\u2228": " or ", "\u00ac": " not ", "\u21d2": "=>", "\u21d4": "<=>",
        "\u00b1": "`+", "\u2213": "`-", "\u2032": "'", "\u03b1": " alpha ", "\u03b2": " beta ",
        "\u03b3": " gamma ", "\u03b8": " theta ", "\u03bb": " lambda ", "\u03bc": " mu ", "\u03c3": " sigma ",
        "\u03c6": " phi ", "\u03c9": " omega ", "\u0394": " Delta ", "\u2192": "->", "\u222b": " int ", "\u00a0": " ",
        "\u2009": " ", "\u202f": " ", "\t": " ", "\n": " ",
    }
)  # fmt: skip
"""Characters with one clear meaning; `+ is plus-minus, which no ASCII text can spell."""
_FRACTIONS = {
    "\u00bd": "1/2", "\u2153": "1/3", "\u2154": "2/3", "\u00bc": "1/4", "\u00be": "3/4", "\u2155": "1/5",
    "\u2159": "1/6", "\u215b": "1/8", "\u215c": "3/8", "\u215d": "5/8", "\u215e": "7/8",
}  # fmt: skip
_RAISED = dict(
    zip("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207f", "0123456789-n", strict=True)
)
_LOWERED = {chr(0x2080 + digit): str(digit) for digit in range(10)}
_MARKS = re.compile(rf"[{''.join(_RAISED)}]+|[{''.join(_LOWERED)}]+|[{''.join(_FRACTIONS)}]")
NUMBER = r"(?:\d+(?:,\d+)+|\d+)(?:\.\d*)?(?:[eE][+-]?\d+(?![A-Za-z0-9]))?|\.\d+(?:[eE][+-]?\d+(?![A-Za-z0-9]))?"
BASED = r"(?<!\w)\d+_(?:\d{1,2}(?!\d)|\{ *\d{1,2} *\})"
"""Digits in a base: `4210_5`, `4210_{5}`."""
OPERATOR = r"`[+-]|<=>|=>|\*\*|<=|>=|!=|==|->|[-+*/^!=<>(),;|_\[\]{}:]"
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_OPERATORS = {"**": "^", "==": "=", "`+": "+-", "`-": "-+"}


@dataclass(frozen=True, slots=True)
class Token:
    """One symbol of the text: kind is number, name, string, command, op or end; `spaced` if a space stands before."""

    kind: str
    text: str
    spaced: bool = False
    value: Fraction | None = None


END = Token("end", "the end")


def plain_characters(text: str, *, latex: bool = False) -> str:
    """The text in ASCII, for the few other characters with one clear meaning; raises Unreadable for the rest.

    A character that stands for a word becomes that word, in `latex` the command of it.
    """
    if "`" in text:
        raise limits.not_allowed("character '`'")
    if text.isascii() and text.isprintable():
        return text
    plain = _MARKS.sub(_marked, text)
    plain = re.sub(r"[^\x00-\x7f]", _as_command, plain) if latex else plain
    plain = re.sub("[\u0391-\u03a9\u03b1-\u03c9]", _greek, plain.translate(_CHARACTERS))
    for character in plain:
        if not " " <= character <= "~":
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            raise Unreadable(f"character {name}: looks like another or means nothing here", reason="not_allowed")
    return plain


def _as_command(match: re.Match[str]) -> str:
    """A character that stands for a word as LaTeX's command for it; any other as it is."""
    character = match.group()
    word = _CHARACTERS.get(ord(character), "")
    if "\u0391" <= character <= "\u03c9":
        word = _greek(match)
    return f"\\{_COMMANDS.get(word.strip(), word.strip())} " if word.strip().isalpha() else character


_COMMANDS = {
    "oo": "infty", "and": "land", "or": "lor", "not": "lnot", "superset": "supset", "superseteq": "supseteq",
    "notsubset": "not\\subset", "notsubseteq": "not\\subseteq", "notsuperset": "not\\supset",
    "reals": "mathbb R", "integers": "mathbb Z", "naturals": "mathbb N", "rationals": "mathbb Q",
    "complexes": "mathbb C", "notsuperseteq": "not\\supseteq", "notni": "not\\ni", "notparallel": "nparallel",
}  # fmt: skip
"""Words that LaTeX spells otherwise."""


def _greek(match: re.Match[str]) -> str:
    """A Greek letter as the name that ASCII texts give it."""
    *_, size, _, name = unicodedata.name(match.group(), "? ?").split(" ")[:4]
    spelled = {"LAMDA": "LAMBDA", "FINAL": "SIGMA"}.get(name, name).lower()
    return f" {spelled if size == 'SMALL' else spelled.capitalize()} "


def _marked(match: re.Match[str]) -> str:
    """Superscripts, subscripts and fractions of Unicode in ASCII: `2½` is `2 1/2`, `x²³` is `x^(23)`."""
    run = match.group()
    if run in _FRACTIONS:
        return " " + _FRACTIONS[run]
    if run[0] in _LOWERED:
        return "_" + "".join(_LOWERED[digit] for digit in run)
    raised = "".join(_RAISED[digit] for digit in run)
    return f"^{raised}" if len(raised) == 1 else f"^({raised})"


def operator(piece: str, spaced: bool) -> str:
    if piece == "!=" and not spaced:
        raise Unreadable("'!=' right after an operand: a factorial or 'unequal'", reason="ambiguous")
    return _OPERATORS.get(piece, piece)


def nested(nesting: int, piece: str) -> int:
    nesting += (piece in "([{") - (piece in ")]}")
    if nesting > limits.DEPTH:
        raise Unreadable(f"more than {limits.DEPTH} brackets inside one another", reason="too_deep")
    return nesting


def numbers(piece: str, spaced: bool, inside: str) -> list[Token]:
    """The numbers of a run of digits: `1,234` is one, `1,2,3` are three, `(1,234)` could be both and is refused.

    `inside` is "call" between the parentheses of one, where a comma always separates: `Sum(n, (n,1,100))`.
    """
    whole = piece.partition(".")[0].partition("e")[0].partition("E")[0]
    groups = whole.split(",")
    if len(groups) == 1 or (not inside and _GROUPED.fullmatch(whole)):
        return [Token("number", piece, spaced, _value(piece.replace(",", "")))]
    if inside != "call" and any(len(group) == 3 for group in groups[1:]):
        raise Unreadable(f"{piece!r}: thousands or a list", reason="ambiguous")
    rest = piece[len(whole) :]
    groups[-1] += rest
    found: list[Token] = []
    for index, group in enumerate(groups):
        if index:
            found.append(Token("op", ","))
        found.append(Token("number", group, spaced and not index, _value(group)))
    return found


def _value(digits: str) -> Fraction:
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > limits.LITERAL_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > limits.LITERAL_EXPONENT:
        raise limits.too_large(f"a number of {len(mantissa)} digits")
    return Fraction(digits)


def number_token(piece: str, spaced: bool) -> Token:
    """A number in a base: the text keeps its digits and base, the value is what it is worth; `19_8` is Unreadable."""
    digits, _, base = re.sub(r"[{} ]", "", piece).partition("_")
    limits.check_length(digits)
    if not 2 <= int(base) <= 36 or any(int(digit) >= int(base) for digit in digits):
        raise Unreadable(f"{piece!r}: no number in base {base}", reason="syntax")
    if len(digits) > limits.LITERAL_DIGITS:
        raise limits.too_large(f"a number of {len(digits)} digits")
    return Token("command", f"{digits}_{base}", spaced, Fraction(int(digits, int(base))))


def repeating(piece: str) -> Fraction:
    """The exact value of `0.1\\overline{6}`."""
    fixed, _, period = piece.partition("\\")
    period = re.sub(r"\D", "", period)
    if len(fixed) + len(period) > limits.LITERAL_DIGITS:
        raise limits.too_large("a repeating decimal")
    places = len(fixed.partition(".")[2])
    return Fraction(fixed + "0") + Fraction(int(period), (10 ** len(period) - 1) * 10**places)
