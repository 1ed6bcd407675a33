"""Are two expressions equal? Three answers; a yes needs an exact value, or two unlike routes that agree.

Exact rationals are compared as fractions. Everything else goes through certified numerics (balls: a gap that excludes
zero is a proof of difference) and SymPy (structure, normal forms, `equals`). Only the agreement of both is `equal`.
Variables are real; points where a side is not a finite real number are skipped and counted, and with no usable
point nothing is decided. Expressions with `i` in them are compared as complex numbers.
"""

from fractions import Fraction

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import (
    COLLECTIONS,
    RELATIONS,
    Call,
    Constant,
    Node,
    Number,
    Symbol,
    free_symbols,
    has_constant,
)
from proofmill.verifiers.expressions.routes import Comparison, compare_by_routes


def compare(left: Node, right: Node, *, tolerance: Fraction | None = None) -> Comparison:
    """Compare two trees; `tolerance` is the largest allowed distance of two numbers, exact where it is None."""
    if isinstance(left, Call) and isinstance(right, Call) and _is_compound(left) and _is_compound(right):
        return _compare_compounds(left, right, tolerance)
    left, right = _valued(left, right), _valued(right, left)
    if _is_compound(left) or _is_compound(right):
        return Comparison("unknown", "shape", {"detail": "a collection or relation beside a value"})
    one, two = exact.value(left), exact.value(right)
    if one is not None and two is not None:
        return _compare_rationals(one, two, tolerance)
    if has_constant(left, "oo") or has_constant(right, "oo"):
        return _compare_infinite(left, right)
    return compare_by_routes(left, right, tolerance)


def _is_compound(node: Node) -> bool:
    return isinstance(node, Call) and (node.head in COLLECTIONS or node.head in RELATIONS)


def _valued(node: Node, other: Node) -> Node:
    """`x = 5` is 5 beside a bare value; `y = x` stays an equation, which says more than `x`."""
    named = isinstance(node, Call) and node.head == "Eq" and isinstance(node.args[0], Symbol)
    if not named or not isinstance(node, Call) or _is_compound(other):
        return node
    return node if free_symbols(node.args[1]) or free_symbols(other) else node.args[1]


def _compare_rationals(one: Fraction, two: Fraction, tolerance: Fraction | None) -> Comparison:
    if one == two:
        return Comparison("equal", "exact")
    if tolerance is not None and abs(one - two) <= tolerance:
        return Comparison("equal", "tolerance", {"gap": str(float(abs(one - two)))})
    return Comparison("different", "exact")


def _compare_infinite(left: Node, right: Node) -> Comparison:
    """oo is oo, and no rational number; anything else about infinities is left open."""
    signs = [_infinite_sign(left), _infinite_sign(right)]
    if None not in signs:
        return Comparison("equal" if signs[0] == signs[1] else "different", "infinity")
    finite = (exact.value(left), exact.value(right))
    if any(sign is not None for sign in signs) and any(part is not None for part in finite):
        return Comparison("different", "infinity")
    return Comparison("unknown", "infinity")


def _infinite_sign(node: Node) -> int | None:
    if isinstance(node, Constant) and node.name == "oo":
        return 1
    if isinstance(node, Call) and node.head == "Neg" and node.args[0] == Constant("oo"):
        return -1
    return None


# Collections and relations -------------------------------------------------------------------------------------------


def _compare_compounds(left: Call, right: Call, tolerance: Fraction | None) -> Comparison:
    """Item by item in order; sets in any order; relations only when their sides agree."""
    if left.head != right.head:
        return _compare_shapes(left, right)
    if left.head in {"Set", "Sequence"}:
        return _compare_unordered(left, right, tolerance)
    if left.head in RELATIONS or left.head in {"In", "And", "Union"}:
        items = [compare(one, two, tolerance=tolerance) for one, two in zip(left.args, right.args, strict=False)]
        same = len(left.args) == len(right.args) and all(item.outcome == "equal" for item in items)
        return Comparison("equal" if same else "unknown", "sides")
    if len(left.args) != len(right.args):
        return Comparison("different", "items", {"items": [len(left.args), len(right.args)]})
    return _together([compare(one, two, tolerance=tolerance) for one, two in zip(left.args, right.args, strict=True)])


def _compare_shapes(left: Call, right: Call) -> Comparison:
    intervals = {"Tuple", "List", "IntervalClosedOpen", "IntervalOpenClosed"}
    half_open = {"IntervalClosedOpen", "IntervalOpenClosed"}
    if {left.head, right.head} <= intervals and {left.head, right.head} & half_open:
        return Comparison("different", "brackets")
    return Comparison("unknown", "shape", {"shapes": [left.head, right.head]})


def _compare_unordered(left: Call, right: Call, tolerance: Fraction | None) -> Comparison:
    if left.head == "Sequence":
        ordered = [compare(one, two, tolerance=tolerance) for one, two in zip(left.args, right.args, strict=False)]
        if len(left.args) == len(right.args) and all(item.outcome == "equal" for item in ordered):
            return Comparison("equal", "items")
    table = [[compare(one, two, tolerance=tolerance).outcome for two in right.args] for one in left.args]
    rows = [*table, *map(list, zip(*table, strict=True))]
    if any(all(outcome == "different" for outcome in row) for row in rows):
        return Comparison("different", "items")
    if all("equal" in row for row in rows):
        same = left.head == "Set" or len(left.args) == len(right.args)
        return (
            Comparison("equal", "items, in any order")
            if same and left.head == "Set"
            else Comparison("unknown", "order")
        )
    return Comparison("unknown", "items")


def _together(items: list[Comparison]) -> Comparison:
    outcomes = {item.outcome for item in items}
    methods = ", ".join(sorted({item.method for item in items}))
    if "different" in outcomes:
        return Comparison("different", methods)
    return Comparison("unknown" if "unknown" in outcomes else "equal", methods or "empty")


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
