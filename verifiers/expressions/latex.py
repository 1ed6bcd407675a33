"""LaTeX to tokens, as models write it. A command that is not known is refused; only sizes and spaces are dropped."""

import re
from collections.abc import Callable

from proofmill.verifiers.expressions import latex_names as names
from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.heads import CONSTANTS, FUNCTIONS, GREEK
from proofmill.verifiers.expressions.tokens import (
    BASED,
    GROUP_CLOSE,
    GROUP_OPEN,
    NUMBER,
    OPERATOR,
    Token,
    nested,
    number_token,
    numbers,
    operator,
    repeating,
)
from proofmill.verifiers.verdict import Unreadable

_LATEX = re.compile(
    rf"(?P<space> +|~|\\[,;: !>]|\\q?quad|\\(?:hspace|hskip|mkern)\s*\{{[^{{}}]*\}})"
    rf"|(?P<degree>\^ *(?:\\circ|\\degree|\{{ *\\(?:circ|degree) *\}}))"
    rf"|(?P<repeating>\d*\.\d*\\(?:(?:overline|bar)(?:\{{\d+\}}|\d)|dot *(?:\{{\d\}}|\d)(?! *[\d\\])))"
    rf"|(?P<based>{BASED})|(?P<number>{NUMBER})"
    rf"|(?P<name>[A-Za-z]+)|(?P<prime>(?:'|\^ *\{{? *\\prime *\}}?)+)"
    rf"|(?P<row>\\\\ *(?:\[[\d.]+ *[a-z]{{2}}\])?)|\\begin *\{{(?P<begin>[A-Za-z]+)\*?\}}(?: *\{{[lcr|]*\}})?"
    rf"|\\end *\{{(?P<end>[A-Za-z]+)\*?\}}|\\(?P<word>[A-Za-z]+)|\\(?P<currency>\$)"
    rf"|\\(?P<escape>[^A-Za-z])|(?P<op>{OPERATOR}|&)"
)
_NAMED = re.compile(r" *(?:\{ *(?P<name>\\?[A-Za-z]+) *\}|(?P<letter>\\[A-Za-z]+|[A-Za-z]))")
_TEXT = re.compile(r" *\{(?P<words>[^{}]*)\}")
_RELATION = re.compile(r" *(?:[=<>]|\\(?:le|ge|lt|gt|ne)(?:q|qslant)?(?![A-Za-z]))")
"""`&=` only aligns."""
_ENDS = re.compile(r"[A-Z]{2}")
_NEGATED = re.compile(r" *(?P<relation>[=<>]|\\[A-Za-z]+)")
_TABLE_MARKS = {"row": "\\\\", "end": "end"}


def prepared(text: str) -> str:
    """Separators of thousands are deleted where LaTeX tells them from commas: `14{,}916`, `14,\\!916`, `14\\,916`."""
    text = re.sub(r"(?<=\d)(?: *\{, *\} *|,\\! *|\\[,;: ]|~)(?=\d{3}(?!\d))", "", text)
    return text.replace(r"\!", "").replace(r"\operatorname*", r"\operatorname")


def latex_tokens(text: str) -> list[Token]:
    """The tokens of a LaTeX text."""
    return _Lexer(text).tokens()


