"""One page of memory that the pool shares with a worker: which check the worker is at, and since when.

So a worker may tell many answers at once, and the pool still knows which check is the one that does not end.
"""

import mmap
import os
import struct
import tempfile
import time
from contextlib import suppress
from typing import NamedTuple

_PAGE = struct.Struct("@QddQ")
_SIZE = mmap.PAGESIZE


class Begun(NamedTuple):
    """How many checks a worker has begun in its life; when the latest began, by the monotonic and by its CPU clock."""

    number: int
    at: float
    cpu: float


class Progress:
    """The page; the pool makes it and passes `handle` on, the worker opens it again with that."""

    def __init__(self, handle: int | None = None) -> None:
        self.handle = _memory() if handle is None else handle
        self._page = mmap.mmap(self.handle, _SIZE)
        self._number = 0

    def begin(self) -> None:
        """In the worker: another check begins now."""
        self._number += 1
        _PAGE.pack_into(self._page, 0, self._number, time.monotonic(), time.process_time(), self._number)

    def read(self) -> Begun:
        """In the pool; a page that is being written has two different numbers."""
        while True:
            number, at, cpu, again = _PAGE.unpack_from(self._page)
            if number == again:
                return Begun(number, at, cpu)

    def passed_on(self) -> None:
        """The other side has its own handle: close this one, the page stays."""
        with suppress(OSError):
            os.close(self.handle)
        self.handle = -1

    def close(self) -> None:
        """Let go of the page."""
        if self.handle >= 0:
            self.passed_on()
        self._page.close()


def cpu_time(pid: int) -> float:
    """The processor seconds that a process of ours has used; infinity where it is gone, or the platform can't tell."""
    with suppress(OSError, OverflowError):
        return time.clock_gettime((~pid << 3) | 2)  # the kernel's MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)
    return float("inf")


def _memory() -> int:
    """A descriptor of one empty page that has no name."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("proofmill-progress")
    else:
        with tempfile.TemporaryFile() as file:
            handle = os.dup(file.fileno())
    os.ftruncate(handle, _SIZE)
    return handle
