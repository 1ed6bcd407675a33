"""maths.solve: the answer is the solutions of the equations or inequalities, every one of them and no other."""

from collections.abc import Mapping
from typing import Final, Literal

from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.drafting import answer_text, claimed_list
from proofmill.verifiers.engines import behind
from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.described import expressions_format
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Call, Node, free_symbols, is_statement
from proofmill.verifiers.relations.compare import compare_statements
from proofmill.verifiers.solving import completeness
from proofmill.verifiers.solving.periodic import told
from proofmill.verifiers.solving.question import Question
from proofmill.verifiers.solving.solutions import Solutions, interval_of, read_solutions
from proofmill.verifiers.solving.substitution import fits, substituted
from proofmill.verifiers.strength import Strength, judged
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict

VERSION = "1"

_DOMAINS: Final = frozenset({"real", "complex", "integer", "positive"})
_REASONS: Final = frozenset({"extraneous_root", "missing_root", "not_in_domain"})


def check(draft: Draft, *, strength: Strength = "auto") -> Verdict:
    """Substitute every claimed solution, and prove that there is no other.

    Reads:   claims["equation"] or claims["inequality"] (text), or claims["equations"] (a list); claims["variables"],
             ["x"] or ["x", "y"] (without it, the only symbol); claims["domain"]: real (default), positive, integer,
             complex, or an interval, "[0, 2*pi)" or "0 <= x < 2*pi". answer: `x = 2 or x = 3`, `{2, 3}`,
             `2, 3`; `(1, 2)` or `x = 1, y = 2` for systems; intervals or inequalities; `x = pi/6 + 2*pi*k or ...` with
             an integer parameter; `no solution`, `all real numbers`.
    Accepts: `all_solutions`: each claimed solution solves each equation (exactly, or by balls and SymPy: then
             `agreed`), and completeness is proved: algebraic equations and inequalities by exact cells of the real
             line or Z3, polynomials over the complex numbers by counting roots, linear systems by rank, exponential and
             logarithmic equations by their kernel, equations on a bounded interval by isolating roots in balls, and
             trigonometric ones by the same on one period.
    Rejects: `extraneous_root` with what it gives; `missing_root` with a root, or a place of one; `not_in_domain`;
             `differs` with a point where equation and answer part.
    Unknown: `completeness_open` where no method decides, an answer in another form, `no_parameter`.
    """
    statement, variables = _question(draft)
    domain, window = _domain(draft, variables)
    question = Question(statement, variables, domain, window)
    known = free_symbols(statement)
    intervals = question.equations is None and len(variables) == 1
    answer = read_solutions(answer_text(draft), variables, known, intervals=intervals)
    found = _region(question, answer) if answer.kind == "region" else _points(question, answer)
    reason = found.method if found.method in _REASONS else "differs"
    return judged(
        found,
        strength=strength,
        accepted="all_solutions",
        rejected=reason,
        engines=behind(found.method, *map(str, found.evidence)),
    )


def claims() -> str:
    """What a teacher is told about the claims."""
    return (
        'claims.equation or claims.inequality is what is to be solved, as a text with =, <, <=, > or >=, "x^2 - '
        '5*x = 6"; claims.equations is a list of such texts for a system. claims.variables is the list of the '
        'unknowns, ["x", "y"], in the order in which the answer gives them; it may be left out where there is one'
        ' symbol only. claims.domain is where solutions are looked for: "real" (left out, it is this), '
        '"positive", "integer", "complex", or an interval such as "[0, 2*pi)" where there is one unknown. '
        f"{expressions_format()}"
    )


def _question(draft: Draft) -> tuple[Node, tuple[str, ...]]:
    given = [name for name in ("equation", "inequality", "equations") if draft.claims.get(name) is not None]
    if len(given) != 1:
        raise Unreadable("claims: expected equation, inequality or equations", reason="claim_missing")
    trees = claimed_list(draft, given[0])
    parts = [
        part
        for tree in trees
        for part in (tree.args if isinstance(tree, Call) and tree.head == "Sequence" else (tree,))
    ]
    if not all(is_statement(part) for part in parts):
        raise Unreadable(f"claims.{given[0]}: expected equations or inequalities", reason="claim_missing")
    statement = parts[0] if len(parts) == 1 else Call("And", tuple(parts))
    names = draft.claims.get("variables", draft.claims.get("variable"))
    if isinstance(names, str):
        names = [part.strip() for part in names.split(",")]
    if names is None:
        names = sorted(free_symbols(statement))
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise Unreadable(f"claims.variables: expected names (found {names!r})", reason="claim_missing")
    if not set(names) <= free_symbols(statement):
        raise Unreadable(f"claims.variables: not in the equation: {names!r}", reason="claim_missing")
    return statement, tuple(names)


def _domain(
    draft: Draft, variables: tuple[str, ...]
) -> tuple[Literal["real", "complex", "integer", "positive"], Call | None]:
    stated = draft.claims.get("domain", "real")
    if stated in _DOMAINS:
        return stated, None
    window = interval_of(read(unwrapped(str(stated))))
    if len(variables) == 1 and isinstance(window, Call) and window.head.startswith("Interval"):
        return "real", window
    raise Unreadable(f"claims.domain: expected real, complex, integer, positive or an interval (found {stated!r})")


def _region(question: Question, answer: Solutions) -> Comparison:
    """Inequalities, intervals, all or none: the same statement in other words."""
    if answer.region is None:
        raise Unreadable("an answer without a region", reason="not_solutions")
    if question.equations and answer.region == completeness.NOTHING:
        return completeness.of_points(question, [], [])
    return compare_statements(question.whole, answer.region, domain=question.domain)


def _points(question: Question, answer: Solutions) -> Comparison:
    """Every point is substituted and in the domain; then: are there others?"""
    if answer.parameters:
        return completeness.of_families(question, answer)
    strengths: list[str] = []
    for point in answer.points:
        for found in (
            fits(point, question.domain, question.window),
            substituted(question.statement, point, question.domain),
        ):
            if found.outcome != "equal":
                evidence: Mapping[str, object] = {**found.evidence, "root": told(point)}
                return Comparison(found.outcome, found.method, evidence)
            strengths.append(found.strength)
    return completeness.of_points(question, [dict(point) for point in answer.points], strengths)
