"""Text to tokens, twice: plain text (also as SymPy prints it), and LaTeX as models write it."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.heads import CALCULUS_NAMES, CONSTANTS, FUNCTIONS, GREEK
from proofmill.verifiers.verdict import Unreadable

GROUP_OPEN, GROUP_CLOSE = "{group", "group}"
"""LaTeX's invisible braces; `{` and `}` are those of a set."""

_CHARACTERS = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u00d7": "*",
        "\u22c5": "*",
        "\u00b7": "*",
        "\u2217": "*",
        "\u00f7": "/",
        "\u2215": "/",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u2260": " != ",
    }
    | {
        "\u00b2": "^2",
        "\u00b3": "^3",
        "\u221a": " sqrt ",
        "\u03c0": " pi ",
        "\u221e": " oo ",
        "\u222a": " cup ",
        "\u2208": " in ",
    }
    | {
        "\u03b1": " alpha ",
        "\u03b2": " beta ",
        "\u03b8": " theta ",
        "\u03bb": " lambda ",
        "\u03bc": " mu ",
        "\u03c3": " sigma ",
        "\u03c6": " phi ",
    }
    | {
        "\u03c9": " omega ",
        "\u0394": " Delta ",
        "\u2192": "->",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\t": " ",
        "\n": " ",
    }
)
_NUMBER = r"(?:\d+(?:,\d+)+|\d+)(?:\.\d*)?(?:[eE][+-]?\d+(?![A-Za-z0-9]))?|\.\d+(?:[eE][+-]?\d+(?![A-Za-z0-9]))?"
_OPERATOR = r"\*\*|<=|>=|!=|==|->|[-+*/^!=<>(),;|_\[\]{}:]"
_PLAIN = re.compile(
    rf"(?P<space> +)|(?P<number>{_NUMBER})|(?P<name>[A-Za-z]+\d*)|(?P<string>'[+-]+'|\"[+-]+\")|(?P<op>{_OPERATOR})"
)
_LATEX = re.compile(
    rf"(?P<space> +|~)|(?P<number>{_NUMBER})|(?P<name>[A-Za-z]+)|\\(?P<word>[A-Za-z]+)|\\(?P<escape>[^A-Za-z])"
    rf"|(?P<op>{_OPERATOR}|&)"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_OPERATORS = {"**": "^", "==": "="}
_LATEX_OPERATORS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=",
    "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">", "ne": "!=", "neq": "!=", "to": "->", "rightarrow": "->",
    "lbrace": "{", "rbrace": "}", "cup": "cup", "in": "in", "mid": "|", "vert": "|", "lvert": "|", "rvert": "|",
    "lbrack": "[", "rbrack": "]",
}  # fmt: skip
_LATEX_COMMANDS = frozenset({"frac", "sqrt", "int", "sum", "prod", "lim", "binom"})
_LATEX_ALIASES = {"dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom"}
_LATEX_SILENT = frozenset({"left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "limits"})
_LATEX_SPACES = frozenset({"quad", "qquad", "thinspace"})
_WORDS = frozenset({"and", "are", "but", "for", "has", "if", "is", "its", "no", "not", "of", "or", "per", "the", "was"})


@dataclass(frozen=True, slots=True)
class Token:
    """One symbol of the text: kind is number, name, string, command, op or end; `spaced` if a space stands before."""

    kind: str
    text: str
    spaced: bool = False
    value: Fraction | None = None


END = Token("end", "the end")


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, END last; raises Unreadable for anything outside the two alphabets."""
    limits.check_length(text)
    latex = any(mark in text for mark in ("\\", "^{", "_{", "{,}"))
    plain = text.translate(_CHARACTERS)
    _check_characters(plain)
    if re.search(r"\d\s*\n\s*\d", text):
        raise Unreadable("numbers on two lines", reason="ambiguous")
    if latex:
        plain = plain.replace("{,}", ",").replace(r"\!", "").replace(r"\operatorname*", r"\operatorname")
        plain = re.sub(r"(?<=\d)\\,(?=\d{3}(?!\d))", ",", plain)
        return [*_latex(plain), END]
    return [*_plain(plain), END]


def _check_characters(text: str) -> None:
    for character in text:
        if not " " <= character <= "~":
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            raise Unreadable(f"character {name}: looks like another or means nothing here", reason="not_allowed")


def _plain(text: str) -> list[Token]:
    found: list[Token] = []
    brackets: list[bool] = []
    at, spaced = 0, False
    while at < len(text):
        match = _PLAIN.match(text, at)
        if match is None:
            raise limits.not_allowed(f"character {text[at]!r}")
        kind, piece, at = str(match.lastgroup), match.group(), match.end()
        if kind == "space":
            spaced = True
            continue
        if kind == "op":
            found.append(Token("op", _operator(piece, spaced), spaced))
            _follow_brackets(brackets, piece, found)
        elif kind == "name":
            found.extend(_plain_name(piece, spaced))
        elif kind == "number":
            found.extend(_numbers(piece, spaced, _INSIDE[brackets[-1]] if brackets else ""))
        else:
            found.append(Token("string", piece[1:-1], spaced))
        spaced = False
    return found


_INSIDE = {True: "call", False: "bracket"}


def _follow_brackets(brackets: list[bool], piece: str, found: list[Token]) -> None:
    """Keep the stack of open brackets: True for those of a call, and for all inside one."""
    if piece in "([{":
        called = len(found) > 1 and (found[-2].text in FUNCTIONS or found[-2].text in CALCULUS_NAMES)
        brackets.append(called or (bool(brackets) and brackets[-1]))
        _nesting(len(brackets), "")
    elif piece in ")]}" and brackets:
        brackets.pop()


def _operator(piece: str, spaced: bool) -> str:
    if piece == "!=" and not spaced:
        raise Unreadable("'!=' right after an operand: a factorial or 'unequal'", reason="ambiguous")
    return _OPERATORS.get(piece, piece)


def _nesting(nesting: int, piece: str) -> int:
    nesting += (piece in "([{") - (piece in ")]}")
    if nesting > limits.DEPTH:
        raise Unreadable(f"more than {limits.DEPTH} brackets inside one another", reason="too_deep")
    return nesting


def _plain_name(piece: str, spaced: bool) -> list[Token]:
    letters = piece.rstrip("0123456789")
    digits = piece[len(letters) :]
    if piece in {"cup", "in"}:
        return [Token("op", piece, spaced)]
    if letters == "log" and digits:
        return [Token("name", "log", spaced), Token("op", "_"), *_numbers(digits, False, "call")]
    known = letters in FUNCTIONS or letters in CALCULUS_NAMES or letters in CONSTANTS or letters == "d"
    if (known and not digits) or len(letters) == 1 or letters in GREEK:
        return [Token("name", f"{letters}_{digits}" if digits else letters, spaced)]
    raise limits.not_allowed(f"name {piece!r}")


def _numbers(piece: str, spaced: bool, inside: str) -> list[Token]:
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


def _latex(text: str) -> list[Token]:
    found: list[Token] = []
    at, spaced, nesting = 0, False, 0
    while at < len(text):
        match = _LATEX.match(text, at)
        if match is None:
            raise limits.not_allowed(f"character {text[at]!r}")
        kind, piece, at = str(match.lastgroup), match.group(str(match.lastgroup)), match.end()
        if kind == "space" or (kind == "escape" and piece in ",;: !>") or (kind == "word" and piece in _LATEX_SPACES):
            spaced = True
            continue
        if kind == "word" and piece in {"mathrm", "operatorname"}:
            name = re.compile(r" *\{ *([A-Za-z]+) *\}").match(text, at)
            if name is None:
                raise limits.not_allowed(f"\\{piece} without a name")
            found.append(_upright(name.group(1), spaced))
            at = name.end()
        elif kind == "word" and piece in _LATEX_SILENT:
            continue
        elif kind == "op":
            nesting = _nesting(nesting, piece)
            piece = {"{": GROUP_OPEN, "}": GROUP_CLOSE}.get(piece, _operator(piece, spaced))
            found.append(Token("op", piece, spaced))
        else:
            found.extend(_latex_piece(kind, piece, spaced, nesting))
        spaced = False
    return found


def _upright(name: str, spaced: bool) -> Token:
    """`\\mathrm{d}`, `\\operatorname{arcsin}`: one letter, or a name on the allow-list."""
    if len(name) > 1 and name not in FUNCTIONS and name not in CONSTANTS:
        raise limits.not_allowed(f"name {name!r}")
    return Token("name", name, spaced)


def _latex_piece(kind: str, piece: str, spaced: bool, nesting: int) -> list[Token]:
    if kind == "number":
        return _numbers(piece, spaced, "bracket" if nesting else "")
    if kind == "name":
        return _latex_letters(piece, spaced)
    if kind == "escape" and piece in "{}|":
        return [Token("op", piece, spaced)]
    if kind == "word":
        return [_latex_word(_LATEX_ALIASES.get(piece, piece), spaced)]
    raise limits.not_allowed(f"command \\{piece}")


def _latex_word(word: str, spaced: bool) -> Token:
    if word in _LATEX_OPERATORS:
        return Token("op", _LATEX_OPERATORS[word], spaced)
    if word in _LATEX_COMMANDS:
        return Token("command", word, spaced)
    if word in FUNCTIONS or word in GREEK or word in {"pi", "infty"}:
        return Token("name", "oo" if word == "infty" else word, spaced)
    raise limits.not_allowed(f"command \\{word}")


def _latex_letters(letters: str, spaced: bool) -> list[Token]:
    """Letters outside a command are one-letter factors, unless they spell a function or prose."""
    if letters in FUNCTIONS or letters in CONSTANTS:
        return [Token("name", letters, spaced)]
    if len(letters) > 3 or letters in _WORDS:
        raise limits.not_allowed(f"word {letters!r}")
    return [Token("name", letter, spaced and not index) for index, letter in enumerate(letters)]
