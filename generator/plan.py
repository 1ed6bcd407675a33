"""The plan: cells with their quotas, and an endless numbered sequence of draws that fills them.

Draw `index` belongs to cell `index % cells` for ever, and draws count in that order whatever order the replies come
in: a draw counts once every lower draw of an unfilled cell is done. So the rows that are chosen depend on the replies
alone, not on which came first, and a run that was killed or throttled chooses the same rows as one that was not.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from proofmill.recipe import Recipe

FIRST_YIELD = 1.0
"""Rows per draw that are expected before there is any experience."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One target of the plan: a skill at a difficulty, and how many rows it should give."""

    skill: str
    difficulty: int
    quota: int


@dataclass(frozen=True, slots=True)
class Draw:
    """One place in the sequence: its number, its cell, and how many draws that cell had before it."""

    index: int
    cell: Cell
    ordinal: int


def cells_of(recipe: Recipe) -> tuple[Cell, ...]:
    """Skills x difficulties; the wanted rows spread evenly, the first cells taking the remainder."""
    pairs = [(skill, level) for level in recipe.task.difficulty for skill in recipe.task.skills]
    each, over = divmod(recipe.wanted.rows, len(pairs))
    return tuple(Cell(skill, level, each + (number < over)) for number, (skill, level) in enumerate(pairs))


@dataclass(slots=True)
class _Progress:
    """How far one cell is; ordinals count its draws from 0."""

    cell: Cell
    issued: int = 0  # draws handed out
    settled: int = 0  # draws counted, in order
    chosen: int = 0  # rows counted towards the quota
    closed: bool = False  # no further draws to be had
    waiting: int = 0  # rows accepted in finished draws that do not count yet
    done: dict[int, int] = field(default_factory=dict)  # those draws -> their rows
    ahead: set[int] = field(default_factory=set)  # draws that an earlier run counted over a gap
    patience: int | None = None  # draws without a row after which no more are made
    reach: int = 0  # an earlier run finished the draw before this one: whatever it left open below is needed

    @property
    def full(self) -> bool:
        return self.chosen >= self.cell.quota

    @property
    def given_up(self) -> bool:
        """Whether so many draws gave nothing that more would be waste."""
        return self.patience is not None and not self.chosen and self.settled >= self.patience

    def has_done(self, ordinal: int) -> bool:
        """Whether a draw is done, counted or not."""
        return ordinal < self.settled or ordinal in self.done or ordinal in self.ahead

    @property
    def wants_more(self) -> bool:
        """Whether the draws under way are fewer than the yield so far says are needed."""
        if self.full or self.closed or self.given_up:
            return False
        if self.issued < self.reach:
            return True
        passed = self.chosen + self.waiting
        finished = self.settled + len(self.done) + len(self.ahead)
        rate = (passed + 2 * FIRST_YIELD) / (finished + 2)
        return self.issued - finished < (self.cell.quota - passed) / max(rate, 0.01)


