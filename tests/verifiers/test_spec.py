"""The spec language: what is told is what is read, every mistake has its place, search and solver mean the same."""

import itertools
import math
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofmill.verifiers import catalogue
from proofmill.verifiers.expressions import smt
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, number
from proofmill.verifiers.spec import solve
from proofmill.verifiers.spec.evaluate import evaluated
from proofmill.verifiers.spec.fields import VARIABLE_KEYS
from proofmill.verifiers.spec.findings import finding
from proofmill.verifiers.spec.functions import FUNCTIONS, Undefined
from proofmill.verifiers.spec.kinds import KINDS, read_spec
from proofmill.verifiers.spec.language import expression, statement
from proofmill.verifiers.spec.model import BadSpec, Kind, Scope, Variable
from proofmill.verifiers.spec.prompt import describe, functions_of
from proofmill.verifiers.spec.weigh import weigh
from proofmill.verifiers.verdict import Check, Unreadable

VERIFIERS: dict[Kind, str] = {
    "word_problem": "maths.word_problem",
    "logic": "logic.smt",
    "counting": "maths.counting",
    "number_theory": "maths.number_theory",
    "optimum": "maths.optimum",
}
INTEGERS = Scope({name: Variable(name, "integer") for name in ("x", "y", "apples")})
MIXED = Scope(
    {**INTEGERS.variables, "p": Variable("p", "boolean"), "pet": Variable("pet", "choice", values=("cat", "dog"))},
    {"cat": 0, "dog": 1},
)


# Prompt and parser -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_that_is_told_is_accepted(kind: Kind) -> None:
    """The example in the prompt is a draft that its own verifier accepts."""
    verdict = catalogue.run(Check(VERIFIERS[kind]), KINDS[kind].example)
    assert verdict.outcome == "accept", verdict
    assert verdict.evidence["strength"] == "proved"


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_read_is_told(kind: Kind) -> None:
    """Every key of the reader's tables stands in the prompt; without variables, their keys don't."""
    told = describe(kind)
    assert all(f'"{name}"' in told for name in KINDS[kind].keys)
    assert all(f'- "{name}": {words}' in told for name, words in VARIABLE_KEYS.items()) == (
        "variables" in KINDS[kind].keys
    )
    assert len(told) < 6_000


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_told_is_read(kind: Kind) -> None:
    """Every function of the prompt can be called with as few arguments as it takes, and Z3 holds it where it must."""
    for words in functions_of(kind):
        name = words.partition("(")[0]
        function = FUNCTIONS[name]
        counted = name in {"exactly", "at_most", "at_least", "count"}
        arguments = ["x > 2"] * function.fewest if counted else [str(part) for part in (9, 4, 5)[: function.fewest]]
        if counted and name != "count":
            arguments[0] = "1"
        text = f"{name}({', '.join(arguments)})"
        node = (statement if function.statement else expression)(text, "spec", INTEGERS).node
        asked = node if function.statement else Call("Eq", (node, node))
        if kind in {"word_problem", "logic", "optimum"}:
            unknowns = _with_unknowns(asked) if not counted else asked
            assert smt.check([unknowns], default="integer").outcome in {"sat", "unsat"}
        assert evaluated(asked, {"x": 4}) is not None


def _with_unknowns(node: Node) -> Node:
    """The tree with 9 as an unknown."""
    if node == number(9):
        return Symbol("x")
    return Call(node.head, tuple(map(_with_unknowns, node.args))) if isinstance(node, Call) else node


def test_the_kinds_are_those_of_the_type() -> None:
    """The table has every kind that the type names."""
    assert set(KINDS) == set(get_args(Kind.__value__ if hasattr(Kind, "__value__") else Kind))


# Reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "holds"),
    [
        ("2x + 3 = 11", {"x": 4}, True),
        ("apples = 20%*50", {"apples": 10}, True),
        ("(x + y)*2 = 14 and x > y", {"x": 4, "y": 3}, True),
        ("x = 1 or x = 2 and y = 5", {"x": 1, "y": 0}, True),
        ("(x = 1 or x = 2) and y = 5", {"x": 1, "y": 0}, False),
        ("not x = 1 and y = 0", {"x": 1, "y": 0}, False),
        ("x = 1 => y = 0", {"x": 2, "y": 7}, True),
        ("x = 1 <=> y = 0", {"x": 2, "y": 7}, True),
        ("x = 1 xor y = 0", {"x": 1, "y": 0}, False),
        ("1 < x <= 3", {"x": 3}, True),
        ("1/x = 1", {"x": 0}, False),
        ("not 1/x = 1", {"x": 0}, True),
        ("mod(-7, 4) = 1", {}, True),
        ("div(-7, 4) = -2", {}, True),
        ("number(x, y, 7) = 427", {"x": 4, "y": 2}, True),
        ("exactly(2, x > 1, y > 1, x = y)", {"x": 4, "y": 2}, True),
        ("count(x > 1, y > 1, x = y) >= 3", {"x": 4, "y": 2}, False),
        ("distinct(x, y, apples)", {"x": 1, "y": 2, "apples": 1}, False),
        ("pet = cat or p", {"pet": 1, "p": True}, True),
        ("p = (x > 2)", {"p": False, "x": 1}, True),
        ("x**2 == 16", {"x": -4}, True),
        ("floor(x/2) + ceil(x/2) = x", {"x": 7}, True),
        ("max(x, y) - min(x, y) = abs(x - y)", {"x": 3, "y": 9}, True),
    ],
)
def test_statements_mean_what_they_say(text: str, values: dict[str, Any], holds: bool) -> None:
    """Precedence, chains, counting and undefined atoms, by evaluation and by Z3 alike."""
    node = statement(text, "spec", MIXED).node
    assert evaluated(node, values) is holds
    assert _z3_says(node, values) is holds


def _z3_says(node: Node, values: dict[str, Any]) -> bool:
    sorts = {name: "boolean" if isinstance(value, bool) else "integer" for name, value in values.items()}
    fixed = [
        Call("Iff" if isinstance(value, bool) else "Eq", (Symbol(name), _constant(value)))
        for name, value in values.items()
    ]
    return smt.check([node, *fixed], sorts=sorts).outcome == "sat"  # type: ignore[arg-type]


def _constant(value: Any) -> Node:
    from proofmill.verifiers.expressions.nodes import Constant

    return Constant(str(value).lower()) if isinstance(value, bool) else number(value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x + z = 3", "found 'z'"),
        ("x y = 3", "found 'y'"),
        ("apples(3) = 3", "no function"),
        ("x = 3 and", "an operand"),
        ("x + 3", "true or false"),
        ("p + 1 = 2", "numbers alone"),
        ("pet < dog", "can't be compared"),
        ("pet = 1", "can't be compared"),
        ("x = 1 => y = 1 => x = 2", "brackets"),
        ("gcd(x) = 1", "2 to 30 arguments"),
        ("__import__('os')", "letters, digits"),
        ("x = 1; y = 2", "letters, digits"),
        ("sin(x) = 1", "found 'sin'"),
        ("x = pi", "found 'pi'"),
        ("(" * 100 + "x" + ")" * 100 + " = 1", "brackets"),
        ("not " * 200 + "p", "at most"),
        ("x = " + "1 + " * 400 + "1", "at most 600"),
        ("x = 1 = = 2", "="),
        ("x = \u0661", "letters, digits"),
    ],
)
def test_mistakes_have_their_place(text: str, found: str) -> None:
    """A text that breaks the rules is told with its place and what was found there."""
    with pytest.raises(Unreadable) as refused:
        statement(text, "spec.constraints[2]", MIXED)
    assert found in str(refused.value)
    assert str(refused.value).startswith("spec.constraints[2]") or refused.value.reason in {"too_deep", "too_long"}


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        (
            {"variables": {"x": "integer"}, "constraints": [], "find": "x", "eval": "1"},
            "spec.eval: expected no such key",
        ),
        ({"variables": {"x": "integer"}, "constraints": []}, "spec.find: expected the expression"),
        ({"variables": {"x": "int"}, "constraints": [], "find": "x"}, "spec.variables.x.type: expected"),
        ({"variables": {"x": ["a"]}, "constraints": [], "find": "x"}, "spec.variables.x: expected"),
        ({"variables": {"x": {"type": ["a"]}}, "constraints": [], "find": "x"}, "spec.variables.x.type: expected"),
        ({"variables": {"and": "integer"}, "constraints": [], "find": "1"}, "spec.variables: expected a name"),
        ({"variables": {"x": {"type": "integer", "min": 3, "max": 2}}, "constraints": [], "find": "x"}, "at most max"),
        ({"variables": {"x": {"type": "boolean", "min": 3}}, "constraints": [], "find": "1"}, "spec.variables.x.min"),
        ({"variables": {}, "constraints": [], "find": "1"}, "1 to 60 variables"),
        ({"variables": {"x": "integer"}, "constraints": ["x = 1"] * 101, "find": "x"}, "at most 100 statements"),
        ({"variables": {"x": "integer"}, "constraints": "x = 1", "find": "x"}, "spec.constraints: expected a list"),
        ({"variables": {"x": "integer"}, "constraints": [3], "find": "x"}, "spec.constraints[0]: expected a statement"),
        (
            {"variables": {"x": {"type": "choice", "values": ["x", "y"]}}, "constraints": [], "find": "1"},
            "not also a choice",
        ),
        (
            {"variables": {"x": {"type": "real", "min": float("nan")}}, "constraints": [], "find": "x"},
            "an exact number",
        ),
        ([1], "spec: expected a JSON object"),
        ({"variables": {"x": "integer"}, "constraints": ["x = 1" + " " * 30_000], "find": "x"}, "20000 characters"),
    ],
)
def test_specs_are_strict(spec: Any, found: str) -> None:
    """Unknown keys, missing ones, wrong shapes and sizes are refused, in words."""
    with pytest.raises(BadSpec) as refused:
        read_spec(spec, "word_problem")
    assert found in str(refused.value)


