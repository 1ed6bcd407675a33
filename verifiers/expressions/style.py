"""How a text is read where people read it in several ways: each question is a named flag that is off by default."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Style:
    """A teacher's answers and claims are read with every flag off; two texts that are compared, both with the same."""

    left_to_right: bool = False
    """`1/3p` is (1/3)p, as a calculator reads it: a quotient of two whole numbers is a coefficient. Other quotients
    before a factor (`1/xy`, `x/2y`, `100/1.6t`, `1/3/4x`) are refused in every style; `1/2(x+1)` is (1/2)(x+1)."""
    functions: bool = False
    """`Psi(x)`, `zeta(3)` are unknown functions of that name; who compares them must not say that they differ."""
    currency: bool = False
    """`$3` is 3 times the unit `$`, a symbol of its own; between `$` and `$` a whole text is mathematics, as always."""


STRICT: Final = Style()
LENIENT: Final = Style(left_to_right=True, functions=True, currency=True)
"""For two texts that are compared as expressions: what one side may mean, the other one means too."""
