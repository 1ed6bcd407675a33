"""The throttle: who may go, who waits, and what crowding does; the clock of these tests jumps instead of ticking."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from proofmill.teachers.throttle import Throttle

T = TypeVar("T")


class _Jumping(selectors.DefaultSelector):
    """Nothing is waited for: the clock jumps to the next timer; with no timer left, nobody would ever wake up."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "everyone waits, and nothing will happen"
        self.now += max(timeout, 0.0)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = _Jumping()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def play(story: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(story)


def now() -> float:
    return asyncio.get_running_loop().time()


async def hold(throttle: Throttle, seconds: float, order: list[int] | None = None, name: int = 0) -> float:
    """Take a place, keep it for so long, and tell when it was given."""
    async with throttle:
        begun = now()
        if order is not None:
            order.append(name)
        await asyncio.sleep(seconds)
        return begun


def test_no_more_than_the_limit_are_under_way_and_nobody_waits_longer_than_needed() -> None:
    async def story() -> list[float]:
        throttle = Throttle(3)
        return await asyncio.gather(*(hold(throttle, 1.0) for _ in range(9)))

    assert play(story()) == pytest.approx([0, 0, 0, 1, 1, 1, 2, 2, 2])


def test_first_come_first_served() -> None:
    async def story() -> list[int]:
        throttle, order = Throttle(2), list[int]()
        await asyncio.gather(*(hold(throttle, 1.0, order, name) for name in range(10)))
        return order

    assert play(story()) == list(range(10))


def test_requests_that_were_under_way_together_halve_the_window_once() -> None:
    async def story() -> list[int]:
        throttle = Throttle(64)
        windows = []
        for _ in range(5):
            async with throttle as sent, throttle as also_sent:
                throttle.crowded(sent)
                throttle.crowded(also_sent)
            windows.append(throttle.window)
        return windows

    assert play(story()) == [32, 16, 8, 4, 2]


def test_the_window_never_closes() -> None:
    throttle = Throttle(3)
    for sent in range(9):
        throttle.crowded(sent)
    assert throttle.window == 1


def test_a_window_full_of_answers_grows_the_window_by_one_up_to_the_limit() -> None:
    throttle = Throttle(16)
    throttle.crowded(0)
    for expected in range(8, 17):
        assert throttle.window == expected
        for _ in range(expected + 1):
            throttle.answered()
    assert throttle.window == throttle.limit == 16


def test_an_answer_that_grows_the_window_lets_the_next_one_in() -> None:
    async def story() -> list[float]:
        throttle = Throttle(2)
        throttle.crowded(0)
        asyncio.get_running_loop().call_later(0.5, throttle.answered)
        return await asyncio.gather(*(hold(throttle, 1.0) for _ in range(2)))

    assert play(story()) == pytest.approx([0, 0.5])


def test_a_pause_holds_everyone_back_and_the_longest_one_counts() -> None:
    async def story() -> list[float]:
        throttle = Throttle(4)
        async with throttle as sent:
            throttle.crowded(sent, 5.0)
            throttle.crowded(sent, 20.0)
            throttle.crowded(sent, 1.0)
        assert (throttle.paused, throttle.pauses, throttle.in_flight) == (True, 1, 0)
        begun = await asyncio.gather(*(hold(throttle, 1.0) for _ in range(4)))
        assert not throttle.paused
        return begun

    assert play(story()) == pytest.approx([20, 20, 21, 21])


def test_who_is_cancelled_while_waiting_takes_no_place_along() -> None:
    async def story() -> list[float]:
        throttle = Throttle(1)
        tasks = [asyncio.create_task(hold(throttle, 1.0)) for _ in range(6)]
        await asyncio.sleep(0.5)
        for task in tasks[1:4]:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert throttle.in_flight == 0
        return [end for end in ends if isinstance(end, float)]

    assert play(story()) == pytest.approx([0, 1, 2])


def test_who_is_cancelled_in_the_moment_of_being_admitted_gives_the_place_back() -> None:
    async def story() -> tuple[int, float]:
        throttle = Throttle(1)
        async with throttle:
            waiting = asyncio.create_task(hold(throttle, 1.0))
            await asyncio.sleep(0)
        assert throttle.in_flight == 1  # already the other one's
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return throttle.in_flight, await hold(throttle, 1.0)

    assert play(story()) == (0, 0.0)


def test_waiters_that_are_all_cancelled_block_nobody_who_comes_later() -> None:
    async def story() -> float:
        throttle = Throttle(1)
        async with throttle as sent:
            throttle.crowded(sent, 3.0)
        tasks = [asyncio.create_task(hold(throttle, 1.0)) for _ in range(3)]
        await asyncio.sleep(1.0)
        for task in tasks:
            task.cancel()
        return await hold(throttle, 1.0)

    assert play(story()) == pytest.approx(3.0)
