"""Equations in one exponential or logarithm: a strictly monotone kernel u, and an equation in u to count roots of."""

import math
from fractions import Fraction
from typing import Any, Final

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import derivative
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ONE, ZERO, minus, power, times
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, free_symbols, substitute
from proofmill.verifiers.solving.isolation import fraction
from proofmill.verifiers.solving.question import OPEN, Question
from proofmill.verifiers.verdict import Unreadable

KERNEL: Final = "u_"
LARGEST_DEGREE: Final = 60


def complete(question: Question, points: list[dict[str, Node]]) -> Comparison:
    """As many distinct solutions as the equation in the kernel has roots in the kernel's range."""
    equation = question.sole_equation
    if equation is None or question.domain != "real":
        return OPEN
    name = question.variables[0]
    gap = minus(*equation.args)
    in_kernel = _in_exponential(gap, name)
    positive = in_kernel is not None
    if in_kernel is None:
        in_kernel = _in_logarithm(gap, name)
    if in_kernel is None or free_symbols(in_kernel) != {KERNEL}:
        return OPEN
    count = _count(in_kernel, positive=positive)
    values = [point[name] for point in points]
    different = all(
        compare(one, two).outcome == "different" for index, one in enumerate(values) for two in values[:index]
    )
    if count is None or not different:
        return OPEN
    if len(values) < count:
        return Comparison("different", "missing_root", {"solutions": count, "claimed": len(values)})
    return (
        Comparison("equal", "roots of the kernel's equation", {"solutions": count}, "proved")
        if len(values) == count
        else OPEN
    )


def _count(node: Node, *, positive: bool) -> int | None:
    """The distinct real roots of a rational equation in the kernel."""
    above, below = fraction(node)
    top, bottom = polynomial(above, KERNEL), polynomial(below, KERNEL)
    if top is None or bottom is None or top.degree() < 0:
        return None
    simple = top // top.gcd(top.derivative()) if top.degree() > 0 else top
    while simple.degree() > 0 and (shared := simple.gcd(bottom)).degree() > 0:
        simple = simple // shared
    if simple.degree() <= 0:
        return 0
    roots = [root for root, _ in simple.complex_roots() if root.imag.is_zero()]
    if positive and any(root.real.contains(0) and simple(0) != 0 for root in roots):
        return None
    return sum(1 for root in roots if not positive or root.real > 0)


def polynomial(node: Node, name: str) -> Any | None:
    """The flint.fmpq_poly of a tree in one variable, without division by it; None where it is none."""
    from flint import fmpq, fmpq_poly

    if node == Symbol(name):
        return fmpq_poly([0, 1])
    if name not in free_symbols(node):
        value = exact.value(node)
        return None if value is None else fmpq_poly([fmpq(value.numerator, value.denominator)])
    if not isinstance(node, Call):
        return None
    if node.head == "Pow":
        return _power(node, name)
    found = [polynomial(part, name) for part in node.args]
    parts: list[Any] = [part for part in found if part is not None]
    if len(parts) < len(found):
        return None
    if node.head == "Div":
        return parts[0] / parts[1][0] if parts[1].degree() == 0 and parts[1][0] != 0 else None
    return _combined(node.head, parts)


def _power(node: Call, name: str) -> Any | None:
    base, exponent = polynomial(node.args[0], name), exact.value(node.args[1])
    if base is None or exponent is None or exponent.denominator != 1:
        return None
    whole = int(exponent)
    return base**whole if whole >= 0 and whole * max(base.degree(), 1) <= LARGEST_DEGREE else None


def _combined(head: str, parts: list[Any]) -> Any | None:
    if head == "Neg":
        return -parts[0]
    if head not in {"Add", "Mul"}:
        return None
    found = parts[0]
    for part in parts[1:]:
        found = found + part if head == "Add" else found * part
        if found.degree() > LARGEST_DEGREE:
            return None
    return found


# exp(x), 2^x, 4^(x+1) -------------------------------------------------------------------------------------------------


