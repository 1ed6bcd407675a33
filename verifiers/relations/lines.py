"""One line of a derivation as people write it: the arrow it opens with, whether it continues an equality, its tree."""

import re
from dataclasses import dataclass
from typing import Literal

from proofmill.verifiers.expressions.grammar import read
from proofmill.verifiers.expressions.nodes import Call, Node
from proofmill.verifiers.expressions.style import LENIENT
from proofmill.verifiers.relations import statements
from proofmill.verifiers.relations.statements import FALSE
from proofmill.verifiers.verdict import Unreadable

Arrow = Literal["", "implies", "implied_by", "equivalent"]

_ARROWS: tuple[tuple[Arrow, str], ...] = (
    ("equivalent", r"\\(?:Longleftrightarrow|Leftrightarrow|iff)(?![A-Za-z])|<=>|\u21d4|\u27fa"),
    ("implied_by", r"\\(?:Longleftarrow|Leftarrow|impliedby)(?![A-Za-z])|\u21d0"),
    ("implies", r"\\(?:Longrightarrow|Rightarrow|implies|therefore)(?![A-Za-z])|=>|\u21d2|\u27f9|\u2234"),
)
_DECORATION = re.compile(
    r"\\(?:tag|label)\*?\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])|\\\\(?:\[[^\]]*\])?\s*$|(?<!\\)&"
)
_FENCES = (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"))
_OPENING = re.compile(r"(?:so|thus|hence|therefore|then|which gives|this gives|we get)\b[,:]?\s+", re.IGNORECASE)
_EQUAL_CALL = re.compile(r"stackeq\((.*)\)")
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says: a value or a statement (`tree`), or prose (None); `continues` where it opens with `=`."""

    tree: Node | None
    arrow: Arrow = ""
    continues: bool = False

    @property
    def states(self) -> bool:
        """Whether the line is a statement or a group of them."""
        return self.tree is not None and statements.says(self.tree)


def read_line(text: str) -> Line:
    """Read one line; raises Unreadable for what is neither mathematics that we know nor prose."""
    bare = undecorated(text)
    if not bare or (bare[0] == bare[-1] == '"' and len(bare) > 1):
        return Line(None)
    arrow, bare = _arrow(bare)
    bare = _OPENING.sub("", bare, count=1).strip()
    continuing = _EQUAL_CALL.fullmatch(bare)
    if continuing or re.match(r"=(?![=>])", bare):
        return Line(read(continuing.group(1) if continuing else bare[1:], LENIENT), arrow, True)
    if bare in {"{}", r"\{\}", r"\emptyset", r"\varnothing"}:
        return Line(FALSE, arrow)
    try:
        return Line(_listed(read(bare, LENIENT)), arrow)
    except Unreadable:
        if _is_prose(bare):
            return Line(None)
        raise


def is_text(text: str) -> bool:
    """Whether a line is prose; one that can't be read is not."""
    try:
        return read_line(text).tree is None
    except Unreadable:
        return False


def undecorated(text: str) -> str:
    """The text without what belongs to its setting: fences, alignment marks, tags, the full stop at the end."""
    bare = _DECORATION.sub(" ", text.strip()).strip()
    for opening, closing in _FENCES:
        if bare.startswith(opening) and bare.endswith(closing) and len(bare) > len(opening + closing):
            bare = bare[len(opening) : -len(closing)].strip()
            break
    bare = _DECORATION.sub(" ", bare).strip()
    return bare.rstrip(".,;").strip() if not bare.endswith("...") else bare


def _arrow(bare: str) -> tuple[Arrow, str]:
    for name, pattern in _ARROWS:
        match = re.match(rf"(?:{pattern})\s*", bare)
        if match:
            return name, bare[match.end() :].strip()
    return "", bare


def _listed(tree: Node) -> Node:
    """`x = 2, 3` on a line is an equation with two solutions."""
    if isinstance(tree, Call) and tree.head == "Sequence" and statements.says(tree):
        return statements.normal(tree)
    return tree


def _is_prose(bare: str) -> bool:
    """Several words in a row that name no functions, and no sign that would make a formula of them."""
    plain = re.sub(r"\\text\{([^{}]*)\}", r"\1", bare)
    return len(_WORD.findall(plain)) > 1 and not re.search(r"[=<>^]|\\(?:frac|le|ge|sqrt)", plain)
