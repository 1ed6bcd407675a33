# ruff: noqa: RUF001  (sentences in their own alphabets)
"""What a short text concludes without a marker: one value, or nothing."""

import time

import pytest

from proofmill.verifiers.answering.prose import concluded, joined_segments, repaired

FOUND = {
    "Therefore, x = 12.": "12",
    "So the total is $12$.": "12",
    "The largest $n$ is 34": "34",
    "We have 3 + 4 = 7 of them. So there are 7 apples.": "7 apples",
    "Thus the area is 15 cm^3": "15 cm^3",
    "There are **12** ways.": "12",
    "因此，总共有 99 颗弹珠": "99",
    "Donc, il reste 12 pommes": "12",
    "इसलिए, दुकान में अब 67 कमीजें हैं": "67",
    "所以答案为 $\\frac{1}{2}$": r"\frac{1}{2}",
    "$1$ and $2$": "1 and 2",
}
NOTHING = [
    "",
    "12",
    r"\forall x > 0",
    r"\pm 12",
    "The answer is not 12",
    "It is about 12",
    "at least 12 of them",
    "either 12 or 13",
    "12 boys and 13 girls",
    "12 million people",
    "x^2 + 12",
    "24or",
    "99not",
    "The answer to $x^2$ and $y$ depends",
]


@pytest.mark.parametrize(("text", "value"), FOUND.items())
def test_conclusions(text: str, value: str) -> None:
    """The last sentence says its value: after `is`, in bold, as its formula, or as its only number."""
    assert concluded(text) == value


@pytest.mark.parametrize("text", NOTHING)
def test_no_conclusion(text: str) -> None:
    """Doubt, several numbers and formulas without words conclude nothing."""
    assert concluded(text) is None


def test_lists_of_formulas() -> None:
    """Formulas joined by `and` alone are a list."""
    assert joined_segments("$1$, $2$ and $3$") == "1, 2 and 3"
    assert joined_segments("$1$ but not $2$") is None


def test_doubled_backslashes_are_halved_where_they_quote_commands() -> None:
    """A text that went through JSON twice is read; a line break before a word is not taken for one."""
    assert repaired(r"\\left( \\frac{1}{2} \\right)") == r"\left( \frac{1}{2} \right)"
    assert repaired(r"\begin{matrix} 1 \\ 2 \end{matrix}") == r"\begin{matrix} 1 \\ 2 \end{matrix}"
    assert repaired(r"-2 \\le x") == r"-2 \\le x"
    assert repaired("12<|im_end|>") == "12"


@pytest.mark.parametrize("piece", ["$", "is 1 ", "so ", "**", "= ", "1 ", "a", "$1$ and ", "\\(", "。"])
def test_a_degenerate_text_is_read_in_no_time(piece: str) -> None:
    """Thousands of the same piece are no trap."""
    text = piece * (4_000 // len(piece))
    started = time.process_time()
    concluded(repaired(text))
    assert time.process_time() - started < 1
