"""The folder is a dataset at any moment: sealed shards, one manifest, one schema, exact counts in the mix."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from endpoint import Running, running_endpoint
from loading import Loader, loader
from proofmill.building import build
from proofmill.output import dataset as dataset_module
from proofmill.output.dataset import CONFIGS
from proofmill.output.reading import shard_paths
from proofmill.output.rows import REJECTED_SCHEMA, SCHEMA
from proofmill.remix import mix_again
from small_builds import BRAIN, anchored, ids, told, words

pytestmark = pytest.mark.usefixtures("warm_pool")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with running_endpoint(brain=BRAIN, delay_ms=10) as running:
        yield running


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loader]:
    with loader(tmp_path_factory.mktemp("caches")) as running:
        yield running


def files_of(out: Path) -> set[str]:
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}


def test_a_folder_holds_what_the_manifest_names_and_no_more(tmp_path: Path, endpoint: Running, loads: Loader) -> None:
    """Shards carry the hash of their bytes, full ones are written once, tails of earlier moments are gone, nothing
    temporary is left, and every configuration loads with its columns in one schema."""
    out, keys = tmp_path / "out", {"output": {"shard_rows": 20}, **anchored(tmp_path, 40)}
    build(words(tmp_path, endpoint.base_url, 50, **keys), out)
    first = shard_paths(out)
    times = {path: path.stat().st_mtime_ns for paths in first.values() for path in paths}
    named = {str(path.relative_to(out)) for paths in first.values() for path in paths}
    assert files_of(out) == named | {"README.md", "mix.json", ".ledger.sqlite", ".lock"}
    for path in times:
        assert path.name == f"train-{path.name[6:11]}-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.parquet"
    assert [pq.read_metadata(path).num_rows for path in first["synthetic"]] == [20, 20, 10]
    found = loads.load(out)
    assert list(found) == list(CONFIGS)
    assert {config: found[config]["columns"] for config in CONFIGS} == {
        **dict.fromkeys(("mixed", "synthetic", "anchors"), SCHEMA.names),
        "rejected": REJECTED_SCHEMA.names,
    }
    assert len({found[config]["features"] for config in ("mixed", "synthetic", "anchors")}) == 1
    _the_cache_is_no_trap(tmp_path, endpoint, loads)


def _the_cache_is_no_trap(tmp_path: Path, endpoint: Running, loads: Loader) -> None:
    """Rows that came after a first load are seen by the next one, with the same cache."""
    out, keys = tmp_path / "out", {"output": {"shard_rows": 20}, **anchored(tmp_path, 40)}
    before = loads.load(out)
    first = shard_paths(out)
    times = {path: path.stat().st_mtime_ns for path in first["synthetic"]}
    build(words(tmp_path, endpoint.base_url, 70, **keys), out)
    after, second = loads.load(out, same_cache=True), shard_paths(out)
    assert (len(before["synthetic"]["ids"]), len(after["synthetic"]["ids"])) == (50, 70)
    assert after["synthetic"]["ids"] == ids(out)
    build(words(tmp_path, endpoint.base_url, 70, **keys), out)
    assert shard_paths(out) == second
    assert not first["synthetic"][2].exists(), "the tail has been replaced"
    kept = set(times) & set(second["synthetic"])
    assert all(path.stat().st_mtime_ns == times[path] for path in kept)


def test_the_mix_is_exact_from_its_first_row_on(tmp_path: Path, endpoint: Running) -> None:
    """`mixed` holds the counts that mix.json says, no row twice, and at least the asked share in every first part."""
    build(words(tmp_path, endpoint.base_url, 60, **anchored(tmp_path, 40, 0.3)), tmp_path / "out")
    rows = told(tmp_path / "out", "mixed")
    said = json.loads((tmp_path / "out" / "mix.json").read_text(encoding="utf-8"))
    origins = [row["origin"] == "human" for row in rows]
    assert (len(rows), sum(origins)) == (said["rows"], said["anchors"])
    assert all(0.3 * number <= sum(origins[:number]) < 0.3 * number + 1 for number in range(1, len(rows) + 1))
    assert len({row["id"] for row in rows}) == len(rows)
    by_id = {row["id"]: row for config in ("synthetic", "anchors") for row in told(tmp_path / "out", config)}
    assert all(row == by_id[row["id"]] for row in rows)


def test_mixing_again_asks_nothing_and_leaves_no_remains(tmp_path: Path, endpoint: Running) -> None:
    """Another ratio is one command: `mixed` alone is new, and the shards of the old mix are gone."""
    out = tmp_path / "out"
    build(words(tmp_path, endpoint.base_url, 30, **anchored(tmp_path, 40), output={"shard_rows": 10}), out)
    before, asked = shard_paths(out), endpoint.stats()["answered"]
    made = mix_again(out, {"kind": "ratio", "anchor_share": 0.5})
    after = shard_paths(out)
    assert (made.anchors, made.synthetic) == (30, 30)
    assert [row["origin"] for row in told(out, "mixed")].count("human") == 30
    assert {config: after[config] for config in after if config != "mixed"} == {
        config: before[config] for config in before if config != "mixed"
    }
    assert set((out / "mixed").iterdir()) == set(after["mixed"])
    assert endpoint.stats()["answered"] == asked


def test_rows_carry_their_proof(tmp_path: Path, endpoint: Running) -> None:
    """In a first run already each row has the verdict of every verifier, its seed, its requests and its tokens."""
    build(words(tmp_path, endpoint.base_url, 10), tmp_path / "out")
    rows = told(tmp_path / "out")
    for row in rows:
        verdicts = json.loads(row["verdict"])
        assert [verdict["verifier"] for verdict in verdicts] == ["maths.answer", "maths.arithmetic"]
        assert {verdict["outcome"] for verdict in verdicts} == {"accept"}
        assert row["provenance"]["tokens"][1] > 0
        assert row["id"] == row["provenance"]["content_sha256"]
    assert len({row["seed"] for row in rows}) == 10
    assert "mixed" not in shard_paths(tmp_path / "out"), "a configuration without rows is not there"
    assert "anchors" not in shard_paths(tmp_path / "out")


def test_who_reads_while_a_build_runs_never_fails(
    tmp_path: Path, endpoint: Running, loads: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader in a loop sees the dataset grow, and every load succeeds, whatever is being replaced."""
    out, found = tmp_path / "out", []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            found.append(loads.load(out))

    monkeypatch.setattr("proofmill.building.WRITE_SHARE", 1)
    monkeypatch.setattr("proofmill.building.GROWTH", 1.01)
    reader = threading.Thread(target=read)
    reader.start()
    try:
        recipe = words(tmp_path, endpoint.base_url, 300, in_flight=2, **anchored(tmp_path, 100))
        build(recipe.model_copy(update={"output": recipe.output.model_copy(update={"shard_rows": 50})}), out)
    finally:
        done.set()
        reader.join()
    assert [load["trouble"] for load in found if "trouble" in load] == []
    sizes = [len(load["synthetic"]["ids"]) for load in found if "synthetic" in load]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) >= 3, "seen while it grew"
    assert dataset_module.GRACE_SECONDS >= 10
