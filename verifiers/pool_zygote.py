"""The pool's handle on the zygote: start it, ask it for workers, hear what it says, end it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import monotonic

from proofmill.verifiers.pool_worker import Worker

_NEWS_BYTES = 8  # as in zygote.NEWS
_ANY, _HOT = b"f", b"h"  # as in zygote
_LONG = 4_000  # characters of stderr that are quoted
_NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "TZ",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "PYTHONHOME",
)
_SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Zygote:
    """The warm process workers are forked from; it ends, with all of them, when its control socket does."""

    def __init__(self, runner: str, memory_mb: int) -> None:
        self.control, far_end = socket.socketpair()
        self.warm = False
        self.started = monotonic()
        self.unborn: deque[Worker] = deque()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed in close()
        try:
            with far_end:
                self.process = self._start(far_end, runner, memory_mb)
        except OSError:
            self.control.close()
            self._said.close()
            raise
        self.control.setblocking(False)

    def _start(self, far_end: socket.socket, runner: str, memory_mb: int) -> subprocess.Popen[bytes]:
        options = ("--control", str(far_end.fileno()), "--runner", runner, "--memory-mb", str(memory_mb))
        return subprocess.Popen(  # noqa: S603  our own interpreter, our own module
            [sys.executable, "-m", "proofmill.verifiers.zygote", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            env=environment(),
            pass_fds=[far_end.fileno()],
            start_new_session=True,
        )

    def conceive(self, *, hot: bool = False) -> Worker:
        """Ask for a worker; its process id comes later, through `news`. OSError where the zygote is gone.

        A hot one has all engines; it comes when the zygote has imported them.
        """
        link, far_end = socket.socketpair()
        link.setblocking(False)
        worker = Worker(link)
        try:
            with far_end:
                socket.send_fds(
                    self.control, [_HOT if hot else _ANY], [far_end.fileno(), worker.progress.handle], _NO_SIGNAL
                )
        except OSError:
            worker.close()
            raise
        worker.progress.passed_on()
        self.unborn.append(worker)
        return worker

    def news(self) -> int | None:
        """One word of the zygote: a worker's process id, 0 for `warm`, minus an errno; None where it is gone.

        BlockingIOError where it has said nothing.
        """
        try:
            word, handles, _, _ = socket.recv_fds(self.control, _NEWS_BYTES, 1, _CLOSE_ON_EXEC)
        except BlockingIOError:
            raise
        except OSError:
            return None
        if len(word) < _NEWS_BYTES:
            return None
        number = int.from_bytes(word, "big", signed=True)
        if number == 0:
            self.warm = True
        elif number > 0:
            self.unborn.popleft().born(number, handles)
        return number

    def gone(self) -> bool:
        """Whether it has ended, or hung up. The kernel closes its sockets before it kills its children, so this comes
        first; but a worker that is just being born still holds a copy of the socket."""
        if self.process.poll() is not None:
            return True
        try:
            return not self.control.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def kill(self, *, after: float = 0.0) -> None:
        """End it and every worker (they share its process group), and bury it; it may first finish its last words."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(after)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def said(self) -> str:
        """The end of what it wrote on stderr."""
        self._said.seek(0)
        return self._said.read().decode("utf-8", "replace").strip()[-_LONG:]

    def close(self) -> None:
        """Let go of the handles; harmless in a forked copy of this process."""
        self.control.close()
        self._said.close()
        if self.process.returncode is None:
            self.process.returncode = 0  # another process's child: Popen must not wait for it


def environment() -> dict[str, str]:
    """What the zygote may know: where code is found, and nothing secret."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = import_path(sys.path, unsafe=_started_in())
    return kept | _SINGLE | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0"}


def _started_in() -> set[str]:
    """The folder of the main script and the current one, if they are still there."""
    folders = set()
    with suppress(OSError):
        folders.add(str(Path.cwd()))
        folders.add(str(Path(sys.argv[0]).resolve().parent))
    return folders


def import_path(entries: Iterable[str], *, unsafe: set[str]) -> str:
    """The same folders in the same order, but the current and the script's folder last.

    They come first in a parent started there, where a `sympy.py` or our own `verifiers/` would hide the library.
    """
    known = [entry for entry in dict.fromkeys(entries) if entry]
    return os.pathsep.join(sorted(known, key=lambda entry: entry in unsafe))
