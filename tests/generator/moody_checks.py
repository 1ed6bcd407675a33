"""The catalogue in a bad mood: some drafts take very long, or all take a little."""

import time
from contextlib import suppress
from pathlib import Path

from proofmill.verifiers import catalogue
from proofmill.verifiers.verdict import Check, Draft, Verdict


def slow_for_stamps(check: Check, draft: Draft) -> Verdict:
    """Never come to an end with problems about stamps."""
    if "stamps" in draft.problem:
        time.sleep(600)
    return catalogue.run(check, draft)


def slow(check: Check, draft: Draft) -> Verdict:
    """Take some milliseconds for each check."""
    time.sleep(0.02)
    return catalogue.run(check, draft)


def worker_pids(of: int) -> list[int]:
    """The grandchildren of a process: a pool's workers are children of its zygote."""
    return [pid for child in _children(of) for pid in _children(child)]


def _children(pid: int) -> list[int]:
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(OSError):
            found += [int(word) for word in (thread / "children").read_text(encoding="ascii").split()]
    return found
