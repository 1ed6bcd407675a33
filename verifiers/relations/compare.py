"""Do two statements hold at the same points? Exact methods first; a no always comes with a point that was checked."""

from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from proofmill.verifiers.expressions.nodes import (
    INTERVALS,
    Call,
    Node,
    Symbol,
    has_constant,
    is_unevaluated,
)
from proofmill.verifiers.expressions.policy import DEFAULT, Domain, Policy
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.expressions.writer import text_of
from proofmill.verifiers.relations import statements
from proofmill.verifiers.verdict import Unreadable

_VALUE_SETS = INTERVALS | {"Set", "Union", "Intersection", "Difference", "Sequence", "Tuple", "List"}


def compare_statements(left: Node, right: Node, *, domain: Domain = "real", policy: Policy = DEFAULT) -> Comparison:
    """Compare two statements as sets of points of all the variables in either of them.

    A set of values beside a statement in one variable is the set of its solutions. `different` has in its evidence
    `left_only` or `right_only`, a point where one holds alone, and `complete` where the other was shown to be empty.
    """
    try:
        return _compare(left, right, domain, policy)
    except Unreadable as why:
        return Comparison("unknown", why.reason, {"detail": str(why)})


def _compare(left: Node, right: Node, domain: Domain, policy: Policy) -> Comparison:
    if _in_unknown_set(left) and _in_unknown_set(right):
        return _in_unknown_sets(left, right, policy)
    left, right = _solutions(left, right), _solutions(right, left)
    if policy.multiplicity:
        from proofmill.verifiers.relations import factors

        found = factors.multiplicities(left, right)
        if found is not None:
            return found
    one, two = (statements.replaced(statements.normal(side), {}) for side in (left, right))
    found = _compare_normal(one, two, domain, policy)
    if policy.vacuous == "equal":
        return found
    from proofmill.verifiers.relations import vacuous

    return vacuous.looked_at(found, one, two, lambda here, there: _compare_normal(here, there, domain, policy))


def _compare_normal(one: Node, two: Node, domain: Domain, policy: Policy) -> Comparison:
    if one == two:
        return Comparison("equal", "structure", strength="proved")
    if has_constant(one, "oo") or has_constant(two, "oo"):
        return Comparison("unknown", "infinity")
    if domain == "complex" or has_constant(one, "i") or has_constant(two, "i"):
        from proofmill.verifiers.relations import complexes

        return complexes.compare(one, two)
    if statements.propositions(one) | statements.propositions(two):
        return _by_entailment(one, two, domain)
    names = sorted(statements.variables(one) | statements.variables(two))
    if domain == "positive":
        one, two = statements.restricted(one, names), statements.restricted(two, names)
    if domain == "integer":
        return _by_entailment(one, two, domain)
    return _in_one_variable(one, two, names) if len(names) < 2 else _in_several(one, two, names, policy)


def _in_unknown_set(node: Node) -> TypeGuard[Call]:
    return isinstance(node, Call) and node.head == "In" and isinstance(node.args[1], Symbol)


def _in_unknown_sets(left: Call, right: Call, policy: Policy) -> Comparison:
    """`x in A` beside `y in A`: A may be the set of x alone."""
    from proofmill.verifiers.expressions.equality import compare

    if left.args[1] == right.args[1]:
        return compare(left.args[0], right.args[0], policy=policy)
    return Comparison("different", "membership", {"sets": [text_of(side.args[1]) for side in (left, right)]})


def _solutions(node: Node, other: Node) -> Node:
    """A set of values beside a statement in one variable, as a statement about that variable."""
    values = isinstance(node, Call) and node.head in _VALUE_SETS and not statements.says(node)
    if not values or not statements.says(other):
        return node
    names = sorted(statements.variables(statements.normal(other)))
    if len(names) != 1 or not isinstance(node, Call):
        raise Unreadable("values beside a statement in several variables", reason="shape")
    if node.head in {"Sequence", "Tuple", "List"}:
        node = Call("Set", node.args) if node.head == "Sequence" else node
    return statements.member(Symbol(names[0]), node)


# One variable --------------------------------------------------------------------------------------------------------


def _in_one_variable(one: Node, two: Node, names: list[str]) -> Comparison:
    from proofmill.verifiers.relations import slices
    from proofmill.verifiers.relations.algebra import NotAlgebraic

    try:
        found = slices.on_line(one, two, names[0] if names else "x", exact_only=True)
    except NotAlgebraic:
        return _first(_transcendental(one, two, names))
    return _from_difference(found)


def _transcendental(one: Node, two: Node, names: list[str]) -> Iterator[Callable[[], Comparison]]:
    """The methods for statements that no polynomials decide, in the order of their authority."""
    yield lambda: _by_factors(one, two, allow_common=False)
    if not names:
        yield lambda: _by_truth(one, two)
    yield lambda: _by_entailment(one, two, "real")
    yield lambda: _by_proportion(one, two)
    if names:
        yield lambda: _by_substitution(one, two, names[0])
    if names and not is_unevaluated(one) and not is_unevaluated(two):
        yield lambda: _by_lines(one, two, names)


