"""The card: a manifest that the Hub reads, and text in which nobody else's markup counts."""

import json
from pathlib import Path
from typing import Any

import yaml

from built import ROWS, dataset
from proofmill.anchoring import AnchorCount
from proofmill.mix import mix
from proofmill.output.card import Facts, card, escape, table
from proofmill.output.funnel import Funnel
from proofmill.output.reading import shard_paths
from proofmill.recipe import MixRatio
from small_recipes import recipe

HOSTILE = "<script>alert(1)</script> | `x` \n# heading"
ANCHORS: list[dict[str, Any]] = [
    {"id": "people", "source": "jsonl", "path": HOSTILE, "licence": "mit", "human_basis": "self_declared"}
]


def made(**facts: Any) -> tuple[dict[str, Any], str]:
    """Head and body of a card."""
    written = recipe(anchors=ANCHORS, mix={"kind": "ratio", "anchor_share": 0.5}, version=HOSTILE, summary="A summary.")
    counts = {"mixed": 4, "synthetic": 2, "anchors": 2, "rejected": 0}
    shards = {"mixed": ["a.parquet"], "synthetic": ["b.parquet"], "anchors": ["c.parquet"]}
    mixed = mix(MixRatio(kind="ratio", anchor_share=0.5), anchors=2, synthetic=2)
    text = card(written, shards, counts, mixed, Facts(**facts))
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def test_the_head_is_what_the_hub_reads() -> None:
    """Licence, language, size, tags, and one configuration after another, `mixed` the default."""
    head, _ = made()
    assert (head["license"], head["language"], head["size_categories"]) == ("apache-2.0", ["en"], ["n<1K"])
    assert [config["config_name"] for config in head["configs"]] == ["mixed", "synthetic", "anchors"]
    assert head["configs"][0]["default"] is True
    assert head["configs"][0]["data_files"] == [{"split": "train", "path": ["mixed/a.parquet"]}]


def test_the_body_tells_the_numbers() -> None:
    """Funnel, refusals, anchors' counts and the mix are the ones that are given."""
    funnel = Funnel(replies=10, readable=9, proved=3, rows=2, reasons={"maths.answer:gold_differs": 6, "no_json": 1})
    counts = [AnchorCount("people", 5, 2, {"maths.answer": {"accept": 2, "reject: gold_differs": 3}})]
    _, body = made(funnel=funnel, anchors=counts, finished=True)
    for line in (
        "| replies judged | 10 |",
        "| `maths.answer:gold_differs` | 6 |",
        "2 of 5",
        "2 accept, 3 reject: gold",
    ):
        assert line in body
    assert "Used: 2 + 2 = 4 rows" in body
    assert "has not ended" not in body
    assert "has not ended" in made()[1]


def test_text_of_others_is_no_markup() -> None:
    """Names and paths from recipes can't break a table, open a heading or run a script."""
    _, body = made()
    assert "<script" not in body
    assert "\n# heading" not in body
    assert escape(HOSTILE) == "&lt;script>alert(1)&lt;/script> \\| 'x' # heading"
    assert table(["a"], [["b"]]) == "| a |\n| --- |\n| b |"


def test_a_real_card_names_its_shards_and_what_is_not_guaranteed(tmp_path: Path) -> None:
    """Every shard that the card names is there and no other; limits, seed and recipe's hash are told."""
    out = dataset(tmp_path)
    named = {path for paths in shard_paths(out).values() for path in paths}
    assert named == set(out.glob("*/*.parquet"))
    text = (out / "README.md").read_text("utf-8")
    assert "## What is not guaranteed" in text
    assert f"| `synthetic` | {ROWS} |" in text
    assert json.loads((out / "mix.json").read_text())["rows"] > 0
