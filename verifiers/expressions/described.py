"""The grammar in words, for prompts: made from the tables that it reads by, so that the two can't drift apart."""

from proofmill.verifiers.expressions.heads import CONSTANTS, FUNCTIONS


def expressions_format() -> str:
    """What a teacher is told about the texts that `read` takes, without calculus; one spelling of each function."""
    spellings: dict[str, str] = {}
    for name, (head, *_) in FUNCTIONS.items():
        spellings[head] = min(spellings.get(head, name), name, key=lambda word: (not word.islower(), len(word), word))
    constants = ", ".join(name for name in ("pi", "e", "i", "oo") if name in CONSTANTS)
    return (
        "Expressions are texts in plain syntax: + - * / ^ and round brackets, 2*x or 2x, exact numbers; functions with "
        f"brackets: {', '.join(sorted(spellings.values()))}; |x| is abs(x), log is ln. "
        f"Variables are single letters, or a letter and digits. Constants: {constants}."
    )
