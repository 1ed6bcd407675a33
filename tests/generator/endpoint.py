"""A chat completions endpoint on this machine, in a process of its own, with trouble on request.

    python tests/generator/endpoint.py --port 0 --delay-ms 50 --faults 7:0.3

prints its port on the first line. The true answer to a request is a pure function of its body, and so is the trouble
that its nth try meets; after `--most-faults` troubles a body is answered truly. GET /stats tells what has happened.
"""

import argparse
import asyncio
import hashlib
import importlib
import json
import math
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import urlopen

from aiohttp import web

FAULTS = (
    "429", "429_date", "429_bare", "500", "502", "503", "503_later", "cut", "half", "junk", "html", "shape", "empty",
    "null", "nothing", "huge", "slow",
)  # fmt: skip
HUGE = b'{"choices": [{"message": {"content": "' + b"x" * 5_000_000 + b'"}}]}'
REFUSALS = {
    "wrong-key": (401, "Incorrect API key provided: {key}."),
    "forbidden": (403, "Key {key} may not use this model."),
    "no-such-model": (404, "The model `no-such-model` does not exist."),
    "too-long": (400, "This model's maximum context length is 4096 tokens. " + "Please shorten the messages. " * 40),
    "elsewhere": (307, "moved"),
}


class Endpoint:
    """Answers, delays and fails as its options say, and counts."""

    def __init__(self, options: argparse.Namespace) -> None:
        module, _, function = options.brain.partition(":")
        self.think: Callable[[dict[str, Any]], str] = getattr(importlib.import_module(module), function)
        self.options = options
        seed, _, rate = options.faults.partition(":")
        self.seed, self.rate = seed, float(rate or 0)
        self.kinds = options.kinds.split(",") if options.kinds else list(FAULTS)
        self.tries: Counter[bytes] = Counter()
        self.counts: Counter[str] = Counter()
        self.active = self.most_active = self.early = 0
        self.quiet_until = 0.0

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "GET":
            return web.json_response(self.stats())
        if request.path != "/v1/chat/completions":
            return _error(404, f"Not Found: {request.path}")
        self.counts["requests"] += 1
        self.early += time.monotonic() < self.quiet_until
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        try:
            return await self._answer(request, await request.read())
        finally:
            self.active -= 1

    def stats(self) -> dict[str, Any]:
        return {**self.counts, "bodies": len(self.tries), "most_active": self.most_active, "early": self.early}

    async def _answer(self, request: web.BaseRequest, raw: bytes) -> web.StreamResponse:
        body = json.loads(raw)
        if body["model"] in REFUSALS:
            status, message = REFUSALS[body["model"]]
            return _error(status, message.format(key=request.headers.get("Authorization", "").removeprefix("Bearer ")))
        fault = self._fault(raw, body["model"].partition("+")[2])
        if fault:
            self.counts[fault] += 1
            return await self._fail(request, fault, body)
        if self.options.delay_ms:
            await asyncio.sleep(self.options.delay_ms / 1000)
        self.counts["answered"] += 1
        return web.Response(body=self._completion(body), content_type="application/json")

    def _fault(self, raw: bytes, kind: str) -> str:
        """What this try of this body meets, "" for nothing; a model "any+500" asks for one kind of trouble."""
        if self.options.capacity and self.active > self.options.capacity:
            return "429"
        if not self.rate:
            return ""
        body = hashlib.sha256(raw).digest()
        number = self.tries[body]
        self.tries[body] += 1
        random = Random(f"{self.seed}:{body.hex()}:{number}")
        if number >= self.options.most_faults or random.random() >= self.rate:
            return ""
        if self.counts["faults"] >= self.options.most_in_all:
            return ""
        self.counts["faults"] += 1
        return kind or random.choice(self.kinds)

    async def _fail(self, request: web.BaseRequest, fault: str, body: dict[str, Any]) -> web.StreamResponse:
        if fault[:3].isdigit():
            return self._status(int(fault[:3]), fault[4:])
        if fault == "cut":
            return _hang_up(request)
        if fault == "half":
            return await _half(request, self._completion(body))
        if fault == "slow":
            await asyncio.sleep(self.options.slow_seconds)
            return web.Response(body=self._completion(body), content_type="application/json")
        bodies = {
            "huge": HUGE,
            "junk": b'{"choices": [{"message": {"content": "3*x',
            "html": b"<html><body>Welcome to nginx!</body></html>",
            "shape": b'{"choices": [], "usage": null}',
            "empty": _completion("", body),
            "null": _completion(None, body),
            "nothing": b"",
        }
        return web.Response(body=bodies[fault], content_type="application/json")

    def _status(self, status: int, form: str) -> web.Response:
        """An error status; 429 and "503_later" tell when to come back: in seconds or, with "date", at what time."""
        seconds = self.options.retry_after_ms / 1000
        headers = {}
        if form == "date":
            moment = math.ceil(time.time() + seconds)
            headers, seconds = {"Retry-After": formatdate(moment, usegmt=True)}, moment - time.time()
        elif form == "later" or (status == 429 and form != "bare"):
            headers = {"Retry-After": f"{seconds:g}"}
        if headers:
            self.quiet_until = max(self.quiet_until, time.monotonic() + seconds)
        return _error(status, f"trouble on request ({status})", headers)

    def _completion(self, body: dict[str, Any]) -> bytes:
        return _completion(self.think(body), body)


