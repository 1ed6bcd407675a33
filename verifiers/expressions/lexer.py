"""Text to tokens: LaTeX where the text has LaTeX in it, plain text otherwise."""

import re

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.latex import check_rows, latex_tokens, prepared
from proofmill.verifiers.expressions.plain import plain_tokens
from proofmill.verifiers.expressions.style import STRICT, Style
from proofmill.verifiers.expressions.tokens import END, Token, plain_characters
from proofmill.verifiers.verdict import Unreadable


def tokens_of(text: str, style: Style = STRICT) -> list[Token]:
    """The tokens of a text, END last; raises Unreadable for anything outside the two alphabets."""
    found = _tokens(text)
    if not style.currency and any(token.kind == "currency" for token in found):
        raise limits.not_allowed("character '$'")
    return [*found, END]


def _tokens(text: str) -> list[Token]:
    limits.check_length(text)
    if re.search(r"\d\s*\n\s*\d", text):
        raise Unreadable("numbers on two lines", reason="ambiguous")
    latex = any(mark in text for mark in ("\\", "^{", "_{", "{,"))
    plain = plain_characters(text.replace("\u00b0", "^\\circ " if latex else " deg "), latex=latex)
    if latex:
        found = latex_tokens(prepared(plain))
        check_rows(found)
        return found
    return plain_tokens(plain)
