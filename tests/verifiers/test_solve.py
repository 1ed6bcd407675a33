"""maths.solve: what completeness rests on, method by method, and what is never taken for complete."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers.catalogue import run
from proofmill.verifiers.expressions import read, text_of
from proofmill.verifiers.solving.isolation import Isolation, fraction
from proofmill.verifiers.solving.monotone import polynomial
from proofmill.verifiers.solving.periodic import period, pi_multiple, ratio
from proofmill.verifiers.solving.solutions import read_solutions
from proofmill.verifiers.verdict import Check, Draft, Unreadable, Verdict


def judged(equation: str, answer: str, **claims: object) -> Verdict:
    return run(Check("maths.solve"), Draft("", answer=answer, claims={"equation": equation, **claims}))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.fractions(-6, 6, max_denominator=4), min_size=1, max_size=4, unique=True), st.integers(0, 3))
def test_polynomials_with_known_roots(roots: list[Fraction], which: int) -> None:
    """All roots are accepted in any order; without one of them, or with a wrong one, the answer is rejected."""
    equation = "*".join(f"(x - ({root}))" for root in roots) + " = 0"
    assert judged(equation, ", ".join(f"x = {root}" for root in reversed(roots))).outcome == "accept"
    left_out = [root for index, root in enumerate(roots) if index != which % len(roots)]
    wrong = [root + Fraction(1, 97) if index == which % len(roots) else root for index, root in enumerate(roots)]
    answer = ", ".join(f"x = {root}" for root in left_out) or "no solution"
    assert judged(equation, answer).outcome == "reject"
    assert judged(equation, ", ".join(f"x = {root}" for root in wrong)).reason == "extraneous_root"


@pytest.mark.parametrize(
    ("equation", "answer", "outcome", "claims"),
    [
        ("x^4 - 5x^2 + 6 = 0", "\\pm\\sqrt{2}, \\pm\\sqrt{3}", "accept", {}),
        ("x^3 = 8", "2", "accept", {}),
        ("x^3 = 8", "2", "reject", {"domain": "complex"}),
        ("x^3 = 8", "2, -1 + sqrt(3)*i, -1 - sqrt(3)*i", "accept", {"domain": "complex"}),
        ("a*x^2 + b*x = 0", "x = 0 or x = -b/a", "accept", {"variables": ["x"]}),
        ("a*x^2 + b*x = 0", "x = 0", "reject", {"variables": ["x"]}),
        ("A = pi*r^2", "r = sqrt(A/pi)", "accept", {"variables": ["r"], "domain": "positive"}),
        ("A = pi*r^2", "r = sqrt(A/pi)", "reject", {"variables": ["r"]}),
        ("sin(x) = 2", "no solution", "accept", {}),
        ("sin(x) = 1/2", "no solution", "reject", {}),
        ("1/x + 1/a = 1/b", "x = a*b/(a - b)", "accept", {"variables": ["x"]}),
        ("9^x - 4*3^x + 3 = 0", "x = 0, x = 1", "accept", {}),
        ("9^x - 4*3^x + 3 = 0", "x = 0", "reject", {}),
        ("ln(x)^2 = 4", "x = e^2 or x = e^(-2)", "accept", {}),
        ("cos(2x) = cos(x)", "x = 2*pi*k/3", "accept", {}),
        ("cos(2x) = cos(x)", "x = 2*pi*k", "reject", {}),
        ("sin(pi*x) = 0", "x = n", "accept", {}),
        ("sin(5x) = 0", "x = k*pi", "reject", {}),
        ("sin(5x) = 0", "x = k*pi/5", "accept", {}),
        ("sin(1000003*x) = 0", "x = k*pi", "unknown", {}),
        ("sin(x) = 0", "x = 4*k*pi", "reject", {}),
        ("sin(x) = 0", "x = 2*k*pi or x = pi + 2*k*pi", "accept", {}),
        ("sin(x) = 0", "x = 3*k*pi or x = pi + 3*k*pi", "reject", {}),
        ("sin(x) = 0", "x = 3*k*pi or x = pi + 3*k*pi or x = 2*pi + 3*k*pi", "accept", {}),
        ("2*sin(x)^2 = 1", "x = pi/4 + k*pi/2", "accept", {}),
        ("sin(x) = 1", "x = pi/2 + 2*pi*k", "accept", {}),
        ("sin(x) = 1", "x = pi/2 + pi*k", "reject", {}),
        ("sin(x) = 2", "no solution", "accept", {"domain": "[0, 2*pi]"}),
        ("sin(x)/(1 + cos(x)) = 0", "x = 0 or x = pi", "reject", {"domain": "[0, 2*pi)"}),
        ("cos(x) = x", "x = 7/10", "reject", {"domain": "[0, 1]"}),
        ("x - x = 0", "x = 1", "reject", {}),
        ("x - x = 0", "all real numbers", "accept", {}),
        ("x^2 = x", "{0, 1}", "accept", {"domain": "integer"}),
        ("e^x = -1", "no solution", "accept", {}),
    ],
)
def test_methods(equation: str, answer: str, outcome: str, claims: dict[str, object]) -> None:
    """One example for every way in which a list of solutions is known to be complete, or is not."""
    verdict = judged(equation, answer, **claims)
    assert verdict.outcome == outcome, verdict


def test_isolation_counts_roots_on_an_interval() -> None:
    """Simple and double roots are recognised; a root nobody named is the witness."""
    ends = read("0"), read("2*pi")
    found = Isolation(read("sin(x)^2 - sin(x)"), "x").complete(
        *ends, [read("0"), read("pi/2"), read("pi")], closed=(True, False)
    )
    assert (found.outcome, found.strength) == ("equal", "proved")
    missing = Isolation(read("sin(x)^2 - sin(x)"), "x").complete(*ends, [read("0"), read("pi")], closed=(True, False))
    assert missing.outcome != "equal"
    at_the_end = Isolation(read("sin(x)"), "x").complete(*ends, [read("0"), read("pi")], closed=(True, True))
    assert (at_the_end.outcome, at_the_end.method) == ("different", "missing_root")


def test_periods_are_read_off() -> None:
    """The common period of several circular functions; none where the variable stands elsewhere."""
    assert pi_multiple(period(read("sin(2x) + cos(3x)"), "x") or read("0")) == 2
    assert pi_multiple(period(read("tan(x/2)"), "x") or read("0")) == 4
    assert ratio(period(read("cos(pi*x)"), "x") or read("0"), read("1/2")) == 4
    assert period(read("x + sin(x)"), "x") is None
    assert period(read("sin(x^2)"), "x") is None


def test_fractions_of_trees() -> None:
    """Sums come to one denominator, and polynomials to FLINT."""
    above, below = fraction(read("1/x + tan(x)"))
    assert (text_of(above), text_of(below)) == ("cos(x) + (sin(x)*x)", "x*cos(x)")
    assert str(polynomial(read("(x + 1)^2 - x/2"), "x")) == "x^2 + 3/2*x + 1"
    assert polynomial(read("1/x"), "x") is None


@pytest.mark.parametrize("text", ["x^2 - 4 = 0", "x = y + 1", "x = x + 1, y = 2", "(1, 2, 3)"])
def test_what_is_no_list_of_solutions(text: str) -> None:
    """An equation that is not solved, and tuples of the wrong length, are unreadable."""
    with pytest.raises(Unreadable):
        read_solutions(text, ("x", "y"), frozenset("xy"))
