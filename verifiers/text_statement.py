"""text.statement: the numbers and expressions of the claims stand in the problem, and those of the problem in them."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from proofmill.verifiers.answering.answers import unwrapped
from proofmill.verifiers.expressions.equality import compare
from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.heads import FUNCTIONS
from proofmill.verifiers.expressions.nodes import CALCULUS, RELATIONS, Call, Node, is_statement, walk
from proofmill.verifiers.spec.judging import Numbers
from proofmill.verifiers.spec.kinds import kind_of, read_spec
from proofmill.verifiers.spec.numbers import gap, implied, literals, mentions, powers, unsaid
from proofmill.verifiers.verdict import Draft, Unreadable, Verdict, accept, reject, unknown

VERSION = "1"

CANDIDATES = 60
"""The most places of a problem that are read as expressions."""
_EXPRESSIONS: Final = (
    "expression", "equation", "equations", "inequality", "function", "identity", "integrand", "left", "right",
)  # fmt: skip
_NOT_NUMBERS: Final = frozenset({"spec", "reading", "instances"})
"""Claims whose numbers are another matter: a spec has its own rules, the others don't speak for the first reader."""
_DELIMITED = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_MATHS = re.compile(r"[-+*/^=<>()|\d]")
_WORDS = frozenset("a A I is of the and to in at for".split())  # noqa: SIM905
_FREE = frozenset(map(Fraction, (0, 1, 2)))


def check(draft: Draft, *, numbers: Numbers = "both") -> Verdict:
    """Hold the claims against the problem's text; what they mean is for the other verifiers.

    Reads:   problem, and the claims: the spec (of any kind), the texts of `_EXPRESSIONS`, the numbers of all others
             (matrix, conditions, domain, ...).
    Accepts: every number of the claims stands in the problem, as digits or in words, or is brought along by a word of
             it (60 by "hours"); every number of the problem stands in the claims; every claimed expression, without its
             integral, derivative, limit or sum sign, equals an expression that stands in the problem.
    Rejects: `not_in_problem`: a number of the claims of two digits or more that the problem has in no form, and that is
             no sum, difference, product or quotient of two of its numbers.
    Unknown: `numbers_differ`: any other difference between the numbers; `expression_not_found`; `bad_spec`.
    Method:  a table of number words, fractions, percentages and units; expressions by `equality.compare`.
             `numbers`: "both" ways, "spec_in_problem" (only from the claims to the problem), "off".
    """
    told = [text for key, claim in draft.claims.items() if key not in _NOT_NUMBERS for text in _texts(claim)]
    if "spec" not in draft.claims and not told:
        raise Unreadable("claims: expected a spec, expressions or numbers (found none)", reason="claim_missing")
    texts = [text for key in _EXPRESSIONS for text in _texts(draft.claims.get(key))]
    missing, extra = _difference(draft, told)
    evidence = {"missing": missing, "extra": [str(number) for number in extra]}
    said = {value for mention in mentions(draft.problem) for value in mention.values}
    if numbers != "off" and any(_is_foreign(number, said) for number in extra):
        return reject("not_in_problem", **evidence)
    if numbers != "off" and (extra or (missing and numbers == "both")):
        return unknown("numbers_differ", **evidence)
    lost = [text for text in texts if not _stands_in(text, draft.problem)]
    if lost:
        return unknown("expression_not_found", lost=lost)
    return accept("stands_in_problem", numbers=len(said), expressions=len(texts))


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [str(value)] if isinstance(value, str | int | float) and not isinstance(value, bool) else []


def _difference(draft: Draft, texts: list[str]) -> tuple[list[str], list[Fraction]]:
    """Numbers of the problem that the claims lack, and numbers of the claims that the problem lacks."""
    problem = draft.problem
    specs: list[str] = []
    if "spec" in draft.claims:
        kind = kind_of(draft.claims["spec"]) or "word_problem"
        between = gap(problem, read_spec(draft.claims["spec"], kind))
        if not texts:
            return list(between.missing), list(map(Fraction, between.extra))
        specs = [str(draft.claims["spec"])]
    written = literals([*texts, *specs])
    said = mentions(problem)
    allowed = _FREE | implied(problem) | {value for mention in said for value in mention.values}
    known = written | _FREE | set(powers(texts))
    missing = [mention.text for mention in said if mention.required and not mention.values & known]
    return missing, sorted(unsaid([*texts, *specs], allowed))


def _is_foreign(number: Fraction, said: set[Fraction]) -> bool:
    """Whether a number is too large to be a matter of form, and is not made of two numbers of the problem."""
    if number < 10 and number.denominator == 1:
        return False
    made = {one + two for one in said for two in said} | {abs(one - two) for one in said for two in said}
    made |= {one * two for one in said for two in said} | {one / two for one in said for two in said if two}
    return number not in made


# Expressions ---------------------------------------------------------------------------------------------------------


def _stands_in(text: str, problem: str) -> bool:
    """Whether the claimed expression, or the body of its calculus, equals something that stands in the problem."""
    try:
        claim = read(unwrapped(text).removeprefix("Series"))
    except Unreadable:  # y'' + y = 0, say
        return _bare(text) in _bare(problem)
    if isinstance(claim, Call) and claim.head == "Tuple" and text.startswith("Series"):
        claim = claim.args[0]
    while isinstance(claim, Call) and claim.head in CALCULUS:
        claim = claim.args[0]
    wanted = [claim, *claim.args] if isinstance(claim, Call) and claim.head in RELATIONS else [claim]
    return any(_same(part, found) for found in _expressions(problem) for part in wanted[:1])


def _bare(text: str) -> str:
    """A text without what is written or left out at will."""
    return re.sub(r"[\s*${}]|\\[,;!]", "", text)


def _same(one: Node, two: Node) -> bool:
    if one == two:
        return True
    if is_statement(one) != is_statement(two):
        return False
    try:
        return compare(one, two).outcome == "equal"
    except Unreadable:
        return False


def _expressions(problem: str) -> Iterator[Node]:
    """What can be read as an expression in a problem: between math delimiters, and in runs of symbols."""
    seen = 0
    for text in _places(problem):
        seen += 1
        if seen > CANDIDATES:
            return
        try:
            node = read(text)
        except Unreadable:
            continue
        for part in walk(node):
            if isinstance(part, Call) and part.head in CALCULUS:
                yield part.args[0]
        yield node
        if isinstance(node, Call) and node.head in RELATIONS:
            yield from node.args


def _places(problem: str) -> Iterator[str]:
    for match in _DELIMITED.finditer(problem):
        yield next(part for part in match.groups() if part is not None).strip()
    plain = _DELIMITED.sub(" . ", problem)
    run: list[str] = []
    for word in [*re.split(r"[\s?;:]+", plain), ""]:
        core = word.rstrip(".,!")
        if core and _is_maths(core):
            run.append(core)
        if (core != word or not _is_maths(core)) and run:
            yield from _parts(run)
            run = []


def _parts(run: list[str]) -> Iterator[str]:
    """A run of symbols, and what is left of it without a word at either end."""
    for first in range(min(2, len(run))):
        for last in range(len(run), max(len(run) - 2, first), -1):
            yield " ".join(run[first:last])


def _is_maths(word: str) -> bool:
    if word in _WORDS:
        return False
    letters = re.findall(r"[A-Za-z]{2,}", word)
    known = all(part in FUNCTIONS or part in {"pi", "oo"} or len(part) == 2 for part in letters)
    return (bool(_MATHS.search(word)) or len(word) == 1) and known
