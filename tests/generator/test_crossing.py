"""Verdicts cross from the pool's thread to the event loop."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import cast

import pytest

from proofmill.crossing import Crossing
from proofmill.verifiers.pool import Pool, PoolUnavailable
from proofmill.verifiers.verdict import Check, Draft, Verdict, accept

CHECKS = [Check("maths.answer")]


class Submitted:
    """A pool that answers when the test says so."""

    def __init__(self) -> None:
        self.futures: list[Future[list[Verdict]]] = []

    def submit(self, draft: Draft, checks: Sequence[Check]) -> Future[list[Verdict]]:
        self.futures.append(Future())
        return self.futures[-1]


async def asked(pool: Submitted, count: int) -> list[asyncio.Task[list[Verdict]]]:
    """So many drafts under way."""
    crossing = Crossing(cast("Pool", pool))
    tasks = [asyncio.create_task(crossing.judge(Draft(str(number)), CHECKS)) for number in range(count)]
    await asyncio.sleep(0)
    return tasks


def elsewhere(work: object) -> None:
    """Do it in another thread, to its end."""
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()


def test_each_draft_gets_its_own_verdicts() -> None:
    """Whatever the order in which they come, from another thread, many at once."""

    async def run() -> list[str]:
        pool = Submitted()
        tasks = await asked(pool, 100)

        def answer() -> None:
            for number in reversed(range(100)):
                pool.futures[number].set_result([accept(str(number))])

        elsewhere(answer)
        return [verdicts[0].reason for verdicts in await asyncio.gather(*tasks)]

    assert asyncio.run(run()) == [str(number) for number in range(100)]


def test_trouble_crosses_too() -> None:
    """What the pool's future raises, the coroutine raises."""

    async def run() -> None:
        pool = Submitted()
        (task,) = await asked(pool, 1)
        elsewhere(lambda: pool.futures[0].set_exception(PoolUnavailable("no worker")))
        await task

    with pytest.raises(PoolUnavailable, match="no worker"):
        asyncio.run(run())


def test_who_gives_up_takes_the_draft_back() -> None:
    """Cancelling the coroutine cancels what waits in the pool; the others are not harmed."""

    async def run() -> str:
        pool = Submitted()
        first, second = await asked(pool, 2)
        first.cancel()
        await asyncio.wait([first])
        assert pool.futures[0].cancelled()
        elsewhere(lambda: pool.futures[1].set_result([accept("fine")]))
        return (await second)[0].reason

    assert asyncio.run(run()) == "fine"


def test_a_closed_pool_cancels() -> None:
    """What the pool drops at its end, nobody waits for any longer."""

    async def run() -> None:
        pool = Submitted()
        (task,) = await asked(pool, 1)
        elsewhere(lambda: pool.futures[0].cancel())
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_a_verdict_after_the_end_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    """The loop is gone, the pool's thread goes on: nothing is raised in it."""
    pool = Submitted()

    async def run() -> None:
        (task,) = await asked(pool, 1)
        future = pool.futures[0]
        future.set_running_or_notify_cancel()  # too late to take it back
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(run())
    elsewhere(lambda: pool.futures[0].set_result([accept("late")]))
    assert caplog.records == [], "concurrent.futures logs what a callback raises"
