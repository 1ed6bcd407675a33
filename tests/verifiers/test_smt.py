"""The bridge to Z3: exact both ways, defined where our functions are, and the same answer every time."""

from fractions import Fraction
from typing import get_args

import pytest

from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Symbol, number
from proofmill.verifiers.expressions.smt import Result, Root, Sort, check, implies
from proofmill.verifiers.verdict import Unreadable

X, Y = Symbol("x"), Symbol("y")


def no(node: Node) -> Node:
    return Call("Not", (node,))


def ask(*texts: str, sort: Sort = "real") -> Result:
    return check(map(read, texts), default=sort)


@pytest.mark.parametrize(
    ("texts", "sort", "outcome"),
    [
        (("x + y = 12", "x - y = 2"), "integer", "sat"),
        (("2*x = 5",), "integer", "unsat"),
        (("2*x = 5",), "real", "sat"),
        (("x^2 = 2", "x > 0"), "real", "sat"),
        (("x^2 = 2",), "integer", "unsat"),
        (("x^2 = -1",), "real", "unsat"),
        (("1/x = 1", "x = 0"), "real", "unsat"),
        (("x/x = 1", "x = 0"), "real", "unsat"),
        (("sqrt(x) = -2",), "real", "unsat"),
        (("sqrt(x) = 3", "x != 9"), "real", "unsat"),
        (("sqrt(x) >= 0", "x < 0"), "real", "unsat"),
        (("x^(-1) = 2", "x != 1/2"), "real", "unsat"),
        (("x^(3/2) = 8", "x != 4"), "real", "unsat"),
        (("abs(x) = 3", "x < 0"), "real", "sat"),
        (("floor(x) = 2", "x >= 3"), "real", "unsat"),
        (("ceiling(x) = 3", "x <= 2"), "real", "unsat"),
        (("max(x, y) < x",), "real", "unsat"),
        (("min(x, y, 3) > 3",), "real", "unsat"),
        (("sign(x) = 1", "x < 0"), "real", "unsat"),
        (("10*x/3 = 1", "x != 3/10"), "real", "unsat"),
        (("1 < x < 2",), "integer", "unsat"),
        (("x/2 = 3/2", "x != 3"), "integer", "unsat"),
    ],
)
def test_questions(texts: tuple[str, ...], sort: Sort, outcome: str) -> None:
    """Sat and unsat as mathematics has them, undefined points excluded."""
    found = ask(*texts, sort=sort)
    assert found.outcome == outcome
    assert found.z3_version
    assert found.rlimit_used > 0


def test_a_negation_holds_where_the_atom_means_nothing() -> None:
    """Not (1/x = 1) is true at x = 0, and so is not (sqrt(x) >= 0) at x = -1; roots never add a contradiction."""
    assert check([no(read("1/x = 1")), read("x = 0")]).outcome == "sat"
    assert check([no(read("sqrt(x) >= 0")), read("x = -1")]).outcome == "sat"
    assert implies([read("x = 2")], read("x^2 = 4")).outcome == "unsat"
    found = implies([read("x^2 = 4")], read("x = 2"))
    assert found.model == {"x": -2}


def test_models_are_exact() -> None:
    """Integers, fractions and truth values come back exactly; an algebraic number as a root with an enclosure."""
    assert ask("3*x = 1").model == {"x": Fraction(1, 3)}
    assert ask("x = 10^30 + 1", sort="integer").model == {"x": 10**30 + 1}
    assert ask("x = 0.1").model == {"x": Fraction(1, 10)}
    root = ask("x^2 = 2", "x > 0").model["x"]
    assert isinstance(root, Root)
    assert root.low**2 <= 2 <= root.high**2
    assert root.high - root.low < Fraction(1, 10**18)
    assert "-2, 0, 1" in root.text


def test_connectives_and_sets() -> None:
    """Boolean symbols, the six connectives, chains, sets and intervals."""
    a, b = Symbol("a"), Symbol("b")
    sorts: dict[str, Sort] = {"a": "boolean", "b": "boolean"}
    knights = [Call("Iff", (a, Call("Eq", (a, b)))), Call("Xor", (a, b))]
    assert check(knights, sorts=sorts).model == {"a": False, "b": True}
    assert check([Call("Implies", (a, b)), a], sorts=sorts).model == {"a": True, "b": True}
    inside = Call("In", (X, Call("IntervalClosedOpen", (number(1), Constant("oo")))))
    assert check([inside, read("x < 1")]).outcome == "unsat"
    outside = Call("In", (X, Call("Difference", (Call("Set", (number(1), number(2))), Call("Set", (number(2),))))))
    assert check([outside]).model == {"x": 1}
    assert check([Call("In", (X, Constant("integers"))), read("2*x = 1")]).outcome == "unsat"
    half = Call("Div", (number(1), Symbol("x")))
    pieces = Call("Piecewise", (Call("Tuple", (half, read("x > 0"))), Call("Tuple", (Y, read("x <= 0")))))
    assert check([Call("Eq", (pieces, number(2))), read("x >= 0"), read("y = 0")]).model["x"] == Fraction(1, 2)


def test_remainders_follow_python() -> None:
    """A remainder by a positive integer is never negative; by anything else it means nothing."""
    left = Call("Mod", (X, number(4)))
    assert check([Call("Eq", (left, number(3))), read("x = -1")], default="integer").outcome == "sat"
    against = Call("Eq", (Call("Mod", (X, Y)), number(1)))
    assert check([against, read("y < 0")], default="integer").outcome == "unsat"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sin(x) = 0", "not_supported"),
        ("exp(x) = 1", "not_supported"),
        ("x = pi", "not_supported"),
        ("2^x = 8", "not_supported"),
        ("x^(1/1000) = 2", "not_supported"),
        ("x", "not_supported"),
        ("x + 1", "not_supported"),
        ("x^1000 = 2", "too_large"),
        ("((x^9)^9)^9 = 2", "too_large"),
        ("x = 2^9000", "too_large"),
    ],
)
def test_refusals(text: str, reason: str) -> None:
    """What Z3 can't hold exactly is refused by name, never approximated."""
    with pytest.raises(Unreadable) as refused:
        ask(text)
    assert refused.value.reason == reason


def test_undeclared_names_are_refused_on_demand() -> None:
    """With no default sort, each symbol must have been declared."""
    with pytest.raises(Unreadable, match="nothing declares"):
        check([read("x = y")], sorts={"x": "real"}, default=None)
    assert set(get_args(Sort)) == {"integer", "real", "boolean"}


def test_budgets_are_counts() -> None:
    """A question beyond its step count is unknown, with the same count every time."""
    cubes = [read("a^3 + b^3 = c^3"), read("a > 0"), read("b > 0"), read("c > 0")]
    first, second = (check(cubes, default="integer", rlimit=200_000) for _ in range(2))
    assert first.outcome == "unknown"
    assert (first.rlimit_used, first.why) == (second.rlimit_used, second.why)


def test_inequalities_are_proved() -> None:
    """AM-GM for three, Nesbitt, and a false claim with its counter-model."""
    positive = [read("a > 0"), read("b > 0"), read("c > 0")]
    assert implies(positive, read("a^3 + b^3 + c^3 >= 3*a*b*c")).outcome == "unsat"
    assert implies(positive, read("a/(b + c) + b/(a + c) + c/(a + b) >= 3/2")).outcome == "unsat"
    assert implies(positive, read("a^2 >= a*b")).outcome == "sat"
