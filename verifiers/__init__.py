"""Judging drafts and comparing answers: `equal`, `equal_many` and `steps` are imported when they are first used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofmill.verifiers.comparing import equal, equal_many, steps

__all__ = ["equal", "equal_many", "steps"]


def __getattr__(name: str) -> Any:
    """Import a public function when it is asked for, so that `import proofmill.verifiers` costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from proofmill.verifiers import comparing

    value = globals()[name] = getattr(comparing, name)
    return value
