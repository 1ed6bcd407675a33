"""What a run shows while it works: a live line on a terminal, a log line every half minute elsewhere."""

import logging
import time
from collections.abc import Callable

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from proofmill.ledger import Ledger
from proofmill.meter import Meter
from proofmill.output.funnel import Funnel, count
from proofmill.plan import Plan

LOG_SECONDS = 30.0
SHOW_SECONDS = 0.5
_COUNT_SHARE = 20  # counting may take one part in so many of the time

log = logging.getLogger("proofmill")


class Display:
    """Shows how a run goes; `show` is cheap and may be called often."""

    def __init__(self, console: Console, plan: Plan, ledger: Ledger, meter: Meter, trouble: Callable[[], str]) -> None:
        self._console, self._plan, self._ledger, self._meter = console, plan, ledger, meter
        self._trouble = trouble
        self._began = self._logged = time.monotonic()
        self._next = 0.0
        self._before = count(ledger)
        self._progress = Progress(
            TextColumn("[bold]rows"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._progress.add_task("rows", total=plan.wanted)
        self._line = Text("", style="dim", no_wrap=True, overflow="ellipsis")
        self._live = Live(Group(self._progress, self._line), console=console, transient=True, refresh_per_second=4)

    def __enter__(self) -> "Display":
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self) -> None:
        """Bring what is shown up to date, if it is time."""
        now = time.monotonic()
        live = self._console.is_terminal
        if now < self._next or (not live and now - self._logged < LOG_SECONDS):
            return
        funnel = count(self._ledger)
        said = self._said(funnel, now)
        if live:
            self._progress.update(self._task, completed=self._plan.chosen)
            self._line.plain = said
        else:
            self._logged = now
            log.info("rows %d/%d, %s", self._plan.chosen, self._plan.wanted, said)
        self._next = now + max(SHOW_SECONDS, _COUNT_SHARE * (time.monotonic() - now))

    def _said(self, funnel: Funnel, now: float) -> str:
        tokens = funnel.tokens_in + funnel.tokens_out - self._before.tokens_in - self._before.tokens_out
        passing = f"{funnel.proved / funnel.replies:.0%} pass" if funnel.replies else "waiting for replies"
        refused = ", ".join(f"{reason} {times}" for reason, times in list(funnel.reasons.items())[:2])
        parts = [passing, refused, f"teacher idle {self._meter.idle_share:.0%}", self._trouble()]
        if tokens:
            parts.insert(1, f"{tokens / (now - self._began):,.0f} tokens/s")
        return " | ".join(part for part in parts if part)


def print_funnel(console: Console, funnel: Funnel, *, wanted: int | None = None) -> None:
    """The funnel as a table."""
    table = Table(title="from replies to rows", title_justify="left", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    table.add_row("replies judged", f"{funnel.replies:,}")
    table.add_row("readable drafts", f"{funnel.readable:,}")
    table.add_row("accepted by every verifier", f"{funnel.proved:,}")
    table.add_row("rows" if wanted is None else f"rows (of {wanted:,} wanted)", f"[bold]{funnel.rows:,}")
    if funnel.repaired:
        table.add_row("  of these repaired", f"{funnel.repaired:,}")
    if funnel.spare:
        table.add_row("accepted, not needed", f"{funnel.spare:,}")
    if funnel.tokens_per_row:
        table.add_row("tokens per row", f"{funnel.tokens_per_row:,.0f}")
    table.add_row("refused", f"{funnel.refused:,}", end_section=False)
    for reason, times in funnel.reasons.items():
        table.add_row(f"  [dim]{escape(reason)}", f"[dim]{times:,}")
    console.print(table)
