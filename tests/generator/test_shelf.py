"""The shipped recipes: listed, read, and copied with what they need."""

from pathlib import Path

import pytest
from rich.console import Console

from proofmill import shelf
from proofmill.errors import InputError
from proofmill.recipe import SHIPPED, load_recipe

NAMES = [
    "algebra",
    "calculus",
    "gsm8k-resolve",
    "linear-algebra",
    "logic-puzzles",
    "number-theory",
    "quickstart",
    "word-problems",
]


def test_every_shipped_recipe_is_listed_with_a_sentence() -> None:
    """Name, summary, teacher, verifiers and anchors of each."""
    assert shelf.names() == NAMES
    console = Console(width=200, record=True, quiet=False, file=None)
    with console.capture() as said:
        console.print(shelf.listing())
    for name in shelf.names():
        recipe = load_recipe(name)
        assert recipe.summary
        assert name in said.get()


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_a_recipe_of_its_own(name: str, tmp_path: Path) -> None:
    """The copy loads, bears its file's name, differs in nothing else, and has the files that it names beside it."""
    path = shelf.new(name, tmp_path / "deep" / "my-own.yaml")
    copy, original = load_recipe(path), load_recipe(name)
    assert copy.name == "my-own"
    assert {**copy.canonical, "name": name} == original.canonical
    for file in path.parent.iterdir():
        assert file == path or file.read_bytes() == (SHIPPED / file.name).read_bytes()
    if copy.teacher.kind == "replay":
        assert copy.path(copy.teacher.path).is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there, with the recipe's name or that of its replies, is left as it is."""
    shelf.new("quickstart", tmp_path / "one.yaml")
    shelf.new("quickstart", tmp_path / "two.yaml")  # the replies are there already, and the same
    (tmp_path / "quickstart.replies.jsonl").write_text("mine")
    with pytest.raises(InputError, match=r"expected a new file \(found .*quickstart\.replies\.jsonl, which exists\)"):
        shelf.new("quickstart", tmp_path / "three.yaml")
    assert not (tmp_path / "three.yaml").exists()
    with pytest.raises(InputError, match="expected a new file"):
        shelf.new("calculus", tmp_path / "one.yaml")


def test_an_unknown_name_lists_the_known_ones() -> None:
    """Neither a typo nor a path reads anything else."""
    for name in ("quick", "../pyproject", ""):
        with pytest.raises(InputError, match=r"expected one of algebra, calculus, gsm8k-resolve, .*quickstart"):
            shelf.text(name)
