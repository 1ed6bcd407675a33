"""Rows a second through the whole path, as a ratio to a bare aiohttp client that sends the same requests.

Both run against the same local endpoint, which answers in 50 ms, one after the other in one run, `--rounds` times;
the median counts. The path: plan, prompt, request, reply, two verifiers in workers, ledger, selection, dataset.

    python benchmarks/pipeline.py --prompts 10000
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from proofmill.building import build
from proofmill.plan import Plan, cells_of
from proofmill.prompts import first_prompt
from proofmill.recipe import Recipe, recipe_of

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "generator"))
from endpoint import running_endpoint

PROMPT = "Write a word problem with {{ skill }}, level {{ difficulty }}, and solve it.\nReply with {{ reply_format }}"


def the_recipe(url: str, prompts: int, in_flight: int) -> Recipe:
    """A recipe that asks exactly `prompts` times: more rows are wanted than that can give."""
    return recipe_of(
        {
            "name": "benchmark",
            "version": "1",
            "licence": "apache-2.0",
            "wanted": {"rows": 2 * prompts, "attempts": prompts},
            "teacher": {"kind": "openai", "model": "bench", "base_url": url, "in_flight": in_flight},
            "task": {"domain": "maths", "skills": ["sums"], "prompt": PROMPT},
            "verify": ["maths.answer", "maths.arithmetic"],
        }
    )


def bodies(recipe: Recipe, prompts: int) -> list[bytes]:
    """The requests that the path will send."""
    plan = Plan(cells_of(recipe))
    made = []
    while len(made) < prompts and (draw := plan.next()):
        prompt = first_prompt(recipe, draw)
        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        made.append(
            json.dumps({"model": "bench", "messages": messages, "seed": prompt.seed, "temperature": 0.8}).encode()
        )
    return made


async def bare(url: str, requests: list[bytes], in_flight: int) -> float:
    """Requests a second of a client that only reads the replies' JSON."""
    waiting = iter(requests)

    async def worker(session: aiohttp.ClientSession) -> None:
        for body in waiting:
            async with session.post(f"{url}/chat/completions", data=body) as response:
                json.loads(await response.read())["choices"][0]["message"]["content"]

    began = time.perf_counter()
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=in_flight), headers=headers) as session:
        await asyncio.gather(*(worker(session) for _ in range(in_flight)))
    return len(requests) / (time.perf_counter() - began)


def whole_path(recipe: Recipe, prompts: int) -> tuple[float, int, float]:
    """(replies judged a second, rows, teacher's idle share)."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        result = build(recipe, Path(folder) / "out")
        seconds = time.perf_counter() - began
    if result.funnel.replies != prompts:
        raise RuntimeError(f"expected {prompts} replies (found {result.funnel.replies})")
    return prompts / seconds, result.accepted, result.idle_share


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompts", type=int, default=10_000)
    parser.add_argument("--in-flight", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delay-ms", type=int, default=50)
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)  # where the endpoint finds its brain
    with running_endpoint(delay_ms=options.delay_ms, brain="word_brain:answer") as endpoint:
        recipe = the_recipe(endpoint.base_url, options.prompts, options.in_flight)
        requests = bodies(recipe, options.prompts)
        ratios = []
        for number in range(options.rounds):
            alone = asyncio.run(bare(endpoint.base_url, requests, options.in_flight))
            path, rows, idle = whole_path(recipe, options.prompts)
            ratios.append(path / alone)
            print(
                f"round {number + 1}: bare client {alone:,.0f}/s, whole path {path:,.0f}/s ({rows:,} rows, teacher "
                f"idle {idle:.1%}), ratio {path / alone:.2f}"
            )
        print(f"median ratio {statistics.median(ratios):.2f} (goal 0.30)")


if __name__ == "__main__":
    main()
