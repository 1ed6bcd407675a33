"""maths.compute: the answer is the value of a derivative, integral, limit, sum, product or plain expression."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from proofmill.verifiers.answers import final_answer, unwrapped
from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.equality import is_number
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import (
    COLLECTIONS,
    RELATIONS,
    Call,
    Node,
    Number,
    Symbol,
    free_symbols,
    has_constant,
    is_unevaluated,
    number,
)
from proofmill.verifiers.expressions.routes import numeric_gap, points
from proofmill.verifiers.quantities import read_answer
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "1"

_CONSTANT_NAME = re.compile(r"[CcKk](_\d+)?")
_LIMITS = frozenset({"Limit", "LimitLeft", "LimitRight"})


def check(draft: Draft, *, constant: Literal["optional", "required"] = "optional") -> Verdict:
    """Recompute claims["expression"] and compare it with the answer, by two unlike routes that must agree.

    Reads:   claims["expression"], `Integral(x**2, (x, 0, 1))` or LaTeX; answer (where it is empty, the solution's).
    Accepts: both routes agree. Symbolic: SymPy carries the calculus out (an indefinite integral: it differentiates the
             answer) and finds the gap to be zero. Numeric: certified balls at fixed points: power series for
             derivatives, rigorous quadrature for definite integrals, direct summation for finite sums and products;
             for limits, improper integrals and infinite series an estimate at several scales or two precisions.
             Rational numbers without calculus: exact fractions alone.
    Rejects: `differs`: a ball refutes the answer, or both routes say no. `not_evaluated`: the answer still has calculus
             in it, repeats the claim, or is no plain number though the value is rational. `constant_missing`: no `+ C`
             on an indefinite integral where `constant="required"`.
    Unknown: `routes_disagree`, `no_value` (undefined or divergent for SymPy), `not_decided`.
    Variables are real; a limit is two-sided unless it names its side. Constants of integration are C, c, K, k, C_1, ...
    """
    claim = read(unwrapped(draft.claim("expression")))
    answer = _answer(draft)
    if is_unevaluated(answer) or answer == claim:
        return reject("not_evaluated", detail="the answer repeats the claim or leaves calculus to do")
    if isinstance(claim, Call) and claim.head == "Integral" and _is_indefinite(claim):
        return _antiderivative(claim, answer, constant)
    known, stated = exact.value(claim), exact.value(answer)
    if known is not None and not is_number(answer):
        return reject("not_evaluated", detail="the value is rational, and the answer is no plain number")
    if known is not None:
        return accept("recomputed", method="exact") if known == stated else reject("differs", method="exact")
    return _two_routes(claim, answer)


def _answer(draft: Draft) -> Node:
    answer = read_answer(draft.answer if draft.answer.strip() else final_answer(draft.solution))
    value = Symbol(answer.words) if len(answer.words) == 1 else answer.value
    if value is None:
        raise Unreadable(f"an answer in words: {answer.words!r}", reason="not_an_expression")
    if isinstance(value, Call) and value.head == "Eq" and isinstance(value.args[0], Symbol):
        value = value.args[1]
    if isinstance(value, Call) and value.head in COLLECTIONS | RELATIONS:
        raise Unreadable("an answer of several values", reason="not_an_expression")
    return Call("Div", (value, number(100))) if answer.percent else value


def _is_indefinite(claim: Call) -> bool:
    return isinstance(claim.args[1], Call) and len(claim.args[1].args) == 1


# The verdict of two routes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Route:
    """What one route says: yes, no or nothing; `proves` if its no is rigorous."""

    says: bool | None
    proves: bool = False
    evidence: dict[str, Any] = field(default_factory=dict)


def _decided(symbolic: Route, numeric: Route) -> Verdict:
    evidence = {
        "symbolic": {"says": symbolic.says, **symbolic.evidence},
        "numeric": {"says": numeric.says, **numeric.evidence},
    }
    match symbolic.says, numeric.says:
        case True, True:
            return accept("recomputed", **evidence)
        case True, False:
            return unknown("routes_disagree", **evidence)
        case False, True:
            return unknown("routes_disagree", **evidence)
        case False, False:
            return reject("differs", **evidence)
        case None, False if numeric.proves:
            return reject("differs", **evidence)
    return unknown("no_value" if symbolic.evidence.get("no_value") else "not_decided", **evidence)


def _two_routes(claim: Node, answer: Node) -> Verdict:
    symbolic = _symbolic(claim, answer)
    if symbolic.evidence.get("rational") and not is_number(answer):
        return reject("not_evaluated", detail="the value is rational, and the answer is no plain number")
    return _decided(symbolic, _numeric(claim, answer))


def _symbolic(claim: Node, answer: Node) -> Route:
    """SymPy carries out the claim; is the gap to the answer zero?"""
    from proofmill.verifiers.expressions import symbolic

    if symbolic.has_large_power(claim) or symbolic.has_large_power(answer):
        return Route(None, evidence={"detail": "a power too large for SymPy"})
    try:
        value = symbolic.undecorated(symbolic.build(claim))
    except symbolic.GAVE_UP as why:
        return Route(None, evidence={"no_value": True, "detail": f"{type(why).__name__}: {why}"})
    target = symbolic.build(answer)
    evidence = {"value": symbolic.brief(value), "rational": bool(value.is_Rational)}
    if value == target:
        return Route(symbolic.is_defined(value), evidence=evidence)
    if not symbolic.is_finite(value) or not symbolic.is_finite(target):
        infinite = symbolic.is_infinite(value) and (symbolic.is_infinite(target) or target.is_number)
        return Route(False if infinite else None, evidence={**evidence, "no_value": not infinite})
    return Route(symbolic.is_zero(value - target), evidence=evidence)


def _numeric(claim: Node, answer: Node) -> Route:
    """The unlike route that fits the claim's head."""
    if isinstance(claim, Call) and claim.head in _LIMITS:
        return _limit(claim, answer)
    improper = has_constant(claim, "oo")
    if not improper and not has_constant(answer, "oo"):
        route = _balls(claim, answer)
        if route.says is not None:
            return route
    if not isinstance(claim, Call) or free_symbols(claim) | free_symbols(answer) or has_constant(answer, "oo"):
        return Route(None, evidence={"method": "none"})
    from proofmill.verifiers.expressions import estimates

    if claim.head == "Integral":
        return Route(
            estimates.quadrature(claim, answer), evidence={"method": "mpmath.quad", "digits": estimates.DIGITS}
        )
    if claim.head in {"Sum", "Product"} and improper:
        return Route(estimates.series(claim, answer), evidence={"method": "mpmath.nsum", "digits": estimates.DIGITS})
    return Route(None, evidence={"method": "none"})


def _balls(claim: Node, answer: Node) -> Route:
    names = sorted(free_symbols(claim) | free_symbols(answer))
    real = not (has_constant(claim, "i") or has_constant(answer, "i"))
    whole = isinstance(claim, Call) and claim.head in {"Sum", "Product"}
    found = numeric_gap(claim, answer, names, real=real, integers=whole)
    says = {"equal": True, "different": False, "unknown": None}[found.outcome]
    return Route(says, proves=True, evidence={"method": found.method, **found.evidence})


def _limit(claim: Call, answer: Node) -> Route:
    """Sampled at a few values of the other symbols, if there are any."""
    from proofmill.verifiers.expressions import balls, estimates

    names = sorted(free_symbols(claim) | free_symbols(answer))
    places: list[dict[str, Fraction]] = list(points(names))[:5] if names else [{}]
    found = []
    for place in places:
        try:
            found.append(estimates.limit(claim, answer, place))
        except (balls.Undefined, Unreadable):
            continue
    evidence = {"method": "limit by samples", "points": len(found)}
    if not found or None in found:
        return Route(None, evidence=evidence)
    return Route(all(found), evidence=evidence)


# Indefinite integrals ------------------------------------------------------------------------------------------------


def _antiderivative(claim: Call, answer: Node, constant: str) -> Verdict:
    """Differentiate the answer, by SymPy and by power series, and compare with the integrand."""
    integrand, variable = claim.args[0], claim.args[1].args[0]  # type: ignore[union-attr]
    answer, constants = _without_constants(answer, free_symbols(claim))
    if constant == "required" and not constants:
        return reject("constant_missing", detail="no constant of integration")
    if free_symbols(answer) - free_symbols(claim):
        return unknown("unknown_symbol", symbols=sorted(free_symbols(answer) - free_symbols(claim)))
    derivative = Call("Derivative", (answer, Call("Tuple", (variable, Number(Fraction(1))))))
    numeric = _balls(derivative, integrand)
    return _decided(_symbolic(derivative, integrand), numeric)


def _without_constants(answer: Node, known: frozenset[str]) -> tuple[Node, list[str]]:
    """The answer without the terms that are a constant of integration, and their names."""
    terms = list(answer.args) if isinstance(answer, Call) and answer.head == "Add" else [answer]
    names = [term.name for term in terms if _is_constant(term, known)]  # type: ignore[union-attr]
    rest = [term for term in terms if not _is_constant(term, known)]
    if len(names) > 1 or not names:
        return answer, names
    if not rest:
        return number(0), names
    return rest[0] if len(rest) == 1 else Call("Add", tuple(rest)), names


def _is_constant(term: Node, known: frozenset[str]) -> bool:
    return isinstance(term, Symbol) and term.name not in known and bool(_CONSTANT_NAME.fullmatch(term.name))
