"""Checks that behave badly on purpose, one per way to misbehave; `pool` is the runner that tests give to the pool."""

import os
import time
from collections.abc import Callable
from typing import Any

from proofmill.verifiers.verdict import Check, Draft, Verdict, accept, unknown

warmed: list[int] = []


def preheat() -> None:
    """Leave a mark, so that a test can see that it ran, and where."""
    warmed.append(os.getpid())


def run(check: Check, draft: Draft) -> Verdict:
    """Judge as the catalogue does: look the check up by name."""
    return _CHECKS[check.verifier](draft, **check.settings)


def _echo(draft: Draft, **settings: Any) -> Verdict:
    return Verdict("accept", "echoed", {"answer": draft.answer, "settings": settings}, 0.5, "echo", "7")


def _length(draft: Draft) -> Verdict:
    return accept("measured", solution=len(draft.solution), claims=dict(draft.claims))


def _who(draft: Draft) -> Verdict:
    return accept("alive", pid=os.getpid(), zygote=os.getppid(), warmed=warmed, seed=os.environ["PYTHONHASHSEED"])


def _loop(draft: Draft) -> Verdict:
    while True:
        pass


def _sleep(draft: Draft, seconds: float) -> Verdict:
    time.sleep(seconds)
    return accept("slept")


def _hog(draft: Draft) -> Verdict:
    hoard = []
    while True:
        hoard.append(bytearray(10_000_000))


def _recurse(draft: Draft) -> Verdict:
    return _recurse(draft)


def _abort(draft: Draft) -> Verdict:
    os.abort()


def _raise(draft: Draft) -> Verdict:
    raise ZeroDivisionError("a bug of ours")


def _mute(draft: Draft) -> Verdict:
    return accept("said", evidence=object())


def _write(draft: Draft, path: str) -> Verdict:
    try:
        with open(path, "w", encoding="ascii") as file:  # noqa: PTH123
            file.write("x")
    except OSError as refused:
        return unknown("refused", errno=refused.errno)
    return accept("written")


def _import(draft: Draft, module: str) -> Verdict:
    return accept("imported", path=str(__import__(module).__file__))


_CHECKS: dict[str, Callable[..., Verdict]] = {
    "abort": _abort,
    "echo": _echo,
    "hog": _hog,
    "import": _import,
    "length": _length,
    "loop": _loop,
    "mute": _mute,
    "raise": _raise,
    "recurse": _recurse,
    "sleep": _sleep,
    "who": _who,
    "write": _write,
}
