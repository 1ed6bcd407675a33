"""Duplicates: rows that say again what an earlier row or an anchor says, to the letter or but for its dress."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from proofmill.ledger import Prints
from proofmill.verifiers.verdict import Draft

_DRESS = re.compile(r"\\[(),;:!\[\]]|\\ |[\s$]+")
_ALIKE = str.maketrans("\u2212\u2013\u00d7\u00b7\u2019\u2018\u201c\u201d", "--**''\"\"")


def normalised(text: str) -> str:
    """The text without case, white space, dollar signs and closing punctuation; signs of one meaning made one.

    Digits, operators and superscripts are left alone: they carry the mathematics.
    """
    plain = unicodedata.normalize("NFC", text).translate(_ALIKE).casefold()
    return _DRESS.sub("", plain).rstrip(".?!")


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
