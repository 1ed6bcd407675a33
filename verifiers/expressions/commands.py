"""LaTeX commands with a shape of their own: fractions, roots, integrals, sums, limits, d/dx."""

from fractions import Fraction
from typing import TYPE_CHECKING

from proofmill.verifiers.expressions import limits, tables
from proofmill.verifiers.expressions.nodes import NUMBER_SETS, Call, Constant, Node, Number, Symbol, number
from proofmill.verifiers.expressions.tokens import END, GROUP_CLOSE, GROUP_OPEN
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
        case "sum" | "prod":
            return _series(parser, "Sum" if word == "sum" else "Product")
        case "floor" | "ceil" | "angle":
            return _enclosed(parser, word)
        case "matrix" | "cases" | "system":
            return tables.table(parser, word)
    return _symbol(parser, word)


def _enclosed(parser: "Parser", word: str) -> Node:
    """`\\lfloor x \\rfloor`, `\\lceil x \\rceil`, `\\langle 1, 2 \\rangle`; the opening has been taken."""
    bars, parser.bars = parser.bars, 0
    items = parser.items()
    parser.bars = bars
    parser.expect({"floor": "rfloor", "ceil": "rceil", "angle": "rangle"}[word])
    if word == "angle":
        return parser.make("Tuple", *items)
    if len(items) != 1:
        raise Unreadable("a list between the brackets of a rounded number", reason="syntax")
    return parser.make("Floor" if word == "floor" else "Ceiling", *items)


def _symbol(parser: "Parser", word: str) -> Node:
    """Commands that stand for themselves; `90^\\circ` and `5\\%` are products."""
    if word == "emptyset":
        return parser.make("Set")
    if word == "degree":
        return parser.make("Div", Constant("pi"), number(180))
    if word == "percent":
        return parser.make("Div", number(1), number(100))
    if word in NUMBER_SETS or word == "dots":
        return Constant(word)
    token = parser.tokens[parser.at - 1]
    if token.value is None:
        raise limits.not_allowed(f"command {word!r}")
    return parser.make("InBase", Number(token.value), number(int(word.partition("_")[2])))


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
    above, below = _digit_pair(parser) or (_one(parser), _one(parser))
    return parser.make("Div", above, below)


def _one(parser: "Parser") -> Node:
    """An argument of a fraction or root: a group, or one digit, letter or command."""
    token = parser.here
    if token.kind == "number" and len(token.text) > 1:
        raise Unreadable(f"{token.text!r} without braces", reason="ambiguous")
    return parser.argument_atom()


def plain_fraction(parser: "Parser") -> tuple[Fraction | None, Fraction | None] | None:
    """The integers of `\\frac{1}{3}` or `\\frac13`, the command not yet taken; None where anything else is there."""
    tokens = parser.tokens[parser.at + 1 : parser.at + 7]
    first = tokens[0] if tokens else END
    if first.kind == "number" and len(first.text) == 2 and first.text.isdigit():
        return Fraction(int(first.text[0])), Fraction(int(first.text[1]))
    found: list[Fraction | None] = []
    while tokens and len(found) < 2:
        if tokens[0].kind == "number" and len(tokens[0].text) == 1:
            found.append(tokens.pop(0).value)
        elif [tokens[0].text, *(token.text for token in tokens[2:3])] == [GROUP_OPEN, GROUP_CLOSE]:
            found.append(tokens[1].value if tokens[1].kind == "number" else None)
            del tokens[:3]
        else:
            break
    return (found[0], found[1]) if len(found) == 2 and None not in found else None


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
    return parser.make("Sqrt", _one(parser))


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
