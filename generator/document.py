"""A YAML file as data that remembers where each value stands, so that every mistake can name its place.

PyYAML reads YAML 1.1, in which `no` is false, `012` is ten and `12:30` is 750. None of these may pass by accident, so
they are refused here, as are duplicate keys, aliases, tags and keys that are not text. All mistakes are told at once.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from proofmill.errors import InputError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

Key = str | int
Loc = tuple[Key, ...]

_TAG = "tag:yaml.org,2002:"
_OCTAL = re.compile(r"[-+]?0[0-9_]+")
_TEXT_NUMBER = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)[eE][-+]?\d+")


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a file."""

    path: str
    place: Place
    key: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.place.line}:{self.place.column}: "
        what = f"expected {self.expected} (found {self.found})"
        return f"{where}{self.key}: {what}" if self.key else where + what


@dataclass(slots=True)
class Document:
    """The data of one file, and for each location in it the place and the source text."""

    path: str
    data: Any
    keys: dict[Loc, Place]
    values: dict[Loc, Place]
    sources: dict[Loc, str]

    def mistake(self, loc: Loc, expected: str, found: str | None = None) -> Mistake:
        """A mistake at the nearest location that the file really has: `loc` may hold tags and missing keys."""
        known, rest = self._known(loc)
        places = self.keys if rest is None else self.values
        place = places.get(known) or self.values.get(known, Place(1, 1))
        return Mistake(self.path, place, dotted(loc), expected, found or self.found(loc))

    def found(self, loc: Loc) -> str:
        """What stands at a location, as the file's author wrote it."""
        known, rest = self._known(loc)
        if rest is not None:
            return "nothing"
        value: Any = self.data
        for part in known:
            value = value[part]
        return describe(value, self.sources.get(known))

    def _known(self, loc: Loc) -> tuple[Loc, Key | None]:
        """The part of `loc` that exists, and the first key after it that does not (a union's tag is passed over)."""
        value, known, missing = self.data, [], None
        for part in loc:
            if (isinstance(value, dict) and part in value) or (
                isinstance(value, list) and isinstance(part, int) and part < len(value)
            ):
                known.append(part)
                value, missing = value[part], None
            else:
                missing = part
        return tuple(known), missing


def dotted(loc: Loc) -> str:
    """`("anchors", 0, "path")` as `anchors.0.path`."""
    return ".".join(str(part) for part in loc)


