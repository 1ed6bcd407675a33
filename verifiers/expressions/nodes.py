"""An expression as we hold it: exact numbers, symbols, constants, and calls with an allow-listed head."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """An exact rational; decimals are exact (0.1 is 1/10). `places`: how many decimals were written, None for none."""

    value: Fraction
    places: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A free or bound name; case-sensitive."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """One of `CONSTANTS`: a number, a truth value, a set of numbers, or the dots of an ellipsis."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A head applied to its arguments; the grammar makes only those heads that the engines know."""

    head: str
    args: tuple["Node", ...]


Node: TypeAlias = Number | Symbol | Constant | Call

NUMBER_SETS = frozenset({"reals", "integers", "naturals", "rationals", "complexes"})
CONSTANTS = frozenset({"pi", "e", "i", "oo", "true", "false", "dots"}) | NUMBER_SETS

CALCULUS = frozenset({"Derivative", "Integral", "Limit", "LimitLeft", "LimitRight", "Sum", "Product"})
RELATIONS = frozenset({"Eq", "Ne", "Lt", "Le", "Gt", "Ge"})
CONNECTIVES = frozenset({"And", "Or", "Not", "Implies", "Iff", "Xor"})
STATEMENTS = RELATIONS | CONNECTIVES | {"In", "Subset", "Parallel", "Perpendicular"}
"""Heads of what is true or false; so are the constants `true` and `false`."""
INTERVALS = frozenset({"IntervalOpen", "IntervalClosed", "IntervalClosedOpen", "IntervalOpenClosed"})
SETS = INTERVALS | {"Set", "Union", "Intersection", "Difference"}
COLLECTIONS = SETS | {"Sequence", "Tuple", "List", "In", "And", "Or", "Matrix", "Row"}


def number(value: int | Fraction) -> Number:
    """The node of an exact number."""
    return Number(Fraction(value))


def is_statement(node: Node) -> bool:
    """Whether a tree is true or false, rather than a value."""
    if isinstance(node, Constant):
        return node.name in {"true", "false"}
    return isinstance(node, Call) and node.head in STATEMENTS


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, the root first."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        if isinstance(here, Call):
            todo.extend(here.args)


def heads_of(node: Node) -> frozenset[str]:
    """The heads of all calls in the tree."""
    return frozenset(here.head for here in walk(node) if isinstance(here, Call))


def is_unevaluated(node: Node) -> bool:
    """Whether a derivative, integral, limit, sum or product is left to do in the tree."""
    return bool(heads_of(node) & CALCULUS)


def has_constant(node: Node, name: str) -> bool:
    """Whether a constant occurs in the tree."""
    return any(isinstance(here, Constant) and here.name == name for here in walk(node))


def bound_name(node: Call) -> str | None:
    """The variable that an integral, limit, sum or product binds; derivatives and indefinite integrals bind none."""
    if node.head in {"Limit", "LimitLeft", "LimitRight"} and isinstance(node.args[1], Symbol):
        return node.args[1].name
    if node.head in {"Integral", "Sum", "Product"}:
        binder = node.args[1]
        if isinstance(binder, Call) and len(binder.args) == 3 and isinstance(binder.args[0], Symbol):
            return binder.args[0].name
    return None


def free_symbols(node: Node) -> frozenset[str]:
    """The names that have no value until someone gives them one."""
    if isinstance(node, Symbol):
        return frozenset({node.name})
    if not isinstance(node, Call):
        return frozenset()
    bound = bound_name(node)
    if bound is None:
        return frozenset().union(*map(free_symbols, node.args))
    outside = [end for part in node.args[1:] for end in (part.args if isinstance(part, Call) else (part,))]
    return (free_symbols(node.args[0]) - {bound}).union(*map(free_symbols, outside[1:]))


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """The tree with free symbols replaced; bound ones stay."""
    if isinstance(node, Symbol):
        return values.get(node.name, node)
    if not isinstance(node, Call):
        return node
    bound = bound_name(node)
    inside = {name: value for name, value in values.items() if name != bound} if bound else values
    return Call(node.head, tuple(substitute(part, inside) for part in node.args))
