"""The plan: quotas are met, and which draws count does not depend on the order of arrival."""

from random import Random

import pytest

from proofmill.plan import Cell, Draw, Plan, cells_of
from small_recipes import recipe


def _cells(*quotas: int) -> tuple[Cell, ...]:
    return tuple(Cell(f"skill{number}", 1, quota) for number, quota in enumerate(quotas))


def _gives(draw: Draw) -> int:
    """Whether this draw's draft passes: a pure function of the draw, as with a real teacher and its seed."""
    return int(Random(f"gives:{draw.index}").random() < (0.2 if draw.cell.skill == "skill0" else 0.8))


def _play(plan: Plan, order: Random, in_flight: int, *, stop_after: int | None = None) -> list[int]:
    """Run a plan with replies coming back in any order; the draws that gave a row, in the order they counted."""
    under_way: list[Draw] = []
    chosen, finished = [], 0
    while not plan.complete:
        while len(under_way) < in_flight and (draw := plan.next()):
            under_way.append(draw)
        draw = under_way.pop(order.randrange(len(under_way)))
        plan.finish(draw.index, _gives(draw))
        finished += 1
        chosen += [counted.index for counted in plan.settle() if _gives(counted) and plan.choose(counted.index)]
        if finished == stop_after:
            break
    return chosen


def test_quotas_share_the_wanted_rows_evenly() -> None:
    """Every cell gets its share, and the first ones the remainder."""
    cells = cells_of(recipe(wanted={"rows": 7}, skills=["a", "b"], difficulty=[1, 2]))
    assert [(cell.skill, cell.difficulty, cell.quota) for cell in cells] == [
        ("a", 1, 2),
        ("b", 1, 2),
        ("a", 2, 2),
        ("b", 2, 1),
    ]


@pytest.mark.parametrize("in_flight", [1, 7, 64])
def test_rows_do_not_depend_on_the_order_of_arrival(in_flight: int) -> None:
    """However many requests are under way and however they come back, the same draws give the rows."""
    expected = _play(Plan(_cells(5, 9, 4)), Random(0), 1)
    assert len(expected) == 18
    for seed in range(5):
        assert sorted(_play(Plan(_cells(5, 9, 4)), Random(seed), in_flight)) == sorted(expected)


def test_a_resumed_plan_chooses_what_an_unbroken_one_chooses() -> None:
    """Stop anywhere, take up the finished draws in a new plan, and the rows are the same."""
    expected = _play(Plan(_cells(6, 6)), Random(0), 1)
    for stop_after in (1, 5, 11, 20):
        first = Plan(_cells(6, 6))
        finished: dict[int, bool] = {}
        under_way: list[Draw] = []
        order = Random(stop_after)
        while len(finished) < stop_after and not first.complete:
            while len(under_way) < 8 and (draw := first.next()):
                under_way.append(draw)
            if not under_way:  # enough has been accepted, if it counts
                break
            draw = under_way.pop(order.randrange(len(under_way)))
            first.finish(draw.index, _gives(draw))
            finished[draw.index] = False
        chosen = []
        for counted in first.settle():
            finished[counted.index] = True
            if _gives(counted) and first.choose(counted.index):
                chosen.append(counted.index)
        second = Plan(_cells(6, 6))
        rows = (
            (index, int(_gives(Draw(index, second._cells[index % 2].cell, 0))), counted)
            for index, counted in sorted(finished.items())
        )
        second.restore(rows, [(index, 1) for index in chosen])
        assert sorted(chosen + _play(second, order, 8)) == sorted(expected)


def test_no_more_is_asked_than_the_yield_calls_for() -> None:
    """A plan for ten rows does not send out hundreds of requests at once."""
    plan = Plan(_cells(10))
    issued = 0
    while plan.next():
        issued += 1
    assert 10 <= issued <= 40


def test_a_closed_cell_ends_and_the_others_go_on() -> None:
    """When recorded replies run out, what came before still counts."""
    plan = Plan(_cells(2, 2))
    draws = [plan.next() for _ in range(4)]
    for draw in draws:
        assert draw is not None
        if draw.cell.skill == "skill0" and draw.ordinal == 1:
            plan.close(draw.index)
        else:
            plan.finish(draw.index, 1)
    counted = [draw.index for draw in plan.settle() if plan.choose(draw.index)]
    assert counted == [0, 1, 3]
    assert plan.exhausted
    assert not plan.complete


def test_a_budget_that_ends_counts_what_is_finished() -> None:
    """Draws beyond a gap count too when nothing more will come, and a later run does not count them twice."""
    plan = Plan(_cells(5))
    draws = [plan.next() for _ in range(3)]
    assert draws[0] is not None
    for draw in draws[1:]:
        assert draw is not None
        plan.finish(draw.index, 1)
    assert list(plan.settle()) == []
    assert [draw.index for draw in plan.settle_rest() if plan.choose(draw.index)] == [1, 2]
    again = Plan(_cells(5))
    again.restore([(1, 1, True), (2, 1, True)], [(1, 1), (2, 1)])
    first = again.next()
    assert first is not None
    assert first.index == 0
    again.finish(0, 1)
    assert [draw.index for draw in again.settle() if again.choose(draw.index)] == [0]
    following = again.next()
    assert following is not None
    assert following.index == 3
    assert again.chosen == 3


def test_a_limit_ends_the_plan() -> None:
    """With problems from anchors there is one draw for each problem and no more."""
    plan = Plan(_cells(100), limit=3)
    drawn = []
    while draw := plan.next():
        drawn.append(draw.index)
        plan.finish(draw.index, 0)
    assert drawn == [0, 1, 2]
    assert len(list(plan.settle())) == 3
    assert plan.exhausted
    assert Plan(_cells(1), limit=0).exhausted


def test_a_cell_that_gives_nothing_is_given_up() -> None:
    """After so many draws without a row, whatever else is under way, and the other cells go on; a resume agrees."""
    plan = Plan(_cells(2, 2), patience=5)
    drawn: list[Draw] = []
    while not plan.exhausted:
        draw = plan.next()
        assert draw is not None
        drawn.append(draw)
        plan.finish(draw.index, int(draw.cell.skill == "skill1"))
        for counted in plan.settle():
            if counted.cell.skill == "skill1":
                plan.choose(counted.index)
    assert [cell.skill for cell in plan.given_up] == ["skill0"]
    assert sum(draw.cell.skill == "skill0" for draw in drawn) == 5
    assert plan.chosen == 2
    again = Plan(_cells(2, 2), patience=5)
    again.restore([(draw.index, 0, True) for draw in drawn], [(1, 1), (3, 1)])
    assert again.exhausted
    assert again.next() is None
