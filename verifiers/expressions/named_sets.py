"""Statements about sets that nobody described: `x in A`, `A cup B subseteq C`, and about figures: `AB parallel CD`.

Decided over all pictures of the sets: every set name cuts each region of the picture in two, each region is empty or
not, and each element lies in one of them. Two statements are equal if they agree in all pictures (a proof), and a
picture that tells them apart is a witness.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.nodes import Call, Node, Number, Symbol, walk
from proofmill.verifiers.expressions.writer import text_of
from proofmill.verifiers.verdict import Unreadable

SET_NAMES = 3
"""The most named sets: their picture has 2^n regions, and there are 2^(2^n) of those that are not empty."""
PICTURES = 5_000
WORK = 400_000
"""Pictures times the nodes of the statements."""
_FIGURES: Final = frozenset({"Parallel", "Perpendicular"})
_ATOMS: Final = _FIGURES | {"Subset", "In"}
_OPERATIONS: Final = frozenset({"Union", "Intersection", "Difference"})
_CONNECTIVES: Final = frozenset({"And", "Or", "Not", "Implies", "Iff", "Xor"})


def speaks(node: Node) -> bool:
    """Whether a tree is a statement about named sets or figures, or a set made of named ones."""
    if isinstance(node, Call) and node.head in _OPERATIONS and is_named_set(node):
        return True
    return any(isinstance(part, Call) and part.head in _ATOMS and _is_named(part) for part in walk(node))


def is_named_set(node: Node) -> bool:
    """A, A cup B: a set of unknown members."""
    if isinstance(node, Call) and node.head in _OPERATIONS:
        return all(is_named_set(part) for part in node.args)
    return isinstance(node, Symbol)


def _is_named(atom: Call) -> bool:
    if atom.head == "In":
        return is_named_set(atom.args[1])
    return atom.head in _FIGURES or any(is_named_set(part) for part in atom.args)


def compare(left: Node, right: Node) -> Comparison:
    """Compare two statements, or two sets, of which at least one speaks of named sets or figures."""
    if left == right:
        return Comparison("equal", "structure", strength="proved")
    try:
        if is_named_set(left) and is_named_set(right):
            left, right = (Call("In", (Symbol("any element"), side)) for side in (left, right))
        return _compared(left, right)
    except Unreadable as why:
        return Comparison("unknown", why.reason, {"detail": str(why)})


def _compared(left: Node, right: Node) -> Comparison:
    atoms = [atom for side in (left, right) for atom in _atoms(side)]
    figures = list(dict.fromkeys(atom for atom in atoms if atom.head in _FIGURES))
    names = sorted({name for atom in atoms for name in _names(atom)})
    elements = list(dict.fromkeys(atom.args[0] for atom in atoms if atom.head == "In"))
    if len(names) > SET_NAMES:
        raise Unreadable(f"more than {SET_NAMES} sets", reason="too_many_names")
    nodes = sum(1 for side in (left, right) for _ in walk(side))
    for picture in _pictures(names, elements, figures, most=min(PICTURES, WORK // nodes)):
        if picture.holds(left) != picture.holds(right):
            if len(figures) > 1 and (figures != atoms or len(atoms) > 2):
                return Comparison("unknown", "not_decided", {"detail": "figures that may depend on one another"})
            return Comparison("different", "pictures", {"witness": picture.told()})
    return Comparison("equal", "pictures", strength="proved")


def _atoms(node: Node) -> list[Call]:
    """The atoms of a statement; raises Unreadable for what states something else."""
    if isinstance(node, Call) and node.head in _CONNECTIVES:
        return [atom for part in node.args for atom in _atoms(part)]
    if isinstance(node, Call) and node.head == "Eq" and all(is_named_set(part) for part in node.args):
        return [Call("Subset", node.args)]
    if isinstance(node, Call) and node.head in _ATOMS:
        return [node]
    raise Unreadable("a statement about named sets beside another one", reason="not_supported")


def _names(atom: Call) -> set[str]:
    if atom.head in _FIGURES:
        if not all(isinstance(part, Symbol) for part in atom.args):
            raise Unreadable("a figure without a name", reason="not_supported")
        return set()
    if atom.head == "In" and not isinstance(atom.args[0], Symbol | Number):
        raise Unreadable("an element that is an expression", reason="not_supported")
    sets = atom.args if atom.head == "Subset" else atom.args[1:]
    if not all(is_named_set(part) for part in sets):
        raise Unreadable("a set with known members beside one with none", reason="not_supported")
    return {part.name for side in sets for part in walk(side) if isinstance(part, Symbol)}


# Pictures ------------------------------------------------------------------------------------------------------------

Region = frozenset[str]
"""The sets that a region lies in."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """The regions that are not empty, where each element lies, and which figures are as stated."""

    inhabited: tuple[Region, ...]
    places: Mapping[Node, Region]
    figures: Mapping[Node, bool]

    def holds(self, node: Node) -> bool:
        if not isinstance(node, Call):
            raise Unreadable("a name where a statement was expected", reason="not_a_statement")
        match node.head:
            case "Subset":
                return all(_inside(region, node.args[1]) for region in self.inhabited if _inside(region, node.args[0]))
            case "Eq":
                return all(_inside(region, node.args[0]) == _inside(region, node.args[1]) for region in self.inhabited)
            case "In":
                return _inside(self.places[node.args[0]], node.args[1])
            case "Parallel" | "Perpendicular":
                return self.figures[node]
        return _joined(node.head, [self.holds(part) for part in node.args])

    def told(self) -> dict[str, object]:
        """The picture in words."""
        return {
            "regions": [" ".join(sorted(region)) or "outside" for region in self.inhabited],
            **{text_of(node): " ".join(sorted(region)) or "outside" for node, region in self.places.items()},
            **{text_of(node): value for node, value in self.figures.items()},
        }


def _joined(head: str, parts: list[bool]) -> bool:
    match head:
        case "And":
            return all(parts)
        case "Or":
            return any(parts)
        case "Not":
            return not parts[0]
        case "Implies":
            return parts[1] or not parts[0]
    return (parts[0] == parts[1]) == (head == "Iff")


def _inside(region: Region, node: Node) -> bool:
    """Whether the points of a region are in a set."""
    if isinstance(node, Symbol):
        return node.name in region
    if not isinstance(node, Call):
        raise Unreadable("a set of known members", reason="not_supported")
    parts = [_inside(region, part) for part in node.args]
    match node.head:
        case "Union":
            return any(parts)
        case "Intersection":
            return all(parts)
    return parts[0] and not parts[1]


def _pictures(names: list[str], elements: list[Node], figures: list[Call], *, most: int) -> Iterator[_Picture]:
    regions = [
        frozenset(name for name, in_it in zip(names, bits, strict=True) if in_it)
        for bits in product((False, True), repeat=len(names))
    ]
    if 2 ** (len(regions) + len(figures)) * len(regions) ** len(elements) > most:
        raise Unreadable("too many pictures of these sets", reason="too_many_names")
    for bits in product((False, True), repeat=len(regions)):
        inhabited = tuple(region for region, there in zip(regions, bits, strict=True) if there)
        for places in product(inhabited, repeat=len(elements)):
            for values in product((False, True), repeat=len(figures)):
                yield _Picture(
                    inhabited, dict(zip(elements, places, strict=True)), dict(zip(figures, values, strict=True))
                )
