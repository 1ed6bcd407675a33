"""The exact rational value of an expression, by Fraction; sizes are bounded before anything is computed."""

import math
from collections.abc import Callable
from fractions import Fraction

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number
from proofmill.verifiers.verdict import Unreadable


def value(node: Node) -> Fraction | None:
    """The rational number that the tree stands for; None where it has symbols or is not visibly rational.

    Raises Unreadable: `undefined` for a division by zero, `too_large` for a result or argument out of bounds.
    """
    if isinstance(node, Number):
        return node.value
    if not isinstance(node, Call):
        return None
    parts = [value(part) for part in node.args]
    if node.head == "Exp" or node.head == "Gamma":
        _check_argument(node.head, parts[0])
    if node.head == "Pow":
        return _power(parts[0], parts[1])
    function = _FUNCTIONS.get(node.head)
    known = [part for part in parts if part is not None]
    if function is None or len(known) < len(parts):
        return None
    return _bounded(function(known))


def check_size(node: Node) -> None:
    """Refuse a tree with a number in it that is out of bounds, towers of powers, and sums of too many terms."""
    value(node)
    _count_terms(node, around=1, so_far=1)
    if _tower(node) > 3:
        raise limits.too_large("a tower of powers")


def _count_terms(node: Node, *, around: int, so_far: int) -> None:
    """Refuse sums of too many terms, also one inside the other; one of unknown length is as long as that around it."""
    if not isinstance(node, Call):
        return
    if node.head in {"Sum", "Product"} and isinstance(node.args[1], Call):
        first, last = (value(end) for end in node.args[1].args[1:])
        around = max(around, limits.UNKNOWN_TERMS) if first is None or last is None else max(1, int(last - first) + 1)
        so_far *= around
        if around > limits.SUM_TERMS or so_far > limits.NESTED_SUM_TERMS:
            raise limits.too_large(f"more than {limits.SUM_TERMS} terms")
    for part in node.args:
        _count_terms(part, around=around, so_far=so_far)


def _tower(node: Node) -> int:
    """How many powers stand in the exponents of one another."""
    if not isinstance(node, Call):
        return 0
    heights = [_tower(part) for part in node.args]
    if node.head in {"Pow", "Exp"} and not isinstance(node.args[-1], Number | Constant):
        return max(heights[-1] + 1, *heights)
    return max(heights, default=0)


def _check_argument(head: str, argument: Fraction | None) -> None:
    bound = limits.EXPONENT if head == "Exp" else limits.FACTORIAL_ARGUMENT
    if argument is not None and abs(argument) > bound:
        raise limits.too_large(f"{head}({_short(argument)})")


def _bounded(result: Fraction | None) -> Fraction | None:
    if result is not None and result.numerator.bit_length() + result.denominator.bit_length() > limits.RESULT_BITS:
        raise limits.too_large(f"a number of more than {limits.RESULT_BITS} bits")
    return result


def _short(number: Fraction) -> str:
    return str(number) if number.numerator.bit_length() < 200 else "a long number"


def _power(base: Fraction | None, exponent: Fraction | None) -> Fraction | None:
    if exponent is None:
        return None
    if base is None:
        if abs(exponent) > limits.EXPONENT:
            raise limits.too_large(f"exponent {_short(exponent)}")
        return None
    if base == 0 and exponent <= 0:
        raise Unreadable("0 to a power that is not positive", reason="undefined")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(base) != 1 and base != 0 and abs(exponent) * bits > limits.RESULT_BITS:
        raise limits.too_large(f"a power with exponent {_short(exponent)}")
    if exponent.denominator == 1:
        if abs(base) == 1:
            return base if exponent.numerator % 2 else Fraction(1)
        return base**exponent.numerator
    root = _root(base, exponent.denominator)
    return None if root is None else root**exponent.numerator


def _root(number: Fraction, degree: int) -> Fraction | None:
    """The exact root of a positive number, where it is rational; odd roots of negative ones are left open."""
    if number < 0 or degree != 2:
        return None
    above, below = math.isqrt(number.numerator), math.isqrt(number.denominator)
    root = Fraction(above, below)
    return root if root * root == number else None


def _quotient(parts: list[Fraction]) -> Fraction:
    if parts[1] == 0:
        raise Unreadable("division by zero", reason="undefined")
    return parts[0] / parts[1]


def _factorial(parts: list[Fraction]) -> Fraction | None:
    if abs(parts[0]) > limits.FACTORIAL_ARGUMENT:
        raise limits.too_large(f"factorial({_short(parts[0])})")
    if parts[0].denominator != 1:
        return None
    if parts[0] < 0:
        raise Unreadable("factorial of a negative integer", reason="undefined")
    return Fraction(math.factorial(parts[0].numerator))


def _binomial(parts: list[Fraction]) -> Fraction | None:
    if max(map(abs, parts)) > limits.FACTORIAL_ARGUMENT:
        raise limits.too_large("a binomial coefficient")
    if parts[0].denominator != 1 or parts[1].denominator != 1 or min(parts) < 0:
        return None
    return Fraction(math.comb(parts[0].numerator, parts[1].numerator))


def _double_factorial(number: Fraction) -> Fraction | None:
    if abs(number) > limits.FACTORIAL_ARGUMENT:
        raise limits.too_large("a double factorial")
    if number.denominator != 1 or number < 0:
        return None
    return Fraction(math.prod(range(number.numerator, 0, -2)))


def _of_integers(parts: list[Fraction], rule: Callable[..., int]) -> Fraction | None:
    if any(part.denominator != 1 for part in parts):
        return None
    return Fraction(rule(*(part.numerator for part in parts)))


def _rounded(number: Fraction) -> Fraction | None:
    """To the nearest integer; a half is left open, for there are several customs."""
    return None if number.denominator == 2 else Fraction(math.floor(number + Fraction(1, 2)))


def _product(parts: list[Fraction]) -> Fraction:
    return math.prod(parts, start=Fraction(1))


_FUNCTIONS: dict[str, Callable[[list[Fraction]], Fraction | None]] = {
    "Abs": lambda parts: abs(parts[0]),
    "Add": lambda parts: sum(parts, Fraction(0)),
    "Binomial": _binomial,
    "Ceiling": lambda parts: Fraction(math.ceil(parts[0])),
    "Div": _quotient,
    "Factorial": _factorial,
    "Floor": lambda parts: Fraction(math.floor(parts[0])),
    "Max": max,
    "Min": min,
    "Mul": _product,
    "Neg": lambda parts: -parts[0],
    "Conjugate": lambda parts: parts[0],
    "Factorial2": lambda parts: _double_factorial(parts[0]),
    "Gamma": lambda parts: _factorial([parts[0] - 1]) if parts[0] > 0 else None,
    "Gcd": lambda parts: _of_integers(parts, math.gcd),
    "Im": lambda _: Fraction(0),
    "Lcm": lambda parts: _of_integers(parts, math.lcm),
    "Mod": lambda parts: parts[0] - parts[1] * math.floor(_quotient(parts)),
    "Re": lambda parts: parts[0],
    "Round": lambda parts: _rounded(parts[0]),
    "Sign": lambda parts: Fraction((parts[0] > 0) - (parts[0] < 0)),
    "Sqrt": lambda parts: _root(parts[0], 2),
}
