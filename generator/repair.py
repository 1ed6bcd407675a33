"""Repair: a refused draft goes back to the teacher with the verdict's reason and evidence, but never with the gold."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from proofmill.gate import Refusal
from proofmill.prompts import request_seed
from proofmill.recipe import Recipe
from proofmill.teachers.teacher import Message, Prompt
from proofmill.verifiers.verdict import Verdict

_HIDDEN = frozenset({"gold"})
_EVIDENCE_CHARACTERS = 1_500


def next_prompt(recipe: Recipe, prompt: Prompt, reply: str, refused: Refusal | str, attempt: int) -> Prompt | None:
    """The next try at a refused reply, or None where the recipe allows no more.

    `refused` is the gate's refusal, or what could not be read in the reply.
    """
    if prompt.turn >= recipe.repair.rounds:
        return None
    turn = prompt.turn + 1
    asked = Message("user", _request(refused))
    return replace(
        prompt,
        messages=(*prompt.messages, Message("assistant", reply), asked),
        seed=request_seed(recipe, prompt.item, attempt, turn),
        turn=turn,
    )


def _request(refused: Refusal | str) -> str:
    if isinstance(refused, str):
        found = f"Your reply could not be read: {refused}"
    else:
        wrong = [verdict for verdict in refused.judgement.verdicts if verdict.outcome != "accept"]
        found = "Your reply was checked and not accepted:\n" + "\n".join(map(_finding, wrong))
    return f"{found}\nFind the mistake, and write the whole reply again in the same form, corrected."


def _finding(verdict: Verdict) -> str:
    shown = json.dumps(without_gold(verdict.evidence), ensure_ascii=False, default=str)[:_EVIDENCE_CHARACTERS]
    return f"- {verdict.verifier}: {verdict.reason.replace('_', ' ')} {shown}"


def without_gold(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Evidence that the teacher may see: a known answer stays hidden, or it would only be copied."""
    return {key: value for key, value in evidence.items() if key not in _HIDDEN}
