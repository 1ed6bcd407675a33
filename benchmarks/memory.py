"""Memory of the building process as its ledger grows: resident MB at every ten thousandth reply, and the growth.

The teacher costs nothing (it answers in this process), all else is the real path: prompt, verifier in a worker, ledger,
selection, shards, card.

    python benchmarks/memory.py --rows 200000
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from proofmill import building
from proofmill.recipe import recipe_of
from proofmill.teachers.teacher import Prompt, Reply

STEP, FIRST = 10_000, 10_000
GOAL_MB = 200


def resident_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Costless:
    """A teacher that writes a new word problem for each draw, right nine times in ten, and notes memory as it goes."""

    def __init__(self) -> None:
        self.asked = 0
        self.seen: dict[int, float] = {}
        self._began = time.perf_counter()

    async def ask(self, prompt: Prompt) -> Reply:
        """A reply at once."""
        self.asked += 1
        if self.asked % STEP == 0:
            self.seen[self.asked] = resident_mb()
            rate = self.asked / (time.perf_counter() - self._began)
            print(f"{self.asked:>9,} replies: {self.seen[self.asked]:7.1f} MB resident, {rate:,.0f}/s", flush=True)
        await asyncio.sleep(0)
        boxes, each = divmod(prompt.item, 900)
        problem = f"A shop has {boxes + 100} boxes with {each + 100} pens each. How many pens are there?"
        product = (boxes + 100) * (each + 100)
        slip = int(prompt.item % 10 == 0)
        solution = f"There are {boxes + 100} * {each + 100} = {product} pens.\nAnswer: {product + slip}"
        reply = {"problem": problem, "solution": solution, "answer": str(product), "claims": {}}
        return Reply(json.dumps(reply), "costless", 100, 60)


def main() -> None:
    """Build, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    teacher = Costless()

    @asynccontextmanager
    async def opened(*_: Any) -> AsyncIterator[Costless]:
        yield teacher

    building.open_teacher = opened
    recipe = recipe_of(
        {
            "name": "memory",
            "version": "1",
            "licence": "apache-2.0",
            "wanted": {"rows": 10 * options.rows, "attempts": options.rows},
            "teacher": {"kind": "openai", "model": "costless", "in_flight": 256},
            "task": {"domain": "maths", "skills": ["products"], "prompt": "Problem {{ draw }}. {{ reply_format }}"},
            "verify": ["maths.answer"],
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        result = building.build(recipe, Path(folder) / "out")
        seconds = time.perf_counter() - began
        written = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 2**20
    last = max(teacher.seen)
    growth = teacher.seen[last] - teacher.seen[FIRST]
    print(
        f"{result.funnel.replies:,} replies, {result.accepted:,} rows in {seconds:.0f} s, {written:,.0f} MB on disk\n"
        f"resident at {FIRST:,}: {teacher.seen[FIRST]:.0f} MB; at {last:,}: {teacher.seen[last]:.0f} MB; "
        f"growth {growth:.0f} MB (goal below {GOAL_MB})"
    )


if __name__ == "__main__":
    main()
