"""Human rows become anchors: read from where they lie, judged, counted, and published with licence and basis."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from proofmill.anchoring import Anchors, load_anchors
from proofmill.errors import InputError
from proofmill.gate import Sample
from proofmill.output.rows import anchor_row, draft_of
from proofmill.recipe import Recipe
from proofmill.verifiers.pool import shared_pool
from small_recipes import recipe

ROWS = [
    {"question": f"What is {n} + 1?", "answer": f"{n} + 1 = <<{n}+1={n + 1}>>{n + 1}\n#### {n + 1}"} for n in range(9)
]
WRONG = {"question": "What is 5 + 5?", "answer": "5 + 5 = 11\n#### 11"}
COLUMNS = {"problem": "question", "solution": "answer"}


def asking(folder: Path, source: Mapping[str, Any], *verify: str, **keys: Any) -> Recipe:
    anchors = {"id": "people", "licence": "mit", "human_basis": "self_declared", **source}
    checks = list(verify) or ["maths.arithmetic"]
    return recipe(folder, anchors=[anchors], mix={"kind": "ratio", "anchor_share": 0.5}, verify=checks, **keys)


def load(folder: Path, source: Mapping[str, Any], *verify: str, **keys: Any) -> Anchors:
    return load_anchors(asking(folder, source, *verify, **keys), shared_pool())


def jsonl(folder: Path, *rows: Any, name: str = "rows.jsonl", **more: Any) -> dict[str, Any]:
    (folder / name).write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8"
    )
    return {"source": "jsonl", "path": name, "columns": COLUMNS, **more}


def places(anchors: Anchors) -> list[str]:
    return sorted(sample.judgement.draft.origin["row"] for sample in anchors.samples)


def by_place(anchors: Anchors) -> dict[str, Sample]:
    return {sample.judgement.draft.origin["row"]: sample for sample in anchors.samples}


def hub(folder: Path) -> dict[str, Any]:
    """A folder in the layout of a Hub dataset, with two configurations."""
    for config, rows in (("main", ROWS), ("other", ROWS[:2])):
        (folder / "repo" / config).mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows), folder / "repo" / config / "train-00000-of-00001.parquet")
    (folder / "repo" / "README.md").write_text(
        "---\nconfigs:\n"
        + "".join(
            f"- config_name: {config}\n  data_files:\n  - split: train\n    path: {config}/train-*\n"
            for config in ("main", "other")
        )
        + "---\n# Rows\n"
    )
    return {"source": "hub", "repo": "./repo", "config": "main", "columns": COLUMNS}


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)


def test_jsonl_parquet_and_hub_give_the_same_rows(tmp_path: Path) -> None:
    """The same people's rows are the same drafts, whichever of the three they are read from."""
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "rows.parquet")
    sources = [jsonl(tmp_path, *ROWS), {"source": "parquet", "path": "rows.parquet", "columns": COLUMNS}, hub(tmp_path)]
    loaded = [load(tmp_path, source) for source in sources]
    drafts = [{sample.judgement.draft.id for sample in anchors.samples} for anchors in loaded]
    assert drafts[0] == drafts[1] == drafts[2]
    assert len(drafts[0]) == len(ROWS)
    assert places(loaded[0]) == [str(line) for line in range(1, 10)]
    assert places(loaded[1]) == places(loaded[2]) == [str(row) for row in range(9)]


def test_the_answer_is_taken_from_the_solution(tmp_path: Path) -> None:
    """`#### 4` at the end of GSM8K's column `answer`, which is the solution, is the answer; no marker, no answer."""
    anchors = load(tmp_path, jsonl(tmp_path, ROWS[3], {"question": "Why?", "answer": "1 + 1 = 2"}))
    drafts = {place: sample.judgement.draft for place, sample in by_place(anchors).items()}
    assert (drafts["1"].problem, drafts["1"].solution, drafts["1"].answer) == (*ROWS[3].values(), "4")
    assert drafts["2"].answer == ""


