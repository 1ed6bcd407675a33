"""Units of measurement: their spellings, what they measure, and how many of the base unit they are."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit measures, as powers of base units in alphabetical order, and how many of those it is."""

    dimensions: tuple[tuple[str, int], ...]
    scale: Fraction


_SPELLINGS: Final[dict[str, str]] = {
    "bucks": "dollar", "cm": "centimeter", "centimetre": "centimeter", "deg": "degree", "feet": "foot", "ft": "foot",
    "g": "gram", "h": "hour", "hr": "hour", "hrs": "hour", "inches": "inch", "kg": "kilogram", "km": "kilometer",
    "kilometre": "kilometer", "kmh": "kilometer per hour", "lb": "pound", "lbs": "pound", "litre": "liter",
    "l": "liter", "m": "meter", "metre": "meter", "mg": "milligram", "mi": "mile", "min": "minute", "mins": "minute",
    "ml": "milliliter", "millilitre": "milliliter", "mm": "millimeter", "millimetre": "millimeter",
    "mph": "mile per hour", "oz": "ounce", "rad": "radian", "s": "second", "sec": "second", "secs": "second",
    "in": "inch", "sq": "square", "usd": "dollar", "yd": "yard", "yds": "yard", "dm": "decimeter",
    "kph": "kilometer per hour",
}  # fmt: skip
_BASE: Final[dict[str, tuple[str, int, str]]] = {
    "meter": ("meter", 1, "1"), "kilometer": ("meter", 1, "1000"), "decimeter": ("meter", 1, "0.1"),
    "centimeter": ("meter", 1, "0.01"), "millimeter": ("meter", 1, "0.001"), "inch": ("meter", 1, "0.0254"),
    "foot": ("meter", 1, "0.3048"), "yard": ("meter", 1, "0.9144"), "mile": ("meter", 1, "1609.344"),
    "second": ("second", 1, "1"), "minute": ("second", 1, "60"), "hour": ("second", 1, "3600"),
    "day": ("second", 1, "86400"), "week": ("second", 1, "604800"), "gram": ("gram", 1, "1"),
    "kilogram": ("gram", 1, "1000"), "milligram": ("gram", 1, "0.001"), "pound": ("gram", 1, "453.59237"),
    "ounce": ("gram", 1, "28.349523125"), "tonne": ("gram", 1, "1000000"), "liter": ("meter", 3, "0.001"),
    "milliliter": ("meter", 3, "0.000001"), "dollar": ("dollar", 1, "1"), "cent": ("dollar", 1, "0.01"),
}  # fmt: skip
"""Unit -> (base unit, its power, how many of it)."""
_NOTHING: Final = frozenset({"unit", "piece", "total", "each"})
"""Words that stand after a number without measuring anything."""
LETTER: Final = (
    r"(?:(?!\d)[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u04ff\u0600-\u06ff\u0900-\u097f"
    r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
)
"""A letter of a unit's name: of no alphabet that mathematics borrows from, so that 4π is no 4 of anything."""
_MULTIPLIER = re.compile(
    r"[万亿億萬兆十百半几幾多]|分之|千(?![克米瓦])|[만억천백]|हज़?ार|लाख|करोड़|सौ|ألف|آلاف|مليون|مئة|тыс|милли|сот|mill(?:ion|iard|ard|ón|ões|oni)|mil\b|"
    r"mille\b|tausend|thousand|hundred|billion|trillion|dozen|half|cent(?:aine|o)",
    re.IGNORECASE,
)
"""How a word begins that makes another number of the one before it: 3万 is 30,000, and 3千克 are three kilograms."""
_WORD = re.compile(LETTER + r"+|-?[0-9]+|[²³/]")
_POWERS: Final = {"square": 2, "squared": 2, "cubic": 3, "cubed": 3, "²": 2, "³": 3}


def unit_name(words: str) -> str:
    """A unit as written, in one spelling: `cm^2` is `centimeter 2`, `miles per hour` is `mile per hour`."""
    return " ".join(_singular(part) for part in _WORD.findall(words))


