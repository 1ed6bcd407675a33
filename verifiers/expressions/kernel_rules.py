"""What each head is in a field of kernels: one rule per head; a head without a rule is a kernel of its own."""

import math
from collections.abc import Callable
from fractions import Fraction

from proofmill.verifiers.expressions import roots
from proofmill.verifiers.expressions.field import Quotient, Unprovable, as_rational, constant, unit
from proofmill.verifiers.expressions.kernels import Kernels

SHIFT = 60
"""How far (n+k)! is taken apart to n!."""
LARGEST_FACTORIAL = 1_000

_Parts = list[Quotient]


def _factorial(field: Kernels, parts: _Parts) -> Quotient:
    """(n+k)! as n! times what is between; n is the argument without the whole part of its constant term."""
    low = field.lowest(parts[0])
    whole = 0
    if low.below.is_constant() and not low.above.is_zero():
        start = low.above.coefficient(len(low.above) - 1)
        if not any(low.above.monomial(len(low.above) - 1)):
            whole = math.floor(Fraction(int(start.p), int(start.q)))
    base = field.add(low, constant(-whole))
    if base.above.is_zero():
        if not 0 <= whole <= LARGEST_FACTORIAL:
            raise Unprovable("a factorial out of bounds")
        return constant(math.factorial(whole))
    if abs(whole) > SHIFT:
        raise Unprovable("a factorial far away")
    found = field.opaque(f"factorial {field.key(base)}")
    for step in range(1, whole + 1):
        found = field.multiply(found, field.add(base, constant(step)))
    for step in range(whole + 1, 1):
        found = field.divide(found, field.add(base, constant(step)))
    return found


def _binomial(field: Kernels, parts: _Parts) -> Quotient:
    upper, lower = parts
    gap = field.add(upper, field.negate(lower))
    below = field.multiply(_factorial(field, [lower]), _factorial(field, [gap]))
    return field.divide(_factorial(field, [upper]), below)


def _circular(field: Kernels, parts: _Parts, sign: int) -> Quotient:
    """e^(iu) + e^(-iu), or their difference."""
    turned = field.multiply(field.imaginary(), parts[0])
    return field.add(field.exp(turned), field.scaled(field.exp(field.negate(turned)), Fraction(sign)))


def _hyperbolic(field: Kernels, parts: _Parts, sign: int) -> Quotient:
    return field.add(field.exp(parts[0]), field.scaled(field.exp(field.negate(parts[0])), Fraction(sign)))


def _sine(field: Kernels, parts: _Parts) -> Quotient:
    return field.scaled(field.multiply(_circular(field, parts, -1), field.turned(Fraction(-1, 4))), Fraction(1, 2))


def _tangent(field: Kernels, parts: _Parts) -> Quotient:
    ratio = field.divide(_circular(field, parts, -1), _circular(field, parts, 1))
    return field.multiply(ratio, field.turned(Fraction(-1, 4)))


def _inverse_hyperbolic(field: Kernels, parts: _Parts, shift: int) -> Quotient:
    """log(u + sqrt(u^2 +- 1))."""
    square = field.add(field.power(parts[0], 2), constant(shift))
    return roots.log(field, field.add(parts[0], roots.rational_power(field, square, Fraction(1, 2))))


def _inverse_tangent_hyperbolic(field: Kernels, parts: _Parts) -> Quotient:
    ratio = field.divide(field.add(constant(1), parts[0]), field.add(constant(1), field.negate(parts[0])))
    return field.scaled(roots.log(field, ratio), Fraction(1, 2))


def _odd(head: str) -> Callable[[Kernels, _Parts], Quotient]:
    """A function with f(-u) = -f(u), its argument up to sign."""

    def rule(field: Kernels, parts: _Parts) -> Quotient:
        low = field.lowest(parts[0])
        if low.above.is_zero():
            return constant(0)
        if (turn := _SPECIAL.get(head, {}).get(_square(field, low))) and (sign := field.sign(low.above)):
            return field.scaled(Quotient(field.generator("pi"), unit()), turn * sign)
        turned = low.above.leading_coefficient() < 0
        key = field.key(field.negate(low) if turned else low)
        found = field.opaque(f"{head} {key}", real=field.real)
        return field.negate(found) if turned else found

    return rule


_SPECIAL: dict[str, dict[Fraction | None, Fraction]] = {
    "Asin": {
        Fraction(1, 4): Fraction(1, 6), Fraction(1, 2): Fraction(1, 4), Fraction(3, 4): Fraction(1, 3),
        Fraction(1): Fraction(1, 2),
    },
    "Atan": {Fraction(1, 3): Fraction(1, 6), Fraction(1): Fraction(1, 4), Fraction(3): Fraction(1, 3)},
}  # fmt: skip
"""The square of an argument, and the angle as a multiple of pi."""


