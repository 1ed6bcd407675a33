"""Build: from a recipe to a dataset, or as far as it gets; the same call again goes on."""

import asyncio
import json
import sqlite3
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from uvloop import new_event_loop

from proofmill.anchoring import Anchors, load_anchors
from proofmill.checking import examples_that_fail
from proofmill.collecting import rare_collections
from proofmill.errors import InputError, RunFailed
from proofmill.ledger import Ledger, open_ledger
from proofmill.meter import Meter
from proofmill.output.card import Facts
from proofmill.output.dataset import Dataset
from proofmill.output.funnel import Funnel, count
from proofmill.plan import Plan, cells_of
from proofmill.progress import Display
from proofmill.recipe import Recipe, load_recipe
from proofmill.resume import take_up
from proofmill.run import Ending, Parts, Run
from proofmill.selection import Selection
from proofmill.settings import Settings
from proofmill.teachers.opening import content_of, open_teacher
from proofmill.verifiers.pool import Pool, PoolUnavailable, VerifierBroken

PATIENCE_DRAWS = 200
"""A cell that has given no row after so many draws is given up, unless the recipe sets a budget of its own."""
GROWTH = 1.25
"""The dataset is written again when it has grown so much, ..."""
WRITE_SECONDS = 10.0
"""... or after so many seconds, ..."""
WRITE_SHARE = 50
"""... but never for more than one part in so many of the time."""
LAST_READERS_SECONDS = 0.3
"""How long who has just read an earlier README.md still finds its shards when a build ends."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a build made. `ending` is complete, or why rows are missing: budget, or exhausted (nothing more to draw)."""

    accepted: int
    refused: int
    out: Path
    funnel: Funnel
    ending: Ending
    idle_share: float = 0.0
    notes: tuple[str, ...] = ()


def build(recipe: str | Path | Recipe, out: str | Path, **overrides: Any) -> Result:
    """Make the dataset that a recipe asks for in the folder `out`, or go on with it.

    Args:
        recipe: Path of a YAML file, name of a shipped recipe, or a Recipe.
        out: Folder of the dataset; it loads with `load_dataset(out)` at any moment once it has a row.
        **overrides: Keys of the recipe to replace: `rows=10`, `teacher={...}`, or dotted, `**{"wanted.hours": 2}`.

    Raises:
        InputError: the recipe, an anchor file or an override is wrong; nothing has been asked.
        RunFailed: the teacher or the verifiers can't go on; what was accepted is kept, and the same call goes on.
    """
    if "rows" in overrides:
        overrides = {"wanted.rows": overrides["rows"], **{k: v for k, v in overrides.items() if k != "rows"}}
    return build_recipe(load_recipe(recipe, **overrides), Path(out), Console(quiet=True))


def build_recipe(recipe: Recipe, out: Path, console: Console) -> Result:
    """Build with something to look at."""
    try:
        with Pool() as pool:
            wrong = examples_that_fail(recipe, pool)
            if wrong:
                raise InputError([f"{recipe.name}: {text}" for text in wrong])
            content = content_of(recipe.teacher, recipe.path)
            anchors = load_anchors(recipe, pool)
            with open_ledger(out) as ledger:
                notes = take_up(recipe, content, anchors.samples, ledger)
                _tell(console, notes)
                return _build(_Parts(recipe, out, content, anchors, pool, ledger), console, notes)
    except (PoolUnavailable, VerifierBroken) as why:
        raise RunFailed(str(why)) from why
    except sqlite3.Error as why:
        raise RunFailed(f"{out}: its ledger can't be read or written ({why}); the same command goes on") from why


@dataclass(frozen=True, slots=True)
class _Parts:
    recipe: Recipe
    out: Path
    content: str
    anchors: Anchors
    pool: Pool
    ledger: Ledger


def _build(parts: "_Parts", console: Console, notes: list[str]) -> Result:
    recipe, ledger = parts.recipe, parts.ledger
    problems = tuple(anchor for anchor in parts.anchors.samples if anchor.judgement.draft.answer)
    patience = None if recipe.wanted.has_budget else PATIENCE_DRAWS
    limit = len(problems) if recipe.task.problems == "anchors" else None
    plan = Plan(cells_of(recipe), limit=limit, patience=patience if limit is None else None)
    plan.restore(ledger.finished(), ledger.chosen())
    selection = Selection(recipe, ledger, plan, parts.anchors.samples)
    meter = Meter(recipe.teacher.in_flight)
    dataset = Dataset(parts.out, recipe, ledger, parts.anchors.samples)
    writer = _Writer(dataset, ledger, parts.anchors)
    writer.write(finished=False)

    async def drive() -> Ending:
        async with open_teacher(recipe.teacher, recipe.path, Settings().api_key) as teacher:
            trouble = lambda: str(getattr(teacher, "trouble", ""))  # noqa: E731
            with Display(console, plan, ledger, meter, trouble) as display:
                run = Run(Parts(recipe, ledger, teacher, parts.content, parts.pool, plan, selection, problems, meter))

                def tick() -> None:
                    display.show()
                    writer.write_if_due()

                return await run.until_done(tick)

    try:
        with rare_collections(), asyncio.Runner(loop_factory=new_event_loop) as runner:
            ending = runner.run(drive())
    except RunFailed as why:
        writer.write(finished=False)
        raise RunFailed(f"{why}\n{ledger.size('synthetic'):,} rows are kept; the same command goes on") from why
    writer.write(finished=True)
    if dataset.left:
        time.sleep(LAST_READERS_SECONDS)
        dataset.sweep()
    given_up = [
        f"{cell.skill}, difficulty {cell.difficulty}: given up, none of its first {PATIENCE_DRAWS} draws gave a row; "
        "change the recipe, or set wanted.attempts"
        for cell in plan.given_up
    ]
    _tell(console, given_up)
    funnel = count(ledger)
    return Result(funnel.rows, funnel.refused, parts.out, funnel, ending, meter.idle_share, (*notes, *given_up))


def _tell(console: Console, notes: list[str]) -> None:
    for note in notes:
        console.print(f"[yellow]note:[/] {escape(note)}", highlight=False)


class _Writer:
    """Writes the dataset when it is worth it: at growth, after a while, and never for much of the time."""

    def __init__(self, dataset: Dataset, ledger: Ledger, anchors: Anchors) -> None:
        self._dataset, self._ledger, self._anchors = dataset, ledger, anchors
        self._rows = 0
        self._written = self._not_before = 0.0

    def write_if_due(self) -> None:
        """Write if the dataset has grown enough, or is old enough."""
        rows, now = self._ledger.size("synthetic"), time.monotonic()
        due = rows >= self._rows * GROWTH or now - self._written >= WRITE_SECONDS
        if rows > self._rows and due and now >= self._not_before:
            self.write(finished=False)

    def write(self, *, finished: bool) -> None:
        """Write it now."""
        began = time.monotonic()
        self._ledger.commit()
        self._rows = self._ledger.size("synthetic")
        self._ledger.set_meta("finished", str(int(finished)))
        self._ledger.set_meta("anchor_counts", json.dumps([asdict(count) for count in self._anchors.counts]))
        self._dataset.write(Facts(count(self._ledger), self._anchors.counts, finished))
        self._written = time.monotonic()
        self._not_before = self._written + WRITE_SHARE * (self._written - began)