def _singular(word: str) -> str:
    lower = {"²": "2", "³": "3"}.get(word, word.lower())
    if lower in _SPELLINGS:
        return _SPELLINGS[lower]
    single = lower[:-1] if len(lower) > 3 and lower.endswith("s") and not lower.endswith("ss") else lower
    return _SPELLINGS.get(single, single)


def multiplies(word: str) -> bool:
    """Whether a word behind a number changes what it is worth."""
    return bool(_MULTIPLIER.match(word))


def is_known(word: str) -> bool:
    """Whether a word is a unit of the table, or a part of one."""
    name = _singular(word)
    return name in _BASE or name in _SPELLINGS.values() or name in {"square", "cubic"}


def is_physical(found: Measure) -> bool:
    """Whether all that it measures is in the table, and no word that could be anything."""
    return all(base in _PHYSICAL for base, _ in found.dimensions)


_PHYSICAL: Final = frozenset(base for base, _, _ in _BASE.values())


def differ(one: Measure, two: Measure) -> bool:
    """Whether two units measure different things for certain: `square units` and `cm^3`, but not `cm^2`."""
    if is_physical(one) and is_physical(two):
        return True
    powers = [[power for _, power in found.dimensions] for found in (one, two)]
    bases = {base for found in (one, two) for base, _ in found.dimensions}
    return bases <= {"unit", "meter"} and powers[0] != powers[1]


_NAMED = r"\s*(?:\\(?:text|mathrm|textrm|mbox)\s*\{{\s*(?P<text{0}>[A-Za-z]+)\s*\}}|(?P<word{0}>[A-Za-z]+))\s*"
_COMPOUND = re.compile(
    rf"(?P<many>\d{{1,9}}){_NAMED.format(1)}(?:(?:and|,)\s*)?(?P<rest>\d{{1,9}}(?:\.\d+)?){_NAMED.format(2)}"
)


def compound(text: str) -> tuple[Fraction, str] | None:
    """`1 hour 20 minutes` in the smaller unit; None for anything but two units of one measure, the larger one first."""
    match = _COMPOUND.fullmatch(text)
    if match is None:
        return None
    names = [unit_name(match[f"text{place}"] or match[f"word{place}"]) for place in (1, 2)]
    one, two = map(measure, names)
    if not one.dimensions or not is_physical(one) or one.dimensions != two.dimensions or one.scale <= two.scale:
        return None
    return Fraction(match["many"]) * one.scale / two.scale + Fraction(match["rest"]), names[1]


def measure(name: str) -> Measure:
    """What the unit of a name measures; a word that is no unit of the table measures itself (eggs)."""
    powers: dict[str, int] = {}
    scale, sign, pending = Fraction(1), 1, 1
    parts = name.split()
    for index, part in enumerate(parts):
        if part in {"per", "/"}:
            sign, pending = -1, 1
        elif part in {"square", "cubic"}:
            pending = _POWERS[part]
        elif part in _NOTHING and pending * _power_after(parts, index) > 1:
            powers["unit"] = powers.get("unit", 0) + sign * pending * _power_after(parts, index)
            pending = 1
        elif part in _NOTHING or part in _POWERS or part.lstrip("-").isdigit():
            continue
        else:
            power = sign * pending * _power_after(parts, index)
            base, own, worth = _BASE.get(part, (part, 1, "1"))
            powers[base] = powers.get(base, 0) + power * own
            scale *= Fraction(worth) ** power
            pending = 1
    return Measure(tuple(sorted((base, power) for base, power in powers.items() if power)), scale)


def _power_after(parts: list[str], index: int) -> int:
    after = parts[index + 1] if index + 1 < len(parts) else ""
    if after in _POWERS and after.endswith("d"):
        return _POWERS[after]
    return max(-6, min(int(after), 6)) if after.lstrip("-").isdigit() and len(after) < 3 else 1
