"""An expression as plain text that reads back as the same tree."""

from fractions import Fraction
from itertools import pairwise

from proofmill.verifiers.expressions.nodes import CALCULUS, Call, Constant, Node, Number, Symbol

_RELATIONS = {"Eq": "=", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
_BRACKETS = {
    "Tuple": "()", "List": "[]", "Set": "{}", "IntervalClosedOpen": "[)", "IntervalOpenClosed": "(]",
}  # fmt: skip
_CONSTANTS = {"e": "E", "i": "I"}
_NAMES = {
    "Abs": "Abs",
    "Max": "Max",
    "Min": "Min",
    "IntervalOpen": "oo",
    "IntervalClosed": "cc",
    "Piecewise": "Piecewise",
}
_JOINED = {
    "Union": "cup", "Intersection": "cap", "Difference": "setminus", "In": "in", "Or": "or", "And": "and",
    "Implies": "=>", "Iff": "<=>", "Xor": "xor", "Subset": "subseteq", "Parallel": "parallel", "Perpendicular": "perp",
}  # fmt: skip


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
        case "Not":
            return f"not {parts[0]}"
        case "Apply":
            return f"{text_of(node.args[0])}({', '.join(map(text_of, node.args[1:]))})"
        case "Matrix":
            rows = [part.args for part in node.args if isinstance(part, Call)]
            return f"matrix({', '.join('[' + ', '.join(map(text_of, row)) + ']' for row in rows)})"
    return _other(node, parts)


def _other(node: Call, parts: list[str]) -> str:
    head = node.head
    if head in _RELATIONS:
        return f" {_RELATIONS[head]} ".join(parts)
    chain = [part for part in node.args if isinstance(part, Call) and part.head in _RELATIONS]
    if head == "And" and _is_chain(node, chain):
        return _atom(chain[0].args[0]) + "".join(f" {_RELATIONS[part.head]} {_atom(part.args[1])}" for part in chain)
    if head == "InBase":
        return _in_base(*(int(part.value) for part in node.args if isinstance(part, Number)))
    if head in _JOINED and len(node.args) > 1:
        return f" {_JOINED[head]} ".join(parts)
    inside = ", ".join(map(text_of, node.args))
    if head == "Sequence":
        return inside
    if head in _BRACKETS:
        return _BRACKETS[head][0] + inside + _BRACKETS[head][1]
    if head in {"LimitLeft", "LimitRight"}:
        return f"Limit({inside}, '{'-' if head == 'LimitLeft' else '+'}')"
    return f"{head if head in CALCULUS else _NAMES.get(head, head.lower())}({inside})"


def _is_chain(node: Call, links: list[Call]) -> bool:
    """Whether a conjunction is a < b < c: each link begins where the last one ended."""
    follow = all(one.args[1] == two.args[0] for one, two in pairwise(links))
    return len(links) == len(node.args) > 1 and follow


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


def _in_base(value: int, base: int) -> str:
    digits = ""
    while value or not digits:
        value, digit = divmod(value, base)
        digits = f"{digit}{digits}"
    return f"{digits}_{base}"


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
