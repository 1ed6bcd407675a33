"""Are there solutions beside the claimed ones? One method per kind of equation, each a proof or no answer."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import derivative
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ZERO, minus
from proofmill.verifiers.expressions.nodes import Call, Constant, Node, Number, Symbol, free_symbols
from proofmill.verifiers.linear import matrices
from proofmill.verifiers.relations.compare import compare_statements
from proofmill.verifiers.solving import log_products, monotone
from proofmill.verifiers.solving.isolation import Isolation
from proofmill.verifiers.solving.periodic import families, period
from proofmill.verifiers.solving.question import OPEN, Question
from proofmill.verifiers.strength import weakest
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.solving.solutions import Solutions

NOTHING: Final = Constant("false")

Point = dict[str, Node]


def of_points(question: Question, points: list[Point], strengths: list[str]) -> Comparison:
    """Completeness of a list whose members are known to be solutions, with `strengths`."""
    found = _first(question, points)
    if found.outcome != "equal":
        return found
    return Comparison("equal", found.method, found.evidence, weakest(found.strength, *strengths))


def _first(question: Question, points: list[Point]) -> Comparison:
    """The first method that decides."""
    methods = (
        [on_window]
        if question.window is not None
        else [linear, by_degree, monotone.complete, log_products.by_product, endless, _by_statements]
    )
    if question.domain == "complex":
        methods = [linear, by_degree]
    last = OPEN
    for method in methods:
        try:
            found = method(question, points)
        except Unreadable as why:
            found = Comparison("unknown", "completeness_open", {"detail": str(why)})
        if found.outcome != "unknown":
            return found
        last = found if found.evidence else last
    return Comparison("unknown", "completeness_open", last.evidence)


def _gap(question: Question) -> tuple[Node, str]:
    """left - right of a single equation in one unknown."""
    equation = question.sole_equation
    if equation is None:
        raise Unreadable("not one equation in one unknown", reason="completeness_open")
    return minus(*equation.args), question.variables[0]


def on_window(question: Question, points: list[Point]) -> Comparison:
    """On a bounded interval: all roots isolated in balls; else the statements as they are."""
    gap, name = _gap(question)
    window = question.window
    if (
        window is None
        or free_symbols(gap) != {name}
        or Constant("oo") in {part for end in window.args for part in _parts(end)}
    ):
        return _by_statements(question, points)
    ends = {"IntervalOpen": (False, False), "IntervalClosed": (True, True), "IntervalClosedOpen": (True, False)}
    closed = ends.get(window.head, (False, True))
    low, high = window.args
    found = Isolation(gap, name).complete(low, high, [point[name] for point in points], closed=closed)
    return found if found.outcome != "unknown" else _by_statements(question, points)


def _parts(node: Node) -> list[Node]:
    return [node, *node.args] if isinstance(node, Call) else [node]


def linear(question: Question, points: list[Point]) -> Comparison:
    """A linear system: rank of the coefficients; one solution where it is full, else a family with parameters."""
    equations, names = question.equations, question.variables
    if equations is None:
        return OPEN
    gaps = [minus(*equation.args) for equation in equations]
    rows = tuple(tuple(derivative(gap, name) for name in names) for gap in gaps)
    if (
        len(rows) > matrices.LARGEST
        or len(names) > matrices.LARGEST
        or any(free_symbols(entry) for row in rows for entry in row)
    ):
        return OPEN
    coefficients = matrices.rational(rows)
    if coefficients is None or len(points) != 1:
        return OPEN
    rank = int(coefficients.rank())
    directions = _directions(points[0], names)
    if rank < len(names) and (directions is None or (directions and question.domain not in {"real", "complex"})):
        return OPEN
    if rank + (directions or 0) < len(names):
        return Comparison(
            "different", "missing_root", {"rank": rank, "unknowns": len(names), "parameters": directions or 0}
        )
    return Comparison("equal", "substitution and rank", {"rank": rank}, "proved")


def _directions(point: Point, names: tuple[str, ...]) -> int | None:
    """How many independent parameters move a point."""
    free = sorted(frozenset().union(*map(free_symbols, point.values())))
    if not free:
        return 0
    moved = matrices.rational(tuple(tuple(derivative(point[name], parameter) for name in names) for parameter in free))
    return None if moved is None else int(moved.rank())


def by_degree(question: Question, points: list[Point]) -> Comparison:
    """A polynomial equation has at most as many solutions as its degree, in whatever field.

    With parameters in it, that holds wherever its leading coefficient is not zero.
    """
    gap, name = _gap(question)
    from proofmill.verifiers.solving.isolation import fraction

    above, _ = fraction(gap)
    degree = _degree(above, name)
    if degree is None or compare(above, ZERO).outcome != "different":
        return OPEN
    values = [point[name] for point in points]
    different = all(
        compare(one, two, domain=question.domain).outcome == "different"
        for index, one in enumerate(values)
        for two in values[:index]
    )
    if degree and len(values) == degree and different:
        return Comparison("equal", "degree", {"degree": degree}, "proved")
    return OPEN if question.domain != "complex" else _count_complex(above, name, values)


def _degree(node: Node, name: str) -> int | None:
    """A bound on the degree of a polynomial; None where the tree is none."""
    if name not in free_symbols(node):
        return 0
    if not isinstance(node, Call):
        return 1
    if node.head == "Pow" and isinstance(node.args[1], Number) and node.args[1].value.denominator == 1:
        base, exponent = _degree(node.args[0], name), int(node.args[1].value)
        return None if base is None or exponent < 0 else base * exponent
    if node.head == "Div" and name in free_symbols(node.args[1]):
        return None
    parts = [_degree(part, name) for part in node.args]
    known = [part for part in parts if part is not None]
    if node.head not in {"Add", "Mul", "Neg", "Div"} or len(known) < len(parts):
        return None
    return sum(known) if node.head == "Mul" else max(known)


def _count_complex(above: Node, name: str, values: list[Node]) -> Comparison:
    """The distinct complex roots of a polynomial over the rationals, counted."""
    polynomial = monotone.polynomial(above, name)
    if polynomial is None:
        return OPEN
    shared = polynomial.gcd(polynomial.derivative())
    distinct = polynomial.degree() - shared.degree()
    if distinct > len(values):
        return Comparison("different", "missing_root", {"distinct_roots": int(distinct), "claimed": len(values)})
    return OPEN


def _by_statements(question: Question, points: list[Point]) -> Comparison:
    """The question as one statement, the answer as another: exact cells of the line, or Z3, both ways."""
    alternatives = [
        Call("And", tuple(Call("Eq", (Symbol(name), value)) for name, value in point.items()))
        if len(point) > 1
        else Call("Eq", (Symbol(question.variables[0]), point[question.variables[0]]))
        for point in points
    ]
    answer: Node = (
        NOTHING if not alternatives else alternatives[0] if len(alternatives) == 1 else Call("Or", tuple(alternatives))
    )
    found = compare_statements(question.whole, answer, domain=question.domain)
    if found.outcome == "equal" and found.strength != "proved":
        return Comparison("unknown", "completeness_open", {"agreed": found.method})
    if found.outcome != "different":
        return found
    missing = "right_only" not in found.evidence
    return Comparison("different", "missing_root" if missing else "extraneous_root", found.evidence)


def endless(question: Question, points: list[Point]) -> Comparison:
    """A periodic equation with one solution has infinitely many, and none if there is none in one period."""
    gap, name = _gap(question)
    whole = period(gap, name)
    if whole is None or question.domain != "real":
        return OPEN
    if not points:
        return Isolation(gap, name).complete(ZERO, whole, [], closed=(True, False))
    from proofmill.verifiers.expressions.writer import text_of

    return Comparison("different", "missing_root", {"witness": f"{text_of(points[0][name])} + {text_of(whole)}"})


def of_families(question: Question, answer: "Solutions") -> Comparison:
    """Families with an integer parameter, or the parameters of a linear system."""
    points = [dict(point) for point in answer.points]
    if len(points) == 1 and (question.equations or []) and len(question.variables) > 1:
        from proofmill.verifiers.solving.substitution import substituted

        found = substituted(question.statement, points[0], question.domain)
        if found.outcome != "equal":
            return found
        complete = linear(question, points)
        return replace(complete, strength=weakest(complete.strength, found.strength)) if complete.strength else complete
    gap, name = _gap(question)
    if question.window is not None or free_symbols(gap) != {name}:
        raise Unreadable("a family of solutions, where the question has a bounded domain", reason="not_solutions")
    return families(gap, name, [point[name] for point in points], answer.parameters)
