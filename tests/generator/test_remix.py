"""`proofmill mix`: another ratio from the same ledger, without the teacher."""

import json
from pathlib import Path

import pytest

from built import ROWS, dataset
from proofmill.building import build
from proofmill.errors import InputError
from proofmill.ledger import LEDGER
from proofmill.output.reading import rows, shard_paths
from proofmill.remix import mix_again


def origins(out: Path, config: str = "mixed") -> list[str]:
    return [row["origin"] for row in rows(shard_paths(out)[config])]


def test_the_asked_ratio_is_made_exactly(tmp_path: Path) -> None:
    """The counts of the mix are those of the shards, mix.json and the card, and hold the share that is asked."""
    out = dataset(tmp_path)
    made = mix_again(out, {"kind": "ratio", "anchor_share": 0.2})
    assert made.synthetic == ROWS
    assert 0.2 * made.rows <= made.anchors < 0.2 * made.rows + 1
    assert sorted(origins(out)) == ["human"] * made.anchors + ["synthetic"] * made.synthetic
    record = json.loads((out / "mix.json").read_text())
    assert (record["anchors"], record["synthetic"], record["rows"]) == (made.anchors, ROWS, made.rows)
    assert f"Used: {made.anchors} + {made.synthetic} = {made.rows} rows" in (out / "README.md").read_text()


def test_everything_else_stays(tmp_path: Path) -> None:
    """Mixing again touches neither synthetic nor anchors; the first ratio brings the first bytes back."""
    out = dataset(tmp_path)
    before = shard_paths(out)
    mix_again(out, {"kind": "rows", "anchors": 1, "synthetic": 2})
    after = shard_paths(out)
    assert before["mixed"] != after["mixed"]
    assert {config: paths for config, paths in before.items() if config != "mixed"} == {
        config: paths for config, paths in after.items() if config != "mixed"
    }
    mix_again(out, {"kind": "ratio", "anchor_share": 0.5})
    assert shard_paths(out) == before
    assert all(path.is_file() for paths in before.values() for path in paths)


def test_nothing_asked_is_the_recorded_ratio(tmp_path: Path) -> None:
    """Without a ratio the one of the last mix is kept."""
    out = dataset(tmp_path)
    mix_again(out, {"kind": "rows", "anchors": 1, "synthetic": 2})
    assert mix_again(out, {}).rows == 3


def test_it_works_without_the_teacher_and_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger and the shards are enough: no recipe file, no replies, no judging."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr("proofmill.verifiers.pool.Pool.submit", never)
    monkeypatch.setattr("proofmill.teachers.replay.Replay.ask", never)
    monkeypatch.chdir(tmp_path)
    assert mix_again(dataset(tmp_path), {"kind": "ratio", "anchor_share": 1.0}).synthetic == 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"anchor_share": 2.0}, "anchor_share: expected at most 1"),
        ({"kind": "rows", "anchors": 0, "synthetic": 0}, "mix: expected at least one row in all"),
        ({"kind": "rows", "anchors": -1, "synthetic": 1}, "anchors: expected at least 0"),
        ({"kind": "rows"}, "expected a value (found nothing)"),
    ],
)
def test_a_wrong_ratio_changes_nothing(asked: dict[str, object], told: str, tmp_path: Path) -> None:
    """A share out of bounds or no rows at all is refused, and the dataset stays as it was."""
    out = dataset(tmp_path)
    before = (out / "README.md").read_bytes()
    with pytest.raises(InputError) as caught:
        mix_again(out, asked)
    assert told in str(caught.value)
    assert (out / "README.md").read_bytes() == before


def test_without_anchors_there_is_nothing_to_mix(tmp_path: Path) -> None:
    """A dataset without anchors says so."""
    from test_cli import recipe_file

    build(recipe_file(tmp_path), tmp_path / "out")
    with pytest.raises(InputError, match="anchors"):
        mix_again(tmp_path / "out", {"kind": "ratio", "anchor_share": 0.5})
    with pytest.raises(InputError, match="expected a dataset with anchors to mix"):
        mix_again(tmp_path / "out", {})


def test_a_folder_without_a_ledger_is_refused(tmp_path: Path) -> None:
    """A dataset from elsewhere has no ledger; nothing is made there."""
    with pytest.raises(InputError, match="expected a dataset with its ledger"):
        mix_again(tmp_path, {})
    assert not (tmp_path / LEDGER).exists()
