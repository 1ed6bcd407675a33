"""Equations over the complex numbers: zero sets of polynomials whose coefficients may hold i and roots."""

from fractions import Fraction
from typing import Any, Final

from flint import acb, acb_poly

from proofmill.verifiers.expressions import balls
from proofmill.verifiers.expressions.nodes import Call, Constant, Node
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.relations import statements
from proofmill.verifiers.relations.algebra import Polynomial, Ring
from proofmill.verifiers.relations.signs import evaluated
from proofmill.verifiers.verdict import Unreadable

VALUES: Final = tuple(map(Fraction, ("2", "-3", "1/2", "5", "-2/3", "7/4", "3", "-1")))
LINES: Final = 4
BITS: Final = 256


def compare(left: Node, right: Node) -> Comparison:
    """Compare equations, or alternatives of equations, as sets of complex points; roots count once.

    Equal if the products of their gaps are the same up to a constant, or have the same square-free factors over the
    rationals; different if on some line parallel to an axis a root of one is certainly no root of the other.
    """
    from proofmill.verifiers.relations import factors

    if not _has_atoms(left, right):
        same = factors.same_equation(left, right, complex_numbers=True)
        if same:
            return Comparison("equal", f"factors over C, {same}", strength="proved" if same == "proved" else "agreed")
    ring, products = _products(left, right)
    if _proportional(ring, products):
        partial = bool(ring.denominators)
        told = {"common_domain": partial}
        return Comparison("equal", "proportional over C", told, "agreed" if partial else "proved")
    return _by_lines(ring, products)


def _has_atoms(*nodes: Node) -> bool:
    sides = [side for node in nodes for leaf in statements.leaves(node) if isinstance(leaf, Call) for side in leaf.args]
    return bool(Ring(sides).atoms)


def _products(*nodes: Node) -> tuple[Ring, list[Polynomial]]:
    """The product of the gaps of each statement; raises Unreadable where it is no alternative of equations."""
    leaves = [_alternatives(node) for node in nodes]
    ring = Ring([side for found in leaves for leaf in found for side in leaf.args])
    products = []
    for node, found in zip(nodes, leaves, strict=True):
        total = ring.constant(0 if node == statements.TRUE else 1)
        for leaf in found:
            total = ring.reduced(total * ring.difference(*leaf.args).above)
        products.append(total)
    if any(not atom.radicand.above.is_constant() for atom in ring.atoms):
        raise Unreadable("a root of a variable over the complex numbers", reason="not_supported")
    return ring, products


def _alternatives(node: Node) -> list[Call]:
    """The equations of an alternative of equations."""
    parts = node.args if isinstance(node, Call) and node.head == "Or" else () if isinstance(node, Constant) else (node,)
    found = [part for part in parts if isinstance(part, Call) and part.head == "Eq"]
    if len(found) < len(parts):
        raise Unreadable("more than equations over the complex numbers", reason="not_supported")
    return found


def _proportional(ring: Ring, products: list[Polynomial]) -> bool:
    """Equal up to a constant of the field that the atoms generate: cross products with leading coefficients agree."""
    if any(product.is_zero() for product in products):
        return all(product.is_zero() for product in products)
    first, second = (_by_monomials(product, ring) for product in products)
    key = max(first)
    if key not in second:
        return False
    one, two = first[key], second[key]
    return bool(ring.reduced(products[0] * two - products[1] * one).is_zero()) and not ring.reduced(two).is_zero()


def _by_monomials(product: Polynomial, ring: Ring) -> dict[tuple[int, ...], Polynomial]:
    """The coefficients, polynomials in the atoms, by the powers of the symbols."""
    count = len(ring.symbols)
    found: dict[tuple[int, ...], Any] = {}
    for powers, factor in product.terms():
        exponents = tuple(map(int, powers))
        rest = (0,) * count + exponents[count:]
        term = ring.context.from_dict({rest: factor})
        before: Any = found.get(exponents[:count], ring.constant(0))
        found[exponents[:count]] = before + term
    return found


def _by_lines(ring: Ring, products: list[Polynomial]) -> Comparison:
    with balls.precision(BITS):
        for index in range(LINES):
            for name in ring.symbols:
                others = [other for other in ring.symbols if other != name]
                fixed = {other: VALUES[(index + 2 * at) % len(VALUES)] for at, other in enumerate(others)}
                witness = _apart(ring, products, name, fixed)
                if witness is not None:
                    return Comparison("different", "roots over C", {"witness": witness})
    return Comparison("unknown", "not_decided")


def _apart(ring: Ring, products: list[Polynomial], name: str, fixed: dict[str, Fraction]) -> dict[str, str] | None:
    """A root of one polynomial on a line that is certainly none of the other, nor of a denominator."""
    values = {other: balls.ball(value) for other, value in fixed.items()}
    for atom in ring.atoms:
        radicand = evaluated(atom.radicand.above, values) / evaluated(atom.radicand.below, values)
        values[atom.name] = acb(0, 1) if atom.kind == "imaginary" else radicand ** (acb(1) / atom.degree)
    for one, two in (products, products[::-1]):
        for root in _roots(ring, one, name, values):
            here = {**values, name: root}
            if all(not evaluated(part, here).contains(0) for part in (two, *ring.denominators)):
                told = {other: str(value) for other, value in fixed.items()}
                return {**told, name: root.str(12)}
    return None


def _roots(ring: Ring, product: Polynomial, name: str, values: dict[str, Any]) -> list[Any]:
    index = list(ring.generators).index(name)
    rows: dict[int, Any] = {}
    for powers, factor in product.terms():
        power = int(powers[index])
        lowered = tuple(0 if at == index else int(part) for at, part in enumerate(powers))
        rows[power] = rows.get(power, acb(0)) + evaluated(ring.context.from_dict({lowered: factor}), values)
    if not rows or max(rows) < 1 or max(rows) > 60 or rows[max(rows)].contains(0):
        return []
    try:
        return list(acb_poly([rows.get(power, acb(0)) for power in range(max(rows) + 1)]).roots())
    except ValueError:
        return []
