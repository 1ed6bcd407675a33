"""Collections item by item: sets in any order and without repeats, lists and tuples in order, matrices, intervals."""

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

from proofmill.verifiers.expressions import ranges
from proofmill.verifiers.expressions.nodes import COLLECTIONS, SETS, Call, Constant, Node
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.routes import Comparison

Compare: TypeAlias = Callable[[Node, Node, Policy], Comparison]

ORDERED = frozenset({"Tuple", "List", "Sequence"})
ITEMS = 60
"""The most items of a set: every pair is compared."""


def compare(left: Node, right: Node, policy: Policy, compared: Compare) -> Comparison:
    """Compare two trees of which at least one is a collection; `compared` compares what stands in them."""
    if not isinstance(left, Call) or not isinstance(right, Call):
        return _beside_a_scalar(left, right, policy, compared)
    heads = {left.head, right.head}
    if not heads <= COLLECTIONS:
        return _beside_a_scalar(left, right, policy, compared)
    if len(heads) == 1 and left.head in ORDERED:
        return _in_order(left, right, policy, compared)
    if heads == {"Matrix"}:
        return _matrices(left, right, policy, compared)
    if heads == {"Set"}:
        return _unordered(left, right, policy, compared)
    if ranges.are_ranges(left, right):
        return ranges.compare(left, right, policy, compared)
    return _mixed(left, right, policy, compared)


def _together(found: Iterable[Comparison], method: str) -> Comparison:
    """Equal when all are, different when one is."""
    parts = list(found)
    for index, part in enumerate(parts):
        if part.outcome == "different":
            return Comparison("different", method, {"item": index + 1, **part.evidence})
    if (doubt := next((part for part in parts if part.outcome == "unknown"), None)) is not None:
        return Comparison("unknown", doubt.method, doubt.evidence)
    return Comparison("equal", method, {}, _weakest(parts))


def _weakest(parts: Iterable[Comparison]) -> Literal["proved", "agreed"]:
    return "proved" if all(part.strength == "proved" for part in parts) else "agreed"


def _in_order(left: Call, right: Call, policy: Policy, compared: Compare) -> Comparison:
    """Item by item; a bare sequence may also say a set, unless the policy has it in order."""
    if len(left.args) != len(right.args):
        if left.head == "Sequence" and policy.order == "unordered" and _has_dots(left, right):
            return Comparison("unknown", "ellipsis")
        return Comparison("different", "items", {"items": [len(left.args), len(right.args)]})
    found = _together([compared(one, two, policy) for one, two in zip(left.args, right.args, strict=True)], "items")
    if left.head != "Sequence" or policy.order == "ordered" or found.outcome == "equal":
        return found
    other = _unordered(left, right, policy, compared)
    return Comparison("unknown", "order") if other.outcome == "equal" else other


def _has_dots(*collections: Call) -> bool:
    return any(Constant("dots") in collection.args for collection in collections)


def _unordered(left: Call, right: Call, policy: Policy, compared: Compare) -> Comparison:
    """Each item has its equal on the other side; one that has none makes the difference."""
    if len(left.args) > ITEMS or len(right.args) > ITEMS:
        return Comparison("unknown", "many_items")
    if policy.tolerance is not None or policy.relative is not None:
        return _paired(left, right, policy, compared)
    table = [[compared(one, two, policy) for two in right.args] for one in left.args]
    columns = [list(column) for column in zip(*table, strict=True)] if table else [[] for _ in right.args]
    lines = [*table, *columns]
    for line in lines:
        if all(part.outcome == "different" for part in line):
            return Comparison("different", "items", {"items": [len(left.args), len(right.args)]})
    matches = [[part for part in line if part.outcome == "equal"] for line in lines]
    if all(matches):
        best = [_best(parts) for parts in matches]
        return Comparison("equal", "items, in any order", {}, _weakest(best))
    return Comparison("unknown", "items")


def _best(parts: list[Comparison]) -> Comparison:
    return next((part for part in parts if part.strength == "proved"), parts[0])


