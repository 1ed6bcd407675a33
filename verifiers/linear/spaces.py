"""Matrix questions whose answer is a set of vectors or values: solutions, null spaces, eigenvalues."""

from typing import Any

from proofmill.verifiers.drafting import ARRAYS, answered, answered_value, claimed_or_none
from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import derivative
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ZERO, minus, negative, plus, power, times
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, free_symbols, number
from proofmill.verifiers.linear import matrices
from proofmill.verifiers.linear.matrices import Matrix
from proofmill.verifiers.linear.operations import claimed_matrix, exactly, right_side, same, says_none
from proofmill.verifiers.verdict import Draft, Unreadable


def solve(draft: Draft) -> Comparison:
    """A x = b: substituted, and complete because the free parameters are as many as the nullity."""
    matrix, right = claimed_matrix(draft), matrices.column(claimed_matrix(draft, "other"))
    if matrices.size(right) != (len(matrix), 1):
        raise Unreadable("a right side whose size does not fit", reason="sizes_differ")
    rank = int(exactly(matrix).rank())
    beside = tuple((*row, *end) for row, end in zip(matrix, right, strict=True))
    consistent = rank == int(exactly(beside).rank())
    if says_none(draft):
        return Comparison(
            "different" if consistent else "equal", "has_a_solution", {"rank": rank}, "" if consistent else "proved"
        )
    if not consistent:
        return Comparison("different", "not_a_solution", {"detail": "the system has no solution", "rank": rank})
    stated = _solution(draft)
    if matrices.size(stated) != (len(matrix[0]), 1):
        return Comparison("different", "wrong_size", {"sizes": [len(matrix[0]), len(stated)]})
    found = same(right, matrices.multiplied(matrix, stated))
    if found.outcome != "equal":
        return Comparison(
            found.outcome, "not_a_solution" if found.outcome == "different" else found.method, found.evidence
        )
    return _complete(stated, len(matrix[0]) - rank, found)


def _solution(draft: Draft) -> Matrix:
    """The vector of the answer; `x = 1, y = 2` in the order of the equations' own claim `variables`."""
    node = answered(draft)
    named = {part.args[0].name: part.args[1] for part in _parts(node) if _is_named(part)}
    names = draft.claims.get("variables")
    if not named or len(named) == 1:
        return matrices.column(matrices.matrix_of(right_side(node)))
    if not isinstance(names, list) or sorted(map(str, names)) != sorted(named):
        raise Unreadable("claims.variables: expected the names of the answer, in order", reason="claim_missing")
    return tuple((named[str(name)],) for name in names)


def _parts(node: Node) -> list[Any]:
    return list(node.args) if isinstance(node, Call) and node.head in ARRAYS | {"And"} else [node]


def _is_named(node: Node) -> bool:
    return isinstance(node, Call) and node.head == "Eq" and isinstance(node.args[0], Symbol)


def _complete(stated: Matrix, nullity: int, found: Comparison) -> Comparison:
    """Whether the parameters of a solution move it in `nullity` independent directions."""
    names = sorted(frozenset().union(*(free_symbols(row[0]) for row in stated)))
    directions = [[derivative(row[0], name) for row in stated] for name in names]
    if not names:
        independent = 0
    else:
        flat = matrices.rational(tuple(map(tuple, directions)))
        if flat is None:
            return Comparison("unknown", "completeness_open", {"detail": "parameters that are not linear"})
        independent = int(flat.rank())
    if independent < nullity:
        return Comparison("different", "incomplete", {"parameters": independent, "needed": nullity})
    return Comparison("equal", "substitution and rank", {"parameters": independent}, found.strength)


def nullspace(draft: Draft) -> Comparison:
    """The answer is a basis: each vector is mapped to zero, independent, as many as the nullity."""
    return _basis(draft, claimed_matrix(draft))


def eigenspace(draft: Draft) -> Comparison:
    """The answer is a basis of the vectors with A v = l v, for claims["eigenvalue"]."""
    return _basis(draft, _shifted(draft))


def _shifted(draft: Draft) -> Matrix:
    matrix = claimed_matrix(draft)
    value = claimed_or_none(draft, "eigenvalue")
    if value is None:
        raise Unreadable("claims.eigenvalue is missing", reason="claim_missing")
    return matrices.added(matrix, matrices.scaled(negative(value), matrices.identity(matrices.square_size(matrix))))


