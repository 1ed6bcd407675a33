"""maths.steps: each line of a derivation says the same as the line before it."""

import re
from itertools import pairwise
from typing import Any, Final

from proofmill.verifiers.engines import versions
from proofmill.verifiers.relations.lines import is_text
from proofmill.verifiers.relations.steps import StepDomain, step
from proofmill.verifiers.strength import Strength, limited, weakest
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "1"
LINES: Final = 60
"""The longest derivation that is read."""

_DISPLAY = re.compile(
    r"\\\[(?P<bracket>.+?)\\\]|\$\$(?P<dollar>.+?)\$\$"
    r"|\\begin\{(?P<name>(?:align|equation|gather|eqnarray)\*?)\}(?P<block>.+?)\\end\{(?P=name)\}",
    re.DOTALL,
)
_INSIDE = re.compile(r"\\(?:begin|end)\{(?:aligned|gathered|split|align\*?|gather\*?|array)\}(?:\{[lcr|]*\})?")
_ROW = re.compile(r"\\\\(?:\[[^\]]*\])?")


def check(draft: Draft, *, domain: StepDomain = "auto", strength: Strength = "auto") -> Verdict:
    r"""Decide whether every line of a derivation follows from the line before it, and back.

    Reads:   claims["lines"], a list of texts; where it is absent, the displayed lines of the solution (`\[...\]`,
             `$$...$$`, rows of `align`), of which there must be two.
    Accepts: every line equals the one before it (values; `= ...` goes on from the right side of an equation) or holds
             for the same values of its variables (equations, inequalities, systems); a line that opens with an arrow
             `=>` need only follow. Prose between two lines is passed over, and what it parts must be the same, too.
    Rejects: `differs`, `implies` (the step gains solutions), `implied_by` (it loses some): the first such step, by the
             numbers of its lines, with a point where one line holds and the other does not.
    Unknown: a line that is not read, lines about different variables, a step that is not decided.
    Method:  exact cells of the line for one variable, factors and Z3 for several, balls for what is not algebraic; that
             last is `agreed`, not proved. `domain="auto"` takes variables as real, and leaves open what would not hold
             over the complex numbers. It proves the steps, not that the first line is what the problem asks.
    """
    lines = _lines(draft)
    judged = [(one, two, step(lines[one - 1], lines[two - 1], domain=domain)) for one, two in _pairs(lines)]
    if not judged:
        return unknown("text" if lines else "nothing_to_compare", lines=len(lines))
    evidence: dict[str, Any] = {
        "domain": domain,
        "steps": [{"lines": [one, two], **_told(verdict)} for one, two, verdict in judged],
        "engines": versions("flint", "z3"),
    }
    for one, two, verdict in judged:
        if verdict.outcome == "reject":
            return reject(verdict.reason, lines=[one, two], **{**evidence, "strength": "refuted"})
    for one, two, verdict in judged:
        if verdict.outcome == "unknown":
            return unknown(verdict.reason, lines=[one, two], **evidence)
    reasons = {verdict.reason for _, _, verdict in judged}
    weak = weakest(*(str(verdict.evidence.get("strength")) for _, _, verdict in judged))
    found = accept(reasons.pop() if len(reasons) == 1 else "follows", **{**evidence, "strength": weak})
    return limited(found, strength)


def _told(verdict: Verdict) -> dict[str, Any]:
    return {"outcome": verdict.outcome, "reason": verdict.reason, **verdict.evidence}


def _lines(draft: Draft) -> list[str]:
    claimed = draft.claims.get("lines")
    found = displayed(draft.solution) if claimed is None else claimed
    if not isinstance(found, list) or not all(isinstance(line, str) for line in found):
        raise Unreadable("claims.lines: expected a list of texts", reason="claim_missing")
    if len(found) > LINES:
        raise Unreadable(f"expected at most {LINES} lines (found {len(found)})", reason="too_long")
    return found


def _pairs(lines: list[str]) -> list[tuple[int, int]]:
    """The numbers, from 1, of the lines to compare: each with the next one that is no prose."""
    return list(pairwise(number for number, line in enumerate(lines, 1) if not is_text(line)))


def displayed(solution: str) -> list[str]:
    """The displayed lines of a solution in LaTeX, row by row."""
    found = []
    for match in _DISPLAY.finditer(solution):
        inside = match["bracket"] or match["dollar"] or match["block"]
        found += [row.strip() for row in _ROW.split(_INSIDE.sub(" ", inside)) if row.strip(" \n\t&")]
    return found
