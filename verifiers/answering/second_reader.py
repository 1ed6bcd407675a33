"""Math-Verify as a second reader of LaTeX: asked only where ours can't read, and never against a no of ours.

Optional (`pip install proofmill[math-verify]`, pinned: 0.9.0) and off unless the policy says `second_reader`. Its known
false positives (research: bases, units and mixed numbers dropped, differences below 1e-15) are why its word alone is
at most `agreed`.
"""

import re
from typing import Final

from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.verdict import Unreadable

UNREAD: Final = frozenset({"not_allowed", "syntax"})
"""Reasons of ours that mean: not read. What is ambiguous, out of bounds or undefined stays so."""
_HEAVY = re.compile(r"!|\d{40}|\^[^^]{0,40}\^|zeros|eye|ones|diag")
"""Factorials, long numbers, towers and matrices by the size: Math-Verify has no limits of its own."""


def second_opinion(gold: str, pred: str, found: Comparison) -> Comparison:
    """`found`, or Math-Verify's yes in both directions where our reader could not read one of the texts.

    Raises ImportError where the extra is not installed: who asks for a second reader must have one.
    """
    if found.outcome != "unknown" or found.method not in UNREAD or not _is_light(gold) or not _is_light(pred):
        return found
    from math_verify import parse, verify

    try:
        one, two = (parse(_as_latex(text), parsing_timeout=None, raise_on_error=True) for text in (gold, pred))
        same = [
            bool(one and two) and verify(*pair, timeout_seconds=None, raise_on_error=True)
            for pair in ((one, two), (two, one))
        ]
    except (MemoryError, RecursionError):
        raise
    except Exception as why:  # noqa: BLE001 - it raises whatever ANTLR and SymPy raise; our own finding stands
        return Comparison("unknown", found.method, {**found.evidence, "second_reader": repr(why)[:200]})
    evidence = {**found.evidence, "second_reader": "math-verify 0.9.0", "says": same}
    if all(same):
        return Comparison("equal", "second reader", evidence, "agreed")
    return Comparison("unknown", found.method, evidence)


def _is_light(text: str) -> bool:
    try:
        limits.check_length(text)
    except Unreadable:
        return False
    return not _HEAVY.search(text) and max(text.count("{"), text.count("(")) <= limits.DEPTH


def _as_latex(text: str) -> str:
    return text if "$" in text or "\\boxed" in text else f"${text}$"
