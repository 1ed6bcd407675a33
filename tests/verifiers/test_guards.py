"""The guards between prose and spec: numbers both ways, instances, mutations, a second reading, answers in words."""

from fractions import Fraction
from typing import Any

import pytest

from proofmill.verifiers import catalogue
from proofmill.verifiers.spec.answering import match_number
from proofmill.verifiers.spec.findings import finding, solution
from proofmill.verifiers.spec.guards import idle_numbers, instances
from proofmill.verifiers.spec.kinds import KINDS, read_spec
from proofmill.verifiers.spec.model import BadSpec, Spec
from proofmill.verifiers.spec.naming import match_solution
from proofmill.verifiers.spec.numbers import gap, mentions
from proofmill.verifiers.spec.prompt import INSTANCES_PROMPT
from proofmill.verifiers.verdict import Check, Draft, Unreadable

PROBLEM = "Ann and Bob have 12 apples together. Ann has twice as many as Bob. How many apples does Ann have?"


def word(*constraints: str, find: str = "ann", **more: Any) -> Spec:
    raw = {"variables": {"ann": "integer", "bob": "integer"}, "constraints": list(constraints), "find": find, **more}
    return read_spec(raw, "word_problem")


APPLES = word("ann + bob = 12", "ann = 2*bob")


# Numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two hundred and five apples", "205"),
        ("twenty-five", "25"),
        ("three dozen eggs", "36"),
        ("1,200 people", "1200"),
        ("$3.50", "7/2"),
        ("20% off", "1/5 4/5 20"),
        ("twenty percent", "1/5"),
        ("half of them", "1/2"),
        ("two-thirds", "2/3 1/3"),
        ("3/4 of it", "3/4 3 4"),
        ("2 1/2 cups", "5/2"),
        ("3 million", "3000000"),
        ("twice as many", "2"),
        ("tripled", "3"),
        (".5 litres", "1/2"),
        ("two thousand three hundred", "2300"),
        (r"\frac{3}{7}", "3"),
    ],
)
def test_numbers_in_prose(text: str, values: str) -> None:
    """Digits, words, fractions, percentages and dozens each have the values that a spec may write."""
    found = mentions(text)[0]
    assert set(map(Fraction, values.split())) <= found.values
    assert found.required


@pytest.mark.parametrize("text", ["room B12", "x2", "x_1", "the third one", "someone", "fortunate", "weightless"])
def test_what_is_no_number(text: str) -> None:
    """Labels, ordinals and words that only contain a number word ask nothing of the spec."""
    assert not any(mention.required for mention in mentions(text))


@pytest.mark.parametrize(
    ("problem", "missing", "extra"),
    [
        (PROBLEM, (), ()),
        (PROBLEM.replace("12", "13"), ("13",), ("12",)),
        (PROBLEM.replace("12", "a dozen"), (), ()),
        (PROBLEM.replace("12", "twelve"), (), ()),
        (PROBLEM.replace("twice", "three times"), ("three",), ()),
        (PROBLEM + " Bob is 9.", ("9",), ()),
        ("Ann and Bob have apples.", (), ("12",)),
    ],
)
def test_numbers_both_ways(problem: str, missing: tuple[str, ...], extra: tuple[str, ...]) -> None:
    """A number that only one side has is found, on whichever side it is."""
    found = gap(problem, APPLES)
    assert (found.missing, found.extra) == (missing, extra)


@pytest.mark.parametrize(
    ("problem", "constraint"),
    [
        ("A film lasts 90 minutes. How many hours?", "60*ann = 90"),
        ("There are 5 spiders. How many legs?", "ann = 8*5"),
        ("A rectangle is 3 by 4. Its perimeter?", "ann = 2*(3 + 4)"),
        ("A 20% rise from 50?", "ann = 50*120/100"),
    ],
)
def test_words_bring_numbers_along(problem: str, constraint: str) -> None:
    """Hours bring 60, spiders 8, percent 100."""
    assert gap(problem, word(constraint)).extra == ()


def test_unused_numbers_are_declared() -> None:
    """A number without a part in the answer is named under unused."""
    problem = PROBLEM + " Bob is 9."
    assert gap(problem, word("ann + bob = 12", "ann = 2*bob", unused=[9])).missing == ()


# Instances and mutations -------------------------------------------------------------------------------------------


def test_instances_hold_the_spec_to_its_word() -> None:
    """A yes that the spec refuses and a no that it takes are named; half an assignment is refused."""
    yes, no = {"ann": 8, "bob": 4}, {"ann": 6, "bob": 6}
    assert instances(APPLES, {"yes": [yes], "no": [no]}) == []
    assert instances(APPLES, {"yes": [no], "no": [yes]}) == ["instances.yes[0]", "instances.no[0]"]
    for wrong in ({"maybe": []}, {"yes": {}}, {"yes": [{"ann": 8}]}, {"yes": [{"ann": 8, "bob": "four"}]}):
        with pytest.raises(BadSpec, match="instances"):
            instances(APPLES, wrong)
    assert '{"yes": [{...}, ...], "no": [{...}, ...]}' in INSTANCES_PROMPT


def test_idle_numbers_are_found() -> None:
    """A number whose change leaves the answer as it is plays no part in it."""
    assert idle_numbers(APPLES, finding(APPLES)) == []
    bounded = word("ann + bob = 12", "ann = 2*bob", "ann < 50")
    assert idle_numbers(bounded, finding(bounded)) == ["spec.constraints[2]: 50"]


# Answers -----------------------------------------------------------------------------------------------------------

