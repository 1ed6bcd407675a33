"""Inside a worker: read a request, run its checks one by one, answer each as soon as it is done."""

import os
import socket
import traceback
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import NoReturn

from proofmill.verifiers import wire
from proofmill.verifiers.verdict import Check, Draft, Verdict

Runner = Callable[[Check, Draft], Verdict]

_MUCH = 1 << 18  # bytes per read
_LONG = 20_000  # characters of a traceback that are told


def work(link: socket.socket, run: Runner) -> NoReturn:
    """Serve until the pool hangs up, or until a check has used up the memory or the stack."""
    link.sendall(wire.answer(wire.READY, 0.0))
    for payload in _messages(link):
        draft, checks = wire.read_request(payload)
        for check in checks:
            frame, last = judge(run, check, draft)
            link.sendall(frame)
            if last:
                os._exit(0)
    os._exit(0)


def _messages(link: socket.socket) -> Iterator[bytes]:
    frames = wire.Frames()
    while data := link.recv(_MUCH):
        yield from frames.feed(data)


def judge(run: Runner, check: Check, draft: Draft) -> tuple[bytes, bool]:
    """Run one check; return the frame to send, and whether this process must not go on.

    A process that ran out of memory or stack in the middle of a library may hold half-filled caches: it ends.
    """
    started = perf_counter()
    try:
        values = wire.verdict_values(run(check, draft))
        return wire.answer(wire.VERDICT, perf_counter() - started, *values), False
    except MemoryError:
        reason = "out_of_memory"
    except RecursionError:
        reason = "too_deep"
    except BaseException:  # noqa: BLE001  whatever else a check raises is our bug, and is told as such
        return wire.answer(wire.BROKEN, perf_counter() - started, traceback.format_exc()[-_LONG:]), False
    # Here the exception, and with it every frame that held the memory, is gone.
    return wire.answer(wire.ENDED, perf_counter() - started, reason), True
