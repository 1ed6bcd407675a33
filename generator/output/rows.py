"""The canonical row of the dataset: one fixed schema for every configuration, ready for TRL without conversion.

Plain pyarrow types only, structured fields as JSON text: readers back to datasets 2.x load it, and no answer is ever
re-parsed into another value.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
from pydantic_core import to_json

from proofmill.gate import Sample
from proofmill.recipe import Recipe
from proofmill.record import Record
from proofmill.verifiers.verdict import Check, Draft, Verdict

_TURN = pa.struct([("role", pa.string()), ("content", pa.string())])
_FIELDS = [
    ("id", pa.string()),
    ("domain", pa.string()),
    ("skill", pa.string()),
    ("difficulty", pa.int32()),
    ("prompt", pa.list_(_TURN)),
    ("completion", pa.list_(_TURN)),
    ("answer", pa.string()),
    ("verifier_spec", pa.string()),
    ("verdict", pa.string()),
    ("origin", pa.string()),
    ("recipe", pa.string()),
    ("teacher", pa.string()),
    ("seed", pa.int64()),
    ("licence", pa.string()),
    ("provenance", pa.string()),
]
SCHEMA = pa.schema(_FIELDS)
REJECTED_SCHEMA = pa.schema([*_FIELDS, ("reason", pa.string()), ("detail", pa.string())])

Row = dict[str, Any]


def schema_of(config: str) -> pa.Schema:
    """The schema of a configuration."""
    return REJECTED_SCHEMA if config == "rejected" else SCHEMA


def synthetic_row(recipe: Recipe, record: Record, verdicts: Sequence[Verdict], parents: Sequence[str]) -> Row:
    """A try of the teacher as a row; `parents` are the anchors it grew from."""
    place, draft = record.attempt, record.draft
    by_people = recipe.task.problems == "anchors"
    from_people = recipe.task.problems == "anchors" or bool(parents)
    provenance = {
        "origin": "synthetic_from_human_seed" if from_people else "synthetic",
        "problem_origin": "human" if by_people else "synthetic",
        "solution_origin": "synthetic",
        "digital_source_type": "compositeWithTrainedAlgorithmicMedia" if by_people else "trainedAlgorithmicMedia",
        "generator": {
            "kind": recipe.teacher.kind,
            "model": record.reply.model if record.reply else recipe.teacher.model,
            "revision": recipe.teacher.revision,
            "terms_url": recipe.teacher.terms_url,
        },
        "recipe_sha256": recipe.digest,
        "prompt_sha256": place.prompt,
        "request_sha256": place.call,
        "draw": place.item,
        "attempt": place.attempt,
        "repaired": place.turn,
        "tokens": [record.reply.tokens_in, record.reply.tokens_out] if record.reply else [0, 0],
        "parents": list(parents),
        "generation": 1,
        "created_at": record.at,
        "content_sha256": place.draft,
    }
    skill, difficulty = cell_of(recipe, place.item)
    row = _row(recipe, draft, recipe.checks_for(skill).every, verdicts, provenance)
    row |= {
        "id": place.draft or f"{recipe.digest[:16]}-{place.item}-{place.attempt}-{place.turn}",
        "skill": skill,
        "difficulty": difficulty,
        "origin": "synthetic",
        "teacher": record.reply.model if record.reply else recipe.teacher.model,
        "seed": place.seed,
        "licence": recipe.licence,
    }
    if draft is None and record.reply is not None:
        row["completion"] = [{"role": "assistant", "content": record.reply.text[:20_000]}]
    return row


def anchor_row(recipe: Recipe, anchor: Sample) -> Row:
    """A human row."""
    draft, origin = anchor.judgement.draft, anchor.judgement.draft.origin
    provenance = {
        "origin": "human",
        "problem_origin": "human",
        "solution_origin": "human",
        "digital_source_type": "digitalCreation",
        "human_basis": origin["human_basis"],
        "source": origin["source"],
        "source_row": origin["row"],
        "generation": 0,
        "recipe_sha256": recipe.digest,
        "content_sha256": draft.id,
    }
    checks = recipe.checks_for(origin.get("skill") or "").asked
    return _row(recipe, draft, checks, anchor.judgement.verdicts, provenance) | {
        "id": draft.id,
        "skill": origin.get("skill") or "",
        "difficulty": origin.get("difficulty") or 0,
        "origin": "human",
        "teacher": "",
        "seed": 0,
        "licence": origin["licence"],
    }


def cell_of(recipe: Recipe, item: int) -> tuple[str, int]:
    """Skill and difficulty of a draw, by its number."""
    level, skill = divmod(item % (len(recipe.task.skills) * len(recipe.task.difficulty)), len(recipe.task.skills))
    return recipe.task.skills[skill], recipe.task.difficulty[level]


def _row(
    recipe: Recipe,
    draft: Draft | None,
    checks: Sequence[Check],
    verdicts: Sequence[Verdict],
    provenance: Mapping[str, Any],
) -> Row:
    return {
        "domain": recipe.task.domain,
        "prompt": [{"role": "user", "content": draft.problem}] if draft else [],
        "completion": [{"role": "assistant", "content": draft.solution or draft.answer}] if draft else [],
        "answer": draft.answer if draft else "",
        "verifier_spec": _json(spec_of(checks, draft)) if draft else "",
        "verdict": _json([written(verdict) for verdict in verdicts]),
        "recipe": f"{recipe.name}@{recipe.version}",
        "provenance": _json(provenance),
    }


def spec_of(checks: Sequence[Check], draft: Draft) -> dict[str, Any]:
    """All that is needed to judge the row again: the checks, and the draft's claims and known answer."""
    verify = [{check.verifier: {**check.settings, "seconds": check.seconds}} for check in checks]
    return {"verify": verify, "claims": dict(draft.claims), "gold": draft.gold}


def written(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the row keeps it."""
    return {
        "verifier": verdict.verifier,
        "version": verdict.version,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "evidence": dict(verdict.evidence),
    }


def draft_of(row: Mapping[str, Any]) -> Draft:
    """The draft in a written row, as the gate judged it."""
    spec = json.loads(row["verifier_spec"] or "{}")
    draft = Draft(
        problem=row["prompt"][0]["content"] if row["prompt"] else "",
        solution=row["completion"][-1]["content"] if row["completion"] else "",
        answer=row["answer"],
        gold=spec.get("gold"),
        claims=spec.get("claims") or {},
    )
    alone = draft.solution == draft.answer and draft.id != row["id"]  # it stood in for a solution that was not there
    return replace(draft, solution="") if alone else draft


def _json(value: Any) -> str:
    return to_json(value).decode()