ISLAND = KINDS["logic"].example


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("A is a knight, B is a knave", "equal"),
        ("A: knight\nB: knave", "equal"),
        ("B is a knave and A is a knight.", "equal"),
        ("knights: A; knaves: B", "equal"),
        ("\\boxed{A = knight, B = knave}", "equal"),
        ('{"A": "knight", "B": "knave"}', "equal"),
        ('{"A": true, "B": false}', "equal"),
        ("A is a knave, B is a knight", "different"),
        ("A and B are knights", "different"),
        ("A and B are both knaves", "different"),
        ("B is a knight", "different"),
        ("A is a knight", "unknown"),
        ("A is a knight, B is not a knight", "unknown"),
        ("A is a knight or B is a knave", "unknown"),
        ("If A is a knight, B is a knave", "unknown"),
        ("A is a knight, B is a knave, C is a knave", "unknown"),
        ("A is a knight and a knave, B is a knave", "unknown"),
        ('{"A": "knight", "B": "knave", "C": "knave"}', "unknown"),
        ('{"A": ["knight"], "B": "knave"}', "unknown"),
        ("", "unknown"),
    ],
)
def test_solutions_in_words(text: str, outcome: str) -> None:
    """Names with their values, in either order; any word that could turn the meaning makes the answer unreadable."""
    spec = read_spec(ISLAND.claims["spec"], "logic")
    values = solution(spec, rlimit=10**6).value
    try:
        found = match_solution(values, spec, text)[0]
    except Unreadable:
        found = "unknown"
    assert found == outcome


@pytest.mark.parametrize(
    ("derived", "problem", "answer", "match"),
    [
        ("8", "", "8", ("equal", "")),
        ("8", "", "x = 8", ("equal", "")),
        ("8", "", "8 apples", ("equal", "")),
        ("8", "", "9", ("different", "")),
        ("1/3", "", "0.33", ("unknown", "rounded")),
        ("1/3", "to the nearest hundredth", "0.33", ("equal", "")),
        ("1/3", "to the nearest hundredth", "0.34", ("different", "")),
        ("5/2", "", "3", ("different", "")),
        ("5/2", "to the nearest integer", "3", ("equal", "")),
        ("10/3", "to the nearest hundredth", "3", ("different", "")),
        ("10/3", "to the nearest hundredth", "3.333", ("unknown", "rounded")),
        ("10/3", "rounded to two decimal places", "3.33", ("equal", "")),
        ("10/3", "rounded to 2 decimals", "3.3", ("unknown", "rounded")),
        ("10/3", "approximately how many", "3.3", ("unknown", "rounded")),
        ("10/3", "approximately how many", "3", ("different", "")),
        ("3701/3", "rounded to the nearest ten", "1230", ("unknown", "rounded")),
        ("143/10", "to the nearest cent", "14.30", ("equal", "")),
        ("1/4", "", "25%", ("equal", "")),
        ("25", "what percent is it", "25%", ("equal", "")),
        ("25", "", "25%", ("unknown", "percent_or_number")),
        ("1/4", "what percent is it", "25", ("equal", "")),
        ("1/4", "", "25", ("different", "")),
        ("3/2", "how many hours", "90 minutes", ("unknown", "units")),
        ("3/2", "how many hours", "80 minutes", ("different", "")),
        ("8", "", "many", ("unknown", "not_a_number")),
        ("8", "", "x", ("unknown", "not_a_number")),
        ("8", "how many km", "8 km", ("equal", "")),
        ("8", "how many kilometres", "8 km", ("equal", "")),
        ("8", "a price of $3", "8 dollars", ("equal", "")),
        ("8", "miles in 2 hours", "8 miles per hour", ("equal", "")),
        ("8", "how many km", "8 miles", ("unknown", "unit_not_in_problem")),
        ("8", "a price of $3", "8 cents", ("unknown", "unit_not_in_problem")),
    ],
)
def test_numbers_as_answers(derived: str, problem: str, answer: str, match: tuple[str, str]) -> None:
    """Exactly equal, rounded only where the problem asks for it, a percentage where it asks for one."""
    assert match_number(Fraction(derived), Draft(problem, answer=answer)) == match


# The verifiers as a whole ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("constraint", ["ann = 7 + 1", "ann = 8", "8 = ann", "ann = 16/2", "ann*1000 = 8000"])
def test_an_answer_in_disguise_is_not_proved(constraint: str) -> None:
    """The answer smuggled in as a constraint, beside the true ones or in their place, is no proof."""
    for rest in (["ann + bob = 12", "ann = 2*bob"], ["ann + bob = 12"]):
        spec = {"variables": {"ann": "integer", "bob": "integer"}, "constraints": [*rest, constraint], "find": "ann"}
        draft = Draft(PROBLEM, answer="8", claims={"spec": spec})
        assert catalogue.run(Check("maths.word_problem"), draft).outcome == "unknown"


@pytest.mark.parametrize(
    "name", ["logic.smt", "maths.counting", "maths.number_theory", "maths.optimum", "maths.word_problem"]
)
@pytest.mark.parametrize(
    "spec", [None, 3, [], {}, {"variables": 1}, {"find": "all"}, {"space": {"product": {}}}, "x = 1"]
)
def test_junk_is_unknown(name: str, spec: Any) -> None:
    """Whatever stands under claims.spec, the verdict is unknown with a reason, never an error of ours."""
    verdict = catalogue.run(Check(name), Draft("?", answer="1", claims={"spec": spec}))
    assert verdict.outcome == "unknown"
    assert verdict.reason == "bad_spec"