class Plan:
    """Hands out draws while they are needed, and says which finished draws now count.

    `limit` is how many draws each cell has at most (None: no end), as where the problems come from anchors; `patience`,
    after how many counted draws without a row a cell is given up (None: never).
    """

    def __init__(self, cells: tuple[Cell, ...], *, limit: int | None = None, patience: int | None = None) -> None:
        self._cells = [_Progress(cell, closed=limit == 0, patience=patience) for cell in cells]
        self._limit = limit
        self._turn = 0
        self._next_to_count = [(number, number) for number in range(len(cells))]

    @property
    def chosen(self) -> int:
        """Rows that count towards the quotas."""
        return sum(progress.chosen for progress in self._cells)

    @property
    def wanted(self) -> int:
        """Rows that are wanted in all."""
        return sum(progress.cell.quota for progress in self._cells)

    @property
    def complete(self) -> bool:
        """Whether every cell has its rows."""
        return all(progress.full for progress in self._cells)

    @property
    def exhausted(self) -> bool:
        """Whether no further draw will ever come."""
        return all(progress.full or progress.closed or progress.given_up for progress in self._cells)

    @property
    def given_up(self) -> list[Cell]:
        """Cells of which too many draws in a row gave nothing."""
        return [progress.cell for progress in self._cells if progress.given_up]

    def next(self) -> Draw | None:
        """The next draw, cells taking turns; None where enough is under way for now."""
        for _ in self._cells:
            number, self._turn = self._turn, (self._turn + 1) % len(self._cells)
            progress = self._cells[number]
            while progress.has_done(progress.issued):
                self._issue(progress)  # an earlier run has done this one
            if progress.wants_more:
                return self._draw(number, self._issue(progress))
        return None

    @staticmethod
    def _uncover(progress: _Progress, ordinal: int) -> None:
        progress.waiting -= progress.done.pop(ordinal)

    def _issue(self, progress: _Progress) -> int:
        progress.issued += 1
        progress.closed |= self._limit is not None and progress.issued >= self._limit
        return progress.issued - 1

    def finish(self, index: int, rows: int) -> None:
        """A draw is done, and gave so many accepted rows."""
        ordinal, number = divmod(index, len(self._cells))
        self._cells[number].done[ordinal] = rows
        self._cells[number].waiting += rows

    def close(self, index: int) -> None:
        """The cell of this draw has nothing more to give: neither this draw nor a later one."""
        ordinal, number = divmod(index, len(self._cells))
        progress = self._cells[number]
        progress.closed = True
        progress.issued = min(progress.issued, ordinal)

    def settle(self) -> Iterator[Draw]:
        """The draws that count from now on, lowest first; the caller tells by `choose` what each gives."""
        while self._next_to_count:
            index, number = self._next_to_count[0]
            progress, ordinal = self._cells[number], index // len(self._cells)
            gone = progress.closed and ordinal >= progress.issued and ordinal not in progress.done
            if progress.full or progress.given_up or gone:
                heapq.heappop(self._next_to_count)
                continue
            if ordinal not in progress.done and ordinal not in progress.ahead:
                return
            heapq.heapreplace(self._next_to_count, (index + len(self._cells), number))
            progress.settled += 1
            if ordinal in progress.ahead:
                progress.ahead.discard(ordinal)
            else:
                self._uncover(progress, ordinal)
                yield self._draw(number, ordinal)

    def settle_rest(self) -> Iterator[Draw]:
        """All finished draws, gaps or not: for a run whose budget ended before its plan was filled."""
        waiting = sorted(
            ordinal * len(self._cells) + number
            for number, progress in enumerate(self._cells)
            for ordinal in progress.done
        )
        for index in waiting:
            ordinal, number = divmod(index, len(self._cells))
            progress = self._cells[number]
            self._uncover(progress, ordinal)
            progress.ahead.add(ordinal)
            yield self._draw(number, ordinal)

    def choose(self, index: int) -> bool:
        """Count one accepted row of this draw; False where its cell has its quota already."""
        progress = self._cells[index % len(self._cells)]
        if progress.full:
            return False
        progress.chosen += 1
        return True

    def restore(self, finished: Iterable[tuple[int, int, bool]], chosen: Iterable[tuple[int, int]]) -> None:
        """Take up an earlier run: (index, accepted rows, counted already?) of finished draws, (index, rows) chosen."""
        for index, rows in chosen:
            self._cells[index % len(self._cells)].chosen += rows
        for index, rows, counted in finished:
            ordinal, number = divmod(index, len(self._cells))
            progress = self._cells[number]
            if not counted:
                self.finish(index, rows)
            elif ordinal == progress.settled:
                progress.settled += 1
            else:
                progress.ahead.add(ordinal)
        for progress in self._cells:
            while progress.settled in progress.ahead:
                progress.ahead.discard(progress.settled)
                progress.settled += 1
            progress.issued = progress.settled
            progress.reach = max([*progress.done, *progress.ahead], default=-1) + 1
            progress.closed |= self._limit is not None and progress.issued >= self._limit
        self._next_to_count = [
            (progress.settled * len(self._cells) + number, number) for number, progress in enumerate(self._cells)
        ]
        heapq.heapify(self._next_to_count)

    def _draw(self, number: int, ordinal: int) -> Draw:
        return Draw(ordinal * len(self._cells) + number, self._cells[number].cell, ordinal)
