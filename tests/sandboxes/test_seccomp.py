"""What a process can't ask of the kernel once the lock is on, and what it still can."""

import errno
import platform
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from proofmill.sandboxes import seccomp

locked_here = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64"),
    reason="there is a lock for Linux on x86_64 and aarch64",
)

LOCKED = """
import ctypes, errno, os, signal, socket, sys, threading, time
from proofmill.sandboxes import seccomp
from proofmill.sandboxes.confine import _prctl
os.chdir({folder!r})
ours, its = socket.socketpair()
its.sendall(b"said")
found = {{}}
_prctl(38, 1)
began = time.perf_counter()
found["refused"] = seccomp.lock()
found["seconds"] = time.perf_counter() - began
def attempt(name, function):
    try:
        function()
        found[name] = 0
    except OSError as no:
        found[name] = no.errno
    except RuntimeError:
        found[name] = "RuntimeError"
{attempts}
print(found)
"""
FORBIDDEN = {
    "fork": "os.fork()",
    "exec": "os.execv('/bin/true', ['true'])",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "kill": "os.kill(1, 0)",
    "kill the parent": "os.kill(os.getppid(), signal.SIGTERM)",
    "kill by handle": "signal.pidfd_send_signal(0, 0)",
    "socket": "socket.socket()",
    "unix socket": "socket.socket(socket.AF_UNIX)",
    "pair": "socket.socketpair()",
    "datagram": "ours.sendto(b'x', '/nowhere')",
    "message": "ours.sendmsg([b'x'])",
    "write": "os.open('new', os.O_WRONLY | os.O_CREAT)",
    "append": "os.open('old', os.O_WRONLY | os.O_APPEND)",
    "read and write": "os.open('old', os.O_RDWR)",
    "nameless": "os.open('.', os.O_TMPFILE | os.O_RDWR)",
    "truncate": "os.truncate('old', 0)",
    "unlink": "os.unlink('old')",
    "rename": "os.rename('old', 'new')",
    "link": "os.link('old', 'new')",
    "symlink": "os.symlink('old', 'new')",
    "mkdir": "os.mkdir('new')",
    "chmod": "os.chmod('old', 0)",
    "utime": "os.utime('old')",
    "own group": "os.setpgid(0, 0)",
    "session": "os.setsid()",
    "live on": "_prctl(1, 0)",
    "shared memory": "os.memfd_create('x')",
    "identity": "os.setuid(1)",
}
ALLOWED = {
    "read": "os.close(os.open('old', os.O_RDONLY))",
    "list": "os.listdir('.')",
    "answer": "its.sendall(b'x') or ours.recv(10)",
    "memory": "bytearray(50_000_000)",
    "clock": "time.sleep(0.001)",
    "random": "os.urandom(8)",
    "own limits": "__import__('resource').getrlimit(0)",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("locked")
    (folder / "old").write_text("as it was", encoding="ascii")
    calls = {**FORBIDDEN, **ALLOWED, "thread": "threading.Thread(target=int).start()"}
    attempts = "\n".join(f"attempt({name!r}, lambda: {call})" for name, call in calls.items())
    program = LOCKED.format(folder=str(folder), attempts=attempts)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [path.name for path in folder.iterdir()] == ["old"]
    assert (folder / "old").read_text("ascii") == "as it was"
    return eval(ended.stdout)


@locked_here
@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_forbidden(found: Any, name: str) -> None:
    """The kernel says no: EPERM, or ENOSYS as if the call did not exist."""
    assert found["refused"] == ""
    assert found[name] in {errno.EPERM, errno.ENOSYS}


@locked_here
@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_needed(found: Any, name: str) -> None:
    """Reading, answering on the socket that is there, memory, clocks and chance."""
    assert found[name] == 0


@locked_here
def test_threads_are_allowed_and_the_lock_is_quick(found: Any) -> None:
    """Z3 needs one, a fork is none; and a worker is born with the lock in milliseconds."""
    assert found["thread"] == 0
    assert found["seconds"] < 0.1


@locked_here
def test_the_engines_work_under_the_lock() -> None:
    """SymPy, FLINT and Z3 compute, import lazily, and a crash of one is still a crash."""
    program = (
        "from proofmill.sandboxes import seccomp\n"
        "from proofmill.sandboxes.confine import _prctl\n"
        "_prctl(38, 1)\n"
        "assert seccomp.lock() == ''\n"
        "import flint, sympy, z3\n"
        "x = sympy.Symbol('x')\n"
        "print(sympy.integrate(sympy.sin(x), x), flint.arb.pi().str(5), z3.simplify(z3.IntVal(2) + 3))\n"
        "y = z3.Real('y')\n"
        "solver = z3.Solver(); solver.set('rlimit', 1_000_000); solver.add(y * y == 2, y > 0)\n"
        "print(solver.check())\n"
        "import os; os.abort()\n"
    )
    ended = subprocess.run([sys.executable, "-uc", program], capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines() == ["-cos(x) [3.1416 +/- 7.35e-6] 5", "sat"]
    assert ended.returncode < 0


def test_elsewhere_it_says_that_there_is_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No table, no lock: a sentence instead of an error."""
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert seccomp.lock() == f"seccomp: no table of system calls for {sys.platform} on riscv64"
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("sys.platform", "darwin")
    assert "darwin" in seccomp.lock()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_stays_inside_the_program(machine: str) -> None:
    """The kernel would refuse the whole filter; and the program ends with a return."""
    steps = [struct.unpack("=HBBI", step) for step in seccomp._program(machine, 7)]
    assert 100 < len(steps) < 4096
    for place, (_, passed, otherwise, _) in enumerate(steps):
        assert place + 1 + max(passed, otherwise) < len(steps) or not (passed or otherwise)
    assert steps[-1][0] == 0x06


@pytest.mark.parametrize(
    ("column", "header"),
    [(0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (1, "/usr/include/asm-generic/unistd.h")],
)
def test_the_numbers_are_the_kernels(column: int, header: str) -> None:
    """Where the kernel's headers are installed, each name has the number they give it."""
    if not Path(header).exists():
        pytest.skip("the kernel's headers are not installed")
    text = Path(header).read_text("ascii")
    known = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    ours = {name: numbers[column] for name, numbers in {**seccomp.DENIED, **seccomp._BY_ARGUMENT}.items()}
    assert ours == {name: known.get(name) for name in ours}
