"""The recorded teacher: which row answers which prompt, and what it says about a file that is wrong."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from proofmill.errors import InputError
from proofmill.teachers.replay import MOST_MISTAKES, Replay
from proofmill.teachers.spec import ReplayTeacher
from proofmill.teachers.teacher import Prompt, RepliesExhausted, Reply


def teacher(tmp_path: Path, *rows: Any, columns: Any = None) -> Replay:
    path = tmp_path / "replies.jsonl"
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return Replay(ReplayTeacher(kind="replay", path=str(path), columns=columns or {}))


def ask(replay: Replay, **place: Any) -> Reply:
    async def asked() -> Reply:
        async with replay as opened:
            return await opened.ask(Prompt((), **place))

    return asyncio.run(asked())


def test_a_problem_gets_its_replies_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [{"problem": f"P{i % 2}", "reply": f"reply {i}"} for i in range(4)]
    replay = teacher(tmp_path, *rows)
    assert [ask(replay, problem="P0", attempt=n).text for n in (1, 0)] == ["reply 2", "reply 0"]
    assert [ask(replay, problem="P1", attempt=n).text for n in (0, 1)] == ["reply 1", "reply 3"]


def test_spaces_and_line_breaks_make_no_other_problem(tmp_path: Path) -> None:
    replay = teacher(tmp_path, {"problem": " How many\n  ducks? ", "reply": "16"})
    assert ask(replay, problem="How many ducks?").text == "16"
    with pytest.raises(RepliesExhausted, match="'How many geese\\?': all 0 recorded replies have been used"):
        ask(replay, problem="How many geese?")


def test_a_cell_gets_its_replies_by_number_whatever_order_they_are_asked_in(tmp_path: Path) -> None:
    replay = teacher(tmp_path, *({"skill": "sum", "difficulty": i % 2, "reply": str(i)} for i in range(6)))
    assert [ask(replay, skill="sum", difficulty=1, attempt=n).text for n in (2, 0, 1)] == ["5", "1", "3"]
    with pytest.raises(RepliesExhausted, match="skill 'sum', difficulty 1: all 3 recorded"):
        ask(replay, skill="sum", difficulty=1, attempt=3)


def test_a_turn_gets_its_recorded_repair_until_there_is_none(tmp_path: Path) -> None:
    replay = teacher(tmp_path, {"skill": "sum", "difficulty": 1, "reply": "first", "repairs": ["second", "third"]})
    place = {"skill": "sum", "difficulty": 1, "problem": "what the first reply wrote"}
    assert [ask(replay, **place, turn=turn).text for turn in (1, 2)] == ["second", "third"]
    with pytest.raises(RepliesExhausted, match="turn 3 of a reply with 2 recorded repairs"):
        ask(replay, **place, turn=3)


def test_model_and_tokens_are_recorded_where_the_row_has_them(tmp_path: Path) -> None:
    full = {"problem": "a", "reply": "x", "model": "gpt-3", "tokens_in": 7, "tokens_out": 9}
    replay = teacher(tmp_path, full, {"problem": "b", "reply": "y", "model": None, "repairs": None})
    assert ask(replay, problem="a") == Reply("x", "gpt-3", 7, 9)
    assert ask(replay, problem="b") == Reply("y", "replay", 0, 0)


def test_a_file_of_transcripts_works_under_its_own_column_names(tmp_path: Path) -> None:
    row = {"id": "0-6b", "question": "How many?", "gold": "18", "model": "6b", "completion": "A: 26", "correct": False}
    replay = teacher(tmp_path, row, columns={"problem": "question", "reply": "completion"})
    assert ask(replay, problem="How many?") == Reply("A: 26", "6b")


def test_every_line_that_is_wrong_is_named_with_what_was_expected(tmp_path: Path) -> None:
    lines = [
        {"problem": "fine", "answer": "good"},
        "",
        "{not json",
        "[1]",
        {"answer": "of what?"},
        {"problem": 7, "answer": "x"},
        {"problem": "no reply"},
        {"skill": "sum", "difficulty": "hard", "answer": "x"},
        {"problem": "a", "answer": "x", "repairs": "y"},
        '{"problem": "half a character", "answer": "\\ud800"}',
        {"problem": "a", "answer": "x", "tokens_in": True},
    ]
    with pytest.raises(InputError) as wrong:
        teacher(tmp_path, *lines, columns={"reply": "answer"})
    path = tmp_path / "replies.jsonl"
    assert wrong.value.mistakes == [
        f"{path}:3: expected a JSON object (found '{{not json': Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1))",
        f"{path}:4: expected a JSON object (found '[1]')",
        f"{path}:5: expected problem or skill (found answer)",
        f"{path}:6: problem: expected text (found 7)",
        f"{path}:7: answer: expected text (found nothing)",
        f"{path}:8: difficulty: expected an integer, 0 or more (found 'hard')",
        f"{path}:9: repairs: expected a list of texts (found 'y')",
        f"{path}:10: answer: expected text (found '\\ud800')",
        f"{path}:11: tokens_in: expected an integer, 0 or more (found True)",
    ]


def test_a_long_list_of_mistakes_is_cut_and_counted(tmp_path: Path) -> None:
    with pytest.raises(InputError) as wrong:
        teacher(tmp_path, *["?"] * (MOST_MISTAKES + 12))
    assert len(wrong.value.mistakes) == MOST_MISTAKES + 1
    assert wrong.value.mistakes[-1].endswith("and 12 more like these")


def test_a_file_that_is_not_there_or_empty_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected at least one recorded reply \(found none\)"):
        teacher(tmp_path)
    with pytest.raises(InputError, match=r"gone.jsonl: expected a JSONL file \(found nothing\)"):
        Replay(ReplayTeacher(kind="replay", path=str(tmp_path / "gone.jsonl")))


def test_a_file_that_is_not_text_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"problem": "a", "reply": "b"}\n{"problem": "\xe9", "reply": "b"}\n')
    with pytest.raises(InputError, match=r"latin.jsonl:2: expected a JSON object \(found .* invalid continuation byte"):
        Replay(ReplayTeacher(kind="replay", path=str(path)))
