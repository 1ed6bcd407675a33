"""The meter: the share of time in which the teacher could have worked and did not."""

import pytest

from proofmill import meter as module
from proofmill.meter import Meter


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """A clock that moves when it is told to."""
    made = _Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def test_a_busy_teacher_is_never_idle(clock: _Clock) -> None:
    """All places taken: no idle time, whatever waits elsewhere."""
    meter = Meter(1)
    with meter.asking():
        meter.starved = True
        clock.now += 10
    assert meter.idle_share == 0


def test_a_free_place_counts_only_while_work_waits(clock: _Clock) -> None:
    """Two seconds of starving in ten are a fifth; time without work to give is not idleness."""
    meter = Meter(2)
    clock.now += 4
    meter.starved = True
    clock.now += 2
    meter.starved = False
    clock.now += 4
    assert meter.idle_share == pytest.approx(0.2)
