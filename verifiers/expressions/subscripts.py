"""Names with a place: `x_1` is a name, `F_{n-1}` a term of a sequence, which is an unknown function of its place."""

from typing import TYPE_CHECKING

from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, number, walk
from proofmill.verifiers.expressions.tokens import GROUP_CLOSE, GROUP_OPEN
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.expressions.grammar import Parser


def subscripted(parser: "Parser", text: str) -> "str | Node":
    """`x_1` and `x_{max}` are names; `F_{n-1}` is a term of the sequence F, an unknown function of its place."""
    if "_" in text:
        raise Unreadable(f"a second subscript of {text!r}", reason="syntax")
    closing = {GROUP_OPEN: GROUP_CLOSE, "(": ")"}.get(parser.here.text, "")
    token = parser.tokens[parser.at + 1] if closing else parser.here
    after = parser.tokens[parser.at + 2].text if closing and parser.at + 2 < len(parser.tokens) else closing
    if token.kind in {"number", "name"} and after == closing:
        parser.at += 3 if closing else 1
        return f"{text}_{token.text}"
    if not closing:
        raise Unreadable(f"subscript {token.text!r}", reason="syntax")
    parser.take()
    place = parser.sum()
    parser.expect(closing)
    return parser.make("Apply", Symbol(f"{text}_"), place)


def with_terms(node: Node) -> Node:
    """Where one term of a sequence has a computed place, `F_{n-1}`, the others are its terms too: `F_k`, `F_0`."""
    stems = {
        part.args[0].name
        for part in walk(node)
        if isinstance(part, Call) and part.head == "Apply" and isinstance(part.args[0], Symbol)
    }
    stems = {stem for stem in stems if stem.endswith("_")}
    return _termed(node, stems) if stems else node


def _termed(node: Node, stems: set[str]) -> Node:
    if isinstance(node, Call):
        return Call(node.head, tuple(_termed(part, stems) for part in node.args))
    stem, mark, place = node.name.partition("_") if isinstance(node, Symbol) else ("", "", "")
    if stem + mark not in stems or not place:
        return node
    return Call("Apply", (Symbol(stem + mark), number(int(place)) if place.isdigit() else Symbol(place)))
