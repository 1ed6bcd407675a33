"""maths.ode: the answer solves the differential equation and meets its conditions."""

from dataclasses import dataclass

from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.calculus.derivative_notation import (
    derivative_name,
    order_of,
    read_condition,
    read_differential,
)
from proofmill.verifiers.drafting import answer_text
from proofmill.verifiers.engines import behind
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.derivative import derivative
from proofmill.verifiers.expressions.described import expressions_format
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.making import ZERO, negative, over
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol, free_symbols, is_statement, substitute
from proofmill.verifiers.linear import matrices
from proofmill.verifiers.strength import Strength, judged, limited, weakest
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "1"


@dataclass(frozen=True, slots=True)
class _Problem:
    """An ordinary differential equation for one function of one variable, and what is known of the solution."""

    left: Node
    right: Node
    function: str
    variable: str
    order: int
    conditions: tuple[tuple[int, Node, Node], ...]
    given: frozenset[str]
    """The symbols of the question: parameters, which are no constants of integration."""


def check(draft: Draft, *, general: bool = True, strength: Strength = "auto") -> Verdict:
    """Substitute the answer into the equation and its conditions, and count its free constants.

    Reads:   claims["equation"], `y'' + y = 0`, with y'', dy/dx or Derivative(y(x), (x, 2)); claims["function"] (y) and
             claims["variable"] (x); claims["conditions"], ["y(0) = 1", "y'(0) = 0"]. answer:
             `y = A*cos(x) + B*sin(x)`, the right side alone, or, at first order, an implicit solution such as
             `x^2 + y^2 = 25`.
    Accepts: `solves`: the residual is zero for every value of the variable and of every symbol, every condition holds,
             and the number of independent free constants is the order (without conditions) or zero (where there are as
             many conditions as the order). Independence: the Wronskian-like determinant of the derivatives by the
             constants is not zero. That no other solution exists is not proved; for linear equations it follows.
    Rejects: `residual` with a witness; `condition_fails`; `constants_missing`, `constants_left`; `not_solved`: y' is
             still in the answer. With `general=False` a particular solution of an equation without conditions passes.
    Unknown: an answer in another form, a residual that is not decided, `only_agreed`.
    Method:  our own differentiation, `equality.compare` for residuals and conditions.
    """
    problem = _problem(draft)
    answer = read_differential(unwrapped(answer_text(draft)), problem.function, problem.variable)
    names = free_symbols(answer)
    if any(derivative_name(problem.function, order) in names for order in range(1, problem.order + 1)):
        return reject("not_solved", detail="a derivative of the unknown function is left in the answer")
    solution = _explicit(answer, problem)
    if solution is None:
        return _implicit(answer, problem, strength)
    return _solved(solution, problem, general, strength)


def claims() -> str:
    """What a teacher is told about the claims."""
    return (
        "claims.equation is the differential equation as a text, \"y'' + 4*y = 0\", with y' and y'' for the "
        "derivatives of y by x; claims.function and claims.variable name others than y and x. claims.conditions "
        'is the list of the initial conditions, ["y(0) = 1", "y\'(0) = 0"], and is left out where there are none. '
        f"{expressions_format()}"
    )


def _problem(draft: Draft) -> _Problem:
    function, variable = (str(draft.claims.get(name, usual)) for name, usual in (("function", "y"), ("variable", "x")))
    if not (function.isalpha() and variable.isalpha() and function != variable):
        raise Unreadable("claims.function, claims.variable: expected two names", reason="claim_missing")
    equation = read_differential(unwrapped(draft.claim("equation")), function, variable)
    if not (isinstance(equation, Call) and equation.head == "Eq"):
        raise Unreadable("claims.equation: expected an equation", reason="claim_missing")
    order = order_of(free_symbols(equation), function)
    if order == 0:
        raise Unreadable(f"claims.equation: no derivative of {function} in it", reason="claim_missing")
    texts = draft.claims.get("conditions") or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Unreadable(f"claims.conditions: expected a list of texts (found {texts!r})", reason="claim_missing")
    conditions = tuple(read_condition(text, function) for text in texts)
    ours = {variable, *(derivative_name(function, number) for number in range(order + 1))}
    given = free_symbols(equation).union(*(free_symbols(part) for _, *parts in conditions for part in parts)) - ours
    left, right = equation.args
    return _Problem(left, right, function, variable, order, conditions, given)


