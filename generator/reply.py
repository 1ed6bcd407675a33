"""What a teacher wrote, read into a draft; a reply that can't be read says why, with a slug that the report counts."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from proofmill.verifiers.answers import final_answer
from proofmill.verifiers.verdict import Draft, Unreadable

MAX_CHARACTERS = 200_000
"""Longest reply that is read; a longer one is no answer to a problem."""

MAX_OBJECTS = 2_000
"""Opening braces at which an object is looked for."""

_decoder = json.JSONDecoder(parse_float=Decimal, strict=False)
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)```", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LATEX = "frac|times|theta|tan|text|to|tau|top|tfrac|beta|binom|bar|big|boxed|begin|rho|right|rangle|nabla|neq|neg|not"
_LONE_BACKSLASH = re.compile(rf'(?<!\\)((?:\\\\)*)\\(?=(?:{_LATEX})\b|[^"\\/bfnrtu]|u(?![0-9a-fA-F]{{4}}))')


class UnreadableReply(ValueError):
    """The reply holds no draft; `reason` is the slug, the message what was found."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class _Reply(BaseModel):
    """The object that a teacher is asked for."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True, strict=True)

    problem: str = Field("", min_length=0)
    """the problem, complete and self-contained"""
    solution: str = Field(min_length=1)
    """the solution step by step, ending with a line 'Answer: ...'"""
    answer: str = Field(min_length=1)
    """the final answer alone"""
    claims: dict[str, Any] = {}
    """what a machine can check, as the task says"""


def reply_format(with_problem: bool) -> str:
    """The reply that is read, told to the teacher; made from the model that reads it, so the two can't drift apart."""
    fields = [(name, info) for name, info in _Reply.model_fields.items() if with_problem or name != "problem"]
    lines = [f'  "{name}": {info.description}' for name, info in fields]
    return "one JSON object with these keys:\n{\n" + ",\n".join(lines) + "\n}"


def read_text(text: str, problem: str, gold: str | None, *, finish: str = "stop") -> Draft:
    """A reply that is the solution itself; its answer is the final answer stated in it, if there is one."""
    solution = _checked(text)
    if finish == "length" and _answer_of(solution) == "":
        raise UnreadableReply("truncated", "the reply reached max_tokens before it stated an answer")
    return Draft(problem, solution, _answer_of(solution), gold)


def read_json(text: str, problem: str | None, gold: str | None, *, finish: str = "stop") -> Draft:
    """A reply that is, or contains, a JSON object; `problem` is given where people wrote it."""
    cleaned = _checked(text)
    found = _object(cleaned, finish)
    for name, value in found.items():
        if name == "answer" and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            found[name] = str(value)
    try:
        reply = _Reply.model_validate(found)
    except ValidationError as errors:
        first = errors.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = "missing_key" if first["type"] == "missing" else "wrong_type"
        raise UnreadableReply(reason, f"{where}: {first['msg']}") from None
    if problem is None and not reply.problem.strip():
        raise UnreadableReply("missing_key", "problem: Field required")
    if _SURROGATE.search(json.dumps(found, default=str, ensure_ascii=False)):
        raise UnreadableReply("bad_unicode", "half of a surrogate pair stands alone")
    own = reply.problem.strip() if problem is None else problem
    return Draft(own, reply.solution.strip(), reply.answer.strip(), gold, _plain(reply.claims))


def _checked(text: str) -> str:
    """The reply without its reasoning; refused where it is empty, too long or not Unicode."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableReply("too_long", f"{len(text):,} characters; {MAX_CHARACTERS:,} are read")
    if _SURROGATE.search(text):
        raise UnreadableReply("bad_unicode", "half of a surrogate pair stands alone")
    said = _THOUGHT.sub("", text)
    if said.lstrip()[:7].lower() == "<think>":
        raise UnreadableReply("only_reasoning", "the reasoning never ends")
    said = re.split(r"</think(?:ing)?>", said)[-1].strip()
    if not said:
        raise UnreadableReply("empty_reply", "nothing but white space or reasoning")
    return said


def _answer_of(solution: str) -> str:
    try:
        return final_answer(solution)
    except Unreadable:
        return ""


def _object(text: str, finish: str) -> dict[str, Any]:
    """The last object in the text that has one of our keys: bare, fenced, or after some reasoning."""
    best: dict[str, Any] | None = None
    for found in _objects(text):
        if found.keys() & _Reply.model_fields.keys():
            best = found
    if best is not None:
        return best
    if "{" not in text:
        kind = "json_not_object" if text.lstrip()[:1] == "[" else "no_json"
        raise UnreadableReply(kind, f"expected a JSON object (found {text[:80]!r})")
    if finish == "length":
        raise UnreadableReply("truncated", "the reply reached max_tokens inside its JSON")
    raise UnreadableReply("broken_json", f"no JSON object with our keys can be read (ends {text[-80:]!r})")


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every outermost JSON object that decodes; fenced blocks stand on their own, so a stray brace can't hide one."""
    tries = 0
    for part in [_FENCE.sub(" ", text), *_FENCE.findall(text)]:
        part = _LONE_BACKSLASH.sub(r"\1\\\\", part)  # models forget to double the backslashes of LaTeX
        position = part.find("{")
        while position >= 0 and tries < MAX_OBJECTS:
            tries += 1
            try:
                value, end = _decoder.raw_decode(part, position)
            except (ValueError, RecursionError):
                value, end = None, position + 1
            if isinstance(value, dict):
                yield value
            position = part.find("{", end)


def _plain(value: Any) -> Any:
    """Decimals, which keep an answer's digits, as floats where they stand in claims."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
