"""proofmill.verify: rows in, one judgement for each out."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import proofmill
from proofmill.errors import InputError
from proofmill.verifiers.catalogue import CATALOGUE, setting_names
from proofmill.verifiers.verdict import Check, Draft

DRESSES = [
    "18",
    "$18$",
    "$18",
    r"\(18\)",
    r"\boxed{18}",
    r"$\boxed{18}$",
    r"\frac{36}{2}",
    "#### 18",
    "A: 18",
    "A: $18",
]
DRESSES += ["Answer: 18", "**18**", "18 dollars", "18.0", "The answer is 18."]
MARKED = [
    "#### 18",
    "A: 18",
    "A: $18",
    r"\boxed{18}",
    r"A: \(18\)",
    "**Answer:** 18",
    "The answer is $18.",
    r"A: $\frac{36}{2}$",
]
THERE_ARE = ", ".join(CATALOGUE)
SETTINGS = ", ".join(setting_names("maths.answer"))
HEAVY = {"sympy", "datasets", "pyarrow", "flint", "aiohttp", "jinja2", "pandas"}


def outcomes(rows: Any, *verify: Any, **settings: Any) -> list[str]:
    return [judgement.outcome for judgement in proofmill.verify(rows, verify=verify or ["maths.answer"], **settings)]


def test_a_long_stream_keeps_its_order() -> None:
    """Five thousand rows from a generator come back in their order, each with its own verdict."""

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(5_000):
            yield {"solution": f"A: {number}", "gold": str(number + (number % 3 == 0))}

    judged = proofmill.verify(rows(), verify=["maths.answer"])
    assert [judgement.draft.solution for judgement in judged] == [f"A: {number}" for number in range(5_000)]
    assert [judgement.outcome == "reject" for judgement in judged] == [number % 3 == 0 for number in range(5_000)]


def test_drafts_and_dicts_are_read_alike() -> None:
    """A Draft, a dict with more keys than are read, and a dict with claims as JSON text are all rows."""
    claims = {"expression": "Derivative(x**2, x)"}
    rows = [
        Draft("", "A: 2*x", "2*x", claims=claims),
        {"problem": "", "solution": "A: 2*x", "answer": "2*x", "claims": claims, "source": "elsewhere", "n": None},
        {"solution": "A: 2*x", "answer": "2*x", "claims": json.dumps(claims)},
    ]
    judged = proofmill.verify(rows, verify=["maths.answer", "maths.compute"])
    assert [judgement.outcome for judgement in judged] == ["accept"] * 3
    assert len({judgement.draft.id for judgement in judged}) == 1


def test_a_judgement_says_what_each_verifier_said() -> None:
    """Outcome, and for each verifier its name, outcome, reason, evidence and seconds."""
    row = {"solution": "16 - 3 = 12\nA: 18", "gold": "18"}
    [judgement] = proofmill.verify([row], verify=["maths.answer", {"maths.arithmetic": {"minimum": 1}}])
    assert judgement.outcome == "reject"
    assert judgement.reason == "maths.arithmetic:false_equation"
    told = [(verdict.verifier, verdict.outcome, verdict.reason) for verdict in judgement.verdicts]
    assert told == [("maths.answer", "accept", "equal"), ("maths.arithmetic", "reject", "false_equation")]
    assert judgement.verdicts[1].evidence["value"] == "13"
    assert all(0 <= verdict.seconds < 10 and verdict.version for verdict in judgement.verdicts)


@pytest.mark.parametrize("gold", DRESSES)
def test_an_answer_is_read_alike_in_any_dress(gold: str) -> None:
    """LaTeX, plain text, `#### 18`, `A: 18`, a box and dollars mean the same in solution, answer and gold."""
    rows = [{"solution": f"So.\n{marked}", "answer": answer, "gold": gold} for marked in MARKED for answer in DRESSES]
    rows += [{"answer": answer, "gold": gold} for answer in DRESSES]
    wrong = [
        (row, judged.reason)
        for row, judged in zip(rows, proofmill.verify(rows, ["maths.answer"]), strict=True)
        if judged.outcome != "accept"
    ]
    assert wrong == []
    others = [{**row, "gold": "19"} for row in rows]
    assert set(outcomes(others)) == {"reject"}


@pytest.mark.parametrize("value", [3, 3.0, Decimal("3"), Fraction(3), "3"], ids=repr)
def test_numbers_are_answers(value: Any) -> None:
    """An answer or a gold given as a number is its text."""
    assert outcomes([{"answer": value, "gold": "3"}, {"solution": "A: 3", "gold": value}]) == ["accept", "accept"]
    assert outcomes([{"answer": 0, "gold": 0}, {"answer": 0, "gold": 1}]) == ["accept", "reject"]


def test_settings_reach_the_verifiers_that_have_them() -> None:
    """`tolerance` goes to maths.answer alone; `seconds` to all; a Check or a mapping has its own."""
    row = {"solution": "1 + 1 = 2\nA: 3.14", "gold": "pi"}
    assert outcomes([row]) == ["reject"]
    assert outcomes([row], "maths.answer", "maths.arithmetic", tolerance=0.01, seconds=5) == ["accept"]
    assert outcomes([row], {"maths.answer": {"tolerance": 0.01}}, Check("maths.arithmetic", {"minimum": 1})) == [
        "accept"
    ]
    assert outcomes([row], {"maths.arithmetic": {"minimum": 2}}, minimum=1) == ["unknown"]


@pytest.mark.parametrize(
    ("verify", "settings", "told"),
    [
        ("maths.answer", {}, f"verify: expected a list of verifiers (found 'maths.answer'); there are: {THERE_ARE}"),
        ([], {}, f"verify: expected a list of verifiers (found []); there are: {THERE_ARE}"),
        (None, {}, f"verify: expected a list of verifiers (found None); there are: {THERE_ARE}"),
        (["maths.anser"], {}, f"no verifier 'maths.anser'; there are: {THERE_ARE}"),
        (["maths.answer"], {"tolerence": 1}, "none of these verifiers has a setting 'tolerence'"),
        (["maths.answer"], {"tolerance": "x"}, "maths.answer: tolerance: expected a number or nothing (found 'x')"),
        (["maths.answer"], {"seconds": 0}, "maths.answer: seconds: expected more than 0 (found 0)"),
        ([{"maths.answer": {"x": 1}}], {}, f"maths.answer has no setting 'x'; it takes: {SETTINGS}"),
        ([{}], {}, "verify[0]: expected a verifier's name, or {name: {setting: value}} (found {})"),
        (["maths.answer", 3], {}, "verify[1]: expected a verifier's name, or {name: {setting: value}} (found 3)"),
        (["maths.answer", "maths.answer"], {}, "verify: expected each verifier once (found one twice)"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told(verify: Any, settings: dict[str, Any], told: str) -> None:
    """An unknown verifier, setting or shape is an InputError that names it, before a row is read."""
    with pytest.raises(InputError) as caught:
        proofmill.verify(iter(()), verify=verify, **settings)
    assert caught.value.mistakes == [told]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x", "rows[1]: expected a mapping or a Draft (found str)"),
        ({}, "rows[1]: expected a solution or an answer (found neither)"),
        ({"problem": "p", "answer": ""}, "rows[1]: expected a solution or an answer (found neither)"),
        ({"answer": ["1"]}, "rows[1].answer: expected text (found list)"),
        ({"answer": "1", "gold": True}, "rows[1].gold: expected text (found bool)"),
        ({"answer": "1", "claims": [1]}, "rows[1].claims: expected a mapping (found list)"),
        ({"answer": "1", "claims": "[1]"}, "rows[1].claims: expected a mapping (found list)"),
        ({"answer": "1", "claims": "{"}, "rows[1].claims: expected a JSON object (found Expecting property name"),
        ({"answer": "1", "claims": {"x": object()}}, "rows[1].claims: expected a JSON object (found Object of type"),
        ({"answer": 10**5000}, "rows[1].answer: expected text (found Exceeds the limit"),
    ],
)
def test_a_bad_row_is_named(row: Any, told: str) -> None:
    """A row that can't be read is an InputError with its number and key; nothing hangs behind it."""
    with pytest.raises(InputError) as caught:
        proofmill.verify([{"answer": "1", "gold": "1"}, row, {"answer": "2"}], verify=["maths.answer"])
    assert str(caught.value).startswith(told)
    assert outcomes([{"answer": "1", "gold": "1"}]) == ["accept"]


