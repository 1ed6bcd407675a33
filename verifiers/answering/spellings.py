"""Spellings that only answers have, in those that the grammar reads."""

import re
from fractions import Fraction

from proofmill.verifiers.expressions.nodes import Call, Number, free_symbols
from proofmill.verifiers.verdict import Unreadable

_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u2009\u202f\u00a0]\d{3})+(?![\d])(?! ?[/\d])")
_SPACED_MIXED = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ \u2009\u202f\u00a0]\d{3})+)(?= \d+/\d+$)")
_DECIMAL_COMMA = re.compile(r"-?0,\d{3,}")
_ABOUT = re.compile(r"\\approx|\u2248")
_BRACED = re.compile(r"\{(?P<inside>[^{}]*,[^{}]*)\}")
_ORDER = re.compile(r"[<>\u2264\u2265\u2208\u2260]|!=|\\(?:le|ge|lt|gt|ne|in|to|subset)|(?<![A-Za-z])in(?![A-Za-z])")
_JOINED = re.compile(
    r",?\s*(?:\\(?:text|mbox|textrm)\s*\{\s*,?\s*(?:and|or)\s*\}|(?<![\\A-Za-z])(?:and|or)(?![A-Za-z]))"
)
_PLACE = r"(?:\{(?P<{0}>[^{}]+)\}|(?P<{0}1>[0-9]|[a-z]))"
_CHOSEN = tuple(
    re.compile(pattern.replace("NN", _PLACE.replace("{0}", "upper")).replace("KK", _PLACE.replace("{0}", "lower")))
    for pattern in (
        r"(?<![A-Za-z\\0-9])C_NN\^KK",
        r"(?:\{\s*\}|(?<![A-Za-z0-9})\]]))_NN\s*C_KK",
        r"(?:\{\s*\}|(?<![A-Za-z0-9})\]]))\^NN\s*C_KK",
        r"(?<![A-Za-z\\0-9])(?P<upper>[0-9]{1,3}|n)C(?P<lower>[0-9]{1,3}|[kr])(?![A-Za-z0-9])",
        r"(?<![A-Za-z\\0-9])C\((?P<upper>[0-9]{1,3}|n), ?(?P<lower>[0-9]{1,3}|[kr])\)",
    )
)
"""C_n^k, _nC_k, ^nC_k, nCk, C(n, k): the number of choices."""


def spelled(text: str) -> str:
    """Spellings that only answers have: `1 000`, `0,111`, `x \\approx 3`, `6 and 8`, a backslash at the end."""
    text = text.rstrip("\\ ")
    if " " in text or not text.isascii():
        text = _SPACED_THOUSANDS.sub(_without_spaces, _SPACED_MIXED.sub(_without_spaces, text))
    if _DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    if "\\" in text and (braced := _BRACED.fullmatch(text)):
        return rf"\{{{braced['inside']}\}}"
    if about := _ABOUT.search(text):
        exact = text[: about.start()].strip()
        stated = text[about.end() :]
        _check_rounded(exact, stated.strip())
        text = f"{exact} = {stated}" if re.fullmatch(r"[A-Za-z]", exact) else exact or stated.strip()
    if "C" in text:
        text = _combinations(text)
    if ("and" in text or "or" in text) and not _ORDER.search(text):
        text = _JOINED.sub(", ", text)
    return text


def _check_rounded(exact: str, stated: str) -> None:
    """`22/7 \\approx 3.14` says 22/7, if it is about that; raises Unreadable for `22/7 \\approx 3.24`."""
    from proofmill.verifiers.expressions.equality import compare
    from proofmill.verifiers.expressions.grammar import read

    if not exact or not re.fullmatch(r"-?\d+\.\d+", stated):
        return
    value, unit = read(stated), Fraction(1, 10 ** len(stated.partition(".")[2]))
    cut = Call("Add", (value, Number(-unit / 2 if stated.startswith("-") else unit / 2)))
    known = read(exact)
    if not free_symbols(known) and all(
        compare(known, near, tolerance=unit / 2).outcome == "different" for near in (value, cut)
    ):
        raise Unreadable(f"{stated} is not what {exact} rounds to", reason="ambiguous")


def _combinations(text: str) -> str:
    for pattern in _CHOSEN:
        text = pattern.sub(_chosen, text)
    return text


def _chosen(match: re.Match[str]) -> str:
    """A binomial, unless its numbers are no choice: `C_1^2` is a constant, squared."""
    parts = match.groupdict()
    upper, lower = (str(parts[name] or parts.get(f"{name}1")) for name in ("upper", "lower"))
    if upper.isdigit() and (not lower.isdigit() or int(lower) > int(upper)):
        return match.group()
    return rf"\binom{{{upper}}}{{{lower}}}"


def _without_spaces(match: re.Match[str]) -> str:
    return re.sub(r"\s", "", match.group())
