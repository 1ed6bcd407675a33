"""Whether a point solves a statement: both sides have a real value there, and the relation holds."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from proofmill.verifiers.expressions import exact
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ZERO, minus
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, free_symbols, substitute, walk
from proofmill.verifiers.strength import weakest
from proofmill.verifiers.verdict import Unreadable

BITS: Final = 200
_ORDERS: Final = {"Lt": (True, False), "Le": (True, True), "Gt": (False, False), "Ge": (False, True)}
Domain = Literal["real", "complex", "integer", "positive"]


def substituted(statement: Node, point: Mapping[str, Node], domain: Domain) -> Comparison:
    """Whether a statement holds at a point: `different: extraneous_root` where it certainly does not."""
    if not isinstance(statement, Call) or statement.head in {"Or", "Not", "In", "Implies", "Iff", "Xor"}:
        raise Unreadable("expected equations or inequalities to substitute into", reason="not_solutions")
    if statement.head == "And":
        parts = [substituted(part, point, domain) for part in statement.args]
        for outcome in ("different", "unknown"):
            for part in parts:
                if part.outcome == outcome:
                    return part
        return Comparison("equal", "substitution", {}, weakest(*(part.strength for part in parts)))
    left, right = (substitute(side, point) for side in statement.args)
    trouble = _trouble(left, domain) or _trouble(right, domain)
    if trouble is not None:
        return Comparison("different", "extraneous_root", {"detail": trouble})
    return _holds(statement.head, left, right, domain)


def _holds(head: str, left: Node, right: Node, domain: Domain) -> Comparison:
    found = compare(left, right, domain="real" if domain == "integer" else domain)
    if head in {"Eq", "Ne"}:
        if found.outcome == "unknown":
            return found
        if (found.outcome == "equal") == (head == "Eq"):
            return Comparison("equal", "substitution", found.evidence, found.strength or "proved")
        return Comparison("different", "extraneous_root", found.evidence)
    less, or_equal = _ORDERS[head]
    if found.outcome == "equal":
        outcome = or_equal
    else:
        sign = _sign(minus(left, right))
        if sign is None:
            return Comparison("unknown", "not_decided")
        outcome = (sign < 0) == less
    return Comparison(
        "equal" if outcome else "different",
        "substitution" if outcome else "extraneous_root",
        {},
        "proved" if outcome else "",
    )


def _sign(node: Node) -> int | None:
    """The certain sign of a closed expression, None where balls leave it open."""
    found = closed(node)
    if found is None or not found.imag.contains(0) or found.real.contains(0):
        return None
    return 1 if found.real > 0 else -1


def closed(node: Node) -> Any | None:
    """The complex ball of an expression without symbols; None where it has none."""
    from proofmill.verifiers.expressions import balls

    with balls.precision(BITS):
        try:
            return balls.value(node, {}, real=False)
        except (balls.Undefined, Unreadable):
            return None


def _trouble(node: Node, domain: Domain) -> str | None:
    """Why a side certainly has no value here: a division by zero, a logarithm of zero, a root that is not real."""
    try:
        exact.value(node)
    except Unreadable as why:
        if why.reason == "undefined":
            return str(why)
        raise
    if any(_is_zero(part) for part in _forbidden_zeros(node)):
        return "a division by zero, or the logarithm of zero"
    if domain == "complex" or free_symbols(node):
        return None
    for part in walk(node):
        found = closed(part) if isinstance(part, Call) and part.head in {"Sqrt", "Log", "Pow", "Asin", "Acos"} else None
        if found is not None and not found.imag.contains(0):
            return f"{part.head if isinstance(part, Call) else part} of a number for which it is not real"
    return None


def _forbidden_zeros(node: Node) -> Iterator[Node]:
    """What must not be zero."""
    for part in walk(node):
        if isinstance(part, Call) and part.head == "Div":
            yield part.args[1]
        elif isinstance(part, Call) and part.head == "Log":
            yield part.args[0]
        elif isinstance(part, Call) and part.head == "Tan":
            yield Call("Cos", part.args)


def _is_zero(node: Node) -> bool:
    if isinstance(node, Number) or free_symbols(node):
        return isinstance(node, Number) and node.value == 0
    found = closed(node)
    if found is not None and not (found.real.contains(0) and found.imag.contains(0)):
        return False
    return compare(node, ZERO).outcome == "equal"


# The domain ----------------------------------------------------------------------------------------------------------


def fits(point: Mapping[str, Node], domain: Domain, window: Call | None) -> Comparison:
    """Whether the values of a point are in the domain, and in the interval where there is one."""
    for node in point.values():
        inside = _inside(node, domain, window)
        if inside is False:
            return Comparison("different", "not_in_domain")
        if inside is None:
            return Comparison("unknown", "not_decided", {"detail": f"whether a value is {domain}"})
    return Comparison("equal", "domain", {}, "proved")


def _inside(node: Node, domain: Domain, window: Call | None) -> bool | None:
    if free_symbols(node) or domain == "complex":
        return True
    known = exact.value(node)
    found = closed(node)
    if known is None and found is None:
        return None
    if known is None and found is not None and not found.imag.contains(0):
        return False
    if domain == "integer":
        return _is_integer(node, found) if known is None else known.denominator == 1
    if domain == "positive" and (sign := _sign(node)) != 1:
        return None if sign is None and known is None else False
    return True if window is None else _in_window(node, window)


def _is_integer(node: Node, found: Any) -> bool | None:
    nearest = found.real.unique_fmpz()
    if nearest is None:
        return False if not found.real.contains_integer() else None
    return compare(node, Number(_whole(nearest))).outcome == "equal" or None


def _whole(value: Any) -> Any:
    from fractions import Fraction

    return Fraction(int(value))


def _in_window(node: Node, window: Call) -> bool | None:
    closed_ends = {"IntervalOpen": (0, 0), "IntervalClosed": (1, 1), "IntervalClosedOpen": (1, 0)}.get(
        window.head, (0, 1)
    )
    for end, counts, sign in zip(window.args, closed_ends, (1, -1), strict=True):
        if end in {Constant("oo"), Call("Neg", (Constant("oo"),))}:
            continue
        if compare(node, end).outcome == "equal":
            if not counts:
                return False
            continue
        side = _sign(minus(node, end))
        if side != sign:
            return None if side is None else False
    return True
