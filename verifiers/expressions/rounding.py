"""A decimal beside an irrational number that it is the rounding of: `8.549879733` and `5^(4/3)`."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from typing import Any

from proofmill.verifiers.expressions import balls, exact
from proofmill.verifiers.expressions.nodes import Call, Node, Number, free_symbols, walk
from proofmill.verifiers.expressions.points import points
from proofmill.verifiers.verdict import Unreadable

DIGITS = 8
"""Significant digits that are too many to be a coincidence."""
NOISY_DIGITS = 12
"""Digits that only a machine writes."""


def is_rounded(decimal: Node, other: Node) -> bool:
    """Whether one side is a decimal, and the other, not visibly rational, has just its digits, rounded or cut off."""
    bare = decimal.args[0] if isinstance(decimal, Call) and decimal.head == "Neg" else decimal
    if not isinstance(bare, Number) or bare.places is None:
        return False
    if len(str(abs(int(bare.value * 10**bare.places))).strip("0")) < DIGITS:
        return False
    if exact.value(other) is not None:
        return False
    with balls.precision(256):
        try:
            gap: Any = balls.value(decimal, {}) - balls.value(other, {})
        except (balls.Undefined, Unreadable):
            return False
        return bool(abs(gap) * 10**bare.places <= 1)


FLOAT_DIGITS = 15
"""Digits that only a floating-point number has: from here on it counts as the number it was computed from."""
EXACT_DIGITS = 16
"""Digits that a floating-point number holds for certain: with fewer, the last one is rounded or cut off."""


def are_floats(left: Node, right: Node) -> bool:
    """Whether two sides that differ, but in about the last digit, do so because one was computed in floating point.

    Two sides that are the same but for their decimals were not computed: there a digit was changed.
    """
    if max(digits_written(left), digits_written(right)) < FLOAT_DIGITS or _masked(left) == _masked(right):
        return False
    names = sorted(free_symbols(left) | free_symbols(right))
    if not names:
        return _is_printed(left, right) or _is_printed(right, left)
    near = [is_noise(left, right, point) for point in islice(points(names), POINTS)]
    return all(near)


POINTS = 12


def _masked(node: Node) -> Node:
    """The tree without the digits of its decimals."""
    if isinstance(node, Call):
        return Call(node.head, tuple(map(_masked, node.args)))
    return Number(Fraction(0)) if isinstance(node, Number) and node.places is not None else node


def _is_printed(decimal: Node, other: Node) -> bool:
    """Whether a decimal is the other number as it is printed: rounded or cut off, the last of 16 digits in doubt."""
    if not is_rounded(decimal, other):
        return False
    if digits_written(decimal) >= EXACT_DIGITS:
        return True
    bare, sign = (decimal.args[0], -1) if isinstance(decimal, Call) else (decimal, 1)
    if not isinstance(bare, Number):
        return False
    with balls.precision(256):
        gap: Any = (balls.value(other, {}) * sign - balls.ball(bare.value)) * 10 ** (bare.places or 0)
        return bool(gap.real >= balls.ball(Fraction(-1, 2)).real and gap.real < 1)


def digits_written(node: Node) -> int:
    """The most significant digits of a decimal in a tree."""
    found = (part for part in walk(node) if isinstance(part, Number) and part.places is not None)
    return max((len(str(abs(int(part.value * 10 ** (part.places or 0)))).strip("0")) for part in found), default=0)


def is_noise(left: Node, right: Node, witness: Mapping[str, Fraction]) -> bool:
    """Whether two sides with long decimals differ only in about the last digit written, as floats do."""
    digits = max(digits_written(left), digits_written(right))
    if digits < NOISY_DIGITS:
        return False
    with balls.precision(256):
        values = {name: balls.ball(value) for name, value in witness.items()}
        try:
            one, two = balls.value(left, values), balls.value(right, values)
        except (balls.Undefined, Unreadable):
            return False
        return bool(abs(one - two) * 10 ** (digits - 2) <= abs(one))
