"""Equations and inequalities as polynomials: the same up to a factor, or up to the multiplicity of their factors."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from proofmill.verifiers.expressions import smt
from proofmill.verifiers.expressions.nodes import (
    RELATIONS,
    Call,
    Node,
    Number,
    Symbol,
    number,
)
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.relations.algebra import Polynomial, Ratio, Ring
from proofmill.verifiers.verdict import Unreadable

FACTORED = 60
"""The highest degree of a polynomial in several variables that is factorised."""
FACTORED_TERMS = 400
HIGHEST = 40
"""The highest degree of a factor that Z3 is asked about."""
Sameness = Literal["proved", "common domain", ""]
"""Equal; equal wherever no denominator is zero; not found to be equal."""


def same_relation(left: Node, right: Node) -> Sameness:
    """Whether two relations of the same kind have gaps that differ by a constant factor (positive for an order)."""
    if not isinstance(left, Call) or not isinstance(right, Call) or not alike(left, right):
        return ""
    ring = Ring([*left.args, *right.args], opaque=True)
    one, two = ring.difference(*left.args), ring.difference(*right.args)
    if one.above.is_zero() or two.above.is_zero():
        return ""
    above, below = ring.reduced(one.above * two.below), ring.reduced(two.above * one.below)
    ratio = above.leading_coefficient() / below.leading_coefficient()
    if above != below * ratio or (left.head in {"Lt", "Le"} and ratio < 0):
        return ""
    same_calls = _calls(left) == _calls(right)
    return "proved" if same_calls and not ring.denominators else "common domain" if same_calls else ""


def same_factors(left: Call, right: Call) -> bool:
    """Whether two relations that speak of something differ by a constant factor, or by powers of their factors."""
    if not alike(left, right):
        return False
    ring = Ring([*left.args, *right.args], opaque=True)
    if any(ring.difference(*side.args).above.is_constant() for side in (left, right)):
        return False
    return bool(same_relation(left, right) or same_equation(left, right, complex_numbers=True))


def same_polynomial(left: Node, right: Node) -> bool | None:
    """Whether two equations are the same polynomial up to a constant factor; None where a side is no polynomial."""
    if not (isinstance(left, Call) and isinstance(right, Call) and left.head == right.head == "Eq"):
        return None
    ring = Ring([*left.args, *right.args], opaque=True)
    if ring.calls or ring.denominators:
        return None
    one, two = ring.difference(*left.args).above, ring.difference(*right.args).above
    if one.is_zero() or two.is_zero():
        return bool(one == two)
    return bool(one * two.leading_coefficient() == two * one.leading_coefficient())


def alike(left: Call, right: Call) -> bool:
    return left.head == right.head and left.head in RELATIONS


def _calls(relation: Call) -> frozenset[Node]:
    """What restricts the domain of a relation, besides denominators."""
    return frozenset(Ring(relation.args, opaque=True).calls)


def same_equation(left: Node, right: Node, *, complex_numbers: bool = False) -> Sameness:
    """Whether two equations, or products of equations (`or`), have the same square-free factors.

    Over the real numbers factors without a real zero are dropped where Z3 proves that they have none.
    """
    sides = [left, right]
    parts = [list(_equations(side)) for side in sides]
    if not all(parts):
        return ""
    ring = Ring([side for part in parts for equation in part for side in equation.args], opaque=True)
    found = [_factors(ring, part) for part in parts]
    if ring.atoms:
        return ""
    sets = [{str(factor): factor for factor in factors} for factors in found]
    extra = [factor for one, two in (sets, sets[::-1]) for name, factor in one.items() if name not in two]
    if extra and (complex_numbers or not all(has_no_zero(factor) for factor in extra)):
        return ""
    calls = [frozenset(Ring([side for one in part for side in one.args], opaque=True).calls) for part in parts]
    if calls[0] != calls[1]:
        return ""
    return "common domain" if ring.denominators or (calls[0] and max(map(len, parts)) > 1) else "proved"


def _equations(side: Node) -> Iterator[Call]:
    parts = side.args if isinstance(side, Call) and side.head == "Or" else (side,)
    for part in parts:
        if not isinstance(part, Call) or part.head != "Eq":
            return
    yield from (part for part in parts if isinstance(part, Call))


def _factors(ring: Ring, equations: list[Call]) -> list[Polynomial]:
    """The distinct irreducible factors of the numerators, each with leading coefficient 1."""
    found: dict[str, Polynomial] = {}
    for equation in equations:
        gap = ring.difference(*equation.args)
        if gap.above.is_zero():
            raise Unreadable("an equation that always holds", reason="not_decided")
        if max(gap.above.total_degree(), gap.below.total_degree()) > FACTORED or len(gap.above) > FACTORED_TERMS:
            raise Unreadable("a polynomial too large to be factorised", reason="too_large")
        lowest = cancelled(gap)
        for factor, _ in lowest.above.factor()[1]:
            monic = factor / factor.leading_coefficient()
            found[str(monic)] = monic
    return list(found.values())


def cancelled(ratio: Ratio) -> Ratio:
    """The fraction in lowest terms."""
    common = ratio.above.gcd(ratio.below)
    return Ratio(ratio.above / common, ratio.below / common)


def has_no_zero(factor: Polynomial) -> bool:
    """Whether Z3 proves that a polynomial has no real zero; one of odd degree has some."""
    degree = factor.total_degree()
    if degree % 2 or degree > HIGHEST or any(name.startswith("!") for name in _names(factor)):
        return False
    return smt.check([Call("Eq", (_tree(factor), number(0)))], rlimit=2_000_000).outcome == "unsat"


def _names(factor: Polynomial) -> list[str]:
    unused = set(map(str, factor.unused_gens()))
    return [str(name) for name in factor.context().names() if name not in unused]


def _tree(factor: Polynomial) -> Node:
    """A polynomial as an expression."""
    names = list(map(str, factor.context().names()))
    terms: list[Node] = []
    for powers, scale in factor.terms():
        parts: list[Node] = [Number(Fraction(int(scale.p), int(scale.q)))]
        parts += [
            Call("Pow", (Symbol(name), number(int(power)))) for name, power in zip(names, powers, strict=True) if power
        ]
        terms.append(Call("Mul", tuple(parts)) if len(parts) > 1 else parts[0])
    return Call("Add", tuple(terms)) if len(terms) > 1 else terms[0]


def matched(left: Node, right: Node) -> bool:
    """Whether two conjunctions or disjunctions consist of the same relations, in any order."""
    if not isinstance(left, Call) or not isinstance(right, Call):
        return left == right
    if left.head in RELATIONS and right.head in RELATIONS:
        return left == right or same_relation(left, right) == "proved"
    if left.head != right.head or left.head not in {"And", "Or"}:
        return False
    return all(any(matched(one, two) for two in right.args) for one in left.args) and all(
        any(matched(one, two) for one in left.args) for two in right.args
    )


def multiplicities(left: Node, right: Node) -> Comparison | None:
    """Polynomial equations compared with their roots counted as often as they are roots; None for other statements."""
    same = same_polynomial(left, right)
    if same is None:
        return None
    method = "polynomials with multiplicity"
    return Comparison("equal", method, strength="proved") if same else Comparison("different", method)
