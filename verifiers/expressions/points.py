"""Where expressions in variables are compared: fixed points, so that a verdict can be made again."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from proofmill.verifiers.expressions.nodes import Call, Node, free_symbols, walk

POINT_BITS = 160
SCALES = ("3/7", "2", "-5/3", "17/11", "5", "-7/2", "101/10", "-1/9", "0", "1009/3", "-211", "1/1000", "7", "-20011/2")
"""Small, of the order of one, large, negative, and integers."""
QUICK = 3
"""How many points come before a proof is sought."""
_SIGNED = ((2, 3, 1, 4, 5), (-2, 3, 2, -1, 4), (3, -2, -3, 2, 1), (-1, -2, 4, 3, 2), (4, 2, 3, 1, 6), (-3, 5, -2, 4, 1))
"""Integers of both signs, for powers with variables in the exponent."""


def points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """Rational points over several scales."""
    scales = [Fraction(scale) for scale in SCALES]
    for index in range(len(scales)):
        yield {name: scales[(index + 3 * offset) % len(scales)] for offset, name in enumerate(names)}
    for whole in _SIGNED:
        yield {name: Fraction(whole[offset % 5] + offset // 5) for offset, name in enumerate(names)}


def whole_points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """Points of small positive integers, for expressions that have no meaning elsewhere."""
    for index in range(10):
        yield {name: Fraction(1 + index * (offset + 1) + 2 * offset) for offset, name in enumerate(names)}
    for index in range(6 if len(names) > 1 else 0):
        yield {name: Fraction(1 + index + (len(names) - offset) * 2) for offset, name in enumerate(names)}


def positive_points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """The points of the positive domain."""
    for point in points(names):
        yield {name: abs(value) or Fraction(1, 3) for name, value in point.items()}


def points_of(names: list[str], domain: str, *, integers: bool) -> Iterator[dict[str, Fraction]]:
    """The points of a domain; complex ones are given their imaginary parts by `imaginary`."""
    if integers:
        return whole_points(names)
    if domain == "integer":
        return (
            {name: Fraction(int(value)) if value.denominator > 1 else value for name, value in point.items()}
            for point in (*points(names), *whole_points(names))
        )
    return positive_points(names) if domain == "positive" else points(names)


def imaginary(point: dict[str, Fraction]) -> dict[str, Fraction]:
    """Imaginary parts that go with the real parts of a complex point."""
    return {name: Fraction(index + 2, 3 + index) for index, name in enumerate(point)}


def needs_integers(node: Node) -> bool:
    """Whether a factorial, a binomial coefficient or a symbolic sum makes sense at integers alone."""
    return any(_is_discrete(part) for part in walk(node) if isinstance(part, Call))


def _is_discrete(part: Call) -> bool:
    if part.head in {"Factorial", "Factorial2", "Binomial", "Gcd", "Lcm"}:
        return bool(free_symbols(part))
    if part.head in {"Sum", "Product"}:
        binder: Any = part.args[1]
        return any(free_symbols(end) for end in binder.args[1:])
    return False
