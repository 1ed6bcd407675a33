"""maths.linear_algebra: the answer is the determinant, inverse, solution, eigenvalues, ... of the claimed matrices."""

from collections.abc import Callable
from typing import Final

from proofmill.verifiers.engines import behind
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.described import expressions_format
from proofmill.verifiers.linear import operations, spaces
from proofmill.verifiers.strength import Strength, judged
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict

VERSION = "1"


def check(draft: Draft, *, strength: Strength = "auto") -> Verdict:
    """Decide a question of linear algebra exactly, over the rationals, or over expressions for small matrices.

    Reads:   claims["operation"], one of `OPERATIONS`; claims["matrix"], [[1, 2], [3, 4]] with numbers or texts as
             entries, or text; claims["other"] for a second matrix or vector (`product`, `sum`, `solve` with the right
             side, `dot`, `cross`); claims["power"]; claims["eigenvalue"]; claims["variable"] of a characteristic
             polynomial. answer: a number, a matrix [[..],[..]] or LaTeX, a vector, a list of them, `no solution`,
             `singular`.
    Accepts: `correct`. The answer is checked by what it has to do: A X = I for an inverse, A x = b with full rank for a
             solution (parameters: as many independent ones as the nullity), A v = l v for eigenvectors, L U = A with
             triangular factors, equal characteristic polynomials for eigenvalues; rank, reduced form and determinant
             are computed by FLINT. Exact for rational matrices; entries with symbols through `equality.compare`.
    Rejects: `differs`, `not_a_solution`, `incomplete` (too few or dependent vectors), `has_a_solution`, `wrong_size`.
    Unknown: an operation outside the list, symbols where only rational entries are decided, sizes that don't fit.
    Method:  flint.fmpq_mat; comparisons of entries by `equality.compare`.
    """
    name = draft.claim("operation")
    operation = OPERATIONS.get(name)
    if operation is None:
        raise Unreadable(f"claims.operation: expected one of {', '.join(OPERATIONS)} (found {name!r})", reason="syntax")
    found = operation(draft)
    rejected = found.method if found.method in operations.REASONS else "differs"
    return judged(found, strength=strength, accepted="correct", rejected=rejected, engines=behind(found.method))


OPERATIONS: Final[dict[str, Callable[[Draft], Comparison]]] = {
    "characteristic_polynomial": spaces.characteristic_polynomial,
    "cross": operations.cross,
    "determinant": operations.determinant,
    "dot": operations.dot,
    "eigenspace": spaces.eigenspace,
    "eigenvalues": spaces.eigenvalues,
    "eigenvector": spaces.eigenvector,
    "inverse": operations.inverse,
    "lu": operations.lu,
    "nullity": operations.nullity,
    "nullspace": spaces.nullspace,
    "power": operations.power,
    "product": operations.product,
    "rank": operations.rank,
    "rref": operations.rref,
    "solve": spaces.solve,
    "sum": operations.total,
    "trace": operations.trace,
    "transpose": operations.transpose,
}


def claims() -> str:
    """What a teacher is told about the claims."""
    return (
        f"claims.operation is one of {', '.join(OPERATIONS)}. claims.matrix is the matrix as a list of rows, [[1, "
        '2], [3, 4]], or a vector as a list, [1, 2], with exact numbers, or texts such as "1/2", "sqrt(2)" and '
        '"a"; claims.other is the second matrix or vector of product, sum, dot and cross, and the right side of '
        "solve, whose matrix holds the coefficients; claims.power is the exponent of power, claims.eigenvalue the"
        f" one of eigenvector and eigenspace. {expressions_format()}"
    )
