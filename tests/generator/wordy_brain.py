"""A brain that costs nothing: word problems, right nine times in ten; solves given ones by their own numbers."""

import json
import os
import re
from pathlib import Path
from random import Random
from typing import Any

THINGS = ["pens", "eggs", "tickets", "apples", "stamps", "marbles", "books", "coins"]
PROBLEM = "A shop has {} boxes with {} {} each and gives away {}. How many {} are left?"


def problem(boxes: int, each: int, thing: str, gone: int) -> str:
    """The words of one problem."""
    return PROBLEM.format(boxes, each, thing, gone, thing)


def solution(boxes: int, each: int, thing: str, gone: int, slip: int = 0) -> str:
    """The words of its solution."""
    left = boxes * each - gone
    return (
        f"There are {boxes} * {each} = {boxes * each} {thing} in all.\n"
        f"After giving some away, {boxes * each} - {gone} = {left} {thing} are left.\nAnswer: {left + slip}"
    )


def think(request: dict[str, Any]) -> str:
    """A reply that is a pure function of messages and seed; given problems are got wrong half of the time."""
    messages = [message["content"] for message in request["messages"]]
    if os.environ.get("BRAIN_LOG"):
        with Path(os.environ["BRAIN_LOG"]).open("a", encoding="utf-8") as log:
            log.write(json.dumps(messages) + "\n")
    draw = Random(f"{request['seed']}:{messages}")
    given = re.search(r"has (\d+) boxes with (\d+) (\w+) each and gives away (\d+)", messages[0])
    if given:
        boxes, each, thing, gone = int(given[1]), int(given[2]), given[3], int(given[4])
        return f"Try {draw.randint(0, 9**9)}.\n" + solution(boxes, each, thing, gone, draw.randrange(2))
    boxes, each, gone = draw.randint(3, 99), draw.randint(3, 99), draw.randint(1, 8)
    thing = draw.choice(THINGS)
    left = boxes * each - gone
    said = solution(boxes, each, thing, gone, slip=draw.random() < 0.1)
    answer = said.rpartition("Answer: ")[2] if draw.random() < 0.5 else str(left)
    return json.dumps({"problem": problem(boxes, each, thing, gone), "solution": said, "answer": answer, "claims": {}})
