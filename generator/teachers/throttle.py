"""How many requests one endpoint gets at once: fewer when it is crowded, none while it asks for a pause."""

import asyncio
from collections import deque


class Throttle:
    """Additive increase, multiplicative decrease (Chiu and Jain 1989; TCP's congestion window), for one endpoint.

    `async with throttle as sent:` holds one place; waiters come in first in, first out. After a good answer call
    `answered()`, which grows the window by one for each window of answers, up to `limit`. After "too many requests"
    call `crowded(sent, pause_seconds)`, which halves it, once for all requests that were under way together, and holds
    every waiter back until the pause is over. For one event loop; no thread may share it.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.in_flight = 0
        self.pauses = 0
        self._size = float(limit)
        self._halvings = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._resume: asyncio.TimerHandle | None = None

    @property
    def window(self) -> int:
        """Requests that may be under way at once now: from 1 to `limit`."""
        return int(self._size)

    @property
    def paused(self) -> bool:
        """Whether the endpoint asked for a pause that is not over."""
        return self._resume is not None

    async def __aenter__(self) -> int:
        """Wait for a place; the number that comes back is what `crowded` wants to know."""
        if self._waiting or not self._open():
            await self._wait()
        else:
            self.in_flight += 1
        return self._halvings

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def answered(self) -> None:
        """The endpoint coped: a little more may be under way."""
        if self._size < self.limit:
            self._size = min(self._size + 1 / self._size, float(self.limit))
            self._admit()

    def crowded(self, sent: int, pause_seconds: float = 0.0) -> None:
        """The endpoint had too much: half as much from now on, and nothing at all for `pause_seconds`."""
        if sent == self._halvings:
            self._halvings += 1
            self._size = max(self._size / 2, 1.0)
        if pause_seconds > 0:
            self._pause(pause_seconds)

    def _pause(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        if self._resume is None:
            self.pauses += 1
        elif self._resume.when() >= until:
            return
        else:
            self._resume.cancel()
        self._resume = loop.call_at(until, self._go_on)

    def _go_on(self) -> None:
        self._resume = None
        self._admit()

    def _open(self) -> bool:
        return self._resume is None and self.in_flight + 1 <= self._size

    async def _wait(self) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._admit()  # those who stood before us may have been cancelled
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # the place and the cancellation came in the same moment
                self._leave()
            raise

    def _admit(self) -> None:
        while self._waiting and self._open():
            place = self._waiting.popleft()
            if not place.done():
                self.in_flight += 1
                place.set_result(None)

    def _leave(self) -> None:
        self.in_flight -= 1
        self._admit()
