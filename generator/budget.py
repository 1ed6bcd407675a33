"""What a run has spent, what it may still spend, and when it is hopeless to spend more."""

import asyncio
import time
from contextlib import AbstractContextManager

from proofmill.errors import RunFailed
from proofmill.ledger import Ledger
from proofmill.meter import Meter
from proofmill.output.funnel import count
from proofmill.sections import Wanted
from proofmill.teachers.teacher import Reply

HOPELESS_REPLIES = 200
"""After so many replies of which none was accepted a run stops, unless the recipe sets a budget of its own."""


class BudgetEnded(Exception):
    """Nothing more may be asked."""


class Budget:
    """Counts over all runs in a folder, from what the ledger says; hours count from now."""

    def __init__(self, wanted: Wanted, ledger: Ledger, meter: Meter) -> None:
        self._wanted, self._ledger, self._meter = wanted, ledger, meter
        self._started = time.monotonic()
        self.denied = 0  # requests in a row that came too late, none of them on record
        self._promised = 0  # requests that those under way may still cause
        self._released = asyncio.Event()
        ((self._replies, self._tokens),) = ledger.tally(
            "SELECT COUNT(*), COALESCE(SUM(tokens_in + tokens_out), 0) FROM calls"
        )
        ((refused, self.proved),) = ledger.tally(
            "SELECT COALESCE(SUM(call IS NULL), 0), COALESCE(SUM(outcome = 'accept'), 0) FROM tries"
        )
        self._asked = self._replies + refused

    def asking(self) -> AbstractContextManager[None]:
        """One more request goes out, for as long as the block lasts; BudgetEnded where none may."""
        if self.ended:
            self.denied += 1
            raise BudgetEnded
        self._asked += 1
        return self._meter.asking()

    def promise(self) -> None:
        """Keep one more request for what comes of one that goes out."""
        self._promised += 1

    def release(self) -> None:
        """A request that was kept is needed now, or never."""
        self._promised -= 1
        self._released.set()

    async def room(self) -> None:
        """Wait while only requests are left that are kept for others, who may not need them."""
        attempts = self._wanted.attempts
        while attempts is not None and self._asked < attempts <= self._asked + self._promised:
            self._released.clear()
            await self._released.wait()

    def pay(self, reply: Reply) -> None:
        """A reply came back."""
        self._replies += 1
        self._tokens += reply.tokens_in + reply.tokens_out

    @property
    def ended(self) -> bool:
        """Whether nothing more may be asked; what is under way is expected to cost what replies cost so far."""
        wanted = self._wanted
        expected = self._tokens + self._meter.under_way * self._tokens / max(self._replies, 1)
        return (
            (wanted.attempts is not None and self._asked + self._promised >= wanted.attempts)
            or (wanted.tokens is not None and expected >= wanted.tokens)
            or (wanted.hours is not None and time.monotonic() - self._started >= wanted.hours * 3600)
        )

    def stop_if_hopeless(self) -> None:
        """Money is not spent for ever on a prompt or a verifier that lets nothing through: RunFailed."""
        if self.proved or self._asked < HOPELESS_REPLIES or self._wanted.has_budget:
            return
        funnel = count(self._ledger)
        if funnel.replies >= HOPELESS_REPLIES and not funnel.proved:
            reasons = ", ".join(f"{reason} {times}" for reason, times in list(funnel.reasons.items())[:3])
            raise RunFailed(
                f"none of {funnel.replies} replies was accepted ({reasons}): change the recipe, or set wanted.attempts"
            )
