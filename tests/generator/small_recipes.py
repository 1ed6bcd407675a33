"""Small recipes for tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proofmill.recipe import Recipe, recipe_of

PROMPT = "Skill: {{ skill }}\nDifficulty: {{ difficulty }}\nDraw: {{ draw }}\n{{ reply_format }}"


def recipe(
    folder: Path | None = None,
    *,
    skills: Sequence[str] = ("differentiate",),
    difficulty: Sequence[int] = (1,),
    **keys: Any,
) -> Recipe:
    """A sound recipe, with some keys replaced."""
    data: dict[str, Any] = {
        "name": "test",
        "version": "1",
        "licence": "apache-2.0",
        "wanted": {"rows": 4},
        "teacher": {"kind": "replay", "path": "replies.jsonl"},
        "task": {"domain": "maths", "skills": list(skills), "difficulty": list(difficulty), "prompt": PROMPT},
        "verify": ["maths.answer", "maths.compute"],
    }
    return recipe_of({**data, **keys}).in_folder(folder or Path())
