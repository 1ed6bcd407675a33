"""`proofmill doctor`: what is here, and what to do about what is not."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from proofmill import cli, doctor
from proofmill.doctor import Finding, examine, print_findings
from proofmill.verifiers.pool import PoolUnavailable


def test_everything_is_looked_at() -> None:
    """Each look ends in a finding; whatever is not ok comes with advice."""
    findings = examine()
    assert [finding.what for finding in findings] == [
        "python", "engines", "verifiers", "disk", "docker", "gpu", "teacher key", "hub token",
    ]  # fmt: skip
    assert all(finding.found for finding in findings)
    assert all(finding.advice for finding in findings if finding.state != "ok")
    assert "sympy" in findings[1].found


def test_a_broken_worker_is_missing_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no worker can be started the main job can't be done: told with its cause, exit code 1."""

    def broken(*_: object, **__: object) -> None:
        raise PoolUnavailable("no [fork] here")

    monkeypatch.setattr(doctor, "Pool", broken)
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "missing" in said
    assert "no [fork] here" in said


@pytest.mark.parametrize(
    ("look", "gone", "advice"),
    [(doctor._docker, "which", "Docker"), (doctor._gpu, "_output", "endpoint"), (doctor._docker, "_output", "Docker")],
)
def test_what_is_absent_is_optional(
    look: Callable[[], Finding], gone: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No Docker, no GPU: no failure, but a word about what they would be good for."""
    monkeypatch.setattr("shutil.which" if gone == "which" else "proofmill.doctor._output", lambda *_: None)
    finding = look()
    assert finding.state == "optional"
    assert advice in finding.advice


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is `set`; its text stands nowhere."""
    monkeypatch.setenv("PROOFMILL_TEACHER__API_KEY", "sk-very-secret")
    finding = doctor._key()
    assert (finding.state, finding.found) == ("ok", "set")
    assert "secret" not in repr(finding)


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than a gigabyte free is missing."""
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 5e8})())
    assert doctor._disk().state == "missing"


def test_findings_are_text_and_no_markup() -> None:
    """What other programs say can't colour or break the table."""
    told = io.StringIO()
    print_findings(Console(file=told, width=100), [Finding("gpu", "ok", "[red]name[/nonsense]")])
    assert "[red]name[/nonsense]" in told.getvalue()
