"""The allow-list: every name that may stand in an expression, and what it means."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TABLE: Final = """
Abs 1 1 Abs abs
Acos 1 1 acos arccos
Acosh 1 1 acosh arccosh arcosh
Acot 1 1 acot arccot
Acoth 1 1 acoth arccoth arcoth
Acsc 1 1 acsc arccsc
Acsch 1 1 acsch arccsch arcsch
Arg 1 1 arg
Asec 1 1 asec arcsec
Asech 1 1 asech arcsech arsech
Asin 1 1 asin arcsin
Asinh 1 1 asinh arcsinh arsinh
Atan 1 1 atan arctan
Atan2 2 2 atan2 arctan2
Atanh 1 1 atanh arctanh artanh
Binomial 2 2 binom binomial nCr ncr
Cbrt 1 1 cbrt
Ceiling 1 1 ceil ceiling
Conjugate 1 1 conjugate conj
Cos 1 1 cos
Cosh 1 1 cosh
Cot 1 1 cot
Coth 1 1 coth
Csc 1 1 csc cosec
Csch 1 1 csch cosech
Erf 1 1 erf
Exp 1 1 exp
Factorial 1 1 factorial
Factorial2 1 1 factorial2
Floor 1 1 floor
Gamma 1 1 gamma
Gcd 2 20 gcd
Im 1 1 im Im
Lcm 2 20 lcm
Log 1 2 log ln
Log10 1 2 lg
Max 1 20 Max max
Min 1 20 Min min
Mod 2 2 mod
Permutations 2 2 nPr npr
Re 1 1 re Re
Root 1 2 root nthroot
Round 1 1 round
Sec 1 1 sec
Sech 1 1 sech
Sign 1 1 sign signum sgn
Sin 1 1 sin
Sinc 1 1 sinc
Sinh 1 1 sinh
Sqrt 1 1 sqrt
Tan 1 1 tan
Tanh 1 1 tanh
"""
FUNCTIONS: Final[dict[str, tuple[str, int, int]]] = {
    name: (head, int(fewest), int(most))
    for head, fewest, most, *names in map(str.split, _TABLE.strip().splitlines())
    for name in names
}
"""Spelling -> (head, fewest arguments, most)."""

CONSTRUCTORS: Final[dict[str, str]] = {
    "Piecewise": "Piecewise",
    "cc": "IntervalClosed",
    "co": "IntervalClosedOpen",
    "intersection": "Intersection",
    "matrix": "Matrix",
    "oc": "IntervalOpenClosed",
    "open_interval": "IntervalOpen",
    "piecewise": "Piecewise",
    "setdifference": "Difference",
    "union": "Union",
}
"""Maxima's words for what others write with brackets; its `oo(0, 1)` comes from the lexer as `open_interval`."""

CALCULUS_NAMES: Final[dict[str, str]] = {
    "Derivative": "Derivative",
    "Integral": "Integral",
    "Limit": "Limit",
    "Product": "Product",
    "Sum": "Sum",
    "diff": "Derivative",
    "int": "Integral",
    "integrate": "Integral",
    "limit": "Limit",
    "noundiff": "Derivative",
    "nounint": "Integral",
    "product": "Product",
    "sum": "Sum",
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
    "false": "false",
    "oo": "oo",
    "pi": "pi",
    "true": "true",
}

GREEK: Final[frozenset[str]] = _words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron rho sigma "
    "tau upsilon phi varphi chi psi omega Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi "
    "Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega"
)

WITHOUT_PARENTHESES: Final[frozenset[str]] = _words(
    "sin cos tan cot sec csc sinh cosh tanh coth sech csch arcsin arccos arctan arccot asin acos atan ln log lg"
)
"""Functions that people write as `sin x`."""

INVERSE: Final[dict[str, str]] = {
    "Sin": "Asin",
    "Cos": "Acos",
    "Tan": "Atan",
    "Sec": "Asec",
    "Csc": "Acsc",
    "Cot": "Acot",
    "Sech": "Asech",
    "Csch": "Acsch",
    "Coth": "Acoth",
    "Sinh": "Asinh",
    "Cosh": "Acosh",
    "Tanh": "Atanh",
}
"""What `\\sin^{-1} x` means."""

NEVER_FACTORS: Final[frozenset[str]] = frozenset("fghFGH")
"""Letters that name functions: `f(x)` is no product, and nobody told us what f is."""
