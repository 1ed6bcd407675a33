"""The pool's processes as a whole: fork workers when there is work, bury the dead, start anew after the zygote's end.

It belongs to the manager's thread, and tells the manager three things: a worker has something to say, these tasks
have lost their worker, nothing can be started any more.
"""

import os
import selectors
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic

from proofmill.verifiers.pool_tasks import Task
from proofmill.verifiers.pool_worker import Worker
from proofmill.verifiers.pool_zygote import Zygote

STILLBIRTHS = 5  # starts that may fail in a row before the callers are told
LAST_WORDS = 2.0  # seconds a zygote that has hung up may take to write down why
WARM_UP = 120.0  # seconds a zygote may take to import and preheat


class Staff:
    """One zygote and its workers; `restarts` counts the workers that were let go."""

    def __init__(
        self,
        found: Callable[[], Zygote],
        selector: selectors.BaseSelector,
        *,
        hear: Callable[[Worker], None],
        bereaved: Callable[[list[Task]], None],
        despair: Callable[[str], None],
    ) -> None:
        self.workers: list[Worker] = []
        self.restarts = 0
        self.hot = False
        """Whether workers must have all engines, since one was too cold."""
        self._found = found
        self._selector = selector
        self._hear = hear
        self._bereaved = bereaved
        self._despair = despair
        self._zygote: Zygote | None = None
        self._stillbirths = 0
        self._not_before = 0.0

    @property
    def process_ids(self) -> list[int]:
        """The zygote's, if there is one, and its workers'."""
        zygote = [] if self._zygote is None else [self._zygote.process.pid]
        return zygote + [worker.pid for worker in list(self.workers) if worker.pid]

    def start(self) -> None:
        """Start a zygote; it says when it is warm."""
        try:
            self._zygote = self._found()
        except OSError as refused:
            self._stillborn(f"no zygote can be started: {refused}")
            return
        self._selector.register(self._zygote.control, selectors.EVENT_READ, self._hear_zygote)

    def grow(self, wanted: int) -> None:
        """Ask for workers until there are so many, or for a zygote first."""
        if wanted <= len(self.workers) or monotonic() < self._not_before:
            return
        if self._zygote is None:
            self.start()
        elif self._zygote.warm:
            with suppress(OSError):  # it is gone; its silence will be heard
                for _ in range(wanted - len(self.workers)):
                    worker = self._zygote.conceive(hot=self.hot)
                    self.workers.append(worker)
                    self._selector.register(worker.link, selectors.EVENT_READ, partial(self._hear, worker))

    def watch(self, worker: Worker) -> None:
        """Hear of a worker when it speaks, and when it can take more of what waits in its outbox."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.outbox else 0)
        if self._selector.get_key(worker.link).events != events:
            self._selector.modify(worker.link, events, partial(self._hear, worker))

    def well(self) -> None:
        """A check was answered: what failed before has passed."""
        self._stillbirths = 0

    def due(self, now: float) -> list[float]:
        """When something must be done without anybody saying a word."""
        moments = [self._not_before] if now < self._not_before else []
        if self._zygote is not None and not self._zygote.warm:
            moments.append(self._zygote.started + WARM_UP)
        return moments

    def stop_cold_zygote(self, now: float) -> None:
        """Give up on a zygote that takes too long to warm up."""
        if self._zygote is not None and not self._zygote.warm and now >= self._zygote.started + WARM_UP:
            self._zygote.kill()  # its silence will be heard

    def died(self, worker: Worker) -> bool:
        """A worker ended unasked; whether that was its own doing, and not its zygote's end or a failed start."""
        if self._zygote is None or self._zygote.gone():
            self._lose_zygote()
            return False
        if not worker.ready:
            self.lose(worker)
            self._stillborn(f"a worker ended before it was ready; the zygote said:\n{self._zygote.said()}")
            return False
        return True

    def lose(self, worker: Worker) -> None:
        """Let go of a worker, alive or not, and give back all that it had not answered."""
        if not worker.alive:
            return
        worker.kill()
        self._selector.unregister(worker.link)
        worker.close()
        self.workers.remove(worker)
        self.restarts += 1
        tasks = worker.tasks
        worker.queue.clear()
        self._bereaved(tasks)

    def bury(self) -> None:
        """End everything."""
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.kill()
            zygote.close()
        for worker in self.workers:
            worker.close()

    def abandon(self) -> None:
        """In a forked copy of the owner: close what was inherited, and end nothing."""
        for worker in self.workers:
            worker.close()
        if self._zygote is not None:
            self._zygote.close()

    def _hear_zygote(self) -> None:
        with suppress(BlockingIOError):
            while self._zygote is not None:
                number = self._zygote.news()
                if number is None:
                    self._lose_zygote()
                elif number < 0:
                    self.lose(self._zygote.unborn.popleft())
                    self._stillborn(f"fork: {os.strerror(-number)}")

    def _lose_zygote(self) -> None:
        """It ended, and with it all workers: give their tasks back, blaming none; there will be another."""
        zygote, self._zygote = self._zygote, None
        if zygote is None:
            return
        self._selector.unregister(zygote.control)
        zygote.kill(after=LAST_WORDS)
        for worker in list(self.workers):
            self.lose(worker)
        if zygote.warm:
            self._stillborn(f"the zygote ended; it said:\n{zygote.said()}")
        else:
            self._despair(f"the zygote could not start; it said:\n{zygote.said()}")
        zygote.close()

    def _stillborn(self, why: str) -> None:
        """A start failed: try again a little later; tell the callers when it keeps failing and nobody works."""
        self._stillbirths += 1
        self._not_before = monotonic() + min(2.0, 0.02 * 2**self._stillbirths)
        if self._stillbirths >= STILLBIRTHS and not any(worker.ready for worker in self.workers):
            self._stillbirths = 0
            self._despair(why)
