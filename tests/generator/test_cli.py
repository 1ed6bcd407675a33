"""The command line: every verb, what it prints, its exit code, and one line on stderr for each mistake."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from built import dataset
from proofmill import cli
from proofmill.recipe import load_recipe
from proofmill.shelf import names


def told(capsys: pytest.CaptureFixture[str], code: int) -> list[str]:
    """The lines of stderr, which are no traceback."""
    said = capsys.readouterr()
    assert "Traceback" not in said.err, said.err
    assert code == 0 or said.err
    return said.err.splitlines()


def shell(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("proofmill")), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, **options)


REPLY = {"skill": "differentiate", "difficulty": 1}
SOUND = {"problem": "Differentiate x**2.", "solution": "By the power rule.\nAnswer: 2*x", "answer": "2*x",
         "claims": {"expression": "Derivative(x**2, x)"}}  # fmt: skip


def recipe_file(folder: Path, replies: int = 2, extra: str = "") -> Path:
    """A small recipe with recorded replies, each about another power."""
    lines = []
    for power in range(3, 3 + replies):
        said = json.dumps(SOUND).replace("x**2", f"x**{power}").replace("2*x", f"{power}*x**{power - 1}")
        lines.append(json.dumps({**REPLY, "reply": said}))
    (folder / "replies.jsonl").write_text("\n".join(lines) + "\n")
    path = folder / "small.yaml"
    path.write_text(
        "name: small\nversion: '1'\nlicence: mit\nwanted: {rows: 2}\nteacher: {kind: replay, path: replies.jsonl}\n"
        "task: {domain: maths, skills: [differentiate], prompt: '{{ skill }} {{ reply_format }}'}\n"
        "verify: [maths.answer, maths.compute]\n" + extra
    )
    return path


def test_no_arguments_show_the_help() -> None:
    """`proofmill` alone lists the verbs and ends well, as `--help` does; `--version` says the version."""
    for arguments in ([], ["--help"]):
        done = shell(*arguments, cwd=Path.cwd())
        assert done.returncode == 0
        assert all(verb in done.stdout for verb in ("build", "check", "recipes", "verify", "mix", "doctor"))
    assert shell("--version", cwd=Path.cwd()).stdout == "proofmill 0.1.0\n"


@pytest.mark.parametrize("verb", ["build", "check", "recipes", "verify", "mix", "doctor"])
def test_every_verb_has_help(verb: str) -> None:
    """`proofmill VERB --help` ends well."""
    with pytest.raises(SystemExit) as ended:
        cli.main([verb, "--help"])
    assert ended.value.code == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["frobnicate"], "error: error parsing CLI: argument {build,check,recipes,verify,mix,doctor}: invalid choice"),
        (["build"], "error: error parsing CLI: the following arguments are required: RECIPE, --out"),
        (["build", "nope.yaml", "--out", "x"], "nope.yaml: expected a recipe file (found nothing)"),
        (["build", "quickstart", "--out", "x", "--frob", "1"], "error: error parsing CLI: unrecognized arguments"),
        (["build", "quickstart", "--out", "x", "--rows", "many"], "error: build.rows: Input should be a valid integer"),
        (["build", "quickstart", "--out", "x", "--rows", "0"], "wanted.rows: expected at least 1"),
        (["build", "quickstart", "--out", "x", "--teacher.kind", "god"], "error: build.teacher.kind: Input should be"),
        (["build", "quickstart", "--out", "x", "--teacher.path", "no.jsonl"], "teacher.path: expected a file of"),
        (["build", "quickstart", "--out", "x", "--set", "seed"], "build.set: expected key=value (found 'seed')"),
        (["build", "quickstart", "--out", "x", "--set", "sed=1"], "sed: expected one of anchors, attempts,"),
        (["build", "quickstart", "--out", "x", "--set", "seed={"], "build.set: seed: expected a YAML value"),
        (["build", "quickstart", "--out", "x", "--anchors", "no.jsonl"], "{cwd}/no.jsonl: expected a JSONL file"),
        (["check", "nope"], "nope: expected a recipe file (found nothing)"),
        (["recipes", "burn"], "error: recipes.action: Input should be 'list', 'show' or 'new'"),
        (["recipes", "show"], f"recipes.name: expected one of {', '.join(names())} (found nothing)"),
        (["recipes", "show", "x"], f"recipes.name: expected one of {', '.join(names())} (found x)"),
        (["verify"], "error: error parsing CLI: the following arguments are required: SOURCE"),
        (["verify", "f.jsonl", "--verify", "maths.answer"], "verify.out: expected --out FOLDER for accepted.jsonl"),
        (["verify", "f.jsonl", "--verify", "maths.answer", "--out", "o"], "f.jsonl: expected a JSONL file (found noth"),
        (["verify", "f.jsonl", "--out", "o"], "verify: expected a list of verifiers (found [])"),
        (["verify", "f.jsonl", "--verify", "maths.anser", "--out", "o"], "no verifier 'maths.anser'; there are: "),
        (["verify", "."], ".: expected a dataset of proofmill, with a README.md (found none)"),
        (["mix", "."], ".: expected a dataset with its ledger, .ledger.sqlite (found none)"),
        (["mix", "nowhere", "--mix.kind", "x"], "error: mix.mix.kind: Input should be 'ratio' or 'rows' (found 'x')"),
    ],
)
def test_wrong_input_is_one_line_each(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong argument, file or name ends with code 2 and one line that says what was expected; no traceback."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    lines = told(capsys, 2)
    assert len(lines) == 1
    assert lines[0].startswith(line.replace("{cwd}", str(tmp_path)))


def test_several_mistakes_are_several_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that is wrong is told at once: of the options, and of the recipe."""
    assert cli.main(["build", "quickstart", "--out", str(tmp_path), "--rows", "x", "--teacher.temperature", "y"]) == 2
    assert len(told(capsys, 2)) == 2
    path = recipe_file(tmp_path, extra="seed: -1\nlanguage: english\n")
    assert cli.main(["check", str(path)]) == 2
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in told(capsys, 2)] == ["8", "9"]


