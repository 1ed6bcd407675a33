"""kill -9 at any moment loses no accepted row, doubles none, and leaves a dataset that loads."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
import yaml

from endpoint import Running, running_endpoint
from loading import Loader, loader
from proofmill.building import build
from proofmill.output.reading import shard_paths
from proofmill.recipe import Recipe
from small_builds import ACCEPTED, BRAIN, CHOSEN, anchored, ledger_says, told, words


@dataclass
class Victim:
    """One command, killed again and again, and what must outlive it."""

    command: list[str]
    out: Path
    loader: Loader
    endpoint: Running
    chosen: list[str] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    listed: dict[str, list[str]] = field(default_factory=dict)
    groups: list[int] = field(default_factory=list)
    loads: int = 0
    advances: int = 0

    def live(self, seconds: float | None, *, at_work: bool = False) -> int:
        """Start it; kill it so many seconds (None: never) after its start, or after its first request if `at_work`."""
        before = self._requests()
        process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        self.groups.append(process.pid)
        while at_work and process.poll() is None and self._requests() == before:
            time.sleep(0.02)
        try:
            _, said = process.communicate(timeout=seconds)
            assert process.returncode in (0, -signal.SIGKILL), said.decode()
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        return process.returncode

    def _requests(self) -> int:
        return int(self.endpoint.stats().get("requests", 0))

    def examine(self) -> None:
        """What is there loads; nothing that was there is gone or twice there."""
        found = self.loader.load(self.out)
        assert "trouble" not in found, found["trouble"]
        self.loads += bool(found)
        chosen = [identity for (identity,) in ledger_says(self.out, CHOSEN)]
        accepted = {identity for (identity,) in ledger_says(self.out, ACCEPTED)}
        assert len(set(chosen)) == len(chosen)
        assert chosen[: len(self.chosen)] == self.chosen
        assert accepted >= self.accepted
        self.advances += len(chosen) > len(self.chosen)
        self.chosen, self.accepted = chosen, accepted
        for config, rows in self.listed.items():
            assert found[config]["ids"][: len(rows)] == rows or config == "rejected"
            assert len(found[config]["ids"]) >= len(rows)
        for config in found:
            listed = found[config]["ids"]
            assert config == "rejected" or len(set(listed)) == len(listed)
            self.listed[config] = listed
        synthetic = self.listed.get("synthetic", [])
        assert synthetic == chosen[: len(synthetic)], "the dataset lists what the ledger has"

    def remains(self) -> list[int]:
        """Process groups of killed commands in which anything still lives after ten seconds."""
        end = time.monotonic() + 10
        while time.monotonic() < end and any(map(_lives, self.groups)):
            time.sleep(0.05)
        return [group for group in self.groups if _lives(group)]


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _killed_often(folder: Path, recipe: Recipe, kills: int, loads: Loader, endpoint: Running) -> Victim:
    """Kill it at any moment of its first second, or when it is at work, by turns."""
    path = folder / "words.yaml"
    path.write_text(yaml.safe_dump(recipe.canonical), encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "proofmill.cli", "build", str(path), "--out", str(folder / "out")]
    victim = Victim(command, folder / "out", loads, endpoint)
    random, at_work = Random(kills), recipe.wanted.rows / kills / 40
    for number in range(kills):
        if number % 2:
            victim.live(random.uniform(0, 1.2))
        else:
            victim.live(random.uniform(0, at_work), at_work=True)
        victim.examine()
    assert victim.live(None) == 0
    victim.examine()
    return victim


@pytest.mark.parametrize(
    ("kills", "rows", "in_flight", "anchors"),
    [(5, 150, 4, 40), pytest.param(50, 2500, 4, 800, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def test_kill_9_loses_no_row_and_doubles_none(
    tmp_path: Path, kills: int, rows: int, in_flight: int, anchors: int, record_property: Callable[[str, object], None]
) -> None:
    """Killed at random moments and started again each time, a build loads after every kill, never loses a row, and
    ends with the rows of a build that nobody disturbed."""
    with running_endpoint(brain=BRAIN, delay_ms=30) as endpoint, loader(tmp_path) as loads:
        keys = {**anchored(tmp_path, anchors), "output": {"shard_rows": 100}}
        undisturbed = build(words(tmp_path, endpoint.base_url, rows, in_flight=64, **keys), tmp_path / "whole")
        assert undisturbed.ending == "complete"
        began = time.monotonic()
        recipe = words(tmp_path, endpoint.base_url, rows, in_flight=in_flight, **keys)
        victim = _killed_often(tmp_path, recipe, kills, loads, endpoint)
        figures = {
            "kills": kills,
            "rows": len(victim.chosen),
            "seconds": round(time.monotonic() - began, 1),
            "loads": victim.loads,
            "lives that added rows": victim.advances,
        }
        print(json.dumps(figures))  # noqa: T201
        record_property("figures", figures)
        assert len(victim.chosen) == rows
        for config in ("synthetic", "mixed", "anchors"):
            assert told(tmp_path / "out", config) == told(tmp_path / "whole", config)
        assert victim.remains() == []
        left = {path for path in (tmp_path / "out").rglob("*") if path.is_file()}
        named = {path for paths in shard_paths(tmp_path / "out").values() for path in paths}
        assert {path.name for path in left - named} == {"README.md", "mix.json", ".ledger.sqlite", ".lock"}
