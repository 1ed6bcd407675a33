"""The examples of the installed SymPy as anchors: verbatim, many, and none of them refuted."""

from collections import Counter
from functools import cache
from pathlib import Path

import sympy

import proofmill
from proofmill.anchors.sympy_doctests import _given_names, _question, doctest_rows
from proofmill.anchors.tables import HumanRow
from proofmill.gate import Judgement
from proofmill.verifiers.verdict import Draft

SOURCES = Path(sympy.__file__).parent.parent


@cache
def rows() -> list[HumanRow]:
    return list(doctest_rows())


@cache
def judged() -> list[Judgement]:
    drafts = [Draft(row.problem, row.solution, row.answer, None, row.claims) for row in rows()]
    return proofmill.verify(drafts, verify=["maths.compute"])


def test_there_are_enough() -> None:
    """At least sixty, of several skills, each once."""
    assert len(rows()) >= 60
    skills = Counter(row.skill for row in rows())
    assert {"differentiate", "integrate", "limit", "rewrite"} <= set(skills), skills
    assert len({row.place for row in rows()}) == len(rows())


def test_their_text_is_that_of_sympys_authors() -> None:
    """Problem and answer stand in SymPy's source as they are, one below the other; nothing is added."""
    for row in rows():
        file = row.place.partition(":")[0]
        lines = [line.strip() for line in (SOURCES / file).read_text("utf-8").splitlines()]
        numbers = [number for number, line in enumerate(lines) if line == f">>> {row.problem}"]
        answers = [lines[number + 1].replace("\\\\", "\\") for number in numbers]
        assert row.answer in answers, row
        assert row.solution == ""


def test_none_is_rejected() -> None:
    """All are judged; maths.compute refutes none of them, and recomputes at least four in five."""
    outcomes = Counter(judgement.outcome for judgement in judged())
    assert outcomes["reject"] == 0, [judgement for judgement in judged() if judgement.outcome == "reject"]
    assert outcomes.total() == len(rows())
    assert outcomes["accept"] >= 0.8 * len(rows()), Counter(judgement.reason for judgement in judged())


def test_each_asks_for_something() -> None:
    """The claim is an expression that is more than its answer, and stands for the line of code."""
    for row in rows():
        assert row.claims["expression"] != row.answer
        assert row.skill in {"differentiate", "integrate", "limit", "sum", "product", "rewrite"}


def test_what_is_asked_is_read_from_code_without_running_it() -> None:
    """Functions, methods and .doit() are read; keywords and unknown calls are passed over."""
    assert _question("integrate(x**2)") == ("integrate", "Integral(x ** 2, x)", {"x"})
    assert _question("(x**2).diff(x, 2)") == ("differentiate", "Derivative(x ** 2, x, 2)", {"x"})
    assert _question("Sum(k, (k, 1, n)).doit()") == ("sum", "Sum(k, (k, 1, n))", {"k", "n"})
    assert _question("expand((x + 1)**2)") == ("rewrite", "(x + 1) ** 2", {"x"})
    for code in ("integrate(x, meijerg=True)", "open('x')", "x = 3", "1 +", "f.subs(x, 1)", "factor(4)", "integrate()"):
        assert _question(code) is None, code


def test_names_that_are_no_plain_symbols_are_known() -> None:
    """A line that gives a name to an expression, or to a symbol with assumptions, takes it out of use."""
    assert _given_names("f = x**2") == {"f"}
    assert _given_names("x, y = symbols('x y')") == set()
    assert _given_names("n = Symbol('n', integer=True)") == {"n"}
    assert _given_names("def g(x): return x") == {"g"}
    assert _given_names("for") == set()
