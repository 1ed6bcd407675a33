"""An expression as plain text that reads back as the same tree."""

from fractions import Fraction

from proofmill.verifiers.expressions.nodes import CALCULUS, Call, Constant, Node, Number, Symbol

_RELATIONS = {"Eq": "=", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
_BRACKETS = {
    "Tuple": "()", "List": "[]", "Set": "{}", "IntervalClosedOpen": "[)", "IntervalOpenClosed": "(]",
}  # fmt: skip
_CONSTANTS = {"e": "E", "i": "I"}
_NAMES = {"Derivative", "Integral", "Sum", "Product", "Abs", "Max", "Min"}


def text_of(node: Node) -> str:
    """The text of a tree; `read(text_of(node)) == node` for every tree that was read."""
    if isinstance(node, Number):
        return number_text(node.value)
    if isinstance(node, Symbol):
        return node.name
    if isinstance(node, Constant):
        return _CONSTANTS.get(node.name, node.name)
    return _call(node)


def _call(node: Call) -> str:
    parts = [_atom(part) for part in node.args]
    match node.head:
        case "Add":
            return " + ".join(parts)
        case "Mul":
            return "*".join(parts)
        case "Div":
            return "/".join(parts)
        case "Pow":
            return "**".join(parts)
        case "Neg":
            return "-" + parts[0]
        case "Union" | "In":
            return f" {'cup' if node.head == 'Union' else 'in'} ".join(parts)
    return _other(node, parts)


def _other(node: Call, parts: list[str]) -> str:
    head = node.head
    if head in _RELATIONS:
        return f" {_RELATIONS[head]} ".join(parts)
    if head == "And":
        chain = [part for part in node.args if isinstance(part, Call)]
        return _atom(chain[0].args[0]) + "".join(f" {_RELATIONS[part.head]} {_atom(part.args[1])}" for part in chain)
    inside = ", ".join(map(text_of, node.args))
    if head == "Sequence":
        return inside
    if head in _BRACKETS:
        return _BRACKETS[head][0] + inside + _BRACKETS[head][1]
    if head in {"LimitLeft", "LimitRight"}:
        return f"Limit({inside}, '{'-' if head == 'LimitLeft' else '+'}')"
    return f"{head if head in _NAMES | CALCULUS else head.lower()}({inside})"


def _atom(node: Node) -> str:
    text = text_of(node)
    return text if _is_closed(text) else f"({text})"


def _is_closed(text: str) -> bool:
    """Whether the text is one name, number, call or bracket, so that any operator may stand beside it."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and index < len(text) - 1 and not (character.isalnum() or character in "._"):
            return False
    return True


def number_text(value: Fraction) -> str:
    """An exact number: an integer, a decimal where that is exact, else a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    below, twos, fives = value.denominator, 0, 0
    while below % 2 == 0:
        below, twos = below // 2, twos + 1
    while below % 5 == 0:
        below, fives = below // 5, fives + 1
    if below != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
