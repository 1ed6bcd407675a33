"""A teacher answers prompts: the protocol, what goes in, what comes back, and how it can fail."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a teacher is asked, and which place of the plan asks it.

    `item` is the draw, `attempt` and `turn` count from 0 (`turn` > 0 is a repair), and `seed` belongs to this request
    alone. `skill`, `difficulty` and `problem` say what the text is about; a model never reads them, `replay` does.
    """

    messages: tuple[Message, ...]
    seed: int = 0
    item: int = 0
    attempt: int = 0
    turn: int = 0
    skill: str = ""
    difficulty: int = 0
    problem: str | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the text, the model that wrote it, tokens read and written, why it stopped, seconds taken."""

    text: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    finish: str = "stop"
    seconds: float = 0.0


class Teacher(Protocol):
    """Anything that can write: one method."""

    async def ask(self, prompt: Prompt) -> Reply:
        """Answer one prompt.

        Raises TeacherUnavailable (the run stops and can be resumed), ReplyRefused (this request alone has no
        usable answer and never will) or RepliesExhausted (a recorded teacher has nothing left to say here).
        """
        ...


class TeacherUnavailable(Exception):
    """The endpoint is down, or will not have us (wrong key, wrong model): trouble of ours, no draft's fault."""


class ReplyRefused(Exception):
    """This prompt gets no answer however often it is asked; `reason` is the slug that the report counts."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class RepliesExhausted(Exception):
    """Every recorded reply for this place has been used."""