def describe(value: Any, source: str | None = None) -> str:
    """A value in words a person can find in the file: `'one'`, `no, which YAML 1.1 reads as false`, `a list`."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:57] + "..."
        note = ", which YAML 1.1 reads as text; write it with a decimal point, like 1.0e-4"
        return repr(short) + (note if source is not None and _TEXT_NUMBER.fullmatch(source) else "")
    return source if source is not None else str(value).lower() if isinstance(value, bool) else str(value)


def nearest(word: str, words: list[str]) -> str:
    """`; did you mean 'rows'?` where one of `words` is close, else nothing."""
    close = difflib.get_close_matches(word, words, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def read(path: Path, *, shown: str | None = None) -> Document:
    """Read one YAML file; InputError lists every mistake of form in it."""
    name = shown or str(path)
    text = _text(path, name)
    mistakes = list(_refused_events(name, text))
    if mistakes:
        raise InputError(map(str, mistakes))
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    document = Document(name, None, {}, {}, {})
    if not isinstance(node, yaml.MappingNode):
        kind = "nothing" if node is None else "a list" if isinstance(node, yaml.SequenceNode) else f"{node.value!r}"
        raise InputError(str(Mistake(name, _place(node), "", "a mapping of keys to values", kind)))
    document.data = _build(node, (), document, mistakes)
    if mistakes:
        raise InputError(map(str, sorted(mistakes, key=lambda m: (m.place.line, m.place.column))))
    return document


def _text(path: Path, name: str) -> str:
    if not path.is_file():
        raise InputError(f"{name}: expected a recipe file (found {'a folder' if path.is_dir() else 'nothing'})")
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise InputError(f"{name}:1:1: expected at most {MAX_BYTES:,} bytes (found {len(raw):,})")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        before = raw[: why.start]
        line, column = before.count(b"\n") + 1, why.start - before.rfind(b"\n")
        raise InputError(f"{name}:{line}:{column}: expected UTF-8 text (found byte 0x{raw[why.start]:02x})") from None


def _refused_events(name: str, text: str) -> Iterator[Mistake]:
    """Syntax errors, aliases, tags, second documents, and nesting too deep to read safely."""
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
            depth -= isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent))
            documents += isinstance(event, yaml.DocumentStartEvent)
            if depth > MAX_DEPTH:
                yield Mistake(name, _place(event), "", f"at most {MAX_DEPTH} levels of nesting", "more")
                return
            if isinstance(event, yaml.AliasEvent):
                yield Mistake(name, _place(event), "", "the value itself; aliases are not read", f"*{event.anchor}")
            elif getattr(event, "tag", None) not in (None, "!"):
                yield Mistake(name, _place(event), "", "a value without a tag", str(event.tag))
            if documents > 1:
                yield Mistake(name, _place(event), "", "one document", "a second one after '---'")
                return
    except yaml.MarkedYAMLError as why:
        mark = why.problem_mark or why.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        yield Mistake(name, place, "", "YAML", " ".join(str(why.problem or why.context or why).split()))
    except yaml.reader.ReaderError as why:
        before = text[: why.position]
        place = Place(before.count("\n") + 1, why.position - before.rfind("\n"))
        yield Mistake(name, place, "", "printable text", f"character U+{ord(text[why.position]):04X}")


def _place(node: Any) -> Place:
    return Place(1, 1) if node is None else Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _build(node: yaml.Node, loc: Loc, document: Document, mistakes: list[Mistake]) -> Any:
    document.values[loc] = _place(node)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, loc, document, mistakes)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*loc, number), document, mistakes) for number, child in enumerate(node.value)]
    document.sources[loc] = node.value
    surprise = _surprise(node)
    if surprise:
        mistakes.append(Mistake(document.path, _place(node), dotted(loc), *surprise))
        return None
    return yaml.SafeLoader("").construct_object(node)


def _mapping(node: yaml.MappingNode, loc: Loc, document: Document, mistakes: list[Mistake]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        if name is None or (key.tag != _TAG + "str" and key.style is None):
            found = "a mapping or list" if name is None else name
            mistakes.append(Mistake(document.path, _place(key), dotted(loc), "a key that is text", found))
            continue
        here = (*loc, name)
        if name in data:
            first = document.keys[here].line
            found = f"{name!r} again; it stands in line {first}"
            mistakes.append(Mistake(document.path, _place(key), dotted(here), "each key once", found))
            continue
        document.keys[here] = _place(key)
        data[name] = _build(value, here, document, mistakes)
    return data


def _surprise(node: yaml.ScalarNode) -> tuple[str, str] | None:
    """(expected, found) where YAML 1.1 reads a plain scalar as something its author can't have meant."""
    kind, text = node.tag.removeprefix(_TAG), node.value
    if node.style is not None:
        return None
    if kind == "bool" and text.lower() not in ("true", "false"):
        reading = "true" if text.lower() in ("yes", "on", "y") else "false"
        return "true, false, or quoted text", f"{text}, which YAML 1.1 reads as {reading}"
    if kind in ("int", "float") and ":" in text:
        return "a decimal number, or quoted text", f"{text}, which YAML 1.1 reads in base 60"
    if kind == "int" and _OCTAL.fullmatch(text):
        return "a number without leading zeros, or quoted text", f"{text}, which YAML 1.1 reads in base 8"
    if kind in ("timestamp", "merge", "value"):
        return "quoted text", f"{text}, which YAML 1.1 reads as a {kind}"
    return None
