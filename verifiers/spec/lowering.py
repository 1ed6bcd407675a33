"""Counting and digit functions of the spec language, written out in terms that every engine knows."""

from proofmill.verifiers.expressions.nodes import Call, Constant, Node, number


def lowered(head: str, parts: list[Node]) -> Node:
    """The tree of a call of the language."""
    one, zero = number(1), number(0)
    match head:
        case "Count":
            marks = [
                Call("Piecewise", (Call("Tuple", (one, part)), Call("Tuple", (zero, Constant("true")))))
                for part in parts
            ]
            return marks[0] if len(marks) == 1 else Call("Add", tuple(marks))
        case "Exactly" | "AtMost" | "AtLeast":
            relation = {"Exactly": "Eq", "AtMost": "Le", "AtLeast": "Ge"}[head]
            return Call(relation, (lowered("Count", parts[1:]), parts[0]))
        case "Distinct":
            pairs = [(one, two) for at, one in enumerate(parts) for two in parts[at + 1 :]]
            unequal = tuple(Call("Ne", pair) for pair in pairs)
            return unequal[0] if len(unequal) == 1 else Call("And", unequal)
        case "Digits" if len(parts) > 1:
            places = range(len(parts) - 1, -1, -1)
            return Call(
                "Add", tuple(Call("Mul", (number(10**at), part)) for at, part in zip(places, parts, strict=True))
            )
        case "Digits":
            return parts[0]
        case "Quotient":
            return Call("Floor", (Call("Div", (parts[0], parts[1])),))
    return Call(head, tuple(parts))
