"""Matrices of trees: read from claims and answers, computed with, and handed to FLINT where they are rational."""

from fractions import Fraction
from itertools import permutations
from typing import Any, TypeAlias

from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.making import MINUS_ONE, ONE, ZERO, over, plus, times
from proofmill.verifiers.expressions.nodes import Call, Node, Number, walk
from proofmill.verifiers.verdict import Unreadable

Matrix: TypeAlias = tuple[tuple[Node, ...], ...]
"""Rows of entries, all of one length; a vector is a matrix of one column."""

LARGEST = 12
"""The most rows or columns."""
LARGEST_SYMBOLIC = 5
"""The same where a determinant is written out as a sum of products."""

ENTRY_BITS = 2_000
"""The longest numerator and denominator of an entry that FLINT is given."""

_LISTS = frozenset({"List", "Tuple", "Sequence", "Row", "Set"})


def matrix_claim(value: Any) -> Matrix:
    """The matrix of a JSON claim: [[1, 2], [3, 4]], [1, 2] (a column), or either as text."""
    if isinstance(value, str):
        return matrix_of(read(unwrapped(value)))
    if not isinstance(value, list) or not value:
        raise Unreadable(f"expected a matrix (found {value!r})", reason="claim_missing")
    rows = value if isinstance(value[0], list) else [[item] for item in value]
    if not all(isinstance(row, list) for row in rows):
        raise Unreadable("expected rows of one shape", reason="claim_missing")
    return shaped(tuple(tuple(map(_entry, row)) for row in rows))


def _entry(value: Any) -> Node:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable(f"expected a number or text as entry (found {value!r})", reason="claim_missing")
    return read(unwrapped(str(value)))


def matrix_of(node: Node) -> Matrix:
    """The matrix that a tree writes: a matrix, a list of lists, a list as a column, or sums and multiples of these."""
    if isinstance(node, Call) and node.head == "Matrix":
        return shaped(tuple(row.args if isinstance(row, Call) else (row,) for row in node.args))
    if isinstance(node, Call) and node.head in _LISTS:
        if all(isinstance(part, Call) and part.head in _LISTS for part in node.args):
            return shaped(tuple(part.args for part in node.args if isinstance(part, Call)))
        return shaped(tuple((part,) for part in node.args))
    if isinstance(node, Call) and any(map(_holds_array, node.args)):
        return _combined(node)
    raise Unreadable("expected a matrix", reason="not_a_matrix")


def _holds_array(node: Node) -> bool:
    return any(map(_is_array, walk(node)))


def _combined(node: Call) -> Matrix:
    """A sum or product of matrices, or a matrix times or over a number."""
    arrays = [matrix_of(part) for part in node.args if _holds_array(part)]
    factors = [part for part in node.args if not _holds_array(part)]
    match node.head:
        case "Neg":
            return scaled(MINUS_ONE, arrays[0])
        case "Mul" if len(arrays) == 1:
            return scaled(times(*factors), arrays[0])
        case "Mul":
            product = arrays[0]
            for part in arrays[1:]:
                product = multiplied(product, part)
            return scaled(times(*factors), product) if factors else product
        case "Div" if len(arrays) == 1 and _holds_array(node.args[0]):
            return scaled(over(ONE, factors[0]), arrays[0])
        case "Add" if not factors:
            total = arrays[0]
            for part in arrays[1:]:
                total = added(total, part)
            return total
    raise Unreadable("expected a matrix", reason="not_a_matrix")


def vectors_of(node: Node) -> list[Matrix]:
    """The vectors that a tree lists; a single one is a list of one."""
    if isinstance(node, Call) and node.head in _LISTS and node.args and all(map(_is_array, node.args)):
        return [column(matrix_of(part)) for part in node.args]
    return [column(matrix_of(node))]


def _is_array(node: Node) -> bool:
    return isinstance(node, Call) and node.head in _LISTS | {"Matrix"}


def column(matrix: Matrix) -> Matrix:
    """A row as a column; a column as it is."""
    return transposed(matrix) if len(matrix) == 1 and len(matrix[0]) > 1 else matrix


