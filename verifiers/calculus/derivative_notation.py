"""Differential equations as people write them: y'', dy/dx, y(x) and f^{(4)} become symbols that we can substitute."""

import re
from typing import Final

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.derivative import binder_of, is_unknown_function
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol
from proofmill.verifiers.verdict import Unreadable

LARGEST_ORDER: Final = 8
_SUBSCRIPT: Final = 900
"""Subscripts from here on mark derivatives: y_902 is y''."""


def derivative_name(function: str, order: int) -> str:
    """The symbol that stands for a derivative of the unknown function; order 0 is the function itself."""
    return function if order == 0 else f"{function}_{_SUBSCRIPT + order}"


def read_differential(text: str, function: str, variable: str) -> Node:
    """The tree of an equation in which y, y', y'', ... are the symbols `derivative_name` gives."""
    limits.check_length(text)
    return _named(read(_rewritten(text, function, variable)), function)


def order_of(names: frozenset[str], function: str) -> int:
    """The highest derivative among the symbols of an equation."""
    return max((order for order in range(LARGEST_ORDER + 1) if derivative_name(function, order) in names), default=0)


def _rewritten(text: str, function: str, variable: str) -> str:
    """Primes, Leibniz's and Newton's notation as names; `y(x)` as `y`."""
    y, x = re.escape(function), re.escape(variable)
    text = text.replace("\u2032", "'").replace("\u2033", "''").replace("\\prime", "'").replace("\u2019", "'")
    text = re.sub(r"\\(?:mathrm|operatorname)\{d\}", "d", text)
    text = re.sub(r"\^\{('+)\}", r"\1", text)
    applied = rf"(?:\s*\\?(?:left)?\(\s*{x}\s*\\?(?:right)?\))?"
    leibniz = [
        rf"\\[dt]?frac\s*\{{\s*d(?:\s*\^\s*\{{?(?P<order>\d)\}}?)?\s*{y}{applied}\s*\}}\s*\{{\s*d\s*{x}(?:\s*\^\s*\{{?\d\}}?)?\s*\}}",
        rf"\bd(?:\s*\^\s*\{{?(?P<order>\d)\}}?)?\s*{y}{applied}\s*/\s*\(?d\s*{x}(?:\s*\^\s*\{{?\d\}}?)?\)?",
    ]
    for pattern in leibniz:
        text = re.sub(pattern, lambda match: _name(function, int(match["order"] or 1)), text)
    text = re.sub(rf"\\ddot\s*\{{?\s*{y}\s*\}}?{applied}", _name(function, 2), text)
    text = re.sub(rf"\\dot\s*\{{?\s*{y}\s*\}}?{applied}", _name(function, 1), text)
    text = re.sub(
        rf"(?<![A-Za-z]){y}\s*\^\s*\{{?\((\d)\)\}}?{applied}", lambda found: _name(function, int(found[1])), text
    )
    text = re.sub(rf"(?<![A-Za-z]){y}\s*('+){applied}", lambda found: _name(function, len(found[1])), text)
    return re.sub(rf"(?<![A-Za-z_]){y}\s*\\?(?:left)?\(\s*{x}\s*\\?(?:right)?\)", f" {function} ", text)


def _name(function: str, order: int) -> str:
    if order > LARGEST_ORDER:
        raise limits.too_large("the order of a derivative")
    return f" {derivative_name(function, order)} "


def _named(node: Node, function: str) -> Node:
    """`Derivative(y, (x, 2))` and `Apply(y, x)` as symbols."""
    if not isinstance(node, Call):
        return node
    if node.head == "Apply" and node.args[0] == Symbol(function):
        return node.args[0]
    if node.head == "Derivative" and (node.args[0] == Symbol(function) or is_unknown_function(node.args[0])):
        order = sum(binder_of(binder)[1] for binder in node.args[1:])
        if order > LARGEST_ORDER:
            raise limits.too_large("the order of a derivative")
        return Symbol(derivative_name(function, order))
    return Call(node.head, tuple(_named(part, function) for part in node.args))


_CONDITION = re.compile(
    r"\s*(?P<name>[A-Za-z]+)\s*(?P<primes>'*)\s*\(\s*(?P<at>[^()]*(?:\([^()]*\))?[^()]*)\)\s*=(?P<value>.+)"
)


def read_condition(text: str, function: str) -> tuple[int, Node, Node]:
    """(order, point, value) of an initial condition such as `y'(0) = 2`."""
    limits.check_length(text)
    found = _CONDITION.fullmatch(text.strip().strip("$").replace("\u2032", "'").replace("\\prime", "'"))
    if found is None or found["name"] != function:
        raise Unreadable(f"expected a condition such as {function}(0) = 1 (found {text!r})", reason="claim_missing")
    return len(found["primes"]), read(found["at"]), read(found["value"])
