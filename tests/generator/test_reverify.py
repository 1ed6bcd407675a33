"""`proofmill verify`: the rows of a file, or those of a dataset, judged again."""

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from built import ROWS, dataset
from proofmill import cli
from proofmill.output.reading import shard_paths
from proofmill.reverify import verify_dataset

LINES = [
    '{"id": "a", "solution": "A: 18", "gold": "18", "extra": [1, {"é": null}]}',
    "not json",
    '{"id": "b", "solution": "A: 17", "gold": "18"}',
    "",
    "[1]",
    '{"id": "c", "solution": "no answer", "gold": "18"}',
    '{"id": "d"}',
    '{"id": "e", "solution": "#### 18", "gold": 18}',
]


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_file_is_split_and_nothing_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every line comes back in one of two files, in order, with all it had; bad lines with the reason bad_row."""
    source, out = tmp_path / "rows.jsonl", tmp_path / "judged" / "deep"
    source.write_text("\n".join(LINES), "utf-8")
    assert cli.main(["verify", str(source), "--verify", "maths.answer", "--out", str(out)]) == 0
    accepted, refused = lines_of(out / "accepted.jsonl"), lines_of(out / "refused.jsonl")
    assert [row["id"] for row in accepted] == ["a", "e"]
    assert {key: value for key, value in accepted[0].items() if key != "proofmill"} == json.loads(LINES[0])
    assert accepted[0]["proofmill"]["outcome"] == "accept"
    assert accepted[0]["proofmill"]["verdicts"][0]["verifier"] == "maths.answer"
    reasons = [row["proofmill"]["reason"] for row in refused]
    expected = ["bad_row", "maths.answer:gold_differs", "bad_row", "maths.answer:no_final_answer", "bad_row"]
    assert reasons == expected
    assert [row["proofmill"]["line"] for row in refused if "line" in row["proofmill"]] == [2, 5, 7]
    assert refused[-1]["proofmill"]["detail"] == "line 7: expected a solution or an answer (found neither)"
    assert refused[-1]["id"] == "d"
    said = capsys.readouterr().out
    for told in ("accept", "reject:maths.answer:gold_differs", "unknown:bad_row"):
        assert told in said


def test_columns_and_several_verifiers(tmp_path: Path) -> None:
    """--columns maps names, --verify takes several, at once or one by one, and settings reach them."""
    source = tmp_path / "rows.jsonl"
    source.write_text('{"question": "?", "completion": "1 + 1 = 3\\nA: 2", "answer": 2, "problem": "other"}\n')
    columns = ["--columns", "problem=question", "--columns", "solution=completion", "--columns", "gold=answer"]
    one_by_one = ["--verify", "maths.answer", "--verify", "maths.arithmetic"]
    for names in (["--verify", "maths.answer,maths.arithmetic"], one_by_one):
        out = tmp_path / str(len(names))
        assert cli.main(["verify", str(source), *names, "--out", str(out), *columns, "--seconds", "5"]) == 0
        (row,) = lines_of(out / "refused.jsonl")
        assert row["proofmill"]["reason"] == "maths.arithmetic:false_equation"
        assert row["problem"] == "other"
    assert lines_of(out / "accepted.jsonl") == []


def test_a_mapped_column_holds_one_thing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With GSM8K's `answer` as the solution it is not the stated answer too; an unknown name is refused."""
    source = tmp_path / "rows.jsonl"
    source.write_text('{"question": "?", "answer": "1 + 1 = 2\\n#### 2", "claims": {"expression": "1 + 1"}}\n')
    asked = ["verify", str(source), "--verify", "maths.compute", "--out", str(tmp_path / "o")]
    assert cli.main([*asked, "--columns", "problem=question", "--columns", "solution=answer"]) == 0
    assert len(lines_of(tmp_path / "o" / "accepted.jsonl")) == 1
    assert cli.main([*asked, "--columns", "solutoin=answer"]) == 2
    told = "verify.columns: expected one of problem, solution, answer, gold, claims (found solutoin)\n"
    assert capsys.readouterr().err == told


