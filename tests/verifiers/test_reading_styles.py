# ruff: noqa: RUF001  (mathematics in its own alphabet)
"""How two texts that are compared are read: calculators' quotients, currencies, names of geometry, set relations."""

import pytest

from proofmill.verifiers import maths_equal
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Node, Symbol
from proofmill.verifiers.expressions.style import LENIENT
from proofmill.verifiers.expressions.writer import text_of
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict


def lenient(text: str) -> Node:
    return read(text, LENIENT)


def judged(gold: str, pred: str) -> Verdict:
    found = maths_equal.check(Draft(problem="", solution="", answer=pred, gold=gold), kind="equiv")
    turned = maths_equal.check(Draft(problem="", solution="", answer=gold, gold=pred), kind="equiv")
    assert found.outcome == turned.outcome
    return found


SAME = [
    ("1/4q-2=5", "q/4=7"),
    ("5/2x+x", "(7/2)*x"),
    ("-2/3a b", "(-2/3)*a*b"),
    ("1/2(x+1)", "(x+1)/2"),
    ("$7-$2", "$5"),
    ("a$b+$c", "$(ab+c)"),
    ("2$+3$", "$5"),
    (r"\$4+\$2", r"\$6"),
    ("$x+1$", r"\(1+x\)"),
    ("∠PQR+∠XYZ", "∠ZYX+∠RQP"),
    (r"2\angle PQR", "angle(R,Q,P)*2"),
    ("linesegment(P,Q)^2", r"\overline{QP}\cdot\overline{PQ}"),
    (r"\triangle PQR", "△RPQ"),
    (r"\overrightarrow{PQ}", "vector(P,Q)"),
    (r"\overline{PQ}\parallel\overline{RS}", r"\overline{SR}\parallel\overline{QP}"),
    ("line(P,Q) ⟂ line(R,S)", "line(S,R) ⟂ line(P,Q)"),
    ("M ∋ t", "t ∈ M"),
    ("M ∌ t", r"t \notin M"),
    ("N ⊉ M", r"M \not\subseteq N"),
    ("M ⊂ N", r"N \supset M"),
    ("M ⊂ N ⊂ L", "M ⊂ N and N ⊂ L"),
    ("M ∪ N ⊆ L", "L ⊇ N ∪ M"),
    ("M ⊆ N", "M ∩ N = M"),
    ("not (M ⊄ N)", "M ⊂ N"),
    ("M ∖ N", "M ∖ (M ∩ N)"),
    ("M ⊂ ℝ", r"M \subset \mathbb{R}"),
    ("t ∈ (0,2)", "0<t<2"),
    ("∫ g(t)*g(t)dt", "∫ g(t)^2dt"),
    ("∫ 6tdt", "6∫ tdt"),
    (r"\int 6t\,dt + a", r"a + 2\int 3t\,dt"),
    ("sum(k*a_k, k, 1, n)", "sum(a_k*k, k, 1, n)"),
    ("-6.28318530717959 y", "-9.42477796076938 y + 3.14159265358979 y"),
    ("1.73205080756888 y", "sqrt(3)*y"),
]


@pytest.mark.parametrize(("gold", "pred"), SAME)
def test_the_same_in_another_spelling(gold: str, pred: str) -> None:
    """What people write in two ways is one thing, in either order."""
    assert judged(gold, pred).outcome == "accept"


OTHERS = [
    ("1/4q-2=5", "q/4=8"),
    ("5/2x+x", "(5/3)*x"),
    ("$7-$2", "$6"),
    ("$x", "x"),
    ("$5", "5"),
    ("∠PRQ", "∠PQR"),
    ("∠PQR", "△PQR"),
    ("linesegment(P,R)", "linesegment(P,Q)"),
    ("ray(P,Q)", "ray(Q,P)"),
    ("vector(P,Q)", "vector(Q,P)"),
    (r"\overline{PQ}", r"\overrightarrow{PQ}"),
    (r"\overline{PQ}\parallel\overline{RS}", r"\overline{PQ}\perp\overline{RS}"),
    ("M ⊈ N", "M ⊄ N"),
    ("M ⊇ N", "M ⊃ N"),
    ("M ⊂ N", "N ⊂ M"),
    ("t ∈ M", "t ∉ M"),
    ("t ∈ M", "u ∈ M"),
    ("t ∈ M ∪ N", "t ∈ M ∩ N"),
    ("M ∖ N", "N ∖ M"),
    ("∫ 3tdt", "∫ tdt"),
    ("∫ g(t)dt", "∫ g(t)^2dt"),
    ("y=2t", "2t"),
    ("x=5", "5"),
    ("1.41421356237319", "sqrt(2)"),
]


@pytest.mark.parametrize(("gold", "pred"), OTHERS)
def test_another_thing(gold: str, pred: str) -> None:
    """Different names, orders, strictness, integrands; an equation is no value."""
    assert judged(gold, pred).outcome == "reject"


@pytest.mark.parametrize("text", ["1/xy", "x/2y", "100/1.6t", "x/2/3y"])
def test_other_quotients_before_a_factor_stay_refused(text: str) -> None:
    """Only a quotient of two whole numbers is a coefficient to everyone."""
    with pytest.raises(Unreadable, match="after '/'"):
        lenient(text)


@pytest.mark.parametrize("text", ["1/3p", "$3", r"\$3"])
def test_a_claim_is_read_strictly(text: str) -> None:
    """A teacher's text keeps refusing what has several readings."""
    with pytest.raises(Unreadable):
        read(text)


def test_digits_that_were_changed_are_no_noise() -> None:
    """Two sides that are the same but for the last digit of a long decimal were not computed from each other."""
    assert judged("3.141592653589793 y", "3.141592653589794 y").outcome == "unknown"


@pytest.mark.parametrize("text", ["∠RQP", "linesegment(Q,P)", "M ⊂ N", "M ⊉ N", "P ∥ Q", "F_{n-1}", "t ∈ M"])
def test_round_trips(text: str) -> None:
    """Names of geometry, set relations and terms of sequences are written as they are read."""
    tree = read(text)
    assert read(text_of(tree)) == tree


def test_figures_have_one_name() -> None:
    """An angle read backwards is the same symbol."""
    assert read(r"\angle CBA") == read("∠ABC") == Symbol("angle(A,B,C)")
    with pytest.raises(Unreadable):
        read("angle(A,B)")


def test_letters_of_another_alphabet_inside_latex() -> None:
    """A character that stands for a word is that command in LaTeX."""
    assert read(r"\frac{α}{2} ≤ π") == read(r"\frac{\alpha}{2} \le \pi")
    assert read(r"x ∈ \left(0, 1\right)") == read(r"x \in (0, 1)")


def test_many_sets_are_left_open() -> None:
    """With more than three named sets there are too many pictures."""
    assert judged("A ∪ B ⊆ C ∪ D", "B ∪ A ⊆ C ∪ D").outcome == "unknown"


def test_figures_that_depend_on_one_another_are_left_open() -> None:
    """Lines that are perpendicular to one line are parallel, which no table of truth values knows."""
    three = "line(A,B) ⟂ line(C,D) and line(C,D) ⟂ line(E,F)"
    assert judged(three, f"{three} and line(A,B) ∥ line(E,F)").outcome == "unknown"
