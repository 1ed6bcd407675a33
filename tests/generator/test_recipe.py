"""A recipe is one file that says all, checked before anything is spent."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from proofmill.errors import InputError
from proofmill.recipe import SHIPPED, Recipe, json_schema, load_recipe, override, recipe_of
from proofmill.verifiers.catalogue import claims_format
from proofmill.verifiers.verdict import Check

NAMES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
SCHEMA = Path(__file__).parents[2] / "recipes" / "recipe.schema.json"
WRITE_SCHEMA = (
    'python -c "import json; from proofmill.recipe import json_schema; '
    'print(json.dumps(json_schema(), indent=2))" > recipes/recipe.schema.json'
)
SMALL = """\
name: small
version: "1"
licence: apache-2.0
wanted: {rows: 4}
teacher: {kind: openai, model: one, in_flight: 8}
task: {domain: maths, skills: [sum], prompt: "Skill: {{ skill }}"}
verify: [maths.answer, {maths.compute: {seconds: 5}}]
"""
OWN = {"id": "own", "source": "jsonl", "path": "own.jsonl", "licence": "mit", "human_basis": "self_declared"}
ANCHORS = "anchors: [{id: own, source: jsonl, path: own.jsonl, licence: mit, human_basis: self_declared}]\n"
MIX = "mix: {kind: ratio, anchor_share: 0.5}\n"


def small(folder: Path, more: str = "", **overrides: Any) -> Recipe:
    path = folder / "small.yaml"
    path.write_text(SMALL + more, encoding="utf-8")
    return load_recipe(path, **overrides)


# Loading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_shipped_recipes_load_by_name_and_by_path(name: str) -> None:
    """`quickstart`, `quickstart.yaml`, `recipes/quickstart.yaml` and the path of the file are the same recipe."""
    spellings = (name, f"{name}.yaml", f"recipes/{name}.yaml", SHIPPED / f"{name}.yaml")
    assert len({load_recipe(spelling).digest for spelling in spellings}) == 1
    assert load_recipe(name).name == name


def test_a_file_of_ones_own_goes_before_a_shipped_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both are there, the file in the folder is meant."""
    monkeypatch.chdir(tmp_path)
    Path("quickstart.yaml").write_text(SMALL, encoding="utf-8")
    assert load_recipe("quickstart.yaml").name == "small"
    assert load_recipe("quickstart").name == "quickstart"


def test_verifiers_are_read_with_their_settings(tmp_path: Path) -> None:
    """`seconds` is the limit of the check, everything else goes to the verifier."""
    more = SMALL.replace("{seconds: 5}", "{seconds: 5, constant: required}")
    (tmp_path / "a.yaml").write_text(more, encoding="utf-8")
    checks = load_recipe(tmp_path / "a.yaml").checks_for("sum").asked
    assert checks == (Check("maths.answer"), Check("maths.compute", {"constant": "required"}, 5.0))


BY_SKILL: dict[str, Any] = {
    "task.skills": ["sum", "equation", "trivia"],
    "verify": [
        "maths.answer",
        {"maths.compute": {"seconds": 5, "skills": ["sum"]}},
        {"maths.solve": {"skills": ["equation"]}},
        {"maths.compute": {"constant": "required", "skills": ["trivia"]}},
    ],
}


def test_a_verifier_may_be_kept_for_some_skills(tmp_path: Path) -> None:
    """Each skill has its own checks, guards and description of claims; what belongs to no skill has the rest."""
    made = small(tmp_path, **BY_SKILL)
    assert made.checks_for("sum").asked == (Check("maths.answer"), Check("maths.compute", {}, 5.0))
    assert made.checks_for("equation").asked == (Check("maths.answer"), Check("maths.solve"))
    assert made.checks_for("equation").reading == Check("text.reading", {"by": {"maths.solve": {}}})
    assert made.checks_for("trivia").reading == Check(
        "text.reading", {"by": {"maths.compute": {"constant": "required"}}}
    )
    assert made.checks_for("equation").claims_format == claims_format(("maths.solve",))
    general = made.checks_for("history")
    assert (general.every, general.claims_format) == ((Check("maths.answer"),), "")
    assert [check.verifier for check in made.checks].count("maths.compute") == 2
    assert recipe_of(json.loads(json.dumps(made.canonical))).digest == made.digest != small(tmp_path).digest


