"""Plain text to tokens: as people and models type it, as SymPy prints it, and as Maxima reads it."""

import re
from typing import Final

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.figures import FIGURES
from proofmill.verifiers.expressions.heads import CALCULUS_NAMES, CONSTANTS, CONSTRUCTORS, FUNCTIONS, GREEK
from proofmill.verifiers.expressions.latex_names import PROSE
from proofmill.verifiers.expressions.nodes import NUMBER_SETS
from proofmill.verifiers.expressions.tokens import (
    BASED,
    NUMBER,
    OPERATOR,
    Token,
    nested,
    number_token,
    numbers,
    operator,
)

_PLAIN = re.compile(
    rf"(?P<space> +)|(?P<based>{BASED})|(?P<number>{NUMBER})|(?P<named>%(?:pi|e|i|union|intersection)(?![A-Za-z]))"
    rf"|(?P<name>[A-Za-z]+\d*)|(?P<string>'[+-]+'|\"[+-]+\")|(?P<prime>'+)|(?P<op>#pm#|{OPERATOR}|#)|(?P<percent>%)|(?P<currency>\$)"
)
OPERATORS: Final[dict[str, str]] = {
    "and": "and", "cap": "cap", "cup": "cup", "elementof": "in", "if": "", "iff": "<=>", "implies": "=>", "in": "in",
    "ni": "ni", "not": "not", "notin": "notin", "notni": "notni", "notparallel": "notparallel", "notperp": "notperp",
    "notsubset": "notsubset", "notsubseteq": "notsubseteq", "notsuperset": "notsuperset",
    "notsuperseteq": "notsuperseteq", "nounand": "and", "nounor": "or", "nounnot": "not", "or": "or",
    "parallel": "parallel", "perp": "perp", "setminus": "setminus", "subset": "subset", "subseteq": "subseteq",
    "superset": "superset", "superseteq": "superseteq", "xnor": "<=>", "xor": "xor",
}  # fmt: skip
"""Words that are operators; those with nothing on the right are refused."""
WORDS: Final[dict[str, str]] = {"all": "true", "minf": "minf", "none": "false", "oo": "oo"}
_COMMANDS: Final[dict[str, str]] = {
    "deg": "degree", "degree": "degree", "degrees": "degree", "emptyset": "emptyset", "int": "int",
    **{name: name for name in NUMBER_SETS},
}  # fmt: skip
"""Words that LaTeX has as commands."""
_MAXIMA: Final[dict[str, str]] = {"#": "!=", "#pm#": "+-"}
_LETTERS = 3
"""The longest run of letters that may be a product of variables."""
_INSIDE = {True: "call", False: "bracket"}


def plain_tokens(text: str) -> list[Token]:
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
            found.append(Token("op", _MAXIMA.get(piece) or operator(piece, spaced), spaced))
            _follow_brackets(brackets, piece, found)
        elif kind == "number":
            found.extend(numbers(piece, spaced, _INSIDE[brackets[-1]] if brackets else ""))
        else:
            found.extend(_piece(kind, piece, spaced, text[at : at + 1]))
        spaced = False
    return found


def _piece(kind: str, piece: str, spaced: bool, after: str) -> list[Token]:
    match kind:
        case "name":
            return _name(piece, spaced, after)
        case "based":
            return [number_token(piece, spaced)]
        case "named":
            return [Token("name", piece[1:], spaced)]
        case "prime":
            return [Token("op", "'") for _ in piece]
        case "percent":
            return [Token("command", "percent", spaced)]
        case "currency":
            return [Token("currency", piece, spaced)]
    return [Token("string", piece[1:-1], spaced)]


def _follow_brackets(brackets: list[bool], piece: str, found: list[Token]) -> None:
    """Keep the stack of open brackets: True for those of a call, and for all inside one."""
    if piece in "([{":
        called = len(found) > 1 and _is_called(found[-2].text)
        brackets.append(called or (bool(brackets) and brackets[-1]))
        nested(len(brackets), "")
    elif piece in ")]}" and brackets:
        brackets.pop()


def _is_called(text: str) -> bool:
    return text in FUNCTIONS or text in CALCULUS_NAMES or text in CONSTRUCTORS


def _name(piece: str, spaced: bool, after: str) -> list[Token]:
    """A word that is known, a letter with its index, or a short product of letters."""
    if piece in OPERATORS:
        if not OPERATORS[piece]:
            raise limits.not_allowed(f"word {piece!r}")
        return [Token("op", OPERATORS[piece], spaced)]
    if piece == "oo" and after == "(":
        return [Token("name", "open_interval", spaced)]
    if piece in _COMMANDS and (piece != "int" or after != "("):
        return [Token("command", _COMMANDS[piece], spaced)]
    if piece in FIGURES and (after == "(" or piece in {"angle", "triangle"}):
        return [Token("figure", piece, spaced)]
    if piece in FUNCTIONS or (piece in CONSTRUCTORS and after == "("):
        return [Token("name", piece, spaced)]
    letters = piece.rstrip("0123456789")
    digits = piece[len(letters) :]
    if letters == "log" and digits:
        return [Token("name", "log", spaced), Token("op", "_"), *numbers(digits, False, "call")]
    known = letters in CALCULUS_NAMES or letters in CONSTANTS or letters in FUNCTIONS or letters in WORDS
    if (known and not digits) or len(letters) == 1 or letters in GREEK:
        word = WORDS.get(letters, letters)
        return [Token("name", f"{word}_{digits}" if digits else word, spaced)]
    if digits and piece[1:] not in FUNCTIONS:
        raise limits.not_allowed(f"name {piece!r}")
    return _product(piece, spaced, after)


def _product(letters: str, spaced: bool, after: str) -> list[Token]:
    """`Bsin(x)` is B times sin(x), `xy` is x times y; longer words mean nothing here."""
    if after == "(":
        for start in range(1, _LETTERS):
            if letters[start:] in FUNCTIONS:
                return [*_product(letters[:start], spaced, ""), Token("name", letters[start:])]
    if len(letters) > _LETTERS or letters in PROSE:
        raise limits.not_allowed(f"name {letters!r}")
    return [Token("name", letter, spaced and not index) for index, letter in enumerate(letters)]
