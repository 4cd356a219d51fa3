"""Which system calls may a stranger's code make? All but those that only a breakout needs.

A filter of classic BPF, which the kernel runs at each call. It is a list of what is refused, not
of what is allowed: Python and its libraries may call what they like, and the walls of walls.py
stand behind it. Refused are mounts, namespaces, tracing of other processes, keys, modules,
clocks, BPF, io_uring and sockets that no network namespace holds back (AF_VSOCK, AF_PACKET, ...)
or that would load a module (SCTP, MPTCP, ...). Refused is, too, what takes from the whole machine
or from all processes of a user: to flush every disk, requests of asynchronous input and output,
watches on files, and memory that counts for no process (memfd, System V, messages, spliced pages).
Own code, since pyseccomp needs a system library that a learner's machine may not have.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# By name: the number on x86_64 and on aarch64; -1 where there is none.
_REFUSED = {
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264), "fanotify_init": (300, 262), "lookup_dcookie": (212, 18),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "personality": (135, 92), "mknod": (133, -1), "mknodat": (259, 33), "vhangup": (153, 58),
    "move_pages": (279, 239), "migrate_pages": (256, 238), "iopl": (172, -1),
    "ioperm": (173, -1), "modify_ldt": (154, -1), "uselib": (134, -1), "fanotify_mark": (301, 263),
    "open_tree_attr": (467, 467), "statmount": (457, 457), "listmount": (458, 458),
    "listns": (470, 470),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "vmsplice": (278, 75),
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "io_setup": (206, 0), "inotify_init": (253, -1),
    "inotify_init1": (294, 26), "sync": (162, 81), "syncfs": (306, 267),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET, _IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)
_SOCKETPAIR, _SETRLIMIT, _PRLIMIT = (53, 199), (160, 164), (302, 261)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_SIGNALS = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
}  # fmt: skip
_NEW_NAMESPACES = 0x7E020000  # the CLONE_NEW... flags of clone
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_PROTOCOLS = (0, 6, 17)  # the ordinary one of a kind of socket, TCP, UDP
_CORE = 4  # RLIMIT_CORE; lowered from 1 to 0, it lets dumps go to a program of the machine's
_INJECTING = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: keys for somebody else's terminal
_X32 = 0x40000000

# BPF: load a word, jump if equal, jump if greater or equal, and, return.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND, _THIRD = 0, 4, 16, 24, 32  # offsets in seccomp_data
_ALLOW, _KILL = 0x7FFF0000, 0x80000000

Step = tuple[int, int, int, int]


class Unfiltered(OSError):
    """This machine takes no filter; the text says why."""


def close_syscalls(*, sees_others: bool = False) -> None:
    """Filter the system calls of this thread, and of what it starts, from now on.

    `no_new_privs` must be set. A call that is refused fails with EPERM, as if without rights.

    Args:
        sees_others: this process is in no namespace of its own; it may then send signals to
            itself only, since the judge and all that this user runs are there to be hit.

    Raises:
        Unfiltered: the machine is of another kind, or its kernel takes no filter.
    """
    if platform.machine() not in _MACHINES:
        raise Unfiltered(f"there is no list of system calls for {platform.machine()}")
    steps = program(platform.machine(), os.getpid() if sees_others else 0)
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(code)
    head = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
    if libc.prctl(22, ctypes.c_ulong(2), ctypes.c_char_p(head), 0, 0):
        raise Unfiltered(f"the kernel takes no filter: {os.strerror(ctypes.get_errno())}")


def program(machine: str, only: int = 0) -> list[Step]:
    """The filter for a kind of machine, as `(code, if true, if false, constant)`.

    Args:
        only: the one process that may be sent signals; 0 for any that is seen.
    """
    column, architecture = _MACHINES[machine]
    steps: list[Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),  # a call by another architecture's numbers
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [(_IF_AT_LEAST, 0, 1, _X32), _fails(errno.EPERM)]
    for numbers in _REFUSED.values():
        if (number := numbers[column]) >= 0:
            steps += [(_IF_EQUAL, 0, 1, number), _fails(errno.EPERM)]
    # The C library then takes clone, whose flags a filter can read.
    steps += [(_IF_EQUAL, 0, 1, _CLONE3[column]), _fails(errno.ENOSYS)]
    steps += _only_if(_CLONE[column], _clone())
    steps += _only_if(_SOCKET[column], _socket())
    steps += _only_if(_SOCKETPAIR[column], _socket())
    steps += _only_if(_SETRLIMIT[column], _no_core(_FIRST))
    steps += _only_if(_PRLIMIT[column], _no_core(_SECOND, _THIRD, _THIRD + 4))
    steps += _only_if(_IOCTL[column], _ioctl())
    for numbers in _SIGNALS.values() if only else ():
        steps += _only_if(numbers[column], _signal_to(only))
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def _fails(number: int) -> Step:
    return (_RETURN, 0, 0, 0x00050000 | number)


def _only_if(number: int, block: list[Step]) -> list[Step]:
    """A block that ends with a return, for one system call."""
    return [(_IF_EQUAL, 0, len(block), number), *block]


def _clone() -> list[Step]:
    allowed = [(_IF_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW), _fails(errno.EPERM)]
    return [(_LOAD, 0, 0, _FIRST), (_AND, 0, 0, _NEW_NAMESPACES), *allowed]


def _socket() -> list[Step]:
    steps: list[Step] = [(_LOAD, 0, 0, _FIRST)]
    steps += [*_one_of(_FAMILIES), _fails(errno.EAFNOSUPPORT), (_LOAD, 0, 0, _THIRD)]
    return [*steps, *_one_of(_PROTOCOLS), _fails(errno.EPROTONOSUPPORT), (_RETURN, 0, 0, _ALLOW)]


def _one_of(values: tuple[int, ...]) -> list[Step]:
    """Leave out the next step where one of the values was loaded."""
    last = len(values)
    return [(_IF_EQUAL, last - place, 0, value) for place, value in enumerate(values)]


def _no_core(resource: int, *pointer: int) -> list[Step]:
    """Refuse to set the limit of core dumps; with a null `pointer`, it is only asked for."""
    steps: list[Step] = [(_LOAD, 0, 0, resource), (_IF_EQUAL, 1, 0, _CORE), (_RETURN, 0, 0, _ALLOW)]
    if pointer:
        low, high = pointer
        steps += [(_LOAD, 0, 0, low), (_IF_EQUAL, 0, 3, 0), (_LOAD, 0, 0, high)]
        steps += [(_IF_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW)]
    return [*steps, _fails(errno.EPERM)]


def _signal_to(process: int) -> list[Step]:
    allowed = [(_IF_EQUAL, 0, 1, process), (_RETURN, 0, 0, _ALLOW), _fails(errno.EPERM)]
    return [(_LOAD, 0, 0, _FIRST), *allowed]


def _ioctl() -> list[Step]:
    steps: list[Step] = [(_LOAD, 0, 0, _SECOND)]
    for request in _INJECTING:
        steps += [(_IF_EQUAL, 0, 1, request), _fails(errno.EPERM)]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]
