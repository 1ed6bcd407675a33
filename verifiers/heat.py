"""Slow imports kept out of verdicts: a worker that was forked before the zygote held an engine never imports it.

The zygote forks its first workers as soon as it can judge anything, and imports SymPy and Z3 when the first check needs
one. A worker forked before stops at such an import, hands its check back and leaves; a warmer one judges it, with all
of its time.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HEAVY = ("sympy", "z3")
"""Packages that take a tenth of a second or more to import."""


class Cold(BaseException):
    """A heavy package would have to be imported; no `except Exception` of a verifier may swallow that."""


class _Gate:
    """An import finder that finds nothing, and stops at a heavy package; what is imported already never comes here."""

    def find_spec(self, name: str, *_: object) -> None:
        if name in HEAVY:
            raise Cold(name)


def shut() -> None:
    """From now on this process imports nothing heavy."""
    sys.meta_path.insert(0, _Gate())


@contextmanager
def _lightly() -> Iterator[None]:
    gate = _Gate()
    sys.meta_path.insert(0, gate)
    try:
        yield
    finally:
        sys.meta_path.remove(gate)


def is_light(action: Callable[[], object]) -> bool:
    """Do it; whether it got through without a heavy import."""
    try:
        with _lightly():
            action()
    except Cold:
        return False
    return True
