"""The texts of a spec: statements with and, or, not, =>, <=>, whose arithmetic our expression grammar reads."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Symbol, substitute, walk
from proofmill.verifiers.spec.functions import FUNCTIONS, Function
from proofmill.verifiers.spec.lowering import lowered
from proofmill.verifiers.spec.model import BadSpec, Scope, Written
from proofmill.verifiers.spec.types import check_types
from proofmill.verifiers.verdict import Unreadable

CHARACTERS = 600
"""The longest text of one statement."""
DEPTH = 40
CONNECTIVES: Final[dict[str, str]] = {"and": "And", "or": "Or", "xor": "Xor", "=>": "Implies", "<=>": "Iff"}
RESERVED: Final[frozenset[str]] = frozenset({"and", "or", "xor", "not", "true", "false", "mod"}) | frozenset(FUNCTIONS)
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<op><=>|=>|<=|>=|!=|==|\*\*|[-+*/^=<>(),%!])",
    re.ASCII,
)
_RELATIONS = frozenset({"=", "==", "!=", "<", "<=", ">", ">="})
END = ("end", "the end")


def statement(text: object, place: str, scope: Scope) -> Written:
    """A text that is true or false."""
    return _written(text, place, scope, True)


def expression(text: object, place: str, scope: Scope) -> Written:
    """A text that is a number."""
    return _written(str(text) if isinstance(text, int) and not isinstance(text, bool) else text, place, scope, False)


def _written(text: object, place: str, scope: Scope, is_true_or_false: bool) -> Written:
    what = "a statement" if is_true_or_false else "an expression"
    if not isinstance(text, str) or not text.strip() or len(text) > CHARACTERS:
        raise BadSpec(f"{place}: expected {what} of at most {CHARACTERS} characters (found {text!r:.80})")
    reader = _Reader(text, place, scope)
    node = reader.statement() if is_true_or_false else reader.value()
    if reader.here != END:
        raise reader.wrong("the end")
    try:
        return Written(text, place, check_types(node, scope, is_true_or_false))
    except Unreadable as why:
        raise BadSpec(f"{place}: expected {what} (found {text!r:.80}): {why}") from None


@dataclass
class _Reader:
    """A cursor over the tokens of one text."""

    text: str
    place: str
    scope: Scope

    def __post_init__(self) -> None:
        self.tokens = [*_tokens(self.text, self.place), END]
        self.at = 0
        self.depth = 0

    @property
    def here(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def sees(self, text: str) -> bool:
        return self.here[1] == text and self.here != END

    def accepts(self, text: str) -> bool:
        self.at += (found := self.sees(text))
        return found

    def expect(self, text: str) -> None:
        if not self.accepts(text):
            raise self.wrong(repr(text))

    def wrong(self, expected: str) -> BadSpec:
        return BadSpec(f"{self.place}: expected {expected} (found {self.here[1]!r} in {self.text!r:.80})")

    # Statements ------------------------------------------------------------------------------------------------------

    def statement(self) -> Node:
        """The levels, weakest first: <=>, then =>, then or and xor, then and, then not; <=> and => don't chain."""
        self.depth += 1
        if self.depth > DEPTH:
            raise BadSpec(f"{self.place}: expected at most {DEPTH} levels of brackets")
        found = self._pair("<=>", lambda: self._pair("=>", self._either))
        self.depth -= 1
        return found

    def _pair(self, operator: str, inner: Callable[[], Node]) -> Node:
        left = inner()
        if not self.accepts(operator):
            return left
        found = Call(CONNECTIVES[operator], (left, inner()))
        if self.sees(operator):
            raise self.wrong(f"brackets around one of two {operator!r}")
        return found

    def _either(self) -> Node:
        found = self._all("or", lambda: self._all("and", self._primary))
        if self.accepts("xor"):
            found = Call("Xor", (found, self._all("and", self._primary)))
            if self.sees("or") or self.sees("xor"):
                raise self.wrong("brackets beside 'xor'")
        return found

    def _all(self, operator: str, inner: Callable[[], Node]) -> Node:
        parts = [inner()]
        while self.accepts(operator):
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Call(CONNECTIVES[operator], tuple(parts))

    def _primary(self) -> Node:
        if self.accepts("not"):
            return Call("Not", (self._primary(),))
        if self.sees("(") and self._brackets_a_statement():
            self.expect("(")
            found = self.statement()
            self.expect(")")
            return found
        return self._atom(True)

    def _brackets_a_statement(self) -> bool:
        """Whether the bracket that opens here holds a statement, rather than the first part of an expression."""
        depth, at, marked = 0, self.at, False
        while self.tokens[at] != END:
            text = self.tokens[at][1]
            depth += (text == "(") - (text == ")")
            marked |= text in CONNECTIVES or text in _RELATIONS or text == "not"
            if depth == 0:
                break
            at += 1
        after = self.tokens[min(at + 1, len(self.tokens) - 1)]
        return marked and (after == END or after[1] in CONNECTIVES or after[1] in {")", ","})

    # Atoms: arithmetic, read by the expression grammar ---------------------------------------------------------------

    def value(self) -> Node:
        """An expression up to the next comma, closing bracket or end."""
        return self._atom(False)

    def _atom(self, with_relations: bool) -> Node:
        pieces: list[str] = []
        meanings: dict[str, Node] = {}
        depth, before = 0, ""
        while self.here != END:
            kind, text = self.here
            if depth == 0 and (text in CONNECTIVES or text in {")", ","}):
                break
            if text in _RELATIONS and not with_relations:
                raise self.wrong("an expression")
            depth += (text == "(") - (text == ")")
            if kind != "op" and before == "name":
                raise self.wrong("an operator")
            pieces.append(self._name(meanings) if kind == "name" else self._plain())
            before = kind
        if not pieces:
            raise self.wrong("an operand")
        return self._read(" ".join(pieces), meanings)

    def _plain(self) -> str:
        kind, text = self.here
        self.at += 1
        if kind == "number" and self.accepts("%"):
            return f"({text}/100)"
        return text

    def _name(self, meanings: dict[str, Node]) -> str:
        """A placeholder for a variable, a choice or a function call; nothing else has a name."""
        text = self.here[1]
        self.at += 1
        if text in FUNCTIONS and self.sees("("):
            node = self._call(FUNCTIONS[text])
        elif text in {"true", "false"}:
            node = Constant(text)
        elif text in self.scope.variables or text in self.scope.codes:
            node = Symbol(text)
            if self.sees("("):
                raise self.wrong(f"no bracket after {text!r}: it is no function; write * to multiply")
        else:
            self.at -= 1
            raise self.wrong("a declared variable, a choice or a function of the language")
        placeholder = f"v_{len(meanings) + 1}"
        meanings[placeholder] = node
        return placeholder

    def _call(self, function: Function) -> Node:
        self.expect("(")
        self.depth += 1
        if self.depth > DEPTH:
            raise BadSpec(f"{self.place}: expected at most {DEPTH} levels of brackets")
        counted = function.head in {"Exactly", "AtMost", "AtLeast"}
        parts = [self.value() if function.head != "Count" else self.statement()]
        while self.accepts(","):
            parts.append(self.statement() if counted or function.head == "Count" else self.value())
        self.expect(")")
        self.depth -= 1
        if not function.fewest <= len(parts) <= function.most:
            raise self.wrong(f"{function.fewest} to {function.most} arguments of {function.words.partition('(')[0]}")
        return lowered(function.head, parts)

    def _read(self, text: str, meanings: dict[str, Node]) -> Node:
        try:
            node = read(text)
        except Unreadable as why:
            if why.reason in {"too_large", "too_long", "too_deep"}:
                raise
            raise BadSpec(f"{self.place}: {self.text!r:.80}: {why}") from None
        if any(isinstance(part, Symbol) and part.name not in meanings for part in walk(node)):
            raise BadSpec(f"{self.place}: expected arithmetic (found {self.text!r:.80})")
        return substitute(node, meanings)


def _tokens(text: str, place: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadSpec(f"{place}: expected letters, digits and operators (found {text[at]!r} in {text!r:.80})")
        at = match.end()
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
    return found
