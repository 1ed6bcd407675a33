"""The recipe gsm8k-resolve on real solutions: four models' transcripts, whose labels are known, through `replay`."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import proofmill
from proofmill import cli
from proofmill.output.reading import rows, shard_paths

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TRANSCRIPTS, HUMAN = DATA / "model_transcripts.jsonl", DATA / "gsm8k_human.jsonl"
COLUMNS = "teacher.columns={problem: question, reply: completion}"


@cache
def lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        pytest.skip(f"{path} is not here: the transcripts lie beside the repository, not in it")
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset that the command line makes of human problems and recorded solutions."""
    folder = tmp_path_factory.mktemp("transcripts")
    problems = {row["question"]: row["human_solution"] for row in lines(TRANSCRIPTS)}
    anchors = folder / "anchors.jsonl"
    anchors.write_text(
        "".join(
            json.dumps({"question": question, "answer": solution}) + "\n" for question, solution in problems.items()
        )
    )
    teacher = ["--teacher.kind", "replay", "--teacher.path", str(TRANSCRIPTS), "--set", COLUMNS]
    code = cli.main(["build", "gsm8k-resolve", "--out", str(folder / "out"), "--anchors", str(anchors), *teacher])
    assert code == 3  # fewer than the recipe's 10,000
    return folder / "out"


def labelled(out: Path, config: str) -> list[tuple[dict[str, Any], bool]]:
    """Rows of a configuration with the label of their transcript."""
    labels = {(row["question"], row["completion"].strip()): row["is_correct"] for row in lines(TRANSCRIPTS)}
    found = rows(shard_paths(out)[config])
    return [(row, labels[row["prompt"][0]["content"], row["completion"][-1]["content"]]) for row in found]


def said(row: dict[str, Any]) -> dict[str, str]:
    return {verdict["verifier"]: verdict["outcome"] for verdict in json.loads(row["verdict"])}


def test_maths_answer_agrees_with_the_labels(built: Path) -> None:
    """maths.answer accepts what the labels call correct, and nothing else, on at least 99.5 % of the transcripts."""
    judged = labelled(built, "synthetic") + labelled(built, "rejected")
    assert len(judged) == len(lines(TRANSCRIPTS)) == 1600
    agrees = sum((said(row)["maths.answer"] == "accept") == correct for row, correct in judged)
    assert agrees / len(judged) >= 0.995, agrees


def test_the_whole_gate_accepts_no_wrong_solution(built: Path) -> None:
    """Every row is labelled correct; of the correct solutions only those with a false calculation are missing."""
    accepted = labelled(built, "synthetic")
    assert all(correct for _, correct in accepted)
    missing = [row for row, correct in labelled(built, "rejected") if correct]
    reasons = Counter(row["reason"] for row in missing)
    assert set(reasons) <= {"maths.arithmetic:false_equation", "duplicate_exact", "duplicate_normalised"}, reasons
    assert reasons["maths.arithmetic:false_equation"] / 1600 <= 0.005, reasons


def test_human_problems_stay_human(built: Path) -> None:
    """A row says that its problem is human and its solution is not, and names the anchor it grew from."""
    anchors = {row["id"]: row for row in rows(shard_paths(built)["anchors"])}
    for row, _ in labelled(built, "synthetic")[:200]:
        told = json.loads(row["provenance"])
        assert (told["problem_origin"], told["solution_origin"]) == ("human", "synthetic")
        (parent,) = told["parents"]
        assert anchors[parent]["prompt"] == row["prompt"]
        assert json.loads(row["verifier_spec"])["gold"] == anchors[parent]["answer"]
    assert all(row["answer"] and "\n" not in row["answer"] for row in anchors.values())


def test_peoples_own_solutions_pass_but_for_their_slips() -> None:
    """Of 3,000 human solutions each reaches its own answer; the few that maths.arithmetic rejects have a false sum."""
    people = [{"problem": row["question"], "solution": row["answer"], "gold": row["answer"]} for row in lines(HUMAN)]
    judged = proofmill.verify(people, verify=["maths.answer", {"maths.arithmetic": {"minimum": 0}}])
    reasons = Counter(judgement.reason for judgement in judged if judgement.outcome != "accept")
    assert set(reasons) == {"maths.arithmetic:false_equation"}, reasons
    assert reasons.total() <= 0.005 * len(people)
    slips = {judgement.verdicts[1].evidence["equation"] for judgement in judged if judgement.outcome == "reject"}
    assert "192 * 100 = $1920" in slips  # it is 19,200
    assert "29 + 24 decorations already up = 83 total decorations Danai" in slips  # it is 53


def test_the_recipe_reads_the_columns_of_gsm8k() -> None:
    """The anchors of the shipped recipe are pinned to a revision, and their column `answer` is the solution."""
    text = (Path(__file__).parent.parent / "recipes" / "gsm8k-resolve.yaml").read_text()
    (anchors,) = yaml.safe_load(text)["anchors"]
    assert anchors["columns"] == {"problem": "question", "solution": "answer"}
    assert len(anchors["revision"]) == 40
