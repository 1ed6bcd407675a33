"""What goes into the gate, and what a verifier says: Draft, Check, Verdict."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["accept", "reject", "unknown"]


class Unreadable(ValueError):
    """The draft's text can't be read as what the verifier needs; the verdict is `unknown`, never `reject`.

    `reason` is the slug that the report counts; the message says what was found.
    """

    def __init__(self, detail: str, *, reason: str = "unreadable") -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Draft:
    """A problem with a proposed solution, as a teacher or a person wrote it: data, never code of ours.

    `claims` holds what a machine can check ({"expression": "Derivative(x**2, x)"}); `gold` is an answer known
    beforehand (an anchor's), which the teacher has not seen. `origin` says where the draft came from and is no part
    of its content, so the same text has the same id wherever it comes from.
    """

    problem: str
    solution: str = ""
    answer: str = ""
    gold: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, Any] = field(default_factory=dict, compare=False)
    _canonical: str | None = field(default=None, init=False, repr=False, compare=False)
    _id: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def content(self) -> dict[str, Any]:
        """All that the id covers, and all that a verifier may read."""
        return {
            "problem": self.problem,
            "solution": self.solution,
            "answer": self.answer,
            "gold": self.gold,
            "claims": dict(self.claims),
        }

    @property
    def canonical(self) -> str:
        """The content as canonical JSON; written once, for the id, the record and the workers."""
        if self._canonical is None:
            object.__setattr__(self, "_canonical", _canonical(self.content))
        return self._canonical or ""

    @property
    def id(self) -> str:
        """The sha256 (hex) of the canonical JSON."""
        if self._id is None:
            object.__setattr__(self, "_id", _sha256(self.canonical))
        return self._id or ""

    def claim(self, name: str) -> str:
        """The text of one claim; Unreadable where the draft does not make it."""
        value = self.claims.get(name)
        if not isinstance(value, str):
            raise Unreadable(f"claims.{name}: expected text (found {value!r})", reason="claim_missing")
        return value


@dataclass(frozen=True, slots=True)
class Check:
    """One verifier as a recipe asks for it: its catalogue name, its settings, its wall-clock limit in seconds.

    `cpu_seconds` is what it may compute, whatever else the machine does; `seconds` still holds. None: no such limit.
    """

    verifier: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 10.0
    cpu_seconds: float | None = None
    _text: str | None = field(default=None, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one verifier says of one draft: accept, reject or unknown, why (a slug), and the evidence (JSON)."""

    outcome: Outcome
    reason: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    verifier: str = ""
    version: str = ""


def accept(reason: str, **evidence: Any) -> Verdict:
    """Proved; the evidence says how."""
    return Verdict("accept", reason, evidence)


def reject(reason: str, **evidence: Any) -> Verdict:
    """Refuted; the evidence is the witness."""
    return Verdict("reject", reason, evidence)


def unknown(reason: str, **evidence: Any) -> Verdict:
    """Could not decide: never passes, and is never called wrong."""
    return Verdict("unknown", reason, evidence)


def digest(value: Any) -> str:
    """sha256 (hex) of a JSON value in canonical form: sorted keys, no spaces, UTF-8."""
    return _sha256(_canonical(value))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
