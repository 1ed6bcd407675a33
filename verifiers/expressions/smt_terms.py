"""Trees to Z3's arithmetic terms: exact numbers, and beside each term the conditions under which it has a meaning."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from proofmill.verifiers.expressions import exact, limits
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol
from proofmill.verifiers.verdict import Unreadable

Sort: TypeAlias = Literal["integer", "real", "boolean"]
Term: TypeAlias = tuple[Any, tuple[Any, ...]]
"""A term of Z3, and the conditions under which it has the value that the tree means."""

DEGREE = 24
"""The highest degree of a polynomial that is handed over."""
NUMBER_BITS = 2_000


class Terms:
    """The terms of one context; `definitions` must be asserted beside them."""

    def __init__(self, sorts: Mapping[str, Sort], default: Sort | None = "real") -> None:
        import z3

        self.z3 = z3
        self.context = z3.Context()
        self.sorts = sorts
        self.default = default
        self.definitions: list[Any] = []
        self.symbols: dict[str, Any] = {}
        self._known: dict[Node, Term] = {}
        self._fresh = 0

    def both(self, parts: list[Any]) -> Any:
        """The conjunction, of any number of terms."""
        return self.z3.And(*parts, self.z3.BoolVal(True, self.context)) if len(parts) != 1 else parts[0]

    def either(self, parts: list[Any]) -> Any:
        """The disjunction, of any number of terms."""
        return self.z3.Or(*parts, self.z3.BoolVal(False, self.context)) if len(parts) != 1 else parts[0]

    def symbol(self, name: str) -> Any:
        """The unknown of a name, of the sort that was declared for it."""
        if name not in self.symbols:
            sort = self.sorts.get(name, self.default)
            if sort is None:
                raise Unreadable(f"{name}: a name that nothing declares", reason="unknown_name")
            make = {"integer": self.z3.Int, "real": self.z3.Real, "boolean": self.z3.Bool}[sort]
            self.symbols[name] = make(name, self.context)
        return self.symbols[name]

    def term(self, node: Node) -> Term:
        """An arithmetic term, and the conditions under which it has the value that the tree means."""
        if node not in self._known:
            if degree(node) > DEGREE:
                raise limits.too_large(f"a polynomial of degree over {DEGREE}")
            self._known[node] = self._term(node)
        return self._known[node]

    def _term(self, node: Node) -> Term:
        if isinstance(node, Symbol):
            found = self.symbol(node.name)
            if self.z3.is_bool(found):
                raise not_supported(f"{node.name} as a number")
            return found, ()
        value = exact.value(node)
        if value is not None:
            return self.number(value), ()
        if not isinstance(node, Call):
            raise not_supported(called(node))
        if node.head == "Pow":
            return self._power(node.args[0], exact.value(node.args[1]))
        if node.head == "Sqrt":
            return self._power(node.args[0], Fraction(1, 2))
        function = _FUNCTIONS.get(node.head)
        if function is None:
            raise not_supported(node.head)
        parts = [self.term(part) for part in node.args]
        found, more = function(self, [part for part, _ in parts])
        return found, (*(condition for _, conditions in parts for condition in conditions), *more)

    def number(self, value: Fraction) -> Any:
        """An exact number: an integer where it is one."""
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > NUMBER_BITS:
            raise limits.too_large(f"a number of more than {NUMBER_BITS} bits")
        if value.denominator == 1:
            return self.z3.IntVal(value.numerator, self.context)
        return self.z3.Q(value.numerator, value.denominator, self.context)

    def real(self, term: Any) -> Any:
        """An integer term among the reals."""
        return self.z3.ToReal(term) if self.z3.is_int(term) else term

    def unknown(self) -> Any:
        """A fresh real that nobody else names."""
        self._fresh += 1
        return self.z3.Real(f"!{self._fresh}", self.context)

    def quotient(self, above: Any, below: Any) -> Term:
        """The exact quotient, where the denominator is not zero; of integers too."""
        if self.z3.is_int_value(below) or self.z3.is_rational_value(below):
            return self.real(above) / self.real(below), (below != 0,)
        found = self.unknown()
        self.definitions.append(self.z3.Implies(below != 0, found * self.real(below) == self.real(above)))
        return found, (below != 0,)

    def _power(self, base: Node, exponent: Fraction | None) -> Term:
        """Whole exponents by multiplication; an even root needs a base that is not negative, an odd one is real."""
        if exponent is None or abs(exponent.numerator) > DEGREE or exponent.denominator > DEGREE:
            raise not_supported("a power whose exponent is no small number")
        term, conditions = self.term(base)
        if exponent.denominator > 1:
            root = self.unknown()
            defined = self._repeated(root, exponent.denominator) == self.real(term)
            if exponent.denominator % 2:
                self.definitions.append(defined)
                term = root
            else:
                self.definitions.append(self.z3.Implies(term >= 0, self.z3.And(root >= 0, defined)))
                term, conditions = root, (*conditions, term >= 0)
        raised = self._repeated(term, abs(exponent.numerator))
        if exponent > 0:
            return raised, conditions
        if exponent == 0:
            return self.number(Fraction(1)), (*conditions, term != 0)
        found, more = self.quotient(self.number(Fraction(1)), raised)
        return found, (*conditions, *more)

    def _repeated(self, term: Any, times: int) -> Any:
        found = term
        for _ in range(times - 1):
            found = found * term
        return found


def degree(node: Node) -> int:
    """A bound for the degree of the polynomials that a tree becomes."""
    if isinstance(node, Symbol):
        return 1
    if not isinstance(node, Call):
        return 0
    parts = [degree(part) for part in node.args]
    if node.head in {"Mul", "Div"}:
        return sum(parts)
    if node.head == "Pow":
        exponent = exact.value(node.args[1])
        return parts[0] * max(1, abs(exponent.numerator) if exponent is not None else 1)
    return max(parts, default=0)


def not_supported(what: str) -> Unreadable:
    """The refusal of what Z3 can't hold exactly."""
    return Unreadable(f"{what}: nothing that Z3 can hold exactly", reason="not_supported")


