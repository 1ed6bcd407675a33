"""Fixtures shared by the tests of the generator."""

from collections.abc import Iterator

import pytest

from proofmill import building
from proofmill.verifiers.pool import Pool


class _Kept(Pool):
    """A pool that outlives its `with`."""

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture(scope="session")
def _pool() -> Iterator[Pool]:
    pool = _Kept(workers=2)
    yield pool
    pool.close()


@pytest.fixture
def warm_pool(_pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of this test use workers that are warm already: starting them costs most of a small build."""
    monkeypatch.setattr(building, "Pool", lambda: _pool)
