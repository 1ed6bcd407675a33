"""Does one statement follow from another? By elimination and exact cells, or by Z3; a no has a checked witness."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from proofmill.verifiers.expressions import exact, smt
from proofmill.verifiers.expressions.nodes import (
    CALCULUS,
    RELATIONS,
    Call,
    Constant,
    Node,
    Number,
    Symbol,
    free_symbols,
    number,
    substitute,
    walk,
)
from proofmill.verifiers.expressions.policy import Domain
from proofmill.verifiers.expressions.smt_terms import Sort
from proofmill.verifiers.expressions.writer import text_of
from proofmill.verifiers.relations import cells, statements
from proofmill.verifiers.relations.statements import FALSE, TRUE
from proofmill.verifiers.verdict import Unreadable

RLIMIT: Final = 6_000_000
"""Z3's steps for one direction of one comparison: about half a second."""
HARD: Final = 10
HIGH_POWER: Final = 8
LARGEST: Final = 1_500
"""Nodes of a statement after elimination."""


@dataclass(frozen=True, slots=True)
class Entailment:
    """yes, with its strength; no, with a point where the premise holds and the conclusion does not; or unknown."""

    answer: Literal["yes", "no", "unknown"]
    method: str
    witness: dict[str, str] | None = None
    strength: Literal["proved", "agreed", ""] = ""


def entails(premise: Node, conclusion: Node, *, domain: Domain = "real") -> Entailment:
    """Whether the conclusion holds wherever the premise does; both are normal forms."""
    if premise in (FALSE, conclusion) or conclusion == TRUE:
        return Entailment("yes", "structure", strength="proved")
    if isinstance(premise, Call) and premise.head == "Or":
        return _every([entails(part, conclusion, domain=domain) for part in premise.args])
    eliminated = _eliminated(premise, conclusion) if domain != "integer" else None
    if eliminated is not None:
        name, value, premise, conclusion = eliminated
        found = entails(premise, conclusion, domain=domain)
        return _with_value(found, name, value)
    names = sorted(statements.variables(premise) | statements.variables(conclusion))
    if len(names) <= 1 and domain != "integer":
        try:
            return _by_cells(premise, conclusion, names[0] if names else "x")
        except Unreadable:
            pass
    return _by_z3(premise, conclusion, names, domain)


def _every(parts: list[Entailment]) -> Entailment:
    for part in parts:
        if part.answer == "no":
            return part
    for part in parts:
        if part.answer == "unknown":
            return part
    weak = any(part.strength == "agreed" for part in parts)
    methods = " + ".join(sorted({part.method for part in parts}))
    return Entailment("yes", methods, strength="agreed" if weak else "proved")


def _by_cells(premise: Node, conclusion: Node, name: str) -> Entailment:
    found = cells.difference(premise, conclusion, name)
    if found.left_only is not None:
        return Entailment("no", "cells", found.left_only)
    return Entailment("yes", "cells", strength="proved")


# Elimination ---------------------------------------------------------------------------------------------------------


def _eliminated(premise: Node, conclusion: Node) -> tuple[str, Node, Node, Node] | None:
    """(name, value, premise, conclusion) with a variable replaced that an equation of the premise determines."""
    conjuncts = premise.args if isinstance(premise, Call) and premise.head == "And" else (premise,)
    for conjunct in conjuncts:
        if isinstance(conjunct, Call) and conjunct.head == "Eq":
            for name in sorted(free_symbols(conjunct)):
                value = solved(conjunct, name)
                if value is not None:
                    here = {name: value}
                    after = statements.both([Call("Eq", (value, value)), statements.replaced(premise, here)])
                    then = statements.replaced(conclusion, here)
                    if _fits(after) and _fits(then):
                        return name, value, after, then
    return None


def _fits(node: Node) -> bool:
    return sum(1 for _ in walk(node)) <= LARGEST


def solved(equation: Call, name: str) -> Node | None:
    """The value that an equation gives a variable which stands in it once, times a rational number."""
    left, right = equation.args
    slopes = slope(left, name), slope(right, name)
    if slopes[0] is None or slopes[1] is None or slopes[0] == slopes[1]:
        return None
    here = {name: number(0)}
    gap = Call("Add", (substitute(right, here), Call("Neg", (substitute(left, here),))))
    factor = slopes[0] - slopes[1]
    if left == Symbol(name) and not slopes[1]:
        return right
    return gap if factor == 1 else Call("Div", (gap, Number(factor)))


def slope(node: Node, name: str) -> Fraction | None:
    """The factor of a variable in an expression that is plainly linear in it; None where it is not."""
    if node == Symbol(name):
        return Fraction(1)
    if name not in free_symbols(node):
        return Fraction(0)
    if not isinstance(node, Call):
        return None
    parts = [slope(part, name) for part in node.args]
    if node.head in {"Add", "Neg"}:
        if any(part is None for part in parts):
            return None
        total = sum((part for part in parts if part is not None), Fraction(0))
        return -total if node.head == "Neg" else total
    return _scaled(node, name, parts)


def _scaled(node: Call, name: str, parts: list[Fraction | None]) -> Fraction | None:
    """The factor of `3*x` and `x/2`: one part holds the variable, the others are rational."""
    holding = [index for index, part in enumerate(node.args) if name in free_symbols(part)]
    if node.head not in {"Mul", "Div"} or len(holding) != 1 or (node.head == "Div" and holding[0]):
        return None
    found = parts[holding[0]]
    for index, part in enumerate(node.args):
        if index != holding[0]:
            value = exact.value(part)
            if value is None or found is None or not value:
                return None
            found = found / value if node.head == "Div" else found * value
    return found


