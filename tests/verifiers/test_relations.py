"""Two statements are the same when they hold at the same points: what is proved, refuted and left open."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, number
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.relations import statements
from proofmill.verifiers.relations.compare import compare_statements
from proofmill.verifiers.relations.places import roots_of, samples, simplest
from proofmill.verifiers.relations.systems import compare_systems
from proofmill.verifiers.verdict import Unreadable

BY_SOLUTIONS = Policy(vacuous="equal")
ABC = [Symbol(name) for name in "ABC"]


def tree(text: str) -> Node:
    """A statement from text, with ` or ` outside ` and ` between its parts."""
    if text in {"true", "false"}:
        return Constant(text)
    for word, head in ((" or ", "Or"), (" and ", "And")):
        if word in text:
            return Call(head, tuple(map(tree, text.split(word))))
    return read(text)


def outcome(left: str, right: str, **settings: Any) -> str:
    """The outcome of a comparison, which must be the same in both orders."""
    settings = {"policy": BY_SOLUTIONS, **settings}
    forth = compare_statements(tree(left), tree(right), **settings)
    back = compare_statements(tree(right), tree(left), **settings)
    assert forth.outcome == back.outcome
    return f"{forth.outcome} {forth.strength}".strip()


PROVED = [
    ("x^2 = 4", "x = 2 or x = -2"),
    ("x^2 - 6x + 9 = 0", "x = 3"),
    ("abs(x - 1/2) + abs(x + 1/2) = 2", "abs(x) = 1"),
    ("sqrt(3x + 4) = 2 + sqrt(x + 2)", "x = 7"),
    ("x^2 >= 9 and x > 3", "x > 3"),
    ("x^4 >= 16", "x <= -2 or x >= 2"),
    ("1/x = 1/x", "x < 0 or x > 0"),
    ("1/x < 1", "x < 0 or x > 1"),
    ("sqrt(x^2) = x", "x >= 0"),
    ("x = sqrt(2) + sqrt(3)", "x^4 - 10x^2 + 1 = 0 and x > 3"),
    ("x^(1/3) = -2", "x = -8"),
    ("x = x", "true"),
    ("2 = sqrt(-5)", "3 = 0"),
    ("2x + 3y = 6 and 4x + 9y = 15", "y = 1 and x = 3/2"),
    ("x^2 + y^2 = 5 and x*y = 2", "x = 1 and y = 2 or x = 2 and y = 1 or x = -1 and y = -2 or x = -2 and y = -1"),
    ("a^2 = b^2", "a = b or a = -b"),
    ("a*x = a*y", "a = 0 or x = y"),
    ("y = 2x + 1", "2x - y + 1 = 0"),
    ("a^3 = b^3", "a = b"),
    ("x^2 + y^2 = 0", "x = 0 and y = 0"),
    ("sqrt(y) = x", "y = x^2 and x >= 0"),
    ("36z - 10q + 4u > 0", "-2u < 18z - 5q"),
    ("floor(x) = 1", "x >= 1 and x < 2"),
    ("max(x, 3) = x", "x >= 3"),
    ("x^3*log(2) = 3*log(2)", "x^3*log(2) - 3*log(2) = 0"),
]


@pytest.mark.parametrize(("left", "right"), PROVED)
def test_the_same_points_are_proved_the_same(left: str, right: str) -> None:
    """Statements that hold at the same points are equal by proof, in either order."""
    assert outcome(left, right) == "equal proved"


AGREED = [
    ("2^x = 4", "x*log(2) = log(4)"),
    ("x*log(2) = log(4)", "x = 2"),
    ("log(x) + log(x - 3) = log(4)", "x = 4"),
    ("exp(2x) - 3exp(x) + 2 = 0", "x = 0 or x = log(2)"),
    ("exp(x) > 2", "x > log(2)"),
    ("y = x/(2x - 1)", "1/x + 1/y = 2"),
]


@pytest.mark.parametrize(("left", "right"), AGREED)
def test_what_only_balls_say_is_agreed(left: str, right: str) -> None:
    """Roots of transcendental equations agree on stretches of the line, which is evidence and no proof."""
    assert outcome(left, right) == "equal agreed"


DIFFERENT = [
    ("x^2 = 4", "x = 2"),
    ("x^2 = 4", "x = 2 and x = -2"),
    ("x^2 <= 9", "abs(x) < 3"),
    ("x > 1", "x >= 1"),
    ("(x^2 - 4)/(x - 2) = 0", "x^2 - 4 = 0"),
    ("x + 1/(x - 3) = 3 + 1/(x - 3)", "x = 3"),
    ("x = 1.41421356237309504880168872420969807856967", "x = sqrt(2)"),
    ("sqrt(y) = x", "y = x^2"),
    ("x*y > 0", "x > 0 and y > 0"),
    ("a*x = a*y", "x = y"),
    ("x > 1", "a > 1"),
    ("y = (x - a)^600", "y = (x - a)^599"),
    ("x^599*(1 - x + x^3) = 0", "x^600 - x^601 = x^599"),
    ("2^x = 4", "x = 2.000000000000000000000001"),
    ("cos(10x) + 0.0000001 < 0", "cos(10x) < 0"),
    ("sin(x) = 0", "sin(2x) = 0"),
    ("log(x^2) = 0", "log(x) = 0"),
    ("x = 1.44^y", "x = 1.2^(3y)"),
    ("x + y = 3 and x - y = 1", "x = 2 and y = 2"),
    ("x^2 = 2 and y = x", "x^2 = 2 and y = -x"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_sets_have_a_witness(left: str, right: str) -> None:
    """A rejection names a point where one statement holds and the other does not."""
    assert outcome(left, right) == "different"
    evidence = compare_statements(tree(left), tree(right)).evidence
    assert evidence.get("left_only") or evidence.get("right_only")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("exp(x) > 2", "exp(x) >= 2"),
        ("x < oo", "x < 2*oo"),
        ("exp(x) = -1", "false"),
        ("(x + y + z + 1)^900 = 0", "x = 0"),
    ],
)
def test_what_is_not_decided_is_unknown(left: str, right: str) -> None:
    """Out of reach is neither equal nor different."""
    assert outcome(left, right) == "unknown"


VACUOUS = [
    ("x^2 = -1", "x^2 = -2"),
    ("1 = 4", "2 = 4"),
    ("x^2 >= 0", "y^2 >= 0"),
    ("x^2 = -1", "x^6 + 1 = 0"),
    ("x = x + 1", "y = y + 1"),
    ("x^2 + y^2 = -1", "x^2 + y^2 = -2"),
    ("x > 1 and x < 0", "x > 2 and x < 1"),
]


@pytest.mark.parametrize(("left", "right"), VACUOUS)
def test_no_solutions_are_no_reason_to_be_the_same(left: str, right: str) -> None:
    """What holds nowhere, or everywhere, stays open unless it says the same, or the policy wants it equal."""
    assert outcome(left, right, policy=Policy()) == "unknown"
    assert outcome(left, right) == "equal proved"


@pytest.mark.parametrize(
    ("left", "right"),
    [("x^2 = -1", "x^2 + 1 = 0"), ("x^2 + 1 = 0", "(x^2 + 1)^2 = 0"), ("x^2 = -1", "false"), ("x^2 < 0", "0 > 3x^2")],
)
def test_what_says_the_same_is_the_same_without_solutions(left: str, right: str) -> None:
    """The same factors, the same relation, or the plain truth value."""
    assert outcome(left, right, policy=Policy()) == "equal proved"


def test_members_of_an_unknown_set_are_compared_themselves() -> None:
    """`x in A` is no statement about y or B."""
    here = Call("In", (Symbol("x"), Symbol("A")))
    for other in (Call("In", (Symbol("y"), Symbol("A"))), Call("In", (Symbol("x"), Symbol("B")))):
        assert compare_statements(here, other).outcome == "different"
    assert compare_statements(here, here).outcome == "equal"


def test_the_domain_is_a_question_of_policy() -> None:
    """x^3 = 8 is x = 2 over the reals only; x^2 = 4 is x = 2 over positive numbers only."""
    assert outcome("x^3 = 8", "x = 2") == "equal proved"
    assert outcome("x^3 = 8", "x = 2", domain="complex") == "different"
    assert outcome("x^2 = 4", "x = 2", domain="positive") == "equal proved"
    assert outcome("x^2 + 1 = 0", "x = i or x = -i") == "equal proved"
    assert outcome("i*a = b", "b = a/i") == "different"
    assert outcome("2x = 1", "3x = 1", domain="integer") == "equal proved"


def test_equations_have_factors_over_the_complex_numbers() -> None:
    """Coefficients with i and roots are compared exactly."""
    left, right = "a^2 + a*b + b^2 = 0", "(a + (1 + i*sqrt(3))/2*b)*(a + (1 - i*sqrt(3))/2*b) = 0"
    assert outcome(left, right) == "equal proved"
    assert outcome(left, right.replace("sqrt(3)", "sqrt(5)")) == "different"


def test_multiplicity_is_ignored_unless_asked_for() -> None:
    """(x-1)^2 = 0 is x = 1; with multiplicity it is not."""
    assert outcome("(x - 1)^2 = 0", "x - 1 = 0") == "equal proved"
    assert outcome("(x - 1)^2 = 0", "x - 1 = 0", policy=Policy(multiplicity=True)) == "different"
    assert outcome("2x - 2 = 0", "x = 1", policy=Policy(multiplicity=True)) == "equal proved"


def test_the_common_domain_is_a_question_of_policy() -> None:
    """An equation in two variables, rearranged, may lose the points where a denominator is zero."""
    assert outcome("x/y = 1", "x = y") == "equal agreed"
    assert outcome("x/y = 1", "x = y", policy=Policy(common_domain=False)) == "different"


def test_letters_may_be_statements() -> None:
    """Propositions are decided by cases, among themselves and beside relations."""
    one, two, _ = ABC
    implies = Call("Implies", (one, two))
    assert compare_statements(implies, Call("Or", (Call("Not", (one,)), two))).strength == "proved"
    assert compare_statements(implies, Call("And", (Call("Not", (one,)), two))).outcome == "different"
    exclusive = Call("Or", (Call("And", (one, Call("Not", (two,)))), Call("And", (two, Call("Not", (one,))))))
    assert compare_statements(Call("Xor", (one, two)), exclusive).outcome == "equal"
    assert compare_statements(Call("Iff", (one, two)), Call("Not", (exclusive,))).outcome == "equal"
    assert (
        compare_statements(Call("And", (one, tree("x = 2y"))), Call("And", (tree("y = x/2"), one))).outcome == "equal"
    )


def test_a_set_of_values_may_be_the_solutions() -> None:
    """{2, -2} beside x^2 = 4, and (1, oo) beside x > 1."""
    assert outcome("{2, -2}", "x^2 = 4") == "equal proved"
    assert outcome("{2}", "x^2 = 4") == "different"
    interval = Call("IntervalOpen", (number(1), Constant("oo")))
    assert compare_statements(interval, tree("x > 1")).outcome == "equal"
    assert compare_statements(interval, tree("x >= 1")).outcome == "different"
    assert compare_statements(tree("{2, 3}"), tree("x + y = 5")).outcome == "unknown"


def test_systems_are_lists_of_equations() -> None:
    """The equations of a list hold together; what is no list of statements is no system."""
    assert compare_systems(read("[y = x, y^2 = 2]"), read("[x^2 + y^2 = 4, y = x]")).outcome == "equal"
    assert compare_systems(read("[x^2 = 4, y = 9]"), read("[x^2 = 4]")).outcome == "different"
    assert compare_systems(read("[x = 1, x = 2]"), tree("x^2 - 3x + 2 = 0")).outcome == "different"
    assert compare_systems(read("[x = 1]"), read("1")).method == "not_a_system"


def test_the_normal_form_has_negations_of_letters_only() -> None:
    """not (x <= 2 and -2 <= x) is x > 2 or x < -2."""
    negated = Call("Not", (tree("x <= 2 and -2 <= x"),))
    assert compare_statements(negated, tree("x > 2 or x < -2")).outcome == "equal"
    assert statements.normal(Call("Not", (ABC[0],))) == Call("Not", (ABC[0],))
    with pytest.raises(Unreadable):
        statements.normal(number(3))


# Properties ----------------------------------------------------------------------------------------------------------

ROOTS = st.lists(st.fractions(-9, 9, max_denominator=4), min_size=1, max_size=4)


def product(roots: list[Fraction], scale: int) -> Node:
    """scale * (x - r) * (x - s) * ... = 0."""
    factors = [Call("Add", (Symbol("x"), Number(-root))) for root in roots]
    return Call("Eq", (Call("Mul", (number(scale), *factors)), number(0)))


def expanded(roots: list[Fraction]) -> Node:
    """The same polynomial, multiplied out, with a term on the other side."""
    coefficients = [Fraction(1)]
    for root in roots:
        shifted = [Fraction(0), *coefficients]
        coefficients = [up - root * here for up, here in zip(shifted, [*coefficients, Fraction(0)], strict=True)]
    terms = [
        Call("Mul", (Number(factor), Call("Pow", (Symbol("x"), number(power)))))
        for power, factor in enumerate(coefficients)
        if power
    ]
    return Call("Eq", (Call("Add", tuple(terms)) if len(terms) > 1 else terms[0], Number(-coefficients[0])))


@given(ROOTS, st.integers(-7, 7).filter(bool))
@settings(max_examples=60, deadline=None)
def test_an_equation_is_its_factors_and_its_roots(roots: list[Fraction], scale: int) -> None:
    """A product, the polynomial multiplied out and the list of roots are the same, in either order."""
    listed = statements.either([Call("Eq", (Symbol("x"), Number(root))) for root in roots])
    forms = [product(roots, scale), expanded(roots), listed]
    for one in forms:
        for two in forms:
            assert compare_statements(one, two).strength == "proved"


@given(ROOTS, st.fractions(-9, 9, max_denominator=5))
@settings(max_examples=60, deadline=None)
def test_another_root_is_another_equation(roots: list[Fraction], other: Fraction) -> None:
    """A root more or a root that moved is a difference, with a witness."""
    moved = [other, *roots[1:]]
    same = set(moved) == set(roots)
    found = compare_statements(expanded(roots), product(moved, 1))
    assert found.outcome == ("equal" if same else "different")


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=3).filter(lambda row: bool(row[0])), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_a_multiple_is_the_same_and_another_coefficient_is_not(row: list[int], scale: int) -> None:
    """ax + by = c in two variables: multiples accepted, a changed constant refused."""

    def equation(one: int, two: int, three: int) -> Node:
        left = Call("Add", (Call("Mul", (number(one), Symbol("x"))), Call("Mul", (number(two), Symbol("y")))))
        return Call("Eq", (left, number(three)))

    base = equation(*row)
    assert compare_statements(base, equation(*(-scale * part for part in row))).strength == "proved"
    assert compare_statements(base, equation(row[0], row[1], row[2] + scale)).outcome == "different"
    assert compare_statements(equation(row[0], row[1] + scale, row[2]), base).outcome == "different"


@given(st.fractions(-50, 50), st.fractions(-50, 50))
def test_the_simplest_number_between_two_lies_between_them(one: Fraction, two: Fraction) -> None:
    """The sample of a cell is inside the cell."""
    if one != two:
        low, high = sorted((one, two))
        assert low < simplest(low, high) < high


def test_samples_and_roots_alternate() -> None:
    """Every root stands between the samples of the cells beside it."""
    from flint import fmpq_poly

    roots = roots_of([fmpq_poly([-2, 0, 1]), fmpq_poly([-7, 5]), fmpq_poly([0, 0, 1])])
    places = samples(roots)
    assert [root.text() for root in roots][1:3] == ["0", "7/5"]
    assert len(places) == 2 * len(roots) + 1
