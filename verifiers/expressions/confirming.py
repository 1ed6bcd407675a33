"""Beyond balls: a proof in a field of kernels, and SymPy's opinion, which alone decides nothing."""

from collections.abc import Mapping
from typing import Any

from proofmill.verifiers.expressions import costs
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.nodes import Node
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.verdict import Unreadable

CONFIRMED = "sympy and balls"
"""The method of an `equal` that no proof was found for."""


def proved(left: Node, right: Node, real: bool, policy: Policy) -> bool:
    if left == right:
        return True
    from proofmill.verifiers.expressions import polynomials

    return polynomials.proves_equal(left, right, real=real, positive=policy.domain == "positive")


def confirmed(left: Node, right: Node, evidence: Mapping[str, Any]) -> Comparison:
    """Balls agree: what does SymPy say?"""
    left, right = sorted((left, right), key=repr)

    if costs.is_dear(left) or costs.is_dear(right):
        return Comparison("unknown", "not_decided", {**evidence, "detail": "too much for SymPy"})
    from proofmill.verifiers.expressions import symbolic

    try:
        same = symbolic.is_zero(symbolic.build(left) - symbolic.build(right))
    except Unreadable as why:
        return Comparison("unknown", "not_decided", {**evidence, "detail": str(why)})
    if same:
        return Comparison("equal", CONFIRMED, evidence, "agreed")
    return Comparison("unknown", "not_decided" if same is None else "routes_disagree", evidence)