def test_a_stated_answer_claims_skill_and_difficulty_are_kept(tmp_path: Path) -> None:
    """Columns not named are their own; numbers are text; claims may be JSON text, as in our own rows."""
    row = {"problem": "Differentiate x**2.", "answer": "2*x", "skill": "differentiate", "difficulty": 2}
    claims = {"expression": "Derivative(x**2, x)"}
    rows = [
        {**row, "claims": claims},
        {**row, "problem": "p", "claims": json.dumps(claims)},
        {"problem": "q", "answer": 7},
    ]
    found = by_place(load(tmp_path, jsonl(tmp_path, *rows, columns={}), "maths.compute"))
    assert [dict(found[place].judgement.draft.claims) for place in "12"] == [claims, claims]
    assert found["1"].judgement.draft.origin["skill"] == "differentiate"
    assert found["1"].judgement.draft.origin["difficulty"] == 2
    assert found["3"].judgement.draft.answer == "7"
    assert [found[place].judgement.outcome for place in "123"] == ["accept", "accept", "unknown"]


def test_rejected_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    """A row that a verifier rejects is no anchor; an undecided one is; each source's counts say so."""
    undecided = {"question": "Who?", "answer": "Nobody.\n#### 0"}
    anchors = load(tmp_path, jsonl(tmp_path, *ROWS, WRONG, undecided))
    (count,) = anchors.counts
    assert (count.id, count.read, count.kept) == ("people", 11, 10)
    assert count.verdicts == {
        "maths.arithmetic": {"accept": 9, "reject: false_equation": 1, "unknown: no_arithmetic": 1}
    }
    assert "10" not in places(anchors)
    assert {"9", "11"} <= set(places(anchors))


def test_a_row_that_stands_twice_is_one_anchor(tmp_path: Path) -> None:
    """The same text twice in a source is one anchor, at its first place."""
    anchors = load(tmp_path, jsonl(tmp_path, ROWS[0], ROWS[1], ROWS[0]))
    assert places(anchors) == ["1", "2"]
    assert (anchors.counts[0].read, anchors.counts[0].kept) == (3, 2)


def test_a_sample_is_drawn_with_the_seed(tmp_path: Path) -> None:
    """`sample: 4` draws four rows, the same ones at each load, others with another seed."""
    source = jsonl(tmp_path, *ROWS, sample=4)
    first, again = load(tmp_path, source), load(tmp_path, source)
    assert [sample.judgement.draft.id for sample in first.samples] == [s.judgement.draft.id for s in again.samples]
    assert len(first.samples) == 4
    assert any(places(load(tmp_path, source, seed=seed)) != places(first) for seed in (1, 2, 3))
    assert len(load(tmp_path, {**source, "sample": 99}).samples) == len(ROWS)


