"""The functions of the spec language: spelling, arity, what the teacher is told, and how they are worked out."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

from proofmill.verifiers.expressions import limits

Exact: TypeAlias = int | Fraction


class Undefined(ArithmeticError):
    """A value that does not exist: the atom around it does not hold."""


@dataclass(frozen=True, slots=True)
class Function:
    """One name of the language: the head it becomes, how many arguments, its description, its rule for numbers."""

    head: str
    fewest: int
    most: int
    words: str
    rule: Callable[..., Exact | bool] | None = None
    statement: bool = False


FACTORED_DIGITS = 40
"""Integers that are factored have at most this many digits."""
MANY = 30
MODULUS_BITS, EXPONENT_BITS = 2_000, 10_000
"""Of a modular power: the largest takes a quarter of a second."""


def whole(value: Any, least: int | None = None) -> int:
    """An integer argument; Undefined for others and for those below `least`."""
    if isinstance(value, bool) or value != int(value) or (least is not None and value < least):
        raise Undefined(f"expected an integer of at least {least}")
    return int(value)


def factors(value: Any) -> list[tuple[int, int]]:
    """The prime factors of a positive integer with their exponents, smallest first."""
    number = whole(value, 1)
    if number >= 10**FACTORED_DIGITS:
        raise limits.too_large(f"an integer of more than {FACTORED_DIGITS} digits to factor")
    if number < 1_000_000:
        return _by_division(number)
    import flint

    return sorted((int(prime), int(times)) for prime, times in flint.fmpz(number).factor())


def _by_division(number: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    prime = 2
    while prime * prime <= number:
        times = 0
        while number % prime == 0:
            number, times = number // prime, times + 1
        if times:
            found.append((prime, times))
        prime += 1 + (prime > 2)
    return [*found, (number, 1)] if number > 1 else found


def _is_prime(value: Any) -> bool:
    if value != int(value) or value < 2:
        return False
    return factors(value) == [(int(value), 1)]


def _modulus(above: Any, below: Any) -> int:
    return whole(above) % whole(below, 1)


def _power_mod(base: Any, exponent: Any, modulus: Any) -> int:
    if whole(modulus).bit_length() > MODULUS_BITS or whole(exponent).bit_length() > EXPONENT_BITS:
        raise limits.too_large("a power modulo an integer")
    return pow(whole(base), whole(exponent, 0), whole(modulus, 1))


def _inverse_mod(value: Any, modulus: Any) -> int:
    if math.gcd(whole(value), whole(modulus, 1)) != 1:
        raise Undefined("no inverse")
    return int(pow(whole(value), -1, whole(modulus)))


def _order_mod(value: Any, modulus: Any) -> int:
    below = whole(modulus, 2)
    if math.gcd(whole(value), below) != 1:
        raise Undefined("no order")
    order = _totient(below)
    for prime, times in factors(order):
        for _ in range(times):
            order = order // prime if pow(whole(value), order // prime, below) == 1 else order
    return order


def _totient(value: Any) -> int:
    return math.prod((prime - 1) * prime ** (times - 1) for prime, times in factors(value))


def _divisor_sum(value: Any) -> int:
    return math.prod((prime ** (times + 1) - 1) // (prime - 1) for prime, times in factors(value))


def _digits(value: Any, base: Any = 10) -> list[int]:
    number, below, found = whole(value, 0), whole(base, 2), []
    if number.bit_length() > 4_000:
        raise limits.too_large("an integer to take the digits of")
    while number:
        number, digit = divmod(number, below)
        found.append(digit)
    return found or [0]


def _digit(value: Any, place: Any) -> int:
    return int(whole(value, 0) // 10 ** min(whole(place, 0), 2_000) % 10)


def _reversed(value: Any) -> int:
    found = 0
    for digit in _digits(value):
        found = 10 * found + digit
    return found


def _valuation(value: Any, prime: Any) -> int:
    number, times = whole(value, 1), 0
    while number % whole(prime, 2) == 0:
        number, times = number // whole(prime), times + 1
    return times


def _factorial(value: Any) -> int:
    if whole(value, 0) > limits.FACTORIAL_ARGUMENT:
        raise limits.too_large("a factorial")
    return math.factorial(int(value))


def _binomial(above: Any, below: Any) -> int:
    if max(whole(above, 0), whole(below, 0)) > limits.FACTORIAL_ARGUMENT:
        raise limits.too_large("a binomial coefficient")
    return math.comb(int(above), int(below))


def _root(value: Any) -> Exact:
    if value < 0:
        raise Undefined("a root of a negative number")
    exact = Fraction(value)
    found = Fraction(math.isqrt(exact.numerator), math.isqrt(exact.denominator))
    if found * found != exact:
        raise limits.not_allowed("an irrational root")
    return found


def _prime_factor(pick: int) -> Callable[[Any], int]:
    def rule(value: Any) -> int:
        if whole(value, 2):
            return factors(value)[pick][0]
        raise Undefined("no prime factor")

    return rule


FUNCTIONS: Final[dict[str, Function]] = {
    "abs": Function("Abs", 1, 1, "abs(x)", abs),
    "at_least": Function("AtLeast", 2, MANY, "at_least(k, s1, s2, ...): k or more of the statements hold", None, True),
    "at_most": Function("AtMost", 2, MANY, "at_most(k, s1, s2, ...): k or fewer of the statements hold", None, True),
    "binomial": Function("Binomial", 2, 2, "binomial(n, k)", _binomial),
    "ceil": Function("Ceiling", 1, 1, "ceil(x)", math.ceil),
    "count": Function("Count", 1, MANY, "count(s1, s2, ...): how many of the statements hold"),
    "digit": Function("Digit", 2, 2, "digit(n, k): the digit of n at 10^k", _digit),
    "digit_count": Function("DigitCount", 1, 2, "digit_count(n) or digit_count(n, base)", lambda *n: len(_digits(*n))),
    "digit_sum": Function("DigitSum", 1, 2, "digit_sum(n) or digit_sum(n, base)", lambda *n: sum(_digits(*n))),
    "distinct": Function("Distinct", 2, MANY, "distinct(a, b, ...): no two are equal", None, True),
    "div": Function("Quotient", 2, 2, "div(a, b): the quotient a/b, rounded down"),
    "divisor_sum": Function("DivisorSum", 1, 1, "divisor_sum(n): of all positive divisors", _divisor_sum),
    "divisors": Function("Divisors", 1, 1, "divisors(n): how many positive divisors",
                         lambda n: math.prod(times + 1 for _, times in factors(n))),
    "exactly": Function("Exactly", 2, MANY, "exactly(k, s1, s2, ...): k of the statements hold", None, True),
    "factorial": Function("Factorial", 1, 1, "factorial(n)", _factorial),
    "floor": Function("Floor", 1, 1, "floor(x)", math.floor),
    "gcd": Function("Gcd", 2, MANY, "gcd(a, b, ...)", lambda *n: math.gcd(*map(whole, n))),
    "inverse_mod": Function("InverseMod", 2, 2, "inverse_mod(a, m)", _inverse_mod),
    "is_prime": Function("IsPrime", 1, 1, "is_prime(n)", _is_prime, True),
    "is_square": Function("IsSquare", 1, 1, "is_square(n)",
                          lambda n: n >= 0 and n == int(n) and math.isqrt(int(n)) ** 2 == n, True),
    "largest_prime_factor": Function("LargestPrimeFactor", 1, 1, "largest_prime_factor(n)", _prime_factor(-1)),
    "lcm": Function("Lcm", 2, MANY, "lcm(a, b, ...)", lambda *n: math.lcm(*map(whole, n))),
    "max": Function("Max", 1, MANY, "max(a, b, ...)", lambda *n: max(n)),
    "min": Function("Min", 1, MANY, "min(a, b, ...)", lambda *n: min(n)),
    "mod": Function("Mod", 2, 2, "mod(a, m): the remainder, from 0 to m - 1", _modulus),
    "number": Function("Digits", 1, MANY, "number(a, b, c): the integer with these digits, 100*a + 10*b + c"),
    "order_mod": Function("OrderMod", 2, 2, "order_mod(a, m): the multiplicative order", _order_mod),
    "power_mod": Function("PowerMod", 3, 3, "power_mod(a, n, m): the remainder of a^n by m, n may be huge", _power_mod),
    "prime_factors": Function("PrimeFactors", 1, 1, "prime_factors(n): how many different ones",
                              lambda n: len(factors(n))),
    "reversed": Function("Reversed", 1, 1, "reversed(n): its digits backwards", _reversed),
    "smallest_prime_factor": Function("SmallestPrimeFactor", 1, 1, "smallest_prime_factor(n)", _prime_factor(0)),
    "sqrt": Function("Sqrt", 1, 1, "sqrt(x)", _root),
    "totient": Function("Totient", 1, 1, "totient(n)", _totient),
    "valuation": Function("Valuation", 2, 2, "valuation(n, p): how often p divides n", _valuation),
}  # fmt: skip
"""Spelling -> what it is. Those without a rule are written out in simpler terms as they are read."""

RULES: Final[dict[str, Callable[..., Exact | bool]]] = {
    entry.head: entry.rule for entry in FUNCTIONS.values() if entry.rule is not None
}
"""Head -> its rule for exact numbers."""

SOLVED: Final[frozenset[str]] = frozenset(
    {"Abs", "AtLeast", "AtMost", "Ceiling", "Count", "Digits", "Distinct", "Exactly", "Floor", "Max", "Min", "Mod"}
    | {"Quotient", "Sqrt"}
)
"""Heads that Z3 can hold for unknowns; the others need a search through integers."""
