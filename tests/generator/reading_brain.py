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
ROOM = "room for 90000 pens"
"""Stands in some problems, and plays no part in them."""


def fate(problem: str) -> str:
    """How a problem is read the second time: `right`, `wrong`, `mute` (no JSON comes), a function of its text."""
    return Random(f"fate:{problem}").choice(["right"] * 6 + ["wrong", "wrong", "mute", "mute"])


def smuggles(problem: str) -> bool:
    """Whether the writer of a problem claims to have read it a second time himself."""
    return Random(f"smuggled:{problem}").random() < 0.5


def flaw(problem: str) -> str:
    """What is wrong with a problem's draft: no instances (`none`), a wrong one (`wrong`), an idle number (`idle`)."""
    return Random(f"flaw:{problem}").choice([""] * 7 + ["none", "wrong", "idle"])


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
    if flaw(problem) == "idle":
        problem = problem.replace("each and", f"each, {ROOM}, and")
    left = boxes * each - gone + (draw.random() < 0.1)
    claims = _first_claims(problem)
    claims |= {"reading": {"spec": claims["spec"]}} if smuggles(problem) else {}
    solution = f"There are {boxes} * {each} = {boxes * each} pens at first, {MARK}.\nAnswer: {left}"
    return json.dumps({"problem": problem, "solution": solution, "answer": str(left), "claims": claims})


def _first_claims(problem: str) -> dict[str, Any]:
    boxes, each, gone = numbers(problem)
    inside, left = boxes * each, boxes * each - gone
    spec = {
        "variables": {"inside": "integer", "left": "integer"},
        "constraints": [f"inside = {boxes}*{each}", f"left = inside - {gone}"],
        "find": "left",
    }
    cases = {"yes": {"inside": inside, "left": left}, "no": {"inside": inside, "left": inside + gone}}
    return _claims(problem, spec, cases, "inside", flaw(problem.replace(f", {ROOM},", "")))


def _second_reading(asked: str) -> str:
    problem = next(line for line in asked.splitlines() if line.startswith("A shop has "))
    kind = fate(problem)
    if kind == "mute":
        return "I would rather solve it than read it."
    boxes, each, gone = numbers(problem)
    sign = 1 if kind == "right" else -1
    said = f"rest {'+' if kind == 'right' else '-'} {gone} = {boxes}*{each}"
    spec = {"variables": {"rest": "integer"}, "constraints": [said], "find": "rest"}
    cases = {"yes": {"rest": boxes * each - sign * gone}, "no": {"rest": boxes * each}}
    return json.dumps({"claims": _claims(problem, spec, cases, "rest", "")})


def _claims(problem: str, spec: dict[str, Any], cases: dict[str, Any], held: str, wrong: str) -> dict[str, Any]:
    """The claims of either reader: instances follow from the spec, unless something is wrong with them."""
    if ROOM in problem:
        spec["constraints"].append(f"{held} <= {ROOM.split()[2]}")
    if wrong == "none":
        return {"spec": spec}
    yes = cases["no"] if wrong == "wrong" else cases["yes"]
    return {"spec": spec, "instances": {"yes": [yes], "no": [cases["no"]]}}


def numbers(problem: str) -> list[int]:
    """Boxes, pens in each, and pens that are given away."""
    return [int(number) for number in re.findall(r"\d+", problem.replace(ROOM, ""))]
