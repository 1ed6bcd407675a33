"""The wire format: what is sent, what a reply must look like, and what is repeated of a server's words."""

import json
from typing import Any

import pytest

from proofmill.teachers.chat import MESSAGE_LENGTH, Chat
from proofmill.teachers.faults import Fault
from proofmill.teachers.spec import OpenAITeacher
from proofmill.teachers.teacher import Message, Prompt, Reply

SECRET = "sk-0123456789"
CHAT = Chat(OpenAITeacher(kind="openai", model="m", temperature=0.5, max_tokens=9), SECRET)


def body(content: Any = "hello", **more: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}, "finish_reason": "stop"}], **more}).encode()


def test_a_request_carries_the_messages_the_settings_and_the_seed() -> None:
    prompt = Prompt(
        (Message("system", "Be brief."), Message("user", "π \ud800?")), seed=7, skill="unread", problem="too"
    )
    assert json.loads(CHAT.request(prompt)) == {
        "model": "m",
        "temperature": 0.5,
        "top_p": 1.0,
        "max_tokens": 9,
        "seed": 7,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "π \ud800?"}],
    }


def test_a_reply_is_read_with_model_tokens_and_finish() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4}
    assert CHAT.reply(body(model="m-2", usage=usage), 0.5) == Reply("hello", "m-2", 3, 4, "stop", 0.5)


@pytest.mark.parametrize(
    "usage", [None, {}, [], {"prompt_tokens": -1, "completion_tokens": True}, {"prompt_tokens": "3"}]
)
def test_what_a_server_leaves_out_is_filled_in(usage: Any) -> None:
    assert CHAT.reply(body(model=None, usage=usage), 0.5) == Reply("hello", "m", 0, 0, "stop", 0.5)


def test_what_a_model_thought_beside_its_answer_is_left_out() -> None:
    message = {"content": "4", "reasoning_content": "2 and 2", "reasoning": "make 4"}
    raw = json.dumps({"choices": [{"message": message, "finish_reason": None}]}).encode()
    assert CHAT.reply(raw, 0.0).text == "4"


@pytest.mark.parametrize("content", ["", " \n", None])
def test_an_empty_answer_is_a_fault_of_the_reply(content: str | None) -> None:
    with pytest.raises(Fault, match="the reply is empty") as fault:
        CHAT.reply(body(content), 0.0)
    assert (fault.value.reason, fault.value.in_reply) == ("empty_reply", True)


def test_an_answer_that_never_began_names_the_setting_to_raise() -> None:
    message = {"content": None, "reasoning_content": "so many thoughts"}
    raw = json.dumps({"choices": [{"message": message, "finish_reason": "length"}]}).encode()
    with pytest.raises(Fault, match=r"teacher\.max_tokens were spent before the answer began"):
        CHAT.reply(raw, 0.0)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe\xfa", b"[" * 100_000, b'{"choices": {}}', b'{"choices": [7]}',
     body(["part"]), body("half \ud83d"),
     b'{"choices": [{"message": "text"}]}', b'{"error": {"message": "overloaded"}}'],
)  # fmt: skip
def test_anything_else_is_malformed(raw: bytes) -> None:
    with pytest.raises(Fault, match=r"^expected ") as fault:
        CHAT.reply(raw, 0.0)
    assert (fault.value.reason, fault.value.in_reply) == ("malformed_reply", True)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"error": {"message": "No such\\n model."}}', "No such model"),
        (b'{"error": "out of memory"}', "out of memory"),
        (b'{"object": "error", "message": "bad seed"}', "bad seed"),
        (b'{"detail": "Not Found"}', "Not Found"),
        (b"<html>\n502 Bad Gateway</html>", "<html> 502 Bad Gateway</html>"),
        (b'{"detail": [{"loc": "body"}]}', '{"detail": [{"loc": "body"}]}'),
        (b"", ""),
    ],
)
def test_a_servers_words_are_found_in_the_shapes_servers_use(raw: bytes, words: str) -> None:
    assert CHAT.words(raw) == words


def test_a_servers_words_are_cut_and_never_hold_the_key() -> None:
    words = CHAT.words(f"{'x' * (MESSAGE_LENGTH - 10)}{SECRET}{'y' * 50}".encode())
    assert len(words) == MESSAGE_LENGTH
    assert "sk-" not in words
