"""`equal`, `equal_many` and `steps`: what a caller gets, and what a caller may not give."""

import subprocess
import sys
import threading
from typing import Any

import pytest

from proofmill.verifiers import equal, equal_many, steps
from proofmill.verifiers.pool import shared_pool
from proofmill.verifiers.verdict import Verdict

SAME = [
    ("answer", r"\frac{1}{2}", "0.5"),
    ("completion", "18", "She has 16 + 2 = 18 eggs.\n#### 18"),
    ("equiv", "(x+1)^2", "x^2 + 2*x + 1"),
    ("antiderivative", "x^3/3", "x^3/3 + c"),
    ("antiderivative+C", "x^3/3", "x^3/3 + 7 + c"),
    ("derivative", "2*x", "x + x"),
    ("system", "[x + y = 3, x - y = 1]", "[x = 2, y = 1]"),
    ("num-abs", "1", "1.04"),
    ("subst-equiv", "a^2 + b", "x^2 + y"),
]
OTHER = [
    ("answer", r"\frac{1}{2}", "0.51"),
    ("completion", "18", "She has 16 + 3 = 19 eggs.\n#### 19"),
    ("equiv", "(x+1)^2", "x^2 + 2*x - 1"),
    ("antiderivative", "x^3/3", "x^2/3"),
    ("antiderivative+C", "x^3/3", "x^3/3"),
    ("derivative", "2*x", "x^2"),
    ("system", "[x + y = 3, x - y = 1]", "[x = 2, y = 2]"),
    ("num-abs", "1", "1.2"),
    ("subst-equiv", "a^2 + b", "x^2 + y^2"),
]


@pytest.mark.parametrize(("kind", "gold", "pred"), SAME)
def test_what_is_the_same_is_accepted(kind: str, gold: str, pred: str) -> None:
    """By its kind, with the method as evidence and the verifier's name on it."""
    verdict = equal(gold, pred, kind=kind)
    assert verdict.outcome == "accept", verdict
    assert verdict.evidence["method"]
    assert (verdict.verifier, verdict.version) == ("maths.equal", "1")


@pytest.mark.parametrize(("kind", "gold", "pred"), OTHER)
def test_what_differs_is_rejected(kind: str, gold: str, pred: str) -> None:
    """And the evidence says that it was refuted."""
    verdict = equal(gold, pred, kind=kind)
    assert verdict.outcome == "reject", verdict
    assert verdict.evidence["strength"] == "refuted"


def test_many_keep_their_order() -> None:
    """Any number of pairs, as tuples or as rows that hold more; a row's own kind outranks the call's."""
    assert equal_many([]) == []
    pairs: list[Any] = [(str(number), str(number + number % 2)) for number in range(300)]
    assert [verdict.outcome for verdict in equal_many(iter(pairs))] == ["accept", "reject"] * 150
    rows = [
        {"gold": "x^3/3", "pred": "x^3/3 + c", "kind": "antiderivative", "id": 7},
        {"gold": "x", "pred": "x"},
        ["2", "3"],
    ]
    assert [verdict.outcome for verdict in equal_many(rows, kind="equiv")] == ["accept", "accept", "reject"]


def test_a_policy_and_a_domain_reach_the_comparison() -> None:
    """Flags of the policy by name; numbers may be texts."""
    assert equal("1", "1.2", kind="num-abs", policy={"tolerance": 0.5}).outcome == "accept"
    assert equal("1", "1.04", kind="num-abs", policy={"tolerance": "1/100"}).outcome == "reject"
    assert equal("x^3/3", "x^3/3 + c", kind="antiderivative", policy={"constant": "forbidden"}).outcome == "reject"
    assert equal("x", "x", kind="equiv", domain="positive").outcome == "accept"


def test_mistakes_are_told_with_their_place() -> None:
    """Before anything is compared."""
    fine = ("1", "1")
    for pairs, error, message in (
        ([fine, ("1", 1)], TypeError, r"pairs\[1\]: pred: expected text \(found 1\)"),
        ([fine, (None, "1")], TypeError, r"pairs\[1\]: gold: expected text \(found None\)"),
        ([fine, fine, "12"], TypeError, r"pairs\[2\]: expected \(gold, pred\) or a mapping \(found '12'\)"),
        ([("1", "2", "3")], TypeError, r"pairs\[0\]"),
        ([{"gold": "1", "answer": "1"}], ValueError, r"pairs\[0\]: expected the key 'pred' \(found 'gold', 'answer'\)"),
        ([{"gold": "1", "pred": "1", "kind": "x"}], ValueError, r"pairs\[0\]: kind: expected one of answer, .*'x'"),
    ):
        with pytest.raises(error, match=message):
            equal_many(pairs)  # type: ignore[arg-type]
    for settings, message in (
        ({"kind": "equal"}, "kind: expected one of answer, completion, .* \\(found 'equal'\\)"),
        ({"domain": "rational"}, "domain: expected one of real, "),
        ({"policy": {"tolerence": 1}}, "policy has no flag 'tolerence'"),
        ({"policy": {"tolerance": "much"}}, "policy.tolerance"),
    ):
        with pytest.raises(ValueError, match=message):
            equal("1", "1", **settings)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="lines: expected a list"):
        steps("x = 1")
    with pytest.raises(TypeError, match=r"lines\[1\]: expected text \(found 1\)"):
        steps(["x = 1", 1])  # type: ignore[list-item]


def test_empty_texts_are_undecided() -> None:
    """Nothing equals nothing."""
    for gold, pred in (("", ""), ("1", " "), ("\n", "1")):
        assert equal(gold, pred).reason == "nothing_to_compare"


def test_each_step_of_a_derivation_gets_a_verdict() -> None:
    """One per adjacent pair: a step that loses a solution is rejected, prose is left open."""
    verdicts = steps(["x^2 - 5*x + 6 = 0", "(x-2)*(x-3) = 0", "x = 2 or x = 3", "x = 2", "as was to be shown"])
    assert [verdict.outcome for verdict in verdicts] == ["accept", "accept", "reject", "unknown"]
    assert {verdict.verifier for verdict in verdicts} == {"maths.steps"}
    assert (steps([]), steps(["x = 1"])) == ([], [])


def test_threads_may_compare_at_once() -> None:
    """Each thread gets the verdicts of its own pairs."""
    found: dict[int, list[Verdict]] = {}

    def compare(name: int) -> None:
        found[name] = equal_many([(str(name), str(number)) for number in range(20)])

    threads = [threading.Thread(target=compare, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, verdicts in found.items():
        assert [verdict.outcome == "accept" for verdict in verdicts] == [number == name for number in range(20)]


def test_the_evidence_names_the_engines() -> None:
    """What stood behind a verdict, with versions, so that it can be made again."""
    verdict = equal("pi", "22/7", kind="equiv")
    assert verdict.outcome == "reject"
    assert set(verdict.evidence["engines"]) == {"flint"}


def test_importing_is_light() -> None:
    """Neither the package nor the functions load an engine into this process."""
    program = (
        "import sys, proofmill.verifiers\n"
        "assert 'proofmill.verifiers.pool' not in sys.modules\n"
        "from proofmill.verifiers import equal, equal_many, steps\n"
        "assert equal('1/2', '0.5').outcome == 'accept'\n"
        "print(sorted({'sympy', 'flint', 'z3'} & set(sys.modules)))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == "[]", ended.stderr


def test_the_shared_pool_is_used() -> None:
    """One set of workers for everybody."""
    before = shared_pool()
    equal("1", "1")
    assert shared_pool() is before
