"""Duplicates: rows that say again what an earlier row or an anchor says, to the letter or but for its dress."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from proofmill.record import Prints
from proofmill.verifiers.verdict import Draft

_DRESS = re.compile(r"(?:\\[(),;:!\[\] ]|[\s$])+")
_BETWEEN_DIGITS = re.compile(rf"(?<=\d){_DRESS.pattern}(?=\d)")
_WORD = re.compile(r"(?<!\\)\b(?=[^\W\d_]{3})[a-z]*[^\W\d_a-z][^\W\d_]*")  # of three letters or more, not all small
_SHOUT = re.compile(r"[^\W\d_a-z]")
_GAP = "\0"
_ALIKE = str.maketrans("\u2212\u2013\u00d7\u00b7\u2019\u2018\u201c\u201d", "--**''\"\"")


def normalised(text: str) -> str:
    """The text without the case of its words, white space, math delimiters, and full stop or question mark at its end.

    What carries the mathematics is left alone: digits and the gap between two (`1 1/2` is not `11/2`), operators,
    superscripts, `!`, and the case of single letters and of commands (`x` and `X`, `\\delta` and `\\Delta`).
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_ALIKE)
    plain = _WORD.sub(_small, text) if _SHOUT.search(text) else text
    return _DRESS.sub("", _BETWEEN_DIGITS.sub(_GAP, plain)).replace(_GAP, " ").strip().rstrip(".?")


def _small(word: re.Match[str]) -> str:
    return word[0].casefold()


def fingerprints(draft: Draft, by: str) -> Prints:
    """Two 16-byte hashes of what is compared (`problem`, or `row`: problem and solution): exact, and normalised."""
    parts = [draft.problem] if by == "problem" else [draft.problem, draft.solution or draft.answer]
    return _hash(parts), _hash(map(normalised, parts))


def _hash(parts: Iterable[str]) -> bytes:
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        state.update(len(raw).to_bytes(8, "big") + raw)
    return state.digest()
