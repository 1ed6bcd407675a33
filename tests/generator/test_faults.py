"""How long to wait and when to stop, whose fault it is, told without a clock that ticks."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tenacity import AsyncRetrying, RetryCallState

from proofmill.teachers import faults
from proofmill.teachers.faults import (
    LONGEST_RETRY_AFTER,
    REPLY_TRIES,
    Fault,
    Patience,
    retry_after_seconds,
    wait_seconds,
)

NEVER = float("-inf")


def after(fault: Fault, attempt: int = 1, sleep: float = 0.0) -> RetryCallState:
    """What tenacity tells after a try that ended so."""
    state = RetryCallState(AsyncRetrying(), None, (), {})
    state.set_exception((type(fault), fault, None))
    state.attempt_number, state.upcoming_sleep = attempt, sleep
    return state


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("0.25", 0.25),
        ("-3", 0.0),
        ("99999", LONGEST_RETRY_AFTER),
        ("inf", LONGEST_RETRY_AFTER),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2099 07:28:00 -0000", LONGEST_RETRY_AFTER),
    ],
)
def test_retry_after_is_read_in_seconds_within_bounds(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header) == seconds


def test_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert retry_after_seconds(date) == pytest.approx(59.5, abs=30)


def test_the_wait_is_what_the_endpoint_asked_for_and_a_little_more() -> None:
    assert 40 <= wait_seconds(after(Fault("busy", retry_after=40.0), attempt=30)) <= 41


def test_the_wait_widens_with_the_tries_up_to_half_a_minute() -> None:
    waits = [max(wait_seconds(after(Fault("down"), attempt)) for _ in range(300)) for attempt in (1, 4, 50)]
    assert waits[0] <= 0.5 < waits[1] <= 4 < waits[2] <= 30


def test_a_silent_endpoint_is_given_up_after_the_seconds_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(faults.time, "monotonic", lambda: now)
    patience = Patience(60.0, lambda: NEVER)
    now = 1050.0
    assert not patience(after(Fault("down"), sleep=9.0))
    assert patience(after(Fault("down"), sleep=10.0))
    assert patience.silent


@pytest.mark.parametrize(("reason", "stops"), [("request_fails", True), ("", False)])
def test_while_others_are_answered_only_what_a_request_can_be_blamed_for_ends(
    reason: str, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(faults.time, "monotonic", lambda: now)
    patience = Patience(60.0, lambda: now - 1.0)
    now = 1070.0
    assert patience(after(Fault("status 500", reason=reason))) is stops
    assert not patience.silent


def test_replies_that_are_no_use_are_counted_apart_from_other_trouble() -> None:
    patience = Patience(60.0, lambda: NEVER)
    useless, crowded = Fault("empty", reason="empty_reply", in_reply=True), Fault("busy", crowded=True)
    stops = [patience(after(fault)) for _ in range(REPLY_TRIES) for fault in (crowded, useless)]
    assert stops == [False] * (2 * REPLY_TRIES - 1) + [True]
