"""Which accepted drafts become rows: in the order of the plan, no duplicates, up to each cell's quota."""

from collections.abc import Iterable

from proofmill.curation.duplicates import fingerprints
from proofmill.gate import Sample
from proofmill.ledger import Ledger
from proofmill.plan import Draw, Plan
from proofmill.recipe import Recipe
from proofmill.record import Prints, Try

ACCEPTED = "accept"
SURPLUS = "surplus"
COMMIT_DRAWS = 1000


class Selection:
    """Takes finished draws as they come to count, and gives each of their tries its place in the dataset."""

    def __init__(self, recipe: Recipe, ledger: Ledger, plan: Plan, anchors: Iterable[Sample]) -> None:
        self._ledger, self._plan = ledger, plan
        self._likeness = recipe.curate.duplicates
        by = recipe.compared_by
        self._anchors: dict[bytes, tuple[str, set[bytes]]] = {}
        for anchor in anchors:
            exact, normal = fingerprints(anchor.judgement.draft, by)
            self._anchors.setdefault(normal, (anchor.judgement.draft.id, set()))[1].add(exact)

    def take(self, draws: Iterable[Draw]) -> None:
        """Count these draws."""
        try:
            for number, draw in enumerate(draws, 1):
                for record in self._ledger.take_tries(draw.index):
                    self._place(draw, record)
                self._ledger.count(draw.index)
                if number % COMMIT_DRAWS == 0:
                    self._ledger.commit()
        except BaseException:
            self._ledger.drop()  # half a draw must not be written: it would be counted twice
            raise

    def _place(self, draw: Draw, record: Try) -> None:
        if record.outcome != ACCEPTED or record.prints is None:
            self._ledger.add_row("rejected", record)
            return
        twin = self._twin(record.prints)
        if twin:
            self._ledger.add_row("rejected", record, reason=twin[0], detail=twin[1])
        elif self._plan.choose(draw.index):
            self._ledger.add_row("synthetic", record)
        else:
            self._ledger.add_row(SURPLUS, record)

    def _twin(self, prints: Prints) -> tuple[str, str] | None:
        """(slug, whose twin) where the row says again what is there already."""
        if self._likeness == "keep":
            return None
        anchor = self._anchors.get(prints[1])
        row = self._ledger.twin(prints)
        found = [(f"anchor {anchor[0]}", prints[0] in anchor[1])] if anchor else []
        found += [(f"row {row[0]}", row[1])] if row else []
        for whose, exact in sorted(found, key=lambda pair: not pair[1]):
            if exact:
                return "duplicate_exact", whose
            if self._likeness == "normalised":
                return "duplicate_normalised", whose
        return None