def _with_value(found: Entailment, name: str, value: Node) -> Entailment:
    """The witness with the value of the variable that was eliminated."""
    if found.witness is None:
        return found
    told = {**found.witness, name: text_of(value)}
    return Entailment(found.answer, f"elimination, {found.method}", told, found.strength)


# Z3 ------------------------------------------------------------------------------------------------------------------

_ALGEBRAIC: Final = frozenset({"Add", "Mul", "Neg", "Div", "Sqrt", "Abs", "Max", "Min", "Floor", "Ceiling", "Sign"})


def _by_z3(premise: Node, conclusion: Node, names: list[str], domain: Domain) -> Entailment:
    if _hard(premise) + _hard(conclusion) > HARD:
        return Entailment("unknown", "too_large")
    table: dict[Node, Node] = {}
    one, two = abstracted(premise, table), abstracted(conclusion, table)
    boolean = statements.propositions(premise) | statements.propositions(conclusion)
    sorts: dict[str, Sort] = dict.fromkeys(sorted(boolean), "boolean")
    if domain == "integer":
        sorts |= dict.fromkeys(names, "integer")
    try:
        found = smt.implies([one], two, sorts=sorts, rlimit=RLIMIT)
    except Unreadable as why:
        return Entailment("unknown", why.reason)
    if found.outcome == "unsat":
        shared = not table or _share_calls(premise, conclusion)
        return Entailment("yes", "z3", strength="proved" if shared else "agreed")
    if found.outcome == "sat" and not table:
        return _checked(premise, conclusion, found.model)
    return Entailment("unknown", "z3")


def _hard(node: Node) -> int:
    """How many quotients, roots and high powers Z3 would have to reason about; some of its steps escape its budget."""
    found = 0
    for part in walk(node):
        if isinstance(part, Call) and part.head in {"Sqrt", "Div"}:
            found += exact.value(part.args[-1]) is None
        elif isinstance(part, Call) and part.head == "Pow":
            exponent = exact.value(part.args[1])
            found += exponent is None or exponent.denominator > 1 or abs(exponent) > HIGH_POWER
    return found


def abstracted(node: Node, table: dict[Node, Node]) -> Node:
    """The statement with a fresh variable for everything that is not algebraic; the same tree has the same one."""
    if isinstance(node, Constant) and node.name in {"pi", "e"}:
        return table.setdefault(node, Symbol(f"!u{len(table)}"))
    if not isinstance(node, Call):
        return node
    power = node.head == "Pow" and exact.value(node.args[1]) is not None
    known = node.head in _ALGEBRAIC or node.head in {"And", "Or", "Not"} or node.head in RELATIONS or power
    if not known or node.head in CALCULUS:
        return table.setdefault(node, Symbol(f"!u{len(table)}"))
    return Call(node.head, tuple(abstracted(part, table) for part in node.args))


def _share_calls(premise: Node, conclusion: Node) -> bool:
    """Whether the conclusion needs no value that the premise does not need anyway: its calls stand in the premise."""
    first: dict[Node, Node] = {}
    second: dict[Node, Node] = {}
    conjuncts = premise.args if isinstance(premise, Call) and premise.head == "And" else (premise,)
    for conjunct in conjuncts:
        if isinstance(conjunct, Call) and conjunct.head != "Or":
            abstracted(conjunct, first)
    abstracted(conclusion, second)
    return set(second) <= set(first)


def _checked(premise: Node, conclusion: Node, model: Mapping[str, smt.Value]) -> Entailment:
    """A counter-model counts only after our own arithmetic has found that it is one."""
    truths = {name: TRUE if value else FALSE for name, value in model.items() if isinstance(value, bool)}
    rational = {name: value for name, value in model.items() if isinstance(value, Fraction)}
    irrational = [name for name, value in model.items() if isinstance(value, smt.Root)]
    if len(irrational) > 1:
        return Entailment("unknown", "z3, witness not checked")
    here: dict[str, Node] = {name: Number(value) for name, value in rational.items()}
    one, two = (statements.replaced(_decided(side, truths), here) for side in (premise, conclusion))
    try:
        found = cells.difference(one, two, irrational[0] if irrational else "x")
    except Unreadable as why:
        return Entailment("unknown", why.reason)
    if found.left_only is None:
        return Entailment("unknown", "z3, witness not confirmed")
    told = {name: str(value) for name, value in {**truths, **rational}.items() if name not in truths}
    told |= {name: "true" if value == TRUE else "false" for name, value in truths.items()}
    return Entailment("no", "z3, witness checked", told | (found.left_only if irrational else {}))


def _decided(node: Node, truths: dict[str, Constant]) -> Node:
    """A normal form with truth values for its propositions."""
    if isinstance(node, Symbol):
        return truths.get(node.name, node)
    if isinstance(node, Call) and node.head == "Not":
        inner = _decided(node.args[0], truths)
        return {TRUE: FALSE, FALSE: TRUE}.get(inner, node) if isinstance(inner, Constant) else node
    if isinstance(node, Call) and node.head in {"And", "Or"}:
        join = statements.both if node.head == "And" else statements.either
        return join([_decided(part, truths) for part in node.args])
    return node
