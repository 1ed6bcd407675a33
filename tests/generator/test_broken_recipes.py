"""Every mistake in a recipe is told with its place, before anything is spent: tests/cases/broken_recipes.yaml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from proofmill.cli import main
from proofmill.document import MAX_BYTES
from proofmill.verifiers.catalogue import CATALOGUE

WRONG_INPUT = 2
_FILE = yaml.safe_load((Path(__file__).parent.parent / "cases" / "broken_recipes.yaml").read_text(encoding="utf-8"))
SOUND: str = _FILE["sound"]
BROKEN: list[dict[str, Any]] = _FILE["broken"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("replies.jsonl").write_text('{"reply": "Answer: 4"}\n', encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What the command line says on stderr of wrong input; it says nothing else."""
    assert main(list(arguments)) == WRONG_INPUT
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()


def broken(case: dict[str, Any]) -> bytes:
    text = case["whole"] if "whole" in case else SOUND + case.get("append", "")
    if "change" in case:
        old, new = case["change"]
        assert text.count(old) == 1
        text = text.replace(old, new)
    return bytes(text.encode(case.get("encoding", "utf-8")))


@pytest.mark.parametrize("case", BROKEN, ids=[case["why"] for case in BROKEN])
def test_every_mistake_is_told_with_its_place(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """`proofmill check` ends with exit code 2 and exactly these lines, in the order of the file."""
    Path("broken.yaml").write_bytes(broken(case))
    says = [line.replace("VERIFIERS", ", ".join(CATALOGUE)) for line in case["says"]]
    assert told(capsys, "check", "broken.yaml") == [f"broken.yaml:{line}" for line in says]


def test_every_case_has_a_name_of_its_own() -> None:
    """No case hides another one."""
    assert len({case["why"] for case in BROKEN}) == len(BROKEN)


def test_the_recipe_that_they_derive_from_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    """So what each case is refused for is its one change."""
    Path("sound.yaml").write_text(SOUND, encoding="utf-8")
    assert main(["check", "sound.yaml"]) == 0
    assert "small 1: sound" in capsys.readouterr().out


def test_a_file_that_the_recipe_names_must_be_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` reads the recorded replies and the anchors' files, as a build would."""
    Path("sound.yaml").write_text(SOUND, encoding="utf-8")
    Path("replies.jsonl").unlink()
    place = folder / "replies.jsonl"
    assert told(capsys, "check", "sound.yaml") == [
        f"teacher.path: expected a file of recorded replies at {place} (found nothing)"
    ]


def test_build_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """And has not made a folder."""
    Path("broken.yaml").write_text(SOUND.replace("rows: 4", "rows: one"), encoding="utf-8")
    line = "broken.yaml:4:16: wanted.rows: expected an integer (found 'one')"
    assert told(capsys, "build", "broken.yaml", "--out", "out") == [line]
    assert not Path("out").exists()


def test_an_example_that_gets_another_verdict_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The recipe promises what its examples get."""
    text = SOUND + 'examples:\n  accepted:\n    - {problem: p, solution: "Answer: 3", answer: "4"}\n'
    Path("broken.yaml").write_text(text.replace("  - maths.compute: {seconds: 5}\n", ""), encoding="utf-8")
    (line,) = told(capsys, "check", "broken.yaml")
    assert line.startswith(
        "broken.yaml: examples.accepted.0: expected accept (found maths.answer reject: answer_differs"
    )


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a recipe's file nor a shipped recipe's name."""
    assert told(capsys, "check", "absent.yaml") == ["absent.yaml: expected a recipe file (found nothing)"]


def test_a_folder_is_no_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Its name is told, and what it is."""
    Path("folder").mkdir()
    assert told(capsys, "check", "folder") == ["folder: expected a recipe file (found a folder)"]


def test_a_file_too_large_is_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    """A recipe is written by a person."""
    Path("large.yaml").write_text("#" * (MAX_BYTES + 1), encoding="utf-8")
    line = "large.yaml:1:1: expected at most 1,000,000 bytes (found 1,000,001)"
    assert told(capsys, "check", "large.yaml") == [line]
