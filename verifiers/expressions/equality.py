"""Are two trees equal? Three answers, and how sure: the one way in for every comparison of two trees.

Statements go to `proofmill.verifiers.relations`, collections are compared item by item, rational numbers as fractions,
and everything else by the routes. Variables are real unless the policy says otherwise; expressions with `i` in them are
compared as complex numbers. Equal means equal wherever both sides are defined; evidence names it where that matters.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from proofmill.verifiers.expressions import exact, items, named_sets
from proofmill.verifiers.expressions.indefinite import has_indefinite, integrated
from proofmill.verifiers.expressions.nodes import (
    COLLECTIONS,
    NUMBER_SETS,
    Call,
    Constant,
    Node,
    Number,
    Symbol,
    bound_name,
    free_symbols,
    has_constant,
    is_statement,
    substitute,
)
from proofmill.verifiers.expressions.policy import DEFAULT, Domain, Policy
from proofmill.verifiers.expressions.routes import Comparison, compare_by_routes
from proofmill.verifiers.verdict import Unreadable


def compare(
    left: Node,
    right: Node,
    *,
    tolerance: Fraction | None = None,
    domain: Domain = "real",
    policy: Policy = DEFAULT,
) -> Comparison:
    """Compare two trees, the left one being the gold where it matters (`policy.relative`).

    `tolerance`, which goes before the policy's, is the largest allowed distance of two numbers; None is exact.
    """
    if domain != "real" and domain != policy.domain:
        policy = replace(policy, domain=domain)
    if tolerance is not None and tolerance != policy.tolerance:
        policy = replace(policy, tolerance=tolerance)
    return _compare(left, right, policy)


def _compare(left: Node, right: Node, policy: Policy) -> Comparison:
    if named_sets.speaks(left) or named_sets.speaks(right):
        found = named_sets.compare(left, right)
        if found.outcome != "unknown":
            return found
    left, right = _valued(left, right), _valued(right, left)
    statements = (is_statement(left), is_statement(right))
    if any(statements):
        return _compare_statements(left, right, policy, both=all(statements))
    if _is_collection(left) or _is_collection(right):
        return items.compare(left, right, policy, _compare)
    return _compare_values(left, right, policy)


def _compare_values(left: Node, right: Node, policy: Policy) -> Comparison:
    try:
        one, two = exact.value(left), exact.value(right)
    except Unreadable as why:
        return Comparison("unknown", why.reason, {"detail": str(why)})
    tolerance = _allowed(one, policy)
    if one is not None and two is not None:
        return _compare_rationals(one, two, tolerance)
    if has_constant(left, "oo") or has_constant(right, "oo"):
        return _compare_infinite(left, right)
    if policy.relative is not None and tolerance is None:
        return _compare_relative(left, right, policy)
    if has_indefinite(left) and has_indefinite(right):
        return _compare_integrals(left, right, policy)
    if tolerance is None and (same := _same_terms(left, right, policy)) is not None:
        return same
    found = compare_by_routes(left, right, tolerance, policy)
    return _as_floats(left, right, found) if found.method == "rounded" else found


def _same_terms(left: Node, right: Node, policy: Policy) -> Comparison | None:
    """Two sums, products or integrals between the same bounds whose terms are equal; None says nothing."""
    if not isinstance(left, Call) or not isinstance(right, Call) or left.head != right.head or left == right:
        return None
    ours, theirs = bound_name(left), bound_name(right)
    if ours is None or theirs is None or left.head.startswith("Limit"):
        return None
    bounds = [side.args[1].args[1:] for side in (left, right) if isinstance(side.args[1], Call)]
    if len(bounds) != 2 or bounds[0] != bounds[1] or (ours != theirs and ours in free_symbols(right.args[0])):
        return None
    found = _compare(left.args[0], substitute(right.args[0], {theirs: Symbol(ours)}), policy)
    return replace(found, method=f"terms: {found.method}") if found.outcome == "equal" else None


def _as_floats(left: Node, right: Node, found: Comparison) -> Comparison:
    """Sides that differ in about the last of at least fifteen digits are floating-point numbers of the same value."""
    from proofmill.verifiers.expressions import rounding

    if found.outcome == "unknown" and rounding.are_floats(left, right):
        return Comparison("equal", "float", found.evidence, "agreed")
    return found


def _compare_integrals(left: Node, right: Node, policy: Policy) -> Comparison:
    """Integrals without bounds by their integrands; what stands beside them must agree."""
    one, two = integrated(left), integrated(right)
    if one is None or two is None or one.name != two.name:
        return compare_by_routes(left, right, None, policy)
    rests, bodies = _compare(one.rest, two.rest, policy), _compare(one.body, two.body, policy)
    if rests.outcome != "equal":
        return Comparison("unknown", "constants_differ", rests.evidence)
    return replace(bodies, method=f"integrands: {bodies.method}")


def _allowed(gold: Fraction | None, policy: Policy) -> Fraction | None:
    """The largest allowed distance, where it is known without computing an irrational gold value."""
    if policy.relative is None:
        return policy.tolerance
    if gold is None:
        return None
    return max(abs(gold) * policy.relative, policy.tolerance or Fraction(0))


def _compare_relative(left: Node, right: Node, policy: Policy) -> Comparison:
    """|right - left| <= r |left| for an irrational gold value: bounded from both sides by rational tolerances."""
    from proofmill.verifiers.expressions import balls

    with balls.precision(160):
        try:
            size = balls.value(left, {}, real=not has_constant(left, "i"))
        except balls.Undefined as why:
            return Comparison("unknown", "undefined", {"detail": str(why)})
        lower, upper = (Fraction(int(end.p), int(end.q)) for end in _ends(abs(size)))
    ratio = policy.relative or Fraction(0)
    wide = compare_by_routes(left, right, upper * ratio, replace(policy, relative=None))
    narrow = compare_by_routes(left, right, lower * ratio, replace(policy, relative=None))
    return wide if wide.outcome == narrow.outcome else Comparison("unknown", "at_the_tolerance", wide.evidence)


def _ends(size: Any) -> tuple[Any, Any]:
    return size.lower().fmpq(), size.upper().fmpq()


def _compare_statements(left: Node, right: Node, policy: Policy, *, both: bool) -> Comparison:
    if not both:
        statement, other = (left, right) if is_statement(left) else (right, left)
        if not _is_collection(other) and not (isinstance(other, Constant) and other.name in NUMBER_SETS):
            return _beside_a_value(statement, other, policy)
    from proofmill.verifiers.relations.compare import compare_statements

    return compare_statements(left, right, domain=policy.domain, policy=policy)


def _beside_a_value(statement: Node, value: Node, policy: Policy) -> Comparison:
    """An equation is no value; `y = 2x` beside `2x` is left open, for prose may name the value."""
    named = isinstance(statement, Call) and statement.head == "Eq" and isinstance(statement.args[0], Symbol)
    if named and isinstance(statement, Call) and _compare(statement.args[1], value, policy).outcome != "different":
        return Comparison("unknown", "shape", {"detail": "an equation beside a value"})
    return Comparison("different", "shape", {"detail": "a statement beside a value"})


def _is_collection(node: Node) -> bool:
    if isinstance(node, Constant):
        return node.name in NUMBER_SETS
    return isinstance(node, Call) and node.head in COLLECTIONS


def _valued(node: Node, other: Node) -> Node:
    """`x = 5` is 5 beside a bare value; `y = x` stays an equation, which says more than `x`."""
    named = isinstance(node, Call) and node.head == "Eq" and isinstance(node.args[0], Symbol)
    if not named or not isinstance(node, Call) or _is_collection(other) or is_statement(other):
        return node
    return node if free_symbols(node.args[1]) or free_symbols(other) else node.args[1]


def _compare_rationals(one: Fraction, two: Fraction, tolerance: Fraction | None) -> Comparison:
    if one == two:
        return Comparison("equal", "exact", strength="proved")
    if tolerance is not None and abs(one - two) <= tolerance:
        return Comparison("equal", "tolerance", {"gap": str(float(abs(one - two)))}, "proved")
    return Comparison("different", "exact")


def _compare_infinite(left: Node, right: Node) -> Comparison:
    """oo is oo, and no number; anything else about infinities is left open."""
    signs = [_infinite_sign(left), _infinite_sign(right)]
    if None not in signs:
        same = signs[0] == signs[1]
        return Comparison("equal" if same else "different", "infinity", strength="proved" if same else "")
    if any(sign is not None for sign in signs):
        other = right if signs[0] is not None else left
        if not has_constant(other, "oo") and not free_symbols(other):
            return Comparison("different", "infinity")
    return Comparison("unknown", "infinity")


def _infinite_sign(node: Node) -> int | None:
    if isinstance(node, Constant) and node.name == "oo":
        return 1
    if isinstance(node, Call) and node.head == "Neg" and node.args[0] == Constant("oo"):
        return -1
    return None


def is_number(node: Node) -> bool:
    """Whether a tree is written as a plain number: an integer, a decimal, a fraction or a mixed number."""
    if isinstance(node, Number):
        return True
    if isinstance(node, Call) and node.head in {"Neg", "Div"}:
        return all(isinstance(part, Number) or (node.head == "Div" and is_negated(part)) for part in node.args)
    return False


def is_negated(node: Node) -> bool:
    """-3 and the like."""
    return isinstance(node, Call) and node.head == "Neg" and isinstance(node.args[0], Number)
