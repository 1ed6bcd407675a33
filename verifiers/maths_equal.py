"""maths.equal: two texts say the same, for what they are: answers, expressions, antiderivatives, systems, formulas."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any, Final

from proofmill.verifiers import engines
from proofmill.verifiers.answering import matching
from proofmill.verifiers.expressions import equality
from proofmill.verifiers.expressions.nodes import (
    COLLECTIONS,
    RELATIONS,
    Call,
    Constant,
    Node,
    Symbol,
    bound_name,
    free_symbols,
    is_statement,
    substitute,
    walk,
)
from proofmill.verifiers.expressions.policy import Domain, Policy
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.kinds import Kind
from proofmill.verifiers.strength import Strength, judged
from proofmill.verifiers.verdict import Draft, Verdict, unknown

VERSION = "1"

USUAL_DISTANCE = Fraction(1, 20)
"""Of the kinds num-abs and num-rel, where the policy names none."""
_BY_SOLUTIONS = frozenset({"equiv", "subst-equiv", "logic"})
"""Kinds for which two statements without any solution are the same, as in computer algebra systems for teaching."""
MOST_NAMES = 6
"""Variables that are tried in each other's place; 720 comparisons at most, most of which end at the first point."""


def check(
    draft: Draft,
    *,
    kind: Kind = "answer",
    domain: Domain = "real",
    policy: dict[str, Any] | None = None,
    strength: Strength = "agreed",
) -> Verdict:
    """Decide whether an answer says the same as the known one.

    Reads:   answer, gold.
    Accepts: they mean the same as things of that kind (`proofmill.verifiers.kinds`) under the policy.
    Rejects: `differs`, with a witness or the exact values, or because one side is no thing of that kind.
    Unknown: a text outside the grammar, or a comparison that no engine decides.
    Method:  `proofmill.verifiers.expressions.equality`, and what evidence calls `method`.
    """
    if draft.gold is None or not draft.gold.strip() or not draft.answer.strip():
        return unknown("nothing_to_compare")
    vacuous = "equal" if kind in _BY_SOLUTIONS else "unknown"
    meant = Policy.of({"domain": domain, "vacuous": vacuous, **(policy or {})})
    found = _COMPARED[kind](draft.gold, draft.answer, meant)
    if meant.second_reader and kind in {"answer", "completion"}:
        from proofmill.verifiers.answering.second_reader import second_opinion

        found = second_opinion(draft.gold, draft.answer, found)
    return judged(found, strength=strength, accepted="equal", rejected="differs", **_engines(found))


def _engines(found: Comparison) -> dict[str, Mapping[str, str]]:
    """The versions of the engines that a comparison names."""
    said = f"{found.method} {' '.join(found.evidence)}"
    used = [name for name, marks in _MARKS.items() if any(mark in said for mark in marks)]
    return {"engines": engines.versions(*used)} if used else {}


_DELIMITED: Final = re.compile(r"\$\$([^$]+)\$\$|\$([^$]+)(?<!\\)\$|\\\((.+)\\\)|\\\[(.+)\\\]", re.DOTALL)
_NO_VARIABLE: Final = Comparison("unknown", "no_variable", {"detail": "no variable that both sides can have in common"})
_FLINT: Final = ("balls", "bits", "cells", "elimination", "factors", "flint", "roots", "separation")
_MARKS: Final = {"flint": _FLINT, "sympy": ("sympy",), "z3": ("z3", "rlimit")}


# One function per kind; (gold, pred, policy) -> Comparison ----------------------------------------------------------


def _answer(gold: str, pred: str, policy: Policy) -> Comparison:
    return matching.match_texts(gold, pred, policy=policy)


def _completion(gold: str, pred: str, policy: Policy) -> Comparison:
    return matching.match_texts(gold, pred, kind="completion", policy=policy)


def _equivalent(gold: str, pred: str, policy: Policy) -> Comparison:
    """As they stand: `y = x` is no value, not even x; an answer may name its value so."""
    one, two = _read(gold), _read(pred)
    for equation, other in ((one, two), (two, one)):
        if isinstance(equation, Call) and equation.head in RELATIONS and _is_value(other):
            return Comparison("different", "shape", {"detail": "an equation or inequality beside a value"})
    found = _trees(one, two, policy)
    if found.outcome == "different" and (_has_special(one) or _has_special(two)):
        return Comparison("unknown", "special_function", {"detail": "a function that no engine here knows"})
    return found


