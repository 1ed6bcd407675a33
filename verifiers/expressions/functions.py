"""Calls of named functions, `sin x`, `sin^2 x`, `log_2 x`, and what they are in terms of fewer ones."""

from typing import TYPE_CHECKING

from proofmill.verifiers.expressions.heads import FUNCTIONS, GREEK, INVERSE, WITHOUT_PARENTHESES
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, number
from proofmill.verifiers.expressions.tokens import GROUP_OPEN
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.expressions.grammar import Parser

_MINUS_ONE = Call("Neg", (number(1),))
_RECIPROCALS = {
    "Sec": "Cos", "Csc": "Sin", "Cot": "Tan", "Coth": "Tanh", "Sech": "Cosh", "Csch": "Sinh",
}  # fmt: skip
"""1/f(x) for the f on the right."""
_OF_RECIPROCALS = {
    "Acot": "Atan", "Asec": "Acos", "Acsc": "Asin", "Acoth": "Atanh", "Asech": "Acosh", "Acsch": "Asinh",
}  # fmt: skip
"""f(1/x) for the f on the right."""


_OF_SETS = frozenset({"Gcd", "Lcm", "Max", "Min"})
"""Functions that people write as `max{a, b}`."""


def lowered(parser: "Parser", head: str, parts: list[Node]) -> Node:
    """Functions in terms of fewer ones, so that every engine knows the same small set."""
    one = number(1)
    if head in _RECIPROCALS:
        return parser.make("Div", one, parser.make(_RECIPROCALS[head], parts[0]))
    if head in _OF_RECIPROCALS:
        return parser.make(_OF_RECIPROCALS[head], parser.make("Div", one, parts[0]))
    match head:
        case "Log" | "Log10" if len(parts) == 2:
            return parser.make("Div", parser.make("Log", parts[0]), parser.make("Log", parts[1]))
        case "Log10":
            return parser.make("Div", parser.make("Log", parts[0]), parser.make("Log", number(10)))
        case "Root" if len(parts) == 1:
            return parser.make("Sqrt", parts[0])
        case "Cbrt":
            return parser.make("Pow", parts[0], parser.make("Div", one, number(3)))
        case "Root":
            return parser.make("Pow", parts[0], parser.make("Div", one, parts[1]))
        case "Permutations":
            gap = parser.make("Add", parts[0], parser.make("Neg", parts[1]))
            return parser.make("Div", parser.make("Factorial", parts[0]), parser.make("Factorial", gap))
        case "Binomial" if isinstance(parts[1], Call) and parts[1].head == "List":
            return _multinomial(parser, parts[0], parts[1].args)
    return parser.make(head, *parts)


def _multinomial(parser: "Parser", upper: Node, lower: tuple[Node, ...]) -> Node:
    """Maxima's binomial(n, [a, b, c])."""
    below = [parser.make("Factorial", part) for part in lower]
    return parser.make("Div", parser.make("Factorial", upper), parser.make("Mul", *below) if below else number(1))


def function(parser: "Parser", text: str) -> Node:
    """A call, `sin x`, `sin^2 x`, `log_2 x`; the head is on the allow-list."""
    head, fewest, most = FUNCTIONS[text]
    base = parser.argument_atom() if text == "log" and parser.accepts("_") else None
    exponent = parser.argument_atom() if parser.sees("^") and parser.accepts("^") else None
    opening = parser.here.text if parser.here.kind == "op" else ""
    if opening == "(" or (opening == "{" and head in _OF_SETS):
        parser.take()
        bars, parser.bars = parser.bars, 0
        parts = parser.items()
        parser.bars = bars
        parser.expect(")" if opening == "(" else "}")
    elif parser.sees(GROUP_OPEN) or text in WITHOUT_PARENTHESES or text == "sqrt":
        parts = [parser.bare_argument(text)]
    elif text in GREEK and base is None and exponent is None:
        return Symbol(text)
    else:
        raise Unreadable(f"{text} without parentheses", reason="syntax")
    if not fewest <= len(parts) <= most or (base is not None and len(parts) != 1):
        raise Unreadable(f"{text} takes {fewest} to {most} arguments (found {len(parts)})", reason="syntax")
    if exponent == _MINUS_ONE and head in INVERSE:
        return lowered(parser, INVERSE[head], parts)
    found = lowered(parser, head, parts if base is None else [parts[0], base])
    return found if exponent is None else parser.make("Pow", found, exponent)
