"""A YAML file is read as its author meant it, and every value knows its place."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofmill.document import Document, Place, describe, nearest, read
from proofmill.errors import InputError


def document(folder: Path, text: str | bytes) -> Document:
    path = folder / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, shown="a.yaml")


def test_values_come_as_they_were_meant(tmp_path: Path) -> None:
    """Text, numbers, truth and nothing, of which YAML 1.1 and its readers agree."""
    text = "a: text\nb: 7\nc: -0.5\nd: true\ne:\nf: [1, '1']\ng: {h: 0}\ni: |\n  two\n  lines\nj: 1.0e-4\n"
    assert document(tmp_path, text).data == {
        "a": "text",
        "b": 7,
        "c": -0.5,
        "d": True,
        "e": None,
        "f": [1, "1"],
        "g": {"h": 0},
        "i": "two\nlines\n",
        "j": 0.0001,
    }


@pytest.mark.parametrize("word", ["no", "Yes", "ON", "012", "12:30", "2024-05-01", "<<", "=", "~"])
def test_quotes_make_text_of_anything(tmp_path: Path, word: str) -> None:
    """What is refused bare is text in quotes, as a value and as a key."""
    assert document(tmp_path, f"a: '{word}'\n'{word}': 1\n").data == {"a": word, word: 1}


@pytest.mark.parametrize("word", ["no", "Yes", "ON", "012", "12:30", "2024-05-01", "<<", "="])
def test_bare_words_that_yaml_reads_otherwise_are_refused(tmp_path: Path, word: str) -> None:
    """No value passes as something that its author did not write."""
    with pytest.raises(InputError, match=r"^a\.yaml:1:4: a: expected .*, which YAML 1\.1 reads "):
        document(tmp_path, f"a: {word}\n")


def test_every_value_knows_its_place(tmp_path: Path) -> None:
    """A scalar stands where it begins, a section where its key does, an item where it begins."""
    found = document(tmp_path, "# a comment\na: {b: 1}\nc:\n  - d\n  - e: 2\n")
    assert found.place(("a",)) == Place(2, 1)
    assert found.place(("a", "b")) == Place(2, 8)
    assert found.place(("a", "b"), of_key=True) == Place(2, 5)
    assert found.place(("c",)) == Place(3, 1)
    assert found.place(("c", 0)) == Place(4, 5)
    assert found.place(("c", 1)) == Place(5, 5)
    assert found.place(("c", 1, "e")) == Place(5, 8)


def test_what_is_missing_stands_at_the_nearest_thing_that_exists(tmp_path: Path) -> None:
    """The section that lacks it; the whole file where a section is missing."""
    found = document(tmp_path, "# a comment\na: {b: 1}\nc:\n  - d\n")
    assert found.place(("a", "x")) == Place(2, 1)
    assert found.place(("a", "x", "y")) == Place(2, 1)
    assert found.place(("c", 7)) == Place(3, 1)
    assert found.place(("z",)) == Place(2, 1)
    assert found.found(("a", "x")) == "nothing"


def test_a_finding_is_told_as_it_was_written(tmp_path: Path) -> None:
    """Not as YAML or Python spell it."""
    found = document(tmp_path, "a: 1.10\nb: True\nc: 0x10\nd: 'x'\ne: []\nf: {g: 1}\nh: null\n")
    told = [found.found((key,)) for key in "abcdefh"]
    assert told == ["1.10", "True", "0x10", "'x'", "an empty list", "a mapping", "nothing"]


def test_a_long_text_is_told_short() -> None:
    """A message stays a line."""
    assert describe("x" * 500) == repr("x" * 57 + "...")
    assert "\n" not in describe("one\ntwo")


def test_windows_files_are_read(tmp_path: Path) -> None:
    """A byte order mark and CRLF change neither values nor places."""
    found = document(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert found.data == {"a": 1, "b": 2}
    assert found.place(("b",)) == Place(2, 4)


def test_places_count_characters_not_bytes(tmp_path: Path) -> None:
    """As editors do."""
    assert document(tmp_path, "ä: {ö: 1, ü: 2}\n").place(("ä", "ü")) == Place(1, 14)


def test_a_surrogate_pair_is_one_character(tmp_path: Path) -> None:
    """JSON's spelling of a character is read; half of one is refused, as a value and as a key."""
    assert document(tmp_path, r'a: "\ud83d\ude00"').data["a"].encode("utf-16", "surrogatepass").decode("utf-16") == "😀"
    for text in (r'a: "\ud83d"', r'"\ud83d": a'):
        with pytest.raises(InputError, match="half of a surrogate pair"):
            document(tmp_path, text)


def test_all_mistakes_of_form_are_told_in_order(tmp_path: Path) -> None:
    """One reading shows them all."""
    with pytest.raises(InputError) as caught:
        document(tmp_path, "a: no\nb: [012, {c: 1:30}]\na: 3\n4: 5\n")
    places = [line.split(": ")[0] for line in caught.value.mistakes]
    assert places == ["a.yaml:1:4", "a.yaml:2:5", "a.yaml:2:14", "a.yaml:3:1", "a.yaml:4:1"]


def test_nearest_names_the_word_that_was_meant() -> None:
    """And no word where none is close."""
    assert nearest("row", ["rows", "hours"]) == "; did you mean 'rows'?"
    assert nearest("zebra", ["rows", "hours"]) == ""


_YAML_LIKE = st.text(alphabet=st.sampled_from(list("ab:{}[]-,?!&*|>'\"#% \n\t012.~=<\\u\x00\ud800é")), max_size=40)


@given(_YAML_LIKE)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_or_refused_with_its_place(tmp_path: Path, text: str) -> None:
    """Never a traceback, and no place outside the file."""
    raw = text.encode("utf-8", "surrogatepass")
    try:
        mistakes, data = [], document(tmp_path, raw).data
    except InputError as why:
        mistakes, data = why.mistakes, None
    assert bool(mistakes) == (data is None)
    for line in mistakes:
        name, row, column, _ = line.split(":", 3)
        assert name == "a.yaml"
        assert 1 <= int(row) <= raw.count(b"\n") + raw.count(b"\r") + 2
        assert int(column) >= 1
