"""A second, independent reading: the teacher sees the problem alone, and says again what a machine can check in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from proofmill.prompts import request_seed
from proofmill.recipe import Recipe
from proofmill.teachers.teacher import Message, Prompt
from proofmill.verifiers.verdict import Draft

READING_TURNS = 1_000
"""Added to a draft's turn: the request for its second reading has a seed of its own."""

_REQUEST = """\
Here is a problem. Do not solve it, and do not change it. Say what it states and asks, in the form below.

Problem:
{problem}

The form:
{claims}

Reply with one JSON object: {{"claims": {{...}}}}"""


def reading_prompt(recipe: Recipe, prompt: Prompt, draft: Draft, attempt: int) -> Prompt:
    """The request for the second reading of a draft that answered `prompt`; nothing of the first reading is in it."""
    asked = _REQUEST.format(problem=draft.problem, claims=recipe.checks_for(prompt.skill).claims_format)
    return replace(
        prompt,
        messages=(Message("user", asked),),
        seed=request_seed(recipe, prompt.item, attempt, READING_TURNS + prompt.turn),
    )


def with_reading(draft: Draft, claims: Mapping[str, Any]) -> Draft:
    """The draft with its second reading among the claims, where `text.reading` and later checks of the row find it.

    What the teacher itself put there is dropped: it would be the first reading, twice.
    """
    own = {name: claim for name, claim in draft.claims.items() if name != "reading"}
    return replace(draft, claims={**own, "reading": dict(claims)} if claims else own)
