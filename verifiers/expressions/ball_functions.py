"""What each head does to complex balls (Arb): certified enclosures of its value."""

import math
from collections.abc import Callable
from typing import Any, Protocol

from flint import acb, arb

from proofmill.verifiers.expressions import limits

Ball = Any
"""flint.acb; python-flint has no annotations."""


class Undefined(ArithmeticError):
    """The expression has no value here that balls can enclose: a pole, no real number, or no method."""


class Unsupported(Undefined):
    """There may be a value, but no method for it here."""


class Here(Protocol):
    """What a function may ask of the evaluation around it."""

    real: bool
    analytic: bool


Function = Callable[[list[Ball], Any], Ball]


def _absolute(parts: list[Ball], here: Here) -> Ball:
    if here.real or here.analytic or parts[0].imag.is_zero():
        return parts[0].real_abs(analytic=here.analytic)
    return acb(abs(parts[0]))


def _real(name: str) -> Function:
    """A step function of a real argument: finite only where the ball lies on one step."""

    def function(parts: list[Ball], here: Here) -> Ball:
        return getattr(parts[0], name)(analytic=here.analytic)

    return function


def _plain(name: str) -> Function:
    def function(parts: list[Ball], _: Here) -> Ball:
        return getattr(parts[0], name)()

    return function


def _cut(name: str, inside: Callable[[Ball], bool]) -> Function:
    """A function with branch cuts: on a path that may touch one there is no finite ball."""

    def function(parts: list[Ball], here: Here) -> Ball:
        if here.analytic and not inside(parts[0]):
            raise Undefined(f"{name} near its branch cut")
        return getattr(parts[0], name)()

    return function


def _extreme(name: str) -> Function:
    def function(parts: list[Ball], here: Here) -> Ball:
        found = parts[0]
        for part in parts[1:]:
            found = getattr(found, name)(part, analytic=here.analytic)
        return found

    return function


def _sum(parts: list[Ball], _: Here) -> Ball:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _product(parts: list[Ball], _: Here) -> Ball:
    total = parts[0]
    for part in parts[1:]:
        total = total * part
    return total


def _binomial(parts: list[Ball], _: Here) -> Ball:
    upper, lower = parts
    return (upper + 1).gamma() * (lower + 1).rgamma() * (upper - lower + 1).rgamma()


def _within_one(point: Ball) -> bool:
    return bool(abs(point) < 1)


def _whole(part: Ball) -> int:
    """The integer that a ball certainly is."""
    found = part.unique_fmpz() if part.is_exact() else None
    if found is None:
        raise Undefined("not certainly an integer")
    return int(found)


def _integers(rule: Callable[..., int]) -> Function:
    def function(parts: list[Ball], _: Here) -> Ball:
        return acb(rule(*map(_whole, parts)))

    return function


def _double_factorial(number: int) -> int:
    if not 0 <= number <= limits.FACTORIAL_ARGUMENT:
        raise Undefined("a double factorial out of bounds")
    return math.prod(range(number, 0, -2))


def _modulo(parts: list[Ball], here: Here) -> Ball:
    return parts[0] - parts[1] * (parts[0] / parts[1]).real_floor(analytic=here.analytic)


def _rounded(parts: list[Ball], here: Here) -> Ball:
    """To the nearest integer; a half is left open, for there are several customs."""
    lower = (parts[0] + acb(arb("0.5"))).real_floor(analytic=here.analytic)
    upper = (parts[0] - acb(arb("0.5"))).real_ceil(analytic=here.analytic)
    if not lower.is_exact() or not upper.is_exact() or lower != upper:
        raise Undefined("a half to be rounded")
    return lower


def _angle(parts: list[Ball], _: Here) -> Ball:
    """atan2(y, x)."""
    return acb(acb(parts[1].real, parts[0].real).arg())


def _square_root(parts: list[Ball], here: Here) -> Ball:
    return parts[0].sqrt(analytic=here.analytic)


FUNCTIONS: dict[str, Function] = {
    "Abs": _absolute,
    "Acos": _cut("acos", _within_one),
    "Acosh": _cut("acosh", lambda point: bool(point.real > 1)),
    "Add": _sum,
    "Arg": lambda parts, _: acb(parts[0].arg()),
    "Asin": _cut("asin", _within_one),
    "Asinh": _cut("asinh", lambda point: bool(abs(point.imag) < 1)),
    "Atan": _cut("atan", lambda point: bool(abs(point.imag) < 1)),
    "Atan2": _angle,
    "Atanh": _cut("atanh", _within_one),
    "Binomial": _binomial,
    "Ceiling": _real("real_ceil"),
    "Conjugate": lambda parts, _: parts[0].conjugate(),
    "Cos": _plain("cos"),
    "Cosh": _plain("cosh"),
    "Div": lambda parts, _: parts[0] / parts[1],
    "Erf": _plain("erf"),
    "Exp": _plain("exp"),
    "Factorial": lambda parts, _: (parts[0] + 1).gamma(),
    "Factorial2": _integers(_double_factorial),
    "Floor": _real("real_floor"),
    "Gamma": _plain("gamma"),
    "Gcd": _integers(math.gcd),
    "Im": lambda parts, _: acb(parts[0].imag),
    "Lcm": _integers(math.lcm),
    "Log": lambda parts, here: parts[0].log(analytic=here.analytic),
    "Max": _extreme("real_max"),
    "Min": _extreme("real_min"),
    "Mod": _modulo,
    "Mul": _product,
    "Neg": lambda parts, _: -parts[0],
    "Re": lambda parts, _: acb(parts[0].real),
    "Round": _rounded,
    "Sign": _real("real_sgn"),
    "Sin": _plain("sin"),
    "Sinc": _plain("sinc"),
    "Sinh": _plain("sinh"),
    "Sqrt": _square_root,
    "Tan": _plain("tan"),
    "Tanh": _plain("tanh"),
}
