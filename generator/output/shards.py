"""Sealed parquet shards: written whole under a hidden name, then renamed to a name that carries the hash of the bytes.

A reader never sees half a shard, and the same rows give the same file, so writing again after a crash heals itself.
"""

import hashlib
import os
from collections.abc import Collection, Iterable
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.json as pa_json
import pyarrow.parquet as pq
from pydantic_core import to_json

from proofmill.output.rows import Row


def seal(folder: Path, number: int, rows: Iterable[Row], schema: pa.Schema) -> str:
    """Write one shard and make it durable; its file name: `train-00007-<sha256[:12]>.parquet`."""
    buffer = BytesIO()
    pq.write_table(
        _table(rows, schema), buffer, compression="zstd", use_content_defined_chunking=True, write_page_index=True
    )
    data = buffer.getvalue()
    name = f"train-{number:05d}-{hashlib.sha256(data).hexdigest()[:12]}.parquet"
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        replace_durably(folder / name, data)
    return name


def _table(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    """Rows as a table, through JSON: pyarrow's way from Python objects imports pandas, and the run waits for it."""
    data = b"\n".join(map(to_json, rows))
    return pa_json.read_json(
        BytesIO(data),
        read_options=pa_json.ReadOptions(use_threads=False, block_size=len(data) + 1),
        parse_options=pa_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )


def replace_durably(path: Path, data: bytes) -> None:
    """Put a file in place at once: a reader sees the old one or the new one, also after a crash."""
    hidden = path.with_name(f".{path.name}.tmp")
    with hidden.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    hidden.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def unnamed(folder: Path, named: Collection[str]) -> list[Path]:
    """Shards that no manifest names any more; remains of a write that was killed are removed at once."""
    for path in folder.glob(".train-*.tmp"):
        path.unlink()
    return [path for path in folder.glob("train-*.parquet") if path.name not in named]
