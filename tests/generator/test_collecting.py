"""The collector looks seldom while a run works, and as before afterwards."""

import gc

import pytest

from proofmill.collecting import YOUNG_OBJECTS, rare_collections


def test_the_collector_is_left_as_it_was_found() -> None:
    """Also when the block ends in an error."""
    before = gc.get_threshold()

    def fail_inside() -> None:
        with rare_collections():
            assert gc.get_threshold()[0] == YOUNG_OBJECTS
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
