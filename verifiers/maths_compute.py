"""maths.compute: the answer is the value of a derivative, integral, limit, sum, product, series or plain expression."""

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal

from proofmill.verifiers import maths_antiderivative
from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.calculus.antiderivatives import integral_parts
from proofmill.verifiers.calculus.evaluation import Evaluated, evaluated
from proofmill.verifiers.calculus.routes_apart import two_routes
from proofmill.verifiers.calculus.sums import by_induction
from proofmill.verifiers.drafting import answer_text, answered_value, value_of, with_positive
from proofmill.verifiers.engines import behind
from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import derivative
from proofmill.verifiers.expressions.described import expressions_format
from proofmill.verifiers.expressions.equality import compare, is_number
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.making import minus, plus, power, times
from proofmill.verifiers.expressions.nodes import (
    Call,
    Node,
    Number,
    Symbol,
    free_symbols,
    is_unevaluated,
    number,
    substitute,
)
from proofmill.verifiers.expressions.points import POINT_BITS
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.strength import Strength, judged, limited
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "2"

SERIES_TERMS: Final = 10

_PROPOSED: Final = frozenset({"fundamental theorem", "partial sums by induction"})
"""Methods for which SymPy proposes what is then proved."""
_CONSTANT_NAME = re.compile(r"[CcKk](_\d+)?")
_REMAINDER = re.compile(
    r"\+\s*(?:(?:\\mathcal\s*\{\s*O\s*\}|\\mathcal O|[Oo])\s*(?:\\left)?\(.*\)|\\[cl]?dots|\.\.\.)\s*\$?$"
)


def check(
    draft: Draft, *, constant: Literal["optional", "required"] = "optional", strength: Strength = "auto"
) -> Verdict:
    """Recompute claims["expression"] and compare it with the answer.

    Reads:   claims["expression"], `Integral(x**2, (x, 0, 1))` or LaTeX, or `Series(f, x, x0, n)`: the terms of the
             Taylor series below degree n; claims["positive"], parameters that stand for positive numbers, ["a"];
             answer (where it is empty, the solution's).
    Accepts: `recomputed`. Proved: derivatives (mixed ones too) by our own differentiation; definite integrals by the
             fundamental theorem (SymPy proposes F; F' = f and the continuity of F on the interval are proved here);
             finite sums term by term, sums up to n by induction, geometric series; limits by exact expansion or by
             continuity; rational numbers as fractions; then `equality.compare`. Agreed: SymPy carries the calculus out,
             and an unlike numeric route (rigorous quadrature, direct summation, samples at several scales, two
             precisions) says the same.
    Rejects: `differs`: an exact value or a ball refutes the answer, or both routes say no. `not_evaluated`: the answer
             still has calculus in it, repeats the claim, or is no plain number though the value is rational.
             `constant_missing`: no `+ C` on an indefinite integral where `constant="required"`.
    Unknown: `routes_disagree`, `no_value` (undefined or divergent for SymPy), `not_decided`, `only_agreed`.
    Variables are real; a limit is two-sided unless it names its side. Constants of integration are C, c, K, k, C_1, ...
    """
    text = unwrapped(draft.claim("expression"))
    if text.startswith("Series("):
        return _series(text.removeprefix("Series"), draft, strength)
    claim = with_positive(draft, read(text))
    answer = answered_value(draft)
    if is_unevaluated(answer) or answer == claim:
        return reject("not_evaluated", detail="the answer repeats the claim or leaves calculus to do")
    if (parts := integral_parts(claim)) is not None:
        return _antiderivative(*parts, answer, constant, strength)
    known = exact.value(claim)
    if known is not None:
        return _rational(known, answer)
    return limited(_valued(claim, answer, strength), strength)


def claims() -> str:
    """What a teacher is told about the claims."""
    return (
        "claims.expression is what the problem asks for, not worked out, one of: Derivative(f, x), Derivative(f, "
        "x, n); Integral(f, x) for all antiderivatives, Integral(f, (x, a, b)); Limit(f, x, a), from one side "
        'Limit(f, x, a, "+") or Limit(f, x, a, "-"); Sum(f, (k, a, b)), Product(f, (k, a, b)) with both ends '
        "included; Series(f, x, a, n) for the Taylor polynomial at a, its terms below degree n, n at most "
        f"{SERIES_TERMS}; or an expression to be evaluated. {expressions_format()}"
    )


