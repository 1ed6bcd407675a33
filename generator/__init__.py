"""Proofmill: verified synthetic data with human anchors beside it. No proof, no row.

>>> import proofmill
>>> [judgement] = proofmill.verify([{"solution": "6 * 7 = 42\\n#### 42", "gold": "42"}], verify=["maths.answer"])
>>> judgement.outcome
'accept'
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from proofmill.building import Result, build
    from proofmill.gate import Judgement, Sample
    from proofmill.judging import verify
    from proofmill.recipe import Recipe, load_recipe
    from proofmill.verifiers.verdict import Draft, Verdict

__all__ = ["Draft", "Judgement", "Recipe", "Result", "Sample", "Verdict", "build", "load_recipe", "verify"]

_HOMES = {
    "Draft": "proofmill.verifiers.verdict",
    "Judgement": "proofmill.gate",
    "Recipe": "proofmill.recipe",
    "Result": "proofmill.building",
    "Sample": "proofmill.gate",
    "Verdict": "proofmill.verifiers.verdict",
    "build": "proofmill.building",
    "load_recipe": "proofmill.recipe",
    "verify": "proofmill.judging",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import proofmill` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'proofmill' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
