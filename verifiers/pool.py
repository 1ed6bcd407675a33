"""Judge drafts in killable, warm worker processes: a runaway check costs one `unknown`, never the run.

A check is run by a process forked from a warmed-up interpreter (proofmill.verifiers.zygote), under a memory ceiling
(proofmill.sandboxes.confine). Its wall clock starts when work on it starts; what waits in the queue never times out.

How checks end that no verifier could finish, all of them verdicts:
- `unknown: out_of_time` over `Check.seconds`; the worker is killed;
- `unknown: out_of_memory`, `unknown: too_deep` (recursion); the worker leaves and is replaced;
- `unknown: crashed` when three workers died on it; fewer deaths are the machine's trouble, and it is tried again.
"""

import os
import threading
import weakref
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from types import TracebackType

from proofmill.verifiers.pool_manager import Manager
from proofmill.verifiers.pool_tasks import PoolUnavailable, Request, VerifierBroken
from proofmill.verifiers.verdict import Check, Draft, Verdict

__all__ = ["ENDED_BY_POOL", "Pool", "PoolUnavailable", "VerifierBroken", "shared_pool"]

RUNNER = "proofmill.verifiers.catalogue:run"
ENDED_BY_POOL = frozenset({"out_of_time", "out_of_memory", "crashed"})
"""Reasons of verdicts that no verifier gave: its budget ended, or its worker died. Another time may go otherwise."""
IN_FLIGHT = 128  # drafts per worker that `judge_many` has under way


class Pool:
    """Warm workers that judge drafts; safe to use from any thread, and from asyncio through `asyncio.wrap_future`.

    `memory_mb` is what one worker may take on top of what it shares with the others. `runner` names the function
    (module:function, called with a check and a draft) that workers run; tests have their own.
    """

    def __init__(self, *, workers: int | None = None, memory_mb: int = 384, runner: str = RUNNER) -> None:
        self.workers = workers or _cores()
        self._manager = Manager(workers=self.workers, memory_mb=memory_mb, runner=runner)
        self._finalizer = weakref.finalize(self, self._manager.stop)  # also at exit
        _managers.add(self._manager)
        self._manager.start()

    def submit(self, draft: Draft, checks: Sequence[Check]) -> Future[list[Verdict]]:
        """Have one draft judged; the future gives one verdict per check, in their order.

        The future raises VerifierBroken where a verifier raised (our bug), PoolUnavailable where no worker can be
        started, CancelledError where the pool was closed first. RuntimeError here when it is closed already.
        """
        request = Request(draft, checks)
        self._manager.put([request])
        return request.future

    def judge_many(self, pairs: Iterable[tuple[Draft, Sequence[Check]]]) -> Iterator[list[Verdict]]:
        """Judge a stream of drafts of any length: verdicts come in its order, and it is read only a little ahead."""
        under_way: deque[Future[list[Verdict]]] = deque()
        try:
            for draft, checks in pairs:
                under_way.append(self.submit(draft, checks))
                while under_way and (under_way[0].done() or len(under_way) >= IN_FLIGHT * self.workers):
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()

    def close(self) -> None:
        """End all workers now; what still waits is cancelled."""
        self._finalizer()

    @property
    def closed(self) -> bool:
        """Whether nothing can be submitted any more."""
        return self._manager.stopping or self._manager.owner != os.getpid()

    @property
    def restarts(self) -> int:
        """Workers that were killed, died or left, and were replaced when there was work."""
        return self._manager.restarts

    @property
    def killed(self) -> int:
        """Workers killed because a check ran out of time."""
        return self._manager.killed

    @property
    def crashed(self) -> int:
        """Workers that died of themselves or by the machine's hand."""
        return self._manager.crashed

    @property
    def process_ids(self) -> list[int]:
        """The zygote's, if there is one, and its workers'."""
        return self._manager.process_ids

    @property
    def open_doors(self) -> str:
        """What the platform did not let us shut in a worker, "" where all is shut; known after the first verdict."""
        return self._manager.open_doors

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def shared_pool() -> Pool:
    """The pool everybody in this process may use: made on first use, closed at exit, and not inherited by a fork."""
    global _shared
    with _lock:
        if _shared is None or _shared.closed:
            _shared = Pool()
        return _shared


def _cores() -> int:
    return os.cpu_count() or 1


_shared: Pool | None = None
_lock = threading.Lock()
_managers: "weakref.WeakSet[Manager]" = weakref.WeakSet()


def _after_fork() -> None:
    """In a forked copy: let go of the parent's processes, so that they notice when the parent ends."""
    global _lock
    _lock = threading.Lock()
    for manager in list(_managers):
        manager.abandon()


os.register_at_fork(after_in_child=_after_fork)
