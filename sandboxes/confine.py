"""Make this process harmless before it reads a stranger's text: ceilings and shut doors the platform offers.

Covered
- Memory: RLIMIT_AS stands `memory_mb` above the address space in use now, so the ceiling is what the work may take.
- Files: nothing can be written (RLIMIT_FSIZE 0), few can be open (RLIMIT_NOFILE), no core is dumped (RLIMIT_CORE 0).
- Terminal: stdin, stdout and stderr are /dev/null.
- Lifetime, Linux: the kernel kills this process when its parent ends (PR_SET_PDEATHSIG).
- Privileges, Linux: a setuid program gains nothing (PR_SET_NO_NEW_PRIVS).
- Short memory, Linux: the machine's out-of-memory killer takes this process before its parents.
- System calls, Linux on x86_64 and aarch64: no processes or programs, signals to others, sockets, files opened for
  writing, created, removed or renamed (proofmill.sandboxes.seccomp has the list).

Not covered
- Reading: files that the user may read can be opened here, for libraries are imported when they are first used.
  Only code of ours runs here, on text that is data, and nothing but its answers leaves.
- Time: whoever started the process watches the clock and kills it.
- macOS: no death with the parent and no privilege lock; RLIMIT_AS is refused or ignored there, so memory is not
  bounded. Every ceiling that the platform refuses is left out, silently outside Linux.
- A kernel without seccomp: system calls stay open; confine() says so, and `proofmill doctor` shows it.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

from proofmill.sandboxes import seccomp

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_LINUX = sys.platform.startswith("linux")


def confine(*, memory_mb: int, parent: int, open_files: int = 32) -> str:
    """Shut every door listed above; `parent` is the process id of the one that must outlive us.

    Returns "", or why system calls stay open. Call it in a freshly forked, single-threaded process; nothing here can
    be undone. OSError or ValueError (the machine's trouble) where Linux refuses a ceiling.
    """
    if _LINUX:
        die_with(parent)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _volunteer_for_oom()
    lower(resource.RLIMIT_AS, address_space() + memory_mb * 1024 * 1024)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_NOFILE, open_files)
    silence()
    return seccomp.lock()


def die_with(parent: int) -> None:
    """Ask the kernel for SIGKILL when the parent ends; end now if it has ended already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def lower(limit: int, value: int) -> None:
    """Set a resource limit, soft and hard, never above the hard limit that already stands."""
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(limit, (value, value))
    except (OSError, ValueError):
        if _LINUX:
            raise


def address_space() -> int:
    """Bytes of address space this process has mapped; 0 where the platform does not say."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return pages * resource.getpagesize()
    return 0


def silence() -> None:
    """Point stdin, stdout and stderr at /dev/null."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    if null > 2:
        os.close(null)


def _volunteer_for_oom() -> None:
    with suppress(OSError):  # a container may mount /proc read-only
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), f"prctl({option})")
