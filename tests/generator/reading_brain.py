"""A brain that writes word problems with claims, and reads problems a second time: mostly right, at times wrong."""

import json
import os
import re
from pathlib import Path
from random import Random
from typing import Any

READING = "Here is a problem. Do not solve it"
MARK = "as the shopkeeper knows"
"""Stands in every solution, and in no problem."""


def fate(problem: str) -> str:
    """How a problem is read the second time: `right`, `wrong`, `mute` (no JSON comes), a function of its text."""
    return Random(f"fate:{problem}").choice(["right"] * 6 + ["wrong", "wrong", "mute", "mute"])


def smuggles(problem: str) -> bool:
    """Whether the writer of a problem claims to have read it a second time himself."""
    return Random(f"smuggled:{problem}").random() < 0.5


def think(request: dict[str, Any]) -> str:
    """A reply that is a pure function of messages and seed; what was asked is logged where the test wants to know."""
    asked = request["messages"][-1]["content"]
    if os.environ.get("BRAIN_LOG"):
        with Path(os.environ["BRAIN_LOG"]).open("a", encoding="utf-8") as log:
            log.write(json.dumps([request["seed"], asked]) + "\n")
    if asked.startswith(READING):
        return _second_reading(asked)
    draw = Random(f"{request['seed']}:{asked}")
    boxes, each, gone = draw.randint(13, 99), draw.randint(13, 99), draw.randint(13, 99)
    problem = f"A shop has {boxes} boxes with {each} pens each and gives away {gone} pens. How many pens are left?"
    left = boxes * each - gone + (draw.random() < 0.1)
    spec = {
        "variables": {"inside": "integer", "left": "integer"},
        "constraints": [f"inside = {boxes}*{each}", f"left = inside - {gone}"],
        "find": "left",
    }
    claims = {"spec": spec, **({"reading": {"spec": spec}} if smuggles(problem) else {})}
    solution = f"There are {boxes} * {each} = {boxes * each} pens at first, {MARK}.\nAnswer: {left}"
    return json.dumps({"problem": problem, "solution": solution, "answer": str(left), "claims": claims})


def _second_reading(asked: str) -> str:
    problem = next(line for line in asked.splitlines() if line.startswith("A shop has "))
    kind = fate(problem)
    if kind == "mute":
        return "I would rather solve it than read it."
    boxes, each, gone = re.findall(r"\d+", problem)
    said = f"rest + {gone} = {boxes}*{each}" if kind == "right" else f"rest - {gone} = {boxes}*{each}"
    claims = {"spec": {"variables": {"rest": "integer"}, "constraints": [said], "find": "rest"}}
    return json.dumps({"claims": claims})
