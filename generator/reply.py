"""What a teacher wrote, read into a draft; a reply that can't be read says why, with a slug that the report counts."""

import json
import re
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from proofmill.verifiers.answering.answers import stated_answer
from proofmill.verifiers.verdict import Draft

MAX_CHARACTERS = 200_000
"""Longest reply that is read; a longer one is no answer to a problem."""

MAX_OBJECTS = 2_000
"""Places at which an object is looked for."""

MAX_WORK = 4_000_000
"""Characters that are decoded in the search for it, once more for each place that they are read from."""

MAX_DEPTH = 20
"""Deepest nesting of an object that is read."""


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number, strict=False)
_OPENING = re.compile(r'\{(?=\s*")')
_TAG = re.compile(r"<(?P<end>/)?(?P<name>think|thinking|reasoning)>", re.IGNORECASE)
_FENCE = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)```", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LATEX = "frac|times|theta|tan|text|to|tau|top|tfrac|beta|binom|bar|big|boxed|begin|rho|right|rangle|nabla|neq|neg|not"
_NEWLINE_COMMAND = re.compile(r"\\n(?:abla|eq|eg|ot)\b")
_LONE_BACKSLASH = re.compile(rf'(?<!\\)((?:\\\\)*)\\(?=(?:{_LATEX})\b|[^"\\/bfnrtu]|u(?![0-9a-fA-F]{{4}}))')


class UnreadableReply(ValueError):
    """The reply holds no draft; `reason` is the slug, the message what was found."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class _Reply(BaseModel):
    """The object that a teacher is asked for."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True, strict=True, str_strip_whitespace=True)

    problem: str = Field("", min_length=0)
    """the problem, complete and self-contained"""
    solution: str = Field(min_length=1)
    """the solution step by step, ending with a line 'Answer: ...'"""
    answer: str = Field(min_length=1)
    """the final answer alone"""
    claims: dict[str, Any] = {}
    """what a machine can check, as the task says"""


@cache
def reply_format(with_problem: bool) -> str:
    """The reply that is read, told to the teacher; made from the model that reads it, so the two can't drift apart."""
    fields = [(name, info) for name, info in _Reply.model_fields.items() if with_problem or name != "problem"]
    lines = [f'  "{name}": {info.description}' for name, info in fields]
    return "one JSON object with these keys:\n{\n" + ",\n".join(lines) + "\n}"


def read_text(text: str, problem: str, gold: str | None, *, finish: str = "stop") -> Draft:
    """A reply that is the solution itself; its answer is the final answer stated in it, if there is one."""
    solution = _spoken(_bounded(text))
    if finish == "length" and stated_answer(solution) == "":
        raise UnreadableReply("truncated", "the reply reached max_tokens before it stated an answer")
    return Draft(problem, solution, stated_answer(solution), gold)


def read_json(text: str, problem: str | None, gold: str | None, *, finish: str = "stop") -> Draft:
    """A reply that is, or contains, a JSON object; `problem` is given where people wrote it."""
    found = _sound(_object(_bounded(text), finish))
    answer = found.get("answer")
    if isinstance(answer, (int, Decimal)) and not isinstance(answer, bool):
        found["answer"] = str(answer)
    try:
        reply = _Reply.model_validate(found)
    except ValidationError as errors:
        first = errors.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = "missing_key" if first["type"] == "missing" else "wrong_type"
        raise UnreadableReply(reason, f"{where}: {first['msg']}") from None
    if problem is None and not reply.problem:
        raise UnreadableReply("missing_key", "problem: Field required")
    own = reply.problem if problem is None else problem
    return Draft(own, reply.solution, reply.answer, gold, _plain(reply.claims))


def read_claims(text: str, *, finish: str = "stop") -> dict[str, Any]:
    """The claims in the reply of a second reading; empty where none can be read."""
    try:
        claims = _plain(_sound(_object(_bounded(text), finish)).get("claims"))
    except UnreadableReply:
        return {}
    return claims if isinstance(claims, dict) else {}


def _bounded(text: str) -> str:
    """The reply; refused where it is too long or not Unicode."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableReply("too_long", f"{len(text):,} characters; {MAX_CHARACTERS:,} are read")
    if _SURROGATE.search(text):
        raise _half_a_character()
    return text


def _spoken(text: str) -> str:
    """The reply without its reasoning, whose opening tag may stand in the prompt; refused where nothing is left."""
    kept: list[str] = []
    opened, position = None, 0
    for tag in _TAG.finditer(text):
        if not tag["end"]:
            opened = opened or tag
        elif opened is None:
            kept, position = [], tag.end()
        elif tag["name"].lower() == opened["name"].lower():
            kept.append(text[position : opened.start()])
            opened, position = None, tag.end()
    if opened and not "".join((*kept, text[position : opened.start()])).strip():
        raise UnreadableReply("only_reasoning", "the reasoning never ends")
    said = "".join((*kept, text[position:])).strip()
    if not said:
        raise UnreadableReply("empty_reply", "nothing but white space or reasoning")
    return said


def _object(text: str, finish: str) -> dict[str, Any]:
    """The last object in the reply that has one of our keys: bare, fenced, or after some reasoning."""
    bare = _doubled(text.strip())
    best, end = _decoded(bare, 0) if bare.startswith("{") else (None, 0)
    if best is not None and end == len(bare):  # all of it: nothing inside is reasoning or a fence
        return best
    said = _spoken(text)
    best = _last_of_ours(said) or _last_of_ours("\n".join(_FENCE.findall(said)))
    if best is not None:
        return best
    if "{" not in said:
        kind = "json_not_object" if said.startswith("[") else "no_json"
        raise UnreadableReply(kind, f"expected a JSON object (found {said[:80]!r})")
    if finish == "length":
        raise UnreadableReply("truncated", "the reply reached max_tokens inside its JSON")
    raise UnreadableReply("broken_json", f"no JSON object with our keys can be read (ends {said[-80:]!r})")


def _last_of_ours(text: str) -> dict[str, Any] | None:
    """The last of the outermost JSON objects that has one of our keys; a stray brace before one can't hide it."""
    best: dict[str, Any] | None = None
    text, end, work = _doubled(text), 0, 0
    for opening, _ in zip(_OPENING.finditer(text), range(MAX_OBJECTS), strict=False):
        if opening.start() < end or work > MAX_WORK:
            continue
        found, end = _decoded(text, opening.start())
        work += end - opening.start()
        if found is None:
            end = opening.end()
        elif found.keys() & _Reply.model_fields.keys():
            best = found
    return best


def _decoded(text: str, start: int) -> tuple[dict[str, Any] | None, int]:
    """The object that begins at `start`, or None; and how far the text was read."""
    try:
        value, end = _decoder.raw_decode(text, start)
    except json.JSONDecodeError as why:
        return None, why.pos
    except (ValueError, RecursionError):
        return None, len(text)
    return value, end


def _doubled(text: str) -> str:
    """The text with the backslashes of LaTeX doubled, as models forget to do."""
    if text.count("\\") == text.count("\\n") + text.count('\\"') and not _NEWLINE_COMMAND.search(text):
        return text  # quicker than the search below, and true of most replies
    return _LONE_BACKSLASH.sub(r"\1\\\\", text)


def _sound(value: Any, depth: int = 0) -> Any:
    """The value, refused where it is nested too deeply or holds what is not Unicode."""
    if depth > MAX_DEPTH:
        raise UnreadableReply("wrong_type", f"expected no more than {MAX_DEPTH} levels (found more)")
    if isinstance(value, str) and _SURROGATE.search(value):
        raise _half_a_character()
    inside = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inside:
        _sound(item, depth + 1)
    return value


def _half_a_character() -> UnreadableReply:
    return UnreadableReply("bad_unicode", "half of a surrogate pair stands alone")


def _plain(value: Any) -> Any:
    """Decimals, which keep an answer's digits, as floats where they stand in claims."""
    if isinstance(value, Decimal):
        number = float(value)
        return number if isfinite(number) else str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