def test_a_file_of_bad_lines_is_kept_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file in which no line can be read gives as many refusals, and is wrong input; an empty one is refused."""
    source = tmp_path / "rows.jsonl"
    source.write_text("x\ny\n")
    assert cli.main(["verify", str(source), "--verify", "maths.answer", "--out", str(tmp_path / "o")]) == 2
    assert len(lines_of(tmp_path / "o" / "refused.jsonl")) == 2
    assert "name the columns, --columns solution=completion" in capsys.readouterr().err
    source.write_text("\n\n")
    assert cli.main(["verify", str(source), "--verify", "maths.answer", "--out", str(tmp_path / "p")]) == 2
    assert not (tmp_path / "p").exists()


def test_a_dataset_brings_its_own_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--verify beside the folder of a dataset is wrong input, and not passed over."""
    assert cli.main(["verify", str(tmp_path), "--verify", "maths.answer"]) == 2
    assert "brings its own" in capsys.readouterr().err


def test_a_built_dataset_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every synthetic row is accepted again, and the anchors are what they were: exit code 0."""
    assert cli.main(["verify", str(dataset(tmp_path)), "--out", str(tmp_path / "report")]) == 0
    assert f"{ROWS}" in capsys.readouterr().out
    assert {row["config"] for row in lines_of(tmp_path / "report" / "refused.jsonl")} <= {"anchors"}


def spoil(out: Path, config: str, *, at: int = 0, **changes: Any) -> str:
    """Write one row of a shard anew; its id."""
    path = shard_paths(out)[config][0]
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[at] |= changes
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    return str(rows[at]["id"])


def test_rows_that_were_tampered_with_are_found(tmp_path: Path) -> None:
    """Another answer, problem or solution than was judged: exit code 1, and each such row is named."""
    out = dataset(tmp_path)
    turn = [{"role": "user", "content": "Another text.\nAnswer: 1"}]
    changes: list[dict[str, Any]] = [{"answer": "0"}, {"prompt": turn}, {"completion": turn}]
    spoilt = {spoil(out, config, at=at, **changes[at]) for config in ("synthetic", "anchors") for at in range(3)}
    assert cli.main(["verify", str(out), "--out", str(tmp_path / "report")]) == 1
    told = lines_of(tmp_path / "report" / "refused.jsonl")
    assert {row["id"] for row in told if row["reason"] == "changed"} == spoilt


def test_a_refuted_row_with_a_matching_id_is_found(tmp_path: Path) -> None:
    """A wrong row whose id was made to fit is refused by the verifiers themselves."""
    from proofmill.output.reading import rows
    from proofmill.output.rows import draft_of

    out = dataset(tmp_path)
    spoil(out, "synthetic", answer="123456")
    row = next(rows(shard_paths(out)["synthetic"]))
    spoil(out, "synthetic", answer="123456", id=draft_of(row).id)
    told = io.StringIO()
    assert verify_dataset(out, None, Console(file=told, width=120)) is False
    assert "synthetic: reject:maths." in told.getvalue()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda out: shard_paths(out)["synthetic"][0].unlink(), "expected a shard that README.md names"),
        (lambda out: shard_paths(out)["synthetic"][0].write_bytes(b"PAR1 no"), "expected a parquet file (found"),
        (lambda out: (out / "README.md").write_text("---\nconfigs: [{a: b}]\n---\n"), "expected the configs of a"),
        (lambda out: (out / "README.md").write_text("---\n{\n---\n"), "expected the configs of a dataset"),
        (lambda out: spoil(out, "synthetic", verifier_spec="{}"), "expected a verifier_spec of proofmill (found"),
        (lambda out: spoil(out, "synthetic", verifier_spec='{"verify": []}'), "expected a verifier_spec of proofmill"),
    ],
)  # fmt: skip
def test_a_damaged_dataset_is_told(damage: Any, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A shard or manifest that can't be read ends with code 2 and a line that says which."""
    out = dataset(tmp_path)
    damage(out)
    assert cli.main(["verify", str(out)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
