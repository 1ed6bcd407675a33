"""A final answer is found by its marker, wherever models put it, and never guessed."""

import contextlib
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers.answering.answers import answer_text, final_answer
from proofmill.verifiers.answering.quantities import read_answer
from proofmill.verifiers.catalogue import run
from proofmill.verifiers.expressions import Number
from proofmill.verifiers.verdict import Check, Draft, Unreadable

FOUND = {
    "#### 18": "18",
    "steps\n#### 18\n": "18",
    "A: 18": "18",
    "Answer: 18": "18",
    "**Answer:** 18": "18",
    "**Answer**: 18": "18",
    "### Final Answer: 18": "18",
    "#### Final answer: 18": "18",
    "## Final Answer\n\n18\n": "18",
    "Final answer: $18$.": "18",
    "The answer is 18.": "18",
    "the final answer is: **18**.": "18",
    "So the answer is 3.5. That is all.": "3.5",
    "The answer is $\\frac{1}{2}$.": r"\frac{1}{2}",
    r"Thus \boxed{18}.": "18",
    r"\boxed{\frac{1}{2}}": r"\frac{1}{2}",
    r"\fbox{ 7 }": "7",
    r"The final answer is \boxed{18}. I hope it is correct.": "18",
    r"\[ x = \boxed{5} \]": "5",
    "Answer:\n18": "18",
    "Answer: \\(\\sqrt{2}\\)": r"\sqrt{2}",
    r"\boxed{3} and so \boxed{3}": "3",
    "First \\boxed{3}.\n#### 7": "7",
    "The answer is 4 so far.\nA: 7": "7",
    "\\boxed{1,000}\n#### 1000": "1000",
    "#### Step 1: add\n1 + 1 = 2\n#### 2": "2",
    "Answer: $18": "$18",
    "The answer is $5!$.": "5!",
    r"\boxed{5!}": "5!",
    r"\boxed{\{1, 2\}}": r"\{1, 2\}",
    r"\boxed{\text{Monday}}": r"\text{Monday}",
}
NOT_FOUND = {
    "no_final_answer": ["", "16 - 3 = 13", "Then 5 * 1", r"\boxed{1", "#### ", "A wise choice: 5", "Answer:"],
    "ambiguous": ["The answer is 18!", "A: 5!"],
    "several_answers": [
        r"\boxed{1} or \boxed{2}",
        "A: 1\nA: 2",
        r"Answer: \boxed{1} or \boxed{2}",
        "The answer is 5. Wait.\nThe answer is 6.",
        "#### 1\n#### 2",
        "\\boxed{9}" * 150 + "\\boxed{8}" * 150,
        "Answer: 5\nHmm, \\boxed{6} it is",
    ],
}


@pytest.mark.parametrize(("text", "answer"), FOUND.items())
def test_markers(text: str, answer: str) -> None:
    """Boxes, lines and sentences mark the answer; decoration around it does not matter."""
    assert final_answer(text) == answer


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in NOT_FOUND.items() for text in texts])
def test_no_marker_is_no_answer(reason: str, text: str) -> None:
    """Without one marked answer there is none, and several that differ are none either."""
    with pytest.raises(Unreadable) as refusal:
        final_answer(text)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "text",
    ["18", "18.", " **18** ", "$18$", "$18", "\\$18", "18 dollars", "#### 18", "A: 18", r"\boxed{18}", "18.0", "`18`"],
)
def test_one_answer_in_many_clothes(text: str) -> None:
    """A bare answer, a marked one, a boxed one, and one with a currency or a full stop are the same value."""
    assert read_answer(text).value == Number(Fraction(18))
    assert run(Check("maths.answer"), Draft("", solution="A: 18", gold=text)).outcome == "accept"
    assert run(Check("maths.answer"), Draft("", answer=text, gold="18")).outcome == "accept"
    assert run(Check("maths.answer"), Draft("", answer=text, gold="19")).outcome == "reject"


