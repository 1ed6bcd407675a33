"""One request at a time: its reply, what that says, and the gate's word on it; from the record where it is there."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from pydantic_core import to_json

from proofmill import reply as reading
from proofmill.budget import Budget
from proofmill.checks import SkillChecks
from proofmill.crossing import Crossing
from proofmill.gate import Judgement, Refusal, Sample, decide
from proofmill.ledger import Ledger
from proofmill.recipe import Recipe
from proofmill.second_reading import reading_prompt, with_reading
from proofmill.teachers.teacher import Prompt, RepliesExhausted, Reply, ReplyRefused, Teacher
from proofmill.verifiers.pool import ENDED_BY_POOL, Pool
from proofmill.verifiers.verdict import Check, Draft, Verdict, digest


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt with its reply, the sha256 (hex) of its messages, and the key that the reply is recorded under."""

    prompt: Prompt
    request: str
    key: str
    reply: Reply
    promised: bool = False
    """Whether the budget keeps a request for the second reading of what came back."""


class Desk:
    """Asks the teacher and the verifiers what the ledger does not know yet, and records what they say."""

    def __init__(
        self, recipe: Recipe, ledger: Ledger, teacher: Teacher, teacher_content: str, pool: Pool, budget: Budget
    ) -> None:
        self._recipe, self._ledger, self._budget = recipe, ledger, budget
        self._teacher = teacher
        self._identity = digest([recipe.teacher_identity, teacher_content])
        self._crossing = Crossing(pool)

    async def reply(self, prompt: Prompt, *, again: bool = False) -> Asked:
        """The reply on record, or a new one; raises BudgetEnded, and what the teacher raises.

        `again` says that it is a second reading, which causes no further one.
        """
        request = digest_of(prompt)
        key = _sha256([self._identity, request, prompt.seed])
        reply = self._ledger.reply(key)
        if reply is not None:
            self._budget.denied = 0
            return Asked(prompt, request, key, reply)
        promised = not again and self._recipe.checks_for(prompt.skill).reading is not None
        if not again:
            await self._budget.room()
        with self._budget.asking():
            if promised:
                self._budget.promise()
            try:
                reply = await self._teacher.ask(prompt)
            except BaseException:
                if promised:
                    self._budget.release()
                raise
        self._budget.pay(reply)
        self._ledger.add_reply(key, reply)
        return Asked(prompt, request, key, reply, promised)

    async def judged(
        self, asked: Asked, given: Draft | None, attempt: int
    ) -> Sample | Refusal | reading.UnreadableReply:
        """What the gate says of a reply; `given` is the draft of the anchor whose problem it solves."""
        checks = self._recipe.checks_for(asked.prompt.skill)
        try:
            draft = self._draft(asked.reply, given)
            judgement = decide(draft, checks.first, await self._verdicts(draft, checks.first))
        except reading.UnreadableReply as why:
            return why
        finally:
            if asked.promised:
                self._budget.release()  # whoever needs it asks before anybody else runs
        if checks.reading is None or isinstance(judgement, Refusal):
            return judgement
        return await self._read_again(judgement.judgement, asked.prompt, checks, attempt)

    def _draft(self, reply: Reply, given: Draft | None) -> Draft:
        problem, gold = (given.problem, given.answer or None) if given else (None, None)
        if self._recipe.task.reply == "text" and problem is not None:
            return reading.read_text(reply.text, problem, gold, finish=reply.finish)
        return reading.read_json(reply.text, problem, gold, finish=reply.finish)

    async def _read_again(
        self, judged: Judgement, prompt: Prompt, checks: SkillChecks, attempt: int
    ) -> Sample | Refusal:
        """The gate's word after a second reading; verdicts that do not look at it are the first draft's."""
        claims: dict[str, Any] = {}
        with suppress(ReplyRefused, RepliesExhausted):  # without a reading the check knows nothing, and says so
            reply = (await self.reply(reading_prompt(self._recipe, prompt, judged.draft, attempt), again=True)).reply
            claims = reading.read_claims(reply.text, finish=reply.finish)
        draft = with_reading(judged.draft, claims)
        for passed, verdict in zip(checks.first, judged.verdicts, strict=True):
            self._ledger.add_verdict(draft.id, passed, verdict)
        last = await self._verdicts(draft, checks.every[len(checks.first) :])
        return decide(draft, checks.every, [*judged.verdicts, *last])

    async def _verdicts(self, draft: Draft, checks: Sequence[Check]) -> list[Verdict]:
        """Verdicts on record, and new ones for what has not been asked of this draft, recorded."""
        ledger, identity = self._ledger, draft.id
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


def digest_of(prompt: Prompt) -> str:
    """sha256 (hex) of what a prompt says."""
    return _sha256([message.content for message in prompt.messages])


def _sha256(parts: list[Any]) -> str:
    return sha256(to_json(parts)).hexdigest()


def _holds(verdict: Verdict | None) -> bool:
    """Whether a verdict on record stands: one that only says a budget ended may go otherwise another time."""
    return verdict is not None and verdict.reason not in ENDED_BY_POOL
