"""Points of the real line held exactly: rational numbers, and real roots of irreducible polynomials."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq, fmpq_poly

from proofmill.verifiers.expressions import balls
from proofmill.verifiers.verdict import Unreadable

Polynomial = Any
"""flint.fmpq_poly."""
Ball = Any

DEGREE = 64
"""The highest degree of a polynomial whose factors and roots are looked for, powers of x aside."""
ROOT_BITS = (64, 256, 1024, 4096)
"""Precisions at which roots are isolated, until no two touch."""


@dataclass(frozen=True, slots=True)
class Rational:
    """A rational point."""

    value: Fraction

    def ball(self) -> Ball:
        return arb(fmpq(self.value.numerator, self.value.denominator))

    def annuls(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is zero here."""
        return bool(polynomial(fmpq(self.value.numerator, self.value.denominator)) == 0)

    def text(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Root:
    """The real root number `index`, from the left, of an irreducible polynomial over the rationals."""

    polynomial: Polynomial
    index: int

    def ball(self) -> Ball:
        """An enclosure at the present precision."""
        if self.polynomial.degree() == 1:
            return arb(-self.polynomial[0] / self.polynomial[1])
        return _real_roots(self.polynomial)[self.index]

    def annuls(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is zero here: whether the irreducible one divides it."""
        return bool(polynomial % self.polynomial == 0)

    def text(self) -> str:
        if self.polynomial.degree() == 1:
            return str(-self.polynomial[0] / self.polynomial[1])
        with balls.precision(64):
            return f"{float(self.ball().mid()):.12g}, a root of {self.polynomial}"


Place = Rational | Root


def roots_of(polynomials: Iterable[Polynomial]) -> list[Root]:
    """The real roots of some polynomials, each once, from left to right."""
    irreducible = {}
    for polynomial in polynomials:
        if polynomial.degree() > 0:
            for factor, _ in _factors(polynomial):
                monic = factor / factor.leading_coefficient()
                irreducible[tuple(map(str, monic.coeffs()))] = monic
    for bits in ROOT_BITS:
        with balls.precision(bits):
            found = [
                (ball, Root(factor, index))
                for _, factor in sorted(irreducible.items())
                for index, ball in enumerate(_enclosures(factor))
            ]
            found.sort(key=lambda pair: _middle(pair[0]))
            if all(bool(one[0] < two[0]) for one, two in itertools.pairwise(found)):
                return [root for _, root in found]
    raise Unreadable("roots too close to be told apart", reason="too_large")


def _factors(polynomial: Polynomial) -> list[tuple[Polynomial, int]]:
    """The irreducible factors; powers of x are split off first, whose degree may be in the thousands."""
    found: list[tuple[Polynomial, int]] = []
    shift = next(index for index, factor in enumerate(polynomial.coeffs()) if factor != 0)
    if shift:
        found.append((fmpq_poly([0, 1]), shift))
        polynomial = fmpq_poly(polynomial.coeffs()[shift:])
    if polynomial.degree() > DEGREE:
        raise Unreadable(f"a polynomial of degree over {DEGREE}", reason="too_large")
    return found + [(fmpq_poly(factor), power) for factor, power in polynomial.factor()[1]]


def _enclosures(factor: Polynomial) -> list[Ball]:
    if factor.degree() == 1:
        return [arb(-factor[0] / factor[1])]
    return _real_roots(factor)


def _real_roots(polynomial: Polynomial) -> list[Ball]:
    """Balls around the real roots, sorted; FLINT's isolation gives a real root an imaginary part of exactly zero."""
    pairs: list[Any] = fmpq_poly(polynomial).complex_roots()
    found = [root.real for root, _ in pairs if root.imag.is_zero()]
    return sorted(found, key=_middle)


def _middle(ball: Ball) -> Any:
    return ball.mid().fmpq()


def samples(roots: list[Root]) -> list[Place]:
    """The roots with a rational point in every open cell between and around them, from left to right."""
    if not roots:
        return [Rational(Fraction(0))]
    with balls.precision(ROOT_BITS[-1] if len(roots) > 1 else 64):
        enclosures = [_bounds(root.ball()) for root in roots] if len(roots) < 2 else _apart(roots)
    found: list[Place] = [Rational(Fraction(int(enclosures[0][0] // 1) - 1))]
    for root, here, after in zip(roots, enclosures, [*enclosures[1:], None], strict=True):
        found.append(root)
        found.append(Rational(Fraction(int(here[1] // 1) + 2) if after is None else simplest(here[1], after[0])))
    return found


def _apart(roots: list[Root]) -> list[tuple[Fraction, Fraction]]:
    for bits in ROOT_BITS:
        with balls.precision(bits):
            ends = [_bounds(root.ball()) for root in roots]
        if all(one[1] < two[0] for one, two in itertools.pairwise(ends)):
            return ends
    raise Unreadable("roots too close to be told apart", reason="too_large")


def _bounds(ball: Ball) -> tuple[Fraction, Fraction]:
    lower, upper = ball.lower().fmpq(), ball.upper().fmpq()
    return Fraction(int(lower.p), int(lower.q)), Fraction(int(upper.p), int(upper.q))


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The rational number strictly between two others that has the smallest denominator."""
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(whole + 1) if not low < 0 < high else Fraction(0)
    rest_low, rest_high = low - whole, high - whole
    if rest_low == 0:
        return whole + Fraction(1, int(1 / rest_high) + 1)
    return whole + 1 / simplest(1 / rest_high, 1 / rest_low)
