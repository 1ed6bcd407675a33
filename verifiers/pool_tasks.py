"""What waits in the pool: a request (a draft with its checks and the caller's future) and its tasks, one per check."""

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from proofmill.verifiers import wire
from proofmill.verifiers.verdict import Check, Draft, Verdict

DEATHS = 3  # workers that may die on one check before it is called `crashed`


FIRST_GUESS = 0.002  # seconds a check is expected to take before we have seen its verifier at work


class PoolUnavailable(RuntimeError):
    """No worker can be started: the machine's trouble, or a broken installation; the message quotes what it said."""


class VerifierBroken(RuntimeError):
    """A verifier raised instead of answering: our bug, never a verdict on the draft."""

    def __init__(self, verifier: str, draft_id: str, worker_traceback: str) -> None:
        super().__init__(verifier, draft_id, worker_traceback)
        self.verifier = verifier
        self.draft_id = draft_id
        self.worker_traceback = worker_traceback

    def __str__(self) -> str:
        return f"{self.verifier} raised on draft {self.draft_id}; in the worker:\n{self.worker_traceback}"


class Task:
    """One check of one draft. `holders` counts the queues it stands in, `deaths` the workers that died on it."""

    __slots__ = ("check", "deaths", "holders", "place", "request", "settled", "text")

    def __init__(self, request: "Request", place: int, check: Check) -> None:
        self.request = request
        self.place = place
        self.check = check
        self.text = wire.check_text(check)
        self.deaths = 0
        self.holders = 0
        self.settled = False

    @property
    def over(self) -> bool:
        """Nobody waits for this one any more."""
        return self.settled or self.request.finished

    def settle(self, verdict: Verdict) -> None:
        """Give the verdict; the first one counts."""
        if not self.over:
            self.settled = True
            self.request.note(self.place, verdict)

    def give_up(self, reason: str, *, spent: float, **evidence: object) -> None:
        """Settle as `unknown`: no verifier could finish."""
        self.settle(Verdict("unknown", reason, evidence, spent, self.check.verifier))

    def break_down(self, worker_traceback: str) -> None:
        """The verifier raised: the whole request fails, loudly."""
        self.request.fail(VerifierBroken(self.check.verifier, self.request.draft.id, worker_traceback))

    def died(self) -> None:
        """A worker died on this check: trouble, to be tried again, but not for ever."""
        self.deaths += 1
        if self.deaths >= DEATHS:
            self.give_up("crashed", spent=0.0, deaths=self.deaths)


class Request:
    """A draft, the checks wanted of it, and the future that its caller holds."""

    __slots__ = ("_left", "_verdicts", "draft", "finished", "future", "tasks", "text")

    def __init__(self, draft: Draft, checks: Sequence[Check]) -> None:
        self.draft = draft
        self.text = wire.draft_text(draft)
        self.future: Future[list[Verdict]] = Future()
        self.tasks = [Task(self, place, check) for place, check in enumerate(checks)]
        self.finished = False
        self._verdicts: list[Verdict | None] = [None] * len(self.tasks)
        self._left = len(self.tasks)
        if not self.tasks:
            self._finish()

    def note(self, place: int, verdict: Verdict) -> None:
        """Keep one verdict; with the last one the caller gets them all."""
        self._verdicts[place] = verdict
        self._left -= 1
        if self._left == 0:
            self._finish()

    def fail(self, trouble: Exception) -> None:
        """The caller gets an exception; the other checks of this draft no longer matter."""
        if self._close():
            self.future.set_exception(trouble)

    def cancel(self) -> None:
        """Nobody will judge this any more."""
        self.future.cancel()
        self._close()

    def drop_if_cancelled(self) -> None:
        """Spare the workers what the caller has cancelled."""
        if self.future.cancelled():
            self._close()

    def _finish(self) -> None:
        if self._close():
            self.future.set_result([verdict for verdict in self._verdicts if verdict is not None])

    def _close(self) -> bool:
        """Whether somebody still waits; asked once, for a future may be notified only once."""
        if self.finished:
            return False
        self.finished = True
        return self.future.set_running_or_notify_cancel()


class Backlog:
    """The tasks that wait for a worker, and what we have learnt about how long each verifier takes."""

    def __init__(self) -> None:
        self._tasks: deque[Task] = deque()
        self._seconds: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, task: Task) -> None:
        """Queue behind the others."""
        task.holders += 1
        self._tasks.append(task)

    def batch(self, most: int, *, seconds: float, letters: int) -> list[tuple[Task, float]]:
        """The next tasks for one worker, each with its expected seconds.

        At most so many, and no more once they would take so many seconds or their drafts have so many letters.
        """
        batch: list[tuple[Task, float]] = []
        while self._tasks and len(batch) < most and seconds > 0 and letters > 0:
            task = self._tasks.popleft()
            task.request.drop_if_cancelled()
            if task.over:
                task.holders -= 1
                continue
            expected = self._seconds.get(task.check.verifier, FIRST_GUESS)
            seconds -= expected
            letters -= len(task.request.text)
            batch.append((task, expected))
        return batch

    def share(self, tasks: Iterable[Task]) -> None:
        """A worker is slow: put what it has not begun in front, for others as well; who answers first counts."""
        for task in reversed(list(tasks)):
            if task.holders == 1 and not task.over:
                task.holders += 1
                self._tasks.appendleft(task)

    def take_back(self, tasks: Iterable[Task]) -> None:
        """A worker is gone: put what it had not answered in front, unless somebody else has it too."""
        for task in reversed(list(tasks)):
            task.holders -= 1
            if not task.holders and not task.over:
                task.holders = 1
                self._tasks.appendleft(task)

    def learn(self, verifier: str, seconds: float) -> None:
        """A check of this verifier took so long; recent ones count more."""
        before = self._seconds.get(verifier, FIRST_GUESS)
        self._seconds[verifier] = before + 0.1 * (seconds - before)

    def clear(self) -> list[Task]:
        """Give everything up; the caller tells those who wait."""
        tasks = list(self._tasks)
        self._tasks.clear()
        return tasks
