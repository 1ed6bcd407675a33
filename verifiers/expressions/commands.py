"""LaTeX commands with a shape of their own: fractions, roots, integrals, sums, limits, d/dx."""

from fractions import Fraction
from typing import TYPE_CHECKING

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.lexer import END, GROUP_CLOSE, GROUP_OPEN
from proofmill.verifiers.expressions.nodes import Call, Node, Number, Symbol, number
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.expressions.grammar import Parser

SIDES = {"+": "LimitRight", "-": "LimitLeft", "+-": "Limit", "-+": "Limit"}


def command(parser: "Parser", word: str) -> Node:
    """What follows a LaTeX command that has been taken."""
    match word:
        case "frac":
            return _fraction(parser)
        case "binom":
            return parser.make("Binomial", parser.argument_atom(), parser.argument_atom())
        case "sqrt":
            return _root(parser)
        case "int":
            return _integral(parser)
        case "lim":
            return _limit(parser)
    return _series(parser, "Sum" if word == "sum" else "Product")


def _digit_pair(parser: "Parser") -> tuple[Node, Node] | None:
    """`\\frac12`: two one-digit arguments that were lexed as one number."""
    token = parser.here
    if token.kind == "number" and len(token.text) == 2 and token.text.isdigit():
        parser.take()
        return number(int(token.text[0])), number(int(token.text[1]))
    return None


def _fraction(parser: "Parser") -> Node:
    operator = _derivative_operator(parser)
    if operator is not None:
        variable, order = operator
        body = parser.product()
        if isinstance(body, Call) and body.head == "List" and len(body.args) == 1:
            body = body.args[0]
        return parser.make("Derivative", body, parser.make("Tuple", variable, order))
    above, below = _digit_pair(parser) or (parser.argument_atom(), parser.argument_atom())
    return parser.make("Div", above, below)


def plain_fraction(parser: "Parser") -> tuple[Fraction | None, Fraction | None] | None:
    """The two integers of `\\frac{1}{3}`, the command not yet taken; None where anything else stands there."""
    tokens = parser.tokens[parser.at + 1 : parser.at + 7]
    texts = [token.text for token in tokens]
    if len(tokens) == 6 and texts[0::3] == [GROUP_OPEN] * 2 and texts[2::3] == [GROUP_CLOSE] * 2:
        above, below = tokens[1], tokens[4]
        if above.kind == below.kind == "number":
            return above.value, below.value
    return None


def _derivative_operator(parser: "Parser") -> tuple[Symbol, Number] | None:
    """`{d}{dx}` and `{d^2}{dx^2}` after `\\frac`."""
    texts = [token.text for token in parser.tokens[parser.at : parser.at + 11]]
    if texts[:2] != [GROUP_OPEN, "d"] or len(texts) < 7:
        return None
    if texts[2:5] == [GROUP_CLOSE, GROUP_OPEN, "d"] and texts[6:7] == [GROUP_CLOSE]:
        parser.at += 7
        return Symbol(texts[5]), number(1)
    same = texts[2:3] == ["^"] and texts[3:4] == texts[9:]
    if len(texts) >= 10 and texts[2] == "^" and texts[4:7] == [GROUP_CLOSE, GROUP_OPEN, "d"] and texts[8] == "^":
        same = texts[3] == texts[9] and texts[3].isdigit() and texts[10:11] == [GROUP_CLOSE]
        if same and int(texts[3]) <= limits.DERIVATIVE_ORDER:
            parser.at += 11
            return Symbol(texts[7]), number(int(texts[3]))
    raise Unreadable("a fraction of differentials", reason="not_allowed")


def _root(parser: "Parser") -> Node:
    if parser.accepts("["):
        degree = parser.sum()
        parser.expect("]")
        return parser.make("Pow", parser.argument_atom(), parser.make("Div", number(1), degree))
    token = parser.here
    if token.kind == "number" and len(token.text) > 1:
        raise Unreadable("\\sqrt before several digits without braces", reason="ambiguous")
    return parser.make("Sqrt", parser.argument_atom())


def _ends(parser: "Parser") -> tuple[Node | None, Node | None]:
    """Lower and upper bound, in either order."""
    lower = upper = None
    while parser.sees("_") or parser.sees("^"):
        if parser.take().text == "_":
            lower = parser.argument_atom()
        else:
            upper = parser.argument_atom()
    return lower, upper


def sees_differential(parser: "Parser") -> bool:
    """Whether `d` and a variable stand here, as at the end of an integral."""
    token, after = parser.here, (*parser.tokens[parser.at + 1 : parser.at + 2], END)[0]
    return token.text == "d" and token.kind == "name" and after.kind == "name" and not after.text[1:]


def _integral(parser: "Parser") -> Node:
    lower, upper = _ends(parser)
    if (lower is None) != (upper is None):
        raise Unreadable("an integral with one bound", reason="syntax")
    parser.integrals += 1
    body: Node = number(1) if sees_differential(parser) else parser.sum()
    parser.integrals -= 1
    if not sees_differential(parser):
        raise Unreadable("an integral without its differential", reason="syntax")
    parser.take()
    variable = Symbol(parser.take().text)
    ends = () if lower is None or upper is None else (lower, upper)
    return parser.make("Integral", body, parser.make("Tuple", variable, *ends))


def _series(parser: "Parser", head: str) -> Node:
    lower, upper = _ends(parser)
    if upper is None or not isinstance(lower, Call) or lower.head != "Eq":
        raise Unreadable(f"{head} without its bounds", reason="syntax")
    variable = variable_of(lower.args[0])
    return parser.make(head, parser.product(), parser.make("Tuple", variable, lower.args[1], upper))


def _limit(parser: "Parser") -> Node:
    parser.expect("_")
    parser.expect(GROUP_OPEN)
    variable = variable_of(parser.atom())
    parser.expect("->")
    point, head = parser.postfix() if not parser.sees("-") else parser.unary(), "Limit"
    if parser.accepts("^"):
        grouped = parser.accepts(GROUP_OPEN)
        head = SIDES.get(parser.take().text, "")
        if not head or (grouped and not parser.accepts(GROUP_CLOSE)):
            raise Unreadable("the side of a limit", reason="syntax")
    parser.expect(GROUP_CLOSE)
    return parser.make(head, parser.product(), variable, point)


def variable_of(node: Node) -> Symbol:
    """The variable that a binder names."""
    if not isinstance(node, Symbol):
        raise Unreadable("expected a variable", reason="syntax")
    return node
