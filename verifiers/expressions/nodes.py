"""An expression as we hold it: exact numbers, symbols, constants, and calls with an allow-listed head."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """An exact rational; decimals are exact (0.1 is 1/10)."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Symbol:
    """A free or bound name; case-sensitive."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """One of pi, e, i, oo."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A head from `heads.HEADS` applied to its arguments."""

    head: str
    args: tuple["Node", ...]


Node: TypeAlias = Number | Symbol | Constant | Call

CALCULUS = frozenset({"Derivative", "Integral", "Limit", "LimitLeft", "LimitRight", "Sum", "Product"})
COLLECTIONS = frozenset(
    {"Sequence", "Tuple", "List", "Set", "IntervalClosedOpen", "IntervalOpenClosed", "Union", "In", "And"}
)
RELATIONS = frozenset({"Eq", "Ne", "Lt", "Le", "Gt", "Ge"})


def number(value: int | Fraction) -> Number:
    """The node of an exact number."""
    return Number(Fraction(value))


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
