"""From a draw of the plan to a prompt: the recipe's template, filled, with a seed of its own."""

from random import Random
from typing import Any

from proofmill.plan import Draw
from proofmill.recipe import Recipe
from proofmill.reply import reply_format
from proofmill.teachers.teacher import Message, Prompt
from proofmill.templates import render


def first_prompt(recipe: Recipe, draw: Draw, attempt: int = 0, problem: str | None = None) -> Prompt:
    """What the teacher is asked at one draw; `problem` is the anchor's, where people wrote the problem.

    A recorded teacher counts replies by `Prompt.attempt`: the attempt at a given problem, or the draw of the cell.
    """
    task = recipe.task
    values: dict[str, Any] = {
        "skill": draw.cell.skill,
        "difficulty": draw.cell.difficulty,
        "problem": problem,
        "examples": recipe.examples.accepted,
        "reply_format": reply_format(task.problems == "teacher"),
        "claims_format": recipe.checks_for(draw.cell.skill).claims_format,
        "draw": draw.index,
    }
    system = (Message("system", task.system),) if task.system else ()
    return Prompt(
        messages=(*system, Message("user", render(task.prompt, values))),
        seed=request_seed(recipe, draw.index, attempt, 0),
        item=draw.index,
        attempt=draw.ordinal if problem is None else attempt,
        skill=draw.cell.skill,
        difficulty=draw.cell.difficulty,
        problem=problem,
    )


def request_seed(recipe: Recipe, index: int, attempt: int, turn: int) -> int:
    """A seed that belongs to one request alone: any draft can be made again by itself."""
    return Random(f"{recipe.name}:{recipe.seed}:{index}:{attempt}:{turn}").getrandbits(31)  # noqa: S311
