"""Matrix questions whose answer is a number or a matrix: computed, and compared entry by entry."""

import re
from collections.abc import Mapping
from typing import Any, Final

from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.drafting import answer_text, answered, answered_value
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ONE, ZERO, minus, plus, times
from proofmill.verifiers.expressions.nodes import Call, Node, number
from proofmill.verifiers.linear import matrices
from proofmill.verifiers.linear.matrices import Matrix
from proofmill.verifiers.strength import weakest
from proofmill.verifiers.verdict import Draft, Unreadable

REASONS: Final = frozenset({"not_a_solution", "incomplete", "has_a_solution", "wrong_size", "has_an_inverse"})
LARGEST_POWER = 64

_NONE = re.compile(
    r"(?:there (?:is|are) )?(?:no|none|not|does not exist|singular|inconsistent|undefined|non-?invertible)\b",
    re.IGNORECASE,
)


def claimed_matrix(draft: Draft, name: str = "matrix") -> Matrix:
    """The matrix of one claim."""
    if name not in draft.claims:
        raise Unreadable(f"claims.{name} is missing", reason="claim_missing")
    return matrices.matrix_claim(draft.claims[name])


def answered_matrix(draft: Draft) -> Matrix:
    """The matrix of the answer; of `A^{-1} = [..]` the right side."""
    return matrices.matrix_of(right_side(answered(draft)))


def right_side(node: Node) -> Node:
    """What stands right of `X =`."""
    return node.args[1] if isinstance(node, Call) and node.head == "Eq" else node


def says_none(draft: Draft) -> bool:
    """Whether the answer says that there is no such thing."""
    text = unwrapped(answer_text(draft)).replace("\\text{", "").replace("}", "").strip(" .$")
    return bool(_NONE.match(re.sub(r"^(?:the )?(?:matrix|system) (?:is|has) ", "", text, flags=re.IGNORECASE)))


def same(computed: Matrix, stated: Matrix) -> Comparison:
    """Entry by entry; matrices of different sizes differ."""
    if matrices.size(computed) != matrices.size(stated):
        if matrices.size(matrices.column(stated)) == matrices.size(computed):
            return same(computed, matrices.column(stated))
        return Comparison("different", "wrong_size", {"sizes": [matrices.size(computed), matrices.size(stated)]})
    pairs = [(row, place) for row in range(len(computed)) for place in range(len(computed[0]))]
    return together({f"{row + 1},{place + 1}": (computed[row][place], stated[row][place]) for row, place in pairs})


def together(pairs: Mapping[str, tuple[Node, Node]]) -> Comparison:
    """All pairs equal, or the first one that differs, or the first one that is open."""
    found = {name: compare(*pair) for name, pair in pairs.items()}
    for outcome in ("different", "unknown"):
        for name, entry in found.items():
            if entry.outcome == outcome:
                return Comparison(outcome, entry.method, {"entry": name, **entry.evidence})
    return Comparison(
        "equal", "entries", {"entries": len(found)}, weakest(*(entry.strength for entry in found.values()))
    )


def exactly(matrix: Matrix) -> Any:
    """The rational matrix; Unreadable where an entry is not rational."""
    found = matrices.rational(matrix)
    if found is None:
        raise Unreadable("an entry that is not rational", reason="not_rational")
    return found


def value_is(draft: Draft, value: Node) -> Comparison:
    """Whether the answer is a value."""
    return compare(value, answered_value(draft))


# The operations ------------------------------------------------------------------------------------------------------


def determinant(draft: Draft) -> Comparison:
    return value_is(draft, matrices.determinant(claimed_matrix(draft)))


def trace(draft: Draft) -> Comparison:
    matrix = claimed_matrix(draft)
    return value_is(draft, plus(*(matrix[index][index] for index in range(matrices.square_size(matrix)))))


def rank(draft: Draft) -> Comparison:
    return value_is(draft, number(int(exactly(claimed_matrix(draft)).rank())))


def nullity(draft: Draft) -> Comparison:
    matrix = claimed_matrix(draft)
    return value_is(draft, number(len(matrix[0]) - int(exactly(matrix).rank())))


def rref(draft: Draft) -> Comparison:
    reduced, _ = exactly(claimed_matrix(draft)).rref()
    return same(matrices.from_flint(reduced), answered_matrix(draft))


