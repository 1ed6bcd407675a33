"""The loop: draws become prompts, replies, drafts, verdicts and records, many at once; the one async file.

A permit of the teacher is never held while verifying: up to `4 x in_flight` draws are under way, so that the next
requests go out while earlier replies are judged. Decisions about rows are not made here but in the order of the plan.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal

from pydantic_core import to_json

from proofmill import reply as reading
from proofmill.budget import Budget, BudgetEnded
from proofmill.crossing import Crossing
from proofmill.curation.duplicates import fingerprints
from proofmill.errors import RunFailed
from proofmill.gate import Refusal, Sample, decide
from proofmill.ledger import Ledger
from proofmill.meter import Meter
from proofmill.plan import Draw, Plan
from proofmill.prompts import first_prompt
from proofmill.recipe import Recipe
from proofmill.record import Try
from proofmill.repair import next_prompt
from proofmill.selection import Selection
from proofmill.teachers.teacher import Prompt, RepliesExhausted, Reply, ReplyRefused, Teacher, TeacherUnavailable
from proofmill.verifiers.pool import ENDED_BY_POOL, Pool, PoolUnavailable, VerifierBroken
from proofmill.verifiers.verdict import Draft, Verdict, digest

TICK_SECONDS = 0.2
SPARE_DRAWS = 16

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
        self._most = 4 * parts.recipe.teacher.in_flight + SPARE_DRAWS
        self._teacher = digest([parts.recipe.teacher_identity, parts.teacher_content])
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        self._stopping = self._budget_ended = False
        self._denied = 0  # draws in a row that wanted to ask when nothing more may be asked
        self._budget = Budget(parts.recipe.wanted, parts.ledger, parts.meter)
        self._crossing = Crossing(parts.pool)

    async def until_done(self, tick: Callable[[], object]) -> Ending:
        """Run until the rows are there, a budget ends or nothing more can be drawn.

        `tick` is called some five times a second, after the record has been committed. Raises RunFailed where the
        teacher or the verifiers can't go on; what is on record stays.
        """
        try:
            while True:
                self._settle()
                tick()
                self._start_draws()
                ending = self._ending()
                if ending is not None:
                    return ending
                await asyncio.sleep(TICK_SECONDS)
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
        while self._denied < self._most and len(self._tasks) < self._most:
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

    async def _work(self, draw: Draw) -> None:
        try:
            await self._fill(draw)
        except BudgetEnded:
            self._budget_ended = True
            self._denied += 1
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
            request = _sha256([message.content for message in prompt.messages])
            place = (draw.index, attempt, prompt.turn)
            try:
                key, reply = await self._reply(prompt, request)
            except ReplyRefused as why:
                record = Try(*place, "unreadable", why.reason, prompt.seed, str(why)[:2000], prompt=request)
                self._parts.ledger.add_try(record)
                return 0
            except RepliesExhausted:
                if prompt.turn:  # a recorded reply without a recorded repair
                    return 0
                raise
            outcome = await self._judged(reply, given)
            self._parts.ledger.add_try(self._try(place, prompt.seed, outcome, key, request))
            if isinstance(outcome, Sample):
                self._budget.proved += 1
                return 1
            said = outcome if isinstance(outcome, Refusal) else f"{outcome.reason}: {outcome}"
            prompt = next_prompt(self._parts.recipe, prompt, reply.text, said, attempt)
        return 0

    async def _reply(self, prompt: Prompt, request: str) -> tuple[str, Reply]:
        """The reply on record, or a new one, recorded."""
        key = _sha256([self._teacher, request, prompt.seed])
        reply = self._parts.ledger.reply(key)
        if reply is None:
            self._budget.ask()
            with self._parts.meter.asking():
                reply = await self._parts.teacher.ask(prompt)
            self._budget.pay(reply)
            self._parts.ledger.add_reply(key, reply)
        else:
            self._denied = 0
        return key, reply

    async def _judged(self, reply: Reply, given: Draft | None) -> Sample | Refusal | reading.UnreadableReply:
        recipe = self._parts.recipe
        problem, gold = (given.problem, given.answer or None) if given else (None, None)
        try:
            if recipe.task.reply == "text" and problem is not None:
                draft = reading.read_text(reply.text, problem, gold, finish=reply.finish)
            else:
                draft = reading.read_json(reply.text, problem, gold, finish=reply.finish)
        except reading.UnreadableReply as why:
            return why
        return decide(draft, recipe.checks, await self._verdicts(draft))

    async def _verdicts(self, draft: Draft) -> list[Verdict]:
        """Verdicts on record, and new ones for what has not been asked of this draft, recorded."""
        ledger, checks, identity = self._parts.ledger, self._parts.recipe.checks, draft.id
        known: dict[str, Verdict | None] = dict.fromkeys(check.verifier for check in checks)
        if ledger.judged_before:
            known = {check.verifier: ledger.verdict(identity, check) for check in checks}
        asked = [check for check in checks if not _holds(known[check.verifier])]
        if asked:
            answers = await self._crossing.judge(draft, asked)
            for check, verdict in zip(asked, answers, strict=True):
                known[check.verifier] = verdict if verdict.verifier else replace(verdict, verifier=check.verifier)
                ledger.add_verdict(identity, check, verdict)
        return [verdict for verdict in known.values() if verdict is not None]

    def _try(
        self,
        place: tuple[int, int, int],
        seed: int,
        outcome: Sample | Refusal | reading.UnreadableReply,
        key: str,
        request: str,
    ) -> Try:
        if isinstance(outcome, reading.UnreadableReply):
            return Try(*place, "unreadable", outcome.reason, seed, str(outcome)[:2000], key, None, request)
        judgement = outcome.judgement
        identity = self._parts.ledger.add_draft(judgement.draft)
        by = self._parts.recipe.compared_by
        prints = fingerprints(judgement.draft, by) if isinstance(outcome, Sample) else None
        return Try(*place, judgement.outcome, judgement.reason, seed, "", key, identity, request, prints)


def _sha256(parts: list[Any]) -> str:
    return sha256(to_json(parts)).hexdigest()


def _holds(verdict: Verdict | None) -> bool:
    """Whether a verdict on record stands: one that only says a budget ended may go otherwise another time."""
    return verdict is not None and verdict.reason not in ENDED_BY_POOL
