"""pydantic's errors in the house's words: place, key, expectation, finding."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from proofmill.document import Document, Loc, Mistake, describe, dotted, nearest, told

_SHOULD = re.compile(r"^(?:Input|Value) should (?:be |match )?")
_KIND_SHOULD = re.compile(r"^(String|List|Tuple|Dictionary) should (have|match)")
_KEYED = re.compile(r"(?P<keys>[\w.]+(?:: [\w.]+)*): expected ")
_WORDS = {"String": "text", "List": "a list", "Tuple": "a list", "Dictionary": "a mapping"}
_PLAIN = {
    "a valid string": "text",
    "a valid integer": "an integer",
    "a valid number": "a number",
    "a valid boolean": "true or false",
    "a valid tuple": "a list",
    "a valid array": "a list",
    "an object": "a mapping",
    "a valid dictionary": "a mapping",
}
_BOUNDS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "at least {min_length} in the list",
    "too_long": "at most {max_length} in the list",
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one error says: where, what was expected, what was found (None: what stands there; "" after a sentence)."""

    loc: Loc
    expected: str
    found: str | None = None
    of_key: bool = False


def mistakes_of(
    errors: ValidationError, model: type[BaseModel], read: Document | None, data: Mapping[str, Any]
) -> list[str]:
    """One line for each mistake, in the order in which they stand in the file; those in overrides come first."""
    schema = model.model_json_schema()
    lines = []
    for finding in (found for error in errors.errors(include_url=False) for found in _findings(error, schema)):
        loc, key, found = finding.loc, dotted(finding.loc), finding.found
        if read is None or not _stands_in(read, loc, data):
            found = describe(_value_at(data, loc)) if found is None else found
            lines.append(((0, 0), told(key or "recipe", finding.expected, found)))
        else:
            place = read.place(loc, of_key=finding.of_key)
            found = read.found(loc) if found is None else found
            lines.append(((place.line, place.column), str(Mistake(read.path, place, key, finding.expected, found))))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _stands_in(read: Document, loc: Loc, data: Mapping[str, Any]) -> bool:
    """Whether the value at `loc` comes from the file: an override has put no other in its place."""
    ours: Any = read.data
    theirs: Any = data
    for part in loc:
        if isinstance(ours, Mapping) and isinstance(theirs, Mapping) and part in theirs:
            if part not in ours:
                return False
            ours, theirs = ours[part], theirs[part]
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return all(ours.get(tag) == theirs.get(tag) for tag in ("kind", "source"))  # another kind starts afresh
    return ours is theirs


def _value_at(data: Any, loc: Loc) -> Any:
    """The value at a location, or None where there is none."""
    for part in loc:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _findings(error: ErrorDetails, schema: dict[str, Any]) -> Iterator[_Finding]:
    """The mistakes that one error tells: one, or each argument of a validator's ValueError."""
    kind, loc = error["type"], _without_tags(schema, error["loc"])
    if kind == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
        return  # long enough, but for items that have mistakes of their own
    if kind == "value_error":
        yield from (_said(loc, str(sentence)) for sentence in error["ctx"]["error"].args)
    elif kind == "missing":
        yield _Finding(loc, "a value")
    elif kind == "extra_forbidden":
        known, word = keys_at(schema, error["loc"][:-1]), str(loc[-1])
        said = f"the unknown key {word!r}{nearest(word, known)}"
        yield _Finding(loc, f"one of {', '.join(known)}", said, of_key=True)
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        tag = str(error["ctx"]["discriminator"]).strip("'")
        yield _Finding((*loc, tag), f"one of {_tags(schema, error)}")
    elif loc and loc[-1] == "[key]":
        yield _Finding(loc[:-1], _expected(error), f"the unknown key {str(loc[-2])!r}", of_key=True)
    else:
        yield _Finding(loc, _expected(error))


def _said(loc: Loc, sentence: str) -> _Finding:
    """A validator's own words: `mix: expected x (found y)` belongs to the key that it names."""
    keyed = _KEYED.match(sentence)
    if keyed:
        loc, sentence = (*loc, *keyed["keys"].split(": ")), sentence[keyed.end() - len("expected ") :]
    if not sentence.startswith("expected "):
        return _Finding(loc, sentence, "")
    expected, _, found = sentence.removeprefix("expected ").partition(" (found ")
    return _Finding(loc, expected, found.removesuffix(")") or None)


def _expected(error: ErrorDetails) -> str:
    """What pydantic expected."""
    if error["type"] in _BOUNDS:
        whole = {key: int(bound) if bound == int(bound) else bound for key, bound in _numbers(error["ctx"])}
        return _BOUNDS[error["type"]].format_map(whole)
    text = _KIND_SHOULD.sub(lambda match: f"{_WORDS[match[1]]} that {match[2]}", error["msg"])
    text = _SHOULD.sub("", text.replace("that have", "that has").replace("that match", "that matches"))
    return _PLAIN.get(text, text)


def _numbers(context: Mapping[str, Any]) -> list[tuple[str, int | float]]:
    return [(key, value) for key, value in context.items() if isinstance(value, (int, float))]


def _tags(schema: dict[str, Any], error: ErrorDetails) -> str:
    """The values that a union's discriminator takes."""
    return ", ".join(sorted(_node_at(schema, error["loc"]).get("discriminator", {}).get("mapping", {})))


def _without_tags(schema: dict[str, Any], loc: Loc) -> Loc:
    """A location as the file has it: pydantic adds the tag of each union that it passes."""
    node, kept = _resolved(schema, schema), []
    for part in loc:
        if part not in node.get("discriminator", {}).get("mapping", {}):
            kept.append(part)
        node = _inside(node, schema, part)
    return tuple(kept)


def keys_at(schema: dict[str, Any], loc: Loc) -> list[str]:
    """The keys that a mapping at `loc` may have."""
    return sorted(_node_at(schema, loc).get("properties", {}))


def _node_at(schema: dict[str, Any], loc: Loc) -> dict[str, Any]:
    node = schema
    for part in loc:
        node = _inside(_resolved(schema, node), schema, part)
    return _resolved(schema, node)


def _inside(node: dict[str, Any], schema: dict[str, Any], part: str | int) -> dict[str, Any]:
    if isinstance(part, int):
        inside = node.get("items", {})
    elif part in node.get("properties", {}):
        inside = node["properties"][part]
    else:
        tagged = node.get("discriminator", {}).get("mapping", {}).get(part)
        inside = {"$ref": tagged} if tagged else {}
    return _resolved(schema, inside)


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow $ref, and `X | None`."""
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
            continue
        some = [option for option in node.get("anyOf", []) if option.get("type") != "null"]
        if "anyOf" in node and len(some) == 1:
            node = some[0]
            continue
        return node
