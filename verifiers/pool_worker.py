"""The pool's handle on one worker: what it has been asked, what it has said, and since when it works on what."""

import os
import signal
import socket
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from typing import NamedTuple

from proofmill.verifiers import wire
from proofmill.verifiers.pool_tasks import Task
from proofmill.verifiers.progress import Progress, cpu_time

_MUCH = 1 << 18  # bytes per read
_NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)


class Assigned(NamedTuple):
    """A task in a worker's queue: where its frame ends in the stream, and how long it is expected to take."""

    task: Task
    end: int
    expected: float


class Worker:
    """One worker process, as the pool sees it: what it has been asked, in order, which of these it is at, since when.

    The wall clock of a check starts when the answer before it arrived, or when its own request was fully sent; once
    that clock runs out, the page it shares with the worker says exactly what is under way, and since when.
    """

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.pid = 0
        self.pidfd = -1
        self.ready = False
        self.alive = True
        self.overtaken = False
        self.queue: deque[Assigned] = deque()
        self.load = 0.0  # seconds of work expected in the queue
        self.since = 0.0
        self.progress = Progress()
        self.outbox = bytearray()
        self._answered = 0  # checks, ever
        self._untold = 0  # checks at the head of the queue that it has done and not told yet
        self._grace = 0.0  # seconds that the current check waited for the processor
        self._frames = wire.Frames()
        self._queued = 0  # bytes put into the outbox, ever
        self._sent = 0  # bytes that left it

    def born(self, pid: int, handles: list[int]) -> None:
        """The zygote has forked; a worker that was given up meanwhile ends at once."""
        self.pid = pid
        self.pidfd = handles[0] if handles else -1
        if not self.alive:
            self.kill()
            self.close()

    @property
    def current(self) -> Task:
        """The check it works on, as far as we know; there must be one."""
        return self.queue[self._untold].task

    @property
    def deadline(self) -> float:
        """When the current check has used up its time, unless it had to wait for the processor."""
        check = self.current.check
        if check.cpu_seconds is None:
            return self.since + check.seconds
        return self.since + min(check.seconds, check.cpu_seconds + self._grace)

    def overdue(self, now: float) -> bool:
        """Whether the current check has used up its time."""
        if now < self.deadline:
            return False
        used = self._look()
        if now < self.deadline:
            return False
        check = self.current.check
        left = 0.0 if check.cpu_seconds is None else check.cpu_seconds - used
        self._grace += max(left, 0.0)
        return now >= self.deadline

    def is_slow(self, now: float, patience: float) -> bool:
        """Whether others wait behind a check that takes so long."""
        if not self.can_be_overtaken or now < self.since + patience:
            return False
        self._look()
        return now >= self.since + patience

    def _look(self) -> float:
        """See on the shared page which check it is at; the processor seconds that this one has used."""
        begun = self.progress.read()
        untold = begun.number - self._answered - 1
        if not 0 <= untold < len(self.queue):
            return 0.0  # it has not begun what it was asked
        if untold != self._untold or begun.at > self.since:
            self._untold, self.since, self._grace = untold, begun.at, 0.0
        return cpu_time(self.pid) - begun.cpu

    @property
    def free(self) -> bool:
        """Whether it may be asked more: it has said that it is ready, it can be killed, and it is not stuck."""
        return self.ready and self.pid > 0 and not self.overtaken

    @property
    def can_be_overtaken(self) -> bool:
        """Whether others wait for the current check, and only here."""
        return len(self.queue) > 1 and not self.overtaken

    @property
    def at_work(self) -> bool:
        """Whether the first check has reached the worker."""
        return bool(self.queue) and self.queue[0].end <= self._sent

    @property
    def suspect(self) -> Task | None:
        """The check to blame for the worker's death: the one it was at; None where none had reached it."""
        if not self.at_work:
            return None
        self._look()
        return self.current

    def ask(self, batch: Iterable[tuple[Task, float]], now: float) -> None:
        """Put tasks, each with its expected seconds, behind those asked before; checks of one draft share a frame."""
        for request, group in groupby(batch, key=lambda item: item[0].request):
            items = list(group)
            frame = wire.request(request.text, [task.text for task, _ in items])
            self.outbox += frame
            self._queued += len(frame)
            for task, expected in items:
                self.load += expected
                self.queue.append(Assigned(task, self._queued, expected))
        self.flush(now)

    def flush(self, now: float) -> None:
        """Send what the socket takes now, and no more."""
        starting = not self.at_work
        try:
            while self.outbox:
                sent = self.link.send(self.outbox, _NO_SIGNAL)
                del self.outbox[:sent]
                self._sent += sent
        except BlockingIOError:
            pass
        except OSError:
            self.outbox.clear()  # dead; the reading side will notice
        if starting:
            self.since = now

    def answered(self, now: float) -> Task:
        """The first check is done; the next one's clock starts."""
        done = self.queue.popleft()
        self.load = self.load - done.expected if self.queue else 0.0
        self._answered += 1
        if self._untold:
            self._untold -= 1  # its answer had only not been told; the clock is another check's
        else:
            self.since, self._grace, self.overtaken = now, 0.0, False
        done.task.holders -= 1
        return done.task

    def give_up_current(self) -> Task:
        """Take the current check out of the queue: it will get no answer."""
        current = self.current
        del self.queue[self._untold]
        self._untold = 0
        current.holders -= 1
        return current

    @property
    def neighbours(self) -> list[Task]:
        """All but the current check: behind it, or before it with an answer that it has not told."""
        return [task for task in self.tasks if task is not self.current]

    @property
    def tasks(self) -> list[Task]:
        """All that has been asked and not answered, the current one first."""
        return [assigned.task for assigned in self.queue]

    def read(self) -> tuple[list[bytes], bool]:
        """The messages that have arrived, and whether the worker is gone."""
        try:
            data = self.link.recv(_MUCH)
        except BlockingIOError:
            return [], False
        except OSError:
            return [], True
        return self._frames.feed(data), not data

    def kill(self) -> None:
        """End the process, if it was ever born."""
        with suppress(ProcessLookupError):
            if self.pidfd >= 0:
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            elif self.pid > 0:
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Let go of the handles; harmless in a forked copy of this process."""
        self.alive = False
        self.link.close()
        self.progress.close()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1
