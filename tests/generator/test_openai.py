"""The teacher over HTTP, against a real endpoint in a process of its own, with all the trouble there is."""

import asyncio
import socket
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeVar

import pytest
from tenacity import wait_random_exponential

from endpoint import FAULTS, Running, running_endpoint
from proofmill.errors import InputError
from proofmill.teachers.faults import REPLY_TRIES
from proofmill.teachers.openai import OpenAI
from proofmill.teachers.spec import OpenAITeacher
from proofmill.teachers.teacher import Message, Prompt, Reply, ReplyRefused, TeacherUnavailable

T = TypeVar("T")
KEY = "sk-proj-do-not-tell/anyone+0123456789"
QUICK = [kind for kind in FAULTS if kind not in {"slow", "429_date"}]
PROMPTS = [
    Prompt((Message("system", "Write."), Message("user", f"Skill: differentiate\nDifficulty: {1 + n % 3}")), seed=n)
    for n in range(200)
]


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofmill.teachers.faults.BACKOFF", wait_random_exponential(multiplier=0.02, max=0.1))


@pytest.fixture(scope="module")
def healthy() -> Iterator[Running]:
    with running_endpoint() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def faulty() -> Iterator[Running]:
    """Up to three troubles for each body; the model's name says which: "m+500"."""
    with running_endpoint(faults="1:0.4", kinds=",".join(QUICK), retry_after_ms=5) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def hopeless() -> Iterator[Running]:
    """Nothing but trouble, of the kind that the model's name says."""
    with running_endpoint(faults="1:1", most_faults=999, retry_after_ms=20) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def truth(healthy: Running) -> list[str]:
    """What the endpoint says to each prompt when nothing is wrong."""
    return [reply.text for reply in replies(healthy, PROMPTS)]


def play(endpoint: Running | str, story: Callable[[OpenAI], Awaitable[T]], **settings: Any) -> T:
    """Open a teacher for the endpoint, and do something with it."""
    base_url = endpoint if isinstance(endpoint, str) else endpoint.base_url
    spec = OpenAITeacher(kind="openai", **{"model": "m", "base_url": base_url, "retry_seconds": 30.0, **settings})

    async def played() -> T:
        async with OpenAI(spec, KEY) as teacher:
            return await story(teacher)

    return asyncio.run(played())


def replies(endpoint: Running, prompts: Sequence[Prompt], **settings: Any) -> list[Reply]:
    return play(endpoint, lambda teacher: asyncio.gather(*map(teacher.ask, prompts)), **settings)


def failure(endpoint: Running | str, kind: type[Exception], **settings: Any) -> Any:
    """The exception that one prompt ends with; whatever it is, the key is nowhere in it."""
    with pytest.raises(kind) as caught:
        play(endpoint, lambda teacher: teacher.ask(PROMPTS[0]), **settings)
    assert KEY not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_reply_says_which_model_wrote_it_how_much_and_how_long_it_took(healthy: Running) -> None:
    [reply] = replies(healthy, PROMPTS[:1])
    assert reply.text.startswith('{"problem": "Differentiate')
    assert (reply.model, reply.finish) == ("m-0001", "stop")
    assert reply.tokens_in > 5
    assert reply.tokens_out > 20
    assert 0 < reply.seconds < 30


@pytest.mark.parametrize("kind", QUICK)
def test_with_trouble_the_replies_are_the_same_as_without(kind: str, faulty: Running, truth: list[str]) -> None:
    assert [reply.text for reply in replies(faulty, PROMPTS, model=f"m+{kind}")] == truth
    assert faulty.stats()[kind] > 50


def test_with_all_kinds_of_trouble_mixed_the_replies_are_the_same(faulty: Running, truth: list[str]) -> None:
    assert [reply.text for reply in replies(faulty, PROMPTS)] == truth


def test_a_reply_that_takes_too_long_is_asked_for_again(truth: list[str]) -> None:
    with running_endpoint(faults="3:0.3", kinds="slow", slow_seconds=30, most_faults=1) as endpoint:
        assert [reply.text for reply in replies(endpoint, PROMPTS[:40], request_seconds=1.5)] == truth[:40]
        assert endpoint.stats()["slow"] > 4


