"""What a confined process can't do any more."""

import errno
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from proofmill.sandboxes import confine as confine_module
from proofmill.sandboxes import seccomp
from proofmill.sandboxes.confine import address_space, lower

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's promises are Linux's")

CONFINED = """
import os, resource, socket, sys
from proofmill.sandboxes.confine import address_space, confine
ours, its = socket.socketpair()
child = os.fork()
if child == 0:
    before = address_space()
    confine(memory_mb=64, parent=os.getppid())
    {body}
    its.sendall(repr(found).encode())
    os._exit(0)
its.close()
print(ours.recv(10_000).decode())
os.waitpid(child, 0)
"""


def confined(body: str, program: str = CONFINED) -> Any:
    """Run a line in a confined process; return what it found."""
    script = program.replace("{body}", body.replace("\n", "\n    "))
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return eval(ended.stdout)


@linux
def test_ceilings_stand_above_what_is_mapped_already() -> None:
    """Memory is counted from here; cores, written files and open files are bounded."""
    room, *others = confined(
        "found = [resource.getrlimit(resource.RLIMIT_AS)[1] - before] + "
        "[resource.getrlimit(getattr(resource, 'RLIMIT_' + name)) for name in ('CORE', 'FSIZE', 'NOFILE')]"
    )
    assert 64 << 20 <= room <= 66 << 20
    assert others == [(0, 0), (0, 0), (32, 32)]


@linux
def test_memory_ends_with_a_memory_error() -> None:
    """64 MB may be taken, and not 80."""
    assert confined("try: found = len(bytearray(80_000_000))\nexcept MemoryError: found = 'full'") == "full"
    assert confined("found = len(bytearray(40_000_000))") == 40_000_000


@linux
def test_files_cannot_be_written(tmp_path: Path) -> None:
    """Not one that is there, not a new one; and where system calls are not locked, no byte gets into it."""
    path = tmp_path / "out"
    program = "try: found = open({}, 'wb', 0).write(b'x')\nexcept OSError as no: found = no.errno"
    assert confined(program.format(repr(str(path)))) == errno.EPERM
    assert not path.exists()
    unlocked = f"from proofmill.sandboxes import seccomp; seccomp.lock = lambda: ''; {CONFINED}"
    assert confined(program.format(repr(str(path))), unlocked) == errno.EFBIG
    assert path.read_bytes() == b""


@linux
def test_the_terminal_is_gone_and_the_kernel_knows_us() -> None:
    """stdio is /dev/null, no new privileges, first in line for the out-of-memory killer."""
    names, privileges, score = confined(
        "names = {os.readlink(f'/proc/self/fd/{fd}') for fd in (0, 1, 2)}\n"
        "status = open('/proc/self/status').read()\n"
        "found = names, 'NoNewPrivs:\\t1' in status, open('/proc/self/oom_score_adj').read().strip()"
    )
    assert names == {"/dev/null"}
    assert privileges
    assert score == "1000"


@linux
def test_it_does_not_begin_where_the_parent_has_ended() -> None:
    """The kernel can't tell of a death that came before it was asked."""
    script = "from proofmill.sandboxes.confine import confine; confine(memory_mb=64, parent=1 << 22); print('alive')"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")


def test_every_measure_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one call: death with the parent, no privileges, four ceilings, silence, and last the lock."""
    done: list[object] = []
    monkeypatch.setattr(confine_module, "_LINUX", True)
    monkeypatch.setattr("os.getppid", lambda: 7)
    monkeypatch.setattr("os.open", lambda *_: 9)
    monkeypatch.setattr("os.dup2", lambda null, stream: done.append((null, stream)))
    monkeypatch.setattr("os.close", done.append)
    monkeypatch.setattr(confine_module, "_volunteer_for_oom", lambda: done.append("oom"))
    monkeypatch.setattr(confine_module, "_prctl", lambda option, value: done.append((option, value)))
    monkeypatch.setattr(resource, "setrlimit", lambda limit, value: done.append(limit))
    monkeypatch.setattr(seccomp, "lock", lambda: done.append("locked") or "as far as it goes")
    assert confine_module.confine(memory_mb=1, parent=7) == "as far as it goes"
    names = ("AS", "CORE", "FSIZE", "NOFILE")
    limits = [getattr(resource, f"RLIMIT_{name}") for name in names]
    assert done == [(1, 9), (38, 1), "oom", *limits, (9, 0), (9, 1), (9, 2), 9, "locked"]


def test_a_ceiling_never_rises_above_the_hard_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine allows less, less it is."""
    set_to: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, value: set_to.append(value))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (10, 20))
    lower(resource.RLIMIT_NOFILE, 32)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    lower(resource.RLIMIT_NOFILE, 32)
    assert set_to == [(20, 20), (32, 32)]


def test_a_refused_ceiling_is_trouble_on_linux_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS refuses some; there the ceiling is left out, as the docstring says."""

    def refuse(*_: object) -> None:
        raise ValueError("not here")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    monkeypatch.setattr(confine_module, "_LINUX", False)
    lower(resource.RLIMIT_CORE, 0)
    monkeypatch.setattr(confine_module, "_LINUX", True)
    with pytest.raises(ValueError, match="not here"):
        lower(resource.RLIMIT_CORE, 0)


@linux
def test_the_address_space_is_known() -> None:
    """An interpreter maps some megabytes."""
    assert address_space() > 5_000_000