def test_what_the_machine_refuses_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that can't be written ends with a line, not a traceback."""
    file = tmp_path / "file"
    file.write_text("")
    assert cli.main(["recipes", "new", "quickstart", str(file / "my.yaml")]) == 1
    assert told(capsys, 1)[0].startswith("error: [Errno")
    assert cli.main(["build", str(recipe_file(tmp_path)), "--out", str(file)]) == 2
    assert told(capsys, 2)[0].startswith(f"{file}: expected a folder that can be written to")
    lines = tmp_path / "rows.jsonl"
    lines.write_text('{"answer": "1", "gold": "1"}\n')
    assert cli.main(["verify", str(lines), "--verify", "maths.answer", "--out", str(file)]) == 1
    assert "file" in told(capsys, 1)[0]


def test_build_makes_a_dataset_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A build prints the funnel and where the dataset lies, and ends with 0; the same again asks nothing new."""
    path, out = recipe_file(tmp_path), tmp_path / "out"
    for _ in range(2):
        assert cli.main(["build", str(path), "--out", str(out)]) == 0
        said = capsys.readouterr().out
        assert "rows (of 2 wanted)" in said
        assert f"load_dataset('{out}')" in said
        assert (out / "README.md").is_file()


def test_a_build_that_falls_short_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, with the reason: replies that ran out, or a budget that ended."""
    path = recipe_file(tmp_path)
    assert cli.main(["build", str(path), "--out", str(tmp_path / "one"), "--rows", "3"]) == 3
    assert "there is nothing more to draw before 3 rows were reached" in capsys.readouterr().out
    assert cli.main(["build", str(path), "--out", str(tmp_path / "two"), "--set", "wanted.attempts=1"]) == 3
    assert "a budget ended before 2 rows were reached" in capsys.readouterr().out


def test_a_build_that_fails_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No endpoint: code 1, what happened, and that the same command goes on."""
    code = cli.main([
        "build", str(recipe_file(tmp_path)), "--out", str(tmp_path / "out"), "--teacher.kind", "openai",
        "--teacher.model", "m", "--teacher.base_url", "http://127.0.0.1:9/v1", "--set", "teacher.retry_seconds=0",
    ])  # fmt: skip
    assert code == 1
    assert any("the same command goes on" in line for line in told(capsys, 1))


def test_options_replace_keys_of_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--rows, --teacher.*, --set and --anchors reach the recipe, with hyphens or underscores, with commas in values."""
    seen: list[Any] = []
    monkeypatch.setattr("proofmill.building.build_recipe", lambda recipe, out, console: seen.append(recipe) or _done())
    replies = tmp_path / "r.jsonl"
    for spelling in ("base_url", "base-url"):
        arguments = ["build", "calculus", "--out", "o", "--rows", "5", f"--teacher.{spelling}", "http://h/v1"]
        arguments += [
            "--teacher.max_tokens",
            "9",
            "--set",
            "task.skills=[limit, sum]",
            "--set=seed=4",
            "--set",
            "wanted.hours=1",
        ]
        assert cli.main(arguments) == 0
    for recipe in seen:
        assert (recipe.wanted.rows, recipe.wanted.hours, recipe.seed) == (5, 1.0, 4)
        assert (recipe.teacher.base_url, recipe.teacher.max_tokens) == ("http://h/v1", 9)
        assert recipe.task.skills == ("limit", "sum")
    arguments = ["build", "gsm8k-resolve", "--out", "o", "--teacher.kind", "replay", "--teacher.path", str(replies)]
    arguments += ["--anchors", "rows.jsonl", "--set", "teacher.columns={problem: question, reply: completion}"]
    assert cli.main(arguments) == 0
    anchors = seen[-1].anchors[0]
    assert (anchors.source, anchors.licence, anchors.path) == ("jsonl", "mit", str(Path("rows.jsonl").absolute()))
    assert anchors.columns == {"problem": "question", "solution": "answer"}
    assert seen[-1].teacher.columns == {"problem": "question", "reply": "completion"}


