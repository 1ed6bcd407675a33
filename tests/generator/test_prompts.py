"""Prompts: the recipe's template, filled from a draw, with a seed that belongs to one request."""

from typing import Any

import pytest
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError

from proofmill.errors import InputError
from proofmill.plan import Cell, Draw
from proofmill.prompts import first_prompt, request_seed
from proofmill.templates import NAMES, problems_with_template, render
from small_recipes import recipe

DRAW = Draw(5, Cell("differentiate", 2, 9), 3)


def task(prompt: str, **more: Any) -> dict[str, Any]:
    return {"domain": "maths", "skills": ["differentiate"], "difficulty": [2], "prompt": prompt, **more}


def test_a_prompt_is_the_template_filled() -> None:
    """Skill, difficulty, draw, examples and the reply's format reach the template; braces of JSON stay."""
    text = '{{ skill }} {{ difficulty }} {{ draw }} {"a": {{ examples[0].answer | tojson }}}\n{{ reply_format }}'
    made = recipe(task=task(text, system="Be careful."), examples={"accepted": [{"problem": "p", "answer": "4"}]})
    prompt = first_prompt(made, DRAW)
    assert [message.role for message in prompt.messages] == ["system", "user"]
    assert prompt.messages[0].content == "Be careful."
    assert prompt.messages[1].content.startswith('differentiate 2 5 {"a": "4"}\none JSON object with these keys:\n')
    assert '"problem"' in prompt.messages[1].content
    assert (prompt.item, prompt.attempt, prompt.turn, prompt.skill, prompt.difficulty) == (5, 3, 0, "differentiate", 2)


def test_json_in_a_prompt_is_for_readers_of_text() -> None:
    """`tojson` writes <, > and quotes as they are, for no prompt is an HTML page."""
    examples = {"accepted": [{"problem": "a < b, 'é' & c"}]}
    made = recipe(task=task("{{ examples[0].problem | tojson }}"), examples=examples)
    assert first_prompt(made, DRAW).messages[-1].content == "\"a < b, 'é' & c\""


def test_a_given_problem_is_shown_and_not_asked_for() -> None:
    """Where people wrote the problem it stands in the prompt, and a recorded teacher counts attempts at it."""
    anchors = [{"id": "a", "source": "jsonl", "path": "a", "licence": "mit", "human_basis": "self_declared"}]
    made = recipe(
        task=task("Solve: {{ problem }}\n{{ reply_format }}", problems="anchors"),
        anchors=anchors,
        mix={"kind": "ratio", "anchor_share": 0.5},
        attempts=4,
    )
    prompt = first_prompt(made, DRAW, 2, "How many {{ skill }}?")
    assert prompt.messages[0].content.startswith("Solve: How many {{ skill }}?\n")
    assert '"problem"' not in prompt.messages[0].content
    assert (prompt.attempt, prompt.problem) == (2, "How many {{ skill }}?")


def test_a_seed_belongs_to_one_request() -> None:
    """Another draw, attempt, turn or recipe seed is another seed; the same ones give the same."""
    made, other = recipe(), recipe(seed=1)
    seeds = [
        request_seed(made, index, attempt, turn) for index in range(5) for attempt in range(3) for turn in range(3)
    ]
    assert len(set(seeds)) == 45
    assert request_seed(made, 4, 2, 2) == seeds[-1] != request_seed(other, 4, 2, 2)
    assert all(0 <= seed < 2**31 for seed in seeds)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ skill", "a template error in its line 1"),
        ("a\n{% for %}", "a template error in its line 2"),
        ("{{ skil }}", "skil; a prompt may use skill, difficulty, problem"),
        ("{{ skill | nofilter }}", "a template error in its line 1"),
        ("{% include 'x' %}", "include, import or extends; write it out"),
    ],
)
def test_a_template_that_can_not_render_is_refused_with_the_recipe(text: str, told: str) -> None:
    """Syntax, unknown names and unknown filters are found before a token is spent."""
    wrong = problems_with_template(text)
    assert wrong is not None
    assert told in wrong
    with pytest.raises(InputError, match="expected a template that renders"):
        recipe(task=task(text))


@pytest.mark.parametrize(
    "text", ["{{ skill.__class__.__mro__ }}", "{{ examples.append(1) }}", "{{ ''.__class__ }}", "{{ skill.missing }}"]
)
def test_a_template_is_confined(text: str) -> None:
    """A template reaches neither Python's insides nor changes what it is given; what is missing is an error."""
    with pytest.raises((SecurityError, TemplateError)):
        render(text, dict.fromkeys(NAMES, "x") | {"examples": []})
