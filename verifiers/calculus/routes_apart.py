"""What no proof decides: SymPy's result beside an unlike numeric route; both must say the same."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from proofmill.verifiers.expressions.equality import is_number
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, free_symbols, has_constant, substitute
from proofmill.verifiers.expressions.points import points
from proofmill.verifiers.expressions.routes import numeric_gap
from proofmill.verifiers.verdict import Unreadable, Verdict, accept, reject, unknown

LIMITS: Final = frozenset({"Limit", "LimitLeft", "LimitRight"})
_FAR: Final = (10**3, 10**6, 10**9)
_LEAST: Final = 0.001


@dataclass(frozen=True, slots=True)
class Route:
    """What one route says: yes, no or nothing; `proves` if its no is rigorous."""

    says: bool | None
    proves: bool = False
    evidence: dict[str, Any] = field(default_factory=dict)


def two_routes(claim: Node, answer: Node) -> Verdict:
    """The verdict of SymPy and numerics; a yes of both is `agreed`."""
    numeric = _numeric(claim, answer)
    if numeric.says is False and numeric.proves:
        return _decided(Route(None), numeric)
    symbolic = _symbolic(claim, answer)
    if symbolic.evidence.get("rational") and not is_number(answer):
        return reject("not_evaluated", detail="the value is rational, and the answer is no plain number")
    return _decided(symbolic, numeric)


def _decided(symbolic: Route, numeric: Route) -> Verdict:
    evidence = {
        "symbolic": {"says": symbolic.says, **symbolic.evidence},
        "numeric": {"says": numeric.says, **numeric.evidence},
    }
    match symbolic.says, numeric.says:
        case True, True:
            return accept("recomputed", **evidence, strength="agreed")
        case (True, False) | (False, True):
            return unknown("routes_disagree", **evidence)
        case False, False:
            return reject("differs", **evidence, strength="refuted")
        case None, False if numeric.proves:
            return reject("differs", **evidence, strength="refuted")
    return unknown("no_value" if symbolic.evidence.get("no_value") else "not_decided", **evidence)


def _symbolic(claim: Node, answer: Node) -> Route:
    """SymPy carries out the claim; is the gap to the answer zero?"""
    from proofmill.verifiers.expressions import costs, symbolic

    if symbolic.has_large_power(claim) or symbolic.has_large_power(answer):
        return Route(None, evidence={"detail": "a power too large for SymPy"})
    if any(costs.is_hopeless_integral(body, name) for body, name in costs.integrals(claim)):
        return Route(None, evidence={"detail": "an integral that SymPy seldom finds"})
    try:
        value = symbolic.undecorated(claim)
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
    if isinstance(claim, Call) and claim.head in LIMITS:
        return _limit(claim, answer)
    improper = has_constant(claim, "oo")
    if not improper and not has_constant(answer, "oo"):
        route = _balls(claim, answer)
        if route.says is not None:
            return route
    if not isinstance(claim, Call) or free_symbols(claim) | free_symbols(answer):
        return Route(None, evidence={"method": "none"})
    if has_constant(answer, "oo"):
        return Route(_grows(claim, answer), evidence={"method": "terms far out"})
    from proofmill.verifiers.expressions import estimates

    if claim.head == "Integral":
        return Route(
            estimates.quadrature(claim, answer), evidence={"method": "mpmath.quad", "digits": estimates.DIGITS}
        )
    if claim.head in {"Sum", "Product"} and improper:
        return Route(estimates.series(claim, answer), evidence={"method": "mpmath.nsum", "digits": estimates.DIGITS})
    return Route(None, evidence={"method": "none"})


def _grows(claim: Call, answer: Node) -> bool | None:
    """Whether a sum or integral to infinity grows beyond all bounds: far out its terms keep above a multiple of 1/k."""
    from proofmill.verifiers.solving.substitution import closed

    match claim:
        case Call("Sum" | "Integral", (body, Call("Tuple", (variable, _, Constant("oo"))))) if answer == Constant("oo"):
            name = next(iter(free_symbols(variable)))
        case _:
            return None
    places = [Number(Fraction(far)) for far in _FAR]
    values = [closed(Call("Mul", (place, substitute(body, {name: place})))) for place in places]
    found = [value for value in values if value is not None and value.imag.contains(0) and value.real > _LEAST]
    if len(found) < len(values):
        return None
    return True if all(one.real * 0.999 < two.real for one, two in pairwise(found)) else None


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
