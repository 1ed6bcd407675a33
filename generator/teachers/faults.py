"""What can go wrong on the way to an endpoint and may pass: whose fault it is, how long to wait, when to stop."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, wait_random_exponential

LONGEST_RETRY_AFTER = 120.0
"""Seconds; an endpoint that wants a longer wait is asked again after these."""
REPLY_TRIES = 6
"""How often one request may get a reply that is no use before it is given up."""
FIRST_ANSWER_SECONDS = 90.0
"""How long an endpoint that has never answered is waited for."""
BACKOFF = wait_random_exponential(multiplier=0.5, max=30)
"""Exponential backoff with full jitter (Brooker, AWS 2015)."""


class Fault(Exception):
    """One try failed, and the next may not.

    `reason` is the slug under which this request alone is refused when it goes on failing; "" where a request can't
    be to blame. `in_reply`: the endpoint answered, with something that is no use. `crowded`: it wants fewer requests
    at once. `retry_after`: the seconds it wants to be left alone.
    """

    def __init__(
        self,
        what: str,
        *,
        advice: str = "look at the endpoint's log",
        reason: str = "",
        in_reply: bool = False,
        crowded: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what)
        self.advice = advice
        self.reason = reason
        self.in_reply = in_reply
        self.crowded = crowded
        self.retry_after = retry_after


class Patience:
    """When one request is no longer tried (tenacity's `stop`), and who is to blame then.

    A reply that is no use is asked for REPLY_TRIES times. The endpoint is `silent` when nobody got an answer from it
    for `seconds`, or FIRST_ANSWER_SECONDS if it never gave one (the address may be wrong); while others get theirs, a
    request that has failed for `seconds` is to blame itself. `answered` tells when the endpoint last gave anyone a
    good answer (time.monotonic; minus infinity for never).
    """

    def __init__(self, seconds: float, answered: Callable[[], float]) -> None:
        self.silent = False
        self._seconds = seconds
        self._answered = answered
        self._begun = time.monotonic()
        self._useless = 0

    def __call__(self, state: RetryCallState) -> bool:
        fault = _fault_of(state)
        if fault.in_reply:
            self._useless += 1
            return self._useless >= REPLY_TRIES
        next_try, answered = time.monotonic() + state.upcoming_sleep, self._answered()
        seconds = self._seconds if answered > -math.inf else min(self._seconds, FIRST_ANSWER_SECONDS)
        self.silent = next_try - max(self._begun, answered) >= seconds
        return self.silent or (bool(fault.reason) and next_try - self._begun >= self._seconds)


def wait_seconds(state: RetryCallState) -> float:
    """How long to wait before the next try: backoff, or what the endpoint asked for and at most a second more."""
    asked = _fault_of(state).retry_after
    backoff = BACKOFF(state)
    return backoff if asked is None else asked + min(backoff, 1.0)


def _fault_of(state: RetryCallState) -> Fault:
    fault = state.outcome.exception() if state.outcome else None
    assert isinstance(fault, Fault)  # noqa: S101 (nothing else is tried again)
    return fault


def retry_after_seconds(header: str | None) -> float | None:
    """The Retry-After header in seconds, from 0 to LONGEST_RETRY_AFTER; None where there is none that can be read.

    Takes seconds, also with a fraction as some servers send them, and HTTP dates (RFC 9110, 10.2.3).
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = _until(header)
    return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
