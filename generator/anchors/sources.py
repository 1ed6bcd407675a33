"""Where human rows lie: JSONL and parquet files, and datasets on the Hub, pinned to a commit."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from proofmill.anchors.spec import Column, HubAnchors
from proofmill.anchors.tables import HumanRow, human_rows
from proofmill.errors import InputError, RunFailed
from proofmill.jsonl import objects


def jsonl_rows(path: Path, columns: Mapping[Column, str]) -> Iterator[HumanRow]:
    """The rows of a JSONL file; a place is a line number."""
    return human_rows(objects(path), columns, str(path))


def parquet_rows(path: Path, columns: Mapping[Column, str]) -> Iterator[HumanRow]:
    """The rows of a parquet file; a place is a row number, from 0."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise InputError(f"{path}: expected a parquet file (found {'a folder' if path.is_dir() else 'nothing'})")
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as why:
        raise InputError(f"{path}: expected a parquet file (found {why})") from None

    def records() -> Iterator[tuple[str, dict[str, Any]]]:
        with file:
            number = 0
            for batch in file.iter_batches():
                for record in batch.to_pylist():
                    yield str(number), record
                    number += 1

    return human_rows(records(), columns, str(path))


def hub_rows(spec: HubAnchors, folder: Path | None) -> Iterator[HumanRow]:
    """The rows of a dataset on the Hub, or of a local folder; a place is a row number, from 0."""
    from datasets import disable_progress_bars, load_dataset
    from datasets.exceptions import DatasetNotFoundError
    from huggingface_hub.errors import HfHubHTTPError

    disable_progress_bars()
    where = spec.repo if folder is None else str(folder)
    try:
        rows = load_dataset(where, spec.config, split=spec.split, revision=spec.revision if folder is None else None)
    except (DatasetNotFoundError, ValueError) as why:
        raise InputError(f"anchors {spec.id}: expected a dataset at {where} (found {_one_line(why)})") from None
    except (HfHubHTTPError, OSError) as why:
        if folder is not None:
            raise InputError(f"anchors {spec.id}: expected a dataset in {where} (found {_one_line(why)})") from None
        text = f"anchors {spec.id}: {where} can't be fetched: {_one_line(why)}"
        raise RunFailed(f"{text}; with the rows in a file, use source: jsonl") from None
    return human_rows(((str(number), row) for number, row in enumerate(rows)), spec.columns, where)


def _one_line(why: Exception) -> str:
    return " ".join(str(why).split())[:300]
