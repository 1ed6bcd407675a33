"""Runners whose workers never come to life, one module attribute per way to fail; the zygote calls `preheat`."""

import errno
import os
import sys
import time
from typing import Any, NoReturn

from proofmill.verifiers.verdict import Check, Draft, Verdict, accept

WAY = os.environ.get("TZ", "")  # one of the few variables that the zygote may see


def run(check: Check, draft: Draft) -> Verdict:
    """Never reached."""
    return accept("reached")


def preheat() -> None:
    """Spoil what comes next in this process."""
    if WAY == "fork":
        os.fork = _refuse
    elif WAY == "confine":
        sys.modules["__main__"].confine = _refuse  # type: ignore[attr-defined]
    elif WAY == "hang":
        time.sleep(600)


def _refuse(**_: Any) -> NoReturn:
    raise OSError(errno.EAGAIN, "no more today")
