"""maths.compute: what two routes agree on, and what they leave open."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proofmill.verifiers.catalogue import run
from proofmill.verifiers.expressions import balls, estimates, read, symbolic
from proofmill.verifiers.verdict import Check, Draft, Verdict


def judged(expression: str, answer: str) -> Verdict:
    return run(Check("maths.compute"), Draft("", answer=answer, claims={"expression": expression}))


ACCEPTED = [
    ("Derivative(atan(x), x)", "1/(1 + x^2)"),
    ("Derivative(asin(x), x)", "1/sqrt(1 - x^2)"),
    ("Derivative(acos(x), x)", "-1/sqrt(1 - x^2)"),
    ("Derivative(tanh(x), x)", "1 - tanh(x)^2"),
    ("Derivative(x**x, x)", "x^x*(log(x) + 1)"),
    ("Derivative(|x|, x)", "sign(x)"),
    ("Derivative(asinh(x), x)", "1/sqrt(x^2 + 1)"),
    ("Derivative(1/x**2, x)", "-2/x^3"),
    ("Derivative(erf(x), x)", "2*exp(-x^2)/sqrt(pi)"),
    ("Integral(1/(1 + x**2), x)", "arctan(x) + C"),
    ("Integral(sin(x)**2, x)", "x/2 - sin(2x)/4 + C_1"),
    ("Integral(exp(x)*sin(x), x)", "e^x*(sin(x) - cos(x))/2 + K"),
    ("Integral(0, x)", "C"),
    ("Integral(sqrt(1 - x**2), (x, -1, 1))", "pi/2"),
    ("Integral(|x|, (x, -1, 2))", "5/2"),
    ("Integral(x*y, (x, 0, 1), (y, 0, 2))", "1"),
    ("Integral(log(x), (x, 0, 1))", "-1"),
    ("Integral(a*x, (x, 0, 1))", "a/2"),
    ("Limit((1 + 1/x)**x, x, oo)", "e"),
    ("Limit(exp(x), x, -oo)", "0"),
    ("Limit(x*sin(1/x), x, 0)", "0"),
    ("Limit(sqrt(x), x, 0)", "0"),
    ("Limit(-1/x**2, x, 0)", "-oo"),
    ("Limit(|x|/x, x, 0, '-')", "-1"),
    ("Sum(2**k, (k, 0, n))", "2^(n + 1) - 1"),
    ("Sum((-1)**n/n, (n, 1, oo))", "-log(2)"),
    ("Product(k, (k, 1, n))", "n!"),
    ("sqrt(8)", "2*sqrt(2)"),
    ("e**(i*pi) + 1", "0"),
]


@pytest.mark.parametrize(("expression", "answer"), ACCEPTED)
def test_right_answers(expression: str, answer: str) -> None:
    """The value is accepted when it is written plainly, and a neighbour of it is not."""
    assert judged(expression, answer).outcome == "accept", judged(expression, answer)
    if "oo" not in answer and answer != "C":
        wrong = judged(
            expression, f"{answer} + x" if expression.startswith("Integral(") and "C" in answer else f"({answer}) + 1"
        )
        assert wrong.outcome != "accept" or expression.endswith(", x)"), wrong


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("Integral(1/x**2, (x, 1, oo))", "oo"),
        ("Sum(1/n**2, (n, 1, oo))", "oo"),
        ("Integral(1/x**2, (x, -1, 1))", "-2"),
        ("Sum(1/n, (n, 1, oo))", "10"),
        ("Sum((-1)**n, (n, 1, oo))", "-1/2"),
        ("Limit(sin(x), x, oo)", "0"),
        ("Limit(1/x, x, 0)", "0"),
        ("Product(n, (n, 1, oo))", "1"),
        ("(x + 1)**500", "(1 + x)**500 + x"),
        ("Sum(k, (k, 1, 10**6))", "1"),
        ("Limit(1/x, x, oo)", "oo"),
        ("Integral(x**2, (x, 0, 1))", "oo"),
        ("Derivative(x, x)", "{1}"),
        ("Sum(k, (k, 5, 1))", "0"),
        ("Integral(1, (x, 0, y), (y, 0, x))", "1"),
        ("max(x, y)", "x"),
        ("floor(x) + ceiling(x)", "2*x"),
    ],
)
def test_what_has_no_agreed_value_is_never_accepted(expression: str, answer: str) -> None:
    """Divergent, undefined, ill-posed or plain wrong: never an acceptance by accident."""
    assert judged(expression, answer).outcome != "accept"


def test_routes_that_disagree_decide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is proved: when SymPy is wrong, the numeric route says so, and the draft stays open."""
    monkeypatch.setattr(symbolic, "is_zero", lambda _: True)
    assert judged("Sum(1/n**2, (n, 1, oo))", "pi^2/5").reason == "routes_disagree"
    monkeypatch.setattr(symbolic, "is_zero", lambda _: False)
    assert judged("Sum(1/n**2, (n, 1, oo))", "pi^2/6*(sin(1)^2 + cos(1)^2)").reason == "routes_disagree"
    monkeypatch.setattr(symbolic, "is_zero", lambda _: None)
    assert judged("Sum(1/n**2, (n, 1, oo))", "pi^2/5").reason == "not_decided"
    assert judged("Derivative(x**2, x)", "2*x + 1").reason == "differs"


