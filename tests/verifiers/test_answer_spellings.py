"""Spellings that answers have: choices, products of matrices, terms of sequences, printed numbers, unnamed units."""

import pytest

from proofmill.verifiers.answering.matching import match_texts

SAME = [
    ("C_{12}^{5}", "792"),
    ("{}_{12}C_5", "792"),
    ("_{12}C_{5}", "792"),
    ("^{12}C_5", "792"),
    ("12C5", "792"),
    ("C(12, 5)", "792"),
    ("nCk", r"\binom{n}{k}"),
    ("C_n^4", r"\frac{n(n-1)(n-2)(n-3)}{24}"),
    (r"\frac{9!}{2!7!}", "36"),
    (r"\max\{4, 9\}", "9"),
    (r"\begin{pmatrix}2&1\\0&3\end{pmatrix}\begin{pmatrix}1\\4\end{pmatrix}", r"\begin{pmatrix}6\\12\end{pmatrix}"),
    (r"3\begin{bmatrix}1&2\end{bmatrix}", r"\begin{bmatrix}3&6\end{bmatrix}"),
    (r"G_n=\sum_{j=0}^{n-1}G_jG_{n-1-j}", r"G_n=\sum_{j=0}^{n-1}G_{n-j-1}G_j"),
    ("b_{n+1}=3b_n-1", "b_{n+1}=-1+3b_n"),
    (r"f^{-1}\left(x\right)=\frac{x+3}{2}", r"f^{-1}(x)=\frac{3+x}{2}"),
    ("0.428571428571", r"\frac37"),
    ("0.571428571429", r"\frac47"),
    ("2.718281828459045", "e"),
    (r"\text{May 14}", "May 14"),
    ("12 square units", "12"),
    ("12 sq units", "12 units^2"),
    (r"\frac{22}{7}\approx 3.14", r"\frac{22}{7}"),
    (r"\text{no real solutions}", "x^2=-3"),
    ("x^2=-3", "x^2+3=0"),
]


@pytest.mark.parametrize(("gold", "pred"), SAME)
def test_the_same_answer(gold: str, pred: str) -> None:
    """Two spellings of one answer are equal, in either order."""
    assert match_texts(gold, pred).outcome == match_texts(pred, gold).outcome == "equal"


OTHERS = [
    ("C_{12}^{5}", "C_{12}^{4}"),
    ("C_{12}^{5}", "C_{13}^{5}"),
    (r"\frac{9!}{2!7!}", "37"),
    (r"\begin{pmatrix}2&1\\0&3\end{pmatrix}\begin{pmatrix}1\\4\end{pmatrix}", r"\begin{pmatrix}6\\13\end{pmatrix}"),
    (
        r"\begin{pmatrix}1&1\\0&1\end{pmatrix}\begin{pmatrix}1&0\\1&1\end{pmatrix}",
        r"\begin{pmatrix}1&0\\1&1\end{pmatrix}\begin{pmatrix}1&1\\0&1\end{pmatrix}",
    ),
    (r"G_n=\sum_{j=0}^{n-1}G_jG_{n-1-j}", r"G_n=\sum_{j=0}^{n-1}G_jG_{n-j}"),
    ("b_{n+1}=3b_n-1", "b_{n+1}=3b_n+1"),
    ("a_{n+1}", "a_{n-1}"),
    ("0.428571428572", r"\frac37"),
    ("0.571428571427", r"\frac47"),
    ("3.14159265358978", r"\pi"),
    ("12 square units", "12 cubic units"),
    ("12 units^2", "12 units^3"),
    ("12 square units", "12 cm^3"),
]


@pytest.mark.parametrize(("gold", "pred"), OTHERS)
def test_another_answer(gold: str, pred: str) -> None:
    """One number, sign, order, digit or power of a unit changed is another answer."""
    assert match_texts(gold, pred).outcome == match_texts(pred, gold).outcome == "different"


OPEN = [
    ("5 apples", "5 oranges", "units_differ"),
    ("12 square units", "12 cm^2", "units_differ"),
    (r"\log 7", r"\ln 7", "base_of_log"),
    ("x^2=-3", "x^2=-5", "vacuous"),
    ("1=4", "2=4", "vacuous"),
    (r"\frac{22}{7}\approx 3.14", r"\frac{22}{7}\approx 3.41", "ambiguous"),
    ("x_1=4,x_2=5", "x_2=4,x_2=5", "names"),
    ("May 14", "May 15", "words"),
]


@pytest.mark.parametrize(("gold", "pred", "why"), OPEN)
def test_what_is_left_open(gold: str, pred: str, why: str) -> None:
    """What may mean the same, or nothing at all, is neither accepted nor refused."""
    for found in (match_texts(gold, pred), match_texts(pred, gold)):
        assert (found.outcome, found.method) == ("unknown", why)


def test_constants_with_an_index_are_no_choices() -> None:
    """`C_1^2` is a constant, squared."""
    assert match_texts("C_1^2 e^x", "e^x C_1 C_1").outcome == "equal"
    assert match_texts("x^2C_1", "C_1 x^2").outcome == "equal"
    assert match_texts("x^2C_1", "C_1x").outcome == "different"


PAIRS = [
    (r"1:\sqrt{5}:3", r"2:2\sqrt{5}:6", "equal"),
    (r"1:\sqrt{5}:3", r"1:\sqrt{6}:3", "different"),
    (r"0.2\dot{7}", r"\frac{5}{18}", "equal"),
    (r"4 \pmod{9}", r"x\equiv 13 \pmod 9", "equal"),
    (r"4 \pmod{9}", r"x\equiv 4 \pmod 8", "different"),
    (r"x\equiv\pm2\pmod{9}", r"x \equiv 2, 7 \pmod 9", "equal"),
    (r"x\equiv\pm2\pmod{9}", r"x \equiv 2, 5 \pmod 9", "different"),
    (r"2\text{ hours }15\text{ minutes}", "135 min", "equal"),
    ("6 ft 2 in", "74 inches", "equal"),
    ("6 ft 2 in", "6 ft 3 in", "different"),
    (r"\int_0^2 g(t)dt", r"\int_{0}^{2} g(t)\,dt", "equal"),
    (r"\Pr(X>2)=0.4", r"\frac25", "equal"),
]


@pytest.mark.parametrize(("gold", "pred", "outcome"), PAIRS)
def test_ratios_congruences_and_two_units(gold: str, pred: str, outcome: str) -> None:
    """Ratios with roots, remainders with and without a name, a measure in two units, probabilities."""
    assert match_texts(gold, pred).outcome == match_texts(pred, gold).outcome == outcome
