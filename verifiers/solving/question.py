"""What is to be solved, and the answer to whether all solutions were found that says nothing."""

from dataclasses import dataclass
from typing import Final, Literal

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.nodes import Call, Node, Symbol

OPEN: Final = Comparison("unknown", "completeness_open")
"""No method shows that there is no further solution, or finds one."""


@dataclass(frozen=True, slots=True)
class Question:
    """A statement, its unknowns, where they are looked for, and a bounded interval where the question has one."""

    statement: Node
    variables: tuple[str, ...]
    domain: Literal["real", "complex", "integer", "positive"]
    window: Call | None

    @property
    def equations(self) -> list[Call] | None:
        """The equations, where the statement is nothing else."""
        parts = (
            self.statement.args
            if isinstance(self.statement, Call) and self.statement.head == "And"
            else (self.statement,)
        )
        found = [part for part in parts if isinstance(part, Call) and part.head == "Eq"]
        return found if len(found) == len(parts) else None

    @property
    def sole_equation(self) -> Call | None:
        """The equation, where the statement is one equation in one unknown."""
        equations = self.equations
        return equations[0] if equations is not None and len(equations) == len(self.variables) == 1 else None

    @property
    def whole(self) -> Node:
        """The statement with the interval, if there is one."""
        if self.window is None:
            return self.statement
        return Call("And", (self.statement, Call("In", (Symbol(self.variables[0]), self.window))))
