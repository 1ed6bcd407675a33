"""A lock on system calls (seccomp-BPF): this process can compute, allocate, read files and answer, and nothing else.

Denied, by EPERM: starting processes or programs, signals to others, sockets of any kind and messages to an address,
opening for writing, and creating, removing, renaming or changing files, mounts and namespaces, tracing, shared memory
and queues of System V and POSIX, keys, clocks, modules, priorities, identities, and lifting what confine() has set.
Calls newer than Linux 5.1 answer ENOSYS, as on an older kernel, but for three harmless ones.

Left open: files can be opened for reading (libraries are imported when they are first used), and threads can be
started (Z3 needs one); they stand under the same lock and the same ceilings.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _RETURN, _EQUAL, _AT_LEAST, _ANY_BIT = 0x20, 0x06, 0x15, 0x35, 0x45
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FIRST_X32 = 0x40000000
_FIRST_NEW = 424
_NEW_BUT_HARMLESS = (436, 439, 449)  # close_range, faccessat2, futex_waitv
_THREAD = 0x10000  # CLONE_THREAD
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# name: (x86_64, aarch64); None where the machine does not have it
DENIED: dict[str, tuple[int | None, int | None]] = {
    # processes and signals
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "setsid": (112, 157), "setpgid": (109, 154), "prctl": (157, 167), "personality": (135, 92),
    "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "sched_setparam": (142, 118), "sched_setaffinity": (203, 122),
    # the network, and other ways to talk
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "mq_open": (240, 180),
    "mq_unlink": (241, 181), "memfd_create": (319, 279), "splice": (275, 76), "vmsplice": (278, 75),
    "tee": (276, 77), "sendfile": (40, 71), "copy_file_range": (326, 285),
    # files
    "open_by_handle_at": (304, 265), "creat": (85, None), "unlink": (87, None), "unlinkat": (263, 35),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
    "mknod": (133, None), "mknodat": (259, 33), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "truncate": (76, 45),
    "ftruncate": (77, 46), "fallocate": (285, 47), "utime": (132, None), "utimes": (235, None),
    "utimensat": (280, 88), "futimesat": (261, None), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "fanotify_init": (300, 262), "inotify_init": (253, None), "inotify_init1": (294, 26),
    # the machine
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "acct": (163, 89),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "reboot": (169, 142), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None),
    "ioperm": (173, None), "vhangup": (153, 58), "syslog": (103, 116), "capset": (126, 91), "setuid": (105, 146),
    "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143), "setresuid": (117, 147),
    "setresgid": (119, 149), "setgroups": (116, 159), "setfsuid": (122, 151), "setfsgid": (123, 152),
}  # fmt: skip
_BY_ARGUMENT: dict[str, tuple[int | None, int | None]] = {
    "open": (2, None), "openat": (257, 56), "sendto": (44, 206), "tgkill": (234, 131), "prlimit64": (302, 261),
    "clone": (56, 220),
}  # fmt: skip


def lock() -> str:
    """Put the lock on, for ever; "" or why there is none: another platform, or a kernel that refuses it.

    The process must have given up new privileges (PR_SET_NO_NEW_PRIVS), and must be single-threaded.
    """
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _AUDIT:
        return f"seccomp: no table of system calls for {sys.platform} on {machine}"
    program = b"".join(_program(machine, os.getpid()))
    buffer = ctypes.create_string_buffer(program)
    header = struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.c_char_p(header), 0, 0) != 0:
        return f"seccomp: {os.strerror(ctypes.get_errno())}"
    return ""


def _program(machine: str, pid: int) -> list[bytes]:
    """The filter for one process, as BPF instructions."""
    column = list(_AUDIT).index(machine)
    number = {name: numbers[column] for name, numbers in {**DENIED, **_BY_ARGUMENT}.items()}
    refuse = [_step(_RETURN, _ERRNO | errno.EPERM)]
    parts = [
        [_step(_LOAD, _MACHINE)],
        _unless(_EQUAL, _AUDIT[machine], [_step(_RETURN, _KILL)]),
        [_step(_LOAD, _NUMBER)],
        _where(_AT_LEAST, _FIRST_X32, refuse),
        *(_where(_EQUAL, harmless, [_step(_RETURN, _ALLOW)]) for harmless in _NEW_BUT_HARMLESS),
        _where(_AT_LEAST, _FIRST_NEW, [_step(_RETURN, _ERRNO | errno.ENOSYS)]),
        *(_where(_EQUAL, number[name], refuse) for name in DENIED),
        *(_where(_EQUAL, number[name], _with_argument(name, pid)) for name in _BY_ARGUMENT),
        [_step(_RETURN, _ALLOW)],
    ]
    return [step for part in parts for step in part]


def _with_argument(name: str, pid: int) -> list[bytes]:
    """Calls that are denied for some of their arguments only."""
    allow, refuse = [_step(_RETURN, _ALLOW)], [_step(_RETURN, _ERRNO | errno.EPERM)]
    if name in {"open", "openat"}:
        flags = _argument(1 if name == "open" else 2)
        return [flags, *_where(_ANY_BIT, _WRITING, refuse), *allow]
    if name == "clone":
        return [_argument(0), *_where(_ANY_BIT, _THREAD, allow), *refuse]
    if name == "sendto":  # to whom it is connected, and to no address
        return [_argument(4), *_unless(_EQUAL, 0, refuse), _argument(4, high=True), *_unless(_EQUAL, 0, refuse), *allow]
    own = (pid,) if name == "tgkill" else (pid, 0)
    return [_argument(0), *(step for value in own for step in _where(_EQUAL, value, allow)), *refuse]


def _argument(place: int, *, high: bool = False) -> bytes:
    """Load the lower (or higher) half of an argument; both machines are little-endian."""
    return _step(_LOAD, _ARGUMENTS + 8 * place + (4 if high else 0))


def _where(test: int, value: int | None, then: Iterable[bytes]) -> list[bytes]:
    """Do it if the loaded word passes the test; nothing where the machine has no such number."""
    block = list(then)
    return [] if value is None else [_step(test, value, otherwise=len(block)), *block]


def _unless(test: int, value: int, then: Iterable[bytes]) -> list[bytes]:
    block = list(then)
    return [_step(test, value, passed=len(block)), *block]


def _step(code: int, value: int, *, passed: int = 0, otherwise: int = 0) -> bytes:
    """struct sock_filter: after a test, how many steps to skip where it passed, and where not."""
    return struct.pack("=HBBI", code, passed, otherwise, value)