def _square(field: Kernels, value: Quotient) -> Fraction | None:
    """The square, where it is rational and the value is a real number over a positive one."""
    if not field.real or not value.below.is_constant():
        return None
    found = field.lowest(field.multiply(value, value))
    return as_rational(found.above) if found.below.is_constant() else None


def _angle(field: Kernels, real: Quotient, imaginary: Quotient) -> Quotient:
    """The angle of x + iy, by the signs and the ratio of x and y; only where the sign of x is known."""
    low = field.lowest(real)
    sign = (
        0 if low.above.is_zero() or not field.is_real_quotient(low) else field.sign(low.above) * field.sign(low.below)
    )
    if sign == 0:
        raise Unprovable("an angle of unknown quadrant")
    found = _odd("Atan")(field, [field.divide(imaginary, real)])
    if sign > 0:
        return found
    side = field.lowest(imaginary)
    half = field.sign(side.above) * field.sign(side.below)
    if half == 0:
        raise Unprovable("an angle of unknown quadrant")
    return field.add(found, field.scaled(Quotient(field.generator("pi"), unit()), Fraction(half)))


def _arc_cosine(field: Kernels, parts: _Parts) -> Quotient:
    half = field.scaled(Quotient(field.generator("pi"), unit()), Fraction(1, 2))
    return field.add(half, field.negate(_odd("Asin")(field, parts)))


def _larger(field: Kernels, parts: _Parts, sign: int) -> Quotient:
    """max(a, b) = (a + b + |a - b|) / 2."""
    found = parts[0]
    for part in parts[1:]:
        distance = roots.absolute(field, field.add(found, field.negate(part)))
        found = field.scaled(field.add(field.add(found, part), field.scaled(distance, Fraction(sign))), Fraction(1, 2))
    return found


def _total(field: Kernels, parts: _Parts) -> Quotient:
    found = parts[0]
    for part in parts[1:]:
        found = field.add(found, part)
    return found


def _product(field: Kernels, parts: _Parts) -> Quotient:
    found = parts[0]
    for part in parts[1:]:
        found = field.multiply(found, part)
    return found


def _conjugate(field: Kernels, parts: _Parts) -> Quotient:
    return Quotient(field.conjugate(parts[0].above), field.conjugate(parts[0].below))


def _real_part(field: Kernels, parts: _Parts) -> Quotient:
    return field.scaled(field.add(parts[0], _conjugate(field, parts)), Fraction(1, 2))


def _imaginary_part(field: Kernels, parts: _Parts) -> Quotient:
    gap = field.add(parts[0], field.negate(_conjugate(field, parts)))
    return field.scaled(field.multiply(gap, field.turned(Fraction(-1, 4))), Fraction(1, 2))


RULES: dict[str, Callable[[Kernels, _Parts], Quotient]] = {
    "Abs": lambda field, parts: roots.absolute(field, parts[0]),
    "Acos": _arc_cosine,
    "Acosh": lambda field, parts: _inverse_hyperbolic(field, parts, -1),
    "Add": _total,
    "Arg": lambda field, parts: _angle(field, _real_part(field, parts), _imaginary_part(field, parts)),
    "Asin": _odd("Asin"),
    "Asinh": lambda field, parts: _inverse_hyperbolic(field, parts, 1),
    "Atan": _odd("Atan"),
    "Atan2": lambda field, parts: _angle(field, parts[1], parts[0]),
    "Atanh": _inverse_tangent_hyperbolic,
    "Binomial": _binomial,
    "Conjugate": _conjugate,
    "Cos": lambda field, parts: field.scaled(_circular(field, parts, 1), Fraction(1, 2)),
    "Cosh": lambda field, parts: field.scaled(_hyperbolic(field, parts, 1), Fraction(1, 2)),
    "Div": lambda field, parts: field.divide(parts[0], parts[1]),
    "Exp": lambda field, parts: field.exp(parts[0]),
    "Factorial": _factorial,
    "Gamma": lambda field, parts: _factorial(field, [field.add(parts[0], constant(-1))]),
    "Im": _imaginary_part,
    "Log": lambda field, parts: roots.log(field, parts[0]),
    "Max": lambda field, parts: _larger(field, parts, 1),
    "Min": lambda field, parts: _larger(field, parts, -1),
    "Mul": _product,
    "Neg": lambda field, parts: field.negate(parts[0]),
    "Re": _real_part,
    "Sin": _sine,
    "Sinh": lambda field, parts: field.scaled(_hyperbolic(field, parts, -1), Fraction(1, 2)),
    "Sqrt": lambda field, parts: roots.rational_power(field, parts[0], Fraction(1, 2)),
    "Tan": _tangent,
    "Tanh": lambda field, parts: field.divide(_hyperbolic(field, parts, -1), _hyperbolic(field, parts, 1)),
}