def _done() -> Any:
    from proofmill.building import Result
    from proofmill.output.funnel import Funnel

    return Result(1, 0, Path("o"), Funnel(rows=1), "complete")


def test_anchors_replace_exactly_one_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--anchors with a recipe that has no source of anchors is refused."""
    path = recipe_file(tmp_path)
    assert cli.main(["build", str(path), "--out", str(tmp_path / "o"), "--anchors", "a.jsonl"]) == 2
    assert told(capsys, 2) == ["build.anchors: expected a recipe with one source of anchors (found 0)"]


def test_check_judges_the_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sound recipe passes; an example with another verdict than promised is told, with code 2."""
    assert cli.main(["check", "quickstart"]) == 0
    assert "2 examples accepted and 2 rejected, as promised" in capsys.readouterr().out
    wrong = json.dumps({**SOUND, "answer": "3*x", "solution": "Answer: 3*x"})
    path = recipe_file(tmp_path, extra=f"examples: {{accepted: [{wrong}]}}\n")
    assert cli.main(["check", str(path)]) == 2
    (line,) = told(capsys, 2)
    assert "examples.accepted.0: expected accept (found" in line
    assert "maths.compute reject: differs" in line


def test_recipes_are_listed_shown_and_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`recipes`, `recipes show`, `recipes new`; the copy of quickstart builds as it stands."""
    assert cli.main(["recipes"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("calculus", "gsm8k", "quickstart"))
    assert cli.main(["recipes", "show", "calculus"]) == 0
    assert "\nname: calculus\n" in capsys.readouterr().out
    mine = tmp_path / "new" / "mine.yaml"
    assert cli.main(["recipes", "new", "quickstart", str(mine)]) == 0
    assert load_recipe(mine).name == "mine"
    assert cli.main(["build", str(mine), "--out", str(tmp_path / "out"), "--rows", "2"]) == 0
    assert cli.main(["recipes", "new", "quickstart", str(mine)]) == 2
    assert told(capsys, 2) == [f"recipes.path: expected a new file (found {mine}, which exists)"]


def test_mix_reports_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`mix OUT --mix.kind ratio --mix.anchor_share 0.3` prints the counts; a share out of bounds is refused."""
    out = str(dataset(tmp_path))
    assert cli.main(["mix", out, "--mix.kind", "ratio", "--mix.anchor_share", "0.3"]) == 0
    assert capsys.readouterr().out == "mixed: 4 anchors + 8 synthetic = 12 rows\nsynthetic ran out first\n"
    assert cli.main(["mix", out, "--mix.anchor_share", "3"]) == 2
    assert "anchor_share: expected at most 1" in told(capsys, 2)[0]


def test_doctor_ends_well_here(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the main job can be done, `doctor` says so with code 0."""
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert all(what in said for what in ("python", "engines", "verifiers", "disk", "docker", "gpu"))


def test_ctrl_c_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An interruption ends with code 1 and says that nothing is lost."""

    def interrupted(self: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.Doctor, "run", interrupted)
    assert cli.main(["doctor"]) == 1
    assert told(capsys, 1) == ["interrupted; what was accepted is kept, and the same command goes on"]


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    """`proofmill recipes show calculus | head -1` says nothing on stderr."""
    program = str(Path(sys.executable).with_name("proofmill"))
    with subprocess.Popen(
        [program, "recipes", "show", "calculus"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as p:
        assert p.stdout is not None
        assert p.stderr is not None
        p.stdout.close()
        assert p.stderr.read() == b""


def test_the_command_runs_as_a_process(tmp_path: Path) -> None:
    """The installed command builds, judges again and refuses, with its exit codes."""
    recipe_file(tmp_path)
    assert shell("build", "small.yaml", "--out", "out", cwd=tmp_path).returncode == 0
    assert shell("verify", "out", cwd=tmp_path).returncode == 0
    refused = shell("build", "small.yaml", "--out", "out", "--rows", "x", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