def _completion(content: str | None, body: dict[str, Any]) -> bytes:
    tokens_in = sum(len(message["content"]) for message in body["messages"]) // 4
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    usage = {"prompt_tokens": tokens_in, "completion_tokens": len(content or "") // 4}
    data = {
        "object": "chat.completion",
        "model": f"{body['model'].partition('+')[0]}-0001",
        "choices": [choice],
        "usage": usage,
    }
    return json.dumps(data).encode()


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    headers = {**(headers or {}), **({"Location": "/v1/elsewhere"} if status == 307 else {})}
    return web.json_response({"error": {"message": message, "code": status}}, status=status, headers=headers)


def _hang_up(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.BaseRequest, content: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(content)), "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--delay-ms", type=float, default=0, help="how long the model thinks")
    parser.add_argument("--brain", default="calculus_brain:think", help="module:function, request -> content")
    parser.add_argument("--faults", default="0:0", help="SEED:RATE, the share of tries that meet trouble")
    parser.add_argument("--kinds", default="", help=f"which trouble, of {','.join(FAULTS)}")
    parser.add_argument("--most-faults", type=int, default=3, help="for one body, before it is answered")
    parser.add_argument("--most-in-all", type=float, default=math.inf, help="whoever comes first, before all is well")
    parser.add_argument("--retry-after-ms", type=float, default=100, help="what a 429 asks for")
    parser.add_argument("--slow-seconds", type=float, default=2.0, help="how long the trouble `slow` takes")
    parser.add_argument("--capacity", type=int, default=0, help="requests at once before it says 429; 0 for any number")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    runner = web.ServerRunner(web.Server(Endpoint(options).handle, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", options.port, backlog=4096)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 (what whoever started us waits for)
    await asyncio.Event().wait()


@dataclass(frozen=True)
class Running:
    """An endpoint that runs."""

    port: int
    process: subprocess.Popen[str]

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def stats(self) -> dict[str, Any]:
        with urlopen(f"http://127.0.0.1:{self.port}/stats") as response:
            return dict(json.load(response))


@contextmanager
def running_endpoint(**options: Any) -> Iterator[Running]:
    """Start an endpoint (`delay_ms=50` is `--delay-ms 50`), wait until it answers, stop it in the end."""
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    command = [sys.executable, str(Path(__file__)), *words]
    brains = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])  # also in safe-path mode
    environment = {**os.environ, "PYTHONPATH": brains}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line.isdigit(), f"expected the endpoint to print its port (found {line!r})"
            yield Running(int(line), process)
        finally:
            process.kill()


if __name__ == "__main__":
    try:
        asyncio.run(_serve(_options()))
    except KeyboardInterrupt:
        sys.exit(0)
