"""How busy the teacher is: the share of time in which it had a free place and there was work to give it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Meter:
    """Integrates over time; call `asking` around each request, and set `starved` when drafts wait elsewhere."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.under_way = 0
        self._starved = False
        self._since = self._began = time.monotonic()
        self._idle = 0.0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """A request is under way."""
        self._note(self.under_way + 1, self._starved)
        try:
            yield
        finally:
            self._note(self.under_way - 1, self._starved)

    @property
    def starved(self) -> bool:
        """Whether no further draw may start although the plan has more: everything waits for verdicts."""
        return self._starved

    @starved.setter
    def starved(self, value: bool) -> None:
        self._note(self.under_way, value)

    def _note(self, under_way: int, starved: bool) -> None:
        now = time.monotonic()
        if self._starved and self.under_way < self.capacity:
            self._idle += now - self._since
        self._since, self.under_way, self._starved = now, under_way, starved

    @property
    def idle_share(self) -> float:
        """Between 0 (never waited) and 1."""
        self._note(self.under_way, self._starved)
        return self._idle / max(self._since - self._began, 1e-9)
