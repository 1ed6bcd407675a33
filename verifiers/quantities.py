"""The parts of an answer: its value, the unit it is stated in, its percent sign."""

import re
from dataclasses import dataclass
from fractions import Fraction

from proofmill.verifiers.answers import BARE_NUMBER, answer_text
from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.heads import CALCULUS_NAMES, CONSTANTS, FUNCTIONS, GREEK
from proofmill.verifiers.expressions.nodes import Node, Number
from proofmill.verifiers.verdict import Unreadable


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in parts: what it is worth, in which unit ("" where none is stated), whether as a percentage.

    `value` is None for an answer in words, which `words` holds in lower case.
    """

    text: str
    value: Node | None
    unit: str = ""
    percent: bool = False
    words: str = ""


_CURRENCY = {"$": "dollar", "€": "euro", "£": "pound sterling", "¥": "yen", "₹": "rupee"}
_PREFIX = re.compile(r"(?P<sign>[-\u2212]?)\s*\\?(?P<currency>[$€£¥₹])\s*(?=[-\u2212]?[\d.\\(])")
_TEXT = re.compile(r"\\(?:text|mathrm|textbf|mbox|textrm|mathbf)\s*\{(?P<words>[^{}]*)\}")
_SUFFIX = re.compile(
    r"(?P<value>.*[\d)}])\s*(?P<unit>(?<![A-Za-z\\])[A-Za-z][A-Za-z.]*(?:(?:\s+|\s*/\s*|-)[A-Za-z]+\.?)*(?:\^?\{?[23²³]\}?)?)",
    re.DOTALL,
)
_PERCENT = re.compile(r"\s*(?:\\?%|(?<=[\d\s)}])(?:percent|percentage|per cent|pct)(?: points)?)$", re.IGNORECASE)
_DEGREE = re.compile(r"\s*(?:°|\^\s*\{?\s*\\circ\s*\}?|\\degree)$")
_ALIASES = {
    "bucks": "dollar", "cm": "centimeter", "deg": "degree", "dollars": "dollar", "feet": "foot", "ft": "foot",
    "g": "gram", "hr": "hour", "hrs": "hour", "inches": "inch", "kg": "kilogram", "km": "kilometer", "lb": "pound",
    "lbs": "pound", "m": "meter", "min": "minute", "mins": "minute", "mm": "millimeter", "oz": "ounce", "sec": "second",
    "secs": "second", "usd": "dollar",
}  # fmt: skip
_NO_UNIT = frozenset(
    re.findall(
        r"\w+",
        "and or to by plus minus times over of if is are not about approximately x "
        "hundred thousand million billion trillion dozen half third quarter tenth hundredth",
    )
)
"""Words that change a value, and so are no unit."""
_MATHS = frozenset(FUNCTIONS) | frozenset(CALCULUS_NAMES) | frozenset(CONSTANTS) | GREEK
_FEW_WORDS = re.compile(r"[A-Za-z][A-Za-z' -]{0,60}")


def read_answer(text: str) -> Answer:
    """An answer's value, unit and percent sign; raises Unreadable where its value can't be read."""
    limits.check_length(text)
    short = answer_text(text)
    if BARE_NUMBER.fullmatch(short):
        return Answer(short, Number(Fraction(short.replace(",", ""))))
    from proofmill.verifiers.expressions.grammar import read

    value, unit, percent = _split(short)
    worded = value.strip("() ")
    if _FEW_WORDS.fullmatch(worded) and worded not in _MATHS and (len(worded) > 1 or worded.isupper()):
        return Answer(short, None, words=" ".join(worded.lower().split()) if len(worded) > 1 else worded)
    return Answer(short, read(value), unit, percent)


def _split(text: str) -> tuple[str, str, bool]:
    """(value, unit, percent) of an unwrapped answer."""
    unit = ""
    prefix = _PREFIX.match(text)
    if prefix:
        unit, text = _CURRENCY[prefix["currency"]], prefix["sign"] + text[prefix.end() :]
    text, words = _without_text(text)
    stripped = _PERCENT.sub("", text)
    if stripped != text:
        return stripped, unit, True
    stripped = _DEGREE.sub("", text)
    if stripped != text:
        return stripped, "degree", False
    if words:
        return _with_unit(text, unit, words)
    suffix = _SUFFIX.fullmatch(text)
    if suffix and _is_unit(suffix["unit"]):
        return _with_unit(suffix["value"], unit, suffix["unit"])
    return text, unit, False


def _without_text(text: str) -> tuple[str, str]:
    """LaTeX text at the end as words: `10\\text{ cm}^2` is `10` and `cm^2`; a text that is all words is unwrapped."""
    match = _TEXT.search(text)
    if match is None:
        return text, ""
    if not text[: match.start()].strip():
        return match["words"] + text[match.end() :], ""
    tail = text[match.end() :].strip().replace("{", "").replace("}", "")
    if re.fullmatch(r"(?:\^[23])?", tail) and re.fullmatch(r"\s*[A-Za-z][A-Za-z ./-]*", match["words"]):
        return re.sub(r"(?:\\[,;: ]|~|\s)+$", "", text[: match.start()]), match["words"].strip() + tail
    return text, ""


def _is_unit(words: str) -> bool:
    """Whether letters after a number are a unit: words, no mathematics, nothing that changes the value."""
    parts = re.findall(r"[A-Za-z]+", words)
    if any(part.lower() in _NO_UNIT or part in _MATHS for part in parts):
        return False
    return len(parts[0]) > 1


def _with_unit(value: str, currency: str, words: str) -> tuple[str, str, bool]:
    parts = re.findall(r"[A-Za-z]+|\d|[²³/]", words)
    if any(part.lower() in _NO_UNIT for part in parts):
        raise Unreadable(f"{words!r} after a number: no unit", reason="ambiguous_unit")
    if parts[0].lower() in {"percent", "percentage", "pct"}:
        return value, currency, True
    unit = " ".join(_singular(part) for part in parts)
    if currency and unit != currency:
        unit = f"{currency} {unit}"
    return value, unit, False


def _singular(word: str) -> str:
    lower = {"²": "2", "³": "3"}.get(word, word.lower())
    if lower in _ALIASES:
        return _ALIASES[lower]
    return lower[:-1] if len(lower) > 3 and lower.endswith("s") and not lower.endswith("ss") else lower