def test_a_recipe_may_be_narrowed_to_some_of_its_skills() -> None:
    """Examples of the other skills stay, and are judged as before."""
    made = load_recipe("algebra", **{"task.skills": ["inequalities"]})
    assert {check.verifier for check in made.checks} == {
        "maths.answer",
        "maths.solve",
        "text.statement",
        "text.reading",
    }
    assert made.checks_for("factoring").asked == load_recipe("algebra").checks_for("factoring").asked
    assert load_recipe("linear-algebra", **{"task.skills": ["vectors"]}).task.skills == ("vectors",)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"task.skills": ["sum", "equation"]}, "verify: expected skills of the task, sum, equation (found 'trivia')"),
        ({"verify": [{"maths.compute": {"skills": ["sum"]}}, "maths.answer"]},
         "verify: expected a verifier that reads claims for each skill (found none for 'equation')"),
        ({"verify": ["maths.compute", {"maths.compute": {"constant": "required", "skills": ["sum"]}}]},
         "verify: expected each verifier once (found maths.compute twice)"),
        ({"verify": [{"maths.compute": {"skills": "sum"}}]},
         "verify.0.maths.compute.skills: expected a list of skills of the task (found 'sum')"),
        ({"verify": [{"maths.compute": {"skills": []}}]},
         "verify.0.maths.compute.skills: expected a list of skills of the task (found [])"),
        ({"anchors": [OWN], "mix": {"kind": "ratio", "anchor_share": 0.5}, "verify": BY_SKILL["verify"][1:]},
         "verify: expected a verifier without skills, to judge anchors by (found none)"),
        ({"examples": {"accepted": [{"problem": "1 + 1?"}]}},
         "examples: expected a skill of the task in accepted.0 (found nothing)"),
        ({"examples": {"rejected": [{"problem": "1 + 1?", "skill": "history"}]}},
         "examples: expected a skill of the task in rejected.0 (found history)"),
    ],
)  # fmt: skip
def test_skills_of_verifiers_are_checked(tmp_path: Path, changes: dict[str, Any], line: str) -> None:
    """Skills that the task does not have, skills that nothing would prove, a verifier twice for one of them."""
    with pytest.raises(InputError) as caught:
        small(tmp_path, **{**BY_SKILL, **changes})
    assert line in caught.value.mistakes


def test_a_recipe_does_not_change(tmp_path: Path) -> None:
    """What was checked is what runs."""
    with pytest.raises(ValueError, match="frozen"):
        small(tmp_path).name = "other"  # type: ignore[misc]


def test_what_is_compared_follows_from_who_writes_the_problems(tmp_path: Path) -> None:
    """Problems of anchors come several times by design, so there the whole row is compared."""
    assert small(tmp_path).compared_by == "problem"
    anchored = {"task.problems": "anchors", "task.reply": "text"}
    assert small(tmp_path, ANCHORS + MIX, **anchored).compared_by == "row"
    assert small(tmp_path, ANCHORS + MIX, **anchored, **{"curate.by": "problem"}).compared_by == "problem"


