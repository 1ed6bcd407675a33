"""Repair: what a teacher is told about a refused reply, and what it is never told."""

import json
from dataclasses import replace

import pytest

from proofmill.gate import Judgement, Refusal
from proofmill.plan import Cell, Draw
from proofmill.prompts import first_prompt
from proofmill.recipe import Recipe
from proofmill.repair import next_prompt, without_gold
from proofmill.teachers.teacher import Prompt
from proofmill.verifiers import catalogue
from proofmill.verifiers.verdict import Check, Draft, Verdict
from small_recipes import recipe

EVIDENCE = {"equation": "2 + 3 = 4", "value": "5", "gold": "7777"}
VERDICTS = (
    Verdict("accept", "equal", {"final": "4"}, verifier="maths.answer"),
    Verdict(
        "reject", "false_equation", {"equation": "2 + 3 = 4", "value": "5", "gold": "7777"}, verifier="maths.arithmetic"
    ),
)
REFUSED = Refusal(Judgement(Draft("p", "2 + 3 = 4", "4", "7777"), VERDICTS), "maths.arithmetic:false_equation")


def asked(rounds: int = 1) -> tuple[Recipe, Prompt]:
    made = recipe(repair={"rounds": rounds})
    return made, first_prompt(made, Draw(3, Cell("differentiate", 1, 9), 3))


def test_the_reason_and_evidence_are_shown() -> None:
    """The reply stands in the conversation, and below it what each verifier that did not accept has found."""
    made, prompt = asked()
    again = next_prompt(made, prompt, "my reply", REFUSED, 0)
    assert again is not None
    assert [message.role for message in again.messages] == ["user", "assistant", "user"]
    assert again.messages[:1] == prompt.messages
    assert again.messages[1].content == "my reply"
    said = again.messages[2].content
    assert '- maths.arithmetic: false equation {"equation": "2 + 3 = 4", "value": "5"}' in said
    assert "maths.answer" not in said
    assert (again.turn, again.item, again.attempt) == (1, prompt.item, prompt.attempt)
    assert again.seed != prompt.seed


def test_an_unreadable_reply_is_told_what_was_wrong() -> None:
    """A reply that held no draft hears why."""
    made, prompt = asked()
    again = next_prompt(made, prompt, "hm", "no_json: expected a JSON object", 0)
    assert again is not None
    assert "could not be read: no_json: expected a JSON object" in again.messages[-1].content


def test_rounds_end() -> None:
    """After as many rounds as the recipe allows there is no further prompt; with none there is none at all."""
    made, prompt = asked(2)
    again = next_prompt(made, prompt, "r", REFUSED, 0)
    assert again is not None
    third = next_prompt(made, again, "r", REFUSED, 0)
    assert third is not None
    assert len({prompt.seed, again.seed, third.seed}) == 3
    assert next_prompt(made, third, "r", REFUSED, 0) is None
    made, prompt = asked(0)
    assert next_prompt(made, prompt, "r", REFUSED, 0) is None


GOLDS = ["7777", "7777 cm", "7777%", r"\frac{7777}{2}", "(7777, 1)", "7777 oranges and pears", "Mr 7777", "#### 7777",
         "7777 ??? §", "A: 7777\nA: 77771", "{7777", "7777**7777**7777", "[7777, 8888)", "x = 7777"]  # fmt: skip


@pytest.mark.parametrize("gold", GOLDS)
@pytest.mark.parametrize("mine", ["5", "5 m", "50%", "(1, 2)", "Monday", r"\sqrt{5}", "{1, 2}", "x + 1", "no answer"])
def test_the_gold_never_appears(gold: str, mine: str) -> None:
    """Whatever maths.answer says of an answer beside a gold, the repair prompt holds nothing of the gold."""
    draft = Draft("p", "so" if mine == "no answer" else f"A: {mine}", "", gold)
    verdict = catalogue.run(Check("maths.answer"), draft)
    assert verdict.outcome != "accept"
    made, prompt = asked()
    again = next_prompt(made, prompt, draft.solution, Refusal(Judgement(draft, (verdict,)), "x"), 0)
    assert again is not None
    assert "7777" not in json.dumps([message.content for message in again.messages])


def test_evidence_is_bounded() -> None:
    """A verifier that says a lot can't fill the teacher's context."""
    made, prompt = asked()
    much = replace(VERDICTS[1], evidence={"detail": "x" * 100_000})
    again = next_prompt(made, prompt, "r", Refusal(Judgement(REFUSED.judgement.draft, (much,)), "r"), 0)
    assert again is not None
    assert len(again.messages[-1].content) < 2_500
    assert without_gold({"gold": 1, "value": 2}) == {"value": 2}