@pytest.mark.parametrize(
    ("text", "unit", "percent"),
    [
        ("$18", "dollar", False),
        ("18 dollars", "dollar", False),
        ("$18 dollars", "dollar", False),
        ("18 cm", "centimeter", False),
        (r"18\text{ cm}^2", "centimeter 2", False),
        ("18 cm²", "centimeter 2", False),
        ("18 miles per hour", "mile per hour", False),
        ("45°", "degree", False),
        (r"45^\circ", "degree", False),
        ("50%", "", True),
        (r"50\%", "", True),
        ("50 percent", "", True),
        (r"\text{50 percent}", "", True),
        ("$18 per hour", "dollar per hour", False),
        ("3 eggs", "egg", False),
    ],
)
def test_units_and_percent(text: str, unit: str, percent: bool) -> None:
    """What stands around the number is kept beside its value."""
    answer = read_answer(text)
    assert (answer.unit, answer.percent) == (unit, percent)


@pytest.mark.parametrize("text", ["18 or 19", "3 million", "18 times", "5 x", "the total is 18", "18, maybe", "1 2"])
def test_words_that_change_the_value_are_no_unit(text: str) -> None:
    """An answer with words that mean something is not read as its number."""
    try:
        answer = read_answer(text)
    except Unreadable:
        return
    assert answer.value != Number(Fraction(18))
    assert answer.unit == ""


def test_gold_stays_under_its_key() -> None:
    """Nothing of the known answer is in the evidence outside the key that the repair prompt strips."""
    for solution, answer in (("A: 18", "18"), ("A: 18", "17"), ("A: 3 cm", ""), ("A: 7777%", "")):
        for gold in ("7777", "\\sqrt{7777}", "7777 kg", "??7777"):
            verdict = run(Check("maths.answer"), Draft("", solution=solution, answer=answer, gold=gold))
            shown = {key: value for key, value in verdict.evidence.items() if key != "gold"}
            assert "7777" not in str(shown).replace("7777%", "")
            assert "7777" not in verdict.reason


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="A:#$\\boxed{}answerTheis.0189*%() \n", max_size=80))
def test_any_text_has_an_answer_or_a_reason(text: str) -> None:
    """No solution raises anything but Unreadable."""
    for find in (final_answer, answer_text, read_answer):
        with contextlib.suppress(Unreadable):
            find(text)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(-(10**12), 10**12), st.sampled_from(["#### {}", "A: {}", "The answer is {}.", "\\boxed{{{}}}", "{:,}"])
)
def test_every_integer_is_found_again(number: int, form: str) -> None:
    """An integer in any form is read as itself, and one beside it is refused."""
    text = form.format(number)
    assert run(Check("maths.answer"), Draft("", answer=text, gold=str(number))).outcome == "accept"
    assert run(Check("maths.answer"), Draft("", answer=str(number + 1), gold=text)).outcome == "reject"


def test_long_texts_are_quick() -> None:
    """A hundred thousand characters of markers, braces and quotes are refused in a blink."""
    for piece in (
        "\\boxed{",
        "A: ",
        "#### 1\n",
        "The answer is 1. ",
        "$",
        "`*",
        "{",
        "<<",
        "1 a b c + ",
        "\\(",
        "1=",
        "(1+",
    ):
        text = piece * (100_000 // len(piece))
        started = time.process_time()
        run(Check("maths.answer"), Draft("", solution=text, answer=text))
        run(Check("maths.arithmetic"), Draft("", solution=text + " = 3"))
        assert time.process_time() - started < 1, piece


@pytest.mark.parametrize(
    "bomb",
    [
        "the answer is " + "_" * 100_000,
        "the answer is " * 8_000,
        "The answer is" + " " * 100_000 + "x",
        "**" * 60_000 + "A: 1",
        "\\boxed{" * 20_000,
        "#" * 100_000,
        "A:" * 60_000,
        "the answer is 1." + "*" * 100_000,
    ],
    ids=lambda bomb: bomb[:14],
)
def test_a_degenerate_text_is_read_in_no_time(bomb: str) -> None:
    """A model that repeats itself for ever must not hold up the run: the search is linear (it was cubic once)."""
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        final_answer(bomb)
    assert time.process_time() - started < 5
