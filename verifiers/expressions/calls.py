"""Parts of the grammar with a shape of their own: calculus calls, mixed numbers, the meaning of `e` and `i`."""

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from proofmill.verifiers.expressions import commands, limits
from proofmill.verifiers.expressions.commands import SIDES, variable_of
from proofmill.verifiers.expressions.heads import CONSTANTS, FUNCTIONS, GREEK, NEVER_FACTORS
from proofmill.verifiers.expressions.nodes import (
    CALCULUS,
    INTERVALS,
    Call,
    Constant,
    Node,
    Number,
    Symbol,
    is_statement,
    number,
)
from proofmill.verifiers.expressions.tokens import END, GROUP_OPEN, Token
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.expressions.grammar import Parser


def resolve(node: Node, bound: frozenset[str]) -> Node:
    """`e`, `i`, `E` and `I` are constants, unless some calculus around has them as variable."""
    if isinstance(node, Symbol):
        return Constant(CONSTANTS[node.name]) if node.name in CONSTANTS and node.name not in bound else node
    if not isinstance(node, Call):
        return node
    if node.head in CALCULUS:
        bound = bound | {variable.name for variable in _variables(node)}
    return Call(node.head, tuple(resolve(part, bound) for part in node.args))


def _variables(node: Call) -> list[Symbol]:
    first = [part.args[0] if isinstance(part, Call) else part for part in node.args[1:2]]
    every = [part.args[0] for part in node.args[1:] if isinstance(part, Call) and part.head == "Tuple"]
    return [part for part in (*first, *every) if isinstance(part, Symbol)]


# f(x), f'(x), f^2(x), x[1], matrix([1, 2], [3, 4]), oo(0, 1) ----------------------------------------------------------


def applied(parser: "Parser", name: Symbol) -> Node:
    """An unknown function applied, or its bare name."""
    exponent: Node | None = None
    if parser.sees("^") and parser.tokens[parser.at + 1].kind == "number" and parser.tokens[parser.at + 2].text == "(":
        parser.take()
        exponent = number_of(parser.take())
    if not parser.accepts("("):
        return name
    bars, parser.bars = parser.bars, 0
    parts = parser.items()
    parser.bars = bars
    parser.expect(")")
    found = parser.make("Apply", name, *parts)
    return found if exponent is None else parser.make("Pow", found, exponent)


SPECIAL: Final = frozenset("Beta Chi Gamma zeta".split())  # noqa: SIM905
"""Greek letters that are functions wherever a bracket follows."""
_NAMED = frozenset(head for head, _, _ in FUNCTIONS.values()) - {"Sqrt", "Factorial"}
"""Heads of named functions."""


def is_coefficient(parser: "Parser", quotient: Node) -> bool:
    """`1/8 e^x`, `1/2(x+1)`: a fraction of numbers, a space or bracket behind it; `1/3p` as the style says."""
    if not isinstance(quotient, Call):
        return False
    if all(isinstance(part, Number) for part in quotient.args) and (
        parser.here.spaced or parser.here.text in {"(", "percent"}
    ):
        return True
    parts = [part.args[0] if isinstance(part, Call) and part.head == "Neg" else part for part in quotient.args]
    whole = all(isinstance(part, Number) and part.places is None and part.value.denominator == 1 for part in parts)
    return parser.style.left_to_right and whole


def with_currency(parser: "Parser", sign: Symbol) -> Node:
    """`$3`, `$x`, and `3$` with nothing behind it; the sign has been taken."""
    if parser.here is END or (parser.here.kind == "op" and parser.here.text not in {"(", GROUP_OPEN, "|"}):
        return sign
    return parser.make("Mul", sign, parser.power())


def check_product(before: Node, bracket: Node) -> None:
    """`n(n - 1)` is a product, `y(x)` and `y(ln(y))` may be an unknown function and are refused.

    So may `phi(12)` and `zeta(3)`, which nobody writes for a product, and `Gamma(n + 1)`.
    """
    if not isinstance(before, Symbol):
        return
    called = isinstance(bracket, Symbol) or (isinstance(bracket, Call) and bracket.head in _NAMED)
    greek = before.name in SPECIAL or (before.name in GREEK and isinstance(bracket, Number))
    if greek or (called and len(before.name) == 1):
        raise Unreadable("a letter before brackets: a function or a factor", reason="ambiguous")


def primed(parser: "Parser", node: Node) -> Node:
    """`f(x)'` is `f'(x)`."""
    if isinstance(node, Call) and node.head == "Apply" and isinstance(node.args[0], Symbol):
        return parser.make("Apply", Symbol(node.args[0].name + "'"), *node.args[1:])
    if isinstance(node, Symbol) and node.name[0] in NEVER_FACTORS:
        return applied(parser, Symbol(node.name + "'"))
    raise Unreadable("a prime that belongs to no function", reason="not_allowed")


def indexed(parser: "Parser", text: str) -> str:
    """`x[1]` is a name of its own."""
    parser.expect("[")
    token = parser.take()
    if token.kind not in {"number", "name"}:
        raise Unreadable(f"index {token.text!r}", reason="syntax")
    parser.expect("]")
    return f"{text}[{token.text}]"


