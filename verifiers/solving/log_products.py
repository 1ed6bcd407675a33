"""Equations in sums of logarithms, as the algebraic statement that a product of powers is 1."""

import math
from fractions import Fraction
from typing import Final

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.making import ZERO, minus, power, times
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, free_symbols
from proofmill.verifiers.relations.compare import compare_statements
from proofmill.verifiers.solving.isolation import fraction
from proofmill.verifiers.solving.question import OPEN, Question

LARGEST_LOG_POWER: Final = 12


def by_product(question: Question, points: list[dict[str, Node]]) -> Comparison:
    """c1 log p1 + c2 log p2 + ... = 0 with integers c says that the product of powers is 1, and every p is positive."""
    equation = question.sole_equation
    if equation is None or question.domain != "real":
        return OPEN
    name = question.variables[0]
    above, below = fraction(minus(*equation.args))
    terms = _logarithms(above, Fraction(1))
    if not terms or name in free_symbols(below) or not any(name in free_symbols(part) for part in terms):
        return OPEN
    scale = math.lcm(*(value.denominator for value in terms.values()))
    powers = {part: int(value * scale) for part, value in terms.items() if value}
    if max(map(abs, powers.values()), default=0) > LARGEST_LOG_POWER:
        return OPEN
    sides = [
        times(*(power(part, Number(Fraction(sign * value))) for part, value in powers.items() if sign * value > 0))
        for sign in (1, -1)
    ]
    positive = [Call("Gt", (part, ZERO)) for part in powers if free_symbols(part)]
    alternatives = tuple(Call("Eq", (Symbol(name), point[name])) for point in points)
    answer: Node = Call("Or", alternatives) if len(alternatives) != 1 else alternatives[0]
    found = compare_statements(
        Call("And", (Call("Eq", tuple(sides)), *positive)), answer if points else Constant("false")
    )
    if found.outcome == "different" and "left_only" in found.evidence:
        return Comparison("different", "missing_root", found.evidence)
    return found if found.outcome == "equal" and found.strength == "proved" else OPEN


def _logarithms(node: Node, factor: Fraction) -> dict[Node, Fraction]:
    """A combination of logarithms with rational coefficients, by argument; empty for anything else."""
    if node == ZERO:
        return {}
    if isinstance(node, Call) and node.head == "Log":
        return {node.args[0]: factor}
    if not isinstance(node, Call) or node.head not in {"Add", "Mul", "Neg"}:
        return {}
    if node.head == "Neg":
        return _logarithms(node.args[0], -factor)
    if node.head == "Mul":
        values = [exact.value(part) for part in node.args]
        rest = [part for part, value in zip(node.args, values, strict=True) if value is None]
        known = math.prod((value for value in values if value is not None), start=Fraction(1))
        return _logarithms(rest[0], factor * known) if len(rest) == 1 else {}
    total: dict[Node, Fraction] = {}
    for part in node.args:
        found = _logarithms(part, factor)
        if not found and part != ZERO:
            return {}
        for argument, value in found.items():
            total[argument] = total.get(argument, Fraction(0)) + value
    return total