def transpose(draft: Draft) -> Comparison:
    return same(matrices.transposed(claimed_matrix(draft)), answered_matrix(draft))


def product(draft: Draft) -> Comparison:
    return same(matrices.multiplied(claimed_matrix(draft), claimed_matrix(draft, "other")), _array(draft))


def total(draft: Draft) -> Comparison:
    return same(matrices.added(claimed_matrix(draft), claimed_matrix(draft, "other")), answered_matrix(draft))


def _array(draft: Draft) -> Matrix:
    """A matrix, or the one number that a row times a column gives."""
    node = right_side(answered(draft))
    try:
        return matrices.matrix_of(node)
    except Unreadable:
        return ((node,),)


def power(draft: Draft) -> Comparison:
    matrix = claimed_matrix(draft)
    exponent = draft.claims.get("power")
    if not isinstance(exponent, int) or isinstance(exponent, bool) or not 0 <= exponent <= LARGEST_POWER:
        raise Unreadable(f"claims.power: expected 0 to {LARGEST_POWER} (found {exponent!r})", reason="claim_missing")
    known = matrices.rational(matrix)
    if known is not None:
        return same(matrices.from_flint(known**exponent), answered_matrix(draft))
    if exponent > 4:
        raise Unreadable("a high power of a matrix with symbols", reason="too_large")
    found = matrices.identity(matrices.square_size(matrix))
    for _ in range(exponent):
        found = matrices.multiplied(found, matrix)
    return same(found, answered_matrix(draft))


def inverse(draft: Draft) -> Comparison:
    """A X = I; or the determinant is zero, and the answer says that there is none."""
    matrix = claimed_matrix(draft)
    count = matrices.square_size(matrix)
    singular = compare(matrices.determinant(matrix), ZERO)
    if says_none(draft):
        opposite = {"equal": "equal", "different": "different", "unknown": "unknown"}[singular.outcome]
        return Comparison(opposite, "has_an_inverse", singular.evidence, singular.strength)  # type: ignore[arg-type]
    if singular.outcome == "equal":
        return Comparison("different", "not_a_solution", {"detail": "the matrix is singular"})
    stated = answered_matrix(draft)
    if matrices.size(stated) != (count, count):
        return Comparison("different", "wrong_size")
    return same(matrices.identity(count), matrices.multiplied(matrix, stated))


def lu(draft: Draft) -> Comparison:
    """The answer is L, U: L with ones on the diagonal and zeros above, U with zeros below, L U = A."""
    parts = [right_side(part) for part in getattr(answered(draft), "args", ())]
    if len(parts) != 2:
        raise Unreadable("expected two factors, L and U", reason="not_a_matrix")
    lower, upper = map(matrices.matrix_of, parts)
    count = matrices.square_size(claimed_matrix(draft))
    if {matrices.size(lower), matrices.size(upper)} != {(count, count)}:
        return Comparison("different", "wrong_size")
    wanted = {
        f"L {i + 1},{j + 1}": (lower[i][j], ONE if i == j else ZERO) for i in range(count) for j in range(i, count)
    }
    wanted |= {f"U {i + 1},{j + 1}": (upper[i][j], ZERO) for i in range(count) for j in range(i)}
    shape = together(wanted)
    return same(claimed_matrix(draft), matrices.multiplied(lower, upper)) if shape.outcome == "equal" else shape


def dot(draft: Draft) -> Comparison:
    left, right = _vectors(draft)
    return value_is(draft, plus(*map(times, left, right)))


def cross(draft: Draft) -> Comparison:
    (a, b, c), (d, e, f) = _vectors(draft, 3)
    found = (minus(times(b, f), times(c, e)), minus(times(c, d), times(a, f)), minus(times(a, e), times(b, d)))
    return same(tuple((entry,) for entry in found), matrices.column(answered_matrix(draft)))


def _vectors(draft: Draft, count: int | None = None) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    left, right = (matrices.transposed(matrices.column(claimed_matrix(draft, name))) for name in ("matrix", "other"))
    if len(left) != 1 or len(right) != 1 or len(left[0]) != len(right[0]) or (count and len(left[0]) != count):
        raise Unreadable("expected two vectors of one length", reason="sizes_differ")
    return left[0], right[0]
