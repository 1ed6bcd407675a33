"""LaTeX as models write it: every command is read or refused, none is dropped."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.latex_names import COMMANDS, NUMBER_SETS, OPERATORS, SILENT, SPACES
from proofmill.verifiers.expressions.nodes import Call, Constant, Number, Symbol, heads_of, number
from proofmill.verifiers.verdict import Unreadable

SAME = {
    r"\left( 3, \frac{\pi}{2} \right)": "(3, pi/2)",
    r"\frac12 + \frac ab + \frac1{72} + \tfrac{a}b": "1/2 + a/b + 1/72 + a/b",
    r"14{,}916": "14916",
    r"11,\! 111,\! 111,\! 100": "11111111100",
    r"1\,234\,567": "1234567",
    r"0.\overline{42}": "14/33",
    r"0.1\bar{6}": "1/6",
    r"2516_{8}": "2516_8",
    r"50\% + 1": r"50 * \frac{1}{100} + 1",
    r"\sin 90^\circ": r"\sin(90 * \frac{\pi}{180})",
    r"\lfloor x \rfloor + \lceil y \rceil": "floor(x) + ceiling(y)",
    r"\langle 1, -2 \rangle": "(1, -2)",
    r"\mathrm{arcsin}(x)": "asin(x)",
    r"x \in \mathbb{R}": r"x \in \mathbb R",
    r"\text{13} + \text{x}": "13 + x",
    r"x_{12} + x_1": "x_12 + x_1",
    r"\big( x \bigr)^2": "x^2",
    "x\u00b2\u00b3 + x\u2081": "x^23 + x_1",
    "2\u00bd": "5/2",
    "x \u00b1 1": r"x \pm 1",
}
REFUSED = [
    r"\foo", r"\zeros(3)", r"\color{red} x", r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix}", r"1 \\ 2", r"1 & 2",
    r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", r"\begin{pmatrix} 1, 2 \end{pmatrix}",
    r"\begin{cases} 1 \\ 2 \end{cases}", r"\text{about } 5", r"\sqrt34", r"\frac123", r"2{,}5", r"19_8",
    r"\mathbb{X}", r"\operatorname{foo}(x)", r"\$5", r"5`", r"\overline{3}", r"\hat{x}", r"\left[1, 2", r"\frac{1}{2",
    r"' + x",
]  # fmt: skip


@pytest.mark.parametrize(("latex", "plain"), SAME.items())
def test_latex_means_what_the_plain_text_means(latex: str, plain: str) -> None:
    """Spellings of one thing have the same value."""
    from proofmill.verifiers.expressions.equality import compare

    assert compare(read(latex), read(plain)).outcome == "equal"


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_known_is_refused(text: str) -> None:
    """An unknown command, a broken table or a number with two readings is Unreadable."""
    with pytest.raises(Unreadable):
        read(text)


def test_tables() -> None:
    """Matrices by rows, systems as conjunctions, cases with their conditions; a break at the end is no row."""
    rows = (Call("Row", (number(1), Symbol("x"))), Call("Row", (number(3), number(4))))
    for name in ("pmatrix", "bmatrix", "matrix", "smallmatrix"):
        assert read(rf"\begin{{{name}}} 1 & x \\ 3 & 4 \\[2pt] \end{{{name}}}") == Call("Matrix", rows)
    assert read(r"\begin{cases} x+y=1 \\ x-y=2 \end{cases}") == read(r"\begin{aligned} x+y&=1 \\ x-y&=2 \end{aligned}")
    piecewise = read(r"\begin{cases} x & \text{if } x > 0 \\ -x, & \text{otherwise} \end{cases}")
    assert isinstance(piecewise, Call)
    assert piecewise.head == "Piecewise"
    assert Constant("true") in piecewise.args[1].args  # type: ignore[union-attr]


def test_marks_stay_part_of_the_name() -> None:
    """A vector is no scalar, a bar is no bare letter, and bold i is no imaginary unit."""
    assert read(r"\vec{v}") == read(r"\mathbf{v}") == Symbol("vec_v")
    assert read(r"\mathbf{i}") != read("i")
    assert read(r"\bar{x}") != read("x")
    assert read(r"f'(x)") != read(r"f''(x)")


def test_a_number_in_a_base_keeps_its_base() -> None:
    """4210 in base 5 is worth 555, and is another answer than 4210 in base 6."""
    assert read("4210_5") == Call("InBase", (Number(number(555).value), number(5)))
    assert read("4210_5") != read("4210_{6}")


def test_sets_of_numbers() -> None:
    """Blackboard letters and empty sets have one reading."""
    for letter, name in NUMBER_SETS.items():
        assert read(rf"\mathbb{{{letter}}}") == Constant(name)
    assert read(r"\emptyset") == read(r"\varnothing") == Call("Set", ())
    assert "Difference" in heads_of(read(r"\mathbb{R} \setminus \{0\}"))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from([f"\\{word} " for word in sorted({*OPERATORS, *COMMANDS, *SILENT, *SPACES})])
        | st.sampled_from(
            ["1", "x", "{", "}", "(", ")", "[", "]", "^", "_", "&", "\\\\", "\\text{if}", "\\begin{cases}"]
        ),
        max_size=14,
    )
)
def test_any_row_of_commands_is_read_or_refused(pieces: list[str]) -> None:
    """No text raises anything but Unreadable."""
    with contextlib.suppress(Unreadable):
        read("".join(pieces))
