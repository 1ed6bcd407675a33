"""The parts of the pool that run in other processes, proved in this one."""

import errno
import json
import os
import socket
import sys
import tempfile
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from proofmill.verifiers import heat, wire, worker, zygote
from proofmill.verifiers.pool_tasks import Backlog, Request
from proofmill.verifiers.pool_worker import Worker
from proofmill.verifiers.pool_zygote import environment, import_path
from proofmill.verifiers.progress import Progress
from proofmill.verifiers.verdict import Check, Draft, Verdict, accept


def test_frames_survive_any_chopping() -> None:
    """A stream cut anywhere gives back the messages that went in."""
    stream = b"".join(wire.frame(text) for text in ("", "[1]", "x" * 300))
    for size in (1, 3, 7, len(stream)):
        frames = wire.Frames()
        pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
        assert [message for piece in pieces for message in frames.feed(piece)] == [b"", b"[1]", b"x" * 300]


def test_a_request_reads_as_it_was_written() -> None:
    """Draft and checks come out as they went in; the origin stays at home."""
    draft = Draft("p\ud800", "s\x00", "a", None, {"n": [1, {"m": 2.5}]}, {"teacher": "t"})
    checks = [Check("maths.identity"), Check("code.tests", {"seconds": 3}, 2.5)]
    frame = wire.request(wire.draft_text(draft), [wire.check_text(check) for check in checks])
    (payload,) = wire.Frames().feed(frame)
    assert wire.read_request(payload) == (draft, checks)
    assert wire.read_request(payload)[0].origin == {}


def _answer(run: worker.Runner) -> tuple[list[object], bool]:
    answer, last = worker.judge(run, Check("v"), Draft("p"))
    kind, seconds, *values = json.loads(answer)
    assert seconds >= 0
    return [kind, *values], last


def _raise(error: BaseException) -> worker.Runner:
    def run(check: Check, draft: Draft) -> Verdict:
        raise error

    return run


def test_a_worker_says_how_a_check_ended() -> None:
    """A verdict, the end of memory or stack (then it leaves), or our bug with its traceback."""
    assert _answer(lambda check, draft: accept("fine", n=1)) == (
        [wire.VERDICT, "accept", "fine", {"n": 1}, 0.0, "", ""],
        False,
    )
    assert _answer(_raise(MemoryError())) == ([wire.ENDED, "out_of_memory"], True)
    assert _answer(_raise(RecursionError())) == ([wire.ENDED, "too_deep"], True)
    (kind, told), last = _answer(_raise(SystemExit("bye")))
    assert (kind, last) == (wire.BROKEN, False)
    assert "SystemExit: bye" in str(told)


def test_quick_answers_are_told_together_and_slow_ones_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held never waits for a check that usually takes long, nor while there is nothing more to do."""
    clock = iter(range(1000))
    quick, slow = 0.0, 1.0
    now = 0.0
    monkeypatch.setattr(worker, "perf_counter", lambda: now)
    told: list[int] = []
    monkeypatch.setattr(worker.wire, "answers", lambda texts: told.append(len(list(texts))) or b"")
    ours, its = socket.socketpair()
    with ours, its:
        answers = worker._Answers(its)
        for verifier, takes in [("q", quick)] * 200 + [("s", slow), ("s", slow), *[("q", quick)] * 3, ("s", slow)]:
            answers.before(verifier)
            now += takes
            answers.add(f"{next(clock)}")
        answers.tell()
        answers.tell()
    assert sum(told) == 206
    assert told[-2:] == [4, 1], "all that was held, before the slow one began"
    assert max(told) > 100


def test_the_zygote_warms_up_the_runner_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """`preheat` is called where the runner's module has one."""
    calls: list[str] = []
    run = _raise(KeyError())
    module = types.ModuleType("a_runner")
    module.__dict__.update(run=run, preheat=lambda: calls.append("warm"))
    monkeypatch.setitem(sys.modules, "a_runner", module)
    monkeypatch.setattr("gc.freeze", lambda: calls.append("frozen"))
    assert zygote.warm_up("a_runner:run") == (run, None)
    del module.__dict__["preheat"]
    zygote.warm_up("a_runner:run")
    assert calls == ["warm", "frozen", "frozen"]


