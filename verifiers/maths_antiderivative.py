"""maths.antiderivative: the derivative of the answer is the integrand."""

from typing import Literal

from proofmill.verifiers.calculus.antiderivatives import (
    antiderivative_of,
    integral_parts,
    same_antiderivative,
    same_derivative,
)
from proofmill.verifiers.drafting import answered_value, claimed, claimed_variable
from proofmill.verifiers.engines import behind
from proofmill.verifiers.expressions.derivative import carried_out
from proofmill.verifiers.expressions.described import expressions_format
from proofmill.verifiers.expressions.nodes import Node, free_symbols, is_unevaluated
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.strength import Strength, judged
from proofmill.verifiers.verdict import Draft, Verdict, reject, unknown

__all__ = ["VERSION", "check", "judge", "same_antiderivative", "same_derivative"]

VERSION = "1"

_REASONS = frozenset({"constant_missing", "constant_unwanted", "smaller_domain"})


def check(
    draft: Draft,
    *,
    constant: Literal["optional", "required", "forbidden"] = "optional",
    log_abs: bool = True,
    strength: Strength = "auto",
) -> Verdict:
    """Differentiate the answer and compare with the integrand.

    Reads:   claims["integrand"], `x*cos(x)` (an indefinite integral `\\int x \\cos x \\, dx` is read as its integrand);
             claims["variable"], `x`, where the integrand holds more than one symbol; claims["positive"], parameters
             that stand for positive numbers, ["a"]; answer, `x*sin(x) + cos(x) + C`.
    Accepts: the formal derivative of the answer equals the integrand for every value of every symbol: `proved` where
             the comparison is exact, `agreed` where certified balls and SymPy both say so. Any symbol that the
             integrand has no part in may be the constant, also as `3*c`, `(x^3 + c)/3` or `log(k*x)`; it may differ
             from branch to branch, and `log x` serves as `log|x|` (with `log_abs=False`, the answer must have a real
             value wherever the integrand has one).
    Rejects: `differs` with a point as witness; `smaller_domain`: the integrand has a real value where the answer's
             derivative has none; `constant_missing`, `constant_unwanted` as `constant` says; `not_evaluated`: calculus
             is left in the answer.
    Unknown: a function without a derivative here (floor, sign, gamma), a comparison that is not decided, `only_agreed`.
    Method:  our own rules of differentiation on the tree, then `equality.compare`; no integral is ever computed.
    """
    integrand = claimed(draft, "integrand")
    found = integral_parts(integrand)
    body, variable = found or (integrand, claimed_variable(draft, [integrand]))
    policy = Policy(constant=constant, log_abs=log_abs)
    return judge(body, variable, answered_value(draft), policy, strength, accepted="derivative_matches")


def claims() -> str:
    """What a teacher is told about the claims."""
    return (
        'claims.integrand is the function to be integrated, "x*cos(x)"; claims.variable is the variable of '
        f'integration, "x", and may be left out where there is one symbol only. claims.positive is the list of the '
        f'parameters that stand for positive numbers, ["a"], if there are any. {expressions_format()}'
    )


def judge(
    integrand: Node, variable: str, answer: Node, policy: Policy, strength: Strength, *, accepted: str
) -> Verdict:
    """The verdict on an antiderivative of an integrand; shared with `maths.compute`."""
    if is_unevaluated(answer):
        return reject("not_evaluated", detail="calculus is left in the answer", strength="refuted")
    body = carried_out(integrand)
    if variable not in free_symbols(answer) and variable in free_symbols(body):
        return reject("differs", detail=f"the answer does not depend on {variable}", strength="refuted")
    compared = antiderivative_of(body, answer, variable, policy)
    reason = compared.method if compared.method in _REASONS else "differs"
    if compared.outcome == "equal" and (strange := _strange(answer, body, variable, compared.evidence["constants"])):
        return unknown("unknown_symbol", symbols=strange)
    return judged(compared, strength=strength, accepted=accepted, rejected=reason, engines=behind(compared.method))


def _strange(answer: Node, integrand: Node, variable: str, constants: list[str]) -> list[str]:
    """Symbols from nowhere: neither in the question nor a constant of integration."""
    return sorted(free_symbols(answer) - free_symbols(integrand) - {variable} - set(constants))
