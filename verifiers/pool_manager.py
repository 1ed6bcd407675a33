"""The pool's one thread: hands tasks to workers, collects answers, watches the clock, replaces what dies.

All state below belongs to this thread; other threads leave requests in the inbox and wake it. Order of a turn:
what the processes said, then what the callers want, then the clocks (an answer that has arrived is never late),
then new workers, then dispatch.
"""

import os
import selectors
import socket
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

from proofmill.verifiers import wire
from proofmill.verifiers.pool_staff import Staff
from proofmill.verifiers.pool_tasks import Backlog, PoolUnavailable, Request, Task
from proofmill.verifiers.pool_worker import Worker
from proofmill.verifiers.pool_zygote import Zygote

MOST_QUEUED = 64  # tasks in one worker's queue
MOST_UNSENT = 1 << 20  # letters of drafts that wait in one worker's outbox (one more draft may begin below it)
LOOK_AHEAD = 0.01  # seconds of expected work in one worker's queue, so that the pipe never runs dry
PATIENCE = 0.1  # seconds after which those behind a slow check are offered to other workers as well


class Manager:
    """Everything behind `Pool`; `start` once, `put` from any thread, `stop` once."""

    def __init__(self, *, workers: int, memory_mb: int, runner: str) -> None:
        self.killed = self.crashed = 0
        self.open_doors = ""
        self.owner = os.getpid()
        self.stopping = False
        self._most = workers
        self._door = threading.Lock()
        self._inbox: deque[Request] = deque()
        self._backlog = Backlog()
        self._awake = False
        self._selector = selectors.DefaultSelector()
        self._staff = Staff(
            partial(Zygote, runner, memory_mb),
            self._selector,
            hear=self._hear,
            bereaved=self._backlog.take_back,
            despair=self._despair,
        )
        self._bell, self._rope = socket.socketpair()
        for end in (self._bell, self._rope):
            end.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ, self._drain_bell)
        self._thread = threading.Thread(target=self._live, name="proofmill-pool", daemon=True)

    # For other threads

    def start(self) -> None:
        """Begin; the zygote warms up meanwhile."""
        self._thread.start()

    def put(self, requests: Iterable[Request]) -> None:
        """Leave work and wake the thread; RuntimeError after the end, or in a forked copy of the owner."""
        if os.getpid() != self.owner:
            raise RuntimeError(f"this pool belongs to process {self.owner}: make one in this process")
        with self._door:
            if self.stopping:
                raise RuntimeError("the pool is closed")
            self._inbox.extend(requests)
        self.wake()

    def wake(self) -> None:
        """Ring once, however many call."""
        if not self._awake:
            self._awake = True
            with suppress(OSError):  # full: it rings already; closed: nobody is there
                self._rope.send(b"!")

    def stop(self) -> None:
        """End the processes; what still waits is cancelled. In a forked copy: do nothing."""
        if os.getpid() != self.owner:
            return
        self._shut()
        self._awake = False
        self.wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def abandon(self) -> None:
        """In a forked copy of the owner: close what was inherited, so that the owner's end is noticed."""
        self._staff.abandon()
        self._close()

    @property
    def restarts(self) -> int:
        """Workers that were let go, whatever the cause."""
        return self._staff.restarts

    @property
    def process_ids(self) -> list[int]:
        """The zygote's, if there is one, and its workers'."""
        return self._staff.process_ids

    # The thread

    def _live(self) -> None:
        trouble: Exception | None = None
        try:
            self._staff.start()
            while not self.stopping:
                self._turn()
        except Exception as bug:  # noqa: BLE001  whatever it is, nobody may wait for ever
            trouble = PoolUnavailable(f"the pool's thread ended: {bug!r}")
            trouble.__cause__ = bug
        self._shut()
        self._bury_everything(trouble)

    def _shut(self) -> None:
        with self._door:
            self.stopping = True

    def _turn(self) -> None:
        for key, _ in self._selector.select(self._until()):
            key.data()
        self._take_inbox()
        self._watch_clocks()
        self._staff.grow(self._wanted())
        self._dispatch()

    def _until(self) -> float | None:
        """Seconds until something is due without anybody saying a word."""
        now = monotonic()
        due = self._staff.due(now)
        for worker in self._staff.workers:
            if worker.queue:
                due.append(worker.deadline)
                if worker.can_be_overtaken:
                    due.append(worker.since + PATIENCE)
        return max(0.0, min(due) - now) if due else None

    def _drain_bell(self) -> None:
        with suppress(BlockingIOError):
            self._bell.recv(4096)

    def _take_inbox(self) -> None:
        self._awake = False  # before looking: who comes later rings again
        while self._inbox:
            for task in self._inbox.popleft().tasks:
                self._backlog.add(task)

    def _wanted(self) -> int:
        """How many workers would have something to do."""
        busy = sum(1 for worker in self._staff.workers if worker.queue)
        return min(self._most, busy + len(self._backlog)) if self._backlog else 0

    def _dispatch(self) -> None:
        if not self._backlog:
            return
        now = monotonic()
        free = sorted((worker for worker in self._staff.workers if worker.free), key=lambda worker: len(worker.queue))
        waiting = len(self._backlog) + sum(len(worker.queue) for worker in free)
        share = min(MOST_QUEUED, -(-waiting // self._most))
        for worker in free:
            batch = self._backlog.batch(
                share - len(worker.queue),
                seconds=LOOK_AHEAD - worker.load,
                letters=MOST_UNSENT - len(worker.outbox),
            )
            if batch:
                worker.ask(batch, now)
                self._staff.watch(worker)

    # Workers

    def _hear(self, worker: Worker) -> None:
        if not worker.alive:
            return  # lost earlier in this turn
        messages, gone = worker.read()
        now = monotonic()
        for message in messages:
            for answer in wire.read_answers(message):
                self._answered(worker, answer, now)
        if gone and worker.alive:
            self._bury(worker)
        elif worker.outbox and worker.alive:
            worker.flush(now)
            self._staff.watch(worker)

    def _answered(self, worker: Worker, message: list[Any], now: float) -> None:
        kind, spent, *values = message
        if kind == wire.READY:
            worker.ready = True
            self.open_doors = values[0]
            return
        if kind == wire.COLD:
            self._staff.hot = True
            self._staff.lose(worker)  # which gives the check back
            return
        task = worker.answered(now)
        self._staff.well()
        self._backlog.learn(task.check.verifier, spent)
        if kind == wire.VERDICT:
            task.settle(wire.read_verdict(values, task.check.verifier))
        elif kind == wire.BROKEN:
            task.break_down(values[0])
        elif kind == wire.ENDED:
            self._staff.lose(worker)
            task.give_up(values[0], spent=spent)

    def _bury(self, worker: Worker) -> None:
        """It ended unasked: where that was its own doing, the check it was at has a death to its name."""
        if self._staff.died(worker):
            self.crashed += 1
            suspect = worker.suspect
            self._staff.lose(worker)
            if suspect is not None:
                suspect.died()

    def _watch_clocks(self) -> None:
        now = monotonic()
        self._staff.stop_cold_zygote(now)
        for worker in list(self._staff.workers):
            if worker.queue and worker.overdue(now):
                self._stop_runaway(worker)
            elif worker.is_slow(now, PATIENCE):
                worker.overtaken = True
                self._backlog.share(worker.neighbours)

    def _stop_runaway(self, worker: Worker) -> None:
        current = worker.current
        self._hear(worker)  # the answer may be here already
        if worker.queue and worker.current is current:
            self.killed += 1
            worker.give_up_current()
            self._staff.lose(worker)
            limit = current.check.cpu_seconds or current.check.seconds
            current.give_up("out_of_time", spent=limit, seconds=limit)

    def _despair(self, why: str) -> None:
        """Tell everybody who waits; who asks later causes another attempt."""
        for task in self._waiting():
            task.request.fail(PoolUnavailable(why))

    def _waiting(self) -> list[Task]:
        return [task for worker in self._staff.workers for task in worker.tasks] + self._backlog.clear()

    def _bury_everything(self, trouble: Exception | None) -> None:
        self._staff.bury()
        self._take_inbox()
        self._close()
        for task in self._waiting():
            if trouble is None:
                task.request.cancel()
            else:
                task.request.fail(trouble)

    def _close(self) -> None:
        self._selector.close()
        self._bell.close()
        self._rope.close()
