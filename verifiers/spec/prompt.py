"""What a teacher is told about specs: written from the tables that read them, so that the two can't drift apart."""

import json
from typing import Any, Final

from proofmill.verifiers.spec.fields import VARIABLE_KEYS
from proofmill.verifiers.spec.functions import FUNCTIONS, SOLVED
from proofmill.verifiers.spec.kinds import KINDS
from proofmill.verifiers.spec.model import Kind
from proofmill.verifiers.verdict import Draft

INSTANCES_PROMPT: Final = (
    'claims.instances holds concrete cases: {"yes": [{...}, ...], "no": [{...}, ...]}, each an object that gives every '
    "variable of claims.spec a value. A case under yes agrees with everything that the problem says; a case under no "
    "breaks something. Work them out from the problem alone. Give one yes and two different no."
)
"""What a teacher is told about instances, in the words of the reader below."""


def describe(kind: Kind) -> str:
    """What a teacher is told about claims.spec: every key, type, operator and function that the reader takes."""
    language = KINDS[kind]
    lines = [f"claims.spec is a JSON object. {language.summary} Its keys:"]
    lines += [
        f'- "{name}"{"" if key.required else " (may be left out)"}: {key.words}' for name, key in language.keys.items()
    ]
    if "variables" in language.keys:
        lines.append('A type is short for {"type": ...}. A variable\'s object has these keys:')
        lines += [f'- "{name}": {words}' for name, words in VARIABLE_KEYS.items()]
    lines += [
        "Statements and expressions are texts: + - * / ^ and brackets; = != < <= > >=; and, or, xor, not, "
        "=> (implies), <=> (if and only if); * is always written; 20% is 20/100. Names are letters, digits and _.",
        "Functions: " + "; ".join(functions_of(kind)) + ".",
        "For example: " + json.dumps(_shown(language.example), ensure_ascii=False),
    ]
    return "\n".join(lines)


def functions_of(kind: Kind) -> list[str]:
    """What the teacher is told about the functions that a kind can be solved with."""
    searched = kind in {"counting", "number_theory"}
    return [entry.words for entry in FUNCTIONS.values() if searched or entry.head in SOLVED]


def _shown(draft: Draft) -> dict[str, Any]:
    return {"problem": draft.problem, "claims": dict(draft.claims), "answer": draft.answer}
