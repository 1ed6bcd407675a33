"""LaTeX environments: matrices, piecewise values, systems of equations."""

from typing import TYPE_CHECKING

from proofmill.verifiers.expressions.nodes import Constant, Node, is_statement
from proofmill.verifiers.verdict import Unreadable

if TYPE_CHECKING:
    from proofmill.verifiers.expressions.grammar import Parser

_ROW, _COLUMN, _END = "\\\\", "&", "end"


def table(parser: "Parser", name: str) -> Node:
    """What stands between `\\begin` and `\\end`, the first of which has been taken."""
    bars, parser.bars = parser.bars, 0
    rows: list[list[Node]] = []
    while not parser.accepts(_END):
        rows.append(_cells(parser, name))
        if not parser.accepts(_ROW) and not parser.sees(_END):
            raise Unreadable(f"expected the end of a row (found {parser.here.text!r})", reason="syntax")
    parser.bars = bars
    if name == "matrix":
        return _matrix(parser, rows)
    if name == "cases" and any(len(row) > 1 for row in rows):
        return _piecewise(parser, rows)
    return _system(parser, rows)


def _cells(parser: "Parser", name: str) -> list[Node]:
    """One row; in a system the column marks only align, in cases a comma may stand before the condition."""
    if name == "matrix":
        found = [parser.relation()]
        while parser.accepts(_COLUMN):
            found.append(parser.relation())
        return found
    found = [_aligned(parser) if name == "system" else parser.relation()]
    while parser.sees(",") or parser.sees(_COLUMN):
        parser.accepts(",")
        parser.accepts(_COLUMN)
        if parser.sees(_ROW) or parser.sees(_END):
            break
        found.append(_condition(parser) if name == "cases" else _aligned(parser))
    return found


def _aligned(parser: "Parser") -> Node:
    """`a &= b` and `& a = b`."""
    parser.accepts(_COLUMN)
    return parser.relation()


def _condition(parser: "Parser") -> Node:
    parser.accepts("if")
    return Constant("true") if parser.accepts("otherwise") else parser.relation()


def _matrix(parser: "Parser", rows: list[list[Node]]) -> Node:
    if not rows or len({len(row) for row in rows}) != 1:
        raise Unreadable("a matrix whose rows differ in length", reason="syntax")
    return parser.make("Matrix", *(parser.make("Row", *row) for row in rows))


def _piecewise(parser: "Parser", rows: list[list[Node]]) -> Node:
    if any(len(row) != 2 or not is_statement(row[1]) for row in rows):
        raise Unreadable("cases without their conditions", reason="syntax")
    return parser.make("Piecewise", *(parser.make("Tuple", *row) for row in rows))


def _system(parser: "Parser", rows: list[list[Node]]) -> Node:
    """Equations one below another hold together."""
    lines = [line for row in rows for line in row]
    if not lines or not all(is_statement(line) for line in lines):
        raise Unreadable("lines that are no equations", reason="syntax")
    return lines[0] if len(lines) == 1 else parser.make("And", *lines)
