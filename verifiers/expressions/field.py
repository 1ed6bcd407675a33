"""Quotients of polynomials over the rationals in generators: symbols, and whatever else has a relation to them.

A generator stands for a symbol or for a kernel such as sqrt(x+1) or exp(x); a relation is a polynomial that is zero and
monic in the generator that it belongs to, with older generators below it (lexicographic order, younger is larger). So
reducing by the relations, the youngest first, is a normal form: a numerator that reduces to zero is zero. The reverse
need not hold (sqrt(3 + 2 sqrt(2)) is 1 + sqrt(2)), so only zero is a proof. Sizes are bounded before multiplying.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

Polynomial = Any
"""flint.fmpq_mpoly; python-flint has no annotations."""

GENERATORS = 40
TERMS = 4_000
"""Of any polynomial that is computed; products and powers are estimated before they are taken."""
WORK = 200_000
"""Products of terms in one multiplication."""
DEGREE = 200_000
COEFFICIENT_BITS = 60_000
RESTARTS = 12


class Unprovable(ArithmeticError):
    """Nothing follows from the relations: too large, no zero found, or a step outside the method."""


class Restart(ArithmeticError):
    """A table was refined (a common denominator, a sign): what was built before it is built again."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """`above` over `below`, not always in lowest terms."""

    above: Polynomial
    below: Polynomial


@cache
def context() -> Any:
    """The one polynomial ring that everything happens in."""
    return fmpq_mpoly_ctx.get(("k", GENERATORS), Ordering.lex)


@cache
def gens() -> tuple[Polynomial, ...]:
    return tuple(context().gens())


@cache
def unit() -> Polynomial:
    return context().constant(1)


def rational(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def constant(value: Fraction | int) -> Quotient:
    """A rational number as a quotient."""
    number = Fraction(value)
    return Quotient(unit() * rational(number), unit())


def as_rational(part: Polynomial) -> Fraction | None:
    """The value of a polynomial without generators."""
    if not part.is_constant():
        return None
    found = part.leading_coefficient() if not part.is_zero() else fmpq(0)
    return Fraction(int(found.p), int(found.q))


class Field:
    """The generators of one comparison, their relations, and arithmetic within bounds."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.relations: dict[int, Polynomial] = {}
        self.inverses: dict[int, int] = {}

    # Generators ------------------------------------------------------------------------------------------------------

    def generator(self, key: str) -> Polynomial:
        """The generator of a key, made when it is first asked for."""
        if key not in self.keys:
            if len(self.keys) >= GENERATORS:
                raise Unprovable("too many different kernels")
            self.keys[key] = GENERATORS - 1 - len(self.keys)
        return gens()[self.keys[key]]

    def relate(self, key: str, zero: Polynomial) -> None:
        """What is known of a generator: a polynomial that vanishes and is monic in it."""
        self.relations[self.keys[key]] = zero

    def reduced(self, part: Polynomial) -> Polynomial:
        """The normal form: the remainder by every relation, the youngest generator first."""
        for index in sorted(self.relations):
            if part.is_constant():
                return part
            part = part % self.relations[index]
            if len(part) > TERMS:
                raise Unprovable("too many terms")
        return part

    def is_zero(self, value: Quotient) -> bool:
        return bool(self.reduced(value.above).is_zero())

    # Arithmetic ------------------------------------------------------------------------------------------------------

    def add(self, one: Quotient, two: Quotient) -> Quotient:
        if one.below == two.below:
            return Quotient(one.above + two.above, one.below)
        shared = unit() if one.below.is_constant() or two.below.is_constant() else one.below.gcd(two.below)
        left, right = two.below / shared, one.below / shared
        above = _product(one.above, left) + _product(two.above, right)
        return Quotient(above, _product(one.below, left))

    def multiply(self, one: Quotient, two: Quotient) -> Quotient:
        return Quotient(_product(one.above, two.above), _product(one.below, two.below))

    def inverse(self, value: Quotient) -> Quotient:
        if self.is_zero(value):
            raise Unprovable("division by zero")
        return Quotient(value.below, value.above)

    def divide(self, one: Quotient, two: Quotient) -> Quotient:
        return self.multiply(one, self.inverse(two))

    def negate(self, value: Quotient) -> Quotient:
        return Quotient(-value.above, value.below)

    def scaled(self, value: Quotient, factor: Fraction) -> Quotient:
        return Quotient(value.above * rational(factor), value.below)

    def power(self, value: Quotient, exponent: int) -> Quotient:
        """A whole power; a base too large to multiply out becomes a generator of its own."""
        if exponent < 0:
            value, exponent = self.inverse(value), -exponent
        return Quotient(self._whole_power(value.above, exponent), self._whole_power(value.below, exponent))

    def _whole_power(self, base: Polynomial, exponent: int) -> Polynomial:
        if base.is_constant() and not base.is_zero():
            if _bits(base) * exponent > COEFFICIENT_BITS:
                raise Unprovable("a number too large")
            return base**exponent
        if int(base.total_degree()) * exponent > DEGREE:
            raise Unprovable("a degree too large")
        if _terms(len(base), exponent) > TERMS // 4 or _bits(base) * exponent > COEFFICIENT_BITS:
            return self._opaque(base, exponent)
        return base**exponent

    def _opaque(self, base: Polynomial, exponent: int) -> Polynomial:
        """A huge power of a sum, with the sum as generator up to a rational factor."""
        content = base.leading_coefficient()
        if content.p.bit_length() + content.q.bit_length() > COEFFICIENT_BITS // exponent:
            raise Unprovable("a number too large")
        return self.generator(f"base {self.reduced(base / content)}") ** exponent * content**exponent

    def lowest(self, value: Quotient) -> Quotient:
        """In normal form and lowest terms, the leading coefficient below 1: two spellings mostly come out alike."""
        above, below = self.reduced(value.above), self.reduced(value.below)
        if below.is_zero():
            raise Unprovable("division by zero")
        above, below = self._without_inverses(above, below)
        if not below.is_constant():
            shared = above.gcd(below)
            above, below = above / shared, below / shared
            above, below = self._without_roots_below(above, below)
        lead = below.leading_coefficient()
        return Quotient(above / lead, below / lead)

    def _without_inverses(self, above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
        """exp(-x) as 1/exp(x), so that factors are seen."""
        for down, up in self.inverses.items():
            depth = max(int(above.degrees()[down]), int(below.degrees()[down]))
            if depth:
                lift = gens()[up] ** depth
                above, below = self.reduced(_product(above, lift)), self.reduced(_product(below, lift))
        return above, below

    def _without_roots_below(self, above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
        """1/sqrt(2) as sqrt(2)/2: powers of numbers under roots leave the denominator."""
        for index in sorted(self.relations):
            depth = int(below.degrees()[index])
            relation = self.relations[index]
            order = int(relation.degrees()[index])
            generator = gens()[index]
            rest = generator**order - relation
            if 0 < depth < order and rest.is_constant() and (below % generator).is_zero():
                lift = generator ** (order - depth)
                above, below = self.reduced(_product(above, lift)), self.reduced(_product(below, lift))
        return above, below

    def key(self, value: Quotient) -> str:
        """A text that equal values mostly share, and different ones never."""
        found = self.lowest(value)
        return f"({found.above})/({found.below})"


def _product(one: Polynomial, two: Polynomial) -> Polynomial:
    if len(one) * len(two) > WORK:
        raise Unprovable("too many terms")
    found = one * two
    if len(found) > TERMS:
        raise Unprovable("too many terms")
    return found


def _terms(summands: int, exponent: int) -> int:
    """How many terms a power of a sum has at most."""
    if summands < 2:
        return summands
    if exponent > TERMS:
        return exponent
    return math.comb(exponent + min(summands, 12) - 1, min(summands, 12) - 1) if summands <= 12 else summands**exponent


def _bits(base: Polynomial) -> int:
    return max((int(value.p).bit_length() + int(value.q).bit_length() for value in base.coeffs()), default=0)
