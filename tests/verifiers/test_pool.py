"""The pool's promises: every check gets one verdict, its own, whatever the checks beside it do."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest

import bad_checks
import doomed_checks
from proofmill.verifiers import pool as pool_module
from proofmill.verifiers import pool_staff
from proofmill.verifiers.pool import Pool, PoolUnavailable, VerifierBroken, shared_pool
from proofmill.verifiers.verdict import Check, Draft, Verdict

ROOT = Path(__file__).parents[2]
HERE = str(Path(__file__).parent)
BAD = f"{bad_checks.__name__}:run"
DOOMED = f"{doomed_checks.__name__}:run"
ECHO = Check("echo")


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(workers=2, memory_mb=64, runner=BAD) as pool:
        yield pool


def judge(pool: Pool, *checks: Check, draft: Draft | None = None) -> list[Verdict]:
    return pool.submit(draft or Draft("p", answer="x"), checks).result(30)


def eventually(happened: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.01)
    return False


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


# What a caller gets


def test_one_verdict_per_check_in_their_order(pool: Pool) -> None:
    """A draft's verdicts come in the order of its checks, as the runner gave them."""
    verdicts = judge(pool, Check("length"), Check("echo", {"b": 1}))
    assert [verdict.reason for verdict in verdicts] == ["measured", "echoed"]
    assert verdicts[1] == Verdict("accept", "echoed", {"answer": "x", "settings": {"b": 1}}, 0.5, "echo", "7")
    assert verdicts[0].verifier == "length", "filled in where the runner left it out"


def test_a_draft_without_checks_is_judged_at_once(pool: Pool) -> None:
    """No checks, no verdicts."""
    assert pool.submit(Draft("p"), []).result(1) == []


def test_a_stream_of_any_length_keeps_its_order_and_is_read_only_a_little_ahead() -> None:
    """judge_many is lazy and bounded, and gives each draft its own verdicts."""
    pulled = 0

    def endless() -> Iterator[tuple[Draft, list[Check]]]:
        nonlocal pulled
        while True:
            pulled += 1
            yield Draft("p", answer=str(pulled)), [ECHO]

    with Pool(workers=2, runner=BAD) as pool:
        stream = pool.judge_many(endless())
        seen = [next(stream)[0].evidence["answer"] for _ in range(2000)]
        assert seen == [str(number) for number in range(1, 2001)]
        assert pulled <= 2000 + pool_module.IN_FLIGHT * 2
        stream.close()  # type: ignore[attr-defined]
        assert list(pool.judge_many([])) == []
        assert len(list(pool.judge_many((Draft("p"), [ECHO]) for _ in range(5)))) == 5


def test_any_text_travels(pool: Pool) -> None:
    """Lone surrogates, NULs, nested mappings and five megabytes reach the check unharmed."""
    strange = "\ud800\x00\N{SNOWMAN}"
    claims = MappingProxyType({"outer": MappingProxyType({"inner": [strange]})})
    (echoed, measured) = judge(pool, ECHO, Check("length"), draft=Draft("p", answer=strange, claims=claims))
    assert echoed.evidence["answer"] == strange
    assert measured.evidence["claims"] == {"outer": {"inner": [strange]}}
    futures = [pool.submit(Draft("p", "x" * 5_000_000, str(number)), [Check("length")]) for number in range(6)]
    assert {future.result(30)[0].evidence["solution"] for future in futures} == {5_000_000}


def test_what_is_no_json_is_refused_at_the_door(pool: Pool) -> None:
    """A claim that can't travel is the caller's mistake, told where the caller stands."""
    with pytest.raises(TypeError, match="not a JSON value"):
        pool.submit(Draft("p", claims={"set": {1}}), [ECHO])