def called(node: Node) -> str:
    return node.head if isinstance(node, Call) else str(getattr(node, "name", getattr(node, "value", "")))


def _sum(terms: Terms, parts: list[Any]) -> Term:
    return terms.z3.Sum(*parts), ()


def _product(_: Terms, parts: list[Any]) -> Term:
    found = parts[0]
    for part in parts[1:]:
        found = found * part
    return found, ()


def _extreme(terms: Terms, parts: list[Any], largest: bool) -> Term:
    found = parts[0]
    for part in parts[1:]:
        found = terms.z3.If(found >= part if largest else found <= part, found, part)
    return found, ()


def _sign(terms: Terms, parts: list[Any]) -> Term:
    one, none, minus = (terms.number(Fraction(value)) for value in (1, 0, -1))
    return terms.z3.If(parts[0] > 0, one, terms.z3.If(parts[0] < 0, minus, none)), ()


def _floor(terms: Terms, parts: list[Any], sign: int) -> Term:
    term = parts[0]
    return term if terms.z3.is_int(term) else sign * terms.z3.ToInt(sign * term), ()


def _remainder(terms: Terms, parts: list[Any]) -> Term:
    """Of integers by a positive one; there the Euclidean and the flooring remainder are the same."""
    if not all(map(terms.z3.is_int, parts)):
        raise not_supported("a remainder of other than integers")
    return parts[0] % parts[1], (parts[1] > 0,)


_Function: TypeAlias = Callable[[Terms, list[Any]], Term]

_FUNCTIONS: dict[str, _Function] = {
    "Abs": lambda terms, parts: (terms.z3.If(parts[0] >= 0, parts[0], -parts[0]), ()),
    "Add": _sum,
    "Ceiling": lambda terms, parts: _floor(terms, parts, -1),
    "Div": lambda terms, parts: terms.quotient(parts[0], parts[1]),
    "Floor": lambda terms, parts: _floor(terms, parts, 1),
    "Max": lambda terms, parts: _extreme(terms, parts, True),
    "Min": lambda terms, parts: _extreme(terms, parts, False),
    "Mod": _remainder,
    "Mul": _product,
    "Neg": lambda _, parts: (-parts[0], ()),
    "Sign": _sign,
}
