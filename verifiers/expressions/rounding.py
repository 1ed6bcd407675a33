"""A decimal beside an irrational number that it is the rounding of: `8.549879733` and `5^(4/3)`."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from proofmill.verifiers.expressions import balls, exact
from proofmill.verifiers.expressions.nodes import Call, Node, Number, walk
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
