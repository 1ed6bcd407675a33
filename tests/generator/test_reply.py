"""Replies are read exactly, whatever they are dressed in, and each unreadable one says why with a slug."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofmill.reply import MAX_CHARACTERS, UnreadableReply, read_json, read_text, reply_format
from proofmill.verifiers.verdict import Draft

SOUND = {"problem": "p", "solution": "s", "answer": "a", "claims": {"expression": "x"}}
BARE = json.dumps(SOUND)
READ = Draft("p", "s", "a", None, {"expression": "x"})
DRESSES = {
    "bare": "{}",
    "spaced": "\n\n  {}  \n",
    "fenced": "```json\n{}\n```",
    "fenced without a name": "Here it is:\n```\n{}\n```\nI hope it helps.",
    "fenced on Windows": "```json\r\n{}\r\n```",
    "fenced in one line": "```{}```",
    "after reasoning": "First {{a}} set, then \\frac{{1}}{{2}}. So:\n\n{}",
    "after tagged reasoning": '<think>Perhaps {{"answer": "no"}}?</think>\n{}',
    "after reasoning begun in the prompt": "so it is 4 { and done.</think>{}",
    "after two thoughts": "<think>one</think><Thinking>two</Thinking>{}",
    "after an earlier attempt": '{{"answer": "first try", "solution": "bad"}} No. {}',
    "in a list": "[{}]",
    "before a remark": "{}\n\nCheck: {{x}}.",
}


def slug(text: str, problem: str | None = None, **keys: Any) -> str:
    with pytest.raises(UnreadableReply) as caught:
        read_json(text, problem, None, **keys)
    assert str(caught.value)
    return caught.value.reason


def dressed(dress: str, text: str) -> str:
    return dress.replace("{}", "\0").replace("{{", "{").replace("}}", "}").replace("\0", text)


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_a_draft_is_found_in_any_dress(dress: str) -> None:
    """Bare, fenced, after reasoning with or without tags, among other objects: the same draft."""
    assert read_json(dressed(dress, BARE), None, None) == READ


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\t\b\f"), min_size=1).map(str.strip)
_FILLED = _TEXT.filter(bool).filter(lambda text: not {"<", "`"} & set(text))
_CLAIMS = st.dictionaries(
    _FILLED, _FILLED | st.integers(-(2**53), 2**53) | st.booleans() | st.lists(_FILLED), max_size=3
)


@given(_FILLED, _FILLED, _FILLED, _CLAIMS, st.sampled_from(list(DRESSES.values())), st.booleans())
def test_any_draft_comes_back_exactly(
    problem: str, solution: str, answer: str, claims: dict[str, Any], dress: str, escaped: bool
) -> None:
    """What json.dumps writes, escaped to ASCII or not, is read back to the letter in every dress."""
    written = {"problem": problem, "solution": solution, "answer": answer, "claims": claims}
    found = read_json(dressed(dress, json.dumps(written, ensure_ascii=escaped)), None, "gold")
    assert found == Draft(problem, solution, answer, "gold", claims)


def test_markup_inside_bare_json_is_text() -> None:
    """Fences and tags inside a bare object's texts are neither fences nor reasoning."""
    text = "Use <think>x</think> and\n```python\nprint({1})\n```\n</think> end"
    assert read_json(json.dumps({**SOUND, "solution": text}), None, None).solution == text
    raw = '{"problem": "p", "solution": "see ```python\ncode\n``` there", "answer": "a"}'
    assert read_json(raw, None, None).solution == "see ```python\ncode\n``` there"


@pytest.mark.parametrize("latex", [r"\frac{1}{2}", r"\sqrt{2}", r"\(x\)", r"\theta + \tan x", r"\boxed{3}", r"a \neq b",
                                   r"\alpha\beta", r"\left(\right)", r"\{1, 2\}"])  # fmt: skip
def test_latex_with_single_and_doubled_backslashes(latex: str) -> None:
    """Models forget to double the backslashes of LaTeX; both spellings are the same text."""
    single = '{"problem": "p", "solution": "' + latex + '", "answer": "' + latex.replace("\\", "\\\\") + '"}'
    found = read_json(single, None, None)
    assert (found.solution, found.answer) == (latex, latex)


@pytest.mark.parametrize("number", ["18", "-0.50", "1.10", "0.10000000000000000555111512", "12345678901234567890"])
def test_numbers_as_answers_keep_their_digits(number: str) -> None:
    """An answer written as a JSON number is its text, digit for digit."""
    assert read_json(f'{{"problem": "p", "solution": "s", "answer": {number}}}', None, None).answer == number


def test_a_given_problem_stays_the_anchors() -> None:
    """Where people wrote the problem the reply needs none, and can't replace it."""
    assert read_json(BARE, "theirs", "7") == Draft("theirs", "s", "a", "7", {"expression": "x"})
    assert read_json('{"solution": "s", "answer": "a"}', "theirs", None).problem == "theirs"


