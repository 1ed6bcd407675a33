"""Which engines stand behind a verdict, for the evidence that makes it re-runnable."""

from collections.abc import Callable
from functools import cache
from typing import Final


def versions(*names: str) -> dict[str, str]:
    """{"flint": "3.6.0", ...} of the engines that were used; imports those that are named, and no others."""
    return {name: _version(name) for name in names}


def behind(method: str, *also: str) -> dict[str, str]:
    """FLINT, which all comparisons rest on, and every other engine that a method's words or `also` name."""
    said = " ".join((method, *also)).lower()
    return versions("flint", *(name for name in sorted(_VERSIONS) if name != "flint" and name in said))


@cache
def _version(name: str) -> str:
    return _VERSIONS[name]()


def _flint() -> str:
    import flint

    return str(flint.__FLINT_VERSION__)


def _mpmath() -> str:
    import mpmath

    return str(mpmath.__version__)


def _sympy() -> str:
    import sympy

    return str(sympy.__version__)


def _z3() -> str:
    import z3

    return str(z3.get_version_string())


_VERSIONS: Final[dict[str, Callable[[], str]]] = {"flint": _flint, "mpmath": _mpmath, "sympy": _sympy, "z3": _z3}
