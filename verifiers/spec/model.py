"""What a spec is once it has been read: variables, statements, and what is asked; frozen, every name declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from proofmill.verifiers.expressions.nodes import Node
from proofmill.verifiers.verdict import Unreadable

Kind: TypeAlias = Literal["word_problem", "logic", "counting", "number_theory", "optimum"]
Type: TypeAlias = Literal["integer", "real", "boolean", "choice"]


@dataclass(frozen=True, slots=True)
class Variable:
    """An unknown: its type and bounds. `values` are the names of a choice, whose numbers are in `Scope.codes`; of a
    boolean, what false and true are called ("knave", "knight")."""

    name: str
    type: Type
    low: Fraction | None = None
    high: Fraction | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that a text of the spec may use: variables by name, and the number that each choice stands for."""

    variables: Mapping[str, Variable] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A text of the spec as it was written, where it stands, and the tree that it means."""

    text: str
    place: str
    node: Node


@dataclass(frozen=True, slots=True)
class Spec:
    """A problem in a form that a solver takes; `fields` holds what only one kind has, `raw` the JSON it came from."""

    kind: Kind
    scope: Scope
    constraints: tuple[Written, ...]
    raw: Mapping[str, Any]
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(self.scope.variables.values())

    def get(self, name: str) -> Any:
        """A field by name; None where it is left out."""
        return self.fields.get(name)


@dataclass(frozen=True, slots=True)
class Finding:
    """What follows from a spec. `forced`: its answer is `value` and nothing else; `contradictory`: nothing satisfies
    it; `several`: the answer could be another, for which the evidence has a witness; `unknown`: not decided, `why`.

    A value is a Fraction, a truth value, a tuple of Fractions, a mapping of names to values, or an algebraic root.
    """

    outcome: Literal["forced", "contradictory", "several", "unknown"]
    value: Any = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    why: str = "not_decided"


class BadSpec(Unreadable):
    """The spec breaks the rules of its own language: the message says where, what was expected, what was found."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, reason="bad_spec")
