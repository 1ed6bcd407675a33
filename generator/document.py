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
_EXPECTED = re.compile(r"expected (.+), but (?:found|got) (.+)")
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
        return f"{self.path}:{self.place.line}:{self.place.column}: {told(self.key, self.expected, self.found)}"


def told(key: str, expected: str, found: str) -> str:
    """`wanted.rows: expected an integer (found 'one')`; without `found`, `expected` is the whole sentence."""
    what = f"expected {expected} (found {found})" if found else expected
    return f"{key}: {what}" if key else what


@dataclass(slots=True)
class Document:
    """The data of one file, and for each location in it the place and the source text."""

    path: str
    data: Any
    keys: dict[Loc, Place]
    values: dict[Loc, Place]
    sources: dict[Loc, str]

    def place(self, loc: Loc, *, of_key: bool = False) -> Place:
        """Where to look: a scalar's own place, else its key's; of the nearest location that the file really has."""
        known, missing = self._known(loc)
        if missing is None and known in self.sources and not of_key:
            return self.values[known]
        return self.keys.get(known) or self.values[known]

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
            if _holds(value, part):
                known.append(part)
                value, missing = value[part], None
            else:
                missing = part
        return tuple(known), missing


def _holds(value: Any, part: Key) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value


def dotted(loc: Loc) -> str:
    """`("anchors", 0, "path")` as `anchors.0.path`."""
    return ".".join(str(part) for part in loc)


def describe(value: Any, source: str | None = None) -> str:
    """A value in words a person can find in the file: `'one'`, `no, which YAML 1.1 reads as false`, `a list`."""
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list)):
        return ("a " if value else "an empty ") + ("mapping" if isinstance(value, dict) else "list")
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
            tag = getattr(event, "tag", None)
            if isinstance(event, yaml.AliasEvent):
                yield Mistake(name, _place(event), "", "the value itself; aliases are not read", f"*{event.anchor}")
            elif tag not in (None, "!"):
                yield Mistake(name, _place(event), "", "a value without a tag", str(tag).replace(_TAG, "!!"))
            if documents > 1:
                yield Mistake(name, _place(event), "", "one document", "a second one after '---'")
                return
    except yaml.MarkedYAMLError as why:
        yield _syntax_mistake(name, why)
    except yaml.reader.ReaderError as why:
        before = text[: why.position]
        place = Place(before.count("\n") + 1, why.position - before.rfind("\n"))
        yield Mistake(name, place, "", "printable text", f"character U+{ord(text[why.position]):04X}")


def _syntax_mistake(name: str, why: yaml.MarkedYAMLError) -> Mistake:
    """PyYAML's words in ours: `expected ',' or ']' (found ':', while parsing a flow sequence from line 8 on)`."""
    said = " ".join(str(why.problem or why.context).split())
    mark, began = why.problem_mark or why.context_mark, why.context_mark
    split = _EXPECTED.fullmatch(said)
    expected, found = split.groups() if split else ("YAML", said.removeprefix("found "))
    if found.startswith("character '\\t'"):
        expected, found = "spaces", "a tab"
    elif began and mark and began.line < mark.line:
        found += f", {why.context} from line {began.line + 1} on"
    return Mistake(name, Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1), "", expected, found)


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
        if name is None or (key.tag != _TAG + "str" and key.style is None) or not _is_unicode(name):
            found = "a mapping or list; text that begins with { or [ needs quotes" if name is None else name
            found = (_surprise(key) or ("", found))[1]
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


def _surprise(node: yaml.Node) -> tuple[str, str] | None:
    """(expected, found) where YAML 1.1 reads a plain scalar as something its author can't have meant."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    kind, text = node.tag.removeprefix(_TAG), node.value
    if not _is_unicode(text):
        return "whole characters", "half of a surrogate pair"
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


def _is_unicode(text: str) -> bool:
    """Whether no half of a surrogate pair, which YAML can spell "\\ud800", stands alone."""
    try:
        text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True