def _paired(left: Call, right: Call, policy: Policy, compared: Compare) -> Comparison:
    """With a tolerance nearness is no equality: every item needs a partner of its own (augmenting paths)."""
    if len(left.args) != len(right.args):
        return Comparison("different", "items", {"items": [len(left.args), len(right.args)]})
    table = [[compared(one, two, policy) for two in right.args] for one in left.args]
    for wanted, outcome in (({"equal"}, "equal"), ({"equal", "unknown"}, "unknown")):
        near = [[index for index, part in enumerate(line) if part.outcome in wanted] for line in table]
        if _has_matching(near):
            return Comparison(outcome, "items within tolerance", {}, "proved" if outcome == "equal" else "")  # type: ignore[arg-type]
    return Comparison("different", "items within tolerance")


def _has_matching(near: list[list[int]]) -> bool:
    partner: dict[int, int] = {}

    def placed(item: int, tried: set[int]) -> bool:
        for index in near[item]:
            if index not in tried:
                tried.add(index)
                if index not in partner or placed(partner[index], tried):
                    partner[index] = item
                    return True
        return False

    return all(placed(item, set()) for item in range(len(near)))


def _matrices(left: Call, right: Call, policy: Policy, compared: Compare) -> Comparison:
    shapes = [[len(row.args) for row in matrix.args if isinstance(row, Call)] for matrix in (left, right)]
    if shapes[0] != shapes[1]:
        return Comparison("different", "shape", {"rows": shapes})
    pairs = [
        (one, two)
        for top, bottom in zip(left.args, right.args, strict=True)
        for one, two in zip(top.args, bottom.args, strict=True)  # type: ignore[union-attr]
    ]
    return _together([compared(one, two, policy) for one, two in pairs], "entries")


def _mixed(left: Call, right: Call, policy: Policy, compared: Compare) -> Comparison:
    """Two kinds of brackets: what differs item by item differs anyhow, the rest may be a way of writing."""
    heads = {left.head, right.head}
    if "Matrix" in heads:
        return _matrix_beside(left, right, policy, compared)
    if heads <= ORDERED | {"Set"}:
        flat = [Call("Set", part.args) for part in (left, right)]
        if _unordered(flat[0], flat[1], policy, compared).outcome == "different":
            return Comparison("different", "items")
        if "Set" not in heads and len(left.args) == len(right.args):
            pairs = zip(left.args, right.args, strict=True)
            found = _together([compared(one, two, policy) for one, two in pairs], "items")
            if found.outcome == "different" and "Sequence" not in heads:
                return found
    return Comparison("unknown", "shape", {"shapes": [left.head, right.head]})


def _matrix_beside(left: Call, right: Call, policy: Policy, compared: Compare) -> Comparison:
    """A column or row beside a tuple may be the same vector; a larger matrix is none."""
    matrix, other = (left, right) if left.head == "Matrix" else (right, left)
    rows = [row for row in matrix.args if isinstance(row, Call)]
    entries = rows[0].args if len(rows) == 1 else tuple(row.args[0] for row in rows if len(row.args) == 1)
    if other.head not in ORDERED or len(entries) != len(other.args):
        return Comparison("different", "shape", {"shapes": [left.head, right.head]})
    pairs = zip(entries, other.args, strict=True)
    found = _together([compared(one, two, policy) for one, two in pairs], "entries")
    return (
        found if found.outcome == "different" else Comparison("unknown", "shape", {"shapes": [left.head, right.head]})
    )


def _beside_a_scalar(left: Node, right: Node, policy: Policy, compared: Compare) -> Comparison:
    """A collection beside one value: different when an item is, for all items would have to be that value."""
    collection, scalar = (left, right) if isinstance(left, Call) and left.head in COLLECTIONS else (right, left)
    if not isinstance(collection, Call) or collection.head in {"Union", "Intersection", "Difference", "Row"}:
        return Comparison("unknown", "shape")
    if collection.head == "Matrix":
        return Comparison("different", "shape", {"detail": "a matrix beside a value"})
    if collection.head in SETS - {"Set"}:
        return Comparison("different", "shape", {"detail": "an interval beside a value"})
    if any(isinstance(item, Call) and item.head in COLLECTIONS for item in collection.args):
        return Comparison("unknown", "shape")
    for index, item in enumerate(collection.args):
        if compared(item, scalar, policy).outcome == "different":
            return Comparison("different", "shape", {"detail": "a collection beside a value", "item": index + 1})
    return Comparison("unknown", "shape", {"detail": "a collection beside a value"})
