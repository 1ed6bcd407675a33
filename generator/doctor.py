"""What this machine offers, and what to do about what is missing."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from proofmill.settings import Settings
from proofmill.verifiers.pool import Pool, PoolUnavailable
from proofmill.verifiers.verdict import Check, Draft

State = Literal["ok", "optional", "missing"]

_LEAST_GB = 1.0
_COLOURS = {"ok": "green", "optional": "yellow", "missing": "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `missing` things stop the main job, `optional` ones do not."""

    what: str
    state: State
    found: str
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything."""
    looks: list[Callable[[], Finding]] = [_python, _engines, _verifiers, _disk, _docker, _gpu, _key, _hub]
    return [look() for look in looks]


def _python() -> Finding:
    version = platform.python_version()
    if sys.platform == "win32":
        return Finding("python", "missing", f"{version} on Windows", "use Linux, macOS or WSL: workers are forked")
    return Finding("python", "ok", f"{version}, {os.cpu_count()} cores, {platform.platform(terse=True)}")


def _engines() -> Finding:
    names = ("sympy", "python-flint", "datasets", "pyarrow")
    return Finding("engines", "ok", ", ".join(f"{name} {metadata.version(name)}" for name in names))


def _verifiers() -> Finding:
    """Judge one right and one wrong answer in a worker, as a build would."""
    check = [Check("maths.answer")]
    try:
        with Pool(workers=1) as pool:
            drafts = [Draft("", "6 * 7 = 42\n#### 42", gold=gold) for gold in ("42", "43")]
            outcomes = [verdict.outcome for (verdict,) in pool.judge_many((draft, check) for draft in drafts)]
            open_doors = pool.open_doors
    except PoolUnavailable as why:
        return Finding("verifiers", "missing", str(why), "reinstall proofmill and its dependencies")
    if outcomes != ["accept", "reject"]:
        return Finding("verifiers", "missing", f"a right and a wrong answer got {outcomes}", "reinstall proofmill")
    found = "a worker accepted a right answer and rejected a wrong one"
    if open_doors:
        advice = "verifiers read text as data and run none of it; on Linux their workers have no system calls either"
        return Finding("verifiers", "optional", f"{found}; system calls are not locked: {open_doors}", advice)
    return Finding("verifiers", "ok", f"{found}; system calls are locked")


def _disk() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    if free < _LEAST_GB:
        return Finding("disk", "missing", f"{free:.1f} GB free here", f"free at least {_LEAST_GB:.0f} GB")
    return Finding("disk", "ok", f"{free:.0f} GB free here")


def _docker() -> Finding:
    advice = "start Docker Engine to use recipes that run code (none is shipped yet)"
    if shutil.which("docker") is None:
        return Finding("docker", "optional", "not installed", advice)
    version = _output("docker", "version", "--format", "{{.Server.Version}}")
    if version is None:
        return Finding("docker", "optional", "the client is here, no engine answers", advice)
    return Finding("docker", "ok", f"engine {version}")


def _gpu() -> Finding:
    name = _output("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader")
    if name is None:
        return Finding("gpu", "optional", "none", "any OpenAI-compatible endpoint can be the teacher")
    return Finding("gpu", "ok", name.replace("\n", "; "))


def _key() -> Finding:
    if Settings().api_key is None:
        advice = "set PROOFMILL_TEACHER__API_KEY or OPENAI_API_KEY if your endpoint asks for a key"
        return Finding("teacher key", "optional", "none", advice)
    return Finding("teacher key", "ok", "set")


def _hub() -> Finding:
    from huggingface_hub import get_token

    if get_token() is None:
        return Finding("hub token", "optional", "none", "`hf auth login`, for private datasets as anchors")
    return Finding("hub token", "ok", "set")


def _output(*command: str) -> str | None:
    """What a command prints, or None where it can't be run or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 and done.stdout.strip() else None


def print_findings(console: Console, findings: list[Finding]) -> None:
    """A table of findings, with the way out beside each one that is not ok."""
    table = Table("what", "state", Column("found", overflow="fold"), Column("what to do", overflow="fold"))
    for finding in findings:
        colour = _COLOURS[finding.state]
        state = f"[{colour}]{finding.state}[/]"
        table.add_row(finding.what, state, escape(finding.found), escape(finding.advice))
    console.print(table)