def test_licence_basis_and_place_stand_in_the_row(tmp_path: Path) -> None:
    """Every published anchor says why it may be there, and can be judged again as it was."""
    asked = asking(tmp_path, jsonl(tmp_path, ROWS[4]))
    (sample,) = load_anchors(asked, shared_pool()).samples
    row = anchor_row(asked, sample)
    told = json.loads(row["provenance"])
    assert (row["licence"], row["origin"], row["teacher"], row["answer"]) == ("mit", "human", "", "5")
    assert (told["human_basis"], told["source"], told["source_row"]) == ("self_declared", "people", "1")
    assert draft_of(row) == sample.judgement.draft
    assert json.loads(row["verdict"])[0]["verifier"] == "maths.arithmetic"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ["nonsense"],
            ["rows.jsonl:1: expected a JSON object (found 'nonsense': Expecting value: line 1 column 1 (char 0))"],
        ),
        ([ROWS[0], "[1]"], ["rows.jsonl:2: expected a JSON object (found '[1]')"]),
        ([{"answer": "x"}], ["rows.jsonl:1: question: expected this column (found answer)"]),
        ([{"question": "x"}], ["rows.jsonl:1: answer: expected this column (found question)"]),
        (
            [{"question": " ", "answer": "x"}],
            ["rows.jsonl:1: question: expected the text of the problem (found "],
        ),
        ([{"question": "x", "answer": ""}], ["rows.jsonl:1: answer: expected a solution or an answer (found neither)"]),
        ([{"question": ["x"], "answer": "y"}], ["rows.jsonl:1: question: expected text (found list)"]),
        ([{**ROWS[0], "claims": [1]}], ["rows.jsonl:1: claims: expected a mapping (found list)"]),
        ([{**ROWS[0], "claims": "{"}], ["rows.jsonl:1: claims: expected a JSON object (found "]),
        ([{"question": 1}, ROWS[0], {}], ["rows.jsonl:1: answer: ", "rows.jsonl:3: question: "]),
        ([], ["anchors people: expected at least one row (found none)"]),
    ],
)
def test_bad_rows_are_told_with_their_place(rows: list[Any], told: list[str], tmp_path: Path) -> None:
    """A line that is no object, a missing column, a wrong type: file, line, column and finding, all at once."""
    with pytest.raises(InputError) as caught:
        load(tmp_path, jsonl(tmp_path, *rows))
    found = [line.removeprefix(f"{tmp_path}/") for line in caught.value.mistakes]
    assert len(found) == len(told)
    assert all(line.startswith(start) for line, start in zip(found, told, strict=True)), found


def test_many_bad_rows_are_cut(tmp_path: Path) -> None:
    """A file with the wrong columns throughout is told in a screenful."""
    with pytest.raises(InputError) as caught:
        load(tmp_path, jsonl(tmp_path, *({"text": "x"} for _ in range(500))))
    assert len(caught.value.mistakes) == 21
    assert caught.value.mistakes[-1] == "... and more of the same"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"source": "jsonl", "path": "no.jsonl"}, "no.jsonl: expected a JSONL file (found nothing)"),
        ({"source": "jsonl", "path": "."}, "expected a JSONL file (found a folder)"),
        ({"source": "parquet", "path": "no.parquet"}, "no.parquet: expected a parquet file (found nothing)"),
        ({"source": "parquet", "path": "bad.parquet"}, "bad.parquet: expected a parquet file (found Parquet"),
        ({"source": "hub", "repo": "./nowhere"}, "anchors people: expected a dataset in "),
        ({"source": "hub", "repo": "./repo", "config": "third"}, "anchors people: expected a dataset at "),
        ({"source": "hub", "repo": "./repo", "config": "main", "split": "dev"}, "Should be one of ['train']"),
    ],
)
def test_a_source_that_is_not_there_is_told(source: dict[str, Any], told: str, tmp_path: Path) -> None:
    """A missing or broken file, folder, configuration or split is the input's fault, in one line."""
    (tmp_path / "bad.parquet").write_bytes(b"no parquet at all")
    hub(tmp_path)
    with pytest.raises(InputError) as caught:
        load(tmp_path, source)
    (line,) = caught.value.mistakes
    assert told in line


def test_the_hub_needs_a_pinned_revision(tmp_path: Path) -> None:
    """A repository on the Hub without 40 hex digits is refused before anything is fetched; a folder needs none."""
    for revision in ({}, {"revision": "main"}):
        with pytest.raises(InputError, match="revision"):
            asking(tmp_path, {"source": "hub", "repo": "openai/gsm8k", **revision})


def test_anchors_without_licence_or_basis_are_refused(tmp_path: Path) -> None:
    """Licence and `human_basis` are required of every source."""
    for key in ("licence", "human_basis"):
        source = {**jsonl(tmp_path, *ROWS), "id": "people", "licence": "mit", "human_basis": "self_declared"}
        del source[key]
        with pytest.raises(InputError, match=key):
            recipe(tmp_path, anchors=[source], mix={"kind": "ratio", "anchor_share": 0.5})
