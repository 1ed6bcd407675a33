"""Identities proved: both sides as quotients in one field of kernels, whose difference reduces to zero.

What is proved holds wherever both sides are defined. Nothing is refuted here: a difference that does not reduce to zero
may be zero for a reason that the relations don't know.
"""

from proofmill.verifiers.expressions import derivative, exact, roots
from proofmill.verifiers.expressions.field import RESTARTS, Quotient, Restart, Unprovable, as_rational, constant, unit
from proofmill.verifiers.expressions.kernel_rules import RULES
from proofmill.verifiers.expressions.kernels import Kernels
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, bound_name, number, substitute
from proofmill.verifiers.verdict import Unreadable

SUM_TERMS = 60
"""Of a finite sum or product that is written out."""
SPLITS = 2
"""How often a proof is split into the two signs of a factor."""


def proves_equal(left: Node, right: Node, *, real: bool, positive: bool = False) -> bool:
    """Whether the two sides are proved equal wherever both are defined; False proves nothing.

    Kernels are met in another order when the sides change places, so both orders are tried.
    """
    sides = ((left, right), (right, left))
    return any(_proves(one, two, real=real, positive=positive) for one, two in sides)


def _proves(left: Node, right: Node, *, real: bool, positive: bool) -> bool:
    return _in_all_cases(Kernels(real=real, positive=positive), left, right, SPLITS)


def _in_all_cases(field: Kernels, left: Node, right: Node, splits: int) -> bool:
    """sqrt(x/y) says that x and y have one sign: what is not proved at once may be, for either sign."""
    if _reduces(field, left, right):
        return True
    if field.open_sign is None or not splits:
        return False
    cases = (field.supposing(field.open_sign, sign) for sign in (1, -1))
    return all(_in_all_cases(case, left, right, splits - 1) for case in cases)


def _reduces(field: Kernels, left: Node, right: Node) -> bool:
    for _ in range(RESTARTS):
        try:
            return _vanishes(Translation(field), left, right)
        except Restart:
            field.relations.clear()
        except (Unprovable, Unreadable, RecursionError):
            return False
    return False


def _vanishes(translation: "Translation", left: Node, right: Node) -> bool:
    field = translation.field
    one, two = translation.of(left), translation.of(right)
    gap = field.add(one, field.negate(two))
    if field.reduced(gap.below).is_zero():
        return False
    return field.is_zero(gap)


class Translation:
    """A tree as a quotient in a field; every head is either understood or a kernel of its own."""

    def __init__(self, field: Kernels) -> None:
        self.field = field

    def of(self, node: Node) -> Quotient:
        if isinstance(node, Number):
            return constant(node.value)
        if isinstance(node, Symbol):
            found = self.field.generator(f"symbol {node.name}")
            if self.field.all_positive:
                self.field.positive.add(self.field.keys[f"symbol {node.name}"])
            return Quotient(found, unit())
        if isinstance(node, Constant):
            return self._constant(node.name)
        return self._call(node)

    def _constant(self, name: str) -> Quotient:
        match name:
            case "pi":
                found = self.field.generator("pi")
                self.field.positive.add(self.field.keys["pi"])
                return Quotient(found, unit())
            case "e":
                return self.field.exp(constant(1))
            case "i":
                return self.field.imaginary()
        raise Unprovable(f"no value for {name}")

    def _call(self, node: Call) -> Quotient:
        match node.head:
            case "Pow":
                return self._power(node.args[0], node.args[1])
            case "Sum" | "Product":
                return self._written_out(node)
            case "Derivative":
                found = derivative.carried_out(node)
                return self._opaque(node) if isinstance(found, Call) and found.head == "Derivative" else self.of(found)
            case "Integral" | "Limit" | "LimitLeft" | "LimitRight" | "Piecewise" | "Apply":
                return self._opaque(node)
        if node.head in {"Binomial", "Factorial"} and (known := exact.value(node)) is not None:
            return constant(known)
        parts = [self.of(part) for part in node.args]
        rule = RULES.get(node.head)
        return self._opaque_parts(node.head, parts) if rule is None else rule(self.field, parts)

    def _opaque(self, node: Call) -> Quotient:
        """Equal when head and arguments are; for calculus only when these are the same trees."""
        if node.head == "Apply" and isinstance(node.args[0], Symbol):
            return self._opaque_parts(f"Apply {node.args[0].name}", [self.of(part) for part in node.args[1:]])
        if node.head == "Integral" and len(node.args) == 2 and bound_name(node) is not None:
            return self._integral(node)
        return self.field.opaque(f"tree {node!r}", real=self.field.real)

    def _integral(self, node: Call) -> Quotient:
        """A definite integral, equal to one with the same integrand and bounds."""
        name, binder = bound_name(node), node.args[1]
        if not isinstance(binder, Call):
            raise Unprovable("an integral without bounds")
        body = self.of(substitute_bound(node.args[0], str(name)))
        return self._opaque_parts("Integral", [body, *(self.of(end) for end in binder.args[1:])])

    def _opaque_parts(self, head: str, parts: list[Quotient]) -> Quotient:
        keys = ", ".join(map(self.field.key, parts))
        return self.field.opaque(f"{head}({keys})", real=self.field.real)

    def _written_out(self, node: Call) -> Quotient:
        name, binder = bound_name(node), node.args[1]
        ends = binder.args[1:] if isinstance(binder, Call) else ()
        first, last = (exact.value(end) for end in ends) if len(ends) == 2 else (None, None)
        if first is None or last is None or first.denominator != 1 or last.denominator != 1:
            return self._opaque(node)
        if not -1 <= last - first < SUM_TERMS:
            raise Unprovable("a sum of many terms")
        found = constant(0 if node.head == "Sum" else 1)
        for index in range(int(first), int(last) + 1):
            term = self.of(substitute(node.args[0], {str(name): number(index)}))
            found = self.field.add(found, term) if node.head == "Sum" else self.field.multiply(found, term)
        return found

    def _power(self, base: Node, exponent: Node) -> Quotient:
        field, power = self.field, exact.value(exponent)
        if power is not None:
            return roots.rational_power(field, self.of(base), power)
        raised = self.of(exponent)
        known = as_rational(field.lowest(raised).above) if field.lowest(raised).below.is_constant() else None
        if known is not None:
            return roots.rational_power(field, self.of(base), known)
        value = exact.value(base)
        if value is not None and value < 0:
            return roots.negative_power(field, value, raised)
        return field.exp(field.multiply(raised, roots.log(field, self.of(base))))


def substitute_bound(body: Node, name: str) -> Node:
    """The body with its bound variable under a name that no text can spell."""
    return substitute(body, {name: Symbol("bound variable")})
