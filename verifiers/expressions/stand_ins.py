"""A concrete function for every unknown one: two sides that differ for it are not equal for all functions.

`f` stands for a polynomial of degree five whose coefficients come from its name; `f'` and `f''` are its derivatives.
Agreement proves nothing, since it is about this one function.
"""

import hashlib
from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq

DEGREE = 5


def value(name: str, parts: list[Any]) -> Any:
    """The ball of the stand-in of an unknown function at its arguments."""
    bare = name.rstrip("'")
    order = len(name) - len(bare)
    point = acb(0)
    for index, part in enumerate(parts):
        point = point + part * (1 if index == 0 else _ball(_coefficient(bare, 100 + index)))
    total = acb(0)
    for power in range(order, DEGREE + order + 1):
        factor = 1
        for step in range(order):
            factor *= power - step
        total = total + _ball(_coefficient(bare, power) * factor) * point ** (power - order)
    return total


def _coefficient(name: str, index: int) -> Fraction:
    """A rational number in (1/2, 3/2), always the same one."""
    digest = hashlib.sha256(f"{name}:{index}".encode()).digest()
    return Fraction(1, 2) + Fraction(int.from_bytes(digest[:2], "big") + 1, 65_537)


def _ball(number: Fraction) -> Any:
    return acb(arb(fmpq(number.numerator, number.denominator)))