def test_the_zygote_heats_on_when_a_worker_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of `preheat` after the first wait for a request for a hot worker; workers are cold until then."""
    steps: list[int] = []
    told: list[tuple[bool, list[int]]] = []

    def preheat() -> Iterator[None]:
        for step in range(3):
            steps.append(step)
            yield

    module = types.ModuleType("a_runner")
    module.__dict__.update(run=_raise(KeyError()), preheat=preheat)
    monkeypatch.setitem(sys.modules, "a_runner", module)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr(zygote, "_fork", lambda *_, cold: told.append((cold, list(steps))))
    _, later = zygote.warm_up("a_runner:run")
    ours, its = socket.socketpair()
    with its, ours, tempfile.TemporaryFile() as page:
        for wanted in (zygote.ANY, zygote.ANY, zygote.HOT, zygote.ANY):
            socket.send_fds(ours, [wanted], [its.fileno(), page.fileno()])
        ours.shutdown(socket.SHUT_WR)
        zygote.serve(its, _raise(KeyError()), 64, later)
    assert told == [(True, [0]), (True, [0]), (False, [0, 1, 2]), (False, [0, 1, 2])]


def test_a_cold_worker_stops_at_a_slow_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and leaves; nothing that is imported already is in its way."""
    monkeypatch.setattr(heat, "HEAVY", ("no_such_package",))
    assert heat.is_light(lambda: __import__("json"))
    assert not heat.is_light(lambda: __import__("no_such_package"))
    with pytest.raises(ModuleNotFoundError):
        __import__("no_such_package")
    answer, last = worker.judge(_raise(heat.Cold()), Check("v"), Draft("p"))
    assert (wire.read_answers(f"[{answer}]".encode())[0][0], last) == (wire.COLD, True)


class Left(Exception):
    """Instead of ending the process that runs the tests."""


def _leave(code: int) -> NoReturn:
    raise Left(code)


def test_a_worker_answers_each_check_and_leaves_with_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ready first, then one frame per check; the end of the stream, or of its memory, is its own."""
    monkeypatch.setattr("os._exit", _leave)
    for run, kinds in ((lambda *_: accept("fine"), ["verdict", "verdict"]), (_raise(MemoryError()), ["ended"])):
        ours, its = socket.socketpair()
        with ours, its:
            ours.sendall(wire.request(wire.draft_text(Draft("p")), [wire.check_text(Check("v"))] * 2))
            ours.shutdown(socket.SHUT_WR)
            with pytest.raises(Left, match="0"):
                worker.work(its, run, Progress())
            told = wire.Frames().feed(ours.recv(10_000))
            answers = [answer for payload in told for answer in wire.read_answers(payload)]
            assert [answer[0] for answer in answers] == [wire.READY, *kinds]


def _news(monkeypatch: pytest.MonkeyPatch, fork: Callable[[], int]) -> tuple[int, int]:
    """What the zygote says to one request when fork() ends like this, and how many handles come with it."""
    monkeypatch.setattr("os.fork", fork)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr(zygote, "_end_group", lambda: None)
    ours, its = socket.socketpair()
    with ours, its:
        socket.send_fds(ours, [b"f"], [ours.fileno(), Progress().handle])
        ours.shutdown(socket.SHUT_WR)
        zygote.main(["--control", str(its.detach()), "--runner", "json:dumps", "--memory-mb", "64"])
        assert zygote.NEWS.unpack(ours.recv(8)) == (zygote.WARM,)
        news, handles, _, _ = socket.recv_fds(ours, 8, 1)
        for handle in handles:
            os.close(handle)
        return zygote.NEWS.unpack(news)[0], len(handles)


def test_the_zygote_tells_who_was_born_or_why_nobody_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process id with its handle, or the errno; the end of the control socket is its own."""
    assert _news(monkeypatch, os.getpid) == (os.getpid(), 1 if sys.platform == "linux" else 0)
    assert _news(monkeypatch, lambda: os.open("/no/such/file", os.O_RDONLY)) == (-errno.ENOENT, 0)