def _rational(known: Fraction, answer: Node) -> Verdict:
    if not is_number(answer):
        return reject("not_evaluated", detail="the value is rational, and the answer is no plain number")
    if known == exact.value(answer):
        return accept("recomputed", method="exact", strength="proved")
    return reject("differs", method="exact", strength="refuted")


def _valued(claim: Node, answer: Node, strength: Strength) -> Verdict:
    """By proof where there is one, else by two routes."""
    found = evaluated(claim)
    if not is_unevaluated(found.node):
        verdict = _proved(claim, found, answer, strength)
        if verdict.outcome != "unknown" or not is_unevaluated(claim):
            return verdict
    induction = by_induction(claim, answer)
    if induction is not None and induction.outcome != "unknown":
        return judged(
            induction, strength=strength, accepted="recomputed", rejected="differs", engines=behind(induction.method)
        )
    return two_routes(claim, answer)


def _proved(claim: Node, found: Evaluated, answer: Node, strength: Strength) -> Verdict:
    if exact.value(found.node) is not None and not is_number(answer) and exact.value(answer) is not None:
        return reject("not_evaluated", detail="the value is rational, and the answer is no plain number")
    compared = _within(claim, compare(found.node, answer))
    return judged(
        compared,
        strength=strength,
        accepted="recomputed",
        rejected="differs",
        calculus=list(found.methods),
        engines=behind(compared.method, "sympy" if _PROPOSED & set(found.methods) else ""),
    )


def _within(claim: Node, compared: Comparison) -> Comparison:
    """A point where the function itself has no real value says nothing of its derivative: asech at -1/9."""
    witness = compared.evidence.get("witness")
    if not isinstance(claim, Call) or claim.head != "Derivative" or not isinstance(witness, Mapping):
        return compared
    from proofmill.verifiers.expressions import balls

    with balls.precision(POINT_BITS):
        try:
            balls.value(claim.args[0], {name: balls.ball(Fraction(number)) for name, number in witness.items()})
        except (balls.Undefined, Unreadable):
            return Comparison("unknown", "outside_domain", compared.evidence)
    return compared


# Series --------------------------------------------------------------------------------------------------------------


def _series(text: str, draft: Draft, strength: Strength) -> Verdict:
    """The coefficients f^(k)(x0)/k! by our own differentiation."""
    match with_positive(draft, read(text)):
        case Call("Tuple", (body, Symbol(name), point, Number(order))) if order.denominator == 1:
            pass
        case _:
            raise Unreadable("expected Series(f, x, x0, n)", reason="syntax")
    if not 1 <= order <= SERIES_TERMS:
        raise Unreadable(f"expected 1 to {SERIES_TERMS} terms of a series", reason="too_large")
    terms, slope = [], body
    for degree in range(int(order)):
        coefficient = times(Number(Fraction(1, math.factorial(degree))), substitute(slope, {name: point}))
        terms.append(times(coefficient, power(minus(Symbol(name), point), number(degree))))
        slope = derivative(slope, name)
    stated = value_of(with_positive(draft, read(unwrapped(_REMAINDER.sub("", unwrapped(answer_text(draft)))))))
    found: Comparison = compare(plus(*terms), stated)
    return judged(
        found,
        strength=strength,
        accepted="recomputed",
        rejected="differs",
        terms=int(order),
        engines=behind(found.method),
    )


# Indefinite integrals ------------------------------------------------------------------------------------------------


def _antiderivative(integrand: Node, variable: str, answer: Node, constant: str, strength: Strength) -> Verdict:
    """As `maths.antiderivative`, with constants of integration of the usual names alone."""
    strange = sorted(
        name
        for name in free_symbols(answer) - free_symbols(integrand) - {variable}
        if not _CONSTANT_NAME.fullmatch(name)
    )
    if strange:
        return unknown("unknown_symbol", symbols=strange)
    policy = Policy(constant="required" if constant == "required" else "optional")
    return maths_antiderivative.judge(integrand, variable, answer, policy, strength, accepted="recomputed")