def _has_special(node: Node) -> bool:
    """Whether a function of mathematics that has no head is in the tree: Psi, zeta, Beta."""
    from proofmill.verifiers.expressions.calls import SPECIAL

    applied = (part.args[0] for part in walk(node) if isinstance(part, Call) and part.head == "Apply")
    return any(isinstance(name, Symbol) and name.name in SPECIAL for name in applied)


def _is_value(node: Node) -> bool:
    """What is a number: no statement, no collection, and no bare name, which may be a proposition."""
    if isinstance(node, Constant):
        return node.name in {"pi", "e", "i"}
    return not isinstance(node, Call) or (node.head not in COLLECTIONS and not is_statement(node))


def _antiderivative(gold: str, pred: str, policy: Policy) -> Comparison:
    from proofmill.verifiers.calculus.antiderivatives import same_antiderivative, variable_of

    one, two = _read(gold), _read(pred)
    variable = variable_of(one, two)
    return _NO_VARIABLE if variable is None else same_antiderivative(one, two, variable, policy)


def _with_constant(gold: str, pred: str, policy: Policy) -> Comparison:
    return _antiderivative(gold, pred, replace(policy, constant="required"))


def _derivative(gold: str, pred: str, policy: Policy) -> Comparison:
    from proofmill.verifiers.calculus.antiderivatives import same_derivative, variable_of

    one, two = _read(gold), _read(pred)
    return same_derivative(one, two, variable_of(one, two) or "x", policy)


def _system(gold: str, pred: str, policy: Policy) -> Comparison:
    from proofmill.verifiers.relations.systems import compare_systems

    return compare_systems(_read(gold), _read(pred), domain=policy.domain, policy=policy)


def _near(gold: str, pred: str, policy: Policy) -> Comparison:
    return _equivalent(
        gold, pred, policy if policy.tolerance is not None else replace(policy, tolerance=USUAL_DISTANCE)
    )


def _nearly(gold: str, pred: str, policy: Policy) -> Comparison:
    return _equivalent(gold, pred, policy if policy.relative is not None else replace(policy, relative=USUAL_DISTANCE))


def _renamed(gold: str, pred: str, policy: Policy) -> Comparison:
    """Equal once the prediction's variables are given the gold answer's names, in some way that is one to one."""
    one, two = _read(gold), _read(pred)
    ours, theirs = sorted(free_symbols(one)), sorted(free_symbols(two))
    if len(ours) != len(theirs):
        return Comparison("different", "names", {"names": [ours, theirs]})
    if {bound_name(node) for node in walk(two) if isinstance(node, Call)} & set(ours):
        return Comparison("unknown", "bound_name", {"detail": "a variable of one side is bound in the other"})
    if len(ours) > MOST_NAMES:
        return Comparison("unknown", "too_many_names", {"names": len(ours)})
    left_open: list[Comparison] = []
    for order in permutations(ours):
        renaming = dict(zip(theirs, order, strict=True))
        found = _trees(one, substitute(two, {name: Symbol(other) for name, other in renaming.items()}), policy)
        if found.outcome == "equal":
            return replace(found, evidence={**found.evidence, "names": renaming})
        if found.outcome == "unknown":
            left_open.append(found)
    return left_open[0] if left_open else Comparison("different", "every renaming")


_COMPARED: Final[dict[str, Callable[[str, str, Policy], Comparison]]] = {
    "answer": _answer,
    "completion": _completion,
    "equiv": _equivalent,
    "antiderivative": _antiderivative,
    "antiderivative+C": _with_constant,
    "derivative": _derivative,
    "system": _system,
    "logic": _equivalent,
    "num-abs": _near,
    "num-rel": _nearly,
    "subst-equiv": _renamed,
}


def _read(text: str) -> Node:
    """An expression, between math delimiters or without; both sides are read in the one style (`Style`)."""
    from proofmill.verifiers.expressions.grammar import read
    from proofmill.verifiers.expressions.style import LENIENT

    wrapped = _DELIMITED.fullmatch(text.strip())
    return read(next(part for part in wrapped.groups() if part is not None) if wrapped else text, LENIENT)


def _trees(one: Node, two: Node, policy: Policy) -> Comparison:
    return equality.compare(one, two, tolerance=policy.tolerance, domain=policy.domain, policy=policy)
