"""The numbers of a problem's prose beside those of its spec: digits, number words, fractions, percentages, dozens."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from proofmill.verifiers.spec.model import Spec


@dataclass(frozen=True, slots=True)
class Mention:
    """A number as the prose has it, all values that a spec may write it as, and whether a spec must hold one."""

    text: str
    values: frozenset[Fraction]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """What the two sides don't share, as they are written."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]


_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_TIMES = {
    "twice": 2, "double": 2, "doubled": 2, "doubles": 2, "thrice": 3, "triple": 3, "tripled": 3, "triples": 3,
    "quadruple": 4, "quadrupled": 4,
}  # fmt: skip
_OPTIONAL_WORDS = frozenset({"zero", "one"})
_WORD = "|".join((*_UNITS, *_TENS, *_SCALES))
_MENTION = re.compile(
    rf"(?P<mixed>(?<![\w.])\d+[ -]\d+/\d+)|(?P<fraction>(?<![\w.])\d+/\d+)"
    rf"|(?P<digits>(?<![A-Za-z_\d.])(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
    rf"(?P<percent>\s*(?:\\?%|percent|per cent))?"
    rf"(?:[ -](?P<scale>hundred|thousand|million|billion|dozen)s?\b)?"
    rf"|\b(?P<words>(?:{_WORD})(?:[ -](?:and )?(?:{_WORD}))*)(?P<word_percent> percent| per cent)?"
    rf"(?:[ -](?P<parts>halves|thirds|quarters|fourths|fifths|sixths|sevenths|eighths|ninths|tenths))?\b"
    rf"|\b(?P<part>half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|hundredth)s?\b"
    rf"|\b(?P<times>{'|'.join(_TIMES)})\b",
    re.IGNORECASE | re.ASCII,
)

