"""How the pool and its workers talk: JSON in frames, each led by its length in four bytes.

A request is a draft with the checks wanted of it; the worker answers every check, in their order, one frame for all
that were done in a moment. JSON stays ASCII, so lone surrogates and NULs in a draft travel unharmed.
"""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from proofmill.verifiers.verdict import Check, Draft, Verdict

_LENGTH = struct.Struct("!I")

READY = "ready"  # the worker is confined and waits for work
VERDICT = "verdict"  # what the verifier said
ENDED = "ended"  # the worker ran out of memory or stack and leaves
COLD = "cold"  # the check needs an engine that this worker was forked too early to have; it leaves
BROKEN = "broken"  # the verifier raised: our bug


def _plain(value: object) -> object:
    """JSON knows dicts alone; a draft may carry any mapping."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")


_quoted = json.encoder.encode_basestring_ascii
encode = json.JSONEncoder(default=_plain, separators=(",", ":")).encode


def frame(text: str) -> bytes:
    """One message, ready to send."""
    payload = text.encode("ascii")
    return _LENGTH.pack(len(payload)) + payload


class Frames:
    """Cuts a stream of bytes back into messages, however the stream was chopped."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take what has arrived; return the messages that are now complete."""
        buffer = self._buffer
        buffer += data
        start, complete = 0, []
        while len(buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(buffer, start)
            end = start + _LENGTH.size + length
            if len(buffer) < end:
                break
            complete.append(bytes(buffer[start + _LENGTH.size : end]))
            start = end
        del buffer[:start]
        return complete


def check_text(check: Check) -> str:
    """A check as JSON, written once; its limits of time stay with the pool, but for the wall-clock one."""
    if check._text is None:  # noqa: SLF001  kept there for us
        object.__setattr__(check, "_text", encode([check.verifier, check.settings, check.seconds]))
    return check._text or ""  # noqa: SLF001


def draft_text(draft: Draft) -> str:
    """A draft's content as JSON; its origin stays at home, for no verifier may read it."""
    gold = "null" if draft.gold is None else _quoted(draft.gold)
    claims = encode(draft.claims) if draft.claims else "{}"
    return (
        f'{{"problem":{_quoted(draft.problem)},"solution":{_quoted(draft.solution)},"answer":{_quoted(draft.answer)},'
        f'"gold":{gold},"claims":{claims}}}'
    )


def request(draft: str, checks: Iterable[str]) -> bytes:
    """The frame that asks for checks of one draft, from texts made by the two functions above."""
    return frame(f'{{"draft":{draft},"checks":[{",".join(checks)}]}}')


def read_request(payload: bytes) -> tuple[Draft, list[Check]]:
    """What a worker is asked."""
    message = json.loads(payload)
    return Draft(**message["draft"]), [Check(*check) for check in message["checks"]]


def answer(kind: str, seconds: float, *values: Any) -> str:
    """The answer to one check as JSON; `seconds` is what the work took by the worker's clock."""
    return encode([kind, seconds, *values])


def answers(texts: Iterable[str]) -> bytes:
    """The frame that tells several answers, in the order of their checks."""
    return frame(f"[{','.join(texts)}]")


def read_answers(payload: bytes) -> list[list[Any]]:
    """What a worker answers, one after the other: kind, seconds, values."""
    found: list[list[Any]] = json.loads(payload)
    return found


def read_verdict(values: list[Any], verifier: str) -> Verdict:
    """The verdict in an answer, under the verifier's name where the runner left it out."""
    verdict = Verdict(*values)
    return verdict if verdict.verifier else replace(verdict, verifier=verifier)


def verdict_values(verdict: Verdict) -> tuple[Any, ...]:
    """A verdict's fields in the order of its constructor."""
    return (
        verdict.outcome,
        verdict.reason,
        verdict.evidence,
        verdict.seconds,
        verdict.verifier,
        verdict.version,
    )
