"""The commands and examples in README.md and docs/ run as they stand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ELSEWHERE = ("pip install", "--teacher.base_url")  # what the CI script runs, and what needs a model


def _environment() -> dict[str, str]:
    scripts = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "PYTHONSAFEPATH": "1"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    """In order, in one folder, as a reader would type them; a failing command or assertion fails here."""
    for language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if any(word in text for word in _ELSEWHERE):
            continue
        command = ["bash", "-euc", text] if language == "bash" else [sys.executable, "-W", "error", "-c", text]
        done = subprocess.run(command, cwd=tmp_path, env=_environment(), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{page.name}:\n{text}\n{done.stdout}\n{done.stderr}"


def test_the_first_command_of_the_readme_makes_the_dataset(tmp_path: Path) -> None:
    """As it is written, from a checkout; the dataset loads in a new process."""
    (command,) = re.findall(r"&& (proofmill build recipes/quickstart.yaml --out \S+)", PAGES[0].read_text())
    shutil.copytree(ROOT / "recipes", tmp_path / "recipes")
    run = {"cwd": tmp_path, "env": _environment(), "capture_output": True, "text": True, "timeout": 120}
    built = subprocess.run(command.split(), **run)  # type: ignore[call-overload]
    assert built.returncode == 0, built.stderr
    assert "from replies to rows" in built.stdout
    load = "from datasets import load_dataset; d = load_dataset('out/quickstart', split='train'); print(len(d))"
    loaded = subprocess.run([sys.executable, "-c", load], **run)  # type: ignore[call-overload]
    assert loaded.returncode == 0, loaded.stderr
    assert int(loaded.stdout) == 48