def _explicit(answer: Node, problem: _Problem) -> Node | None:
    """The right side of `y = ...`, or a bare expression; None for an implicit solution."""
    solution = answer
    if isinstance(answer, Call) and answer.head == "Eq":
        left, right = answer.args
        solution = right if left == Symbol(problem.function) else left if right == Symbol(problem.function) else answer
    if problem.function in free_symbols(solution):
        return None
    if is_statement(solution):
        raise Unreadable("an answer that does not name the function", reason="not_an_expression")
    return solution


def _solved(solution: Node, problem: _Problem, general: bool, strength: Strength) -> Verdict:
    derivatives = [solution]
    for _ in range(problem.order):
        derivatives.append(derivative(derivatives[-1], problem.variable))
    values = {derivative_name(problem.function, order): found for order, found in enumerate(derivatives)}
    residual = compare(substitute(problem.left, values), substitute(problem.right, values))
    if residual.outcome != "equal":
        return judged(residual, strength=strength, accepted="", rejected="residual", step="equation")
    strengths = [residual.strength]
    for order, point, value in problem.conditions:
        found = compare(substitute(_derived(derivatives, order, problem), {problem.variable: point}), value)
        if found.outcome != "equal":
            return judged(found, strength=strength, accepted="", rejected="condition_fails", step=f"condition {order}")
        strengths.append(found.strength)
    constants = sorted(free_symbols(solution) - problem.given - {problem.variable})
    refusal = _constants_refused(constants, derivatives, problem, general)
    if refusal is not None:
        return refusal
    evidence = {"order": problem.order, "constants": constants, "conditions": len(problem.conditions)}
    proof = weakest(*strengths)
    return limited(
        accept("solves", **evidence, method="substitution", strength=proof, engines=behind(residual.method)), strength
    )


def _derived(derivatives: list[Node], order: int, problem: _Problem) -> Node:
    while len(derivatives) <= order:
        derivatives.append(derivative(derivatives[-1], problem.variable))
    return derivatives[order]


def _constants_refused(
    constants: list[str], derivatives: list[Node], problem: _Problem, general: bool
) -> Verdict | None:
    """What is wrong with the number of free constants, if anything is."""
    needed = max(problem.order - len(problem.conditions), 0)
    if len(constants) > needed and problem.conditions:
        return reject("constants_left", constants=constants, needed=needed)
    if not general and not problem.conditions:
        return None
    if len(constants) < needed:
        return reject("constants_missing", constants=constants, needed=needed)
    if len(constants) > needed:
        return unknown("constants_too_many", constants=constants, needed=needed)
    if not constants:
        return None
    rows = [tuple(derivative(found, name) for name in constants) for found in derivatives[: len(constants)]]
    independent = compare(matrices.determinant(tuple(rows)), ZERO)
    if independent.outcome == "equal":
        return reject("constants_missing", detail="the constants are not independent", constants=constants)
    if independent.outcome == "unknown":
        return unknown("constants_open", constants=constants)
    return None


def _implicit(answer: Node, problem: _Problem, strength: Strength) -> Verdict:
    """F(x, y) = C of an equation of first order: y' = -F_x / F_y must satisfy it."""
    if not (isinstance(answer, Call) and answer.head == "Eq") or problem.order != 1:
        return unknown("implicit_solution", detail="decided for equations of first order")
    level = Call("Add", (answer.args[0], negative(answer.args[1])))
    constants = sorted(free_symbols(level) - problem.given - {problem.variable, problem.function})
    slope = negative(over(derivative(level, problem.variable), derivative(level, problem.function)))
    if free_symbols(slope) & set(constants):
        return unknown("implicit_solution", detail="the constant does not stand alone", constants=constants)
    values = {derivative_name(problem.function, 1): slope}
    found = compare(substitute(problem.left, values), substitute(problem.right, values))
    if found.outcome == "equal":
        for order, point, value in problem.conditions:
            found = _meets(level, order, point, value, problem)
            if found.outcome != "equal":
                return judged(found, strength=strength, accepted="", rejected="condition_fails")
        if len(constants) != 1 - min(len(problem.conditions), 1):
            return reject("constants_left" if constants else "constants_missing", constants=constants)
    return judged(found, strength=strength, accepted="solves", rejected="residual", form="implicit")


def _meets(level: Node, order: int, point: Node, value: Node, problem: _Problem) -> Comparison:
    if order:
        return Comparison("unknown", "implicit_solution")
    return compare(substitute(level, {problem.variable: point, problem.function: value}), ZERO)
