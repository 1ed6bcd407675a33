# ruff: noqa: RUF001  (marker words are in their own alphabets)
"""The answer in a short text that marks none: the one formula of a sentence, or what its conclusion says.

This is for completions of a sentence or two beside a known answer. A whole solution has to mark its answer
(`proofmill.verifiers.answering.answers`): there the last number may be any number.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from proofmill.verifiers.answering.units import is_known, multiplies

_SEGMENT = re.compile(
    r"\$\$(?P<a>[^$]+)\$\$|\$(?P<b>(?:[^$\\\n]|\\[^\n])+)\$|\\\((?P<c>.+?)\\\)|\\\[(?P<d>.+?)\\\]", re.DOTALL
)
_JOINT = re.compile(r"(?:,|;|\band\b|\bor\b|\\quad|\\qquad|\\text\{ *(?:and|or) *\}|[\s.,])*", re.IGNORECASE)
_BOLD = re.compile(r"\*\*([^*\n]{1,200})(?:\*\*|$)")
_STOP = re.compile(r"(?:(?<=[^\d\s])[.!?]|(?<=\d)\.)(?=\s|$)|[。！？।]|\n")
_SPECIAL = re.compile(r"(?:<\|[^|<>\n]{1,40}\|>\s*\w*\s*)+$")
_ESCAPED = re.compile(r"\\\\(?:left|right|[dt]?frac|sqrt|begin|boxed|text|mathrm|pi|cdot|times|infty|cup|pm|circ)\b")

_LEADING = re.compile(r"^([\s$]*)\\\\(?=[A-Za-z])")
_UNESCAPED = re.compile(_ESCAPED.pattern.replace(r"\\\\", r"(?<!\\)\\", 1))
_DOUBTS = re.compile(
    r"\b(?:not|no|never|none|except|unless|without|cannot|least|most|more|less|fewer|about|around|approximately|almost|"
    r"nearly|between|or|either|million|billion|thousand|hundred|dozen|half|odd|even|negative|minus|plus|times|any)\b|n't\b",
    re.IGNORECASE,
)
"""Words that change or doubt the number beside them."""

CONCLUSIONS: Final = (
    r"\btherefore\b|\bthus\b|\bhence\b|\bso\b|\bconsequently\b|\bin total\b|\bfinally\b|\banswer\b|\bresult\b|"
    r"\bdonc\b|\bainsi\b|\br[eé]ponse\b|\balso\b|\bdaher\b|\bantwort\b|\bpor lo tanto\b|\bpor tanto\b|\brespuesta\b|"
    r"\bentonces\b|\bquindi\b|\brisposta\b|\bportanto\b|\bresposta\b|\bпоэтому\b|\bитак\b|\bответ\b|"
    r"因此|所以|结论|結論|答案|故|したがって|答え|따라서|لذا|لذلك|إذن|الجواب|इसलिए|अतः|उत्तर"
)
"""Words that open a conclusion, in the languages of the models we read."""
EQUALS: Final = (
    r"\bis\b|\bare\b|\bwas\b|\bequals?\b|\bit's\b|=|\best\b|\bsont\b|\bist\b|\bsind\b|\bes\b|\bson\b|\bè\b|\bé\b|"
    r"\bравен\b|\bравно\b|是|为|為|等于|等於|هو|هي|है|हैं|は|는|은|:|："
)
"""Words that stand before the value of a conclusion."""
_CONCLUSION = re.compile(CONCLUSIONS, re.IGNORECASE)
_NUMBER = (
    r"[-\u2212]?\\?[$€£¥₹]?-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+(?![\d/]))?"
    r"(?:\s?(?:\\?%|[€£$]|percent\b))?"
)
_NUMBERS = re.compile(r"(?<![\d.,A-Za-z_/^])" + _NUMBER)
_LAST = re.compile(
    rf"^.*(?:{EQUALS})\s*[*_(]*\s*(?P<value>(?:[-$€£\d(.\\]|\$)[^=:：]*?)[*_)\s.]*$", re.IGNORECASE | re.DOTALL
)
_UNIT = re.compile(r"\s?(?P<unit>(?:(?:sq|square|cubic) )?[A-Za-z]+(?:\^\{?\d\}?|[²³])?(?:(?: ?/ ?| per )[A-Za-z]+)*)")
_WORD = re.compile(r"(?:^|[\s(*])[^\W\d_]{2,}(?!\w)")
"""A word of prose: of letters alone, and not glued to a number."""
_FORMULA = re.compile(
    r"[\^_=<>|@#~{}\[\]+]|[\w)][(*]+[\w(]|[\u2070-\u208e\uff0b\uff0d-\uff19\uff1c-\uff1e\uff21-\uff5e]"
)
"""Marks that stand in formulas and not in prose."""
_WHOLE_VALUE = re.compile(rf"{_NUMBER}\s?(?:[^\W\d_]{{1,20}}(?:\^\{{?\d\}}?|[²³])?)?")


def repaired(text: str) -> str:
    """The text without marks of a chat at its end, and with doubled backslashes halved where they quote commands."""
    text = _SPECIAL.sub("", text).replace('\\"', '"')
    if _ESCAPED.search(text) and not _UNESCAPED.search(text):
        return text.replace("\\\\", "\\")
    return _LEADING.sub(r"\1\\", text)


def concluded(text: str) -> str | None:
    """The value that a text without a marker states, None where it states none or several.

    Formulas without words around them are no prose: what can't be read there is not guessed from its numbers.
    """
    joined = joined_segments(text)
    if joined is not None:
        return joined
    around = _SEGMENT.sub(" ", text)
    if "\\" in around or not _WORD.search(around):
        return None
    segments = _segments(text)
    if len(segments) == 1 and not re.search(r"\d", around):
        return segments[0] if _trusted(around) else None
    for sentence in _last_sentences(text):
        return _of_sentence(sentence)
    return None


def _trusted(words: str) -> bool:
    """Whether nothing in the sentence takes back or blurs what it says."""
    return not _DOUBTS.search(words)


def joined_segments(text: str) -> str | None:
    """`$1$ and $2$` is a list; None where anything else stands between the formulas."""
    matches = list(_SEGMENT.finditer(text))
    if len(matches) < 2:
        return None
    ends = [0, *(match.end() for match in matches)]
    starts = [*(match.start() for match in matches), len(text)]
    between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    if not all(_JOINT.fullmatch(piece) for piece in between):
        return None
    joined = "".join(gap + inside for gap, inside in zip(between, [*_segments(text), ""], strict=True))
    return joined.strip(" .,")


def _segments(text: str) -> list[str]:
    found = (next(part for part in match.groups() if part is not None) for match in _SEGMENT.finditer(text))
    return [part.strip() for part in found]


def _last_sentences(text: str) -> Iterator[str]:
    """The sentences that hold a number or a formula, the last one first; three sentences back at most."""
    cuts = [0, *(match.end() for match in _STOP.finditer(text)), len(text)]
    sentences = [text[start:end].strip() for start, end in pairwise(cuts)]
    kept = [sentence for sentence in sentences if sentence]
    for sentence in reversed(kept[-3:]):
        if re.search(r"\d|\$|\\\(", sentence):
            yield sentence


def _of_sentence(sentence: str) -> str | None:
    """What the sentence concludes: its bold value, its last formula after `is`, its value, its only number."""
    bold = _BOLD.findall(sentence)
    if len(bold) == 1 and re.search(r"\d|\\", bold[0]):
        return _only_number(bold[0]) or str(bold[0])
    marks = list(_CONCLUSION.finditer(sentence))
    clause = sentence[marks[-1].end() :] if marks and re.search(r"\d", sentence[marks[-1].end() :]) else sentence
    segments = _segments(clause)
    last = _LAST.search(clause.rstrip(" .*_。"))
    if last and (value := _ending(last["value"].strip())):
        return value
    if segments:
        return segments[0] if len(segments) == 1 and _trusted(clause) else None
    return _only_number(clause) if _trusted(clause) else None


def _ending(value: str) -> str | None:
    """What the sentence ends in, if it is one value: a formula, or a number with its unit."""
    segments = _segments(value)
    if len(segments) == 1 and _SEGMENT.fullmatch(value):
        return segments[0]
    return value if _WHOLE_VALUE.fullmatch(value) else None


def _only_number(text: str) -> str | None:
    """The one number of a text, with the unit behind it; a number inside a formula is none."""
    if _FORMULA.search(text):
        return None
    found = list(_NUMBERS.finditer(text))
    if len({match.group().strip() for match in found}) != 1:
        return None
    if any(multiplies(text[match.end() :].lstrip()) for match in found):
        return None
    unit = _UNIT.match(text, found[-1].end())
    first = re.match(r"[A-Za-z]+", unit["unit"]) if unit else None
    stated = unit["unit"] if unit and first and (is_known(first.group()) or not unit["unit"].isalpha()) else ""
    return found[0].group().strip() + (rf"\text{{ {stated}}}" if stated else "")
