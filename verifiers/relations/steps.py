"""Does one line of a derivation follow from the line before it, in both directions?

A derivation that silently gains or loses solutions is wrong, so a step is accepted when its two lines are equal values
or equivalent statements. A line that opens with an arrow claims less: `=>` is accepted as soon as the line follows.
Lines about different variables, prose, and a line that is the derivative or an antiderivative of the one before it
are left undecided: what they claim is not written in them.
"""

import itertools
from typing import Final, Literal, TypeAlias

from proofmill.verifiers.expressions import equality
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, free_symbols, has_constant, number, substitute
from proofmill.verifiers.expressions.policy import Domain, Policy
from proofmill.verifiers.expressions.routes import Comparison
from proofmill.verifiers.relations import statements
from proofmill.verifiers.relations.compare import compare_statements
from proofmill.verifiers.relations.lines import Line, read_line
from proofmill.verifiers.verdict import Unreadable, Verdict, accept, reject, unknown

StepDomain: TypeAlias = Domain | Literal["auto"]
"""`auto`: real numbers, but undecided where an equivalence of equations holds over the reals and not over C."""

BY_SOLUTIONS: Final = Policy(vacuous="equal")
"""A line that holds nowhere goes on from another one: `0 = 3` from `1 = 4`."""


def steps(lines: list[str], *, domain: StepDomain = "auto", policy: Policy = BY_SOLUTIONS) -> list[Verdict]:
    """One verdict for each adjacent pair of lines; what it says of a pair does not depend on the other lines.

    Accepts: `equal` (values), `equivalent` (statements), and `implies` where the line opens with an arrow that says so.
    Rejects: `differs`; `implies` (the step gains solutions); `implied_by` (it loses some).
    Unknown: `text`, `symbols_differ`, `not_comparable`, `differentiated`, `integrated`, `coefficients`, `domain`, or
             why a line was not read or a pair not decided.
    """
    read = [_read(line) for line in lines]
    return [_step(before, after, domain, policy) for before, after in itertools.pairwise(read)]


def step(before: str, after: str, *, domain: StepDomain = "auto", policy: Policy = BY_SOLUTIONS) -> Verdict:
    """The verdict on one pair of lines."""
    return steps([before, after], domain=domain, policy=policy)[0]


def _read(text: str) -> Line | Unreadable:
    try:
        return read_line(text)
    except Unreadable as why:
        return why


def _step(before: Line | Unreadable, after: Line | Unreadable, domain: StepDomain, policy: Policy) -> Verdict:
    for line in (before, after):
        if isinstance(line, Unreadable):
            return unknown(line.reason, detail=str(line))
    if isinstance(before, Unreadable) or isinstance(after, Unreadable):
        return unknown("unreadable")
    if before.tree is None or after.tree is None:
        return unknown("text")
    try:
        if _are_statements(before, after) and not after.continues:
            return _between_statements(before.tree, after, domain, policy)
        return _between_values(before, after, domain, policy)
    except Unreadable as why:
        return unknown(why.reason, detail=str(why))


def _are_statements(before: Line, after: Line) -> bool:
    """Whether both lines are true or false; a letter is, beside a line that has letters as statements."""
    for one, two in ((before, after), (after, before)):
        if isinstance(one.tree, Symbol) and two.states and two.tree is not None:
            return bool(statements.propositions(statements.normal(two.tree)))
    return before.states and after.states


# Values --------------------------------------------------------------------------------------------------------------


def _between_values(before: Line, after: Line, domain: StepDomain, policy: Policy) -> Verdict:
    """`= ...` goes on from the right side of an equation; a bare value goes on from a value."""
    one = _last_side(before.tree) if before.states else before.tree
    two = _first_side(after.tree) if after.continues and after.states else after.tree
    if one is None or two is None or (before.states and not after.continues) or (after.states and not after.continues):
        return unknown("not_comparable")
    found = equality.compare(one, two, domain="real" if domain == "auto" else domain, policy=policy)
    if found.outcome == "equal":
        return accept("equal", **_told(found))
    if found.outcome == "different":
        calculus = _calculus(one, two, policy)
        return unknown(calculus) if calculus else reject("differs", **_told(found))
    return unknown(found.method or "not_decided", **found.evidence)


def _last_side(tree: Node | None) -> Node | None:
    if isinstance(tree, Call) and tree.head == "Eq":
        return tree.args[1]
    if isinstance(tree, Call) and tree.head == "And" and _is_equation_chain(tree):
        return _last_side(tree.args[-1])
    return None


def _first_side(tree: Node | None) -> Node | None:
    while isinstance(tree, Call) and tree.head in {"And", "Eq"}:
        tree = tree.args[0]
    return tree


