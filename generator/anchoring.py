"""Anchors: human rows, loaded from their sources as samples that the same verifiers have judged.

A row enters because its source, licence and `human_basis` vouch for it. The verifiers' word is kept beside it: a row
that they reject is left out, one that they can't decide stays, and both are counted: they are news about the verifier.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from proofmill.anchors.sources import hub_rows, jsonl_rows, parquet_rows
from proofmill.anchors.spec import AnchorSpec, HubAnchors, JsonlAnchors, ParquetAnchors
from proofmill.anchors.sympy_doctests import doctest_rows
from proofmill.anchors.tables import HumanRow
from proofmill.errors import InputError
from proofmill.gate import Judgement, Sample
from proofmill.recipe import Recipe
from proofmill.verifiers.pool import Pool
from proofmill.verifiers.verdict import Check, Draft


@dataclass(frozen=True, slots=True)
class AnchorCount:
    """What became of the rows of one source; `verdicts` counts `accept`, `unknown: slug` ... for each verifier."""

    id: str
    read: int
    kept: int
    verdicts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Anchors:
    """What was kept, in the order in which the mix takes them, and the counts of each source."""

    samples: tuple[Sample, ...] = ()
    counts: tuple[AnchorCount, ...] = ()


def load_anchors(recipe: Recipe, pool: Pool) -> Anchors:
    """Read and judge every source of a recipe; InputError where one can't be read or gives no row."""
    samples: list[Sample] = []
    counts = []
    for spec in recipe.anchors:
        drafts = list(_drafts(recipe, spec))
        if not drafts:
            raise InputError(f"anchors {spec.id}: expected at least one row (found none)")
        judged = [
            Judgement(draft, tuple(verdicts))
            for draft, verdicts in zip(drafts, pool.judge_many(_asked(recipe, drafts)), strict=True)
        ]
        kept = _distinct(judgement for judgement in judged if judgement.outcome != "reject")
        counts.append(_count(spec, judged, len(kept)))
        samples.extend(kept)
    Random(f"{recipe.name}:{recipe.seed}:anchors").shuffle(samples)  # noqa: S311
    return Anchors(tuple(samples), tuple(counts))


def _asked(recipe: Recipe, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Sequence[Check]]]:
    """Each draft with what its skill must pass; the guards hold a model's claims against its words, and stay out."""
    return ((draft, recipe.checks_for(draft.origin["skill"]).asked) for draft in drafts)


def _drafts(recipe: Recipe, spec: AnchorSpec) -> Iterator[Draft]:
    rows = list(human_rows_of(recipe, spec))
    if spec.sample is not None and spec.sample < len(rows):
        chosen = Random(f"{recipe.name}:{recipe.seed}:{spec.id}").sample(range(len(rows)), spec.sample)  # noqa: S311
        rows = [rows[number] for number in sorted(chosen)]
    for row in rows:
        origin = {
            "source": spec.id,
            "row": row.place,
            "licence": spec.licence,
            "human_basis": spec.human_basis,
            "skill": row.skill,
            "difficulty": row.difficulty,
        }
        yield Draft(row.problem, row.solution, row.answer, None, row.claims, origin)


def human_rows_of(recipe: Recipe, spec: AnchorSpec) -> Iterator[HumanRow]:
    """The rows of one source, as they stand there."""
    if isinstance(spec, JsonlAnchors):
        return jsonl_rows(recipe.path(spec.path), spec.columns)
    if isinstance(spec, ParquetAnchors):
        return parquet_rows(recipe.path(spec.path), spec.columns)
    if isinstance(spec, HubAnchors):
        return hub_rows(spec, recipe.path(spec.repo) if spec.is_folder else None)
    return doctest_rows()


def _distinct(judged: Iterator[Judgement]) -> list[Sample]:
    """Each human row once."""
    seen: dict[str, Sample] = {}
    for judgement in judged:
        seen.setdefault(judgement.draft.id, Sample(judgement))
    return list(seen.values())


def _count(spec: AnchorSpec, judged: Sequence[Judgement], kept: int) -> AnchorCount:
    verdicts: dict[str, Counter[str]] = {}
    for judgement in judged:
        for verdict in judgement.verdicts:
            said = "accept" if verdict.outcome == "accept" else f"{verdict.outcome}: {verdict.reason}"
            verdicts.setdefault(verdict.verifier, Counter())[said] += 1
    return AnchorCount(spec.id, len(judged), kept, {name: dict(said.most_common()) for name, said in verdicts.items()})
