"""What a run shows: a live line on a terminal, log lines elsewhere, a table at the end."""

import io
import logging
from pathlib import Path

import pytest
from rich.console import Console

from proofmill import progress
from proofmill.ledger import open_ledger
from proofmill.meter import Meter
from proofmill.output.funnel import Funnel
from proofmill.plan import Cell, Plan
from proofmill.progress import Display, print_funnel


def _display(console: Console, folder: Path) -> str:
    with open_ledger(folder) as ledger:
        plan = Plan((Cell("differentiate", 1, 5),))
        with Display(console, plan, ledger, Meter(4), lambda: "HTTP 503") as display:
            display.show()
            display.show()
    return console.file.getvalue() if isinstance(console.file, io.StringIO) else ""


def test_a_terminal_gets_a_live_line(tmp_path: Path) -> None:
    """It tells what is going on, the teacher's trouble included."""
    shown = _display(Console(file=io.StringIO(), force_terminal=True, width=200), tmp_path)
    assert "waiting for replies" in shown
    assert "HTTP 503" in shown


def test_elsewhere_a_line_is_logged_now_and_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every half minute, and not at each call."""
    monkeypatch.setattr(progress, "LOG_SECONDS", 0.0)
    with caplog.at_level(logging.INFO, "proofmill"):
        _display(Console(file=io.StringIO(), width=200), tmp_path)
    assert [record.getMessage()[:8] for record in caplog.records] == ["rows 0/5"]


def test_the_funnel_shows_where_replies_went_and_survives_hostile_reasons() -> None:
    """Counts, and reasons as text: markup of others is not obeyed."""
    console = Console(file=io.StringIO(), width=120)
    funnel = Funnel(replies=9, readable=8, proved=5, rows=3, repaired=1, spare=2, reasons={"[red]x": 4}, tokens_in=30)
    print_funnel(console, funnel, wanted=7)
    shown = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
    for text in (
        "replies judged",
        "rows (of 7 wanted)",
        "of these repaired",
        "accepted, not needed",
        "[red]x",
        "tokens per row",
    ):
        assert text in shown
    assert funnel.refused == 4
    assert funnel.tokens_per_row == 10
