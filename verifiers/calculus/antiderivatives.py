"""Antiderivatives and derivatives as answers: what one says of another, decided by our own differentiation."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import carried_out, derivative
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.nodes import Call, Node, free_symbols, has_constant, is_statement, walk
from proofmill.verifiers.expressions.points import POINT_BITS, points
from proofmill.verifiers.expressions.policy import DEFAULT, Policy
from proofmill.verifiers.expressions.writer import number_text
from proofmill.verifiers.verdict import Unreadable

USUAL_VARIABLES: Final = ("x", "t", "u", "v", "y", "z", "s", "w", "r", "theta")
"""Names that are taken for the variable where several symbols stand in an answer, the likeliest first."""


def same_antiderivative(gold: Node, pred: Node, variable: str, policy: Policy = DEFAULT) -> Comparison:
    """Whether `pred` is an antiderivative of what `gold` is one of: they differ by a constant on every branch.

    Either may be the gold one: where one derivative is real and the other is not, they are different.
    """
    if is_statement(gold) or is_statement(pred):
        return Comparison("different", "shape", {"detail": "a statement, where an expression is asked for"})
    try:
        slopes = [derivative(carried_out(node), variable) for node in (gold, pred)]
        if (witness := _beyond(slopes[0], slopes[1], policy)) is not None:
            return Comparison("different", "smaller_domain", {"witness": witness})
        return antiderivative_of(slopes[0], pred, variable, policy)
    except Unreadable as why:
        return Comparison("unknown", why.reason, {"detail": str(why)})


def same_derivative(gold: Node, pred: Node, variable: str, policy: Policy = DEFAULT) -> Comparison:
    """Whether `pred` is the derivative that `gold` is; calculus that is left in either is carried out first."""
    if is_statement(pred) and not is_statement(gold):
        return Comparison("different", "shape", {"detail": "a statement, where an expression is asked for"})
    try:
        return compare(carried_out(gold), carried_out(pred), domain=policy.domain, policy=policy)
    except Unreadable as why:
        return Comparison("unknown", why.reason, {"detail": str(why), "variable": variable})


def antiderivative_of(integrand: Node, pred: Node, variable: str, policy: Policy = DEFAULT) -> Comparison:
    """Whether the derivative of `pred` is the integrand, for every value of every other symbol.

    Compared are the formal derivatives, so log x serves as well as log|x|, and constants may differ from branch to
    branch. Where the integrand has a real value and the derivative of `pred` has none, `pred` is refuted. The evidence
    lists the `constants` of integration: symbols that the derivative does not depend on.
    """
    slope = derivative(carried_out(pred), variable)
    found = compare(slope, integrand, domain=policy.domain, policy=policy)
    if found.outcome == "different":
        return found
    if (witness := _beyond(slope, integrand, policy)) is not None:
        return Comparison("different", "smaller_domain", {"witness": witness})
    if found.outcome == "unknown":
        return found
    constants = constants_of(pred, integrand, variable)
    if policy.constant == "required" and not constants:
        return Comparison("different", "constant_missing")
    if policy.constant == "forbidden" and constants:
        return Comparison("different", "constant_unwanted", {"constants": constants})
    if not policy.log_abs and (witness := _beyond(pred, integrand, policy)) is not None:
        return Comparison("different", "smaller_domain", {"witness": witness})
    return replace(found, evidence={**found.evidence, "constants": constants})


def constants_of(pred: Node, integrand: Node, variable: str) -> list[str]:
    """The symbols of an antiderivative that its derivative does not depend on: c, 3*c, log(k*x), ..."""
    candidates = sorted(free_symbols(pred) - {variable})
    return [name for name in candidates if not _depends(integrand, name)]


def _depends(node: Node, name: str) -> bool:
    """Whether the value of a tree changes with a symbol; a slope that is not proved to be zero says yes."""
    if name not in free_symbols(node):
        return False
    from proofmill.verifiers.expressions.making import ZERO

    try:
        return compare(derivative(node, name), ZERO).outcome != "equal"
    except Unreadable:
        return True


def _beyond(narrow: Node, wide: Node, policy: Policy) -> Mapping[str, str] | None:
    """A point where `wide` has a certain real value, and `narrow` has a value that is certainly not real."""
    complex_valued = policy.domain != "real" or has_constant(narrow, "i") or has_constant(wide, "i")
    if complex_valued or _has_odd_root(narrow):
        return None
    from proofmill.verifiers.expressions import balls

    names = sorted(free_symbols(narrow) | free_symbols(wide))
    with balls.precision(POINT_BITS):
        for point in points(names) if names else ():
            values = {name: balls.ball(value) for name, value in point.items()}
            try:
                balls.value(wide, values, real=True)
                found = balls.value(narrow, values, real=False)
            except (balls.Undefined, Unreadable):
                continue
            if not found.imag.contains(0):
                return _told(point)
    return None


def _has_odd_root(node: Node) -> bool:
    """x^(1/3) and the like: real for negative x by one convention, and not by another."""
    exponents = [part.args[1] for part in walk(node) if isinstance(part, Call) and part.head == "Pow"]
    values = [exact.value(exponent) for exponent in exponents]
    return any(value is not None and value.denominator % 2 == 1 and value.denominator > 1 for value in values)


def _told(point: Mapping[str, Fraction]) -> dict[str, str]:
    return {name: number_text(value) for name, value in point.items()}


def variable_of(*trees: Node) -> str | None:
    """The variable of answers that don't name it: the only common symbol, or the most usual one."""
    shared = frozenset.intersection(*map(free_symbols, trees)) if trees else frozenset()
    every = frozenset().union(*map(free_symbols, trees))
    for names in (shared, every):
        if len(names) == 1:
            return next(iter(names))
        for name in USUAL_VARIABLES:
            if name in names:
                return name
    return None


def integral_parts(node: Node) -> tuple[Node, str] | None:
    """Integrand and variable of an indefinite integral; None for anything else."""
    match node:
        case Call("Integral", (body, Call("Tuple", (binder,)))) if names := sorted(free_symbols(binder)):
            return body, names[0]
    return None
