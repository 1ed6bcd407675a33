"""Trees from trees: sums, products, quotients and powers, with zeros and ones folded away."""

from fractions import Fraction

from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, number

ZERO, ONE, TWO = number(0), number(1), number(2)
MINUS_ONE = number(-1)
PI, INFINITY = Constant("pi"), Constant("oo")


def plus(*parts: Node) -> Node:
    """The sum; numbers are added up and stand last."""
    parts = _flat("Add", parts)
    total = sum((part.value for part in parts if isinstance(part, Number)), Fraction(0))
    rest: list[Node] = [part for part in parts if not isinstance(part, Number)]
    if total or not rest:
        rest.append(Number(total))
    return rest[0] if len(rest) == 1 else Call("Add", tuple(rest))


def times(*parts: Node) -> Node:
    """The product; numbers are multiplied and stand first, a zero swallows all."""
    parts = _flat("Mul", parts)
    total = Fraction(1)
    for part in parts:
        total *= part.value if isinstance(part, Number) else 1
    rest: list[Node] = [part for part in parts if not isinstance(part, Number)]
    if total == 0:
        return ZERO
    if total != 1 or not rest:
        rest.insert(0, Number(total))
    return rest[0] if len(rest) == 1 else Call("Mul", tuple(rest))


def _flat(head: str, parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """The arguments of a sum of sums, or of a product of products."""
    found: list[Node] = []
    for part in parts:
        found += part.args if isinstance(part, Call) and part.head == head else [part]
    return tuple(found)


def negative(part: Node) -> Node:
    """The tree with the other sign."""
    if isinstance(part, Call) and part.head == "Neg":
        return part.args[0]
    return Number(-part.value) if isinstance(part, Number) else Call("Neg", (part,))


def minus(left: Node, right: Node) -> Node:
    """The difference."""
    return plus(left, negative(right))


def over(above: Node, below: Node) -> Node:
    """The quotient; a division by zero stays as it is, for others to refuse."""
    if below == ONE:
        return above
    if isinstance(below, Number) and below.value != 0 and isinstance(above, Number):
        return Number(above.value / below.value)
    return ZERO if above == ZERO and below != ZERO else Call("Div", (above, below))


def power(base: Node, exponent: Node) -> Node:
    """The power; only the exponents 0 and 1 are carried out."""
    if exponent == ONE:
        return base
    return ONE if exponent == ZERO and base != ZERO else Call("Pow", (base, exponent))


def call(head: str, *parts: Node) -> Call:
    """A head applied to its arguments."""
    return Call(head, parts)


def sqrt(part: Node) -> Node:
    """The square root."""
    return Call("Sqrt", (part,))


def square(part: Node) -> Node:
    """The second power."""
    return power(part, TWO)
