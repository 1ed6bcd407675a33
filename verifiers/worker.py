"""Inside a worker: read requests, run their checks one by one, and tell the answers, many at once if they are quick."""

import os
import socket
import traceback
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import NoReturn

from proofmill.verifiers import wire
from proofmill.verifiers.heat import Cold
from proofmill.verifiers.progress import Progress
from proofmill.verifiers.verdict import Check, Draft, Verdict

Runner = Callable[[Check, Draft], Verdict]

HOLD = 0.002  # seconds that an answer may wait for others, while there is more to do
_MUCH = 1 << 18  # bytes per read
_LONG = 20_000  # characters of a traceback that are told


def work(link: socket.socket, run: Runner, progress: Progress, open_doors: str = "") -> NoReturn:
    """Serve until the pool hangs up, or until a check has used up the memory or the stack.

    `open_doors` says what confinement could not shut; the pool is told.
    """
    answers = _Answers(link)
    link.sendall(wire.answers([wire.answer(wire.READY, 0.0, open_doors)]))
    for payload in _messages(link, before_waiting=answers.tell):
        draft, checks = wire.read_request(payload)
        for check in checks:
            answers.before(check.verifier)
            progress.begin()
            answer, last = judge(run, check, draft)
            answers.add(answer)
            if last:
                answers.tell()
                os._exit(0)
    os._exit(0)


class _Answers:
    """What has been found and not been told yet; it does not wait for a check that will take long."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._held: list[str] = []
        self._since = self._begun = 0.0
        self._verifier = ""
        self._usual: dict[str, float] = {}

    def before(self, verifier: str) -> None:
        """A check of this verifier begins."""
        self._verifier = verifier
        if self._held and self._usual.get(verifier, HOLD) >= HOLD:
            self.tell()
        self._begun = perf_counter()

    def add(self, answer: str) -> None:
        """Keep it a moment; the first one that has waited long enough takes the others along."""
        now = perf_counter()
        if not self._held:
            self._since = now
        self._held.append(answer)
        usual = self._usual.get(self._verifier, HOLD)
        self._usual[self._verifier] = usual + 0.1 * (now - self._begun - usual)
        if now - self._since >= HOLD:
            self.tell()

    def tell(self) -> None:
        """Send all there is."""
        if self._held:
            told, self._held = self._held, []
            self._link.sendall(wire.answers(told))


def _messages(link: socket.socket, before_waiting: Callable[[], None]) -> Iterator[bytes]:
    frames = wire.Frames()
    while True:
        before_waiting()
        data = link.recv(_MUCH)
        if not data:
            return
        yield from frames.feed(data)


def judge(run: Runner, check: Check, draft: Draft) -> tuple[str, bool]:
    """Run one check; return the answer to tell, and whether this process must not go on.

    A process that ran out of memory or stack in the middle of a library may hold half-filled caches: it ends.
    """
    started = perf_counter()
    try:
        values = wire.verdict_values(run(check, draft))
        return wire.answer(wire.VERDICT, perf_counter() - started, *values), False
    except Cold:
        return wire.answer(wire.COLD, perf_counter() - started), True
    except MemoryError:
        reason = "out_of_memory"
    except RecursionError:
        reason = "too_deep"
    except BaseException:  # noqa: BLE001  whatever else a check raises is our bug, and is told as such
        return wire.answer(wire.BROKEN, perf_counter() - started, traceback.format_exc()[-_LONG:]), False
    # Here the exception, and with it every frame that held the memory, is gone.
    return wire.answer(wire.ENDED, perf_counter() - started, reason), True
