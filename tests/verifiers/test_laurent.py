"""Exact expansions, sums and limits: what follows from them is true, and what is not certain is left open."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers.calculus.evaluation import evaluated
from proofmill.verifiers.calculus.sums import by_induction
from proofmill.verifiers.expressions import read
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.from_symbolic import NoTree, tree_of
from proofmill.verifiers.expressions.laurent import NoExpansion, Path, expand, limit
from proofmill.verifiers.expressions.nodes import is_unevaluated

ABOVE, BELOW = Path(Fraction(0), 1), Path(Fraction(0), -1)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("sin(x)/x", ABOVE, 1),
        ("(1 - cos(x))/x^2", BELOW, Fraction(1, 2)),
        ("|x|/x", BELOW, -1),
        ("1/x^3", BELOW, "-oo"),
        ("1/x^2", BELOW, "oo"),
        ("(x^2 - 9)/(x - 3)", Path(Fraction(3), 1), 6),
        ("sqrt(x^2 + x) - x", Path(Fraction(0), 1, far=True), Fraction(1, 2)),
        ("sqrt(x^2 + x) + x", Path(Fraction(0), -1, far=True), Fraction(-1, 2)),
        ("(x - sin(x))/(x - tan(x))", ABOVE, Fraction(-1, 2)),
        ("(1 + x)^(1/3)", ABOVE, 1),
        ("x - x", ABOVE, 0),
        ("sqrt(x)", ABOVE, None),
        ("exp(1 + x)", ABOVE, None),
        ("exp(1/x)", ABOVE, None),
        ("pi*x/x", ABOVE, None),
        ("(exp(x) - exp(x))/x^40", ABOVE, None),
    ],
)
def test_limits_by_expansion(text: str, path: Path, value: object) -> None:
    """The leading term tells the limit; irrational coefficients and cancelled series tell nothing."""
    assert limit(read(text), "x", path) == value


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=4), st.integers(-4, 4))
def test_polynomials_expand_to_themselves(coefficients: list[int], start: int) -> None:
    """The expansion of a polynomial has its Taylor coefficients."""
    body = " + ".join(f"({value})*(x - ({start}))^{power}" for power, value in enumerate(coefficients))
    found = expand(read(body), "x", Path(Fraction(start), 1), 8)
    padded = [0] * found.shift + [Fraction(int(value.p), int(value.q)) for value in found.coefficients]
    assert padded[: len(coefficients)] == coefficients or not any(coefficients)


def test_what_has_no_expansion_says_so() -> None:
    """Steps and powers with a variable exponent are refused."""
    for text in ("floor(x)", "2^x", "x^x", "y"):
        with pytest.raises(NoExpansion):
            expand(read(text), "x", ABOVE, 8)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Integral(x**2, (x, 0, 1)) + Sum(k, (k, 1, 4))", "31/3"),
        ("Integral(1/(x + 1)**2, (x, 0, 1))", "1/2"),
        ("Sum((2/3)**k, (k, 1, oo))", "2"),
        ("Product(k/(k + 1), (k, 1, 9))", "1/10"),
        ("Limit(x*exp(x), x, 2)", "2*e^2"),
        ("Limit(((x + h)**3 - x**3)/h, h, 0)", "3*x^2"),
        ("Limit((sin(x) - sin(a))/(x - a), x, a)", "cos(a)"),
        ("Limit((exp(x) - e)/(x - 1), x, 1)", "e"),
        ("Sum(1/(k*(k + 1)), (k, 1, oo))", "1"),
    ],
)
def test_values_by_proof(text: str, value: str) -> None:
    """Calculus that is carried out leaves a tree that equals the value."""
    found = evaluated(read(text))
    assert not is_unevaluated(found.node)
    assert compare(found.node, read(value)).outcome == "equal"


@pytest.mark.parametrize(
    "text",
    [
        "Integral(1/x, (x, -1, 1))",
        "Integral(1/x**2, (x, -1, 1))",
        "Integral(tan(x), (x, 0, pi))",
        "Integral(sign(x), (x, -1, 1))",
        "Sum(1/k, (k, 1, oo))",
        "Sum(2**k, (k, 0, oo))",
        "Sum((-1)**k, (k, 0, oo))",
        "Limit(1/x, x, 0)",
        "Limit(|x|/x, x, 0)",
        "Limit(floor(x), x, 1)",
        "Limit(sin(x), x, oo)",
        "Limit(|x - a|/(x - a), x, a)",
        "Limit(sqrt(x - a)/(x - a), x, a)",
        "Limit(1/(x - a), x, a)",
        "Sum(k, (k, 1, oo))",
    ],
)
def test_what_has_no_value_is_left(text: str) -> None:
    """Poles on the path, divergent sums and limits that do not exist stay unevaluated."""
    assert is_unevaluated(evaluated(read(text)).node)


@pytest.mark.parametrize(
    ("claim", "answer", "outcome"),
    [
        ("Sum(k**2, (k, 1, n))", "n(n+1)(2n+1)/6", "equal"),
        ("Sum(k**2, (k, 1, n))", "n(n+1)(2n+1)/6 + n - 1", None),
        ("Sum(k**2, (k, 1, n))", "n(n+1)(2n+2)/6", "different"),
        ("Sum(2**k, (k, 0, n))", "2^(n+1) - 1", "equal"),
        ("Sum(1/(k*(k+1)), (k, 1, n))", "n/(n+1)", "equal"),
        ("Product(1 + 1/k, (k, 1, n))", "n + 1", "equal"),
        ("Sum(k, (k, 1, 10))", "55", None),
    ],
)
def test_induction(claim: str, answer: str, outcome: str | None) -> None:
    """Base and step prove a closed form; a wrong base refutes it, a wrong step is left to others."""
    found = by_induction(read(claim), read(answer))
    assert (found.outcome if found else None) == outcome


def test_results_of_sympy_come_back_as_trees() -> None:
    """What our trees hold is translated, anything else refused."""
    import sympy

    x = sympy.Symbol("x", real=True)
    for found in (sympy.sqrt(x) / 2 + sympy.log(x), sympy.exp(-x) * sympy.pi, sympy.cot(x) ** 2):
        assert compare(tree_of(found), tree_of(sympy.expand(found))).outcome == "equal"
    for strange in (sympy.Si(x), sympy.Piecewise((x, x > 0), (0, True)), sympy.Integral(x, x)):
        with pytest.raises(NoTree):
            tree_of(strange)
