"""Roots, logarithms, exponentials and circular functions as generators of a `Field`, with the relations they obey.

|f|^r is split over the irreducible factors f of a radicand or argument (|fg| = |f||g| holds for complex f too), with
R = |f|^(1/m) and R^m = +-f where the sign of f is known, else R^(2m) = f times its conjugate. log|f| splits the same
way. exp splits over the terms of its argument; sin, cos, sinh, ... are exponentials; what stands before i*pi times a
rational number is a root of unity. In the reals an even root and a logarithm say that their argument is not negative:
such facts give signs. A fact or denominator found late raises Restart, and everything is built again.
"""

import math
from fractions import Fraction

from flint import fmpz, fmpz_poly

from proofmill.verifiers.expressions.field import (
    Polynomial,
    Quotient,
    Unprovable,
    as_rational,
    constant,
    context,
    gens,
    rational,
    unit,
)
from proofmill.verifiers.expressions.signs import POWER, Factors, SignedField

CIRCLE = 240
"""The highest root of unity that is worked with."""
LARGEST_FACTORED = 120
"""Terms of a polynomial that is still factored, and its degree."""
PRIME_BITS = 80
"""Of an integer that is still factored."""
_GAUSS_PRIMES = (3, 5, 7, 11, 13)


class Kernels(SignedField):
    """The field of one comparison."""

    # Roots of unity --------------------------------------------------------------------------------------------------

    def turned(self, turn: Fraction) -> Quotient:
        """exp(2 pi i turn)."""
        order = self.denominator("unity", math.lcm(4, turn.denominator))
        if order > CIRCLE:
            raise Unprovable("a root of unity of high order")
        return Quotient(self._unity(order) ** int(turn * order % order), unit())

    def imaginary(self) -> Quotient:
        return self.turned(Fraction(1, 4))

    def _unity(self, order: int) -> Polynomial:
        key = f"unity {order}"
        found = self.generator(key)
        index = self.keys[key]
        if index not in self.relations:
            coefficients = fmpz_poly.cyclotomic(order).coeffs()
            self.relate(key, sum((int(value) * found**power for power, value in enumerate(coefficients)), unit() * 0))
            self.conjugates[index] = found ** (order - 1)
            self.logs[index] = constant(0)
        return found

    # Powers of absolute values ---------------------------------------------------------------------------------------

    def magnitude(self, part: Polynomial, exponent: Fraction) -> Quotient:
        """|f|^r of an irreducible polynomial or a prime number."""
        if exponent == 0:
            return constant(1)
        single = self._single(part)
        if single in self.logs:
            return self.exp(self.scaled(self.logs[single], exponent))
        if single in self.roots:
            inner, order = self.roots[single]
            return self.magnitude(inner, exponent / order)
        sign = self.sign(part)
        if exponent.denominator == 1 and sign:
            return self.power(Quotient(part * sign, unit()), int(exponent))
        if exponent.denominator == 1 and exponent % 2 == 0:
            return self.power(Quotient(part * self.conjugate(part), unit()), int(exponent) // 2)
        return self._root_power(part, exponent, sign)

    def _root_power(self, part: Polynomial, exponent: Fraction, sign: int) -> Quotient:
        order = self.denominator(f"root {part}", exponent.denominator)
        prime = as_rational(part)
        if order == 2 and prime is not None and self._gauss_sum(int(prime)) is not None:
            return self.power(self._gauss_sum(int(prime)) or constant(0), int(exponent * 2))
        key = f"root {part} 1/{order}"
        found = self.generator(key)
        index = self.keys[key]
        if index not in self.relations:
            self.roots[index] = (part, order)
            self.positive.add(index)
            relation = found**order - part * sign if sign else found ** (2 * order) - part * self.conjugate(part)
            self.relate(key, relation)
        return self.power(Quotient(found, unit()), int(exponent * order))

    def _gauss_sum(self, prime: int) -> Quotient | None:
        """sqrt(p) in the roots of unity, where those in use hold it."""
        order = self.denominators.get("unity", 1)
        if prime == 2 and order % 8 == 0:
            return self.add(self.turned(Fraction(1, 8)), self.turned(Fraction(-1, 8)))
        if prime not in _GAUSS_PRIMES or order % (4 * prime):
            return None
        total = constant(0)
        for residue in range(1, prime):
            symbol = 1 if pow(residue, (prime - 1) // 2, prime) == 1 else -1
            total = self.add(total, self.scaled(self.turned(Fraction(residue, prime)), Fraction(symbol)))
        return total if prime % 4 == 1 else self.multiply(total, self.turned(Fraction(-1, 4)))

    def _single(self, part: Polynomial) -> int:
        """The index of the generator that a polynomial is, -1 for any other."""
        degrees = part.degrees()
        used = [index for index, power in enumerate(degrees) if power]
        return used[0] if len(used) == 1 and degrees[used[0]] == 1 and part == gens()[used[0]] else -1

    def factors(self, value: Quotient) -> tuple[Fraction, Factors]:
        """A quotient as a rational factor and powers of irreducible polynomials."""
        low = self.lowest(value)
        found: Factors = []
        factor = Fraction(1)
        for part, sign in ((low.above, 1), (low.below, -1)):
            if part.is_zero():
                raise Unprovable("a root or logarithm of zero")
            if len(part) > LARGEST_FACTORED or (len(part) > 1 and int(part.total_degree()) > LARGEST_FACTORED):
                raise Unprovable("a polynomial too large to factor")
            content, pieces = part.factor()
            factor *= Fraction(int(content.p), int(content.q)) ** sign
            found += [(piece, sign * int(power)) for piece, power in pieces]
        return factor, found

    def number_factors(self, number: Fraction) -> Factors:
        """The primes of a rational number's absolute value, as constant polynomials."""
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > PRIME_BITS:
            raise Unprovable("an integer too large to factor")
        parts = [(fmpz(abs(number.numerator)), 1), (fmpz(number.denominator), -1)]
        return [
            (unit() * int(prime), sign * int(power))
            for whole, sign in parts
            if whole > 1
            for prime, power in whole.factor()
        ]

    # Exponentials ----------------------------------------------------------------------------------------------------

    def exp(self, value: Quotient) -> Quotient:
        low = self.lowest(value)
        found = constant(1)
        for exponents, coefficient in low.above.terms():
            monomial = context().term(exp_vec=exponents, coeff=1)
            shared = monomial.gcd(low.below)
            lead = (low.below / shared).leading_coefficient()
            factor = coefficient / lead
            term = Quotient(monomial / shared, low.below / shared / lead)
            found = self.multiply(found, self._exp_term(term, Fraction(int(factor.p), int(factor.q))))
        return found

    def _exp_term(self, term: Quotient, factor: Fraction) -> Quotient:
        """exp(c t) of one term t: a power of |f| for t = log|f|, a root of unity for i pi, else a generator."""
        single = self._single(term.above) if term.below.is_constant() else -1
        if single in self.arguments:
            return self.magnitude(self.arguments[single], factor)
        order = self.denominators.get("unity", 0)
        unity = self.keys.get(f"unity {order}", -1)
        depth = int(term.above.degrees()[unity]) if unity >= 0 else 0
        rest = Quotient(term.above / gens()[unity] ** depth, term.below) if depth else term
        circular = bool(depth) and depth * 4 == order and self.is_real_quotient(rest)
        if circular and rest.below.is_constant() and "pi" in self.keys and rest.above == gens()[self.keys["pi"]]:
            return self.turned(factor / 2)
        return self._exp_generator(term, factor, circular)

    def _exp_generator(self, term: Quotient, factor: Fraction, circular: bool) -> Quotient:
        key = f"exp ({term.above})/({term.below})"
        scale = self.denominator(key, factor.denominator)
        power = int(factor * scale)
        if abs(power) > POWER:
            raise Unprovable("a large exponent")
        names = f"{key} 1/{scale}", f"{key} -1/{scale}"
        up, down = (self.generator(name) for name in names)
        above, below = (self.keys[name] for name in names)
        if below not in self.relations:
            self.relations[below] = up * down - 1
            self.inverses[below] = above
            self._describe(above, below, Quotient(term.above * rational(Fraction(1, scale)), term.below), circular)
        return Quotient(up**power if power > 0 else down**-power, unit())

    def _describe(self, above: int, below: int, argument: Quotient, circular: bool) -> None:
        """What is known of exp(t) and exp(-t): positive for a real t, on the unit circle for an imaginary one."""
        if circular:
            self.conjugates |= {above: gens()[below], below: gens()[above]}
            self.logs |= {above: constant(0), below: constant(0)}
        elif self.is_real_quotient(argument):
            self.positive |= {above, below}
            self.logs |= {above: argument, below: self.negate(argument)}
        else:
            self.wild |= {above, below}

    # Logarithms ------------------------------------------------------------------------------------------------------

    def log_magnitude(self, part: Polynomial) -> Quotient:
        """log|f| of an irreducible polynomial or a prime number."""
        single = self._single(part)
        if single in self.logs:
            return self.logs[single]
        if single in self.roots:
            inner, order = self.roots[single]
            return self.scaled(self.log_magnitude(inner), Fraction(1, order))
        key = f"log {part}"
        found = self.generator(key)
        self.arguments[self.keys[key]] = part
        return Quotient(found, unit())

    # Anything else ---------------------------------------------------------------------------------------------------

    def opaque(self, key: str, *, real: bool = True) -> Quotient:
        """A generator of which nothing is known but its key."""
        found = self.generator(key)
        if not real:
            self.wild.add(self.keys[key])
        return Quotient(found, unit())
