"""Read a dataset back: the recipe that made it, and its rows as the README lists them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from proofmill.errors import InputError
from proofmill.gate import Judgement, Sample
from proofmill.output.rows import Row, draft_of
from proofmill.verifiers.verdict import Draft, Verdict


def shard_paths(out: Path) -> dict[str, list[Path]]:
    """The shards of each configuration, as README.md names them."""
    readme = out / "README.md"
    if not readme.is_file():
        raise InputError(f"{out}: expected a dataset of proofmill, with a README.md (found none)")
    _, _, rest = readme.read_text(encoding="utf-8").partition("---\n")
    try:
        head = yaml.safe_load(rest.partition("\n---\n")[0])
        configs = head.get("configs", []) if isinstance(head, dict) else []
        return {
            config["config_name"]: [out / path for files in config["data_files"] for path in files["path"]]
            for config in configs
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as why:
        raise InputError(f"{readme}: expected the configs of a dataset of proofmill (found {why!r})") from None


def rows(paths: list[Path]) -> Iterator[Row]:
    """The rows of some shards, one batch in memory at a time."""
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path}: expected a shard that README.md names (found nothing)")
        try:
            file = pq.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as why:
            raise InputError(f"{path}: expected a parquet file (found {why})") from None
        with file:
            for batch in file.iter_batches():
                yield from batch.to_pylist()


def anchors_of(out: Path) -> list[Sample]:
    """The anchors of a dataset as samples, in the order in which the mix takes them."""
    return [_anchor(row) for row in rows(shard_paths(out).get("anchors", []))]


def _anchor(row: Row) -> Sample:
    told: dict[str, Any] = json.loads(row["provenance"])
    origin = {
        "source": told["source"],
        "row": told["source_row"],
        "licence": row["licence"],
        "human_basis": told["human_basis"],
        "skill": row["skill"],
        "difficulty": row["difficulty"],
    }
    draft = draft_of(row)
    draft = Draft(draft.problem, draft.solution, draft.answer, draft.gold, draft.claims, origin)
    return Sample(Judgement(draft, tuple(verdict_of(said) for said in json.loads(row["verdict"]))))


def verdict_of(said: dict[str, Any]) -> Verdict:
    """A verdict as a row keeps it."""
    return Verdict(
        said["outcome"], said["reason"], said["evidence"], verifier=said["verifier"], version=said["version"]
    )
