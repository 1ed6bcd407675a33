"""OUT/ as a Hugging Face dataset that loads at any moment: sealed shards, and README.md, replaced at once, names them.

Everything here is a function of (ledger, anchors, recipe). Full shards are sealed once; only the last, partial shard of
a configuration is written again as rows come in. The README goes out after the shards it names, and shards that it no
longer names go last, after a while: somebody may have read the README just before.
"""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from proofmill.gate import Sample
from proofmill.ledger import Ledger
from proofmill.mix import Mix, mix
from proofmill.output.card import Facts, card
from proofmill.output.rows import Row, anchor_row, cell_of, schema_of, synthetic_row
from proofmill.output.shards import replace_durably, seal, unnamed
from proofmill.recipe import Recipe
from proofmill.record import Record
from proofmill.verifiers.verdict import Verdict, digest

CONFIGS = ("mixed", "synthetic", "anchors", "rejected")
GRACE_SECONDS = 30.0
"""How long a shard stays that README.md has ceased to name."""


class Dataset:
    """Writes what the ledger holds, and the anchors beside it, to OUT/."""

    def __init__(self, out: Path, recipe: Recipe, ledger: Ledger, anchors: Sequence[Sample]) -> None:
        self._out, self._recipe, self._ledger = out, recipe, ledger
        self._anchors = anchors
        self._anchored = digest([anchor.judgement.draft.id for anchor in anchors])
        self._named: dict[str, list[str]] = {}
        self.left: dict[Path, float] = {}
        """Shards that are not named any more, and since when."""
        self._parents = {anchor.judgement.draft.problem: anchor.judgement.draft.id for anchor in anchors}

    def write(self, facts: Facts) -> Mix | None:
        """Bring OUT/ up to date with the ledger, which has been committed; the mix that was made."""
        made = self._mix()
        self._renew_if_changed("mixed", {"mix": self._recipe.canonical["mix"]})
        counts = {config: self._ledger.size(config) for config in ("synthetic", "rejected")}
        counts |= {"anchors": len(self._anchors), "mixed": made.rows if made else 0}
        shards = {config: self._shards(config, counts[config], made) for config in CONFIGS if counts[config]}
        self._ledger.commit()
        if made:
            text = json.dumps(made.record(self._recipe.canonical["mix"]), indent=2)
            replace_durably(self._out / "mix.json", text.encode() + b"\n")
        readme = card(self._recipe, shards, counts, made, facts)
        replace_durably(self._out / "README.md", readme.encode())
        self._named = shards
        self.sweep(GRACE_SECONDS)
        return made

    def sweep(self, grace: float = 0.0) -> None:
        """Remove the shards that README.md has not named for so many seconds."""
        now = time.monotonic()
        found = [path for config in CONFIGS for path in unnamed(self._out / config, self._named.get(config, ()))]
        self.left = {path: self.left.get(path, now) for path in found}
        for path, since in self.left.items():
            if now - since >= grace:
                path.unlink(missing_ok=True)

    def _mix(self) -> Mix | None:
        if self._recipe.mix is None:
            return None
        return mix(self._recipe.mix, anchors=len(self._anchors), synthetic=self._ledger.size("synthetic"))

    def _renew_if_changed(self, config: str, settings: dict[str, object]) -> None:
        """Forget the shards of a configuration when what they are made by has changed."""
        made_by = digest({**settings, "anchors": self._anchored})
        if self._ledger.meta(f"made_by:{config}") != made_by:
            self._ledger.forget_shards(config)
            self._ledger.set_meta(f"made_by:{config}", made_by)
            self._ledger.commit()  # `_shards` reads back what is remembered

    def _shards(self, config: str, rows: int, made: Mix | None) -> list[str]:
        """The file names of a configuration; a full shard that the ledger remembers is not written again."""
        size, names = self._recipe.output.shard_rows, []
        for number in range((rows + size - 1) // size):
            first, full = number * size, (number + 1) * size <= rows
            name = self._ledger.shard(config, number) if full and config != "anchors" else None
            if name is None or not (self._out / config / name).is_file():
                content = self._rows(config, first, min(size, rows - first), made)
                name = seal(self._out / config, number, content, schema_of(config))
                if full and config != "anchors":
                    self._ledger.add_shard(config, number, name)
            names.append(name)
        return names

    def _rows(self, config: str, first: int, count: int, made: Mix | None) -> Iterator[Row]:
        if config == "anchors":
            return (anchor_row(self._recipe, anchor) for anchor in self._anchors[first : first + count])
        if config == "mixed" and made:
            return self._mixed(first, count, made)
        return self._recorded(config, first, count)

    def _mixed(self, first: int, count: int, made: Mix) -> Iterator[Row]:
        order = [place for _, place in zip(range(count), made.order(first), strict=False)]
        numbers = [number for side, number in order if side == "synthetic"]
        synthetic = self._recorded("synthetic", numbers[0], len(numbers)) if numbers else iter(())
        for side, number in order:
            yield next(synthetic) if side == "synthetic" else anchor_row(self._recipe, self._anchors[number])

    def _recorded(self, config: str, first: int, count: int) -> Iterator[Row]:
        """Rows of the ledger; in `synthetic` none goes out without an accepting verdict of every check."""
        every = {self._recipe.checks_for(skill) for skill in self._recipe.task.skills}
        verdicts = {checks: self._ledger.verdicts_of(config, first, count, checks.every) for checks in every}
        for record in self._ledger.records(config, first, count):
            checks = self._recipe.checks_for(cell_of(self._recipe, record.attempt.item)[0])
            said = verdicts[checks].get(record.attempt.draft or "", [])
            if config == "synthetic" and [verdict.outcome for verdict in said] != ["accept"] * len(checks.every):
                raise RuntimeError(f"no proof, no row: draft {record.attempt.draft} has verdicts {said}")
            yield self._row(record, said)

    def _row(self, record: Record, verdicts: list[Verdict]) -> Row:
        by_people = self._recipe.task.problems == "anchors" and record.draft
        parents = [self._parents[record.draft.problem]] if by_people and record.draft else []
        row = synthetic_row(self._recipe, record, verdicts, parents)
        if record.attempt.outcome != "accept" or record.attempt.reason.startswith("duplicate"):
            row |= {"reason": record.attempt.reason, "detail": record.attempt.detail}
        return row
