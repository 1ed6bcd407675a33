"""Our own differentiation agrees with certified power series, and refuses what it has no rule for."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers.calculus.antiderivatives import (
    antiderivative_of,
    constants_of,
    integral_parts,
    same_antiderivative,
    same_derivative,
    variable_of,
)
from proofmill.verifiers.expressions import balls, read, series, text_of
from proofmill.verifiers.expressions.derivative import carried_out, derivative
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, number
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.verdict import Unreadable

POINTS = [Fraction(3, 7), Fraction(17, 11), Fraction(-5, 9)]
HEADS = ["Abs", "Asinh", "Atan", "Cos", "Cosh", "Erf", "Exp", "Log", "Neg", "Sin", "Sinh", "Sqrt", "Tan", "Tanh"]
LEAVES = st.one_of(st.just(Symbol("x")), st.integers(-4, 4).map(number))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(HEADS), inner).map(lambda pair: Call(pair[0], (pair[1],))),
        st.tuples(st.sampled_from(["Add", "Mul", "Div"]), inner, inner).map(lambda trio: Call(trio[0], trio[1:])),
        st.tuples(inner, st.integers(-3, 3).map(number)).map(lambda pair: Call("Pow", pair)),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_rules_agree_with_power_series(tree: Node) -> None:
    """At every point where both have a value, the two balls overlap."""
    found = derivative(tree, "x")
    with balls.precision(200):
        for point in POINTS:
            values = {"x": balls.ball(point)}
            try:
                expected = series.coefficient(tree, values, "x", 1)
                gap = balls.value(found, values, real=False) - expected
            except (ArithmeticError, ValueError, Unreadable):
                continue
            if gap.is_finite():
                assert gap.contains(0), (text_of(tree), text_of(found), point)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^n", "n*x^(n - 1)"),
        ("a^x", "a^x*log(a)"),
        ("x^x", "x^x*(log(x) + 1)"),
        ("log(k*|x|)", "1/x"),
        ("acos(2x)", "-2/sqrt(1 - 4x^2)"),
        ("asin(x/a)", "1/(a*sqrt(1 - x^2/a^2))"),
        ("acosh(x)", "1/sqrt(x^2 - 1)"),
        ("atanh(x)", "1/(1 - x^2)"),
        ("Integral(sin(t), (t, 0, x^2))", "2x*sin(x^2)"),
        ("Integral(cos(t*x), (t, 0, 1))", "Integral(-t*sin(t*x), (t, 0, 1))"),
        ("Integral(exp(x^2), x)", "exp(x^2)"),
        ("Sum(x^k, (k, 0, 3))", "1 + 2x + 3x^2"),
        ("Derivative(x^4, x)", "12x^2"),
    ],
)
def test_rules(text: str, expected: str) -> None:
    """Every rule gives what a table of derivatives gives."""
    assert same_derivative(derivative(read(text), "x"), read(expected), "x").outcome == "equal"


def test_extremes_are_differentiated_by_branch() -> None:
    """max and min have the slope of the branch that counts."""
    slope = derivative(read("max(x^2, x, 3)"), "x")
    for point, expected in ((Fraction(5), 10), (Fraction(1, 2), 0), (Fraction(-4), -8)):
        assert balls.value(slope, {"x": balls.ball(point)}).contains(expected)


@pytest.mark.parametrize("text", ["floor(x)", "sign(x)", "gamma(x)", "x!", "Sum(x^k, (k, 0, oo))", "Limit(x*h, h, 0)"])
def test_what_has_no_rule_is_refused(text: str) -> None:
    """Steps, nameless derivatives and infinite processes are refused, not guessed."""
    with pytest.raises(Unreadable) as why:
        derivative(read(text), "x")
    assert why.value.reason == "not_differentiable"


def test_derivatives_inside_a_tree_are_carried_out() -> None:
    """Mixed and repeated derivatives, wherever they stand."""
    found = carried_out(read("2*Derivative(x^3*y^2, x, y) + Derivative(sin(x), (x, 2))"))
    assert same_derivative(found, read("12*x^2*y - sin(x)"), "x").outcome == "equal"


def test_a_derivative_that_explodes_is_refused() -> None:
    """The size of a derivative has a ceiling."""
    tree: Node = Symbol("x")
    for _ in range(14):
        tree = Call("Mul", (tree, Call("Sin", (tree,))))
    with pytest.raises(Unreadable) as why:
        derivative(tree, "x")
    assert why.value.reason == "too_long"


# Antiderivatives -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "pred", "outcome"),
    [
        ("x^3/3", "(x^3 + c)/3", "equal"),
        ("log(abs(x-3)) + log(abs(x+3))", "log(x^2 - 9) + k", "equal"),
        ("log(abs(x))", "log(k*x)", "equal"),
        ("x^2*log(x)", "x^2*log(3x) - x^2*log(3)", "equal"),
        ("asinh(x)", "log(x + sqrt(x^2 + 1)) + C", "equal"),
        ("sin(x)^2", "-cos(2x)/2", "equal"),
        ("atan(x)", "-atan(1/x)", "equal"),
        ("x^3/3", "c*x^3/3", "different"),
        ("x^3/3", "x^2", "different"),
        ("log(abs(x))^2", "log(x)^2", "different"),
        ("sin(x)", "y = sin(x)", "different"),
        ("atan(2x - 3)", "atan((x - 1)/(x - 2)) + x/10^9", "different"),
        ("x", "floor(x)", "unknown"),
    ],
)
def test_antiderivatives_of_the_same(gold: str, pred: str, outcome: str) -> None:
    """Two antiderivatives are the same up to constants, branch by branch."""
    assert same_antiderivative(read(gold), read(pred), "x").outcome == outcome


def test_the_constant_is_a_flag() -> None:
    """A constant may be demanded or forbidden, and is found wherever it stands."""
    integrand = read("1/x")
    required, forbidden = Policy(constant="required"), Policy(constant="forbidden")
    assert antiderivative_of(integrand, read("log(x)"), "x", required).method == "constant_missing"
    assert antiderivative_of(integrand, read("log(k*x)"), "x", required).outcome == "equal"
    assert antiderivative_of(integrand, read("log(x) + c"), "x", forbidden).method == "constant_unwanted"
    assert antiderivative_of(integrand, read("log(x)"), "x", Policy(log_abs=False)).method == "smaller_domain"
    assert antiderivative_of(integrand, read("log|x|"), "x", Policy(log_abs=False)).outcome == "equal"
    assert constants_of(read("a*x^2/2 + 3*c + b"), read("a*x"), "x") == ["b", "c"]


def test_the_variable_is_found_where_nobody_names_it() -> None:
    """The only shared symbol, or the most usual name."""
    assert variable_of(read("(t - 1)^5/5"), read("(t - 1)^5/5 + c")) == "t"
    assert variable_of(read("x^(k+1)/(k+1)"), read("x^(k+1)/(k+1) + c")) == "x"
    assert variable_of(read("1"), read("2")) is None
    assert integral_parts(read("Integral(a*t, t)")) == (read("a*t"), "t")
    assert integral_parts(read("Integral(t, (t, 0, 1))")) is None
