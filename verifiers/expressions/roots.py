"""Rational powers, absolute values and logarithms in a field of kernels, by the conventions of the domain.

In the reals a root of odd order of a negative number is real, and an even root or logarithm has an argument that is not
negative. With an imaginary unit about, powers and logarithms have their principal value.
"""

from fractions import Fraction

from proofmill.verifiers.expressions.field import Quotient, Unprovable, constant, gens, unit
from proofmill.verifiers.expressions.kernels import Kernels
from proofmill.verifiers.expressions.signs import Factors


def rational_power(field: Kernels, base: Quotient, exponent: Fraction) -> Quotient:
    """u^(p/q)."""
    if exponent.denominator == 1:
        return field.power(base, int(exponent))
    if field.is_zero(base):
        if exponent < 0:
            raise Unprovable("division by zero")
        return constant(0)
    try:
        factor, factors = field.factors(base)
    except Unprovable:
        return _opaque_root(field, base, exponent)
    if not field.real:
        return _principal_power(field, base, factor, factors, exponent)
    if exponent.denominator % 2:
        return _odd_root(field, base, factor, factors, exponent)
    field.not_negative(factors, factor)
    return _magnitudes(field, factor, factors, exponent)


def _magnitudes(field: Kernels, factor: Fraction, factors: Factors, exponent: Fraction) -> Quotient:
    """|u|^r, factor by factor."""
    found = constant(1)
    for part, power in [*field.number_factors(factor), *factors]:
        found = field.multiply(found, field.magnitude(part, exponent * power))
    return found


def _odd_root(field: Kernels, base: Quotient, factor: Fraction, factors: Factors, exponent: Fraction) -> Quotient:
    """The real root of odd order, sign by sign: the cube root of xy is that of x times that of y."""
    if not all(field.is_real(part) for part, _ in factors):
        return _opaque_root(field, base, exponent)
    sign = -1 if factor < 0 and exponent.numerator % 2 else 1
    found = field.scaled(_magnitudes(field, factor, [], exponent), Fraction(sign))
    for part, power in factors:
        known = field.sign(part)
        if known:
            turned = known if power * exponent.numerator % 2 else 1
            piece = field.scaled(field.magnitude(part, exponent * power), Fraction(turned))
        else:
            piece = _odd_power(field, part, exponent * power)
        found = field.multiply(found, piece)
    return found


def _odd_power(field: Kernels, part: object, exponent: Fraction) -> Quotient:
    """f^(p/q) for a polynomial of unknown sign and odd q."""
    order = field.denominator(f"odd {part}", exponent.denominator)
    key = f"odd root {part} 1/{order}"
    found = field.generator(key)
    if field.keys[key] not in field.relations:
        field.relate(key, found**order - part)
    return field.power(Quotient(found, unit()), int(exponent * order))


def _principal_power(
    field: Kernels, base: Quotient, factor: Fraction, factors: Factors, exponent: Fraction
) -> Quotient:
    """Positive bases split; a negative number turns by half the exponent; anything else is a kernel."""
    if not factors and factor < 0:
        return field.multiply(_magnitudes(field, factor, [], exponent), field.turned(exponent / 2))
    signs = [field.sign(part) if field.is_real(part) else 0 for part, _ in factors]
    if factor > 0 and all(
        sign == 1 or (power % 2 == 0 and sign) for sign, (_, power) in zip(signs, factors, strict=True)
    ):
        return _magnitudes(field, factor, factors, exponent)
    return _opaque_root(field, base, exponent)


def _opaque_root(field: Kernels, base: Quotient, exponent: Fraction) -> Quotient:
    """A root of which only its power is known: R^q = u where u is a polynomial."""
    low = field.lowest(base)
    order = exponent.denominator
    key = f"principal {field.key(low)} 1/{order}"
    found = field.opaque(key, real=field.real)
    if low.below.is_constant() and field.keys[key] not in field.relations:
        field.relate(key, found.above**order - low.above)
    return field.power(found, int(exponent * order))


def absolute(field: Kernels, value: Quotient) -> Quotient:
    """|u|; of a complex number too."""
    if field.is_zero(value):
        return constant(0)
    factor, factors = field.factors(value)
    found = constant(abs(factor))
    for part, power in factors:
        found = field.multiply(found, field.magnitude(part, Fraction(power)))
    return found


def log(field: Kernels, value: Quotient) -> Quotient:
    """log u, split over the factors of u where u is positive."""
    factor, factors = field.factors(value)
    if field.real:
        field.not_negative(factors, factor)
    else:
        known = [field.is_real(part) and field.sign(part) for part, _ in factors]
        if factor < 0 or not all(sign == 1 for sign in known):
            if not factors and factor < 0:
                turn = field.multiply(field.imaginary(), Quotient(field.generator("pi"), unit()))
                return field.add(log(field, constant(-factor)), turn)
            return field.opaque(f"log of {field.key(value)}", real=False)
    found = constant(0)
    for part, power in [*field.number_factors(factor), *factors]:
        found = field.add(found, field.scaled(field.log_magnitude(part), Fraction(power)))
    return found


def negative_power(field: Kernels, base: Fraction, exponent: Quotient) -> Quotient:
    """(-a)^u where it is real, at whole u: a^u times signs that split over the terms of u with odd coefficients."""
    found = field.exp(field.multiply(exponent, log(field, constant(-base))))
    low = field.lowest(exponent)
    for powers, coefficient in low.above.terms():
        monomial = field.key(Quotient(_term(powers), low.below))
        whole = Fraction(int(coefficient.p), int(coefficient.q))
        if whole.denominator != 1 or not low.below.is_constant():
            raise Unprovable("a power of a negative number")
        if not any(powers):
            found = field.scaled(found, Fraction(-1 if whole % 2 else 1))
            continue
        if whole % 2 == 0:
            monomial = f"{abs(whole)} {monomial}"
        key = f"sign power {monomial}"
        sign = field.generator(key)
        if field.keys[key] not in field.relations:
            field.relate(key, sign**2 - 1)
        found = field.multiply(found, Quotient(sign, unit()))
    return found


def _term(powers: tuple[int, ...]) -> object:
    found = unit()
    for generator, power in zip(gens(), powers, strict=True):
        if power:
            found = found * generator**power
    return found
