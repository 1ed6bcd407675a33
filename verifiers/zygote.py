"""The process that workers are forked from: it imports and warms up everything once, and forks on request.

The pool starts it as `python -m proofmill.verifiers.zygote` and never forks itself, because it has threads. Over the
control socket the pool sends one byte (which worker it wants) with the worker's end of a socket pair and the page that
says how far it is; the answer is the new worker's process id with, on Linux, its pidfd. When the pool ends, the control
socket does, and the whole process group with it.
"""

import argparse
import ctypes
import gc
import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from proofmill.sandboxes.confine import confine
from proofmill.verifiers import heat
from proofmill.verifiers.progress import Progress
from proofmill.verifiers.worker import Runner, work

NEWS = struct.Struct("!q")  # a process id, WARM, or minus the errno of a fork that failed
WARM = 0
ANY, HOT = b"f", b"h"  # what the pool asks for: a worker at once, or one with all its engines
Heating = Iterator[object] | None
_DONE = object()


def main(arguments: list[str]) -> None:
    """Warm up, say so, and fork until the pool is gone."""
    options = _options(arguments)
    with socket.socket(fileno=options.control) as control:
        run, later = warm_up(options.runner)
        with suppress(OSError):  # the pool was killed in the middle of a word
            serve(control, run, options.memory_mb, later)
    _end_group()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Internal: started by proofmill.verifiers.pool.")
    parser.add_argument("--control", type=int, required=True, help="descriptor of the control socket")
    parser.add_argument("--runner", required=True, help="module:function that judges one draft by one check")
    parser.add_argument("--memory-mb", type=int, required=True)
    return parser.parse_args(arguments)


def warm_up(runner: str) -> tuple[Runner, Heating]:
    """Import the runner, begin the `preheat` that its module may have, and move all of it out of the collector's way.

    What is left of the preheating, step by step, is for the moment when a worker has met an engine that is not there.
    """
    module_name, _, function = runner.partition(":")
    module = import_module(module_name)
    run: Runner = getattr(module, function)
    later = iter(getattr(module, "preheat", lambda: None)() or ())
    ctypes.CDLL(None)  # confine() needs it in every worker
    return run, later if _heated(later) else None


def _heated(later: Iterator[object]) -> bool:
    """Take one step; whether there may be another."""
    cold = next(later, _DONE) is not _DONE
    gc.collect()
    gc.freeze()
    return cold


def serve(control: socket.socket, run: Runner, memory_mb: int, later: Heating = None) -> None:
    """Fork one worker per request until the pool hangs up; heat on when one needs it, and not before.

    Whoever judges word problems never waits for SymPy, nor has it take half of a small machine for a second.
    """
    control.sendall(NEWS.pack(WARM))
    while True:
        asked, handles, _, _ = socket.recv_fds(control, 1, 2)
        if not asked:
            return
        while later is not None and asked == HOT:
            later = later if _heated(later) else None
        _reap()
        with socket.socket(fileno=handles[0]) as link:
            _fork(control, link, handles[1], run, memory_mb, cold=later is not None)
        os.close(handles[1])


def _fork(control: socket.socket, link: socket.socket, page: int, run: Runner, memory_mb: int, *, cold: bool) -> None:
    zygote = os.getpid()
    try:
        pid = os.fork()
    except OSError as refused:
        control.sendall(NEWS.pack(-(refused.errno or 1)))
        return
    if pid == 0:
        if cold:
            heat.shut()
        _live(control, link, page, run, memory_mb, zygote)
    _tell(control, pid)


def _live(control: socket.socket, link: socket.socket, page: int, run: Runner, memory_mb: int, zygote: int) -> NoReturn:
    """The worker's life; it never returns into the zygote's loop."""
    try:
        control.close()
        progress = Progress(page)
        progress.passed_on()
        open_doors = confine(memory_mb=memory_mb, parent=zygote)
        work(link, run, progress, open_doors)
    except BrokenPipeError:
        os._exit(0)  # the pool has hung up
    except BaseException:  # noqa: BLE001  told on the zygote's stderr, which the pool quotes
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)


def _tell(control: socket.socket, pid: int) -> None:
    """Send the process id, and the pidfd where there are pidfds: that one can't come to mean another process."""
    handles: list[int] = []
    if sys.platform == "linux":
        with suppress(OSError):
            handles.append(os.pidfd_open(pid))
    socket.send_fds(control, [NEWS.pack(pid)], handles)
    for handle in handles:
        os.close(handle)


def _reap() -> None:
    """Bury the workers that have ended. Only now: until then their process ids can't be given to others."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _end_group() -> NoReturn:
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
