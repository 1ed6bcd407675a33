"""Every verifier meets its case file, and the catalogue tells a recipe what it takes."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from proofmill.verifiers import catalogue
from proofmill.verifiers.evidence import EVIDENCE_CHARACTERS
from proofmill.verifiers.verdict import Check, Draft, Verdict, accept

CASES = Path(__file__).parent.parent / "cases"
OUTCOMES = ("accept", "reject", "unknown")


def cases() -> list[tuple[str, int, dict[str, Any]]]:
    """(verifier, number, case) of every case file that has a catalogue entry."""
    found = []
    for name in catalogue.CATALOGUE:
        path = CASES / f"{name.replace('.', '_')}.yaml"
        if path.exists():
            listed = yaml.safe_load(path.read_text("utf-8"))
            found += [(name, number, case) for number, case in enumerate(listed, 1)]
    return found


@pytest.mark.parametrize(("name", "number", "case"), cases(), ids=lambda value: str(value)[:60])
def test_cases(name: str, number: int, case: dict[str, Any]) -> None:
    """A draft in a case file gets the verdict and the reason that stand before it."""
    case = {"problem": "", **case}
    settings = case.pop("settings", {})
    outcome = next(outcome for outcome in OUTCOMES if outcome in case)
    reason = case.pop(outcome)
    verdict = catalogue.run(Check(name, settings), Draft(**case))
    assert (verdict.outcome, verdict.reason) == (outcome, reason), verdict.evidence
    assert catalogue.problems_with(name, settings) == []
    assert verdict.verifier == name
    assert verdict.version == catalogue.verifier(name).version
    assert json.loads(json.dumps(dict(verdict.evidence), allow_nan=False)) == dict(verdict.evidence)


@pytest.mark.parametrize("name", ["maths.answer", "maths.arithmetic", "maths.compute"])
def test_each_outcome_has_cases(name: str) -> None:
    """Each case file has several drafts to accept, to reject and to leave open."""
    listed = [case for found, _, case in cases() if found == name]
    for outcome in OUTCOMES:
        assert sum(outcome in case for case in listed) >= 3, (name, outcome)


def test_names_are_in_order() -> None:
    """The catalogue reads alphabetically."""
    assert list(catalogue.CATALOGUE) == sorted(catalogue.CATALOGUE)


def test_an_unknown_name_lists_the_known_ones() -> None:
    """Whoever asks for a verifier that does not exist learns which do."""
    with pytest.raises(KeyError, match=r"no verifier 'maths\.anser'; there are: .*maths\.answer"):
        catalogue.verifier("maths.anser")
    assert "maths.answer" in catalogue.problems_with("maths.anser", {})[0]


def test_settings_are_checked_by_signature() -> None:
    """A misspelt setting, a wrong type and a limit of nothing each get a sentence."""
    assert catalogue.setting_names("maths.answer") == ("seconds", "strength", "tolerance")
    assert catalogue.problems_with("maths.answer", {"tolerance": 0.1, "seconds": 5}) == []
    assert catalogue.problems_with("maths.answer", {"tolerance": None}) == []
    assert catalogue.problems_with("maths.arithmetic", {"minimun": 1}) == [
        "maths.arithmetic has no setting 'minimun'; it takes: minimum, seconds"
    ]
    assert catalogue.problems_with("maths.answer", {"tolerance": "1"}) == [
        "maths.answer: tolerance: expected a number or nothing (found '1')"
    ]
    assert catalogue.problems_with("maths.arithmetic", {"minimum": True, "seconds": 0}) == [
        "maths.arithmetic: minimum: expected an integer (found True)",
        "maths.arithmetic: seconds: expected more than 0 (found 0)",
    ]
    assert catalogue.problems_with("maths.compute", {"constant": "maybe"}) == [
        "maths.compute: constant: expected one of optional, required (found 'maybe')"
    ]


def test_evidence_is_json_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a check puts into its evidence, a bounded JSON value comes out."""
    deep: list[Any] = []
    for _ in range(50):
        deep = [deep]

    def check(draft: Draft) -> Verdict:
        huge = "x" * 10_000
        return accept(
            "ok", huge=huge, nan=math.nan, big=2**70, half={1: {2.5}}, deep=deep, lone="\ud800", many=range(3)
        )

    entry = catalogue.Verifier(check, "1", Draft(""))
    monkeypatch.setitem(catalogue.CATALOGUE, "test.check", entry)
    evidence = dict(catalogue.run(Check("test.check"), Draft("")).evidence)
    text = json.dumps(evidence, allow_nan=False)
    assert len(evidence["huge"]) == EVIDENCE_CHARACTERS
    assert evidence["half"] == {"1": [2.5]}
    assert len(text.encode()) < 10_000


def test_trouble_of_the_machine_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of memory and too deep are for the pool to handle, not verdicts."""
    for trouble in (MemoryError, RecursionError):

        def check(draft: Draft, trouble: type[BaseException] = trouble) -> Verdict:
            raise trouble

        monkeypatch.setitem(catalogue.CATALOGUE, "test.check", catalogue.Verifier(check, "1", Draft("")))
        with pytest.raises(trouble):
            catalogue.run(Check("test.check"), Draft(""))


def test_a_bug_is_told_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that no verifier should raise is `unknown`, with the error and where it came from."""

    def check(draft: Draft) -> Verdict:
        raise ZeroDivisionError("of ours")

    monkeypatch.setitem(catalogue.CATALOGUE, "test.check", catalogue.Verifier(check, "1", Draft("")))
    verdict = catalogue.run(Check("test.check"), Draft(""))
    assert (verdict.outcome, verdict.reason) == ("unknown", "verifier_failed")
    assert verdict.evidence["error"] == "ZeroDivisionError('of ours')"
    assert str(verdict.evidence["place"]).startswith("test_catalogue.py:")


def test_preheating_uses_every_verifier() -> None:
    """A zygote that has been heated holds SymPy and FLINT."""
    list(catalogue.preheat())
    assert {"sympy", "flint"} <= set(sys.modules)


def test_numeric_answers_import_nothing_heavy() -> None:
    """Judging a GSM8K solution imports neither SymPy nor FLINT."""
    program = (
        "import sys\n"
        "from proofmill.verifiers.catalogue import run\n"
        "from proofmill.verifiers.verdict import Check, Draft\n"
        "draft = Draft('', '48/2 = <<48/2=24>>24 clips\\n#### 24', gold='24')\n"
        "assert run(Check('maths.answer'), draft).outcome == 'accept'\n"
        "assert run(Check('maths.arithmetic'), draft).outcome == 'accept'\n"
        "assert not {'sympy', 'flint', 'mpmath'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_setting_is_a_finite_number(value: float) -> None:
    """A limit of infinity is no limit, and nan is none either."""
    assert catalogue.problems_with("maths.answer", {"seconds": value})
    assert catalogue.problems_with("maths.answer", {"tolerance": value})