@pytest.mark.parametrize("kind", ["429", "503_later", "429_date"])
def test_nothing_is_asked_while_the_endpoint_wants_a_pause(kind: str, truth: list[str]) -> None:
    settings: dict[str, Any] = {"kinds": kind, "most_faults": 1, "retry_after_ms": 150}
    with running_endpoint(faults="5:1", **settings) as endpoint:
        few = 2 if kind == "429_date" else 5  # a date has whole seconds only
        assert [reply.text for reply in replies(endpoint, PROMPTS[:few], in_flight=1)] == truth[:few]
        stats = endpoint.stats()
    assert stats[kind] == few
    assert stats["early"] == 0


def test_one_crowded_reply_holds_back_every_other_request() -> None:
    async def story(teacher: OpenAI) -> None:
        first = asyncio.create_task(teacher.ask(PROMPTS[0]))
        await _until(lambda: teacher.throttle.paused)
        others = [asyncio.create_task(teacher.ask(prompt)) for prompt in PROMPTS[1:50]]
        await asyncio.sleep(0.05)
        assert (teacher.throttle.in_flight, teacher.throttle.window) == (0, 4)
        assert "status 429" in teacher.trouble
        await asyncio.gather(first, *others)
        assert (teacher.throttle.in_flight, teacher.throttle.pauses, teacher.trouble) == (0, 1, "")

    with running_endpoint(faults="1:1", kinds="429", most_in_all=1, retry_after_ms=600) as endpoint:
        play(endpoint, story, in_flight=8)
        assert (endpoint.stats()["early"], endpoint.stats()["answered"]) == (0, 50)


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 (nothing tells us)
        await asyncio.sleep(0.01)


def test_an_endpoint_with_little_room_gets_no_more_at_once_than_it_can_take(truth: list[str]) -> None:
    async def story(teacher: OpenAI) -> tuple[list[str], int]:
        texts = [reply.text for reply in await asyncio.gather(*map(teacher.ask, PROMPTS))]
        return texts, teacher.throttle.window

    with running_endpoint(delay_ms=10, capacity=4, retry_after_ms=5) as endpoint:
        texts, window = play(endpoint, story, in_flight=64)
        assert texts == truth
        assert endpoint.stats()["answered"] == len(PROMPTS)
        assert 1 <= window < 32


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("wrong-key", "status 401: Incorrect API key provided: [API key]; set PROOFMILL_TEACHER__API_KEY or OPENAI_"),
        ("forbidden", "status 403: Key [API key] may not use this model; set PROOFMILL_TEACHER__API_KEY or OPENAI_API"),
        ("no-such-model", "status 404: The model `no-such-model` does not exist; does it serve teacher.model 'no-such"),
        ("elsewhere", "status 307: moved; correct teacher.base_url"),
    ],
)
def test_what_no_retry_can_mend_stops_at_once_and_says_the_way_out(model: str, expected: str, healthy: Running) -> None:
    before = healthy.stats()["requests"]
    why = failure(healthy, TeacherUnavailable, model=model)
    assert str(why).startswith(f"{healthy.base_url}: {expected}")
    assert healthy.stats()["requests"] == before + 1


def test_a_wrong_path_names_the_address(healthy: Running) -> None:
    base_url = healthy.base_url.removesuffix("/v1")
    why = failure(base_url, TeacherUnavailable)
    assert str(why).startswith(f"{base_url}: status 404: Not Found: /chat/completions; ")


def test_a_request_the_server_finds_wrong_is_refused_alone_with_its_words_cut_short(healthy: Running) -> None:
    why = failure(healthy, ReplyRefused, model="too-long")
    assert why.reason == "request_refused"
    assert str(why).startswith("status 400: This model's maximum context length is 4096 tokens. Please")
    assert str(why).endswith("...")
    assert len(str(why)) == len("status 400: ") + 300


@pytest.mark.parametrize(
    ("kind", "reason"), [("empty", "empty_reply"), ("null", "empty_reply"), ("huge", "reply_too_large")]
)
def test_a_reply_that_is_never_any_use_is_refused_after_some_tries(kind: str, reason: str, hopeless: Running) -> None:
    assert failure(hopeless, ReplyRefused, model=f"m+{kind}").reason == reason
    assert hopeless.stats()[kind] == REPLY_TRIES


@pytest.mark.parametrize("kind", ["html", "nothing", "shape"])
def test_an_endpoint_that_never_made_sense_is_no_endpoint(kind: str, hopeless: Running) -> None:
    why = failure(hopeless, TeacherUnavailable, model=f"m+{kind}")
    assert "is this the root of such an API, up to and including /v1?" in str(why)