@pytest.mark.parametrize("rows", ["abc", b"abc", {"answer": "1"}, None, 3])
def test_rows_are_several(rows: Any) -> None:
    """One row by itself, or text, is refused with a sentence and not read letter by letter."""
    with pytest.raises(InputError, match=r"^rows: expected several rows, as a list or another iterable \(found"):
        proofmill.verify(rows, verify=["maths.answer"])


def test_no_rows_give_no_judgements() -> None:
    """An empty list is answered with an empty list."""
    assert proofmill.verify([], verify=["maths.answer"]) == []


def test_threads_share_the_pool() -> None:
    """Calls from eight threads at once each get their own rows back, in order."""

    def call(base: int) -> list[str]:
        rows = [{"solution": f"A: {base + n}", "gold": str(base + n)} for n in range(100)]
        return [
            judgement.draft.solution
            for judgement in proofmill.verify(rows, verify=["maths.answer"])
            if judgement.outcome == "accept"
        ]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(call, range(0, 8_000, 1_000)))
    assert found == [[f"A: {base + n}" for n in range(100)] for base in range(0, 8_000, 1_000)]


def test_it_works_inside_a_running_loop() -> None:
    """Called in a coroutine, and in threads of one, it answers as it does elsewhere."""

    async def main() -> list[list[str]]:
        row = [{"solution": "A: 1", "gold": "1"}]
        here = outcomes(row)
        return [here, *await asyncio.gather(*(asyncio.to_thread(outcomes, row) for _ in range(3)))]

    assert asyncio.run(main()) == [["accept"]] * 4


def imported_by(*command: str) -> set[str]:
    """Top-level modules that a Python command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], capture_output=True, text=True, check=True, timeout=60
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_importing_is_light() -> None:
    """`import proofmill` imports nothing but itself; the reading of rows is light too."""
    assert not (imported_by("-c", "import proofmill") & (HEAVY | {"pydantic", "rich", "yaml"}))
    assert not (imported_by("-c", "import proofmill; proofmill.verify; proofmill.Draft") & (HEAVY | {"rich", "yaml"}))


def test_help_is_light() -> None:
    """`proofmill --help` imports pydantic-settings for its options, and none of the heavy libraries."""
    found = imported_by("-m", "proofmill.cli", "--help")
    assert not (found & HEAVY)
    assert "pydantic_settings" in found
