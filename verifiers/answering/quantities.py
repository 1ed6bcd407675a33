"""The parts of an answer: its value, the unit it is stated in, its percent sign."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from proofmill.verifiers.answering import units
from proofmill.verifiers.answering.answers import BARE_NUMBER, answer_text
from proofmill.verifiers.answering.special_values import UNNAMED
from proofmill.verifiers.answering.spellings import spelled
from proofmill.verifiers.expressions import limits
from proofmill.verifiers.expressions.heads import CALCULUS_NAMES, CONSTANTS, FUNCTIONS, GREEK
from proofmill.verifiers.expressions.nodes import (
    Call,
    Constant,
    Node,
    Number,
    Symbol,
    free_symbols,
    is_statement,
)
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
_POSTFIX = re.compile(r"(?<=[\d)}])\s*\\?(?P<currency>[$€£¥₹])$")
_TEXT = re.compile(r"\\(?:text|mathrm|textbf|mbox|textrm|mathbf|textit|textnormal)\s*\{(?P<words>[^{}]*)\}")
_WORD = units.LETTER
_UNIT = rf"{_WORD}(?:{_WORD}|\.)*(?:(?:\s+|\s*/\s*|-){_WORD}+\.?)*(?:\^?\{{?[23²³]\}}?)?"
_SUFFIX = re.compile(rf"(?P<value>.*[\d)}}])(?P<space>\s*)(?P<unit>(?<!{_WORD}|\\){_UNIT})", re.DOTALL)
_PERCENT = re.compile(r"\s*(?:\\?%|(?<=[\d\s)}])(?:percent|percentage|per cent|pct)(?: points)?)$", re.IGNORECASE)
_DEGREE = re.compile(r"\s*(?:°|\^\s*\{?\s*\\circ\s*\}?|\\degree)$")
_NO_UNIT = frozenset(
    re.findall(
        r"\w+",
        "and or to by plus minus times over of if is are not about approximately x than for in on at with from the as "
        "st nd rd th hundred thousand million billion trillion dozen half third quarter tenth hundredth",
    )
)
"""Words that change a value, and so are no unit."""
_MATHS = frozenset(FUNCTIONS) | frozenset(CALCULUS_NAMES) | (frozenset(CONSTANTS) - {"true", "false"}) | GREEK
_FEW_WORDS = re.compile(
    r"(?=.{1,60}$)(?:(?=.*[A-Za-z]{3})[A-Za-z']+(?:[ -][A-Za-z']+)*|[Nn][Oo]|[A-Z]"
    r"|[A-Z][a-z]{2,8} \d{1,2}(?:, ?\d{4})?)"
)
_CONGRUENCE = re.compile(
    r"(?:(?P<left>.+?)(?:\\equiv|\u2261))?(?P<right>[^\\a-z(]*(?:\\pm[^\\a-z(]+)?) *\(?"
    r"(?:\\pmod|\\?mod)\s*\{?\s*(?P<modulus>[0-9]+)\s*[})]*"
)
_LABEL = re.compile(
    r"(?P<name>(?:P|\\Pr|\\mathbb\{[EP]\})(?:\\left)?[(\[][^()=]{1,20}?(?:\\right)?[)\]]|m?\\angle\s*[A-Z]{1,3}|[a-z]\^\{?-1\}?(?:\\left)?\([a-z](?:\\right)?\))\s*=\s*(?P<value>[^=]+)"
)
_BUILDER = re.compile(
    r"\\\{\s*(?P<name>[A-Za-z])\s*(?:\\in\s*\\mathbb\s*\{?R\}?\s*)?(?:\\mid|\\?\||:)\s*(?P<condition>.+)\\\}"
)
_NAMED_RATIO = re.compile(r"^[A-Za-z_{} ]+(?::[A-Za-z_{} ]+){1,3}=\s*")
_PART = r"(?:[^=:,;<>()\[\]{}|]|(?<!\\)[{}])+"
_RATIO = re.compile(rf"(?P<parts>{_PART}(?::{_PART}){{1,3}})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?", re.ASCII)
_SETS: Final[dict[str, Node]] = {
    "all real numbers": Constant("reals"), "all reals": Constant("reals"), "empty set": Call("Set", ()),
    "no real solution": Call("Set", ()), "no real solutions": Call("Set", ()), "no solution": Call("Set", ()),
    "no solutions": Call("Set", ()),
}  # fmt: skip
"""Words that name a set of numbers."""


def read_answer(text: str) -> Answer:
    """An answer's value, unit and percent sign; raises Unreadable where its value can't be read."""
    limits.check_length(text)
    return parts_of(answer_text(text))


def parts_of(short: str) -> Answer:
    """The same for a text that holds the answer and nothing else."""
    if BARE_NUMBER.fullmatch(short):
        return Answer(short, Number(Fraction(short.replace(",", "")), _places(short)))
    limits.check_length(short)
    from proofmill.verifiers.expressions.grammar import read

    if (compound := units.compound(short)) is not None:
        return Answer(short, Number(compound[0]), compound[1])
    if (special := _named_or_built(short)) is not None:
        return special
    value, unit, percent = _split(spelled(short))
    worded = value.strip("() ")
    if _FEW_WORDS.fullmatch(worded) and worded not in _MATHS:
        if worded.lower() in _SETS:
            return Answer(short, _SETS[worded.lower()])
        return Answer(short, None, words=" ".join(worded.lower().split()) if len(worded) > 1 else worded)
    if ":" in value:
        value = _NAMED_RATIO.sub("", value)
    if ":" in value and (ratio := _RATIO.fullmatch(value)):
        return Answer(short, _ratio(ratio["parts"]), unit, percent)
    if "mod" in value and (congruence := _CONGRUENCE.fullmatch(value)):
        return Answer(short, _congruence(congruence))
    return Answer(short, read(value), unit, percent)


def _named_or_built(short: str) -> Answer | None:
    """`P(A) = 1/2` and `\\angle ABC = 45^\\circ` with the left side as a name; `{x | x > 2}` as its condition."""
    from proofmill.verifiers.expressions.grammar import read

    if named := _LABEL.fullmatch(short):
        inner = parts_of(named["value"])
        name = Symbol(re.sub(r"\\(?:left|right)|[\s{}\\]", "", named["name"]))
        return replace(inner, text=short, value=Call("Eq", (name, inner.value))) if inner.value is not None else None
    if built := _BUILDER.fullmatch(short):
        condition = read(built["condition"])
        if is_statement(condition) and free_symbols(condition) == {built["name"]}:
            return Answer(short, condition)
    return None


def _places(digits: str) -> int | None:
    return len(digits.partition(".")[2]) if "." in digits else None


def _ratio(parts: str) -> Node:
    """`7:32` is a ratio; `12:00` and `20:34:05` are times of day, which `Clock` holds."""
    from proofmill.verifiers.expressions.grammar import read

    if _CLOCK.fullmatch(parts.strip()):
        return Call("Clock", tuple(Number(Fraction(part)) for part in parts.split(":")))
    return Call("Ratio", tuple(read(part) for part in parts.split(":")))


def _congruence(match: re.Match[str]) -> Node:
    """`x \\equiv 10 \\pmod 7` says that x and 3 leave the same remainder; `\\equiv \\pm 1` says two such things."""
    from proofmill.verifiers.expressions.grammar import read

    right = read(match["right"])
    several = isinstance(right, Call) and right.head in {"Set", "Sequence"}
    left = read(match["left"]) if match["left"] else UNNAMED
    parts = right.args if isinstance(right, Call) and several else (right,)
    found = tuple(Call("Congruent", (left, *_remainder(part, int(match["modulus"])))) for part in parts)
    return Call("Set", found) if several else found[0]


def _remainder(node: Node, modulus: int) -> tuple[Number, Number]:
    from proofmill.verifiers.expressions.exact import value

    remainder = value(node)
    if remainder is None or remainder.denominator != 1 or modulus < 1:
        raise Unreadable("a congruence of other than whole numbers", reason="syntax")
    return Number(Fraction(modulus)), Number(Fraction(int(remainder) % modulus))


def _split(text: str) -> tuple[str, str, bool]:
    """(value, unit, percent) of an unwrapped answer."""
    unit = ""
    prefix = _PREFIX.match(text)
    if prefix:
        unit, text = _CURRENCY[prefix["currency"]], prefix["sign"] + text[prefix.end() :]
    elif postfix := _POSTFIX.search(text):
        unit, text = _CURRENCY[postfix["currency"]], text[: postfix.start()]
    text, words = _without_text(text)
    stripped = _PERCENT.sub("", text)
    if stripped != text:
        return stripped, unit, True
    stripped = _DEGREE.sub("", text)
    if stripped != text:
        return (stripped, "degree", False) if _NUMERIC.fullmatch(stripped) else (text, unit, False)
    if words:
        return _with_unit(text, unit, words)
    suffix = _SUFFIX.fullmatch(text)
    if suffix and _is_unit(suffix["unit"], suffix["value"], spaced=bool(suffix["space"])):
        return _with_unit(suffix["value"], unit, suffix["unit"])
    return text, unit, False


_NUMERIC = re.compile(r"[^A-Za-z]*|[^A-Za-z]*\\[dt]?frac[^A-Za-z]*")
"""What may stand before a degree sign that is the unit of all of it: `90`, `\\frac{45}{2}`."""


def _without_text(text: str) -> tuple[str, str]:
    """LaTeX text at the end as words: `10\\text{ cm}^2` is `10` and `cm^2`; a text that is all words is unwrapped."""
    match = _TEXT.search(text)
    if match is None:
        return text, ""
    inside = match["words"].strip(" ~")
    if not text[: match.start()].strip():
        return inside + text[match.end() :], ""
    tail = text[match.end() :].strip().replace("{", "").replace("}", "")
    if re.fullmatch(r"(?:\^-?[123])?", tail) and re.fullmatch(rf"{_WORD}(?:{_WORD}|[ ./-])*(?:\^?[23²³])?", inside):
        return re.sub(r"(?:\\[,;: !]|\\q?quad|~|\s)+$", "", text[: match.start()]), inside + tail
    return text, ""


def _is_unit(words: str, value: str, *, spaced: bool) -> bool:
    """Whether letters after a number are a unit: words, no mathematics, nothing that changes the value.

    One letter is a unit after a number and a space, `5 m`, or where the power is a raised digit, `5m²`.
    """
    parts = re.findall(f"{_WORD}+", words)
    if len(parts) == 1 and parts[0] in {"in", "min", "sec"}:
        return True
    if len(parts) == 1 and re.fullmatch(r"d[a-z]", parts[0]) and _INTEGRAL.search(value):
        return False
    if any(part.lower() in _NO_UNIT or part in _MATHS for part in parts) or units.multiplies(parts[0]):
        return False
    if len(parts[0]) > 1 or not parts[0].isascii():
        return True
    return (
        (spaced or bool(re.search("[²³]", words))) and units.is_known(parts[0]) and bool(_PLAIN_NUMBER.fullmatch(value))
    )


_INTEGRAL = re.compile(r"\\int|\u222b|\bint(?:egrate)?\b")
_PLAIN_NUMBER = re.compile(r"[-\u2212]?[\d.,]+")


def _with_unit(value: str, currency: str, words: str) -> tuple[str, str, bool]:
    parts = re.findall(f"{_WORD}+", words)
    if any(part.lower() in _NO_UNIT - {"in"} for part in parts) or units.multiplies(parts[0]):
        raise Unreadable(f"{words!r} after a number: no unit", reason="ambiguous_unit")
    if parts[0].lower() in {"percent", "percentage", "pct"}:
        return value, currency, True
    unit = units.unit_name(words)
    if currency and unit != currency:
        unit = f"{currency} {unit}"
    return value, unit, False
