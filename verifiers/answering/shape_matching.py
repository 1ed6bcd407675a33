"""Two trees as answers: lists in any order, named values, intervals said in two ways, numbers in a base."""

from typing import Final

from proofmill.verifiers.answering.shapes import Shape, as_set, as_statement, is_applied, name_in, shape_of, stem
from proofmill.verifiers.answering.special_values import is_special, match_special
from proofmill.verifiers.expressions import equality
from proofmill.verifiers.expressions.nodes import INTERVALS, Call, Constant, Node, Number, has_constant, heads_of
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.strength import weakest
from proofmill.verifiers.verdict import Unreadable

MOST_ITEMS: Final = 60


def match_nodes(one: Node, two: Node, policy: Policy) -> Comparison:
    """Compare two trees that were read as answers."""
    if one == two:
        return Comparison("equal", "structure", {}, "proved")
    if isinstance(one, Number) and isinstance(two, Number):
        return _compared(one, two, policy)
    first, second = shape_of(_worked_out(one)), shape_of(_worked_out(two))
    if first.kind == second.kind == "value" and (is_special(first) or is_special(second)):
        return match_special(first.items[0], second.items[0], policy, match_nodes)
    names = {name for name in (name_in(one), name_in(two)) if name is not None}
    if len(names) < 2 and (sets := _as_sets(first, second)) is not None:
        return _match_sets(*sets, policy)
    if first.kind == second.kind == "value":
        return _match_named(first, second, policy)
    if "statement" in {first.kind, second.kind}:
        return _match_statements(first, second, policy)
    return _match_lists(first, second, policy)


def _worked_out(node: Node) -> Node:
    """A sum or product of matrices as the matrix that it is; its order counts, and no list is taken for a matrix."""
    if not isinstance(node, Call) or node.head not in {"Add", "Mul", "Neg", "Div"}:
        return node
    inside = heads_of(node)
    if "Matrix" not in inside or inside & {"List", "Tuple", "Set", "Sequence"}:
        return node
    from proofmill.verifiers.linear import matrices

    try:
        found = matrices.matrix_of(node)
    except Unreadable:
        return node
    return Call("Matrix", tuple(Call("Row", row) for row in found))


def _compared(one: Node, two: Node, policy: Policy) -> Comparison:
    return equality.compare(one, two, tolerance=policy.tolerance, domain=policy.domain, policy=policy)


def _match_named(first: Shape, second: Shape, policy: Policy) -> Comparison:
    """`x = 5` is 5, and not `y = 5`; but `f(x) = 2x` and `y = 2x` name the same thing in two ways."""
    if first.names and second.names and first.names != second.names:
        applied = [is_applied(name) for name in (first.names[0], second.names[0])]
        if applied[0] == applied[1]:
            return _match_statements(first, second, policy)
    return _compared(first.items[0], second.items[0], policy)


def _match_statements(first: Shape, second: Shape, policy: Policy) -> Comparison:
    """Both sides as statements; a bare value or list says nothing that could be true."""
    one, two = as_statement(first), as_statement(second)
    if one is None or two is None:
        return Comparison("unknown", "shape")
    return _compared(one, two, policy)


# Lists ---------------------------------------------------------------------------------------------------------------


def _match_lists(first: Shape, second: Shape, policy: Policy) -> Comparison:
    if len(first.items) > MOST_ITEMS or len(second.items) > MOST_ITEMS:
        return Comparison("unknown", "too_many_items")
    if "listed" in {first.kind, second.kind}:
        return _match_listed(first, second, policy)
    if "value" in {first.kind, second.kind}:
        return _list_beside_value(first, second, policy)
    if first.names and second.names:
        return _match_alternatives(first, second, policy)
    dots = Constant("dots") in first.items + second.items
    if (policy.order == "ordered" or dots) and len(first.items) == len(second.items):
        return _in_order(first.items, second.items, policy)
    if dots:
        return Comparison("unknown", "dots")
    return _in_any_order(first.items, second.items, policy)


def _match_alternatives(first: Shape, second: Shape, policy: Policy) -> Comparison:
    """`x = 1, x = 2` and `x_1 = 1, x_2 = 2`; where both sides number their names, the numbers count."""
    numbered = [len(set(side.names)) > 1 for side in (first, second)]
    found = _in_any_order(first.items, second.items, policy)
    if stem(first.names[0]) != stem(second.names[0]):
        return Comparison("unknown", "names")
    if not all(numbered) or found.outcome != "equal":
        single = [side.names[0] for side, many in zip((first, second), numbered, strict=True) if not many]
        repeated = any(numbered) and any(stem(name) != getattr(name, "name", stem(name)) for name in single)
        return Comparison("unknown", "names") if repeated and found.outcome == "equal" else found
    ours, theirs = (dict(zip(side.names, side.items, strict=False)) for side in (first, second))
    same = set(ours) == set(theirs) and _in_order([*ours.values()], [theirs[name] for name in ours], policy)
    return same if same and same.outcome == "equal" else Comparison("unknown", "names")


def _list_beside_value(first: Shape, second: Shape, policy: Policy) -> Comparison:
    """A tuple beside a list differs from it if their items do; whether the order matters is left open."""
    values, listed = (first, second) if first.kind == "value" else (second, first)
    node = values.items[0]
    if len(listed.items) == 1:
        found = match_nodes(node, listed.items[0], policy)
        return found if found.outcome == "different" else Comparison("unknown", "shape")
    if isinstance(node, Call) and node.head in {"Tuple", "List"}:
        found = _in_any_order(node.args, listed.items, policy)
        return found if found.outcome == "different" else Comparison("unknown", "order")
    outcomes = {match_nodes(node, item, policy).outcome for item in listed.items}
    return Comparison("different", "items") if outcomes == {"different"} else Comparison("unknown", "shape")


