"""What experts disagree about when they compare two answers: each question is a named flag with a default."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Final, Literal, get_args

Domain = Literal["real", "positive", "complex", "integer"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How two answers are compared; every flag may be given by name in a recipe or a call."""

    domain: Domain = "real"
    """What the free symbols stand for. With an `i` in either expression, arithmetic is complex whatever this says."""
    multiplicity: bool = False
    """Whether a root that counts twice differs from the same root once: (x-1)^2 = 0 beside x = 1."""
    constant: Literal["optional", "required", "forbidden"] = "optional"
    """The constant of integration of an antiderivative."""
    log_abs: bool = True
    """As antiderivatives, log(x) means log|x|."""
    common_domain: bool = True
    """Equal means equal wherever both are defined: (x^2-4)/(x-2) is x+2, and log(x^2) is 2 log(x).

    False asks for the same natural domain.
    """
    vacuous: Literal["equal", "unknown"] = "unknown"
    """Whether `x^2 = -1` equals `x^2 = -2`, which have the same real solutions: none. "unknown" leaves it open."""
    tolerance: Fraction | None = None
    """The largest allowed distance of two numbers; None: exactly equal."""
    relative: Fraction | None = None
    """The largest allowed distance as a fraction of the gold value."""
    rounded: bool = False
    """Whether an irrational number equals the decimal that it rounds to, from eight digits on; else that is open."""
    percent: Literal["value", "number", "either"] = "value"
    """50% is 0.5 ("value"), is 50 ("number"), or may be both."""
    units: Literal["optional", "required", "ignored"] = "optional"
    """Whether a unit that only one side states makes a difference."""
    order: Literal["ordered", "unordered"] = "unordered"
    """Whether `1, 2` and `2, 1` without brackets differ: "ordered" says so, "unordered" leaves it open."""
    second_reader: bool = False
    """Whether Math-Verify (the extra math-verify) is asked where ours can't read an answer; its yes is `agreed`."""

    @classmethod
    def of(cls, mapping: Mapping[str, Any] | None) -> "Policy":
        """The policy of named flags; raises ValueError for an unknown name or value."""
        given = dict(mapping or {})
        names = {flag.name for flag in fields(cls)}
        if unknown := sorted(set(given) - names):
            raise ValueError(f"policy has no flag {unknown[0]!r}; it takes: {', '.join(sorted(names))}")
        return cls(**{name: _checked(name, value) for name, value in given.items()})


DEFAULT: Final = Policy()

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "domain": get_args(Domain),
    "constant": ("optional", "required", "forbidden"),
    "percent": ("value", "number", "either"),
    "units": ("optional", "required", "ignored"),
    "order": ("ordered", "unordered"),
    "vacuous": ("equal", "unknown"),
}


def _checked(name: str, value: Any) -> Any:
    if name in {"tolerance", "relative"}:
        return _distance(name, value)
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise ValueError(f"policy.{name}: expected one of {', '.join(_CHOICES[name])} (found {value!r})")
        return value
    if not isinstance(value, bool):
        raise ValueError(f"policy.{name}: expected true or false (found {value!r})")  # noqa: TRY004 - one exception for all
    return value


def _distance(name: str, value: Any) -> Fraction | None:
    if value is None:
        return None
    try:
        found = Fraction(str(value)) if isinstance(value, int | float | str | Fraction) else None
    except (ValueError, ZeroDivisionError):
        found = None
    if found is None or isinstance(value, bool) or found < 0:
        raise ValueError(f"policy.{name}: expected a number that is not negative (found {value!r})")
    return found
