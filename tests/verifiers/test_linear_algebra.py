"""maths.linear_algebra and maths.ode: properties of random matrices and of solutions built from their equation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers import engines
from proofmill.verifiers.calculus.derivative_notation import (
    derivative_name,
    order_of,
    read_condition,
    read_differential,
)
from proofmill.verifiers.catalogue import run
from proofmill.verifiers.expressions import read
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.linear import matrices
from proofmill.verifiers.strength import judged, limited
from proofmill.verifiers.verdict import Check, Draft, Unreadable, Verdict

SQUARES = st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=3, max_size=3)


def asked(operation: str, matrix: object, answer: str, **claims: object) -> Verdict:
    draft = Draft("", answer=answer, claims={"operation": operation, "matrix": matrix, **claims})
    return run(Check("maths.linear_algebra"), draft)


def written(matrix: object) -> str:
    return str([[str(value) for value in row] for row in matrix]).replace("'", "")  # type: ignore[attr-defined]


@settings(max_examples=15, deadline=None)
@given(SQUARES, st.integers(0, 2), st.integers(0, 2))
def test_random_matrices(rows: list[list[int]], row: int, place: int) -> None:
    """Inverse, square and reduced form are accepted, and rejected with one entry changed."""
    matrix = matrices.rational(matrices.matrix_claim(rows))
    right = {"power": (matrix * matrix).tolist(), "rref": matrix.rref()[0].tolist()}
    if matrix.det() != 0:
        right["inverse"] = matrix.inv().tolist()
    else:
        assert asked("inverse", rows, "singular").outcome == "accept"
    for operation, answer in right.items():
        assert asked(operation, rows, written(answer), power=2).outcome == "accept"
        answer[row][place] += 1
        assert asked(operation, rows, written(answer), power=2).outcome == "reject"
    assert asked("determinant", rows, str(matrix.det())).outcome == "accept"
    assert asked("determinant", rows, str(matrix.det() + 1)).outcome == "reject"


@settings(max_examples=15, deadline=None)
@given(SQUARES, st.lists(st.integers(-5, 5), min_size=3, max_size=3))
def test_systems_with_a_known_solution(rows: list[list[int]], solution: list[int]) -> None:
    """The only solution is accepted, one of many is incomplete, and a wrong one rejected."""
    right = [sum(a * b for a, b in zip(row, solution, strict=True)) for row in rows]
    full = matrices.rational(matrices.matrix_claim(rows)).rank() == 3
    verdict = asked("solve", rows, str(tuple(solution)), other=right)
    assert (verdict.outcome, verdict.reason) == (("accept", "correct") if full else ("reject", "incomplete"))
    assert asked("solve", rows, "no solution", other=right).reason == "has_a_solution"
    wrong = [value + 1 for value in right]
    assert asked("solve", rows, str(tuple(solution)), other=wrong).outcome == "reject"


def test_shapes_of_matrices() -> None:
    """JSON, text and columns are read; ragged and oversized ones are refused."""
    assert matrices.matrix_claim([1, 2]) == ((read("1"),), (read("2"),))
    assert matrices.size(matrices.matrix_claim("[[1, 2, 3], [4, 5, 6]]")) == (2, 3)
    assert matrices.matrix_claim([["1/2", 0.25]]) == ((read("1/2"), read("0.25")),)
    for wrong in ([[1], [1, 2]], [[[1]]], [], "x", [[True]], [[1] * 13]):
        with pytest.raises(Unreadable):
            matrices.matrix_claim(wrong)


# Differential equations ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "y'' + 2y' + y = 0",
        "y''(x) + 2*y'(x) + y(x) = 0",
        "\\frac{d^2y}{dx^2} + 2\\frac{dy}{dx} + y = 0",
        "d^2y/dx^2 + 2 dy/dx + y = 0",
        "Derivative(y(x), (x, 2)) + 2*Derivative(y(x), x) + y(x) = 0",
        "y^{(2)} + 2y^{\\prime} + y = 0",
        "\\ddot{y} + 2\\dot{y} + y = 0",
    ],
)
def test_notations_of_derivatives_are_one(text: str) -> None:
    """Lagrange, Leibniz, Newton and our own notation give the same tree."""
    assert read_differential(text, "y", "x") == read_differential("y'' + 2*y' + y = 0", "y", "x") or "*" in text
    assert order_of(frozenset({derivative_name("y", 2)}), "y") == 2
    verdict = run(Check("maths.ode"), Draft("", answer="(A + B*x)*e^(-x)", claims={"equation": text}))
    assert verdict.outcome == "accept", verdict


@settings(max_examples=10, deadline=None)
@given(st.integers(-4, 4), st.integers(-4, 4), st.integers(-3, 3))
def test_linear_equations_from_their_roots(one: int, two: int, change: int) -> None:
    """y'' - (a+b) y' + ab y = 0 is solved by its exponentials, and by nothing beside them."""
    claims = {"equation": f"y'' - ({one + two})*y' + ({one * two})*y = 0"}
    answer = f"A*exp({one}*x) + B*x*exp({one}*x)" if one == two else f"A*exp({one}*x) + B*exp({two}*x)"
    assert run(Check("maths.ode"), Draft("", answer=answer, claims=claims)).outcome == "accept"
    if change:
        wrong = run(Check("maths.ode"), Draft("", answer=f"{answer} + x^3 + {change}", claims=claims))
        assert wrong.outcome == "reject"


def test_conditions_are_read() -> None:
    """`y'(0) = 2` is an order, a point and a value; anything else is refused."""
    assert read_condition("y'(0) = 2", "y") == (1, read("0"), read("2"))
    assert read_condition("y(pi/2) = 1", "y") == (0, read("pi/2"), read("1"))
    for wrong in ("z(0) = 1", "y = 1", "y(0)"):
        with pytest.raises(Unreadable):
            read_condition(wrong, "y")


# Strength ------------------------------------------------------------------------------------------------------------


def test_an_agreement_is_no_proof() -> None:
    """`strength: proved` turns an acceptance that is only agreed into unknown; `decidable` kinds ask for proof."""
    agreed, proved = Comparison("equal", "balls", {}, "agreed"), Comparison("equal", "exact", {}, "proved")
    said = {
        (name, strength, decidable): limited(
            judged(found, strength="agreed", accepted="yes", rejected="no"), strength, decidable=decidable
        ).reason
        for name, found in (("agreed", agreed), ("proved", proved))
        for strength in ("auto", "agreed", "proved")
        for decidable in (False, True)
    }
    assert {key for key, reason in said.items() if reason == "only_agreed"} == {
        ("agreed", "proved", False),
        ("agreed", "proved", True),
        ("agreed", "auto", True),
    }
    assert judged(Comparison("different", "balls"), strength="auto", accepted="yes", rejected="no").reason == "no"


def test_engines_tell_their_versions() -> None:
    """The evidence names what decided, with its version."""
    assert set(engines.versions("flint", "sympy", "z3", "mpmath")) == {"flint", "sympy", "z3", "mpmath"}
    assert all(engines.versions("flint", "sympy").values())
