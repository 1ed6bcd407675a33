"""Units are read in many spellings, and know what they measure."""

from fractions import Fraction

import pytest

from proofmill.verifiers.answering.units import differ, is_known, is_physical, measure, multiplies, unit_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("cm^2", "centimeter 2"),
        ("cm²", "centimeter 2"),
        ("miles per hour", "mile per hour"),
        ("km/h", "kilometer / hour"),
        ("square feet", "square foot"),
        ("litres", "liter"),
        ("eggs", "egg"),
        ("公里", "公里"),
    ],
)
def test_one_spelling(words: str, name: str) -> None:
    """Abbreviations and plurals come out as one name."""
    assert unit_name(words) == name


@pytest.mark.parametrize(
    ("one", "two", "ratio"),
    [
        ("kilometer", "meter", 1000),
        ("hour", "minute", 60),
        ("square meter", "centimeter 2", 10_000),
        ("kilometer per hour", "meter / second", Fraction(5, 18)),
        ("liter", "cubic centimeter", 1000),
        ("foot", "inch", 12),
        ("dollar", "cent", 100),
    ],
)
def test_conversion(one: str, two: str, ratio: Fraction) -> None:
    """Units that measure the same differ by an exact factor."""
    assert measure(one).dimensions == measure(two).dimensions
    assert measure(one).scale / measure(two).scale == ratio


def test_what_does_not_measure_the_same() -> None:
    """Areas are no volumes, also in units without a name; apples are no pears; `units` measures nothing."""
    assert measure("centimeter 2").dimensions != measure("centimeter 3").dimensions
    assert measure("apple").dimensions != measure("pear").dimensions
    assert measure("unit").dimensions == ()
    assert differ(measure("square unit"), measure("cubic unit"))
    assert differ(measure("square unit"), measure("centimeter 3"))
    assert not differ(measure("square unit"), measure("centimeter 2"))
    assert not differ(measure("apple"), measure("pear"))
    assert is_physical(measure("meter / second"))
    assert not is_physical(measure("apple"))
    assert [multiplies(word) for word in ("万", "千", "million", "тысяч", "लाख")] == [True] * 5
    assert [multiplies(word) for word in ("千克", "分钟", "milliliter", "cents", "हैं")] == [False] * 5
    assert is_known("cm")
    assert not is_known("x")
