"""Pairs of answers with a known verdict, made by rewriting rules from a seed: equal ones, and near misses.

Every equal pair is equal by the rule that made it; a near miss has one number, sign or exponent of the same text
changed, so that the values differ.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random

Made = tuple[str, str, str]  # gold, what is equal to it, what is not


def pairs(count: int, seed: str = "equality:1") -> Iterator[tuple[str, str, bool]]:
    """(gold, pred, whether they are equal): half of them are."""
    random = Random(seed)
    for number in range(count):
        gold, same, other = RULES[number // 2 % len(RULES)](random)
        yield (gold, same, True) if number % 2 == 0 else (gold, other, False)


def _fraction(random: Random) -> Made:
    value = Fraction(random.randint(-99, 99) or 1, random.randint(2, 30))
    factor = random.randint(2, 9)
    top, bottom = value.numerator, value.denominator
    return (
        f"{top}/{bottom}",
        rf"\frac{{{top * factor}}}{{{bottom * factor}}}",
        rf"\frac{{{top * factor + 1}}}{{{bottom * factor}}}",
    )


def _decimal(random: Random) -> Made:
    value = random.randint(1, 9999)
    return rf"\frac{{{value}}}{{1000}}", f"{value / 1000}", f"{(value + 1) / 1000}"


def _thousands(random: Random) -> Made:
    value = random.randint(1_000, 9_999_999)
    return f"{value:,}", str(value), str(value + 10)


def _root(random: Random) -> Made:
    square, rest = random.randint(2, 12), random.choice((2, 3, 5, 6, 7, 10))
    return rf"{square}\sqrt{{{rest}}}", f"sqrt({square**2 * rest})", f"sqrt({square**2 * rest + 1})"


def _rationalised(random: Random) -> Made:
    root, top = random.choice((2, 3, 5, 7)), random.randint(1, 9)
    return rf"\frac{{{top}\sqrt{{{root}}}}}{{{root}}}", f"{top}/sqrt({root})", f"-{top}/sqrt({root})"


def _square(random: Random) -> Made:
    a, b = random.randint(1, 9), random.randint(1, 9)
    return f"({a}x + {b})^2", f"{a * a}x^2 + {2 * a * b}x + {b * b}", f"{a * a}x^2 - {2 * a * b}x + {b * b}"


def _factors(random: Random) -> Made:
    a, b = random.sample(range(1, 20), 2)
    return f"x^2 - {a + b}*x + {a * b}", f"(x-{a})*(x-{b})", f"(x-{a})*(x+{b})"


def _partial_fractions(random: Random) -> Made:
    a = random.randint(1, 9)
    return (
        f"2*{a}/(x^2 - {a * a})",
        rf"\frac{{1}}{{x-{a}}} - \frac{{1}}{{x+{a}}}",
        rf"\frac{{1}}{{x-{a}}} + \frac{{1}}{{x+{a}}}",
    )


def _double_angle(random: Random) -> Made:
    a = random.randint(1, 9)
    return f"sin({2 * a}*x)", rf"2\sin({a}x)\cos({a}x)", rf"2\sin({a}x)\cos({a + 1}x)"


def _exponents(random: Random) -> Made:
    a, b = random.randint(1, 9), random.randint(1, 9)
    return f"exp({a}*x + {b})", f"e^{{{b}}} e^{{{a}x}}", f"e^{{{b + 1}}} e^{{{a}x}}"


def _logarithm(random: Random) -> Made:
    a, b = random.randint(2, 20), random.randint(2, 20)
    return rf"\ln {a * b}", f"log({a}) + log({b})", f"log({a}) + log({b + 1})"


def _set(random: Random) -> Made:
    items = random.sample(range(-50, 50), 3)
    texts = [str(item) for item in items]
    return (
        rf"\{{{', '.join(texts)}\}}",
        "{" + ", ".join(reversed(texts)) + "}",
        "{" + ", ".join([*texts[:2], "99"]) + "}",
    )


def _point(random: Random) -> Made:
    a, b = random.sample(range(-50, 50), 2)
    return rf"\left({a}, \frac{{{b}}}{{2}}\right)", f"({a}, {b}/2)", f"({b}/2, {a}.5)"


def _powers(random: Random) -> Made:
    base, exponent = random.choice((2, 3, 5)), random.randint(20, 90)
    return f"{base}^{{{exponent}}}", f"{base}*{base}^{exponent - 1}", f"{base}^{exponent}+1"


RULES: tuple[Callable[[Random], Made], ...] = (
    _fraction, _decimal, _thousands, _root, _rationalised, _square, _factors, _partial_fractions, _double_angle,
    _exponents, _logarithm, _set, _point, _powers,
)  # fmt: skip
