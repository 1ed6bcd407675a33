"""Check a recipe without a teacher: its files can be read, its examples get the verdict of the list they stand in."""

from proofmill.anchoring import human_rows_of
from proofmill.anchors.spec import JsonlAnchors, ParquetAnchors
from proofmill.gate import Judgement
from proofmill.judging import judge_each
from proofmill.recipe import Recipe
from proofmill.teachers.opening import content_of
from proofmill.verifiers.pool import Pool


def read_files(recipe: Recipe) -> None:
    """Read the files that a recipe names; InputError where one is not there or a row of it can't be read."""
    content_of(recipe.teacher, recipe.path)
    for spec in recipe.anchors:
        if isinstance(spec, JsonlAnchors | ParquetAnchors):
            for _ in human_rows_of(recipe, spec):
                pass


def examples_that_fail(recipe: Recipe, pool: Pool) -> list[str]:
    """One line for each example whose verdict is not what its place in the recipe promises."""
    places = [("accepted", number, example) for number, example in enumerate(recipe.examples.accepted)]
    places += [("rejected", number, example) for number, example in enumerate(recipe.examples.rejected)]
    judged = judge_each(((example.draft, recipe.checks_for(example.skill).first) for _, _, example in places), pool)
    wanted = {"accepted": "accept", "rejected": "reject"}
    return [
        f"examples.{kept}.{number}: expected {wanted[kept]} (found {_told(judgement)})"
        for (kept, number, _), judgement in zip(places, judged, strict=True)
        if judgement.outcome != wanted[kept]
    ]


def _told(judgement: Judgement) -> str:
    verdicts = [f"{v.verifier} {v.outcome}: {v.reason} {dict(v.evidence)}" for v in judgement.verdicts]
    return "; ".join(verdicts)[:600]
