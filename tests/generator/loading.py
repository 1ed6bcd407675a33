"""Loads datasets as a user would, in a process of its own that stays: `datasets` takes seconds to import.

Reads one line of JSON for each load, {"out": folder, "cache": folder}, and answers with one: the ids of every
configuration that README.md lists ({} where it lists none), or what went wrong.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def _load(out: Path, cache: str) -> dict[str, Any]:
    from datasets import get_dataset_config_names, load_dataset

    if not (out / "README.md").exists() or "configs:" not in (out / "README.md").read_text(encoding="utf-8"):
        return {}
    found = {}
    for config in get_dataset_config_names(str(out)):
        data = load_dataset(str(out), config, split="train", cache_dir=cache)
        found[config] = {"ids": data["id"][:], "columns": data.column_names, "features": repr(data.features)}
    return found


def _serve() -> None:
    import datasets

    datasets.disable_progress_bars()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = _load(Path(asked["out"]), asked["cache"])
        except Exception as why:  # noqa: BLE001 (whatever it is, the test is told)
            answer = {"trouble": repr(why)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


class Loader:
    """Asks the process that loads."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder, self._loads = process, folder, 0

    def load(self, out: Path, *, same_cache: bool = False) -> dict[str, Any]:
        """What `load_dataset(out, config)` gives, for each configuration; the cache is new unless told otherwise."""
        self._loads += not same_cache
        asked = {"out": str(out), "cache": str(self._folder / f"cache{self._loads}")}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))


@contextmanager
def loader(folder: Path) -> Iterator[Loader]:
    """A process that loads datasets, with its caches below `folder`."""
    command = [sys.executable, str(Path(__file__))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Loader(process, folder)
        finally:
            process.kill()


if __name__ == "__main__":
    _serve()
