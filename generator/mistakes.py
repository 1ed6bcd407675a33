"""pydantic's errors in the house's words: place, key, expectation, finding."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from proofmill.document import Document, Loc, describe, dotted, nearest

_SHOULD = re.compile(r"^(?:Input|Value) should (?:be |match )?")
_KIND_SHOULD = re.compile(r"^(String|List|Tuple|Dictionary) should (have|match)")
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


def mistakes_of(
    errors: ValidationError, model: type[BaseModel], read: Document | None, data: Mapping[str, Any]
) -> list[str]:
    """One line for each error, in the order in which they stand in the file."""
    schema = model.model_json_schema()
    lines = []
    for error in errors.errors(include_url=False):
        expected, found = _expectation(error, schema)
        loc: Loc = error["loc"]
        if read is None or not _stands_in(read, loc, data):
            found = found or describe(error["input"])
            lines.append(((0, 0), f"{dotted(loc) or 'recipe'}: expected {expected} (found {found})"))
        else:
            mistake = read.mistake(_sharper(loc, error), expected, found)
            lines.append(((mistake.place.line, mistake.place.column), str(mistake)))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _stands_in(read: Document, loc: Loc, data: Mapping[str, Any]) -> bool:
    """Whether the value at `loc` comes from the file (not from an override)."""
    ours: Any = read.data
    theirs: Any = data
    for part in loc:
        if isinstance(theirs, Mapping) and part in theirs:
            if not isinstance(ours, Mapping) or part not in ours:
                return False
            ours, theirs = ours[part], theirs[part]
    return True


def _sharper(loc: Loc, error: ErrorDetails) -> Loc:
    """A whole-recipe error that names its key (`mix: expected ...`) belongs to that key."""
    text = _message(error)
    head, colon, _ = text.partition(": expected")
    return (*loc, *head.split(".")) if error["type"] == "value_error" and colon and head.isidentifier() else loc


def _message(error: ErrorDetails) -> str:
    return str(error.get("ctx", {}).get("error", error["msg"])) if error["type"] == "value_error" else error["msg"]


def _expectation(error: ErrorDetails, schema: dict[str, Any]) -> tuple[str, str | None]:
    """What was expected, and what was found where the place alone does not tell."""
    kind, text = error["type"], _message(error)
    if kind == "missing":
        return "a value", "nothing"
    if kind == "extra_forbidden":
        known = keys_at(schema, error["loc"][:-1])
        word = str(error["loc"][-1])
        return f"one of {', '.join(known)}", f"the unknown key {word!r}{nearest(word, known)}"
    if kind == "union_tag_not_found":
        return f"the key {error['ctx']['discriminator']}, one of {_tags(schema, error)}", "nothing"
    if kind == "union_tag_invalid":
        return f"one of {_tags(schema, error)}", repr(error["ctx"]["tag"])
    if kind == "value_error":
        text = text.split(": expected ", 1)[-1].removeprefix("expected ")
        expected, _, found = text.partition(" (found ")
        return expected, found.removesuffix(")") or None
    text = _KIND_SHOULD.sub(lambda match: f"{_WORDS[match[1]]} that {match[2].replace('match', 'matches')}", text)
    text = _SHOULD.sub("", text.replace("that have", "that has"))
    return _PLAIN.get(text, text), None


def _tags(schema: dict[str, Any], error: ErrorDetails) -> str:
    return ", ".join(sorted(_node_at(schema, error["loc"]).get("discriminator", {}).get("mapping", {}))) or str(
        error["ctx"].get("expected_tags", "")
    )


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