PROVED = [
    ("Derivative(x**3*y**2, x, y)", "6*x**2*y"),
    ("Derivative(sin(x*y), (x, 2))", "-y**2*sin(x*y)"),
    ("Integral(x*sin(x), (x, 0, pi))", "pi"),
    ("Integral(exp(2*x), (x, 0, 1))", "(E^2 - 1)/2"),
    ("Integral(a*x, (x, 0, 1))", "a/2"),
    ("Integral(x*y, (x, 0, 1), (y, 0, 2))", "1"),
    ("Sum(k**3, (k, 1, n))", "n^2*(n + 1)^2/4"),
    ("Sum(1/3**k, (k, 0, oo))", "3/2"),
    ("Sum(1/k, (k, 1, 6))", "49/20"),
    ("Limit((1 - cos(x))/x**2, x, 0)", "1/2"),
    ("Limit(sqrt(x**2 + x) - x, x, oo)", "1/2"),
    ("Limit((x**2 - 4)/(x - 2), x, 2)", "4"),
    ("Limit(cos(x), x, pi)", "-1"),
    ("Series(exp(x), x, 0, 4)", "1 + x + x^2/2 + x^3/6 + O(x^4)"),
    ("Series(log(x), x, 1, 3)", "(x - 1) - (x - 1)^2/2"),
]


@pytest.mark.parametrize(("expression", "answer"), PROVED)
def test_what_can_be_proved_is(expression: str, answer: str) -> None:
    """Derivatives, integrals by the fundamental theorem, induction, expansions and series say `proved`."""
    verdict = judged(expression, answer)
    assert (verdict.outcome, verdict.evidence["strength"]) == ("accept", "proved"), verdict
    assert judged(expression, f"{answer} + 1".replace(" + O(x^4)", "")).outcome == "reject"


@pytest.mark.parametrize(
    ("expression", "answer"), [("Sum(1/n, (n, 1, oo))", "oo"), ("Integral(1/x, (x, 1, oo))", "oo")]
)
def test_divergence_is_a_value(expression: str, answer: str) -> None:
    """A sum or integral that grows beyond all bounds is infinite, by agreement."""
    assert judged(expression, answer).evidence["strength"] == "agreed"
    assert (
        run(
            Check("maths.compute", {"strength": "proved"}), Draft("", answer=answer, claims={"expression": expression})
        ).reason
        == "only_agreed"
    )


def test_estimates_have_three_answers() -> None:
    """An estimate arrives, settles elsewhere, or does neither."""
    claim = read("Integral(1/sqrt(x), (x, 0, 1))")
    assert estimates.quadrature(claim, read("2")) is True  # type: ignore[arg-type]
    assert estimates.quadrature(claim, read("3")) is False  # type: ignore[arg-type]
    assert estimates.quadrature(read("Integral(1/x, (x, 0, 1))"), read("3")) is not True  # type: ignore[arg-type]


def test_balls_refuse_what_they_cannot_enclose() -> None:
    """No ball for infinity, a free symbol, a pole, a limit, or a step that leaves the real numbers."""
    for text in ("oo", "x", "1/sin(0)", "Limit(1/x, x, 1)", "sqrt(-1)", "log(0)", "(-2)**(1/4)", "Sum(1/n, (n, 1, x))"):
        with pytest.raises(balls.Undefined):
            balls.value(read(text), {})
    assert balls.value(read("sqrt(-4)"), {}, real=False).imag.contains(2)
    assert balls.value(read("|3 + 4*i|"), {}, real=False).real.contains(5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=5), st.integers(1, 5))
def test_polynomials(coefficients: list[int], change: int) -> None:
    """Derivatives and antiderivatives of polynomials are accepted, perturbed ones rejected."""
    assume(any(coefficients[1:]))
    body = " + ".join(f"({value})*x**{power}" for power, value in enumerate(coefficients, 1))
    slope = " + ".join(f"({power * value})*x**{power - 1}" for power, value in enumerate(coefficients, 1))
    assert judged(f"Derivative({body}, x)", slope).outcome == "accept"
    assert judged(f"Derivative({body}, x)", f"{slope} + {change}").outcome == "reject"
    assert judged(f"Integral({slope}, x)", f"{body} + C").outcome == "accept"
    assert judged(f"Integral({slope}, x)", f"{body} + {change}*x + C").outcome == "reject"