def _in_exponential(gap: Node, name: str) -> Node | None:
    """The equation in u = m^(x/g) > 0, where every exponential is a power of it; None for anything else."""
    found = [_exponential(part, name) for part in _calls(gap) if name in free_symbols(part)]
    exponentials = [part for part in found if part is not None]
    bases = {base for base, _, _ in exponentials}
    if not exponentials:
        return None
    common = bases.pop() if len(bases) == 1 else _common_base(bases)
    if common is None:
        return None
    slopes = [slope * _logarithm(base, common) for base, slope, _ in exponentials]
    scale = math.lcm(*(slope.denominator for slope in slopes))
    replaced = _replaced(gap, name, common, scale)
    return replaced if replaced is not None and name not in free_symbols(replaced) else None


def _calls(node: Node) -> list[Call]:
    return [node, *(inner for part in node.args for inner in _calls(part))] if isinstance(node, Call) else []


def _exponential(node: Call, name: str) -> tuple[Fraction | str, Fraction, Fraction] | None:
    """(base, slope, offset) of base^(slope*x + offset)."""
    if node.head == "Exp":
        base: Fraction | str | None = "e"
    elif node.head == "Pow" and name in free_symbols(node.args[1]) and name not in free_symbols(node.args[0]):
        base = "e" if node.args[0] == Constant("e") else exact.value(node.args[0])
    else:
        return None
    slope_tree = derivative(node.args[-1], name)
    slope = exact.value(slope_tree)
    offset = exact.value(substitute(node.args[-1], {name: ZERO}))
    usable = base == "e" or (isinstance(base, Fraction) and base > 0 and base != 1)
    if not usable or base is None or not slope or offset is None:
        raise Unreadable("an exponential of another kind", reason="completeness_open")
    return base, slope, offset


def _common_base(bases: set[Fraction | str]) -> Fraction | None:
    """The number whose integer powers all bases are: 2 for 2, 4 and 1/8."""
    numbers = sorted(base for base in bases if isinstance(base, Fraction))
    if len(numbers) < len(bases):
        return None
    large = [base if base > 1 else 1 / base for base in numbers]
    found = large[0]
    for other in large[1:]:
        while found != other:  # Euclid's algorithm on logarithms
            found, other = (found, other / found) if other > found else (other, found / other)
            if found == 1 or other == 1:
                found = other = max(found, other)
            if found.numerator.bit_length() > 4_000:
                return None
    return found if found > 1 and all(_logarithm(base, found) for base in numbers) else None


def _logarithm(base: Fraction | str, common: Fraction | str) -> Fraction:
    """The integer j with common^j = base, 0 if there is none."""
    if base == common:
        return Fraction(1)
    if isinstance(base, str) or isinstance(common, str):
        return Fraction(0)
    for exponent in range(1, 64):
        if common**exponent == base:
            return Fraction(exponent)
        if common**-exponent == base:
            return Fraction(-exponent)
    return Fraction(0)


def _replaced(node: Node, name: str, common: Fraction | str, scale: int) -> Node | None:
    if not isinstance(node, Call):
        return node
    found = _exponential(node, name) if name in free_symbols(node) else None
    if found is not None:
        base, slope, offset = found
        exponent = int(slope * _logarithm(base, common) * scale)
        factor = ONE if offset == 0 else power(Constant("e") if base == "e" else Number(Fraction(base)), Number(offset))
        return times(factor, power(Symbol(KERNEL), Number(Fraction(exponent))))
    parts = [_replaced(part, name, common, scale) for part in node.args]
    return Call(node.head, tuple(part for part in parts if part is not None))


# log(x) --------------------------------------------------------------------------------------------------------------


def _in_logarithm(gap: Node, name: str) -> Node | None:
    """The equation in u = log(a*x + b), the only place where x stands."""
    inner = {part.args[0] for part in _calls(gap) if part.head == "Log" and name in free_symbols(part)}
    if len(inner) != 1:
        return None
    argument = inner.pop()
    if exact.value(derivative(argument, name)) in {None, 0}:
        return None
    replaced = _without(gap, Call("Log", (argument,)))
    return replaced if name not in free_symbols(replaced) else None


def _without(node: Node, kernel: Call) -> Node:
    if node == kernel:
        return Symbol(KERNEL)
    return Call(node.head, tuple(_without(part, kernel) for part in node.args)) if isinstance(node, Call) else node
