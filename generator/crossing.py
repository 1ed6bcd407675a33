"""Verdicts on their way from the pool's thread to the event loop: many at one ring of the bell."""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future

from proofmill.verifiers.pool import Pool
from proofmill.verifiers.verdict import Check, Draft, Verdict

_Waiting = asyncio.Future[list[Verdict]]


class Crossing:
    """A pool as coroutines use it; made within the event loop that it is for.

    `asyncio.wrap_future` wakes the loop once for each draft, which costs more than most verdicts.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._arrived: deque[tuple[_Waiting, Future[list[Verdict]]]] = deque()
        self._rung = False

    async def judge(self, draft: Draft, checks: Sequence[Check]) -> list[Verdict]:
        """What the pool says of a draft; raises what its future raises. Cancelling spares the workers the draft."""
        waiting: _Waiting = self._loop.create_future()
        asked = self._pool.submit(draft, checks)
        asked.add_done_callback(lambda answer: self._arrive(waiting, answer))
        try:
            return await waiting
        except asyncio.CancelledError:
            asked.cancel()
            raise

    def _arrive(self, waiting: _Waiting, answer: Future[list[Verdict]]) -> None:
        """In the pool's thread, or in any other that cancels."""
        self._arrived.append((waiting, answer))
        if not self._rung:
            self._rung = True
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._rung = False  # before looking: what comes later rings again
        while self._arrived:
            waiting, answer = self._arrived.popleft()
            if waiting.done():  # cancelled: nobody wants it any more
                continue
            trouble = None if answer.cancelled() else answer.exception()
            if trouble is not None:
                waiting.set_exception(trouble)
            elif answer.cancelled():
                waiting.cancel()
            else:
                waiting.set_result(answer.result())