def _from_difference(found: Any) -> Comparison:
    if found.is_empty:
        return Comparison("equal", found.method, strength="proved" if found.complete else "agreed")
    return Comparison("different", found.method, {**found.evidence(), "complete": found.complete})


def _first(methods: Iterator[Callable[[], Comparison]]) -> Comparison:
    """The first answer of several methods; one that can't read the statements passes the question on."""
    last = Comparison("unknown", "not_decided")
    for method in methods:
        try:
            found = method()
        except Unreadable as why:
            last = Comparison("unknown", why.reason, {"detail": str(why)})
            continue
        if found.outcome != "unknown":
            return found
        last = found
    return last


def _by_substitution(one: Node, two: Node, name: str) -> Comparison:
    """A root that one statement names, put into the other, which does not hold there."""
    from proofmill.verifiers.relations import constants

    for side, here, other in (("left_only", one, two), ("right_only", two, one)):
        for value in constants.named_roots(here, name):
            if constants.truth(statements.replaced(other, {name: value})) is False:
                return Comparison("different", "substitution", {side: {name: text_of(value)}, "complete": False})
    return Comparison("unknown", "not_decided")


def _by_truth(one: Node, two: Node) -> Comparison:
    """Statements without variables are true or false."""
    from proofmill.verifiers.relations import constants

    found = constants.truth(one), constants.truth(two)
    if None in found:
        return Comparison("unknown", "not_decided")
    if found[0] == found[1]:
        return Comparison("equal", "truth values", strength="proved")
    side = "left_only" if found[0] else "right_only"
    return Comparison("different", "truth values", {side: {}, "complete": True})


# Several variables ---------------------------------------------------------------------------------------------------


def _in_several(one: Node, two: Node, names: list[str], policy: Policy) -> Comparison:
    def methods() -> Iterator[Callable[[], Comparison]]:
        yield lambda: _by_factors(one, two, allow_common=False)
        yield lambda: _by_entailment(one, two, "real", proofs_only=True)
        if policy.common_domain:
            yield lambda: _by_factors(one, two, allow_common=True)
        yield lambda: _by_proportion(one, two)
        if is_unevaluated(one) or is_unevaluated(two):
            yield lambda: _by_entailment(one, two, "real")
        else:
            yield lambda: _by_lines_and_entailment(one, two, names)

    return _first(methods())


def _by_lines_and_entailment(one: Node, two: Node, names: list[str]) -> Comparison:
    """A difference on a line, a counter-model, or else what the lines agree on."""
    try:
        on_lines = _by_lines(one, two, names)
    except Unreadable as why:
        on_lines = Comparison("unknown", why.reason, {"detail": str(why)})
    if on_lines.outcome == "different":
        return on_lines
    found = _by_entailment(one, two, "real")
    return on_lines if found.outcome == "unknown" else found


def _by_factors(one: Node, two: Node, *, allow_common: bool) -> Comparison:
    """The same relations up to constant factors, or equations with the same square-free factors."""
    from proofmill.verifiers.relations import factors

    if factors.matched(one, two):
        return Comparison("equal", "same relations", strength="proved")
    same = factors.same_relation(one, two) or factors.same_equation(one, two)
    if same == "proved":
        return Comparison("equal", "factors", strength="proved")
    if same and allow_common:
        return Comparison("equal", "factors, wherever both sides have values", strength="agreed")
    return Comparison("unknown", "not_decided")


def _by_entailment(one: Node, two: Node, domain: Domain, *, proofs_only: bool = False) -> Comparison:
    """Each follows from the other; a no is a point that was checked."""
    from proofmill.verifiers.relations.entailment import entails

    forth = entails(one, two, domain=domain)
    back = entails(two, one, domain=domain) if forth.answer != "unknown" else None
    found = [forth] if back is None else [forth, back]
    if len(found) == 2 and all(part.answer == "yes" for part in found):
        proved = all(part.strength == "proved" for part in found)
        told = {"back": back.method if back else ""}
        return Comparison("equal", forth.method, told, "proved" if proved else "agreed")
    if proofs_only:
        return Comparison("unknown", "not_decided")
    if back is None:
        found.append(entails(two, one, domain=domain))
    sides = dict(zip(("left_only", "right_only"), found, strict=True))
    witnesses = {side: part.witness for side, part in sides.items() if part.answer == "no"}
    if not witnesses:
        return Comparison("unknown", "not_decided", {"methods": [part.method for part in found]})
    complete = all(part.answer != "unknown" for part in found)
    methods = ", ".join(dict.fromkeys(part.method for part in found))
    return Comparison("different", methods, {**witnesses, "complete": complete})


def _by_proportion(one: Node, two: Node) -> Comparison:
    from proofmill.verifiers.relations import proportion

    for method, found in (("gaps in proportion", proportion.proportional), ("sides", proportion.same_sides)):
        if strength := found(one, two):
            return Comparison("equal", method, strength=strength)
    if proportion.identity(one, two) or proportion.identity(two, one):
        return Comparison("equal", "identity", strength="agreed")
    return Comparison("unknown", "not_decided")


def _by_lines(one: Node, two: Node, names: list[str]) -> Comparison:
    from proofmill.verifiers.relations import slices

    found = slices.on_line(one, two, names[0]) if len(names) == 1 else slices.difference(one, two, names)
    return _from_difference(found)