def without(*keys: str, **changes: Any) -> str:
    return json.dumps({key: value for key, value in {**SOUND, **changes}.items() if key not in keys})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty_reply"), (" \n ", "empty_reply"), ("<think>x</think>", "empty_reply"),
        ("<think>only", "only_reasoning"), ("<reasoning>" * 9, "only_reasoning"),
        ("I can't do that.", "no_json"), ("null", "no_json"), ('"text"', "no_json"),
        ("[]", "json_not_object"), ("[1, 2]", "json_not_object"),
        ("{", "broken_json"), (BARE[:-4], "broken_json"), ("{'problem': 'p'}", "broken_json"),
        (BARE[:-1] + ",}", "broken_json"), ("Let {x} be", "broken_json"),
        (without("claims")[:-1] + ', "claims": {"x": NaN}}', "broken_json"),
        (without("problem"), "missing_key"), (without("solution"), "missing_key"), (without("answer"), "missing_key"),
        (without(problem=" "), "missing_key"),
        (without(answer=None), "wrong_type"), (without(answer=True), "wrong_type"),
        (without(answer=["a"]), "wrong_type"),
        (without(answer=" "), "wrong_type"), (without(solution=""), "wrong_type"),
        (without(solution=["s"]), "wrong_type"),
        (without(problem=3), "wrong_type"), (without(claims=[]), "wrong_type"), (without(claims=None), "wrong_type"),
        (without(claims={"a": json.loads("[" * 30 + "]" * 30)}), "wrong_type"),
        (without(answer="\ud800"), "bad_unicode"), (without(claims={"\udfff": 1}), "bad_unicode"),
        ("\ud83d" + BARE, "bad_unicode"),
        ("x" * (MAX_CHARACTERS + 1), "too_long"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_what_can_not_be_read_has_a_slug(text: str, reason: str) -> None:
    """Each way in which a reply can't be read has a name of its own that the report counts."""
    assert slug(text) == reason


def test_a_reply_that_reached_its_limit_is_truncated() -> None:
    """Half an object is `truncated` where the teacher stopped at max_tokens; a whole one is read all the same."""
    assert slug(BARE[:-9], finish="length") == "truncated"
    assert read_json(BARE, None, None, finish="length") == READ
    with pytest.raises(UnreadableReply) as caught:
        read_text("First, 3 * 4", "p", "12", finish="length")
    assert caught.value.reason == "truncated"
    assert read_text("A: 12", "p", "12", finish="length") == Draft("p", "A: 12", "12", "12")


def test_a_text_reply_is_the_solution() -> None:
    """Without JSON the reply is the solution, without its reasoning, and its final answer the answer."""
    assert read_text("<think>A: 4</think>\n3 + 2 = 5\nA: 5\n", "p", "5") == Draft("p", "3 + 2 = 5\nA: 5", "5", "5")
    assert read_text("no answer", "p", "5").answer == ""
    assert read_text("A: 1\nA: 2", "p", "5").answer == ""


def test_nul_is_a_character() -> None:
    """U+0000 does no harm: it is part of the text."""
    assert read_json(without(solution="s\0t"), None, None).solution == "s\0t"


SIZE = 199_000
HOSTILE = [
    "{" * SIZE, "[" * SIZE, '{"' * (SIZE // 2), '{"answer":"' * 18_000, '{"a":' * 39_000, '{"a":[' * 33_000,
    '{"problem":' * 15_000 + "1" + "}" * 15_000, '{"a":' * 900 + "[" + "1," * 95_000,
    '{"a":' * 900 + '"' + "x" * 190_000,
    "\\" * SIZE, '{"answer":"' + "\\" * 190_000, "```json\n" * 24_000, "```" * 60_000, "<think>" * 28_000,
    "<think>a</think" * 13_000, "</think>" * 24_000, "<think></think>" * 13_000, '{"answer": 1}' * 15_000,
    " " * SIZE + "x", '{ "' + " " * SIZE, "{" + " " * SIZE, '"' * SIZE,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:16]))
def test_hostile_replies_are_read_fast(text: str) -> None:
    """200 kB made to be slow are refused well within a second, for they are read in the run's own process."""
    began = time.process_time()
    slug(text)
    assert time.process_time() - began < 2


def test_a_draft_after_much_latex_is_found() -> None:
    """Thousands of braces in the reasoning don't hide the object behind them."""
    assert read_json("\\frac{1}{2} " * 9_000 + BARE, None, None) == READ


def test_the_format_told_is_the_format_read() -> None:
    """The request names every key that is read, and the problem only where the teacher writes it."""
    assert all(f'"{key}"' in reply_format(True) for key in SOUND)
    assert '"problem"' not in reply_format(False)
