"""How large a text, a tree and a number may be: checked before any arithmetic is done with them."""

from proofmill.verifiers.verdict import Unreadable

TEXT_CHARACTERS = 4_000
NODES = 600
DEPTH = 80
LITERAL_DIGITS = 400
LITERAL_EXPONENT = 400
"""Of `1e400`: the digits that the exact value needs."""
FACTORIAL_ARGUMENT = 5_000
EXPONENT = 10_000
"""Of a power whose base is no exact number, and inside exp(...)."""
RESULT_BITS = 100_000
"""Of an exact rational, numerator and denominator together."""
SUM_TERMS = 2_000
NESTED_SUM_TERMS = 5_000
"""Of sums inside sums, together."""
UNKNOWN_TERMS = 8
"""What a sum between unknown bounds counts for: four of them inside one another are too many."""
DERIVATIVE_ORDER = 20


def check_length(text: str) -> None:
    """Refuse a text that is longer than anyone writes by hand."""
    if len(text) > TEXT_CHARACTERS:
        raise Unreadable(f"expected at most {TEXT_CHARACTERS} characters (found {len(text)})", reason="too_long")


def too_large(what: str) -> Unreadable:
    """The refusal of a number whose size is out of bounds; raised before it is computed."""
    return Unreadable(f"{what}: out of bounds", reason="too_large")


def not_allowed(what: str) -> Unreadable:
    """The refusal of a name, command or character outside the allow-list."""
    return Unreadable(f"{what}: not in the allow-list", reason="not_allowed")
