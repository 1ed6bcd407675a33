"""One small dataset, built once for all tests that read datasets; each gets a copy of its own."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from proofmill.building import build

ROWS = 8


@cache
def _built() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="proofmill-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    assert build("quickstart", folder / "out", rows=ROWS).accepted == ROWS
    return folder / "out"


def dataset(folder: Path) -> Path:
    """A dataset of the quickstart recipe with eight rows, to read or to spoil."""
    return Path(shutil.copytree(_built(), folder / "out"))
