"""What the benchmark's endpoint says: small word problems with their sums, right about nine times in ten."""

import json
from random import Random
from typing import Any

THINGS = ["pens", "eggs", "tickets", "apples", "stamps", "marbles", "books", "coins"]


def answer(request: dict[str, Any]) -> str:
    """A reply in the recipe's format: a pure function of the request's seed."""
    draw = Random(request["seed"])
    boxes, each, gone = draw.randint(3, 99), draw.randint(3, 99), draw.randint(1, 8)
    thing = draw.choice(THINGS)
    whole = boxes * each
    left = whole - gone + (draw.random() < 0.1)
    solution = (
        f"There are {boxes} * {each} = {whole} {thing} in all.\n"
        f"After giving some away, {whole} - {gone} = {left} {thing} are left.\nAnswer: {left}"
    )
    problem = f"A shop has {boxes} boxes with {each} {thing} each and gives away {gone}. How many {thing} are left?"
    return json.dumps({"problem": problem, "solution": solution, "answer": str(left), "claims": {}})
