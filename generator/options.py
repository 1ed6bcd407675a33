"""Command-line options as overrides of a recipe."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from proofmill import document
from proofmill.errors import InputError
from proofmill.recipe import find


def overrides(recipe: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that the options of `build` replace."""
    changes: dict[str, Any] = {"wanted.rows": options["rows"]}
    teacher = {key: value for key, value in options["teacher"].items() if value is not None}
    if "path" in teacher:
        teacher["path"] = str(Path(teacher["path"]).absolute())
    changes |= {"teacher": teacher} if teacher else {}
    if options["anchors"] is not None:
        changes["anchors"] = [_from_file(recipe, options["anchors"])]
    for text in options["set"]:
        changes |= _setting(text)
    return changes


def _from_file(recipe: str, path: Path) -> dict[str, Any]:
    """The recipe's one source of anchors, read from a JSONL file instead."""
    sources = document.read(find(recipe), shown=recipe).data.get("anchors") or []
    if len(sources) != 1:
        raise InputError(f"build.anchors: expected a recipe with one source of anchors (found {len(sources)})")
    kept = {key: value for key, value in sources[0].items() if key not in ("repo", "config", "split", "revision")}
    return {**kept, "source": "jsonl", "path": str(path.absolute())}


def _setting(text: str) -> dict[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise InputError(f"build.set: expected key=value (found {text!r})")
    try:
        return {key: yaml.safe_load(value)}
    except yaml.YAMLError:
        raise InputError(f"build.set: {key}: expected a YAML value (found {value!r})") from None
