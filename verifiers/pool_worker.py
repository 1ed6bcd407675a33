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

_MUCH = 1 << 18  # bytes per read
_NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)


class Assigned(NamedTuple):
    """A task in a worker's queue: where its frame ends in the stream, and how long it is expected to take."""

    task: Task
    end: int
    expected: float


class Worker:
    """One worker process, as the pool sees it: what it has been asked, in order, and since when it works on the first.

    The wall clock of a check starts when the answer before it arrived, or when its own request was fully sent.
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
        self.outbox = bytearray()
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
    def deadline(self) -> float:
        """When the current check has used up its time; there must be one."""
        return self.since + self.queue[0].task.check.seconds

    @property
    def free(self) -> bool:
        """Whether it may be asked more: it has said that it is ready, it can be killed, and it is not stuck."""
        return self.ready and self.pid > 0 and not self.overtaken

    @property
    def can_be_overtaken(self) -> bool:
        """Whether others wait behind the current check, and only here."""
        return len(self.queue) > 1 and not self.overtaken

    @property
    def at_work(self) -> bool:
        """Whether the current check has reached the worker, so that it can be blamed for the worker's death."""
        return bool(self.queue) and self.queue[0].end <= self._sent

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
        """The current check is done; the next one's clock starts."""
        done = self.queue.popleft()
        self.load = self.load - done.expected if self.queue else 0.0
        self.since = now
        self.overtaken = False
        done.task.holders -= 1
        return done.task

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
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1
