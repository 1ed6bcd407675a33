"""JSONL files, line by line; a line that is no object is told with its number, not skipped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from proofmill.errors import InputError


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """(line number from 1, the object, or in words what was found instead) for each line that is not blank."""
    if not path.is_file():
        raise InputError(f"{path}: expected a JSONL file (found {'a folder' if path.is_dir() else 'nothing'})")
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as why:
                yield number, f"expected a JSON object (found {_short(line)}: {why})"
                continue
            yield number, value if isinstance(value, dict) else f"expected a JSON object (found {_short(line)})"


def _short(line: bytes) -> str:
    text = line.decode("utf-8", "replace").strip()
    return repr(text if len(text) <= 60 else text[:57] + "...")


def objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(line number, object) of a file in which every line must be one; InputError at the first that is not."""
    for number, value in read_jsonl(path):
        if isinstance(value, str):
            raise InputError(f"{path}:{number}: {value}")
        yield str(number), value