def test_paths_are_relative_to_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the command is run; an absolute path stays."""
    (tmp_path / "deep").mkdir()
    made = small(tmp_path / "deep")
    monkeypatch.chdir(tmp_path)
    assert made.path("own.jsonl") == tmp_path / "deep" / "own.jsonl"
    assert load_recipe("deep/small.yaml").path("../own.jsonl").resolve() == tmp_path / "own.jsonl"
    assert made.path(str(tmp_path / "own.jsonl")) == tmp_path / "own.jsonl"
    assert load_recipe(made, **{"wanted.rows": 2}).path("own.jsonl") == made.path("own.jsonl")


# Overrides -----------------------------------------------------------------------------------------------------------


def test_dotted_and_nested_overrides_are_the_same(tmp_path: Path) -> None:
    """And leave the keys beside them alone."""
    dotted = small(tmp_path, **{"wanted.rows": 9, "teacher.model": "two"})
    nested = small(tmp_path, wanted={"rows": 9}, teacher={"model": "two"})
    assert dotted.canonical == nested.canonical
    assert (dotted.wanted.rows, dotted.teacher.model, dotted.teacher.in_flight) == (9, "two", 8)


def test_an_override_of_none_changes_nothing(tmp_path: Path) -> None:
    """An option that was not given."""
    assert small(tmp_path, **{"wanted.rows": None, "teacher": None}).canonical == small(tmp_path).canonical


def test_another_kind_starts_afresh(tmp_path: Path) -> None:
    """The settings of one kind of teacher or mix are not those of another."""
    made = small(tmp_path, ANCHORS + MIX, teacher={"kind": "replay", "path": "r.jsonl"}, mix={"kind": "rows", **COUNTS})
    assert made.canonical["teacher"]["in_flight"] == 64
    assert "temperature" not in made.canonical["teacher"]
    assert made.canonical["mix"] == {"kind": "rows", **COUNTS}
    same = small(tmp_path, teacher={"kind": "openai", "temperature": 0.1})
    assert (same.teacher.model, same.teacher.in_flight) == ("one", 8)


COUNTS = {"anchors": 3, "synthetic": 5}


def test_a_list_is_replaced_whole(tmp_path: Path) -> None:
    """There is no telling which items would be meant."""
    assert small(tmp_path, verify=["maths.answer"]).checks == (Check("maths.answer"),)


def test_a_loaded_recipe_takes_overrides_too(tmp_path: Path) -> None:
    """With the same outcome as the file."""
    changed = load_recipe(small(tmp_path), **{"wanted.rows": 9})
    assert changed.canonical == small(tmp_path, **{"wanted.rows": 9}).canonical


def test_what_is_overridden_is_left_as_it_was() -> None:
    """`override` makes a new mapping."""
    data = {"a": {"b": 1, "c": 2}}
    assert override(data, {"a.b": 3}) == {"a": {"b": 3, "c": 2}}
    assert data == {"a": {"b": 1, "c": 2}}


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"wanted.rows": "one"}, ["wanted.rows: expected an integer (found 'one')"]),
        ({"wanted.row": 1}, ["wanted.row: expected one of attempts, hours, rows, tokens (found the unknown key 'row'; "
                             "did you mean 'rows'?)"]),
        ({"teacher": {"kind": "oracle"}}, ["teacher.kind: expected one of openai, replay (found 'oracle')"]),
        ({"wanted": 4}, ["wanted: expected a mapping (found 4)"]),
        ({"attempts": 4}, ["attempts: expected 1 with problems: teacher, whose reply holds problem and solution "
                           "(found 4)"]),
        ({"teacher": {"kind": "replay"}}, ["teacher.path: expected a value (found nothing)"]),
        ({"verify": [{"maths.compute": {"seconds": "x"}}]}, ["verify.0.maths.compute.seconds: expected a number "
                                                             "(found 'x')"]),
    ],
)  # fmt: skip
def test_a_mistake_in_an_override_has_a_key_but_no_place(
    tmp_path: Path, changes: dict[str, Any], lines: list[str]
) -> None:
    """It stands in no file."""
    with pytest.raises(InputError) as caught:
        small(tmp_path, **changes)
    assert caught.value.mistakes == lines


def test_a_mistake_in_the_file_keeps_its_place_beside_an_override(tmp_path: Path) -> None:
    """And one in the override comes first."""
    with pytest.raises(InputError) as caught:
        small(tmp_path, "seed: 1.5\n", **{"wanted.rows": 0})
    assert caught.value.mistakes == [
        "wanted.rows: expected at least 1 (found 0)",
        f"{tmp_path / 'small.yaml'}:8:7: seed: expected an integer (found 1.5)",
    ]


# Digest --------------------------------------------------------------------------------------------------------------


def test_the_digest_is_of_the_content_not_of_the_spelling(tmp_path: Path) -> None:
    """Order, comments, defaults written out and YAML's other spellings make no other recipe."""
    other = "# the same\nrepair: {rounds: 0}\nseed: 0\n" + "\n".join(reversed(SMALL.splitlines())) + "\n"
    (tmp_path / "other.yaml").write_text(other.replace("licence: apache-2.0", 'licence: "apache-2.0"'))
    assert load_recipe(tmp_path / "other.yaml").digest == small(tmp_path).digest


