"""kill -9 at any moment loses no accepted row, doubles none, and leaves a dataset that loads."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
import yaml
from endpoint import running_endpoint
from loading import Loader, loader
from proofmill.building import build
from proofmill.recipe import Recipe
from small_builds import ACCEPTED, BRAIN, CHOSEN, anchored, ledger_says, told, words


@dataclass
class Victim:
    """One command, killed again and again, and what must outlive it."""

    command: list[str]
    out: Path
    loader: Loader
    chosen: list[str] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    listed: dict[str, list[str]] = field(default_factory=dict)
    groups: list[int] = field(default_factory=list)
    loads: int = 0
    advances: int = 0

    def live(self, seconds: float | None) -> int:
        """Start it and kill it after so many seconds (None: let it end); its exit status."""
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        self.groups.append(process.pid)
        try:
            _, said = process.communicate(timeout=seconds)
            assert process.returncode in (0, -signal.SIGKILL), said.decode()
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        return process.returncode

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


def _moments(random: Random, kills: int) -> list[float]:
    """Seconds after which to kill: half of them at any moment of the first second, half when it is at work."""
    return [random.uniform(0, 1.2) if number % 2 else random.uniform(0.8, 2.6) for number in range(kills)]


def _killed_often(folder: Path, recipe: Recipe, kills: int, loads: Loader) -> Victim:
    path = folder / "words.yaml"
    path.write_text(yaml.safe_dump(recipe.canonical), encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "proofmill.cli", "build", str(path), "--out", str(folder / "out")]
    victim = Victim(command, folder / "out", loads)
    for seconds in _moments(Random(kills), kills):
        victim.live(seconds)
        victim.examine()
    assert victim.live(None) == 0
    victim.examine()
    return victim


@pytest.mark.parametrize(
    ("kills", "rows", "in_flight", "anchors"),
    [(5, 200, 4, 60), pytest.param(50, 2500, 4, 800, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def test_kill_9_loses_no_row_and_doubles_none(
    tmp_path: Path, kills: int, rows: int, in_flight: int, anchors: int, record_property: pytest.FixtureRequest
) -> None:
    """Killed at random moments and started again each time, a build loads after every kill, never loses a row, and
    ends with the rows of a build that nobody disturbed."""
    with running_endpoint(brain=BRAIN, delay_ms=30) as endpoint, loader(tmp_path) as loads:
        keys = {**anchored(tmp_path, anchors), "output": {"shard_rows": 100}}
        undisturbed = build(words(tmp_path, endpoint.base_url, rows, in_flight=64, **keys), tmp_path / "whole")
        assert undisturbed.ending == "complete"
        began = time.monotonic()
        victim = _killed_often(tmp_path, words(tmp_path, endpoint.base_url, rows, in_flight=in_flight, **keys), kills, loads)
        figures = {
            "kills": kills,
            "rows": len(victim.chosen),
            "seconds": round(time.monotonic() - began, 1),
            "loads": victim.loads,
            "lives that added rows": victim.advances,
        }
        print(json.dumps(figures))  # noqa: T201
        record_property("figures", figures)  # type: ignore[operator]
        assert len(victim.chosen) == rows
        for config in ("synthetic", "mixed", "anchors"):
            assert told(tmp_path / "out", config) == told(tmp_path / "whole", config)
        assert victim.remains() == []
