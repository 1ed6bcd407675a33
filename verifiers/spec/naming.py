"""The answer to a puzzle in words or JSON: "A is a knight, B is a knave", "knights: A; knaves: B", {"A": "knight"}."""

import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from proofmill.verifiers.answering.answers import answer_text, unwrapped
from proofmill.verifiers.spec.answering import Match
from proofmill.verifiers.spec.fields import Asked
from proofmill.verifiers.spec.model import Spec
from proofmill.verifiers.verdict import Unreadable

CHARACTERS = 2_000
_FILLER: Final = frozenset(
    re.findall(
        r"\w+",
        "a an the is are and has have gets owns drinks lives live sits in at on to of with both all so while who which "
        "was were telling day slot position house seat room number goes plays likes wears takes keeps teaches comes as",
    )
)
"""Words between a name and its value that change nothing; any other word (not, or, if) makes the text unreadable."""
_YES: Final = {"yes": True, "true": True, "no": False, "false": False}
_WORD = re.compile(r"-?\d+(?:\.\d+)?(?:/\d+)?|[A-Za-z_][A-Za-z0-9_]*(?:'s\b)?|[^\s\w]")
_PUNCTUATION = frozenset(",;:=.-*()`\"'{}$\\")


def match_solution(values: Mapping[str, Any], spec: Spec, text: str) -> Match:
    """The derived values beside an answer: every asked name must be given its value, and nothing else be said."""
    asked: tuple[Asked, ...] = spec.get("find")
    if len(text) > CHARACTERS:
        raise Unreadable(f"expected an answer of at most {CHARACTERS} characters", reason="too_long")
    text = answer_text(text) if "\\boxed" in text else unwrapped(text)
    if len(asked) == 1:
        single = _single(asked[0], text)
        if single is not None:
            return _same(values[asked[0].name], single, asked[0])
    told = _json(text, asked)
    if told is None:
        told = _told(text, asked)
    missing = [part.name for part in asked if part.name not in told]
    outcomes = [_same(values[part.name], told[part.name], part) for part in asked if part.name in told]
    different = [match for match in outcomes if match[0] == "different"]
    if different:
        return different[0]
    if missing:
        return "unknown", "answer_incomplete"
    unknown = [match for match in outcomes if match[0] == "unknown"]
    return unknown[0] if unknown else ("equal", "")


def _single(part: Asked, text: str) -> str | None:
    """The whole text as one value: a number, a label, yes or no, with an article at most."""
    bare = re.sub(r"^(?:the|an?)\s+(?=\w{2})", "", text.strip(), flags=re.IGNORECASE)
    return bare if _value(bare, part) is not None else None


def _same(derived: Any, told: str, part: Asked) -> Match:
    value = _value(told, part)
    if value is None:
        return "unknown", "answer_unreadable"
    return ("equal", "") if value == derived else ("different", "")


def _value(text: str, part: Asked) -> Any:
    """What a text says of one asked thing, in the terms of its type; None where it says nothing of the kind."""
    word = text.strip().lower()
    variable = part.variable
    if variable is not None and variable.type in {"boolean", "choice"}:
        for index, name in enumerate(variable.values):
            if word in _spellings(name):
                return bool(index) if variable.type == "boolean" else name
        return _YES.get(word) if variable.type == "boolean" else None
    if word in _YES and variable is None:
        return _YES[word]
    return Fraction(word) if re.fullmatch(r"-?\d{1,40}(?:\.\d{1,40}|/0*[1-9]\d{0,39})?", word) else None


def _spellings(name: str) -> set[str]:
    """A label as people write it: without underscores, in the plural."""
    plain = {name.lower(), name.lower().replace("_", " ")}
    return plain | {f"{word}s" for word in plain}


def _json(text: str, asked: tuple[Asked, ...]) -> dict[str, str] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    names = {part.name for part in asked}
    if not isinstance(found, dict) or not set(found) <= names:
        raise Unreadable("an answer that names other things than are asked", reason="answer_unreadable")
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in found.items()}


# Words ---------------------------------------------------------------------------------------------------------------


def _told(text: str, asked: tuple[Asked, ...]) -> dict[str, str]:
    """Names and values in the order of the text: either each value follows its names, or each leads them."""
    marks = list(_marks(text, asked))
    if not marks or marks[0][0] == marks[-1][0]:
        raise Unreadable(f"expected names with their values (found {text!r:.80})", reason="answer_unreadable")
    if marks[0][0] == "value":
        marks.reverse()
    found: dict[str, str] = {}
    waiting: list[str] = []
    for at, (kind, word) in enumerate(marks):
        if kind == "name":
            waiting.append(word)
            continue
        if at and marks[at - 1][0] == "value":
            raise Unreadable(f"two values side by side: {word!r}", reason="answer_unreadable")
        for name in waiting:
            if found.setdefault(name, word) != word or waiting.count(name) > 1:
                raise Unreadable(f"{name} is given two values", reason="answer_unreadable")
        waiting = []
    return found


def _marks(text: str, asked: tuple[Asked, ...]) -> Iterator[tuple[str, str]]:
    """The names and values of a text; any word that is neither, nor filler, makes it unreadable."""
    names = {spelling: part.name for part in asked for spelling in (part.name, part.name.replace("_", " "))}
    folded = {name.lower(): whole for name, whole in names.items() if len(name) > 1}
    values = {
        spelling for part in asked if part.variable for name in part.variable.values for spelling in _spellings(name)
    }
    longest = max((name.count(" ") + 1 for name in (*names, *values)), default=1)
    words = [word.removesuffix("'s") for word in _WORD.findall(text)]
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + size])
            kind, meant = _meaning(phrase, names, folded, values)
            if kind:
                break
        if kind in {"name", "value"}:
            yield kind, meant
        elif not kind:
            raise Unreadable(f"{words[at]!r} in an answer of names and values", reason="answer_unreadable")
        at += size


def _meaning(phrase: str, names: dict[str, str], folded: dict[str, str], values: set[str]) -> tuple[str, str]:
    lower = phrase.lower()
    if phrase in names:
        return "name", names[phrase]
    if lower in values or re.fullmatch(r"-?\d+(?:\.\d+)?(?:/\d+)?", phrase) or lower in _YES:
        return "value", lower
    if lower in folded:
        return "name", folded[lower]
    return ("filler", "") if lower in _FILLER or phrase in _PUNCTUATION else ("", "")
