"""The allow-list: every name that may stand in an expression, and what it means."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS: Final[dict[str, tuple[str, int, int]]] = {
    "Abs": ("Abs", 1, 1),
    "Max": ("Max", 1, 20),
    "Min": ("Min", 1, 20),
    "abs": ("Abs", 1, 1),
    "acos": ("Acos", 1, 1),
    "acosh": ("Acosh", 1, 1),
    "acot": ("Acot", 1, 1),
    "arccos": ("Acos", 1, 1),
    "arccot": ("Acot", 1, 1),
    "arcsin": ("Asin", 1, 1),
    "arctan": ("Atan", 1, 1),
    "asin": ("Asin", 1, 1),
    "asinh": ("Asinh", 1, 1),
    "atan": ("Atan", 1, 1),
    "atanh": ("Atanh", 1, 1),
    "binom": ("Binomial", 2, 2),
    "binomial": ("Binomial", 2, 2),
    "cbrt": ("Cbrt", 1, 1),
    "ceil": ("Ceiling", 1, 1),
    "ceiling": ("Ceiling", 1, 1),
    "cos": ("Cos", 1, 1),
    "cosh": ("Cosh", 1, 1),
    "cot": ("Cot", 1, 1),
    "coth": ("Coth", 1, 1),
    "csc": ("Csc", 1, 1),
    "erf": ("Erf", 1, 1),
    "exp": ("Exp", 1, 1),
    "factorial": ("Factorial", 1, 1),
    "floor": ("Floor", 1, 1),
    "gamma": ("Gamma", 1, 1),
    "lg": ("Log10", 1, 1),
    "ln": ("Log", 1, 1),
    "log": ("Log", 1, 2),
    "max": ("Max", 1, 20),
    "min": ("Min", 1, 20),
    "root": ("Root", 2, 2),
    "sec": ("Sec", 1, 1),
    "sign": ("Sign", 1, 1),
    "sin": ("Sin", 1, 1),
    "sinh": ("Sinh", 1, 1),
    "sqrt": ("Sqrt", 1, 1),
    "tan": ("Tan", 1, 1),
    "tanh": ("Tanh", 1, 1),
}
"""Spelling -> (head, fewest arguments, most)."""

CALCULUS_NAMES: Final[dict[str, str]] = {
    "Derivative": "Derivative",
    "Integral": "Integral",
    "Limit": "Limit",
    "Product": "Product",
    "Sum": "Sum",
    "diff": "Derivative",
    "integrate": "Integral",
    "limit": "Limit",
    "product": "Product",
    "summation": "Sum",
}

CONSTANTS: Final[dict[str, str]] = {
    "E": "e",
    "I": "i",
    "e": "e",
    "i": "i",
    "inf": "oo",
    "infinity": "oo",
    "infty": "oo",
    "oo": "oo",
    "pi": "pi",
}

GREEK: Final[frozenset[str]] = _words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega"
)

WITHOUT_PARENTHESES: Final[frozenset[str]] = _words(
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arccot asin acos atan ln log lg"
)
"""Functions that people write as `sin x`."""

INVERSE: Final[dict[str, str]] = {
    "Sin": "Asin",
    "Cos": "Acos",
    "Tan": "Atan",
    "Sinh": "Asinh",
    "Cosh": "Acosh",
    "Tanh": "Atanh",
}
"""What `\\sin^{-1} x` means."""

NEVER_FACTORS: Final[frozenset[str]] = frozenset("fghFGH")
"""Letters that name functions: `f(x)` is no product, and nobody told us what f is."""
