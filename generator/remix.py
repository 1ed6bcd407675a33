"""Mix a dataset again: everything after the ledger is a function of (ledger, anchors, recipe), so no token is spent."""

import json
from pathlib import Path
from typing import Any

from proofmill.anchoring import AnchorCount
from proofmill.errors import InputError
from proofmill.ledger import LEDGER, open_ledger
from proofmill.mix import Mix
from proofmill.output.card import Facts
from proofmill.output.dataset import Dataset
from proofmill.output.funnel import count
from proofmill.output.reading import anchors_of
from proofmill.recipe import Recipe, load_recipe, recipe_of


def mix_again(out: Path, asked: dict[str, Any]) -> Mix:
    """Write `mixed` anew, at the recipe's ratio or the one that is asked; what was made."""
    if not (out / LEDGER).is_file():
        raise InputError(f"{out}: expected a dataset with its ledger, {LEDGER} (found none)")
    with open_ledger(out) as ledger:
        recipe = _recipe(json.loads(ledger.meta("recipe") or "{}"), asked)
        counts = [AnchorCount(**said) for said in json.loads(ledger.meta("anchor_counts") or "[]")]
        finished = ledger.meta("finished") == "1"
        dataset = Dataset(out, recipe, ledger, anchors_of(out))
        made = dataset.write(Facts(count(ledger), counts, finished))
        if made is None:
            raise InputError(f"{out}: expected a dataset with anchors to mix (found none in its recipe)")
        dataset.sweep()
        ledger.set_meta("recipe", json.dumps(recipe.canonical))
        return made


def _recipe(canonical: dict[str, Any], asked: dict[str, Any]) -> Recipe:
    recipe = recipe_of(canonical)
    return load_recipe(recipe, mix=asked) if asked else recipe
