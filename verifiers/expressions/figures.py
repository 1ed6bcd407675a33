"""Names of geometry: an angle, a segment, a line, a ray, a vector, a triangle given by its points is a name of its own.

Names that say the same are one: the angle ABC is CBA, a segment, a line and a triangle have no order, a ray and a
vector have one. Different names are different in a generic figure, so that all algebra works over them.
"""

from typing import TYPE_CHECKING, Final

from proofmill.verifiers.expressions.nodes import Call, Node, Symbol
from proofmill.verifiers.expressions.tokens import GROUP_CLOSE, GROUP_OPEN
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.expressions.grammar import Parser

FIGURES: Final[dict[str, tuple[int, ...]]] = {
    "angle": (1, 3), "line": (2,), "linesegment": (2,), "ray": (2,), "triangle": (3,), "vector": (2,),
}  # fmt: skip
"""Figure -> how many points it is given by."""
_ORDERED: Final = frozenset({"ray", "vector"})


def figure(parser: "Parser", word: str) -> Symbol:
    """What follows the name of a figure, which has been taken: `ABC`, `(A, B, C)` or LaTeX's `{AB}`."""
    if parser.accepts("("):
        points = [point for part in parser.items() for point in _points(part)]
        parser.expect(")")
    elif parser.accepts(GROUP_OPEN):
        points = _points(parser.relation())
        parser.expect(GROUP_CLOSE)
    else:
        points = _letters(parser, word)
    if len(points) not in FIGURES[word]:
        raise Unreadable(f"{word} of {len(points)} points", reason="syntax")
    return Symbol(f"{word}({','.join(_canonical(word, points))})")


def is_figure(node: Node) -> bool:
    """Whether a name is that of a figure."""
    return isinstance(node, Symbol) and node.name.partition("(")[0] in FIGURES and node.name.endswith(")")


def _points(node: Node) -> list[str]:
    """The names of points, separated by commas or side by side."""
    if isinstance(node, Call) and node.head in {"Mul", "Sequence"}:
        return [point for part in node.args for point in _points(part)]
    if not isinstance(node, Symbol) or is_figure(node):
        raise Unreadable("a figure is given by points", reason="syntax")
    return [node.name]


def _letters(parser: "Parser", word: str) -> list[str]:
    """Letters that touch: `\\angle ABC`; `\\angle 1` has a number as its name."""
    if parser.here.kind == "number" and parser.here.text.isdigit():
        return [parser.take().text]
    found: list[str] = []
    most = max(FIGURES[word])
    while parser.here.kind == "name" and len(found) < most and not (found and parser.here.spaced):
        found += _points(parser.name(parser.take().text))
    return found


def _canonical(word: str, points: list[str]) -> list[str]:
    if word in _ORDERED:
        return points
    if word == "angle":
        return min(points, points[::-1])
    return sorted(points)