def test_the_canonical_form_reads_back_as_the_same_recipe(tmp_path: Path) -> None:
    """As the ledger keeps it."""
    for made in (small(tmp_path, ANCHORS + MIX), *map(load_recipe, NAMES)):
        again = recipe_of(json.loads(json.dumps(made.canonical)))
        assert again.canonical == made.canonical
        assert again.digest == made.digest


@pytest.mark.parametrize(
    "changes",
    [
        {"wanted": {"rows": 900, "hours": 1.5}},
        {"mix": {"kind": "rows", "anchors": 1, "synthetic": 1}},
        {"output.shard_rows": 10},
        {"teacher.in_flight": 1},
        {"teacher.base_url": "http://127.0.0.1:1/v1"},
        {"teacher.request_seconds": 1.0},
        {"teacher.retry_seconds": 1.0},
    ],
)
def test_the_digest_passes_over_what_changes_no_row(tmp_path: Path, changes: dict[str, Any]) -> None:
    """How many rows, how they are mixed and written, how fast and where the teacher is asked."""
    assert small(tmp_path, ANCHORS + MIX, **changes).digest == small(tmp_path, ANCHORS + MIX).digest


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"seed": 1},
        {"task.prompt": "Another {{ skill }}"},
        {"task.difficulty": [1, 2]},
        {"teacher.model": "two"},
        {"teacher.temperature": 0.1},
        {"teacher.revision": "a"},
        {"verify": ["maths.answer"]},
        {"verify": ["maths.answer", {"maths.compute": {"seconds": 6}}]},
        {"repair.rounds": 1},
        {"curate.duplicates": "exact"},
        {"licence": "mit"},
    ],
)
def test_the_digest_knows_all_that_a_row_depends_on(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Another digest, so that rows of two recipes are never taken for each other."""
    assert small(tmp_path, **changes).digest != small(tmp_path).digest


# Schema --------------------------------------------------------------------------------------------------------------


def test_the_committed_schema_is_current() -> None:
    """Editors complete and check recipes by it."""
    current = json.dumps(json_schema(), indent=2) + "\n"
    assert SCHEMA.read_text(encoding="utf-8") == current, f"recipes/recipe.schema.json is out of date: {WRITE_SCHEMA}"


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize("name", NAMES)
def test_shipped_recipes_keep_the_schema(name: str, validator: Any) -> None:
    """What loads is what an editor finds right."""
    text = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=recipe.schema.json\n")
    assert list(validator.iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wanted: {rows: 4}", "wanted: {row: 4}"),
        ("rows: 4", "rows: one"),
        ("rows: 4", "rows: 0"),
        ("kind: openai", "kind: oracle"),
        ("maths.answer", "maths.anwser"),
        ("domain: maths", "domain: math"),
        ("name: small", "name: Small one"),
        ('version: "1"\n', ""),
    ],
)
def test_the_schema_finds_what_the_reader_finds(validator: Any, tmp_path: Path, old: str, new: str) -> None:
    """A mistake is seen in the editor already."""
    assert SMALL.count(old) == 1
    text = SMALL.replace(old, new)
    assert list(validator.iter_errors(yaml.safe_load(text)))
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(InputError):
        load_recipe(tmp_path / "a.yaml")