IMPLIED: Final[dict[str, str]] = {
    r"weeks?|weekly": "7 52", r"days?|daily": "24 7 365", r"hours?|hourly|mph|km/h": "60 24 3600",
    r"minutes?|min": "60",
    r"seconds?": "60", r"years?|yearly|annual\w*": "12 365 366 52", r"months?|monthly": "12 30", r"dozens?": "12",
    r"dollars?|cents?|penn\w+|quarters?|dimes?|nickels?": "100 25 10 5", r"percent\w*": "100",
    r"feet|foot|inch\w*": "12",
    r"yards?": "3 36", r"miles?": "5280 1760", r"pounds?|ounces?": "16", r"gallons?|quarts?|pints?|cups?": "4 8 16",
    r"kilo\w+|milli\w+|km|kg|mm|ml|grams?|met(?:er|re)s?|lit(?:er|re)s?": "1000 100", r"centi\w+|cm": "100 10",
    r"triang\w+": "3 180", r"rectang\w+|squares?": "4 90", r"angles?|degrees?": "180 360 90", r"cub\w+": "3 6",
    r"pairs?|couples?|twins?|both|even|odd|each other|coins?": "2", r"dice|die": "6", r"digits?": "10 9 100 1000",
    r"decks?|cards?": "52 4 13", r"decades?": "10", r"centur\w+": "100", r"weekends?": "2", r"weekdays?": "5",
    r"cows?|dogs?|cats?|horses?|rabbits?|pigs?|sheep|goats?|tables?|chairs?|cars?": "4", r"spiders?": "8",
    r"chickens?|ducks?|birds?|hens?|bicycles?|bikes?|people|humans?": "2", r"insects?|ants?|bees?": "6",
    r"tricycles?": "3", r"alphabet": "26", r"multipl\w+|divisib\w+": "0", r"consecutive": "1 2 3 4 5",
    r"quadrupl\w+": "4", r"[%]": "100", r"[$]": "100",
}  # fmt: skip
"""Numbers that a word of the prose brings along: a spec may use them where the word stands."""
_IMPLIED = [
    (
        re.compile(rf"\b(?:{pattern})\b" if pattern[0] != "[" else pattern, re.I),
        frozenset(map(Fraction, values.split())),
    )
    for pattern, values in IMPLIED.items()
]
_FREE = frozenset(map(Fraction, (0, 1, 2)))
_COUNTED = re.compile(
    r"[\s-]+(?:(?:consecutive|different|distinct|positive|whole|even|odd|natural|real|unknown|digit|such)\s+)*"
    r"(?:numbers|integers|digits?|unknowns|variables|consecutive)\b",
    re.IGNORECASE,
)
"""After a number that counts the unknowns: a spec shows it in its shape."""
_POWER = re.compile(r"(?<![A-Za-z_\d.])(\d+)\s*(?:\^|\*\*)\s*(\d+)(?![\d.])", re.ASCII)
_LITERAL = re.compile(r"(?<![A-Za-z_\d.])(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)


def mentions(prose: str) -> list[Mention]:
    """Every number that stands in a text, in its order."""
    text = re.sub(r"\\[A-Za-z]+", " ", prose)
    found = [(_mention(match), _COUNTED.match(text, match.end())) for match in _MENTION.finditer(text)]
    return [replace(mention, required=mention.required and not counted) for mention, counted in found]


def _mention(match: re.Match[str]) -> Mention:
    text = match.group().strip()
    if match["digits"]:
        return _digits(match, text)
    if match["words"]:
        return _worded(match, text)
    if match["mixed"] or match["fraction"]:
        parts = [Fraction(part) for part in re.findall(r"\d+", text)]
        whole = parts[0] if len(parts) == 3 else Fraction(0)
        value = _over(parts[-2], parts[-1])
        both = {value, whole + value, whole * parts[-1] + parts[-2], *parts} - ({Fraction(0)} if not whole else set())
        return Mention(text, frozenset(both))
    if match["part"]:
        below = Fraction(_PARTS[match["part"].lower()])
        return Mention(text, frozenset({1 / below, below, 1 - 1 / below}), below == 2)
    return Mention(text, frozenset({Fraction(_TIMES[match["times"].lower()])}))


def _over(above: Fraction, below: Fraction) -> Fraction:
    return above / below if below else above


def _digits(match: re.Match[str], text: str) -> Mention:
    value = Fraction(match["digits"].replace(",", ""))
    values = {value}
    if match["percent"]:
        values |= _percent(value)
    if match["scale"]:
        scale = _SCALES[match["scale"].lower()]
        values |= {value * scale, Fraction(scale)}
    return Mention(text, frozenset(values))


def _percent(value: Fraction) -> set[Fraction]:
    """20% as a part, and what is left or there is after 20% off or more."""
    return {value, value / 100, 100 - value, 1 - value / 100, 100 + value, 1 + value / 100}


def _worded(match: re.Match[str], text: str) -> Mention:
    words = re.findall(r"[a-z]+", match["words"].lower())
    value = Fraction(_number_of([word for word in words if word != "and"]))
    values = {value}
    if "dozen" in words:
        values |= {Fraction(12), value / 12}
    if match["word_percent"]:
        values |= _percent(value)
    if match["parts"]:
        below = Fraction(_PARTS[match["parts"].lower().removesuffix("s").replace("halve", "half")])
        values = {value / below, value, below, 1 - value / below}
    return Mention(text, frozenset(values), bool(match["parts"]) or words[0] not in _OPTIONAL_WORDS or len(words) > 1)


def _number_of(words: list[str]) -> int:
    """`two hundred and five thousand` in digits."""
    total = here = 0
    for word in words:
        scale = _SCALES.get(word)
        if scale is None:
            here += _UNITS.get(word, 0) + _TENS.get(word, 0)
        elif scale == 100:
            here = max(here, 1) * 100
        else:
            total, here = total + max(here, 1) * scale, 0
    return total + here


def implied(prose: str) -> frozenset[Fraction]:
    """The numbers that words of the prose bring along."""
    return frozenset().union(*(values for pattern, values in _IMPLIED if pattern.search(prose)))


def literals(texts: Iterable[str]) -> set[Fraction]:
    """The numbers that are written in the texts of a spec; digits inside names are none."""
    return {Fraction(found) for text in texts for found in _LITERAL.findall(text.replace("..", " "))}


def powers(texts: Iterable[str]) -> dict[Fraction, set[Fraction]]:
    """The values of powers such as 10^6 in the texts of a spec, each with the numbers that it is written with."""
    found: dict[Fraction, set[Fraction]] = {}
    for text in texts:
        for base, exponent in _POWER.findall(text):
            if int(exponent) <= 100 and len(base) <= 6:
                found.setdefault(Fraction(int(base) ** int(exponent)), set()).update(map(Fraction, (base, exponent)))
    return found


def unsaid(texts: list[str], allowed: set[Fraction] | frozenset[Fraction]) -> set[Fraction]:
    """The numbers of the texts that are not allowed; 10^6 may be said as a million."""
    said_whole = [parts for value, parts in powers(texts).items() if value in allowed]
    return literals(texts) - allowed - set().union(*said_whole)


def texts_of(spec: Spec) -> list[str]:
    """The texts of a spec that may hold numbers of the problem."""
    keys = ("constraints", "find", "event", "given", "where", "claim", "expression", "maximize", "minimize")
    return [text for key in keys for text in _strings(spec.raw.get(key))]


def _strings(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return [str(value)] if isinstance(value, str | int | float) and not isinstance(value, bool) else []


def gap(problem: str, spec: Spec) -> Gap:
    """Numbers of the prose that the spec lacks, and numbers in the spec that the prose lacks."""
    said = mentions(problem)
    texts = texts_of(spec)
    known = (
        literals(texts)
        | set(powers(texts))
        | _structure(spec.raw)
        | {abs(number) for number in spec.get("unused") or ()}
    )
    allowed = _FREE | implied(problem) | {value for mention in said for value in mention.values}
    missing = [mention.text for mention in said if mention.required and not mention.values & known]
    extra = sorted(unsaid(texts, allowed))
    return Gap(tuple(dict.fromkeys(missing)), tuple(map(str, extra)))


def _structure(raw: Mapping[str, Any]) -> set[Fraction]:
    """Numbers that the shape of a spec says: how many variables and choices, bounds, ranges, how many items."""
    found: set[Fraction] = set()
    for key in ("variables", "space", "from", "to"):
        part = raw.get(key)
        found |= literals([json.dumps(part, default=str)]) if part is not None else set()
        found |= set(map(Fraction, _sizes(part)))
    return found


def _sizes(value: object) -> list[int]:
    if isinstance(value, Mapping):
        return [len(value), *(size for part in value.values() for size in _sizes(part))]
    return [len(value)] if isinstance(value, list) else []