@pytest.mark.parametrize(("ended", "code"), [(BrokenPipeError(), "0"), (ValueError("odd"), "1")])
def test_a_newborn_never_returns_into_the_zygotes_loop(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], ended: Exception, code: str
) -> None:
    """Confined first, then at work, then gone; trouble is told on stderr, a pool that hung up is none."""
    steps: list[str] = []
    monkeypatch.setattr("os._exit", _leave)
    monkeypatch.setattr(zygote, "confine", lambda **_: steps.append("confined"))
    monkeypatch.setattr(zygote, "work", lambda *_: _raise(ended)(Check("v"), Draft("p")))
    ours, its = socket.socketpair()
    with ours, its, pytest.raises(Left):
        zygote._live(ours, its, Progress().handle, _raise(ended), 64, 1)
    assert steps == ["confined"]
    assert ("odd" in capfd.readouterr().err) == (code == "1")


def test_import_paths_keep_their_order_but_unsafe_folders_come_last() -> None:
    """The libraries are found first, the caller's own modules still are."""
    assert import_path(["/cwd", "/lib", "", "/site", "/lib"], unsafe={"/cwd"}) == "/lib:/site:/cwd"


def test_the_zygote_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """An API key in the environment stays with the parent."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    told = environment()
    assert "secret" not in json.dumps(told)
    assert (told["PYTHONHASHSEED"], told["PYTHONSAFEPATH"], told["OMP_NUM_THREADS"]) == ("0", "1", "1")


def test_a_deleted_current_folder_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the current folder is gone, there is nothing to put last."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert environment()["PYTHONPATH"]


def _tasks(count: int, verifier: str = "v", text: str = "p") -> Request:
    return Request(Draft(text), [Check(verifier)] * count)


def test_a_batch_ends_with_its_number_its_seconds_or_its_letters() -> None:
    """Quick checks fill a queue; slow ones and long drafts stand alone."""
    backlog = Backlog()
    for _ in range(60):
        backlog.learn("slow", 1.0)
    requests = [_tasks(3), _tasks(2, "slow"), _tasks(2, text="x" * 1000)]
    for request in requests:
        for task in request.tasks:
            backlog.add(task)
    sizes = []
    while len(backlog):
        sizes.append(len(backlog.batch(2, seconds=0.01, letters=1000)))
    assert sizes == [2, 2, 1, 1, 1]
    assert backlog.batch(2, seconds=0.01, letters=1000) == []


def test_a_shared_task_is_taken_back_only_when_nobody_has_it() -> None:
    """However often a task is overtaken, it waits in one place at most."""
    backlog = Backlog()
    task = _tasks(1).tasks[0]
    backlog.add(task)
    backlog.batch(1, seconds=1, letters=9)
    backlog.share([task])
    backlog.share([task])
    assert len(backlog) == 1
    backlog.take_back([task])
    assert (len(backlog), task.holders) == (1, 1)
    task.settle(accept("first"))
    task.settle(accept("second"))
    assert task.request.future.result(0)[0].reason == "first"


def test_the_clock_of_a_long_draft_starts_when_it_is_sent() -> None:
    """A draft larger than the pipe is no time of the check's; nor is what comes after it."""
    link, far_end = socket.socketpair()
    link.setblocking(False)
    request = _tasks(1, text="x" * 3_000_000)
    with far_end:
        handle = Worker(link)
        handle.ask([(request.tasks[0], 0.0)], now=1.0)
        assert (handle.at_work, handle.since) == (False, 1.0)
        while handle.outbox:
            far_end.recv(1 << 20)
            handle.flush(now=2.0)
        assert (handle.at_work, handle.since) == (True, 2.0)
        handle.ask([(_tasks(1).tasks[0], 0.0)], now=3.0)
        assert handle.since == 2.0
        assert handle.read() == ([], False)
    handle.close()


def test_writing_to_a_dead_worker_is_noticed_by_reading() -> None:
    """No exception, no signal: the end is read."""
    link, far_end = socket.socketpair()
    link.setblocking(False)
    far_end.close()
    handle = Worker(link)
    handle.ask([(_tasks(1).tasks[0], 0.0)], now=1.0)
    assert not handle.outbox
    assert handle.read()[1]
    handle.close()
