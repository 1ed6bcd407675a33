"""The spec language, kind by kind: one table that reads a spec, and from which the teacher is told how to write it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from proofmill.verifiers.spec import fields
from proofmill.verifiers.spec.model import BadSpec, Kind, Scope, Spec
from proofmill.verifiers.spec.space import Space, read_space
from proofmill.verifiers.verdict import Draft, Unreadable

CHARACTERS = 20_000
"""The longest spec, as JSON."""
MISTAKES = 8


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a spec: what it holds in words, how it is read, whether it must be there."""

    words: str
    read: Callable[[Any, str, Scope], Any]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Language:
    """The keys of one kind of spec, in the order in which they are read, and an example that holds."""

    summary: str
    keys: Mapping[str, Field]
    example: Draft


def one_of(*words: str) -> Callable[[Any, str, Scope], str]:
    """A reader that takes one of some words."""

    def read(value: object, place: str, _: Scope) -> str:
        if not isinstance(value, str) or value not in words:
            raise BadSpec(f"{place}: expected one of {', '.join(words)} (found {value!r:.80})")
        return value

    return read


_VARIABLES = Field("the unknowns: an object {name: type or {...}}, see below", fields.read_variables)
_UNUSED = Field("numbers of the problem that play no part in it, as a list", fields.read_numbers, False)
_CONSTRAINTS = Field(
    "a list of statements that all hold, one for each fact of the problem and none that follows from the others; "
    "numbers as they stand in the problem, not worked out; never the answer itself",
    fields.read_statements,
)

KINDS: Final[dict[Kind, Language]] = {
    "word_problem": Language(
        "A word problem as unknowns, the facts that the text states about them, and what is asked.",
        {
            "variables": _VARIABLES,
            "constraints": _CONSTRAINTS,
            "find": Field("the expression that is asked for", fields.read_expression),
            "unused": _UNUSED,
        },
        Draft(
            "Ann and Bob have 12 apples together. Ann has twice as many as Bob. How many apples does Ann have?",
            answer="8",
            claims={
                "spec": {
                    "variables": {"ann": {"type": "integer", "min": 0}, "bob": {"type": "integer", "min": 0}},
                    "constraints": ["ann + bob = 12", "ann = 2*bob"],
                    "find": "ann",
                }
            },
        ),
    ),
    "logic": Language(
        "A puzzle with exactly one solution: truth-tellers and liars, grids, cryptarithms, timetables.",
        {
            "variables": _VARIABLES,
            "constraints": _CONSTRAINTS,
            "find": Field('"all", a list of variables, or one expression or statement', fields.read_asked),
            "unique": Field(
                'what must have one solution only: "all" variables (the default) or what is asked, "find"',
                one_of("all", "find"),
                False,
            ),
            "unused": _UNUSED,
        },
        Draft(
            "Knights always tell the truth, knaves always lie. A says: 'B is a knave.' B says: 'A and I are of one "
            "kind.' What are A and B?",
            answer="A is a knight, B is a knave",
            claims={
                "spec": {
                    "variables": {
                        "A": {"type": "boolean", "true": "knight", "false": "knave"},
                        "B": {"type": "boolean", "true": "knight", "false": "knave"},
                    },
                    "constraints": ["A <=> not B", "B <=> (A = B)"],
                    "find": "all",
                }
            },
        ),
    ),
    "counting": Language(
        "How many outcomes, or how likely: a space that is walked through, and an event in it.",
        {
            "space": Field(
                'one of {"product": {name: values, ...}}, each name taking any of its values; {"permutation": [names], '
                '"values": values}, the names taking different items in order; {"combination": [names], "values": '
                'values}, the same without order (numbers in increasing order). Values: "1..6", a list, or {value: how '
                'many or how likely}. "alike": true counts outcomes that look the same once (letters of a word)',
                read_space,
            ),
            "given": Field("statements that are known to hold, as a list", fields.read_statements, False),
            "event": Field("the statement whose outcomes are counted; left out, all are", fields.read_statement, False),
            "find": Field('what is asked, "count" or "probability"', one_of("count", "probability")),
            "unused": _UNUSED,
        },
        Draft(
            "Two fair dice with 6 faces are rolled. What is the probability that the sum is 9?",
            answer="1/9",
            claims={
                "spec": {
                    "space": {"product": {"a": "1..6", "b": "1..6"}},
                    "event": "a + b = 9",
                    "find": "probability",
                }
            },
        ),
    ),
    "number_theory": Language(
        "A value of number theory, a search among integers, or a claim about all of them.",
        {
            "variable": Field("the integer that is searched for or spoken of", fields.read_variable_name, False),
            "find": Field(
                '"value" of expression; "smallest", "largest", "count", "sum" or "all" of the integers that satisfy '
                'where; "always": whether claim holds for every integer',
                one_of("value", "smallest", "largest", "count", "sum", "all", "always"),
            ),
            "expression": Field("the expression of a value", fields.read_expression, False),
            "from": Field("the first integer that is looked at (1 where it is left out)", fields.read_integer, False),
            "to": Field("the last one; smallest and always need none", fields.read_integer, False),
            "where": Field("statements that the integers satisfy, as a list", fields.read_statements, False),
            "claim": Field("the statement about every integer", fields.read_statement, False),
            "unused": _UNUSED,
        },
        Draft(
            "What is the smallest positive integer that leaves remainder 2 when divided by 3 and remainder 3 when "
            "divided by 5?",
            answer="8",
            claims={
                "spec": {"variable": "n", "find": "smallest", "where": ["mod(n, 3) = 2", "mod(n, 5) = 3"]},
            },
        ),
    ),
    "optimum": Language(
        "The largest or smallest value that an expression can take under constraints.",
        {
            "variables": _VARIABLES,
            "constraints": _CONSTRAINTS,
            "maximize": Field("the expression to make as large as possible", fields.read_expression, False),
            "minimize": Field("the expression to make as small as possible", fields.read_expression, False),
            "find": Field(
                '"value", the optimal value (the default), or the list of the variables whose values there are asked',
                lambda value, place, scope: () if value == "value" else fields.read_asked(value, place, scope),
                False,
            ),
            "unused": _UNUSED,
        },
        Draft(
            "A rectangle has a perimeter of 20 cm. What is its largest possible area in square centimetres?",
            answer="25",
            claims={
                "spec": {
                    "variables": {"width": {"type": "real", "min": 0}, "height": {"type": "real", "min": 0}},
                    "constraints": ["2*(width + height) = 20"],
                    "maximize": "width*height",
                }
            },
        ),
    ),
}