def test_a_malformed_reply_among_good_ones_is_refused_alone(healthy: Running, hopeless: Running) -> None:
    async def story(teacher: OpenAI) -> None:
        await teacher.ask(PROMPTS[0])
        teacher._url = teacher._url.with_port(hopeless.port)
        await teacher.ask(PROMPTS[1])

    with pytest.raises(ReplyRefused, match="expected JSON with choices") as refused:
        play(healthy, story, model="m+junk")
    assert refused.value.reason == "malformed_reply"


@pytest.mark.parametrize(("kind", "word"), [("500", "status 500"), ("cut", "broke off"), ("429", "status 429")])
def test_trouble_that_does_not_pass_ends_when_patience_does(kind: str, word: str, hopeless: Running) -> None:
    why = failure(hopeless, TeacherUnavailable, retry_seconds=0.5, model=f"m+{kind}")
    assert word in str(why)
    assert "no answer in 0.5 s (teacher.retry_seconds)" in str(why)
    assert hopeless.stats()[kind] > 2


def test_an_endpoint_that_is_not_there_is_named_with_the_number_of_tries() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        base_url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
    why = str(failure(base_url, TeacherUnavailable, retry_seconds=0.3))
    assert why.startswith(f"{base_url}: no connection (")
    assert why.endswith("is it running, and is teacher.base_url right?")
    assert "1 try" in str(failure(base_url, TeacherUnavailable, retry_seconds=0.0))


def test_an_endpoint_that_dies_on_the_way_fails_every_request_under_way() -> None:
    async def story(teacher: OpenAI) -> list[Reply | BaseException]:
        await teacher.ask(PROMPTS[0])
        tasks = [asyncio.create_task(teacher.ask(prompt)) for prompt in PROMPTS]
        await asyncio.sleep(0.1)
        endpoint.process.kill()
        return await asyncio.gather(*tasks, return_exceptions=True)

    with running_endpoint(delay_ms=50) as endpoint:
        ends = play(endpoint, story, in_flight=8, retry_seconds=0.4)
    assert all(isinstance(end, Reply | TeacherUnavailable) for end in ends)
    assert isinstance(ends[-1], TeacherUnavailable)


def test_cancelling_leaves_no_place_taken_wherever_the_request_stands() -> None:
    async def story(teacher: OpenAI) -> int:
        tasks = [asyncio.create_task(teacher.ask(prompt)) for prompt in PROMPTS[:20]]
        await asyncio.sleep(0.3)
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends)
        return teacher.throttle.in_flight

    with running_endpoint(delay_ms=30_000, faults="1:0.5", kinds="429,cut,half", most_faults=99) as endpoint:
        assert play(endpoint, story, in_flight=8) == 0
        assert endpoint.stats()["requests"] > 1


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_proxy_of_the_environment_is_used(scheme: str, healthy: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"{scheme}127.0.0.1:{healthy.port}")
    monkeypatch.setenv("no_proxy", "elsewhere.invalid")
    reply = play("http://model.invalid/v1", lambda teacher: teacher.ask(PROMPTS[0]))
    assert reply.model == "m-0001"


def test_a_proxy_that_aiohttp_can_not_speak_to_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://me:secret@127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(InputError, match=r"^http_proxy: expected an http proxy \(found one for socks5\)$"):
        OpenAI(OpenAITeacher(kind="openai", model="m", base_url="http://model.invalid/v1"))


@pytest.mark.parametrize(
    ("base_url", "key", "expected"),
    [
        ("http://me:secret@host/v1", KEY, "teacher.base_url: expected no user name and password"),
        ("http://host:port/v1", KEY, "teacher.base_url: expected an address"),
        ("http://host/v1", "one\ntwo", "teacher.api_key: expected printable ASCII"),
    ],
)
def test_a_wrong_address_or_key_is_the_inputs_fault(base_url: str, key: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected) as wrong:
        OpenAI(OpenAITeacher(kind="openai", model="m", base_url=base_url), key)
    assert "secret" not in str(wrong.value)


def test_without_a_key_none_is_sent(healthy: Running) -> None:
    async def story() -> None:
        spec = OpenAITeacher(kind="openai", model="wrong-key", base_url=healthy.base_url)
        async with OpenAI(spec, " ") as teacher:
            await teacher.ask(PROMPTS[0])

    with pytest.raises(TeacherUnavailable, match=r"Incorrect API key provided: ; set PROOFMILL"):
        asyncio.run(story())


def test_the_key_is_in_no_repr() -> None:
    assert KEY not in repr(OpenAI(OpenAITeacher(kind="openai", model="m"), KEY))
