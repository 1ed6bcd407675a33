"""The loop: draws become prompts, replies, drafts, verdicts and records, many at once; the one async file.

A permit of the teacher is never held while verifying: up to `DRAWS_PER_PLACE x in_flight` draws are under way, so that
the next requests go out while earlier replies are judged, and while the verifiers warm up. Decisions about rows are not
made here but in the order of the plan.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from proofmill.budget import Budget, BudgetEnded
from proofmill.curation.duplicates import fingerprints
from proofmill.desk import Asked, Desk, digest_of
from proofmill.errors import RunFailed
from proofmill.gate import Refusal, Sample
from proofmill.ledger import Ledger
from proofmill.meter import Meter
from proofmill.plan import Draw, Plan
from proofmill.prompts import first_prompt
from proofmill.recipe import Recipe
from proofmill.record import Try
from proofmill.repair import next_prompt
from proofmill.reply import UnreadableReply
from proofmill.selection import Selection
from proofmill.teachers.teacher import Prompt, RepliesExhausted, ReplyRefused, Teacher, TeacherUnavailable
from proofmill.verifiers.pool import Pool, PoolUnavailable, VerifierBroken
from proofmill.verifiers.verdict import Draft

TICK_SECONDS = 0.2
DRAWS_PER_PLACE, SPARE_DRAWS = 8, 16

Ending = Literal["complete", "budget", "exhausted"]


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a run works with."""

    recipe: Recipe
    ledger: Ledger
    teacher: Teacher
    teacher_content: str
    pool: Pool
    plan: Plan
    selection: Selection
    problems: Sequence[Sample]
    meter: Meter


class Run:
    """One run of a recipe; made within its event loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        ahead = DRAWS_PER_PLACE if parts.recipe.wanted.tokens is None else 1  # what a reply costs is not known at first
        self._most = ahead * parts.recipe.teacher.in_flight + SPARE_DRAWS
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()  # nothing is under way: no need to wait for the next tick
        self._failure: BaseException | None = None
        self._stopping = self._budget_ended = False
        self._budget = Budget(parts.recipe.wanted, parts.ledger, parts.meter)
        self._desk = Desk(parts.recipe, parts.ledger, parts.teacher, parts.teacher_content, parts.pool, self._budget)

    async def until_done(self, tick: Callable[[], object]) -> Ending:
        """Run until the rows are there, a budget ends or nothing more can be drawn.

        `tick` is called some five times a second, after the record has been committed. Raises RunFailed where the
        teacher or the verifiers can't go on; what is on record stays.
        """
        try:
            while True:
                self._idle.clear()
                self._settle()
                tick()
                self._start_draws()
                ending = self._ending()
                if ending is not None:
                    return ending
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._idle.wait(), TICK_SECONDS)
        finally:
            await self._stop()

    def _settle(self) -> None:
        parts = self._parts
        parts.selection.take(parts.plan.settle())
        parts.ledger.commit()

    def _ending(self) -> Ending | None:
        if self._failure is not None:
            raise self._failure
        if self._parts.plan.complete:
            return "complete"
        self._budget.stop_if_hopeless()
        if self._tasks:
            return None
        plan = self._parts.plan
        if self._budget_ended:
            self._parts.selection.take(plan.settle_rest())
            return "complete" if plan.complete else "budget"
        return "exhausted" if plan.exhausted else None

    async def _stop(self) -> None:
        """Draws that are still under way are not needed any more."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._parts.ledger.commit()

    def _start_draws(self) -> None:
        """Also over budget, while there are replies on record for the draws."""
        if self._stopping or self._failure is not None:
            return
        while self._budget.denied < self._most and len(self._tasks) < self._most:
            draw = self._parts.plan.next()
            if draw is None:
                break
            task = asyncio.create_task(self._work(draw))
            self._tasks.add(task)
            task.add_done_callback(self._draw_ended)
        self._parts.meter.starved = len(self._tasks) >= self._most

    def _draw_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            self._start_draws()
        if not self._tasks:
            self._idle.set()

    async def _work(self, draw: Draw) -> None:
        try:
            await self._fill(draw)
        except BudgetEnded:
            self._budget_ended = True
        except (TeacherUnavailable, PoolUnavailable, VerifierBroken) as why:
            self._failure = self._failure or RunFailed(str(why))
        except Exception as why:  # noqa: BLE001 - a mistake of ours: raised again by `_ending`, with its traceback
            self._failure = self._failure or why

    async def _fill(self, draw: Draw) -> None:
        """All attempts at one draw."""
        parts, rows = self._parts, 0
        given = parts.problems[draw.index].judgement.draft if parts.recipe.task.problems == "anchors" else None
        try:
            for attempt in range(parts.recipe.attempts):
                rows += await self._attempt(draw, attempt, given)
        except RepliesExhausted:
            if given is None:
                parts.plan.close(draw.index)
                return
        parts.ledger.finish(draw.index, rows)
        parts.plan.finish(draw.index, rows)

    async def _attempt(self, draw: Draw, attempt: int, given: Draft | None) -> int:
        """One attempt with its repairs: 1 where it ends in a sample, else 0."""
        prompt: Prompt | None = first_prompt(self._parts.recipe, draw, attempt, given.problem if given else None)
        while prompt is not None:
            place = (draw.index, attempt, prompt.turn)
            try:
                asked = await self._desk.reply(prompt)
            except ReplyRefused as why:
                request = digest_of(prompt)
                record = Try(*place, "unreadable", why.reason, prompt.seed, str(why)[:2000], prompt=request)
                self._parts.ledger.add_try(record)
                return 0
            except RepliesExhausted:
                if prompt.turn:  # a recorded reply without a recorded repair
                    return 0
                raise
            outcome = await self._desk.judged(asked, given, attempt)
            self._parts.ledger.add_try(self._try(place, asked, outcome))
            if isinstance(outcome, Sample):
                self._budget.proved += 1
                return 1
            said = outcome if isinstance(outcome, Refusal) else f"{outcome.reason}: {outcome}"
            prompt = next_prompt(self._parts.recipe, prompt, asked.reply.text, said, attempt)
        return 0

    def _try(self, place: tuple[int, int, int], asked: Asked, outcome: Sample | Refusal | UnreadableReply) -> Try:
        seed, key, request = asked.prompt.seed, asked.key, asked.request
        if isinstance(outcome, UnreadableReply):
            return Try(*place, "unreadable", outcome.reason, seed, str(outcome)[:2000], key, None, request)
        judgement = outcome.judgement
        identity = self._parts.ledger.add_draft(judgement.draft)
        by = self._parts.recipe.compared_by
        prints = fingerprints(judgement.draft, by) if isinstance(outcome, Sample) else None
        return Try(*place, judgement.outcome, judgement.reason, seed, "", key, identity, request, prints)
