"""Small builds of word problems, and what came of them."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import wordy_brain
from proofmill.output.reading import rows, shard_paths
from proofmill.recipe import Recipe, recipe_of

PROMPT = "Write a word problem with {{ skill }}, and solve it.\nReply with {{ reply_format }}"
BRAIN = "wordy_brain:think"


def words(folder: Path, url: str, wanted: int | dict[str, Any], *, in_flight: int = 16, **keys: Any) -> Recipe:
    """A recipe for word problems; other keys replace those of the recipe."""
    teacher = {"kind": "openai", "model": "any", "base_url": url, "in_flight": in_flight, **keys.pop("teacher", {})}
    data: dict[str, Any] = {
        "name": "words",
        "version": "1",
        "licence": "apache-2.0",
        "wanted": {"rows": wanted} if isinstance(wanted, int) else wanted,
        "teacher": teacher,
        "task": {"domain": "maths", "skills": ["sums", "products"], "prompt": PROMPT},
        "verify": ["maths.answer", "maths.arithmetic"],
    }
    return recipe_of({**data, **keys}).in_folder(folder)


def anchored(folder: Path, anchors: int, share: float = 0.2) -> dict[str, Any]:
    """The keys of a recipe with so many anchors in a file."""
    return {"anchors": [anchors_file(folder, anchors)], "mix": {"kind": "ratio", "anchor_share": share}}


def anchors_file(folder: Path, count: int) -> dict[str, Any]:
    """Word problems as people would have written them, in a file; the source as a recipe names it."""
    with (folder / "people.jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            told = (200 + number, 7, "cups", 5)
            row = {"problem": wordy_brain.problem(*told), "solution": wordy_brain.solution(*told)}
            row["answer"] = str(told[0] * 7 - 5)
            file.write(json.dumps(row) + "\n")
    path = str(folder / "people.jsonl")
    return {"id": "people", "source": "jsonl", "path": path, "licence": "mit", "human_basis": "self_declared"}


def solved_anew(folder: Path, url: str, problems: int, wanted: int | dict[str, Any], **keys: Any) -> Recipe:
    """A recipe that has people's problems solved anew."""
    task = {
        "domain": "maths",
        "skills": ["words"],
        "problems": "anchors",
        "reply": "text",
        "prompt": "Solve:\n{{ problem }}",
    }
    return words(folder, url, wanted, **{"task": task, **anchored(folder, problems), **keys})


def told(out: Path, config: str = "synthetic") -> list[dict[str, Any]]:
    """The rows of a configuration as README.md lists them, all of them but the moments at which they were made."""
    found = []
    for row in rows(shard_paths(out).get(config, [])):
        provenance = json.loads(row["provenance"])
        provenance.pop("created_at", None)
        found.append({**row, "provenance": provenance})
    return found


def ids(out: Path, config: str = "synthetic") -> list[str]:
    """The ids of the rows of a configuration, in order."""
    return [row["id"] for row in told(out, config)]


def ledger_says(out: Path, sql: str) -> list[tuple[Any, ...]]:
    """A query of a copy of the ledger, as a kill left it: the ledger itself is not touched."""
    copy = out.parent / f"{out.name}.copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in out.glob(".ledger.sqlite*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, copy)
    database = sqlite3.connect(copy / ".ledger.sqlite")
    try:
        return database.execute(sql).fetchall()
    except sqlite3.OperationalError:  # killed before there were tables
        return []
    finally:
        database.close()


CHOSEN = "SELECT lower(hex(t.draft)) FROM rows r JOIN tries t USING(item, attempt, turn)\
 WHERE config='synthetic' ORDER BY number"
ACCEPTED = "SELECT DISTINCT lower(hex(draft)) FROM tries WHERE outcome='accept'"