def _is_equation_chain(tree: Call) -> bool:
    """a = b = c: each link begins where the one before it ends."""
    links = [link for link in tree.args if isinstance(link, Call) and link.head == "Eq"]
    joined = all(one.args[1] == two.args[0] for one, two in itertools.pairwise(links))
    return len(links) == len(tree.args) and joined


def _calculus(one: Node, two: Node, policy: Policy) -> str:
    """Whether one value is the derivative of the other, in the one variable they have: the slug of the verdict."""
    from proofmill.verifiers.expressions.derivative import derivative

    names = sorted(free_symbols(one) | free_symbols(two))
    for name in names:
        for slug, first, second in (("differentiated", one, two), ("integrated", two, one)):
            try:
                if equality.compare(derivative(first, name), second, policy=policy).outcome == "equal":
                    return slug
            except Unreadable:
                continue
    return ""


# Statements ----------------------------------------------------------------------------------------------------------


def _between_statements(before: Node, after: Line, domain: StepDomain, policy: Policy) -> Verdict:
    tree = after.tree
    if tree is None:
        return unknown("text")
    found = compare_statements(before, tree, domain="real" if domain == "auto" else domain, policy=policy)
    if found.outcome == "equal":
        if domain == "auto" and _is_real_only(before, tree, policy):
            return unknown(
                "domain", detail="equivalent over the real numbers, not over the complex ones", **_told(found)
            )
        same = before == tree
        return accept("equal" if same else "equivalent", **_told(found))
    if found.outcome == "unknown":
        return unknown(found.method, **found.evidence)
    return _different(before, tree, after, found, policy)


def _different(before: Node, after: Node, line: Line, found: Comparison, policy: Policy) -> Verdict:
    """Which direction fails, as far as it is known, and whether the line claims that direction at all."""
    one, two = statements.normal(before), statements.normal(after)
    lost, gained = _directions(one, two, found)
    one_way = lost is not None and gained is not None
    told = _told(found)
    if one_way and line.arrow == "implies" and not lost:
        return accept("implies", **{**told, "strength": "proved"})
    if one_way and line.arrow == "implied_by" and not gained:
        return accept("implied_by", **{**told, "strength": "proved"})
    if statements.variables(one) != statements.variables(two) and not _is_constant(one, two):
        return unknown("coefficients" if _are_coefficients(one, two, policy) else "symbols_differ", **told)
    if one_way and lost != gained:
        return reject("implied_by" if lost else "implies", **told)
    return reject("differs", **told)


def _directions(one: Node, two: Node, found: Comparison) -> tuple[bool | None, bool | None]:
    """Whether the step loses solutions, and whether it gains some; None where that is not known."""
    from proofmill.verifiers.relations.entailment import entails

    lost, gained = "left_only" in found.evidence, "right_only" in found.evidence
    if found.evidence.get("complete") or (lost and gained):
        return lost, gained
    table: dict[str, bool | None] = {"yes": False, "no": True, "unknown": None}
    return lost or table[entails(one, two).answer], gained or table[entails(two, one).answer]


def _is_constant(one: Node, two: Node) -> bool:
    """Whether a side says the same at all points, or of them nothing: `0 = 3` goes on from any equation."""
    return not statements.variables(one) or not statements.variables(two)


def _is_real_only(before: Node, after: Node, policy: Policy) -> bool:
    if has_constant(before, "i") or has_constant(after, "i"):
        return False
    return compare_statements(before, after, domain="complex", policy=policy).outcome == "different"


def _are_coefficients(one: Node, two: Node, policy: Policy) -> bool:
    """Whether one statement says that all coefficients are zero of what the other says is zero."""
    for equation, system in ((one, two), (two, one)):
        for name in sorted(statements.variables(equation) - statements.variables(system)):
            found = _coefficients(equation, name)
            if found is not None and compare_statements(found, system, policy=policy).outcome == "equal":
                return True
    return False


def _coefficients(equation: Node, name: str) -> Node | None:
    """The coefficients of the powers of a variable, each equal to zero; by derivatives at zero."""
    from proofmill.verifiers.expressions.derivative import derivative

    if not isinstance(equation, Call) or equation.head != "Eq":
        return None
    gap: Node = Call("Add", (equation.args[0], Call("Neg", (equation.args[1],))))
    found = []
    for _ in range(6):
        found.append(Call("Eq", (substitute(gap, {name: number(0)}), number(0))))
        gap = derivative(gap, name)
        if name not in free_symbols(gap):
            return statements.normal(Call("And", (*found, Call("Eq", (gap, number(0))))))
    return None


def _told(found: Comparison) -> dict[str, object]:
    strength = found.strength if found.outcome == "equal" else "refuted" if found.outcome == "different" else ""
    return {"method": found.method, "strength": strength, **found.evidence}