def _basis(draft: Draft, matrix: Matrix) -> Comparison:
    nullity = len(matrix[0]) - int(exactly(matrix).rank())
    vectors = [vector for vector in _vectors(draft) if not _is_zero(vector)]
    for vector in vectors:
        if len(vector) != len(matrix[0]):
            return Comparison("different", "wrong_size", {"sizes": [len(matrix[0]), len(vector)]})
        found = same(tuple((ZERO,) for _ in matrix), matrices.multiplied(matrix, vector))
        if found.outcome != "equal":
            return Comparison(
                found.outcome, "not_a_solution" if found.outcome == "different" else found.method, found.evidence
            )
    rank = int(exactly(tuple(tuple(row[0] for row in vector) for vector in vectors)).rank()) if vectors else 0
    if rank != nullity or rank != len(vectors):
        return Comparison("different", "incomplete", {"vectors": len(vectors), "independent": rank, "needed": nullity})
    return Comparison("equal", "substitution and rank", {"dimension": nullity}, "proved")


def _vectors(draft: Draft) -> list[Matrix]:
    return matrices.vectors_of(right_side(answered(draft)))


def _is_zero(vector: Matrix) -> bool:
    return all(exact.value(row[0]) == 0 for row in vector)


def eigenvector(draft: Draft) -> Comparison:
    """Any one vector v != 0 with A v = l v."""
    shifted = _shifted(draft)
    (vector,) = _vectors(draft)[:1]
    if len(vector) != len(shifted):
        return Comparison("different", "wrong_size", {"sizes": [len(shifted), len(vector)]})
    if _is_zero(vector):
        return Comparison("different", "not_a_solution", {"detail": "the zero vector"})
    found = same(tuple((ZERO,) for _ in shifted), matrices.multiplied(shifted, vector))
    return Comparison(
        found.outcome,
        "not_a_solution" if found.outcome == "different" else found.method,
        found.evidence,
        found.strength,
    )


def eigenvalues(draft: Draft) -> Comparison:
    """All of them: with multiplicity, or each once; by comparing polynomials with those roots."""
    matrix = claimed_matrix(draft)
    count = matrices.square_size(matrix)
    node = right_side(answered(draft))
    stated = [right_side(part) for part in _parts(node)]
    variable = Symbol("lambda")
    if len(stated) == count:
        return compare(_with_roots(variable, stated), _characteristic(matrix, variable))
    distinct = _distinct_polynomial(matrix, variable)
    found = compare(_with_roots(variable, stated), distinct)
    if found.outcome == "different" and len(stated) < count:
        return Comparison("different", "incomplete", found.evidence)
    return found


def _with_roots(variable: Symbol, roots: list[Node]) -> Node:
    return times(*(minus(variable, root) for root in roots))


def _characteristic(matrix: Matrix, variable: Symbol) -> Node:
    """det(t I - A)."""
    known = matrices.rational(matrix)
    if known is not None:
        return _tree(known.charpoly(), variable)
    count = matrices.square_size(matrix)
    shifted = matrices.added(matrices.scaled(variable, matrices.identity(count)), matrices.scaled(number(-1), matrix))
    return matrices.determinant(shifted)


def _distinct_polynomial(matrix: Matrix, variable: Symbol) -> Node:
    """The monic polynomial with every eigenvalue as a simple root."""
    found = exactly(matrix).charpoly()
    shared = found.gcd(found.derivative())
    simple = found / shared if not hasattr(found, "__floordiv__") else found // shared
    return _tree(simple / simple.coeffs()[-1], variable)


def _tree(polynomial: Any, variable: Symbol) -> Node:
    terms = [
        times(matrices.rational_node(value), power(variable, number(degree)))
        for degree, value in enumerate(polynomial.coeffs())
    ]
    return plus(*terms)


def characteristic_polynomial(draft: Draft) -> Comparison:
    """det(t I - A) or det(A - t I), in the answer's variable."""
    matrix = claimed_matrix(draft)
    stated = answered_value(draft)
    entries = frozenset().union(*(free_symbols(entry) for row in matrix for entry in row))
    names = sorted(free_symbols(stated) - entries)
    if len(names) != 1:
        raise Unreadable(f"expected one variable of the polynomial (found {names})", reason="unknown_symbol")
    found = compare(_characteristic(matrix, Symbol(names[0])), stated)
    if found.outcome == "different" and len(matrix) % 2 == 1:
        other = compare(negative(_characteristic(matrix, Symbol(names[0]))), stated)
        return other if other.outcome == "equal" else found
    return found
