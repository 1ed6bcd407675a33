"""What the ledger keeps of one reply, and what a row of the dataset is made of."""

from dataclasses import dataclass

from proofmill.teachers.teacher import Reply
from proofmill.verifiers.verdict import Draft

Prints = tuple[bytes, bytes]
"""Fingerprints of a row: to the letter, and normalised."""


@dataclass(frozen=True, slots=True)
class Try:
    """One reply at one place of the plan, as judged: what a row of the dataset is made of."""

    item: int
    attempt: int
    turn: int
    outcome: str
    reason: str
    seed: int = 0
    detail: str = ""
    call: str | None = None
    draft: str | None = None
    prompt: str = ""
    prints: Prints | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A try with its draft (None where the reply could not be read), its reply (None where none came), and when."""

    attempt: Try
    draft: Draft | None
    reply: Reply | None
    at: str
