"""Numbers, truth values and choices don't mix: what stands where in a text of the spec."""

from typing import Literal, TypeAlias

from proofmill.verifiers.expressions.nodes import CONNECTIVES, RELATIONS, Call, Constant, Node, Number, Symbol, number
from proofmill.verifiers.spec.functions import FUNCTIONS
from proofmill.verifiers.spec.model import BadSpec, Scope

_Type: TypeAlias = Literal["number", "truth", "choice"]
_STATEMENTS = frozenset(entry.head for entry in FUNCTIONS.values() if entry.statement)
_ARITHMETIC = frozenset({"Add", "Mul", "Div", "Neg", "Pow"}) | {entry.head for entry in FUNCTIONS.values()}


def check_types(node: Node, scope: Scope, is_true_or_false: bool) -> Node:
    """The tree with each choice as its number; BadSpec where a number, a truth value or a choice is out of place."""
    found, built = _typed(node, scope)
    expected: _Type = "truth" if is_true_or_false else "number"
    if found != expected:
        raise BadSpec(f"{'true or false' if is_true_or_false else 'a number'} was expected, this is a {found}")
    return built


def _typed(node: Node, scope: Scope) -> tuple[_Type, Node]:
    if isinstance(node, Number):
        return "number", node
    if isinstance(node, Constant):
        if node.name in {"true", "false"}:
            return "truth", node
        raise BadSpec(f"{node.name} is no exact number")
    if isinstance(node, Symbol):
        return _symbol(node, scope)
    if node.head == "Piecewise":
        return "number", _pieces(node, scope)
    if node.head in RELATIONS:
        return "truth", _relation(node, scope)
    if node.head in CONNECTIVES:
        return "truth", _same(node, scope, "truth")
    if node.head in _ARITHMETIC:
        return "truth" if node.head in _STATEMENTS else "number", _same(node, scope, "number")
    raise BadSpec(f"{node.head} is no part of the spec language")


def _symbol(node: Symbol, scope: Scope) -> tuple[_Type, Node]:
    variable = scope.variables.get(node.name)
    if variable is None:
        return "choice", number(scope.codes[node.name])
    return {"boolean": ("truth", node), "choice": ("choice", node)}.get(variable.type, ("number", node))  # type: ignore[return-value]


def _same(node: Call, scope: Scope, expected: _Type) -> Call:
    parts = [_typed(part, scope) for part in node.args]
    if any(found != expected for found, _ in parts):
        raise BadSpec(f"{node.head} takes {'statements' if expected == 'truth' else 'numbers'} alone")
    return Call(node.head, tuple(built for _, built in parts))


def _relation(node: Call, scope: Scope) -> Call:
    (one, left), (two, right) = (_typed(part, scope) for part in node.args)
    if one != two or (one != "number" and node.head not in {"Eq", "Ne"}):
        raise BadSpec(f"a {one} and a {two} can't be compared by {node.head}")
    return Call(node.head, (left, right))


def _pieces(node: Call, scope: Scope) -> Call:
    pieces = []
    for piece in node.args:
        assert isinstance(piece, Call)  # noqa: S101 - the language alone makes pieces
        value, guard = _typed(piece.args[0], scope)[1], _typed(piece.args[1], scope)
        if guard[0] != "truth":
            raise BadSpec("what is counted must be statements")
        pieces.append(Call("Tuple", (value, guard[1])))
    return Call("Piecewise", tuple(pieces))
