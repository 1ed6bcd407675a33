"""Sums and products by proof: term by term, as a geometric series, or by induction."""

from fractions import Fraction

from proofmill.verifiers.expressions import exact, limits
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import INFINITY, ONE, minus, over, plus, times
from proofmill.verifiers.expressions.nodes import (
    CALCULUS,
    Call,
    Node,
    Number,
    Symbol,
    free_symbols,
    heads_of,
    substitute,
)
from proofmill.verifiers.strength import weakest

_LAST = "n_"
"""The upper end of a partial sum; no text can name it."""


def bounds(node: Call) -> tuple[str, Node, Node] | None:
    """The bound variable and its ends; None for an indefinite integral."""
    match node.args[1]:
        case Call("Tuple", (Symbol(name), low, high)):
            return name, low, high
    return None


def accumulated(node: Call) -> tuple[Node, str] | None:
    """The value of a sum or product, and the method that proves it; None where there is none."""
    found = bounds(node)
    if found is None:
        return None
    name, low, high = found
    first, last = exact.value(low), exact.value(high)
    if first is not None and last is not None:
        return _finite(node, name, first, last)
    if node.head != "Sum" or high != INFINITY:
        return None
    return _geometric(node.args[0], name, low) or _by_partial_sums(node.args[0], name, low)


def _by_partial_sums(body: Node, name: str, low: Node) -> tuple[Node, str] | None:
    """SymPy proposes a closed form of the partial sums; induction proves it, and an expansion gives its limit."""
    from proofmill.verifiers.expressions import from_symbolic, symbolic
    from proofmill.verifiers.expressions.laurent import Path, limit

    if free_symbols(body) != {name} or exact.value(low) is None or symbolic.has_large_power(body):
        return None
    partial = Call("Sum", (body, Call("Tuple", (Symbol(name), low, Symbol(_LAST)))))
    try:
        closed_form = from_symbolic.tree_of(symbolic.undecorated(partial))
    except (from_symbolic.NoTree, *symbolic.GAVE_UP):
        return None
    proof = by_induction(partial, closed_form)
    value = limit(closed_form, _LAST, Path(Fraction(0), 1, far=True)) if proof and proof.strength == "proved" else None
    return (Number(value), "partial sums by induction") if isinstance(value, Fraction) else None


def _finite(node: Call, name: str, first: Fraction, last: Fraction) -> tuple[Node, str] | None:
    """Term by term, where every term is rational."""
    if first.denominator != 1 or last.denominator != 1 or not 0 <= last - first + 1 <= limits.SUM_TERMS:
        return None
    total = Fraction(0 if node.head == "Sum" else 1)
    for index in range(int(first), int(last) + 1):
        term = exact.value(substitute(node.args[0], {name: Number(Fraction(index))}))
        if term is None:
            return None
        total = total + term if node.head == "Sum" else total * term
        if total.numerator.bit_length() + total.denominator.bit_length() > limits.RESULT_BITS:
            raise limits.too_large("a sum")
    return Number(total), "term by term"


def _geometric(body: Node, name: str, low: Node) -> tuple[Node, str] | None:
    """f(a)/(1 - r), where f(k + 1) = r f(k) for all k and |r| < 1."""
    first = substitute(body, {name: low})
    ratio = over(substitute(body, {name: plus(low, ONE)}), first)
    following = substitute(body, {name: plus(Symbol(name), ONE)})
    proof = compare(following, times(ratio, body), domain="positive")
    if proof.outcome != "equal" or proof.strength != "proved" or not _below_one(ratio):
        return None
    return over(first, minus(ONE, ratio)), "geometric series"


def _below_one(ratio: Node) -> bool:
    from proofmill.verifiers.solving.substitution import closed

    found = None if free_symbols(ratio) else closed(ratio)
    return found is not None and bool(abs(found) < 1)


def by_induction(claim: Node, answer: Node) -> Comparison | None:
    """S(a) = f(a) and S(n) = S(n - 1) + f(n): a sum (or product) up to a symbol has that value for all n >= a."""
    match claim:
        case Call("Sum" | "Product" as head, (body, Call("Tuple", (Symbol(name), low, Symbol(last))))):
            pass
        case _:
            return None
    start = exact.value(low)
    if start is None or last in free_symbols(body) or heads_of(body) & CALCULUS:
        return None
    term = substitute(body, {name: Symbol(last)})
    before = substitute(answer, {last: minus(Symbol(last), ONE)})
    step = plus(before, term) if head == "Sum" else times(before, term)
    base = compare(substitute(answer, {last: low}), substitute(body, {name: low}))
    if base.outcome != "equal":
        return Comparison(base.outcome, "induction", {**base.evidence, "step": "base"})
    found = compare(answer, step, domain="positive")
    if found.outcome != "equal":
        return None
    return Comparison("equal", "induction", found.evidence, weakest(base.strength, found.strength))