def constructed(parser: "Parser", head: str) -> Node:
    """Maxima's constructors of matrices, intervals and sets."""
    parser.expect("(")
    parts = parser.items() if not parser.sees(")") else []
    parser.expect(")")
    if head == "Matrix":
        rows = [part for part in parts if isinstance(part, Call) and part.head == "List" and part.args]
        if not rows or len(rows) < len(parts) or len({len(row.args) for row in rows}) != 1:
            raise Unreadable("a matrix whose rows differ in length", reason="syntax")
        return parser.make("Matrix", *(parser.make("Row", *row.args) for row in rows))
    if head in INTERVALS and len(parts) != 2:
        raise Unreadable("an interval of other than two ends", reason="syntax")
    if head == "Piecewise" and not all(_is_piece(part) for part in parts):
        raise Unreadable("a piece without its condition", reason="syntax")
    return parser.make(head, *parts)


def _is_piece(node: Node) -> bool:
    return isinstance(node, Call) and node.head == "Tuple" and len(node.args) == 2 and is_statement(node.args[1])


def number_of(token: Token) -> Number:
    """The number of a token, with the decimals that were written."""
    text = token.text.lower()
    places = len(text.partition(".")[2]) if "." in text and text.replace(".", "").isdigit() else None
    return Number(token.value or Fraction(0), places)


# Derivative(f, x), Integral(f, (x, 0, 1)), Limit(f, x, 0), Sum(f, (n, 1, oo)) -----------------------------------------


def calculus(parser: "Parser", head: str) -> Node:
    """A calculus call, its name taken; the binders come out as tuples."""
    parser.expect("(")
    parts = [parser.relation()]
    side = "+-"
    while parser.accepts(","):
        if parser.here.kind == "string":
            side = parser.take().text
        else:
            parts.append(parser.relation())
    parser.expect(")")
    if head == "Limit":
        if len(parts) != 3 or side not in SIDES:
            raise Unreadable("Limit takes an expression, a variable and a point", reason="syntax")
        return parser.make(SIDES[side], parts[0], variable_of(parts[1]), parts[2])
    if head == "Derivative":
        return parser.make("Derivative", parts[0], *_orders(parser, parts[1:]))
    return _bound(parser, head, parts)


def _bound(parser: "Parser", head: str, parts: list[Node]) -> Node:
    """Integral, Sum, Product: several binders nest, the first one innermost."""
    binders = parts[1:]
    if not binders:
        raise Unreadable(f"{head} without a variable", reason="syntax")
    several = head == "Integral" and isinstance(binders[-1], Symbol) and isinstance(binders[len(binders) // 2], Symbol)
    if not several and len(binders) == 3 and isinstance(binders[0], Symbol):
        binders = [parser.make("Tuple", *binders)]
    found = parts[0]
    for binder in binders:
        ends = list(binder.args) if isinstance(binder, Call) and binder.head == "Tuple" else [binder]
        if len(ends) != 3 and (head != "Integral" or len(ends) != 1):
            raise Unreadable(f"{head} over {len(ends)} items, expected (x, from, to)", reason="syntax")
        found = parser.make(head, found, parser.make("Tuple", variable_of(ends[0]), *ends[1:]))
    return found


def _orders(parser: "Parser", parts: list[Node]) -> list[Node]:
    """`x, 2, y` and `(x, 2), y` as pairs of a variable and how often."""
    found: list[Node] = []
    pending: list[Node] = []
    for part in parts:
        if isinstance(part, Call) and part.head == "Tuple" and len(part.args) == 2:
            pending += part.args
        else:
            pending.append(part)
    while pending:
        variable = variable_of(pending.pop(0))
        order: Node = pending.pop(0) if pending and isinstance(pending[0], Number) else number(1)
        if not isinstance(order, Number) or order.value.denominator != 1 or order.value > limits.DERIVATIVE_ORDER:
            raise limits.too_large("the order of a derivative")
        found.append(parser.make("Tuple", variable, order))
    if not found:
        raise Unreadable("a derivative without a variable", reason="syntax")
    return found


def mixed(parser: "Parser", token: Token, whole: Number) -> Node:
    """`11 5/6` and `2\\frac{1}{3}` are mixed numbers when the fraction is a proper one of two integers."""
    after = parser.here
    if after.kind == "number":
        if parser.powers_side_by_side():
            return whole
        slash, below = (
            parser.tokens[parser.at + 1 : parser.at + 3] if parser.at + 2 < len(parser.tokens) else (END, END)
        )
        ending = parser.tokens[parser.at + 3] if parser.at + 3 < len(parser.tokens) else END
        texts = (token.text, after.text, below.text)
        if slash.text != "/" or not all(text.isdigit() for text in texts) or ending.text in {"^", "!", "/"}:
            raise Unreadable(f"two numbers side by side: {after.text!r}", reason="ambiguous")
        parser.at += 3
        return _proper(parser, whole, after.value, below.value)
    if after.kind == "command" and after.text == "frac" and commands.plain_fraction(parser) is not None:
        above, below_value = commands.plain_fraction(parser) or (None, None)
        commands.command(parser, parser.take().text)
        return _proper(parser, whole, above, below_value)
    return whole


def _proper(parser: "Parser", whole: Number, above: Fraction | None, below: Fraction | None) -> Node:
    values = (whole.value, above, below)
    if any(part is None or part.denominator != 1 for part in values) or not 0 <= (above or 0) < (below or 0):
        raise Unreadable("a number beside a fraction that is not a proper one", reason="ambiguous")
    return parser.make("Add", whole, parser.make("Div", Number(above or Fraction(0)), Number(below or Fraction(1))))
