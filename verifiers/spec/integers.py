"""Number theory from a spec: values, searches among integers, and claims about all of them by their residues."""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from proofmill.verifiers.expressions.nodes import CONNECTIVES, RELATIONS, Call, Constant, Node, Number, Symbol
from proofmill.verifiers.spec.evaluate import Rule, compiled, evaluated
from proofmill.verifiers.spec.functions import Undefined
from proofmill.verifiers.spec.model import BadSpec, Finding, Spec
from proofmill.verifiers.verdict import Unreadable

TESTS = 200_000
"""Integers that one search tries."""
RESIDUES = 100_000
"""The longest period of a claim that is checked residue by residue."""
RESULT_BITS = 10_000
LISTED = 200
"""The most integers that an answer lists."""


def found_in(spec: Spec) -> Finding:
    """What a spec of number theory asks for."""
    find = str(spec.get("find"))
    if find == "value":
        return _value(spec)
    scope, place = spec.get("variable"), "spec.variable"
    if scope is None:
        raise BadSpec(f"{place}: expected the name of the integer (found nothing)")
    name = next(iter(spec.scope.variables))
    if find == "always":
        return _always(spec, name)
    return _search(spec, name, find)


def _value(spec: Spec) -> Finding:
    written = spec.get("expression")
    if written is None:
        raise BadSpec("spec.expression: expected the expression whose value is asked (found nothing)")
    if spec.scope.variables:
        raise BadSpec("spec.variable: expected none for a value")
    try:
        value = evaluated(written.node, {})
    except Undefined as why:
        return Finding("contradictory", evidence={"detail": str(why)})
    exact = Fraction(value)
    if max(exact.numerator.bit_length(), exact.denominator.bit_length()) > RESULT_BITS:
        raise Unreadable(f"a value of more than {RESULT_BITS} bits", reason="too_large")
    return Finding("forced", exact, {"method": "evaluation"})


def _search(spec: Spec, name: str, find: str) -> Finding:
    """Try one integer after the other; `smallest` needs no last one, the others do."""
    first, last = spec.get("from"), spec.get("to")
    first = 1 if first is None else first
    if last is None and find != "smallest":
        raise BadSpec(f"spec.to: expected the last integer to look at for {find} (found nothing)")
    wanted = spec.get("where") or ()
    if not wanted:
        raise BadSpec("spec.where: expected what the integers satisfy (found nothing)")
    end = first + TESTS if last is None else last
    if end - first > TESTS:
        raise Unreadable(f"more than {TESTS} integers to look at", reason="too_large")
    order = range(end, first - 1, -1) if find == "largest" else range(first, end + 1)
    hits = _hits([compiled(written.node) for written in wanted], name, order)
    evidence = {"method": "search", "from": str(first), "to": str(end)}
    if find in {"smallest", "largest"}:
        hit = next(hits, None)
        if hit is None and last is None:
            return Finding("unknown", evidence=evidence, why="none_found")
        return Finding("contradictory", evidence=evidence) if hit is None else _forced(hit, evidence)
    if find == "all":
        return _all(list(hits), evidence)
    return _forced(sum(hits) if find == "sum" else sum(1 for _ in hits), evidence)


def _hits(rules: list[Rule], name: str, order: range) -> Iterator[int]:
    values: dict[str, Any] = {}
    for number in order:
        values[name] = number
        if all(rule(values) for rule in rules):
            yield number


def _forced(value: int, evidence: dict[str, Any]) -> Finding:
    return Finding("forced", Fraction(value), evidence)


def _all(hits: list[int], evidence: dict[str, Any]) -> Finding:
    if not hits:
        return Finding("contradictory", evidence=evidence)
    if len(hits) > LISTED:
        raise Unreadable(f"more than {LISTED} integers in the answer", reason="too_large")
    return Finding("forced", tuple(map(Fraction, hits)), evidence)


# Claims about every integer ------------------------------------------------------------------------------------------


def _always(spec: Spec, name: str) -> Finding:
    """True by all residues where the claim depends on residues alone; false by a counter-example; else not decided."""
    claim = spec.get("claim")
    if claim is None:
        raise BadSpec("spec.claim: expected the statement about every integer (found nothing)")
    premises = [written.node for written in spec.get("where") or ()]
    whole = Call("Implies", (Call("And", tuple(premises)), claim.node)) if premises else claim.node
    rule = compiled(whole)
    first, last = spec.get("from"), spec.get("to")
    if first is not None and last is not None:
        return _throughout(rule, name, range(first, last + 1))
    length = period(whole)
    if length is not None and length <= RESIDUES:
        start = 0 if first is None else first
        found = _throughout(rule, name, range(start, start + length))
        return Finding(found.outcome, found.value, {**found.evidence, "method": "residues", "period": length})
    start = 0 if first is None else first
    against = next((number for number in range(start, start + 2_000) if not rule({name: number})), None)
    if against is None:
        return Finding("unknown", evidence={"tried": 2_000}, why="not_by_residues")
    return Finding("forced", False, {"method": "search", "counter_example": str(against)})


def _throughout(rule: Callable[[Any], Any], name: str, order: range) -> Finding:
    if len(order) > TESTS:
        raise Unreadable(f"more than {TESTS} integers to look at", reason="too_large")
    against = next((number for number in order if not rule({name: number})), None)
    if against is not None:
        return Finding("forced", False, {"method": "search", "counter_example": str(against)})
    return Finding("forced", True, {"method": "search", "tried": len(order)})


def period(node: Node) -> int | None:
    """A number of steps after which the truth of a statement repeats; None where nothing says that it does.

    A remainder of a polynomial with integer coefficients by m repeats after m steps. So does every statement whose
    only occurrences of the variable are in such remainders, after the least common multiple of the m's.
    """
    lengths = _periods(node)
    return None if lengths is None else math.lcm(*lengths, 1)


def _periods(node: Node) -> list[int] | None:
    if isinstance(node, Number | Constant):
        return []
    if isinstance(node, Symbol):
        return None
    if node.head == "Mod":
        return _modulus(node)
    parts = [_periods(part) for part in node.args]
    allowed = node.head in RELATIONS | CONNECTIVES | {"Add", "Mul", "Neg"}
    if not allowed or any(part is None for part in parts):
        return None
    return [length for part in parts for length in part or ()]


def _modulus(node: Call) -> list[int] | None:
    above, below = node.args
    if not isinstance(below, Number) or below.value.denominator != 1 or below.value < 1 or not _is_polynomial(above):
        return None
    return [int(below.value)]


def _is_polynomial(node: Node) -> bool:
    """Whether a tree is a polynomial with integer coefficients."""
    if isinstance(node, Number):
        return node.value.denominator == 1
    if isinstance(node, Symbol):
        return True
    if not isinstance(node, Call):
        return False
    if node.head == "Pow":
        exponent = node.args[1]
        small = isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value > 0
        return small and _is_polynomial(node.args[0])
    return node.head in {"Add", "Mul", "Neg"} and all(map(_is_polynomial, node.args))
