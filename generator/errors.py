"""What can go wrong, by whose fault: the input's, the run's, or a budget that ended."""

from collections.abc import Iterable


class InputError(ValueError):
    """The input is wrong (exit code 2). One line for each mistake: place, expectation, finding."""

    def __init__(self, mistakes: str | Iterable[str]) -> None:
        self.mistakes = [mistakes] if isinstance(mistakes, str) else list(mistakes)
        super().__init__("\n".join(self.mistakes))


class RunFailed(RuntimeError):
    """The run could not go on (exit code 1): trouble of ours or of a service. What was accepted is kept."""
