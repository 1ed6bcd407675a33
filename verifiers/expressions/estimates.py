"""Numeric values that are no proof: limits, improper integrals and infinite series, at several scales or precisions.

Each estimate says `True` (the numbers approach the answer), `False` (they settle elsewhere) or None (neither). It
stands beside SymPy as the second, unlike route; alone it decides nothing.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
from flint import acb, arb

from proofmill.verifiers.expressions import balls
from proofmill.verifiers.expressions.balls import Undefined
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Symbol, bound_name
from proofmill.verifiers.verdict import Unreadable

CLOSE = Fraction(1, 2**20)
FAR = Fraction(1, 2**10)
"""Relative distances that count as having arrived, and as being elsewhere."""
LIMIT_BITS = 512
DIGITS = (20, 30)
"""Decimal digits of the two runs of a quadrature or a summation."""
_OFFSET = Fraction(1237, 1000)
"""Keeps the sample points of a limit off the integers, where sin(pi x) would look constant."""


def limit(claim: Call, answer: Node, values: dict[str, Fraction]) -> bool | None:
    """Approach the point from the sides that the limit names; a side without values there is left out."""
    variable = claim.args[1]
    if not isinstance(variable, Symbol):
        return None
    with balls.precision(LIMIT_BITS):
        fixed = {name: balls.ball(value) for name, value in values.items()}
        found = [_approach(claim.args[0], variable.name, path, answer, fixed) for path in _paths(claim, fixed)]
    known = [outcome for outcome, usable in found if usable]
    if not known or None in known:
        return None
    return all(known)


def _paths(claim: Call, fixed: dict[str, Any]) -> list[list[Any]]:
    """The sample points of each side: x0 +- 2**-k, or +- 2**k towards infinity."""
    point = claim.args[2]
    far = [balls.ball(_OFFSET * 2**power) for power in range(4, 44, 4)]
    if point == Constant("oo"):
        return [far]
    if point == Call("Neg", (Constant("oo"),)):
        return [[-step for step in far]]
    centre = balls.value(point, fixed)
    near = [balls.ball(_OFFSET / 2**power) for power in range(8, 104, 8)]
    above, below = [centre + step for step in near], [centre - step for step in near]
    return {"LimitRight": [above], "LimitLeft": [below]}.get(claim.head, [above, below])


def _approach(body: Node, name: str, path: list[Any], answer: Node, fixed: dict[str, Any]) -> tuple[bool | None, bool]:
    """(whether the values approach the answer, whether there were any)."""
    found: list[Any] = []
    for place in path:
        try:
            found.append(balls.value(body, {**fixed, name: place}).real.mid())
        except (Undefined, Unreadable):
            continue
    if len(found) < len(path) // 2:
        return None, False
    sign = _infinite(answer)
    if sign is not None:
        return _grows(found, sign), True
    target = balls.value(answer, fixed).real.mid()
    scale = max(arb(1), abs(target))
    gaps = [abs(value - target) / scale for value in found]
    if gaps[-1] < _arb(CLOSE) and (gaps[-1] <= gaps[0]):
        return True, True
    settled = abs(found[-1] - found[-2]) / scale < _arb(CLOSE)
    return (False, True) if settled and gaps[-1] > _arb(FAR) else (None, True)


def _grows(found: list[Any], sign: int) -> bool | None:
    last, before = found[-1] * sign, found[-2] * sign
    if last > 2**20 and last > before:
        return True
    return False if abs(last - before) < _arb(CLOSE) else None


def _infinite(answer: Node) -> int | None:
    if answer == Constant("oo"):
        return 1
    return -1 if answer == Call("Neg", (Constant("oo"),)) else None


def _arb(value: Fraction) -> Any:
    return balls.ball(value).real


def quadrature(claim: Call, answer: Node) -> bool | None:
    """A definite integral that balls can't enclose, by mpmath's tanh-sinh rule."""
    return _twice(claim, answer, lambda function, ends: mpmath.quad(function, ends))


def series(claim: Call, answer: Node) -> bool | None:
    """An infinite sum or product, by mpmath's convergence acceleration."""
    rule = mpmath.nsum if claim.head == "Sum" else mpmath.nprod
    return _twice(claim, answer, lambda function, ends: rule(function, ends))


def _twice(claim: Call, answer: Node, rule: Callable[..., Any]) -> bool | None:
    """Run a rule at two precisions; both must give the same."""
    name = str(bound_name(claim))
    found = []
    try:
        for digits in DIGITS:
            with mpmath.workdps(digits), balls.precision(mpmath.mp.prec + 40):
                target = _mpf(balls.value(answer, {}))
                estimate = rule(_function(claim.args[0], name), [_end(end) for end in claim.args[1].args[1:]])  # type: ignore[union-attr]
                found.append((mpmath.mpf(estimate), target))
    except (Undefined, Unreadable, ArithmeticError, ValueError, TypeError):
        return None
    (first, _), (second, target) = found
    scale = max(1, abs(target))
    if abs(first - second) / scale > mpmath.mpf(10) ** -8:
        return None
    gap = abs(second - target) / scale
    if gap < mpmath.mpf(10) ** -10:
        return True
    return False if gap > mpmath.mpf(10) ** -5 else None


def _function(body: Node, name: str) -> Callable[[Any], Any]:
    def function(point: Any) -> Any:
        with balls.precision(mpmath.mp.prec + 20):
            return _mpf(balls.value(body, {name: acb(arb(mpmath.mpf(point)))}))

    return function


def _mpf(found: Any) -> Any:
    mantissa, exponent = found.real.mid().man_exp()
    return mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent))


def _end(node: Node) -> Any:
    sign = _infinite(node)
    return mpmath.inf * sign if sign is not None else _mpf(balls.value(node, {}))
