"""Answers with rules of their own: numbers in a base, ratios, times of day, congruences."""

from collections.abc import Callable
from fractions import Fraction
from typing import Final, TypeAlias

from proofmill.verifiers.answering.shapes import Shape
from proofmill.verifiers.expressions.nodes import Call, Node, Number, Symbol
from proofmill.verifiers.expressions.policy import Policy
from proofmill.verifiers.expressions.routes import Comparison

Match: TypeAlias = Callable[[Node, Node, Policy], Comparison]
"""How the values inside are compared."""

_SPECIAL: Final = frozenset({"InBase", "Ratio", "Clock", "Congruent"})
UNNAMED: Final = Symbol("what is asked for")
"""What `3 \\pmod 7` is about."""
_ZERO: Final = Number(Fraction(0))


def is_special(shape: Shape) -> bool:
    """Whether the one item of a shape is such an answer."""
    return len(shape.items) == 1 and _is_one(shape.items[0])


def _is_one(node: Node) -> bool:
    return isinstance(node, Call) and node.head in _SPECIAL


def match_special(one: Node, two: Node, policy: Policy, match: Match) -> Comparison:
    """Compare two answers of which at least one is special; the base is a part of a number's value."""
    if not isinstance(one, Call) or not isinstance(two, Call) or not (_is_one(one) and _is_one(two)):
        return _beside_value(one, two, policy, match)
    heads = sorted((one.head, two.head))
    if heads == ["InBase", "InBase"]:
        if one == two:
            return Comparison("equal", "digits and base", {}, "proved")
        return Comparison("unknown" if one.args[0] == two.args[0] else "different", "base")
    if heads == ["Congruent", "Congruent"]:
        lefts = (one.args[0], two.args[0])
        found = Comparison("equal", "unnamed", {}, "proved") if UNNAMED in lefts else match(*lefts, policy)
        same = one.args[1:] == two.args[1:]
        return found if same or found.outcome != "equal" else Comparison("different", "congruence")
    if heads == ["Clock", "Clock"]:
        return _match_clocks(one, two, policy, match)
    return (
        _match_ratios(one, two, policy, match) if set(heads) <= {"Clock", "Ratio"} else Comparison("unknown", "shape")
    )


def _beside_value(one: Node, two: Node, policy: Policy, match: Match) -> Comparison:
    """A ratio of two numbers is a fraction; a number in a base beside a bare one may mean either."""
    special, other = (one, two) if _is_one(one) else (two, one)
    if isinstance(special, Call) and special.head == "Ratio" and len(special.args) == 2:
        return match(Call("Div", special.args), other, policy)
    return Comparison("unknown", "base" if isinstance(special, Call) and special.head == "InBase" else "shape")


def _match_clocks(one: Call, two: Call, policy: Policy, match: Match) -> Comparison:
    """`20:34` is `20:34:00`; `10:20` and `5:10` differ as times, and not as ratios."""
    ours, theirs = ([*node.args, _ZERO][:3] for node in (one, two))
    if ours == theirs:
        return Comparison("equal", "time of day", {}, "proved")
    as_ratio = _match_ratios(one, two, policy, match)
    return Comparison("unknown" if as_ratio.outcome == "equal" else "different", "time of day")


def _match_ratios(one: Call, two: Call, policy: Policy, match: Match) -> Comparison:
    """a : b = c : d as a d = b c; with a zero among them nothing is decided."""
    if len(one.args) != len(two.args) or _ZERO in one.args + two.args:
        return Comparison("unknown", "ratio")
    found = Comparison("unknown", "ratio")
    for ours, theirs in zip(one.args[1:], two.args[1:], strict=True):
        found = match(Call("Mul", (one.args[0], theirs)), Call("Mul", (two.args[0], ours)), policy)
        if found.outcome != "equal":
            break
    return found
