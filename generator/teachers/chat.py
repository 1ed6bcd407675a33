"""The wire format of chat completions: a prompt as the body of a request, the body of a response as a reply."""

import json
from typing import Any

from proofmill.teachers.faults import Fault
from proofmill.teachers.spec import OpenAITeacher
from proofmill.teachers.teacher import Prompt, Reply
from proofmill.text import is_unicode

MESSAGE_LENGTH = 300
"""How much of a server's own words an error message repeats, in characters."""
SHORTEST_SECRET = 4
"""Anything shorter hides nothing, and stands in many words."""


class Chat:
    """Writes requests and reads responses for one model with its sampling settings.

    Whatever it repeats of a server's words, `secret` is not in it.
    """

    def __init__(self, spec: OpenAITeacher, secret: str = "") -> None:
        self._model = spec.model
        self._secret = secret if len(secret) >= SHORTEST_SECRET else ""
        self._settings = {
            "model": spec.model,
            "temperature": spec.temperature,
            "top_p": spec.top_p,
            "max_tokens": spec.max_tokens,
        }

    def request(self, prompt: Prompt) -> bytes:
        """The body that asks `prompt`: the same bytes whenever it is asked."""
        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        return json.dumps({**self._settings, "seed": prompt.seed, "messages": messages}).encode("ascii")

    def reply(self, body: bytes, seconds: float) -> Reply:
        """The reply in a response's body; Fault where it has none that can be used."""
        data = _json(body)
        choice = _first(_at(data, "choices"))
        message = _at(choice, "message")
        if not isinstance(message, dict):
            raise _malformed(f"expected JSON with choices[0].message (found {self.words(body) or 'nothing'})")
        finish = _name(_at(choice, "finish_reason"))[:20]
        usage = _at(data, "usage")
        return Reply(
            text=_text(message.get("content"), finish),
            model=_name(_at(data, "model")) or self._model,
            tokens_in=_count(_at(usage, "prompt_tokens")),
            tokens_out=_count(_at(usage, "completion_tokens")),
            finish=finish or "stop",
            seconds=seconds,
        )

    def words(self, body: bytes) -> str:
        """What a server says in a body that is no reply, in one line: its error's message, or the text as it is."""
        said = _said(_json(body)) or body.decode("utf-8", "replace")
        line = " ".join(said.split()).rstrip(".")
        if self._secret:
            line = line.replace(self._secret, "[API key]")
        return line if len(line) <= MESSAGE_LENGTH else f"{line[: MESSAGE_LENGTH - 3]}..."


def _said(data: Any) -> str:
    """OpenAI's {"error": {"message": ...}}, FastAPI's {"detail": ...}, and their relatives; "" for anything else."""
    for key in ("error", "message", "detail"):
        data = _at(data, key) or data
    return data if isinstance(data, str) else ""


def _json(body: bytes) -> Any:
    """The value, or None, which is no reply either."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _at(data: Any, key: str) -> Any:
    return data.get(key) if isinstance(data, dict) else None


def _first(items: Any) -> Any:
    return items[0] if isinstance(items, list) and items else None


def _text(content: Any, finish: str) -> str:
    if content is not None and not isinstance(content, str):
        raise _malformed(f"expected text as choices[0].message.content (found {type(content).__name__})")
    if not content or content.isspace():
        why = "teacher.max_tokens were spent before the answer began" if finish == "length" else f"finish: {finish!r}"
        raise Fault(f"the reply is empty ({why})", reason="empty_reply", in_reply=True)
    if not is_unicode(content):
        raise _malformed("expected Unicode text (found half of a surrogate pair)")
    return content


def _name(value: Any) -> str:
    return value if isinstance(value, str) and is_unicode(value) else ""


def _count(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def _malformed(what: str) -> Fault:
    return Fault(what, reason="malformed_reply", in_reply=True)