class _Lexer:
    """Where reading stands; one method for each kind of piece."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spaced = False
        self.nesting = 0
        self.found: list[Token] = []
        self.pairs = any(mark in text for mark in ("\\cup", "\\cap", "\\in", "cup"))

    def tokens(self) -> list[Token]:
        readers: dict[str, Callable[[str], None]] = {
            "name": self._letters,
            "word": self._word,
            "op": self._operator,
            "escape": self._escape,
            "prime": self._prime,
            "begin": self._begin,
            "currency": lambda piece: self._add("currency", piece),
        }
        while self.at < len(self.text):
            match = _LATEX.match(self.text, self.at)
            if match is None:
                raise limits.not_allowed(f"character {self.text[self.at]!r}")
            kind, self.at = str(match.lastgroup), match.end()
            if kind == "space":
                self.spaced = True
            elif kind in readers:
                readers[kind](match.group(kind))
            elif kind in _TABLE_MARKS:
                self._add("op", _TABLE_MARKS[kind])
            else:
                self._digits(kind, match.group(kind))
        return self.found

    def _add(self, kind: str, text: str) -> None:
        self.found.append(Token(kind, text, self.spaced))
        self.spaced = False

    def _digits(self, kind: str, piece: str) -> None:
        if kind == "number":
            inside = "call" if self.pairs else "bracket"
            self.found += numbers(piece, self.spaced, inside if self.nesting else "")
        elif kind == "repeating":
            self.found.append(Token("number", piece, self.spaced, repeating(piece)))
        elif kind == "based":
            self.found.append(number_token(piece, self.spaced))
        else:
            self.found.append(Token("command", "degree"))
        self.spaced = False

    def _operator(self, piece: str) -> None:
        if piece == "&" and _RELATION.match(self.text, self.at):
            return
        self.nesting = nested(self.nesting, piece)
        self._add("op", {"{": GROUP_OPEN, "}": GROUP_CLOSE}.get(piece, operator(piece, self.spaced)))

    def _escape(self, piece: str) -> None:
        if piece == "%":
            self._add("command", "percent")
        elif piece in "{}|":
            self._add("op", piece)
        else:
            raise limits.not_allowed(f"command \\{piece}")

    def _prime(self, piece: str) -> None:
        """A prime belongs to the name before it: `f'` is a name."""
        last = self.found[-1] if self.found else None
        if last is None or last.kind != "name" or self.spaced:
            raise limits.not_allowed("a prime that belongs to no name")
        primes = piece.count("'") + piece.count("prime")
        self.found[-1] = Token("name", last.text + "'" * primes, last.spaced)

    def _begin(self, name: str) -> None:
        if name not in names.ENVIRONMENTS:
            raise limits.not_allowed(f"environment {name!r}")
        self._add("command", names.ENVIRONMENTS[name])

    def _word(self, word: str) -> None:
        if word in names.SILENT:
            return
        if word in names.OPERATORS:
            self._add("op", names.OPERATORS[word])
        elif word in names.COMMANDS:
            self._add("command", names.COMMANDS[word])
        elif word in FUNCTIONS or word in GREEK or word in {"pi", "infty"}:
            self._add("name", "oo" if word == "infty" else word)
        elif word == "not":
            self._negated()
        elif word in {"angle", "measuredangle", "triangle", "vartriangle"}:
            self._add("figure", names.FIGURES[word])
        elif word in names.TEXTS:
            self._text()
        elif word in names.UPRIGHT | names.VECTORS | names.BARS | {"mathbb", "overleftrightarrow"}:
            self._styled(word)
        elif word not in names.SPACES:
            raise limits.not_allowed(f"command \\{word}")

    def _styled(self, word: str) -> None:
        """A name in a font or under a mark: `\\mathrm{d}`, `\\operatorname{arcsin}`, `\\mathbb{R}`, `\\vec{v}`."""
        match = _NAMED.match(self.text, self.at)
        if match is None:
            raise limits.not_allowed(f"\\{word} without a name")
        self.at = match.end()
        name = (match["name"] or match["letter"]).removeprefix("\\")
        if word in names.FIGURES and _ENDS.fullmatch(name):
            self._add("figure", names.FIGURES[word])
            self.found += [Token("op", GROUP_OPEN), *(Token("name", end) for end in name), Token("op", GROUP_CLOSE)]
        elif word == "mathbb":
            if name not in names.NUMBER_SETS:
                raise limits.not_allowed(f"\\mathbb{{{name}}}")
            self._add("command", names.NUMBER_SETS[name])
        elif word in names.VECTORS | names.BARS:
            self._add("name", f"{'vec' if word in names.VECTORS else 'bar'}_{name}")
        elif len(name) > 1 and name not in FUNCTIONS and name not in CONSTANTS and name not in GREEK:
            raise limits.not_allowed(f"name {name!r}")
        else:
            self._add("name", name)

    def _negated(self) -> None:
        """The relation behind `\\not`, negated."""
        match = _NEGATED.match(self.text, self.at)
        if match is None or match["relation"] not in names.NEGATED:
            raise limits.not_allowed("command \\not")
        self.at = match.end()
        self._add("op", names.NEGATED[match["relation"]])

    def _text(self) -> None:
        """`\\text{}` holds a word that joins, a number or an expression; other prose is refused."""
        match = _TEXT.match(self.text, self.at)
        words = match["words"].strip(" ,") if match else ""
        if match is None or (words.lower() not in names.JOINING and re.search(r"[A-Za-z]{2}", words)):
            raise limits.not_allowed(f"words {words!r}")
        self.at = match.end()
        joined = names.JOINING.get(words.lower())
        if joined:
            self._add("op", joined)
        elif words:
            self.found += latex_tokens(words)
            self.spaced = False

    def _letters(self, letters: str) -> None:
        """Letters outside a command are one-letter factors, unless they spell a function or prose."""
        if letters in FUNCTIONS or letters in CONSTANTS:
            self._add("name", letters)
        elif letters in {"and", "or"}:
            self._add("op", letters)
        elif len(letters) > 3 or letters in names.PROSE:
            raise limits.not_allowed(f"word {letters!r}")
        else:
            for letter in letters:
                self._add("name", letter)


def check_rows(tokens: list[Token]) -> None:
    """Row breaks and column marks stand in tables alone, so that `a \\\\ b` is no product."""
    depth = 0
    for token in tokens:
        depth += (token.kind == "command" and token.text in {"matrix", "cases", "system"}) - (token.text == "end")
        if depth <= 0 and token.kind == "op" and token.text in {"\\\\", "&"}:
            raise Unreadable("several lines", reason="syntax")