def test_threads_may_share_a_pool(pool: Pool) -> None:
    """Eight threads at once: each gets its own answers."""
    wrong: list[str] = []

    def ask(name: str) -> None:
        futures = [(f"{name}{i}", pool.submit(Draft("p", answer=f"{name}{i}"), [ECHO])) for i in range(100)]
        wrong.extend(text for text, future in futures if future.result(30)[0].evidence["answer"] != text)

    threads = [threading.Thread(target=ask, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_asyncio_may_wait_for_it(pool: Pool) -> None:
    """wrap_future is all that a coroutine needs."""

    async def ask(number: int) -> str:
        (verdict,) = await asyncio.wrap_future(pool.submit(Draft("p", answer=str(number)), [ECHO]))
        return str(verdict.evidence["answer"])

    async def main() -> list[str]:
        return await asyncio.gather(*(ask(number) for number in range(50)))

    assert asyncio.run(main()) == [str(number) for number in range(50)]


def test_a_cancelled_future_disturbs_nobody(pool: Pool) -> None:
    """What the caller cancels is dropped, whether it waits or runs; who waits for it learns so."""
    futures = [pool.submit(Draft("p"), [Check("sleep", {"seconds": 0.05})] * 2) for _ in range(20)]
    assert all(future.cancel() for future in futures[1::2])
    done, not_done = wait(futures, timeout=30)
    assert (len(done), not_done) == (20, set())
    assert [future.cancelled() for future in futures] == [False, True] * 10


# What a bad check costs


def test_endless_loops_are_killed_and_their_neighbours_unharmed(pool: Pool) -> None:
    """1 % endless loops: each is one `unknown`, and nothing else is lost or judged by the kill."""
    loop = Check("loop", seconds=0.3)
    futures = [pool.submit(Draft("p", answer=str(i)), [loop if i % 100 == 50 else ECHO]) for i in range(300)]
    verdicts = [future.result(30)[0] for future in futures]
    runaways = [verdict for verdict in verdicts if verdict.outcome == "unknown"]
    assert runaways == [Verdict("unknown", "out_of_time", {"seconds": 0.3}, 0.3, "loop")] * 3
    answers = {verdict.evidence["answer"] for verdict in verdicts if verdict.outcome == "accept"}
    assert answers == {str(i) for i in range(300) if i % 100 != 50}
    assert (pool.killed, pool.crashed) == (3, 0)
    assert pool.restarts == 3


@pytest.mark.slow
def test_three_thousand_tasks_with_one_percent_endless_loops() -> None:
    """The other 2,970 are all answered, each with its own answer, and each loop is killed once."""
    loop = Check("loop", seconds=0.5)
    with Pool(workers=2, memory_mb=64, runner=BAD) as pool:
        futures = [pool.submit(Draft("p", answer=str(i)), [loop if i % 100 == 50 else ECHO]) for i in range(3000)]
        verdicts = [future.result(120)[0] for future in futures]
        assert (pool.killed, pool.crashed, pool.restarts) == (30, 0, 30)
    assert [verdict.reason for verdict in verdicts[50::100]] == ["out_of_time"] * 30
    answers = [verdict.evidence["answer"] for i, verdict in enumerate(verdicts) if i % 100 != 50]
    assert answers == [str(i) for i in range(3000) if i % 100 != 50]


def test_the_loop_is_blamed_and_not_those_answered_in_its_batch(pool: Pool) -> None:
    """Quick answers wait a moment to be told together; the loop among them is the one that is killed, at its limit."""
    judge(pool, *[ECHO] * 300)  # the worker learns that echo is quick, and holds its answers
    checks = [ECHO] * 20 + [Check("loop", seconds=0.4)] + [ECHO] * 20
    began = time.monotonic()
    verdicts = judge(pool, *checks)
    assert [verdict.reason for verdict in verdicts] == ["echoed"] * 20 + ["out_of_time"] + ["echoed"] * 20
    assert time.monotonic() - began >= 0.4
    assert (pool.killed, pool.crashed) == (1, 0)


def test_a_crash_is_blamed_on_the_check_that_crashed(pool: Pool) -> None:
    """Its neighbours, answered before it or waiting behind it, have no death to their name."""
    judge(pool, *[ECHO] * 300)
    verdicts = judge(pool, *[ECHO] * 10, Check("abort"), *[ECHO] * 10)
    assert [verdict.reason for verdict in verdicts] == ["echoed"] * 10 + ["crashed"] + ["echoed"] * 10


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells the processor time of another process"
)
def test_a_limit_of_processor_time_does_not_count_waiting(pool: Pool) -> None:
    """Sleeping costs none; an endless loop is stopped long before its wall-clock limit."""
    began = time.monotonic()
    slept, looped = judge(
        pool, Check("sleep", {"seconds": 0.6}, 20.0, cpu_seconds=0.2), Check("loop", seconds=20.0, cpu_seconds=0.2)
    )
    assert (slept.reason, looped.reason) == ("slept", "out_of_time")
    assert looped.evidence == {"seconds": 0.2}
    assert time.monotonic() - began < 15
    (late,) = judge(pool, Check("sleep", {"seconds": 5}, 0.4, cpu_seconds=0.2))
    assert late.reason == "out_of_time", "the wall clock holds as well"


def test_the_other_checks_of_a_killed_draft_still_get_their_verdicts(pool: Pool) -> None:
    """Those before and those behind the runaway."""
    verdicts = judge(pool, ECHO, Check("loop", seconds=0.1), Check("length"))
    assert [verdict.reason for verdict in verdicts] == ["echoed", "out_of_time", "measured"]


def test_waiting_in_the_queue_costs_no_time() -> None:
    """Twenty checks behind each other take longer than the limit of one, and none runs out of time."""
    with Pool(workers=1, runner=BAD) as pool:
        slow = Check("sleep", {"seconds": 0.1}, seconds=1.0)
        futures = [pool.submit(Draft(str(number)), [slow]) for number in range(15)]
        assert {future.result(30)[0].reason for future in futures} == {"slept"}
        assert pool.killed == 0


def test_nobody_waits_behind_a_slow_check_while_another_worker_is_free(pool: Pool) -> None:
    """Quick checks that stand behind an endless one are overtaken by another worker before the kill."""
    finished: list[str] = []
    judge(pool, *[ECHO] * 200)  # the pool learns that echo is quick, so that queues grow long
    futures: list[Future[list[Verdict]]] = []
    for name in ["loop", *["echo"] * 100]:
        future = pool.submit(Draft(name), [Check(name, seconds=1.5)])
        future.add_done_callback(lambda _, name=name: finished.append(name))  # type: ignore[misc]
        futures.append(future)
    wait(futures, timeout=30)
    assert finished == [*["echo"] * 100, "loop"]


@pytest.mark.parametrize(("check", "reason"), [("hog", "out_of_memory"), ("recurse", "too_deep")])
def test_running_out_is_a_verdict_and_a_new_worker(pool: Pool, check: str, reason: str) -> None:
    """Memory or stack used up: `unknown`; the worker, whose caches may be half filled, is not used again."""
    ended, echoed = judge(pool, Check(check, seconds=60), ECHO)
    assert (ended.outcome, ended.reason, ended.verifier) == ("unknown", reason, check)
    assert echoed.reason == "echoed"
    assert (pool.restarts, pool.crashed, pool.killed) == (1, 0, 0)


def test_a_check_that_kills_three_workers_is_called_crashed(pool: Pool) -> None:
    """Two deaths are trouble and tried again; after the third it is the check."""
    crashed, echoed = judge(pool, Check("abort"), ECHO)
    assert crashed == Verdict("unknown", "crashed", {"deaths": 3}, 0.0, "abort")
    assert echoed.reason == "echoed"
    assert (pool.crashed, pool.restarts) == (3, 3)


def test_a_worker_killed_by_the_machine_costs_nothing() -> None:
    """kill -9 from outside, once: the check is tried again and gets its true verdict."""
    with Pool(workers=1, runner=BAD) as pool:
        pid = judge(pool, Check("who"))[0].evidence["pid"]
        future = pool.submit(Draft("p"), [Check("sleep", {"seconds": 0.4}), ECHO])
        time.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        assert [verdict.reason for verdict in future.result(30)] == ["slept", "echoed"]
        assert pool.crashed == 1
        assert judge(pool, Check("who"))[0].evidence["pid"] != pid


@pytest.mark.parametrize(("check", "what"), [("raise", "ZeroDivisionError: a bug of ours"), ("mute", "TypeError")])
def test_an_exception_in_a_check_is_our_bug(pool: Pool, check: str, what: str) -> None:
    """It reaches the caller with the worker's traceback, and is no verdict on the draft."""
    draft = Draft("p", answer="y")
    with pytest.raises(VerifierBroken, match=what) as caught:
        judge(pool, ECHO, Check(check), ECHO, draft=draft)
    assert (caught.value.verifier, caught.value.draft_id) == (check, draft.id)
    assert "Traceback" in caught.value.worker_traceback
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert judge(pool, ECHO)[0].reason == "echoed"
    assert pool.restarts == 0


# The processes


def test_workers_are_warm_confined_and_reproducible(pool: Pool, tmp_path: Path) -> None:
    """They are forked from a zygote that has preheated, hash alike, and can't write files."""
    who, write = judge(pool, Check("who"), Check("write", {"path": str(tmp_path / "out")}))
    assert who.evidence["warmed"] == [who.evidence["zygote"]]
    assert who.evidence["zygote"] != os.getpid()
    assert who.evidence["seed"] == "0"
    assert write.reason == "refused"


def test_a_dead_zygote_is_replaced(pool: Pool) -> None:
    """Its workers die with it; their checks are tried again, blaming none."""
    zygote = judge(pool, Check("who"))[0].evidence["zygote"]
    futures = [pool.submit(Draft(str(i)), [Check("sleep", {"seconds": 0.05})]) for i in range(20)]
    os.kill(zygote, signal.SIGKILL)
    assert {future.result(30)[0].reason for future in futures} == {"slept"}
    assert judge(pool, Check("who"))[0].evidence["zygote"] != zygote
    assert pool.crashed == 0


def test_the_first_workers_hand_back_what_needs_a_slow_import() -> None:
    """A check that needs SymPy or Z3 waits for a worker that has it; it never pays for the import."""
    pair = Draft("", answer="1/3", claims={"expression": "Integral(x^2, (x, 0, 1))"})
    with Pool(workers=1) as real:
        plain = real.submit(Draft("", answer="x + 1", gold="1 + x"), [Check("maths.equal")])
        dear = real.submit(pair, [Check("maths.compute")])
        assert plain.result(30)[0].outcome == "accept"
        assert (dear.result(30)[0].outcome, real.crashed, real.killed) == ("accept", 0, 0)
        assert eventually(lambda: real.submit(pair, [Check("maths.compute")]).result(30)[0].seconds < 0.3)


def test_an_idle_zygote_may_die_too(pool: Pool) -> None:
    """Nobody waits, nobody notices."""
    who = judge(pool, Check("who"))[0].evidence
    os.kill(who["zygote"], signal.SIGKILL)
    assert eventually(lambda: gone(who["pid"]))
    assert judge(pool, ECHO)[0].reason == "echoed"


def test_a_runner_that_cannot_be_imported_is_told_to_everybody_who_asks() -> None:
    """PoolUnavailable quotes what the zygote said; asking again tries again."""
    with Pool(workers=1, runner="no_such_module:run") as pool:
        for _ in range(2):
            with pytest.raises(PoolUnavailable, match="No module named 'no_such_module'"):
                judge(pool, ECHO)


@pytest.mark.parametrize(("way", "what"), [("fork", "Resource temporarily"), ("confine", "no more today")])
def test_workers_that_never_live_are_told_after_some_attempts(
    monkeypatch: pytest.MonkeyPatch, way: str, what: str
) -> None:
    """Where no worker can be forked or confined, the callers hear why instead of waiting for ever."""
    monkeypatch.setenv("TZ", way)
    with Pool(workers=2, runner=DOOMED) as pool, pytest.raises(PoolUnavailable, match=what):
        judge(pool, ECHO)


def test_a_zygote_that_never_warms_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hanging import is no reason to wait for ever."""
    monkeypatch.setenv("TZ", "hang")
    monkeypatch.setattr(pool_staff, "WARM_UP", 0.3)
    with Pool(workers=1, runner=DOOMED) as pool, pytest.raises(PoolUnavailable, match="could not start"):
        judge(pool, ECHO)


def test_an_interpreter_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No zygote, no verdicts, and a reason."""
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Pool(workers=1, runner=BAD) as pool, pytest.raises(PoolUnavailable, match="/no/such/python"):
        judge(pool, ECHO)


def test_a_bug_in_the_thread_is_told_to_all_who_wait(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a thread that has ended."""
    judge(pool, ECHO)
    monkeypatch.setattr(pool._manager, "_dispatch", lambda: [][1])
    with pytest.raises(PoolUnavailable, match="IndexError"):
        judge(pool, ECHO)
    assert eventually(lambda: pool.closed)
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(Draft("p"), [ECHO])


def test_closing_ends_the_processes_and_cancels_what_waits() -> None:
    """After close no process is left and nothing can be submitted; closing twice is fine."""
    pool = Pool(workers=1, runner=BAD)
    who = judge(pool, Check("who"))[0].evidence
    waiting = pool.submit(Draft("p"), [Check("loop")])
    pool.close()
    pool.close()
    with pytest.raises(CancelledError):
        waiting.result(10)
    assert pool.closed
    with pytest.raises(RuntimeError, match="the pool is closed"):
        pool.submit(Draft("p"), [ECHO])
    assert eventually(lambda: gone(who["pid"]) and gone(who["zygote"]))


def test_a_callback_may_close_the_pool() -> None:
    """Callbacks run in the pool's own thread, which does not wait for itself."""
    pool = Pool(workers=1, runner=BAD)
    future = pool.submit(Draft("p"), [ECHO])
    future.add_done_callback(lambda _: pool.close())
    assert future.result(30)[0].reason == "echoed"
    assert eventually(lambda: pool.closed)
    pool.close()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_copy_makes_its_own(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool can't be inherited: using it is refused, shared_pool() makes another, and the owner's stays whole."""
    monkeypatch.setattr(pool_module, "Pool", partial(Pool, workers=1, runner=BAD))
    monkeypatch.setattr(pool_module, "_shared", None)
    with shared_pool() as shared:
        assert shared_pool() is shared
        assert judge(shared, ECHO)[0].reason == "echoed"
        child = os.fork()
        if child == 0:
            os._exit(_in_the_copy(shared))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert judge(shared, ECHO)[0].reason == "echoed"
    with shared_pool() as another:
        assert another is not shared, "that one is closed"


def _in_the_copy(inherited: Pool) -> int:
    try:
        inherited.submit(Draft("p"), [ECHO])
    except RuntimeError:
        inherited.close()  # harmless
        with shared_pool() as own:
            return 0 if own is not inherited and judge(own, ECHO)[0].reason == "echoed" else 2
    return 1


ORPHANS = f"""
import sys, time
sys.path.append({HERE!r})
from proofmill.verifiers.pool import Pool
from proofmill.verifiers.verdict import Check, Draft
pool = Pool(workers=1, runner={BAD!r})
who = pool.submit(Draft("p"), [Check("who")]).result()[0].evidence
pool.submit(Draft("p"), [Check("loop", seconds=600)])
time.sleep(0.2)
print(who["pid"], who["zygote"], flush=True)
time.sleep(600)
"""


def test_no_process_outlives_a_killed_parent() -> None:
    """kill -9 of the parent, with a worker in an endless loop: zygote and worker end."""
    with subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert not any(gone(pid) for pid in pids)
        parent.kill()
    assert eventually(lambda: all(gone(pid) for pid in pids))


ELSEWHERE = f"""
import sys
from proofmill.verifiers.pool import Pool
from proofmill.verifiers.verdict import Check, Draft
sys.path.append({HERE!r})
assert not {{"sympy", "flint"}} & set(sys.modules), "the parent stays light"
with Pool(workers=1, runner={BAD!r}) as pool:
    (verdict,) = pool.submit(Draft("p"), [Check("import", {{"module": "sympy"}})]).result()
print(verdict.evidence["path"])
"""


@pytest.mark.parametrize("way", ["command", "script"])
def test_the_current_folder_hides_no_library(tmp_path: Path, way: str) -> None:
    """A `sympy.py` beside the caller is not what the verifiers import."""
    (tmp_path / "sympy.py").write_text("raise SystemExit('the wrong sympy')", encoding="utf-8")
    (tmp_path / "main.py").write_text(ELSEWHERE, encoding="utf-8")
    arguments = ["-c", ELSEWHERE] if way == "command" else ["main.py"]
    ended = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert Path(ended.stdout.strip()).name == "__init__.py"


def test_the_repository_root_is_a_fine_place_to_start_from() -> None:
    """Its folders `verifiers`, `generator`, `recipes` hide nothing either."""
    ended = subprocess.run([sys.executable, "-c", ELSEWHERE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
