"""Check a recipe without a teacher: its examples must get the verdict of the list they stand in."""

from proofmill.gate import Judgement
from proofmill.judging import judge
from proofmill.recipe import Recipe
from proofmill.verifiers.pool import Pool


def examples_that_fail(recipe: Recipe, pool: Pool) -> list[str]:
    """One line for each example whose verdict is not what its place in the recipe promises."""
    places = [("accepted", number, example) for number, example in enumerate(recipe.examples.accepted)]
    places += [("rejected", number, example) for number, example in enumerate(recipe.examples.rejected)]
    judged = judge((example.draft for _, _, example in places), recipe.checks, pool)
    wanted = {"accepted": "accept", "rejected": "reject"}
    return [
        f"examples.{kept}.{number}: expected {wanted[kept]} (found {_told(judgement)})"
        for (kept, number, _), judgement in zip(places, judged, strict=True)
        if judgement.outcome != wanted[kept]
    ]


def _told(judgement: Judgement) -> str:
    verdicts = [f"{v.verifier} {v.outcome}: {v.reason} {dict(v.evidence)}" for v in judgement.verdicts]
    return "; ".join(verdicts)[:600]