def _match_listed(first: Shape, second: Shape, policy: Policy) -> Comparison:
    """`x = 1, y = 2` beside itself in another order, `1, 2` or `(1, 2)`."""
    if first.names and second.names:
        ours, theirs = (dict(zip(side.names, side.items, strict=False)) for side in (first, second))
        if set(ours) != set(theirs):
            return Comparison("unknown", "names")
        return _in_order([ours[name] for name in ours], [theirs[name] for name in ours], policy)
    one, two = (_items(side) for side in (first, second))
    if len(one) != len(two):
        return Comparison("different" if one and two else "unknown", "items")
    found = _in_order(one, two, policy)
    return (
        found
        if found.outcome == "equal" or _in_any_order(one, two, policy).outcome == "different"
        else Comparison("unknown", "order")
    )


def _items(shape: Shape) -> tuple[Node, ...]:
    if shape.kind == "value" and isinstance(shape.items[0], Call) and shape.items[0].head == "Tuple":
        return shape.items[0].args
    return shape.items


def _in_order(one: "list[Node] | tuple[Node, ...]", two: "list[Node] | tuple[Node, ...]", policy: Policy) -> Comparison:
    return _together([match_nodes(left, right, policy) for left, right in zip(one, two, strict=True)])


def _in_any_order(one: tuple[Node, ...], two: tuple[Node, ...], policy: Policy) -> Comparison:
    """As sets: an item that equals none of the other side's is a difference."""
    table = [[match_nodes(left, right, policy) for right in two] for left in one]
    columns = [list(column) for column in zip(*table, strict=True)]
    lines = [*table, *columns]
    if not table or not columns or any(all(cell.outcome == "different" for cell in line) for line in lines):
        return Comparison("equal" if not one and not two else "different", "items")
    best = [next((cell for cell in line if cell.outcome == "equal"), None) for line in lines]
    if all(cell is not None for cell in best):
        if len(one) == len(two) and not _is_permutation(table):
            return Comparison("unknown", "multiplicity")
        return Comparison("equal", "items", {}, weakest(*(cell.strength for cell in best if cell)))
    return Comparison("unknown", "items")


def _is_permutation(table: list[list[Comparison]]) -> bool:
    """Whether each item of one side can have one of the other side to itself; equality is transitive."""
    free = set(range(len(table)))
    for line in table:
        partner = next((index for index in sorted(free) if line[index].outcome == "equal"), None)
        if partner is None:
            return False
        free.remove(partner)
    return True


def _together(cells: list[Comparison]) -> Comparison:
    outcomes = {cell.outcome for cell in cells}
    if "different" in outcomes:
        return Comparison("different", "items")
    if "unknown" in outcomes:
        return next(cell for cell in cells if cell.outcome == "unknown")
    return Comparison("equal", "items", {}, weakest(*(cell.strength for cell in cells)))


# Sets ----------------------------------------------------------------------------------------------------------------


def _as_sets(first: Shape, second: Shape) -> tuple[Node, Node] | None:
    """Both sides as sets, where one certainly is an interval, a union or a condition on one name."""
    if first.kind not in {"value", "statement"} or second.kind not in {"value", "statement"}:
        return None
    certain = [as_set(shape.items[0]) for shape in (first, second)]
    if certain == [None, None]:
        return None
    pair = [
        found or as_set(shape.items[0], certain=True) for found, shape in zip(certain, (first, second), strict=True)
    ]
    return (pair[0], pair[1]) if pair[0] is not None and pair[1] is not None else None


def _match_sets(one: Node, two: Node, policy: Policy) -> Comparison:
    """Piece by piece; what does not match that way goes to the engine."""
    left, right = _pieces(one), _pieces(two)
    if len(left) == len(right) and len(left) <= MOST_ITEMS:
        table = [[_match_pieces(a, b, policy) for b in right] for a in left]
        lines = [*table, *(list(column) for column in zip(*table, strict=True))]
        best = [next((cell for cell in line if cell.outcome == "equal"), None) for line in lines]
        if all(cell is not None for cell in best):
            return Comparison("equal", "pieces", {}, weakest(*(cell.strength for cell in best if cell)))
        if len(left) == 1 and table[0][0].outcome != "unknown":
            return table[0][0]
    if any(_closed_at_infinity(piece) for piece in (*left, *right)):
        return Comparison("different", "brackets")
    return _compared(one, two, policy)


def _closed_at_infinity(piece: Node) -> bool:
    """`[-oo, 2)` is no interval of numbers, whatever else it may mean."""
    if not isinstance(piece, Call) or piece.head not in INTERVALS:
        return False
    low = piece.head in {"IntervalClosed", "IntervalClosedOpen"} and has_constant(piece.args[0], "oo")
    return low or (piece.head in {"IntervalClosed", "IntervalOpenClosed"} and has_constant(piece.args[1], "oo"))


def _pieces(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Call) and node.head == "Union" else (node,)


def _match_pieces(one: Node, two: Node, policy: Policy) -> Comparison:
    """Two intervals are the same if their brackets and ends are, two sets if their items are."""
    if not isinstance(one, Call) or not isinstance(two, Call):
        return Comparison("equal" if one == two else "unknown", "pieces", {}, "proved" if one == two else "")
    if one.head == two.head == "Set":
        return _in_any_order(one.args, two.args, policy)
    if one.head not in INTERVALS or two.head not in INTERVALS:
        return Comparison("unknown", "pieces")
    if one.head != two.head:
        return Comparison("different", "brackets")
    return _in_order(one.args, two.args, policy)
