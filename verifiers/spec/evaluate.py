"""A tree of the spec language as a function of its variables: exact, compiled once, called for every candidate.

An atom that has no meaning (a division by zero, a remainder by 0) does not hold, and its negation does: the same rule
as in the bridge to Z3, so that search and solver mean the same thing.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, TypeAlias

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.nodes import CONNECTIVES, RELATIONS, Call, Constant, Node, Number, Symbol
from proofmill.verifiers.spec.functions import RULES, Undefined
from proofmill.verifiers.verdict import Unreadable

Values: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = Callable[[Values], Any]


def compiled(node: Node) -> Rule:
    """The tree as a function of {name: value}; values are integers, fractions and truth values.

    The function raises Undefined where a number has no value, Unreadable (`too_large`) where it is out of bounds.
    """
    if isinstance(node, Number):
        value = _plain(node.value)
        return lambda _: value
    if isinstance(node, Symbol):
        name = node.name
        return lambda values: values[name]
    if isinstance(node, Constant):
        truth = node.name == "true"
        return lambda _: truth
    if node.head == "Piecewise":
        return _piecewise(node)
    if node.head == "Mod":
        return _remainder(node)
    parts = [compiled(part) for part in node.args]
    if node.head in RELATIONS:
        return _relation(_COMPARE[node.head], parts[0], parts[1])
    if node.head in CONNECTIVES:
        return _CONNECT[node.head](parts)
    if node.head in _ARITHMETIC:
        return _ARITHMETIC[node.head](parts)
    if node.head in RULES:
        return _applied(RULES[node.head], parts, node.head in {"IsPrime", "IsSquare"})
    raise Unreadable(f"{node.head} has no rule", reason="not_supported")


def evaluated(node: Node, values: Values) -> Any:
    """The value of a tree at one place."""
    return compiled(node)(values)


def _plain(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def _applied(rule: Callable[..., Any], parts: list[Rule], is_statement: bool) -> Rule:
    def apply(values: Values) -> Any:
        try:
            return rule(*[part(values) for part in parts])
        except Undefined:
            if is_statement:
                return False
            raise

    return apply


def _relation(compare: Callable[[Any, Any], bool], left: Rule, right: Rule) -> Rule:
    def holds(values: Values) -> bool:
        try:
            return compare(left(values), right(values))
        except Undefined:
            return False

    return holds


def _piecewise(node: Call) -> Rule:
    pieces = [tuple(compiled(part) for part in piece.args) for piece in node.args if isinstance(piece, Call)]

    def pick(values: Values) -> Any:
        for value, guard in pieces:
            if guard(values):
                return value(values)
        raise Undefined("no piece applies")

    return pick


def _remainder(node: Call) -> Rule:
    """Of a power without working it out, so that `mod(7^2023, 10)` costs nothing."""
    above, below = node.args
    rule = RULES["Mod"]
    if not (isinstance(above, Call) and above.head == "Pow"):
        return _applied(rule, [compiled(above), compiled(below)], False)
    base, exponent, modulus = compiled(above.args[0]), compiled(above.args[1]), compiled(below)

    def remainder(values: Values) -> Any:
        parts = [part(values) for part in (base, exponent, modulus)]
        if all(isinstance(part, int) for part in parts) and parts[1] > 0:
            return RULES["PowerMod"](*parts)
        return rule(_power(parts[0], parts[1]), parts[2])

    return remainder


def _sum(parts: list[Rule]) -> Rule:
    if len(parts) == 2:
        one, two = parts
        return lambda values: one(values) + two(values)
    return lambda values: sum(part(values) for part in parts)


def _product(parts: list[Rule]) -> Rule:
    if len(parts) == 2:
        one, two = parts
        return lambda values: one(values) * two(values)

    def product(values: Values) -> Any:
        found: Any = 1
        for part in parts:
            found = found * part(values)
        return found

    return product


def _quotient(parts: list[Rule]) -> Rule:
    above, below = parts

    def quotient(values: Values) -> Any:
        divisor = below(values)
        if divisor == 0:
            raise Undefined("division by zero")
        return _plain(Fraction(above(values)) / divisor)

    return quotient


def _raised(parts: list[Rule]) -> Rule:
    return lambda values: _power(parts[0](values), parts[1](values))


def _power(base: int | Fraction, exponent: int | Fraction) -> int | Fraction:
    if exponent != int(exponent):
        if exponent == Fraction(1, 2):
            return Fraction(RULES["Sqrt"](base))
        raise Unreadable("a power whose exponent is no integer", reason="not_supported")
    if base == 0 and exponent <= 0:
        raise Undefined("0 to a power that is not positive")
    bits = max(Fraction(base).numerator.bit_length(), Fraction(base).denominator.bit_length())
    if bits > 1 and abs(Fraction(exponent)) * bits > limits.RESULT_BITS:
        raise limits.too_large("a power")
    if abs(base) == 1:
        return base if exponent % 2 else 1
    return _plain(Fraction(base) ** int(exponent))


_ARITHMETIC: Final[dict[str, Callable[[list[Rule]], Rule]]] = {
    "Add": _sum,
    "Mul": _product,
    "Neg": lambda parts: lambda values: -parts[0](values),
    "Div": _quotient,
    "Pow": _raised,
}
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Eq": lambda one, two: bool(one == two),
    "Ne": lambda one, two: bool(one != two),
    "Lt": lambda one, two: bool(one < two),
    "Le": lambda one, two: bool(one <= two),
    "Gt": lambda one, two: bool(one > two),
    "Ge": lambda one, two: bool(one >= two),
}
_CONNECT: Final[dict[str, Callable[[list[Rule]], Rule]]] = {
    "And": lambda parts: lambda values: all(part(values) for part in parts),
    "Or": lambda parts: lambda values: any(part(values) for part in parts),
    "Not": lambda parts: lambda values: not parts[0](values),
    "Implies": lambda parts: lambda values: not parts[0](values) or parts[1](values),
    "Iff": lambda parts: lambda values: parts[0](values) == parts[1](values),
    "Xor": lambda parts: lambda values: parts[0](values) != parts[1](values),
}