def shaped(matrix: Matrix) -> Matrix:
    """The matrix, if it is one: rows of one length, of plain values, not too many."""
    lengths = {len(row) for row in matrix}
    if len(lengths) != 1 or 0 in lengths:
        raise Unreadable("rows of different lengths", reason="not_a_matrix")
    if max(len(matrix), *lengths) > LARGEST:
        raise Unreadable(f"more than {LARGEST} rows or columns", reason="too_large")
    if any(_is_array(entry) for row in matrix for entry in row):
        raise Unreadable("a matrix of matrices", reason="not_a_matrix")
    return matrix


def size(matrix: Matrix) -> tuple[int, int]:
    """Rows and columns."""
    return len(matrix), len(matrix[0])


def rational(matrix: Matrix) -> Any | None:
    """The matrix as flint.fmpq_mat; None where an entry is not visibly rational."""
    from flint import fmpq, fmpq_mat

    values = [[exact.value(entry) for entry in row] for row in matrix]
    if any(value is None for row in values for value in row):
        return None
    if any(_bits(value) > ENTRY_BITS for row in values for value in row if value is not None):
        raise Unreadable(f"an entry of more than {ENTRY_BITS} bits", reason="too_large")
    rows = [[fmpq(value.numerator, value.denominator) for value in row if value is not None] for row in values]
    return fmpq_mat(rows)


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def from_flint(found: Any) -> Matrix:
    """The matrix of trees of a flint.fmpq_mat."""
    return tuple(tuple(map(rational_node, row)) for row in found.tolist())


def rational_node(value: Any) -> Node:
    """The tree of a flint.fmpq or fmpz."""
    return Number(Fraction(int(value.p), int(value.q))) if hasattr(value, "q") else Number(Fraction(int(value)))


# Arithmetic ----------------------------------------------------------------------------------------------------------


def identity(count: int) -> Matrix:
    """Ones on the diagonal."""
    return tuple(tuple(ONE if row == place else ZERO for place in range(count)) for row in range(count))


def transposed(matrix: Matrix) -> Matrix:
    """Rows as columns."""
    return tuple(zip(*matrix, strict=True))


def scaled(factor: Node, matrix: Matrix) -> Matrix:
    """Every entry times a factor."""
    return tuple(tuple(times(factor, entry) for entry in row) for row in matrix)


def added(left: Matrix, right: Matrix) -> Matrix:
    """The sum; both must have one size."""
    if size(left) != size(right):
        raise Unreadable("matrices of different sizes", reason="sizes_differ")
    return tuple(tuple(map(plus, one, two)) for one, two in zip(left, right, strict=True))


def multiplied(left: Matrix, right: Matrix) -> Matrix:
    """The matrix product."""
    if len(left[0]) != len(right):
        raise Unreadable("matrices whose sizes don't fit a product", reason="sizes_differ")
    columns = transposed(right)
    return tuple(tuple(plus(*map(times, row, other)) for other in columns) for row in left)


def determinant(matrix: Matrix) -> Node:
    """By FLINT for rational matrices; else written out, for small ones."""
    count = square_size(matrix)
    found = rational(matrix)
    if found is not None:
        return rational_node(found.det())
    if count > LARGEST_SYMBOLIC:
        raise Unreadable(f"a symbolic determinant of more than {LARGEST_SYMBOLIC} rows", reason="too_large")
    terms = []
    for order in permutations(range(count)):
        sign = ONE if _is_even(order) else MINUS_ONE
        terms.append(times(sign, *(matrix[row][place] for row, place in enumerate(order))))
    return plus(*terms)


def _is_even(order: tuple[int, ...]) -> bool:
    swaps = sum(one > two for index, one in enumerate(order) for two in order[index + 1 :])
    return swaps % 2 == 0


def square_size(matrix: Matrix) -> int:
    """The number of rows of a square matrix."""
    rows, columns = size(matrix)
    if rows != columns:
        raise Unreadable(f"expected a square matrix (found {rows} x {columns})", reason="sizes_differ")
    return rows
