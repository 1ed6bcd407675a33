"""The canonical row: it tells where it comes from, and can be judged again."""

import json
from dataclasses import replace

import pytest

from proofmill.gate import Judgement, Sample
from proofmill.output.rows import REJECTED_SCHEMA, SCHEMA, anchor_row, draft_of, schema_of, synthetic_row
from proofmill.output.shards import seal
from proofmill.record import Record, Try
from proofmill.teachers.teacher import Reply
from proofmill.verifiers.verdict import Draft, Verdict
from small_recipes import recipe

DRAFT = Draft("What is 2 + 2?", "2 + 2 = 4\nA: 4", "4", "4", {"expression": "2 + 2", "list": [1, {"é": None}]})
VERDICTS = [Verdict("accept", "equal", {"final": "4"}, 0.1, "maths.answer", "1")]
RECORD = Record(Try(3, 0, 1, "accept", "", 77, "", "call", DRAFT.id, "prompt"), DRAFT, Reply("{}", "m-1", 5, 7), "now")


def test_a_synthetic_row_says_how_it_came_to_be() -> None:
    """Place in the plan, teacher, tokens, hashes of request and prompt, licence and generation."""
    made = recipe(skills=["differentiate", "integrate"], difficulty=[1, 2])
    row = synthetic_row(made, RECORD, VERDICTS, [])
    told = json.loads(row["provenance"])
    assert (row["id"], row["teacher"], row["seed"], row["licence"]) == (DRAFT.id, "m-1", 77, "apache-2.0")
    assert (row["skill"], row["difficulty"]) == ("integrate", 2)
    assert (row["origin"], told["origin"], told["repaired"], told["tokens"]) == ("synthetic", "synthetic", 1, [5, 7])
    assert (told["draw"], told["prompt_sha256"], told["recipe_sha256"]) == (3, "prompt", made.digest)
    assert row["prompt"] == [{"role": "user", "content": DRAFT.problem}]
    assert set(row) == set(SCHEMA.names)


def test_verdicts_and_spec_are_json_text() -> None:
    """The checks with their settings, claims and gold; each verdict with its evidence."""
    row = synthetic_row(recipe(), RECORD, VERDICTS, [])
    (said,) = json.loads(row["verdict"])
    assert (said["verifier"], said["outcome"], said["evidence"]) == ("maths.answer", "accept", {"final": "4"})
    spec = json.loads(row["verifier_spec"])
    assert (spec["gold"], spec["claims"]) == ("4", dict(DRAFT.claims))
    assert [list(check) for check in spec["verify"]] == [["maths.answer"], ["maths.compute"]]


@pytest.mark.parametrize(
    "draft",
    [
        DRAFT,
        Draft("p", "", "4"),
        Draft("p", "4", "4"),
        Draft("p", "4", ""),
        Draft("", "A: \u00e9\x00\u2028", "\U0001f600", "g"),
        Draft("p", "s", "a", None, {"n": 1.5, "deep": {"a": [True, None]}}),
    ],
)
def test_a_draft_is_read_back_as_it_was_judged(draft: Draft) -> None:
    """From the row the very draft comes back, with or without a solution, also where the answer is the solution."""
    record = replace(RECORD, attempt=replace(RECORD.attempt, draft=draft.id), draft=draft)
    assert draft_of(synthetic_row(recipe(), record, VERDICTS, [])).id == draft.id
    origin = {"source": "s", "row": "1", "licence": "mit", "human_basis": "self_declared"}
    sample = Sample(Judgement(replace(draft, origin=origin), ()))
    assert draft_of(anchor_row(recipe(), sample)).id == draft.id


def test_an_unreadable_reply_keeps_its_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A rejected row without a draft shows the reply, cut at 20,000 characters, and has an id of its own."""
    attempt = Try(1, 0, 0, "unreadable", "no_json", 5, "found no JSON", "call")
    record = Record(attempt, None, Reply("x" * 30_000, "m"), "now")
    row = synthetic_row(recipe(), record, [], []) | {"reason": "no_json", "detail": "found no JSON"}
    assert row["completion"] == [{"role": "assistant", "content": "x" * 20_000}]
    assert row["prompt"] == []
    assert row["id"].endswith("-1-0-0")
    assert set(row) == set(REJECTED_SCHEMA.names)
    folder = tmp_path_factory.mktemp("shard")
    assert (folder / seal(folder, 0, [row], schema_of("rejected"))).is_file()
    assert schema_of("mixed") is schema_of("anchors") is SCHEMA
