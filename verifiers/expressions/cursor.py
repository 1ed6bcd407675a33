"""A cursor over tokens that counts what it builds: the base of the grammar."""

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.nodes import Call, Node
from proofmill.verifiers.expressions.style import STRICT, Style
from proofmill.verifiers.expressions.tokens import END, Token
from proofmill.verifiers.verdict import Unreadable


class Cursor:
    """Where reading stands: the token, the depth, the nodes made, and what is open around it."""

    def __init__(self, tokens: list[Token], style: Style = STRICT) -> None:
        if len(tokens) > 3 * limits.NODES:
            raise Unreadable(f"expected at most {limits.NODES} nodes", reason="too_long")
        self.tokens = tokens
        self.style = style
        self.at = 0
        self.depth = 0
        self.nodes = 0
        self.bars = 0
        self.integrals = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.here
        self.at += token is not END
        return token

    def sees(self, text: str) -> bool:
        return self.here.text == text and self.here.kind == "op"

    def accepts(self, text: str) -> bool:
        if self.sees(text):
            self.at += 1
            return True
        return False

    def powers_side_by_side(self) -> bool:
        """Whether a power of two numbers has just been read, and another one begins here: `2^6 3^5`."""
        before, after = self.tokens[self.at - 2], self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return before.text == after.text == "^" and self.here.spaced

    def expect(self, text: str) -> None:
        if not self.accepts(text):
            raise Unreadable(f"expected {text!r} (found {self.here.text!r})", reason="syntax")

    def make(self, head: str, *parts: Node) -> Call:
        self.nodes += 1
        if self.nodes > limits.NODES:
            raise Unreadable(f"expected at most {limits.NODES} nodes", reason="too_long")
        return Call(head, parts)
