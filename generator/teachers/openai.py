"""Any endpoint that speaks OpenAI chat completions, asked over HTTP, with patience."""

import time
from typing import NoReturn, Self
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    ServerTimeoutError,
    TCPConnector,
)
from tenacity import AsyncRetrying, retry_if_exception_type
from yarl import URL

from proofmill.errors import InputError
from proofmill.teachers.chat import Chat
from proofmill.teachers.faults import FIRST_ANSWER_SECONDS, Fault, Patience, retry_after_seconds, wait_seconds
from proofmill.teachers.spec import OpenAITeacher
from proofmill.teachers.teacher import Prompt, Reply, ReplyRefused, TeacherUnavailable
from proofmill.teachers.throttle import Throttle

CONNECT_SECONDS = 30.0
"""How long a connection may take to open."""
SPARE_BYTES, TOKEN_BYTES = 2**20, 64
"""A response may be as long as SPARE_BYTES, and TOKEN_BYTES for each token that was asked for."""
PASSING = {408, 409, 425, 429}
"""Statuses below 500 that a later try may not meet."""
REFUSED = {400, 413, 422}
"""Statuses that say: this request is wrong, and will be wrong the next time."""
KEY_PLACE = "set PROOFMILL_TEACHER__API_KEY or OPENAI_API_KEY"
IS_IT_THERE = "is it running, and is teacher.base_url right?"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
NEVER = float("-inf")