def read_spec(value: object, kind: Kind, place: str = "spec") -> Spec:
    """The spec of a JSON value; raises BadSpec with every mistake that was found, each with its place."""
    if not isinstance(value, Mapping):
        raise BadSpec(f"{place}: expected a JSON object (found {value!r:.80})")
    _check_size(value, place)
    keys = KINDS[kind].keys
    wrong = [
        f"{place}.{name}: expected no such key (a {kind} takes: {', '.join(keys)})"
        for name in sorted(map(str, set(value) - set(keys)))
    ]
    found: dict[str, Any] = {}
    scope = Scope()
    for name, key in keys.items():
        if name not in value:
            wrong += [f"{place}.{name}: expected {key.words:.120} (found nothing)"] if key.required else []
            continue
        try:
            found[name] = key.read(value[name], f"{place}.{name}", scope)
        except BadSpec as why:
            wrong.append(str(why))
            if name in {"variables", "space", "variable"}:
                break
            continue
        scope = _widened(scope, found[name])
    if wrong:
        raise BadSpec("; ".join(wrong[:MISTAKES]))
    return Spec(kind, scope, found.pop("constraints", ()), dict(value), found)


def kind_of(spec: object) -> Kind | None:
    """The kind whose reader takes a spec; None where none does."""
    for kind in KINDS:
        try:
            read_spec(spec, kind)
        except BadSpec:
            continue
        return kind
    return None


def _widened(scope: Scope, read: object) -> Scope:
    if isinstance(read, Scope):
        return read
    return read.scope if isinstance(read, Space) else scope


def _check_size(value: Mapping[str, Any], place: str) -> None:
    try:
        size = len(json.dumps(value, default=str))
    except (ValueError, RecursionError):
        size = CHARACTERS + 1
    if size > CHARACTERS:
        raise BadSpec(f"{place}: expected at most {CHARACTERS} characters of JSON (found more)")


def claimed_spec(draft: Draft, kind: Kind) -> Spec:
    """The spec that a draft claims; Unreadable: `claim_missing` where there is none."""
    if "spec" not in draft.claims:
        raise Unreadable("claims.spec: expected a JSON object (found nothing)", reason="claim_missing")
    return read_spec(draft.claims["spec"], kind)
