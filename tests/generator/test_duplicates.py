"""What counts as said before, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofmill.curation.duplicates import fingerprints, normalised
from proofmill.verifiers.verdict import Draft

ALIKE = [
    ("What is 2 + 2?", "what is  2+2"),
    ("Find the limit.", "find the\nlimit"),
    ("Differentiate $x^2$ with respect to $x$.", "Differentiate x^2 with respect to x"),
    (r"Solve \(x + 1 = 2\).", "Solve x+1=2."),
    (r"Compute \[ \int_0^1 x\,dx \]", r"Compute \int_0^1 x dx"),
    ("Find 5 \u2212 3.", "Find 5 - 3."),
    ("Find 5 \u00d7 3.", "Find 5 \u00b7 3."),
    ("\u201cAnn\u2019s\u201d pens", '"Ann\'s" pens'),
    ("caf\u00e9", "cafe\u0301"),
    ("FIND THE SUM of x", "Find the sum of x"),
]
UNLIKE = [
    ("Differentiate x^2.", "Differentiate x2."),
    ("Differentiate x².", "Differentiate x2."),
    ("Compute 5 + 3.", "Compute 5 - 3."),
    ("Compute 5 * 3.", "Compute 5 / 3."),
    ("Compute 13.", "Compute 31."),
    ("Compute 1.5.", "Compute 15."),
    ("Compute 1 1/2 + x.", "Compute 11/2 + x."),
    ("Add 2 3 and 4.", "Add 23 and 4."),
    ("Add $2$ $3$ and 4.", "Add $23$ and 4."),
    ("Compute 5!.", "Compute 5."),
    ("Find X given x.", "Find x given x."),
    ("Is a > A?", "Is A > a?"),
    (r"Find \Delta.", r"Find \delta."),
    ("Integrate from a to b.", "Integrate from b to a."),
    ("Is x < 3?", "Is x <= 3?"),
    ("Compute |x|.", "Compute x."),
    ("x_1 + x_2", "x_1 + x_1"),
]


@pytest.mark.parametrize(("one", "two"), ALIKE)
def test_the_dress_does_not_matter(one: str, two: str) -> None:
    """Case of words, white space, delimiters of mathematics, quotes and a closing stop are dress."""
    assert normalised(one) == normalised(two)
    assert fingerprints(Draft(one), "problem")[0] != fingerprints(Draft(two), "problem")[0]
    assert fingerprints(Draft(one), "problem")[1] == fingerprints(Draft(two), "problem")[1]


@pytest.mark.parametrize(("one", "two"), UNLIKE)
def test_the_mathematics_does(one: str, two: str) -> None:
    """Digits, the gap between two, signs, superscripts, factorials and the case of variables tell problems apart."""
    assert normalised(one) != normalised(two)
    assert fingerprints(Draft(one), "problem")[1] != fingerprints(Draft(two), "problem")[1]


def test_a_row_is_problem_and_solution() -> None:
    """By `problem` two solutions of a problem are twins, by `row` they are not; an answer can stand for a solution."""
    one, two = Draft("p", "first", "1"), Draft("p", "second", "1")
    assert fingerprints(one, "problem") == fingerprints(two, "problem")
    assert fingerprints(one, "row") != fingerprints(two, "row")
    assert fingerprints(Draft("p", "", "x"), "row") != fingerprints(Draft("p", "", "y"), "row")
    assert fingerprints(Draft("ab", "c"), "row") != fingerprints(Draft("a", "bc"), "row")


@given(st.text())
def test_normalising_twice_changes_nothing_that_tells_rows_apart(text: str) -> None:
    """Any text has two prints of 16 bytes, the same ones each time; spaces around it are dress."""
    assert [len(part) for part in fingerprints(Draft(text), "row")] == [16, 16]
    assert normalised(f"  {text}\n") == normalised(text)


def test_half_a_character_has_prints_too() -> None:
    """A lone surrogate, which no file can hold, is no reason to fail here."""
    assert len(fingerprints(Draft("\ud800"), "problem")[0]) == 16
