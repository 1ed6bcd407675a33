"""Every shipped recipe keeps its promises: its examples get their verdicts, and its prompts say what is checked."""

import json
import re
from collections.abc import Iterator

import pytest

from proofmill.checking import examples_that_fail
from proofmill.judging import judge_each
from proofmill.plan import Cell, Draw
from proofmill.prompts import first_prompt
from proofmill.recipe import SHIPPED, Recipe, load_recipe
from proofmill.reply import reply_format
from proofmill.second_reading import with_reading
from proofmill.verifiers import catalogue
from proofmill.verifiers.pool import Pool
from proofmill.verifiers.spec.prompt import INSTANCES_PROMPT
from proofmill.verifiers.verdict import Check

NAMES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
SUBJECTS = ["algebra", "calculus", "linear-algebra", "logic-puzzles", "number-theory", "word-problems"]
"""The recipes whose problems a model writes from skills and levels."""


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(workers=2) as pool:
        yield pool


def cells(recipe: Recipe) -> list[Cell]:
    return [Cell(skill, level, 1) for skill in recipe.task.skills for level in recipe.task.difficulty]


def prompt(recipe: Recipe, cell: Cell, index: int = 7) -> str:
    problem = "How many are there?" if recipe.task.problems == "anchors" else None
    return first_prompt(recipe, Draw(index, cell, 0), 0, problem).messages[-1].content


@pytest.mark.parametrize("name", NAMES)
def test_examples_get_the_verdict_of_their_list(name: str, pool: Pool) -> None:
    """Accepted ones are accepted and rejected ones rejected, none is undecided, by the checks of their skill."""
    assert examples_that_fail(load_recipe(name), pool) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_renders(name: str) -> None:
    """For each skill and difficulty, with nothing of the template's language left in it."""
    recipe = load_recipe(name)
    for cell in cells(recipe):
        said = prompt(recipe, cell)
        assert not re.search(r"\{\{|\}\} |\{%|%\}", said), said
        if recipe.task.reply == "json":
            assert reply_format(True) in said


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_prompt_tells_what_the_verifiers_of_its_skill_read(name: str) -> None:
    """The claims are described by the code that reads them, for each skill those of its own verifiers."""
    recipe = load_recipe(name)
    for cell in cells(recipe):
        readers = [check.verifier for check in recipe.checks_for(cell.skill).asked if _told(check)]
        assert readers
        for reader in readers:
            assert catalogue.claims_format((reader,)) in prompt(recipe, cell)


def _told(check: Check) -> bool:
    return catalogue.verifier(check.verifier).claims is not None


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_has_levels_skills_and_examples(name: str) -> None:
    """Five levels that say what they mean, six to ten skills, an accepted example of each, four rejected ones."""
    recipe = load_recipe(name)
    assert recipe.task.difficulty == (1, 2, 3, 4, 5)
    assert 6 <= len(recipe.task.skills) <= 10
    assert {example.skill for example in recipe.examples.accepted} == set(recipe.task.skills)
    assert len(recipe.examples.rejected) >= 4
    assert len({example.skill for example in recipe.examples.rejected}) >= 4
    for skill in recipe.task.skills:
        levels = {_level(prompt(recipe, Cell(skill, level, 1))) for level in recipe.task.difficulty}
        assert len(levels) == 5
        assert all(len(level) > 10 for level in levels)


def _level(said: str) -> str:
    found = re.search(r"^Difficulty: \d of 5: (.+)$", said, re.MULTILINE)
    assert found is not None, said
    return found[1]


@pytest.mark.parametrize("name", SUBJECTS)
def test_an_example_that_is_read_again_passes_everything(name: str, pool: Pool) -> None:
    """With its own claims as the second reading each accepted example passes all that a row must; with those of another
    example of its recipe it does not."""
    recipe = load_recipe(name)
    examples = recipe.examples.accepted
    for reader, wanted in ((0, {"accept"}), (1, {"reject", "unknown"})):
        drafts = [
            with_reading(example.draft, examples[(number + reader) % len(examples)].claims)
            for number, example in enumerate(examples)
        ]
        pairs = [(draft, recipe.checks_for(ex.skill).every) for draft, ex in zip(drafts, examples, strict=True)]
        assert {judgement.outcome for judgement in judge_each(pairs, pool)} <= wanted


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_prompt_shows_examples_of_its_own_skill(name: str) -> None:
    """A teacher of inequalities sees inequalities, and not the ten other things."""
    recipe = load_recipe(name)
    for skill in recipe.task.skills:
        said = prompt(recipe, Cell(skill, 3, 1))
        shown = {example.skill for example in recipe.examples.accepted if _quoted(example.problem) in said}
        assert shown == {skill}


def _quoted(text: str) -> str:
    """The text as a prompt shows it."""
    return json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_draw_is_a_nudge(name: str) -> None:
    """Neighbouring draws of one cell name other settings or kinds, so that prompts are not all the same."""
    recipe = load_recipe(name)
    size = len(cells(recipe))
    cell = cells(recipe)[0]
    nudges = {re.sub(r"Draw: \d+", "", prompt(recipe, cell, size * number)) for number in range(13)}
    assert len(nudges) == 13


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_is_guarded(name: str) -> None:
    """Where a model writes problem and claims, the claims are held against the words and read a second time; specs
    bring instances, and their numbers matter (in puzzles they may be names)."""
    recipe = load_recipe(name)
    for skill in recipe.task.skills:
        checks = recipe.checks_for(skill)
        assert checks.guard == Check("text.statement")
        assert checks.reading is not None
        assert checks.reading.settings["by"]
        assert checks.asked[0].verifier == "maths.answer"
        for check in checks.asked:
            if "instances" in catalogue.setting_names(check.verifier):
                assert check.settings["instances"] == "required"
                assert INSTANCES_PROMPT in checks.claims_format
            if "changes" in catalogue.setting_names(check.verifier):
                assert ("changes" in check.settings) == (check.verifier != "logic.smt")
