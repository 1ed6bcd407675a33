"""The recipes that come with Proofmill: list them, read one, copy one."""

from pathlib import Path

from rich.table import Column, Table

from proofmill.errors import InputError
from proofmill.recipe import SHIPPED, load_recipe


def names() -> list[str]:
    """Names of the shipped recipes."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def listing() -> Table:
    """A table of the shipped recipes."""
    table = Table(
        "recipe", Column("what it makes", ratio=2), "teacher", Column("verified by", overflow="fold"), "anchors"
    )
    for name in names():
        recipe = load_recipe(SHIPPED / f"{name}.yaml")
        checks = "\n".join(dict.fromkeys(check.verifier for check in recipe.checks))
        table.add_row(name, recipe.summary, recipe.teacher.kind, checks, ", ".join(a.id for a in recipe.anchors))
    return table


def text(name: str) -> str:
    """The YAML of a shipped recipe."""
    if name not in names():
        raise InputError(f"recipes.name: expected one of {', '.join(names())} (found {name or 'nothing'})")
    return (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")


def new(name: str, path: Path) -> Path:
    """Copy a shipped recipe, with the recorded replies and the schema that it names; existing files are not touched."""
    copy = text(name).replace(f"\nname: {name}\n", f"\nname: {path.stem}\n", 1)
    files = {path: copy.encode()}
    files |= {
        path.parent / file.name: file.read_bytes() for file in SHIPPED.iterdir() if file.name in copy and file != path
    }
    existing = [str(file) for file, content in files.items() if file.exists() and file.read_bytes() != content]
    if existing or path.exists():
        raise InputError(
            f"recipes.path: expected a new file (found {', '.join(existing or [str(path)])}, which exists)"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        file.write_bytes(content)
    return path