class OpenAI:
    """The teacher behind a chat completions endpoint: `async with OpenAI(spec, api_key) as teacher:`.

    What may pass (no connection, a timeout, 408, 409, 425, 429, 5xx, a body that is cut, malformed, empty or far too
    long) is tried again with the same bytes, so the reply is the one that would have come without the trouble. A
    crowded endpoint slows all requests down (`throttle`). `trouble` says what went wrong last, "" while all is well.
    The API key goes into one header and nowhere else; redirects are not followed.
    """

    def __init__(self, spec: OpenAITeacher, api_key: str | None = None) -> None:
        self.throttle = Throttle(spec.in_flight)
        self.trouble = ""
        self._spec = spec
        self._url = _address(spec.base_url)
        self._key = _key(api_key)
        self._proxy = _proxy(self._url)  # once: `trust_env` reads the environment again at each request, in a thread
        self._chat = Chat(spec, self._key)
        self._most_bytes = SPARE_BYTES + TOKEN_BYTES * spec.max_tokens
        self._answered = NEVER
        self._session: ClientSession

    async def __aenter__(self) -> Self:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "proofmill"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        seconds = self._spec.request_seconds
        self._session = ClientSession(
            connector=TCPConnector(limit=self._spec.in_flight),
            timeout=ClientTimeout(total=seconds, sock_connect=min(seconds, CONNECT_SECONDS)),
            headers=headers,
            cookie_jar=DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask(self, prompt: Prompt) -> Reply:
        """The model's reply; raises what `proofmill.teachers.teacher.Teacher` says."""
        body = self._chat.request(prompt)
        try:
            return await self._try(body)
        except Fault as fault:
            first = fault
        return await self._insist(body, first)

    async def _insist(self, body: bytes, first: Fault) -> Reply:
        """Try until there is a reply or patience ends; tenacity is told of the first try as if it had made it."""
        patience = Patience(self._spec.retry_seconds, lambda: self._answered)
        retrying = AsyncRetrying(retry=retry_if_exception_type(Fault), wait=wait_seconds, stop=patience, reraise=True)
        tries = 0

        async def again() -> Reply:
            nonlocal tries
            tries += 1
            if tries == 1:
                raise first
            return await self._try(body)

        try:
            return await retrying(again)
        except Fault as last:
            self._give_up(last, tries, silent=patience.silent)

    def _give_up(self, fault: Fault, tries: int, *, silent: bool) -> NoReturn:
        what = f"{fault} ({tries} {'try' if tries == 1 else 'tries'})"
        if silent:
            seconds, key = self._spec.retry_seconds, "teacher.retry_seconds"
            if self._answered == NEVER and seconds > FIRST_ANSWER_SECONDS:
                seconds, key = FIRST_ANSWER_SECONDS, "it has never answered"
            spent = f"no answer in {seconds:g} s ({key})"
            raise self._unavailable(f"{what}; {spent}: {fault.advice}") from None
        if fault.reason == "malformed_reply" and self._answered == NEVER:
            raise self._unavailable(f"{what}: is this the root of such an API, up to and including /v1?") from None
        raise ReplyRefused(fault.reason, what) from None

    async def _try(self, body: bytes) -> Reply:
        """One request, one reply; Fault where the next try may do better."""
        async with self.throttle as sent:
            begun = time.monotonic()
            try:
                status, retry_after, content = await self._post(body)
                if status != 200:
                    raise self._failure(status, retry_after, content)
                now = time.monotonic()
                reply = self._chat.reply(content, now - begun)
            except Fault as fault:
                self.trouble = str(fault)
                if fault.crowded:
                    self.throttle.crowded(sent, fault.retry_after or 0.0)
                raise
            self.trouble, self._answered = "", now
            self.throttle.answered()
            return reply

    async def _post(self, body: bytes) -> tuple[int, float | None, bytes]:
        """Status, Retry-After in seconds and body; aiohttp's exceptions end here."""
        try:
            sending = self._session.post(self._url, data=body, proxy=self._proxy, allow_redirects=False)
            async with sending as response:
                content = await self._read(response)
                header = response.headers.get("Retry-After") if response.status != 200 else None
                return response.status, retry_after_seconds(header), content
        except ClientConnectorCertificateError as why:
            raise self._unavailable(f"its certificate is not valid ({why.certificate_error})") from None
        except ClientConnectorError as why:
            raise Fault(f"no connection ({why.os_error.strerror or why.os_error})", advice=IS_IT_THERE) from None
        except ServerTimeoutError:
            raise Fault(f"no connection within {CONNECT_SECONDS:g} s", advice=IS_IT_THERE) from None
        except TimeoutError:
            raise Fault(
                f"no reply within {self._spec.request_seconds:g} s",
                advice="lower teacher.in_flight or raise teacher.request_seconds",
                reason="request_fails",
            ) from None
        except (ClientError, OSError) as why:
            raise Fault(f"the connection broke off ({type(why).__name__})", reason="request_fails") from None

    async def _read(self, response: ClientResponse) -> bytes:
        parts, length = [], 0
        async for part in response.content.iter_any():
            parts.append(part)
            length += len(part)
            if length > self._most_bytes:
                response.close()
                what = f"the reply is longer than {self._most_bytes} bytes"
                raise Fault(what, reason="reply_too_large", in_reply=True)
        return b"".join(parts)

    def _failure(self, status: int, retry_after: float | None, content: bytes) -> Exception:
        """What a status other than 200 means."""
        what = f"status {status}: {self._chat.words(content) or 'no further words'}"
        if status in REFUSED:
            return ReplyRefused("request_refused", what)
        if status == 429:
            advice = "lower teacher.in_flight, or come back when the limit has passed"
            return Fault(what, advice=advice, crowded=True, retry_after=retry_after)
        if status in PASSING or status >= 500:
            crowded = status == 503 and retry_after is not None
            return Fault(what, reason="request_fails", crowded=crowded, retry_after=retry_after)
        if status in {401, 403}:
            return self._unavailable(f"{what}; {KEY_PLACE} to a key that it accepts")
        if status == 404:
            return self._unavailable(f"{what}; does it serve teacher.model {self._spec.model!r}, and under this path?")
        return self._unavailable(f"{what}; correct teacher.base_url")

    def _unavailable(self, what: str) -> TeacherUnavailable:
        return TeacherUnavailable(f"{self._spec.base_url}: {what}")


def _address(base_url: str) -> URL:
    """Where chat completions are asked for."""
    try:
        base = URL(base_url)
    except ValueError as why:
        raise InputError(f"teacher.base_url: expected an address like http://host:8000/v1 (found: {why})") from None
    if base.user or base.password:
        raise InputError(f"teacher.base_url: expected no user name and password in an address; {KEY_PLACE}")
    return base / "chat/completions"


def _key(api_key: str | None) -> str:
    """The key as a header can hold it; "" for none."""
    key = (api_key or "").strip()
    if not (key.isascii() and key.isprintable()):
        raise InputError("teacher.api_key: expected printable ASCII (found a character of another kind)")
    return key


def _proxy(url: URL) -> str | None:
    """The proxy that http_proxy, https_proxy and no_proxy name for this address; never one for this machine."""
    host = url.host or ""
    proxy = None if host in LOOPBACK or proxy_bypass(host) else getproxies().get(url.scheme)
    if not proxy:
        return None
    scheme, found, _ = proxy.partition("://")
    if found and scheme not in {"http", "https"}:
        raise InputError(f"{url.scheme}_proxy: expected an http proxy (found one for {scheme})")
    return proxy if found else f"http://{proxy}"
