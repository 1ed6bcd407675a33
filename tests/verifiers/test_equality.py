"""What is equal is proved equal, what is not is refuted with a witness: the engines behind every comparison."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofmill.verifiers.expressions import Call, Constant, Node, Symbol, read, text_of
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.nodes import Number, number
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.separation import bits_needed
from proofmill.verifiers.expressions.wire_form import from_json, to_json
from proofmill.verifiers.verdict import Unreadable

PROVED = [
    ("sin(x)^8 + cos(x)^8", "1 - 4 sin(x)^2 cos(x)^2 + 2 sin(x)^4 cos(x)^4"), ("tan(x)", "sin(x)/cos(x)"),
    ("sqrt(1 - sin(x)^2)", "|cos(x)|"), ("sqrt(1/n)", "1/sqrt(n)"), ("sqrt(x)*sqrt(y)", "sqrt(x*y)"),
    ("ln|sin(2x)|", "ln|sin(x)| + ln|cos(x)| + ln(2)"), ("asinh(x/3)", "ln(x + sqrt(x^2 + 9)) - ln(3)"),
    ("cos(t) + i*sin(t)", "e^(i*t)"), ("a^(b + c)", "a^b*a^c"), ("x^(1/3)*y^(1/3)", "(x*y)^(1/3)"),
    ("cos(pi/5)", "(1 + sqrt(5))/4"), ("binomial(n + 1, k + 1)", "binomial(n, k) + binomial(n, k + 1)"),
    ("(x - 4a)^6000", "(4a - x)^6000"), ("max(x, y)", "(x + y + |x - y|)/2"),
    ("sqrt(2 + sqrt(3))", "(sqrt(6) + sqrt(2))/2"), ("sum(k^n, n, 0, 3)", "1 + k + k^2 + k^3"),
    ("(sqrt(108) + 10)^(1/3) - (sqrt(108) - 10)^(1/3)", "2"), ("(5 sqrt(2) - 7)^7", "(19601 - 13860 sqrt(2))^(7/4)"),
    ("f(x + x)", "f(2x)"), ("(-1)^(n + 1)", "-(-1)^n"), ("atan2(sqrt(3), 1)", "pi/3"),
    ("matrix([1, x + x], [2, 3])", "matrix([1, 2x], [4/2, 3])"), ("oo(-oo, 4)", "union(oc(-oo, 0), oo(-1, 4))"),
    ("x/100", "x%"), ("180 deg", "pi"), ("gcd(12, 18)", "6"), ("{1, 2, 1 + 1}", "{2, 1}"), ("7!!", "105"),
    ("[1, 3) cup [3, 4]", "[1, 4]"), ("re(3 - 5i)", "3"),
    ("8^(1/5)*(cos(pi/15) + i*sin(pi/15))", "(4 sqrt(3) i + 4)^(1/5)"),
    ("diff(x^3, x)", "3x^2"), ("|x|^2", "x^2"), ("log_2(8)", "3"), ("e^(10x) + sin^2(x) + cos^2(x)", "e^(10x) + 1"),
]  # fmt: skip
REFUTED = [
    ("abs(x + 1000) - 1000", "abs(x + 1001) - 1001"),
    ("max(x, 7001/2)", "x + max(0, 7001/2 - x) + max(0, x - 90001/2)"),
    ("sqrt(x^2)", "x"), ("1/2004!", "1/2006!"), ("floor(x + 1/1000)", "floor(x)"),
    ("sqrt(2) + sqrt(3)", "3.1462643699426"),
    ("x^2 + 2E-8", "x^2 + 1E-8"), ("f(x)", "g(x)"), ("f(x, y)", "f(y, x)"), ("e^(10x) + 0.0000001", "e^(10x)"),
    ("x[1]", "x1"),
    ("[1, 2, 3]", "x"), ("{1, 2}", "[1, 3]"), ("cc(1, 3)", "{1, 3}"), ("matrix([1, 2])", "matrix([1], [2])"),
    ("[0, 1) cup (1, 2]", "[0, 2]"), ("sqrt(x*(x - 1))*sqrt(y*(x - 1))", "(x - 1)*sqrt(x*y)"), ("3^x", "3^(-x)"),
    ("sign(x)^2", "1"), ("atan2(-1, -1)", "pi/4"), ("sin(2 pi x)", "0"), ("y = x + 1", "3"), ("(-1)^n", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "two"), PROVED)
def test_identities_are_proved(one: str, two: str) -> None:
    """No agreement of two engines is needed for any of these, in either order."""
    for left, right in ((one, two), (two, one)):
        found = compare(read(left), read(right))
        assert (found.outcome, found.strength) == ("equal", "proved")


@pytest.mark.parametrize(("one", "two"), REFUTED)
def test_near_misses_are_refuted(one: str, two: str) -> None:
    """Two expressions that agree nearly everywhere are different, in either order."""
    assert compare(read(one), read(two)).outcome == "different"
    assert compare(read(two), read(one)).outcome == "different"


def test_where_it_holds_is_named() -> None:
    """Equal on the common domain is equal by default, and the evidence says so; a flag asks for more."""
    found = compare(read("ln(x^2)"), read("2 ln(x)"))
    assert found.outcome == "equal"
    assert found.evidence["where"] == "where both sides are defined"
    strict = compare(read("ln(x^2)"), read("2 ln(x)"), policy=Policy.of({"common_domain": False}))
    assert (strict.outcome, strict.method) == ("unknown", "domains_differ")


def test_domains_are_flags() -> None:
    """sqrt(x^2) is x among positive numbers, sin(pi n) is 0 among integers, and roots are principal in the plane."""
    assert compare(read("sqrt(x^2)"), read("x"), domain="positive").strength == "proved"
    assert compare(read("sin(pi*n)"), read("0"), domain="integer").outcome != "different"
    assert compare(read("sqrt(x^2)"), read("|x|"), domain="complex").outcome == "different"


def test_policies_are_named() -> None:
    """Tolerances and rounding hold only where they are declared."""
    assert compare(read("pi"), read("3.14"), policy=Policy.of({"relative": "0.001"})).outcome == "equal"
    assert compare(read("pi"), read("3.1"), policy=Policy.of({"relative": 0.001})).outcome == "different"
    near = compare(read("{pi, sqrt(2)}"), read("{1.414, 3.1}"), policy=Policy.of({"tolerance": "0.1"}))
    assert near.outcome == "equal"
    far = compare(read("{1, 2}"), read("{1.05, 1.01}"), policy=Policy.of({"tolerance": "0.1"}))
    assert far.outcome == "different"
    assert compare(read("5^(1/3)"), read("1.709975947"), policy=Policy.of({"rounded": True})).method == "rounded"


@pytest.mark.parametrize(
    "flags", [{"colour": 1}, {"domain": "purple"}, {"multiplicity": "yes"}, {"tolerance": -1}, {"relative": "much"}]
)
def test_unknown_policies_are_refused(flags: dict[str, object]) -> None:
    """A flag or value that does not exist is a ValueError that names the place."""
    with pytest.raises(ValueError, match="policy"):
        Policy.of(flags)


def test_a_small_algebraic_number_is_zero() -> None:
    """The separation bound is there for algebraic numbers, and for no others."""
    assert bits_needed(read("sqrt(2) + sqrt(3) - sqrt(5 + 2 sqrt(6))")) is not None
    assert bits_needed(read("cos(pi/7) - 1/2")) is not None
    assert bits_needed(read("e - 1")) is None
    assert bits_needed(read("2^(1/997) + 3^(1/991)")) is None


def leaves() -> st.SearchStrategy[Node]:
    return st.one_of(
        st.integers(1, 9).map(number),
        st.sampled_from([Symbol("x"), Symbol("y"), Constant("pi"), Number(Fraction(1, 2), 1)]),
    )


def larger(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pair = st.tuples(st.sampled_from(["Add", "Mul"]), parts, parts)
    one = st.tuples(st.sampled_from(["Neg", "Sin", "Exp", "Cos", "Abs", "Atan"]), parts)
    return st.one_of(
        pair.map(lambda made: Call(made[0], made[1:])),
        one.map(lambda made: Call(made[0], made[1:])),
        st.tuples(parts, st.integers(2, 3)).map(lambda made: Call("Pow", (made[0], number(made[1])))),
    )


TREES = st.recursive(leaves(), larger, max_leaves=6)


def rewritten(node: Node, choice: int) -> Node:
    """The tree by true identities: turned round, multiplied out, halves of angles."""
    if not isinstance(node, Call):
        return Call("Add", (node, number(0))) if choice % 3 == 0 else node
    parts = tuple(rewritten(part, choice // 2 + index) for index, part in enumerate(node.args))
    if node.head in {"Add", "Mul"}:
        return Call(node.head, parts[::-1])
    if node.head == "Pow" and choice % 2:
        return Call("Mul", (parts[0],) * int(node.args[1].value))  # type: ignore[union-attr]
    if node.head == "Exp" and choice % 2:
        return Call("Pow", (Call("Exp", (Call("Div", (parts[0], number(2))),)), number(2)))
    if node.head == "Sin":
        half = Call("Div", (parts[0], number(2)))
        return Call("Mul", (number(2), Call("Sin", (half,)), Call("Cos", (half,))))
    if node.head == "Abs":
        return Call("Sqrt", (Call("Pow", (parts[0], number(2))),))
    return Call(node.head, parts)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, st.integers(0, 63))
def test_equal_things_are_never_refuted(tree: Node, choice: int) -> None:
    """A tree and its rewriting by true identities are equal or too large, in either order."""
    other = rewritten(tree, choice)
    first, second = compare(tree, other), compare(other, tree)
    assert first.outcome == second.outcome
    assert first.outcome == "equal" or first.method in {
        "no_usable_point",
        "not_decided",
        "few_usable_points",
        "undefined",
    }


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, st.integers(0, 63), st.sampled_from([Fraction(1), Fraction(-1, 7), Fraction(1, 10**6)]))
def test_perturbed_things_are_never_equal(tree: Node, choice: int, change: Fraction) -> None:
    """Adding a small number is seen, whatever the form."""
    other = Call("Add", (rewritten(tree, choice), Number(change)))
    assert compare(tree, other).outcome != "equal"
    assert compare(other, tree).outcome != "equal"


@settings(max_examples=80, deadline=None, derandomize=True)
@given(TREES)
def test_trees_go_through_json(tree: Node) -> None:
    """JSON gives the same tree back, decimals included."""
    again = from_json(to_json(tree))
    assert again == tree
    assert to_json(again) == to_json(tree)


@pytest.mark.parametrize(
    "value", [None, [], ["Add", 1], {"symbol": ""}, {"constant": "tau"}, {"number": "1/0"}, {"number": "9" * 5_000}]
)
def test_broken_json_is_refused(value: object) -> None:
    """Anything but a tree is Unreadable."""
    with pytest.raises(Unreadable):
        from_json(value)


def test_deep_json_is_refused() -> None:
    """The limits of the grammar hold for JSON too."""
    value: list[object] = [{"number": "1"}]
    for _ in range(200):
        value = ["Neg", value if value[0] == "Neg" else {"number": "1"}]
    with pytest.raises(Unreadable):
        from_json(value)


@pytest.mark.parametrize(
    "text",
    [
        "x > 1 and x < 5 or not x = 3", "A => B", "A <=> B", "{x, {1, 2}}", "matrix([1, 2], [3, 4])",
        "x in (0, 1) cup [2, 3]",
        "oo(0, 1)", "f(x)^2 + f'(x)", "x[1] + x_1", "5!!", "x = +-2", "union(oc(-oo, 0), oo(1, 2))", "a xor b", "[]",
        "piecewise((1, x < 0), (2, x >= 0))", "atan2(y, x)", "round(x) + mod(x, 3)", "x notin {1}", "true", "1, 2, 3",
    ],
)  # fmt: skip
def test_written_trees_read_back(text: str) -> None:
    """Statements, sets, matrices and unknown functions survive writing and reading."""
    tree = read(text)
    assert read(text_of(tree)) == tree
