"""The form that a rewritten expression has: expanded, factored, or shorter than it was."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from proofmill.verifiers.expressions.nodes import Call, Node, Number, free_symbols, walk

Form: TypeAlias = Literal["any", "expanded", "factored", "shorter"]


def has_form(answer: Node, asked: Node, form: Form) -> bool:
    """Whether an answer is in the form that is asked for.

    `expanded`: no product or power of a sum is left. `factored`: a product of factors that are irreducible polynomials
    over the rationals; numbers may stand inside or outside. `shorter`: fewer numbers, names and operations than
    `asked` has. Raises Unreadable where a factor is no algebraic expression.
    """
    if form == "expanded":
        return _is_expanded(answer)
    if form == "factored":
        return all(map(_is_irreducible, _factors(answer)))
    return form == "any" or sum(1 for _ in walk(answer)) < sum(1 for _ in walk(asked))


def _is_expanded(node: Node) -> bool:
    """Sums of products without a sum in them; what stands inside a function or below a fraction bar is left alone."""
    if not isinstance(node, Call):
        return True
    if node.head == "Add":
        return all(map(_is_expanded, node.args))
    if node.head == "Pow":
        return not _is_sum(node.args[0]) or not isinstance(node.args[1], Number)
    if node.head in {"Mul", "Neg", "Div"}:
        upper = node.args[:1] if node.head == "Div" else node.args
        return not any(map(_is_sum, upper)) and all(map(_is_expanded, upper))
    return True


def _is_sum(node: Node) -> bool:
    inner = node.args[0] if isinstance(node, Call) and node.head == "Neg" else node
    return isinstance(inner, Call) and inner.head == "Add"


def _factors(node: Node) -> Iterator[Node]:
    """The factors of a product, without signs, numbers and exponents."""
    if isinstance(node, Call) and node.head in {"Mul", "Neg"}:
        for part in node.args:
            yield from _factors(part)
    elif isinstance(node, Call) and node.head in {"Pow", "Div"} and isinstance(node.args[1], Number):
        yield from _factors(node.args[0])
    elif free_symbols(node):
        yield node


def _is_irreducible(node: Node) -> bool:
    from proofmill.verifiers.relations.algebra import Ring

    ratio = Ring([node]).ratio(node)
    if not ratio.below.is_constant():
        return False
    _, found = ratio.above.factor()
    return [times for _, times in found] == [1]
