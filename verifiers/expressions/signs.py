"""What is known of generators: signs, conjugates, logarithms, and the denominators of exponents.

In the reals an even root and a logarithm say that their argument is not negative; such facts give signs. A fact or a
denominator found late raises Restart, and everything is built again with it. Where such a fact leaves two signs open,
`open_sign` names one of them, and a proof may go on case by case.
"""

import math
from fractions import Fraction
from typing import Self

from proofmill.verifiers.expressions.field import (
    Field,
    Polynomial,
    Quotient,
    Restart,
    Unprovable,
    as_rational,
    gens,
)

POWER = 10_000
"""The largest exponent, and the largest denominator of one."""

Factors = list[tuple[Polynomial, int]]


class SignedField(Field):
    """A field with what is known of its generators; `real` while no value in it may be complex."""

    def __init__(self, *, real: bool, positive: bool = False) -> None:
        super().__init__()
        self.real = real
        self.all_positive = positive
        self.denominators: dict[str, int] = {}
        self.signs: dict[str, int] = {}
        self.asked: set[str] = set()
        self.open_sign: str | None = None
        self.positive: set[int] = set()
        self.conjugates: dict[int, Polynomial] = {}
        self.wild: set[int] = set()
        self.logs: dict[int, Quotient] = {}
        self.roots: dict[int, tuple[Polynomial, int]] = {}
        self.arguments: dict[int, Polynomial] = {}

    # Tables that outlive a restart -----------------------------------------------------------------------------------

    def supposing(self, part: str, sign: int) -> Self:
        """The field of one of two cases: the polynomial with this text has this sign, or is zero."""
        found = type(self)(real=self.real, positive=self.all_positive)
        found.keys, found.denominators = dict(self.keys), dict(self.denominators)
        found.signs = {**self.signs, part: sign}
        return found

    def denominator(self, key: str, wanted: int) -> int:
        """The common denominator of a kernel's exponents; Restart when it grows after use."""
        known = self.denominators.get(key)
        if known is not None and known % wanted == 0:
            return known
        self.denominators[key] = math.lcm(known or 1, wanted)
        if self.denominators[key] > POWER:
            raise Unprovable("an exponent with a large denominator")
        if known is not None:
            raise Restart
        return wanted

    def sign(self, part: Polynomial) -> int:
        """1 where a polynomial is known not to be negative, -1 not positive, 0 unknown; the answer is relied on."""
        found = self._known_sign(part)
        self.asked.add(str(part))
        return found

    def _known_sign(self, part: Polynomial) -> int:
        value = as_rational(part)
        if value is not None:
            return 1 if value >= 0 else -1
        if found := self.signs.get(str(part), 0):
            return found
        terms = list(part.terms())
        if not all(self._is_square(exponents) for exponents, _ in terms):
            return 0
        signs = {coefficient > 0 for _, coefficient in terms}
        return 0 if len(signs) > 1 else 1 if True in signs else -1

    def _is_square(self, exponents: tuple[int, ...]) -> bool:
        return all(
            power == 0
            or index in self.positive
            or (power % 2 == 0 and index not in self.conjugates and index not in self.wild)
            for index, power in enumerate(exponents)
        )

    def not_negative(self, factors: Factors, factor: Fraction) -> None:
        """In the reals: take down that a product is not negative, when that gives the sign of one of its factors."""
        if not all(self.is_real(part) for part, _ in factors):
            return
        sign, open_factors = (1 if factor > 0 else -1), []
        for part, exponent in factors:
            if exponent % 2 == 0:
                continue
            known = self._known_sign(part)
            if known == 0:
                open_factors.append(part)
            sign *= known or 1
        if not open_factors and sign < 0:
            raise Unprovable("defined nowhere, or at single points")
        if len(open_factors) == 1:
            self.signs[str(open_factors[0])] = sign
            if str(open_factors[0]) in self.asked:
                raise Restart
        elif open_factors:
            self.open_sign = str(open_factors[0])

    # Real and complex ------------------------------------------------------------------------------------------------

    def is_real(self, part: Polynomial) -> bool:
        """Whether no generator in a polynomial can have a complex value."""
        return not any(
            power and (index in self.conjugates or index in self.wild) for index, power in enumerate(part.degrees())
        )

    def is_real_quotient(self, value: Quotient) -> bool:
        return self.is_real(value.above) and self.is_real(value.below)

    def conjugate(self, part: Polynomial) -> Polynomial:
        used = [index for index, power in enumerate(part.degrees()) if power]
        if any(index in self.wild for index in used):
            raise Unprovable("a conjugate that is not known")
        if not any(index in self.conjugates for index in used):
            return part
        return part.compose(*(self.conjugates.get(index, generator) for index, generator in enumerate(gens())))
