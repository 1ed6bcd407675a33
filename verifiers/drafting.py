"""What the verifiers of expressions read out of a draft: claims and the answer, as trees."""

import re

from proofmill.verifiers.answering.answers import final_answer, unwrapped
from proofmill.verifiers.answering.quantities import read_answer
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import (
    Call,
    Node,
    Symbol,
    free_symbols,
    heads_of,
    is_statement,
    number,
    substitute,
)
from proofmill.verifiers.verdict import Draft, Unreadable

_INTRODUCED = re.compile(r"^\s*\$?\s*[A-Za-z]'{0,4}\s*\(\s*[A-Za-z]\s*\)\s*=(?!=)|^\s*\$?\s*[A-Za-z]'{1,4}\s*=(?!=)")
"""`F(x) =` and `y' =` before an answer."""
ARRAYS = frozenset({"Sequence", "Tuple", "List", "Set", "Matrix"})


def claimed(draft: Draft, name: str) -> Node:
    """The tree of one claim; Unreadable where the draft does not make it."""
    return with_positive(draft, read(unwrapped(draft.claim(name))))


def claimed_or_none(draft: Draft, name: str) -> Node | None:
    """The tree of a claim that need not be made."""
    return None if draft.claims.get(name) is None else claimed(draft, name)


def claimed_list(draft: Draft, name: str) -> list[Node]:
    """The trees of a claim that is a list of texts, or one text."""
    value = draft.claims.get(name)
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise Unreadable(f"claims.{name}: expected a list of texts (found {value!r})", reason="claim_missing")
    return [read(unwrapped(text)) for text in texts]


def claimed_variable(draft: Draft, trees: list[Node]) -> str:
    """The variable: claims["variable"], or the only symbol that the trees hold."""
    value = draft.claims.get("variable")
    if isinstance(value, str) and value.strip():
        node = read(value.strip())
        if not isinstance(node, Symbol):
            raise Unreadable(f"claims.variable: expected a name (found {value!r})", reason="claim_missing")
        return node.name
    names = frozenset().union(*map(free_symbols, trees))
    if len(names) != 1:
        raise Unreadable(f"claims.variable is missing, and there are {sorted(names)}", reason="claim_missing")
    return next(iter(names))


def answer_text(draft: Draft) -> str:
    """The draft's answer as it is written; without one, the final answer of its solution."""
    return draft.answer if draft.answer.strip() else final_answer(draft.solution)


def answered(draft: Draft) -> Node:
    """The tree of the answer, of whatever shape; a percentage is a hundredth, `f(x) = x^2` its right side."""
    answer = read_answer(_INTRODUCED.sub("", answer_text(draft)))
    value = Symbol(answer.words) if len(answer.words) == 1 else answer.value
    if value is None:
        value = _function_in_words(answer.text)
    return with_positive(draft, Call("Div", (value, number(100))) if answer.percent else value)


def with_positive(draft: Draft, node: Node) -> Node:
    """The tree with a as |a| for every parameter that claims["positive"] lists; the variable is never one."""
    names = draft.claims.get("positive") or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name.isidentifier() for name in names):
        raise Unreadable(f"claims.positive: expected a list of names (found {names!r})", reason="claim_missing")
    if not names:
        return node
    return substitute(
        node, {name: Call("Abs", (Symbol(name),)) for name in names if name != draft.claims.get("variable")}
    )


_ARITHMETIC = frozenset({"Add", "Div", "Mul", "Neg", "Pow"})


def _function_in_words(text: str) -> Node:
    """`sin x`, which looks like words; other words are no expression."""
    try:
        value = read(text)
    except Unreadable as why:
        raise Unreadable(f"an answer in words: {text!r}", reason="not_an_expression") from why
    if heads_of(value) <= _ARITHMETIC:
        raise Unreadable(f"an answer in words: {text!r}", reason="not_an_expression")
    return value


def answered_value(draft: Draft) -> Node:
    """The answer as one value: of `F(x) = x^2` or `y = x^2` the right side; anything else is Unreadable."""
    return value_of(answered(draft))


def value_of(node: Node) -> Node:
    """The value that `name = value` gives to a name; a bare value is itself."""
    if isinstance(node, Call) and node.head == "Eq" and _names_something(node.args[0]):
        node = node.args[1]
    if is_statement(node) or (isinstance(node, Call) and node.head in ARRAYS):
        raise Unreadable("expected one value", reason="not_an_expression")
    return node


def _names_something(node: Node) -> bool:
    """A symbol, or an unknown function of something: what stands left of `=` where a value is introduced."""
    return isinstance(node, Symbol) or (isinstance(node, Call) and node.head in {"Apply", "Integral", "Derivative"})