def test_every_mistake_is_told_at_once() -> None:
    """Three mistakes are three sentences."""
    raw = {"variables": {"x": "integer"}, "constraints": ["x = y"], "find": "z", "more": 1}
    with pytest.raises(BadSpec) as refused:
        read_spec(raw, "word_problem")
    assert str(refused.value).count("expected") == 3


# Search, solver and brute force ------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 30), st.integers(0, 30), st.integers(1, 6), st.integers(1, 6), st.integers(-3, 5), st.integers(-3, 5)
)
def test_linear_word_problems_are_solved(x: int, y: int, a: int, b: int, c: int, d: int) -> None:
    """The derived answer of a random pair of linear facts is what brute force finds: forced, several, or none."""
    facts = [f"{a}*x + {b}*y = {a * x + b * y}", f"{c}*x + {d}*y = {c * x + d * y}"]
    bounds = {"type": "integer", "min": 0, "max": 30}
    spec = read_spec({"variables": {"x": bounds, "y": bounds}, "constraints": facts, "find": "x + 2*y"}, "word_problem")
    values = {
        p + 2 * q
        for p, q in itertools.product(range(31), repeat=2)
        if a * p + b * q == a * x + b * y and c * p + d * q == c * x + d * y
    }
    found = finding(spec)
    assert found.outcome == ("forced" if len(values) == 1 else "several")
    assert len(values) > 1 or found.value == x + 2 * y


@settings(max_examples=40, deadline=None)
@given(st.recursive(
    st.sampled_from(["x > 2", "y <= x", "x = y", "mod(x, 3) = 1", "x/y = 2", "abs(x - y) < 3", "max(x, y) = 4"]),
    lambda inner: st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("({}) => ({})".format, inner, inner),
        st.builds("({}) <=> ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
        st.builds("exactly(1, {}, {})".format, inner, inner),
    ),
    max_leaves=6,
), st.integers(-4, 6), st.integers(-4, 6))  # fmt: skip
def test_search_and_solver_agree(text: str, x: int, y: int) -> None:
    """A random statement is true at a point by evaluation exactly if Z3 finds it true there."""
    node = statement(text, "spec", INTEGERS).node
    assert evaluated(node, {"x": x, "y": y}) is _z3_says(node, {"x": x, "y": y})


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["product", "permutation", "combination"]),
    st.lists(st.integers(0, 4), min_size=3, max_size=5),
    st.sampled_from(["a < b", "a + b + c = 6", "a = b or b = c", "a + b + c >= 5", "distinct(a, b, c)", "a*b*c = 0"]),
    st.booleans(),
)
def test_counts_are_those_of_brute_force(kind: str, values: list[int], event: str, alike: bool) -> None:
    """Every space and event gives the number of outcomes that itertools finds."""
    if kind == "product":
        raw: dict[str, Any] = {"product": dict.fromkeys("abc", values)}
        walk = list(itertools.product(values, repeat=3))
    else:
        raw = {kind: ["a", "b", "c"], "values": values, "alike": alike}
        items = itertools.permutations if kind == "permutation" else itertools.combinations
        walk = list(items(sorted(values), 3))
        walk = sorted(set(walk)) if alike else walk
    spec = read_spec({"space": raw, "event": event, "find": "count"}, "counting")
    node = spec.get("event").node
    expected = sum(bool(evaluated(node, dict(zip("abc", outcome, strict=True)))) for outcome in walk)
    assert weigh(spec.get("space"), [node]).weight == expected
    assert weigh(spec.get("space"), []).weight == len(walk)


