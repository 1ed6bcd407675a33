"""Where a polynomial in one variable may be extreme: rational zeros of its derivative, and the ends of its range."""

from fractions import Fraction
from typing import TypeAlias

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.nodes import Call, Node, Number, Symbol, free_symbols, number
from proofmill.verifiers.spec.model import Spec

DEGREE = 20
_Coefficients: TypeAlias = list[Fraction]


def critical_values(spec: Spec, asked: Node, *, largest: bool) -> list[Number]:
    """Values of the polynomial at rational critical points and bounds, the most promising first; nothing is proved."""
    names = sorted(free_symbols(asked))
    if len(names) != 1 or spec.constraints:
        return []
    variable = spec.scope.variables[names[0]]
    coefficients = polynomial(asked)
    if coefficients is None or variable.type not in {"integer", "real"}:
        return []
    points = _rational_zeros([degree * part for degree, part in enumerate(coefficients)][1:])
    if variable.type == "integer":
        points = [Fraction(point.__floor__() + step) for point in points for step in (0, 1)]
    points += [end for end in (variable.low, variable.high) if end is not None]
    values = {sum((part * point**degree for degree, part in enumerate(coefficients)), Fraction(0)) for point in points}
    return [number(value) for value in sorted(values, reverse=largest)]


def polynomial(node: Node) -> _Coefficients | None:
    """The coefficients of a polynomial in one variable, the constant first; None for anything else."""
    value = exact.value(node)
    if value is not None:
        return [value]
    if isinstance(node, Symbol):
        return [Fraction(0), Fraction(1)]
    if not isinstance(node, Call):
        return None
    if node.head == "Pow":
        exponent = exact.value(node.args[1])
        base = polynomial(node.args[0])
        if base is None or exponent is None or exponent.denominator != 1 or not 0 < exponent <= DEGREE:
            return None
        return _product([base] * int(exponent))
    parts = [polynomial(part) for part in node.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return _combined(node.head, known)


def _combined(head: str, parts: list[_Coefficients]) -> _Coefficients | None:
    if head == "Add":
        size = max(map(len, parts))
        return [sum((part[at] for part in parts if at < len(part)), Fraction(0)) for at in range(size)]
    if head == "Neg":
        return [-part for part in parts[0]]
    if head == "Mul":
        return _product(parts)
    if head == "Div" and len(parts[1]) == 1 and parts[1][0]:
        return [part / parts[1][0] for part in parts[0]]
    return None


def _product(parts: list[_Coefficients]) -> _Coefficients | None:
    found = [Fraction(1)]
    for part in parts:
        if len(found) + len(part) - 2 > DEGREE:
            return None
        grown = [Fraction(0)] * (len(found) + len(part) - 1)
        for at, one in enumerate(found):
            for shift, two in enumerate(part):
                grown[at + shift] += one * two
        found = grown
    return found


def _rational_zeros(coefficients: _Coefficients) -> list[Fraction]:
    import flint

    whole = flint.fmpq_poly([flint.fmpq(part.numerator, part.denominator) for part in coefficients])
    if whole.degree() < 1:
        return []
    _, factors = whole.numer().factor()
    linear = [factor for factor, _ in factors if factor.degree() == 1]
    return sorted(Fraction(-int(factor[0]), int(factor[1])) for factor in linear)
