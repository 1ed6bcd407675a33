"""Taking up an earlier run: what has changed in the recipe since, and what of the record can still be used.

Replies are kept under the digest of their request and verdicts under draft, verifier, version and settings. So when a
recipe changes, everything derived is worked out again, and whatever the change does not touch comes from the record.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proofmill.errors import InputError
from proofmill.gate import Sample
from proofmill.ledger import Ledger
from proofmill.recipe import Recipe
from proofmill.verifiers.catalogue import verifier
from proofmill.verifiers.verdict import digest

_SHOWN = 60


def take_up(recipe: Recipe, teacher_content: str, anchors: Sequence[Sample], ledger: Ledger) -> list[str]:
    """Prepare the ledger for this recipe; what to tell the user, line by line (nothing on a first run)."""
    stored = ledger.meta("recipe")
    notes = [] if stored is None else _notes(recipe, json.loads(stored), ledger)
    anchored = digest([anchor.judgement.draft.id for anchor in anchors])
    versions = {check.verifier: verifier(check.verifier).version for check in recipe.checks}
    made_by = digest([recipe.digest, teacher_content, anchored, versions])
    if ledger.meta("made_by") not in (None, made_by):
        ledger.forget("tries", "items", "rows", "shards")
        replies, verdicts = (ledger.tally(f"SELECT COUNT(*) FROM {name}")[0][0] for name in ("calls", "verdicts"))  # noqa: S608
        if not notes:
            notes = ["the teacher's recorded replies, the anchors or a verifier's version changed since the last run"]
        notes.append(
            f"every draft is worked out again; of {replies:,} replies and {verdicts:,} verdicts on record, "
            "those that the change does not touch are used, and not asked again"
        )
    elif ledger.meta("wanted") not in (None, str(recipe.wanted.rows)):
        ledger.forget("rows", "shards")
        ledger.uncount()
    elif ledger.meta("shard_rows") not in (None, str(recipe.output.shard_rows)):
        ledger.forget("shards")
    facts = {
        "recipe": json.dumps(recipe.canonical),
        "folder": str(recipe.path("")),
        "made_by": made_by,
        "wanted": str(recipe.wanted.rows),
        "shard_rows": str(recipe.output.shard_rows),
    }
    for key, value in facts.items():
        ledger.set_meta(key, value)
    ledger.commit()
    return notes


def _notes(recipe: Recipe, before: dict[str, Any], ledger: Ledger) -> list[str]:
    if before["name"] != recipe.name:
        raise InputError(
            f"{ledger.path.parent}: expected a folder for {recipe.name} (found the dataset of {before['name']}); "
            "choose another --out"
        )
    return [f"changed since the last run: {change}" for change in changes(before, recipe.canonical)]


def changes(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """Every key whose value differs, as `verify.0.maths.answer.seconds: 10.0 -> 5.0`."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from changes(before.get(key), after.get(key), f"{where}.{key}" if where else str(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from changes(old, new, f"{where}.{number}")
    else:
        yield f"{where}: {_short(before)} -> {_short(after)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