@pytest.mark.parametrize("value", [1, 2, 12, 97, 360, 1001, 65_537, 999_983 * 1_000_003])
def test_number_functions_are_right(value: int) -> None:
    """Divisors, totients, factors and orders against their definitions."""

    def of(text: str) -> int:
        return int(evaluated(expression(text, "spec", Scope()).node, {}))

    small = value < 10_000
    if small:
        divisors = [part for part in range(1, value + 1) if value % part == 0]
        assert (of(f"divisors({value})"), of(f"divisor_sum({value})")) == (len(divisors), sum(divisors))
        assert of(f"totient({value})") == sum(math.gcd(value, part) == 1 for part in range(1, value + 1))
    if value > 1:
        assert value % of(f"largest_prime_factor({value})") == 0
        assert of(f"smallest_prime_factor({value})") <= of(f"largest_prime_factor({value})")
    if value % 2 and value > 1:
        order = of(f"order_mod(2, {value})")
        assert pow(2, order, value) == 1
        assert not small or all(pow(2, part, value) != 1 for part in range(1, order))
    assert of(f"digit_sum({value})") == sum(map(int, str(value)))
    assert of(f"reversed({value})") == int(str(value)[::-1])
    assert of(f"mod(3^{min(value, 5000)}, 1000)") == pow(3, min(value, 5000), 1000)


def test_what_has_no_value_is_undefined() -> None:
    """No inverse, no order, no factors of 0: Undefined, which makes the atom around it false."""
    for text in ("inverse_mod(2, 4)", "order_mod(2, 4)", "divisors(0)", "mod(3, 0)", "1/0 + 1", "sqrt(-1)"):
        with pytest.raises((Undefined, Unreadable)):
            evaluated(expression(text, "spec", Scope()).node, {})
    assert evaluated(statement("inverse_mod(x, 4) = 1", "spec", INTEGERS).node, {"x": 2}) is False


def test_findings_say_why() -> None:
    """An irrational value is forced by its enclosure; a budget that runs out is unknown, the same every time."""
    spec = read_spec(
        {"variables": {"x": {"type": "real", "min": 0}}, "constraints": ["x^2 = 2"], "find": "x"}, "word_problem"
    )
    found = finding(spec)
    assert found.outcome == "forced"
    assert isinstance(found.value, smt.Root)
    hard = read_spec(
        {
            "variables": {name: {"type": "integer", "min": 1} for name in "abc"},
            "constraints": ["a^3 + b^3 = c^3"],
            "find": "a",
        },
        "word_problem",
    )
    first, second = (finding(hard, rlimit=100_000) for _ in range(2))
    assert first.outcome == "unknown"
    assert first.evidence == second.evidence


def test_needless_constraints_are_found() -> None:
    """Only the constraint without which the answer stays forced is named."""
    raw = {
        "variables": {"x": "integer", "y": "integer"},
        "constraints": ["x + y = 7", "x - y = 1", "x > 2"],
        "find": "x",
    }
    spec = read_spec(raw, "word_problem")
    assert solve.needless(spec, spec.get("find").node, Fraction(4), rlimit=10**6) == ["spec.constraints[2]"]
