"""What LaTeX commands mean: operators, names, commands with a shape of their own, and those that mean nothing."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OPERATORS: Final[dict[str, str]] = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=",
    "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">", "ne": "!=", "neq": "!=", "to": "->", "rightarrow": "->",
    "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "mid": "|", "vert": "|", "lvert": "|", "rvert": "|",
    "Vert": "|", "lVert": "|", "rVert": "|", "cup": "cup", "bigcup": "cup", "cap": "cap", "bigcap": "cap",
    "setminus": "setminus", "backslash": "setminus", "in": "in", "notin": "notin", "pm": "+-", "mp": "-+",
    "land": "and", "wedge": "and", "lor": "or", "vee": "or", "lnot": "not", "neg": "not", "implies": "=>",
    "Rightarrow": "=>", "Longrightarrow": "=>", "iff": "<=>", "Leftrightarrow": "<=>", "Longleftrightarrow": "<=>",
    "ni": "ni", "owns": "ni", "subset": "subset", "subseteq": "subseteq", "subseteqq": "subseteq",
    "subsetneq": "subset", "subsetneqq": "subset", "supset": "superset", "supseteq": "superseteq",
    "supseteqq": "superseteq", "supsetneq": "superset", "supsetneqq": "superset", "nsubseteq": "notsubseteq",
    "nsupseteq": "notsuperseteq", "parallel": "parallel", "perp": "perp", "bot": "perp", "nparallel": "notparallel",
    "colon": ":", "rfloor": "rfloor", "rceil": "rceil", "rangle": "rangle", "oplus": "xor",
}  # fmt: skip
"""Command -> operator token."""

COMMANDS: Final[dict[str, str]] = {
    "frac": "frac", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sqrt": "sqrt", "int": "int", "sum": "sum",
    "prod": "prod", "lim": "lim", "binom": "binom", "dbinom": "binom", "tbinom": "binom", "lfloor": "floor",
    "lceil": "ceil", "langle": "angle", "emptyset": "emptyset", "varnothing": "emptyset", "degree": "degree",
    "dots": "dots", "ldots": "dots", "cdots": "dots", "dotsc": "dots", "dotsb": "dots",
}  # fmt: skip
"""Command -> what `commands.command` calls it."""

NUMBER_SETS: Final[dict[str, str]] = {
    "R": "reals",
    "Z": "integers",
    "N": "naturals",
    "Q": "rationals",
    "C": "complexes",
}
"""`\\mathbb{R}` and its kin."""

SILENT: Final[frozenset[str]] = _words(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm displaystyle textstyle "
    "scriptstyle limits nolimits"
)
"""Sizes and styles: they mean nothing."""

SPACES: Final[frozenset[str]] = _words("quad qquad thinspace medspace thickspace enspace")

UPRIGHT: Final[frozenset[str]] = _words("mathrm operatorname mathit mathnormal rm")
"""Fonts that mean nothing."""

NEGATED: Final[dict[str, str]] = {
    "=": "!=", "\\in": "notin", "\\ni": "notni", "\\subset": "notsubset", "\\subseteq": "notsubseteq",
    "\\supset": "notsuperset", "\\supseteq": "notsuperseteq", "\\parallel": "notparallel", "\\perp": "notperp",
    "<": ">=", ">": "<=", "\\le": ">", "\\leq": ">", "\\ge": "<", "\\geq": "<",
}  # fmt: skip
"""What `\\not` before it makes of a relation; of real numbers, the one that is not less is greater or equal."""

FIGURES: Final[dict[str, str]] = {
    "angle": "angle", "measuredangle": "angle", "triangle": "triangle", "vartriangle": "triangle",
    "overline": "linesegment", "overrightarrow": "vector", "vec": "vector", "overleftrightarrow": "line",
}  # fmt: skip
"""Command -> the figure that it makes of the points behind it; the marks above letters only of two capital ones."""

VECTORS: Final[frozenset[str]] = _words("mathbf boldsymbol bm vec overrightarrow")
"""Marks of a vector; `\\mathbf{i}` is no imaginary unit."""

BARS: Final[frozenset[str]] = _words("overline bar")

TEXTS: Final[frozenset[str]] = _words("text textbf textit textrm textnormal mbox textsf")

JOINING: Final[dict[str, str]] = {
    "and": "and", "or": "or", "if": "if", "for": "if", "when": "if", "where": "if", "otherwise": "otherwise",
    "else": "otherwise", "in": "in", "": "",
}  # fmt: skip
"""Words in `\\text{}` that a tree can hold -> operator token."""

ENVIRONMENTS: Final[dict[str, str]] = {
    "matrix": "matrix", "pmatrix": "matrix", "bmatrix": "matrix", "Bmatrix": "matrix", "smallmatrix": "matrix",
    "array": "matrix", "cases": "cases", "aligned": "system", "align": "system", "gathered": "system",
    "gather": "system", "split": "system",
}  # fmt: skip
"""What stands between `\\begin` and `\\end`; `vmatrix` is a determinant, which has no head here."""

PROSE: Final[frozenset[str]] = _words("and are but for has if is its no not of or per the was")
"""Bare words of two or three letters that are no product of variables."""
