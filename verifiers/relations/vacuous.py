"""Two statements that hold nowhere, or everywhere, and for that reason alone hold at the same points.

`x^2 = -1` and `x^2 = -2` have the same real solutions, none; as answers they say different things. `x^2 + 1 = 0` says
the same as the first one: its factors are the same.
"""

from collections.abc import Callable

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.nodes import Call, Constant, Node
from proofmill.verifiers.relations.statements import FALSE, TRUE
from proofmill.verifiers.verdict import Unreadable


def looked_at(found: Comparison, one: Node, two: Node, decide: Callable[[Node, Node], Comparison]) -> Comparison:
    """An `equal` of two normal forms, left open where it is vacuous; `decide` compares two normal forms."""
    if found.outcome != "equal" or one == two or isinstance(one, Constant) or isinstance(two, Constant):
        return found
    if says_the_same(one, two):
        return found
    for value, words in ((FALSE, "no solution"), (TRUE, "every value is a solution")):
        if _is(one, value, decide):
            return Comparison("unknown", "vacuous", {"detail": words})
    return found


def _is(statement: Node, value: Node, decide: Callable[[Node, Node], Comparison]) -> bool:
    try:
        return decide(statement, value).outcome == "equal"
    except Unreadable:
        return False


def says_the_same(one: Node, two: Node) -> bool:
    """Whether two statements are the same relations, up to a factor, or equations with the same factors.

    A relation whose variables cancel, as in `x = x + 1`, is the same as nothing but itself.
    """
    if one == two:
        return True
    if not isinstance(one, Call) or not isinstance(two, Call):
        return False
    if one.head in {"And", "Or"} and one.head == two.head:
        return _all_within(one, two) and _all_within(two, one)
    from proofmill.verifiers.relations import factors

    try:
        return factors.same_factors(one, two)
    except Unreadable:
        return False


def _all_within(one: Call, two: Call) -> bool:
    return all(any(says_the_same(part, other) for other in two.args) for part in one.args)
