"""What a comparison finds, and how its points went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from proofmill.verifiers.expressions.points import POINT_BITS


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, by which method, and the numbers behind it (JSON).

    An `equal` is proved, or agreed by unlike engines; a `different` is always proved, by a witness.
    """

    outcome: Literal["equal", "different", "unknown"]
    method: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    strength: Literal["proved", "agreed", ""] = ""


@dataclass(slots=True)
class Tally:
    """How the points went: used, defined on one side alone, defined on neither, and out of reach of balls."""

    used: int = 0
    one_sided: int = 0
    undefined: int = 0
    unsupported: int = 0

    @property
    def evidence(self) -> dict[str, Any]:
        found: dict[str, Any] = {"points": self.used, "skipped": self.one_sided + self.undefined, "bits": POINT_BITS}
        return (
            {**found, "one_sided": self.one_sided, "where": "where both sides are defined"} if self.one_sided else found
        )
