"""How is a stranger's code shut in on Linux? By namespaces, a root of its own, and limits.

Two processes build the walls. The zygote gives itself a root that holds Python, the virtual
environment, the system's libraries and this package, all read-only (`take_own_root`), and drops
root's rights. The keeper of each child makes user, mount, pid, network, ipc and uts namespaces
(`unshare_all`); its child, process 1 in there, makes its own folder to work in, /proc and loopback
(`furnish`), and then closes the door behind itself (`close_door`): limits, no capabilities, no
new privileges, a filter of system calls. Only then runs a line of a submission.

Not covered: faults of the kernel itself; what processes can learn from each other by time or
load; the processor, which a submission may keep busy up to its limits of time, if with little
priority for all but its first process; memory that the kernel holds behind the files that a
submission may have open (pipes, sockets), and, before Linux 5.14, how many processes a user has
in all namespaces. What lies in /usr/lib and in Python's own folders can be read, and so can the
names of mounts. A submission shares its process with the code that answers for it. What a client,
the newswire and its database (`Client.beside`) see is judged outside. What the child says of its
own loop (`Client.watch`, `Client.stuck_at`) can be forged: checks take it for words, not for
verdicts.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

from course_support.grading.memory import tree
from course_support.grading.syscalls import close_syscalls
from course_support.places import ROOT

NOBODY = 65534
MIB = 1024**2
WORK = Path("/work")  # not /tmp: the course itself may lie in there
_STAGES = ("/sys", "/mnt", "/srv")  # folders that every machine has, and none needs here
_LIBRARIES = ("/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib64", "/usr/lib32")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_FILES = {
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "hosts: files\n",
    "/etc/passwd": f"nobody:x:{NOBODY}:{NOBODY}::/work:/bin/false\n",
}
_CERTIFICATE = "/etc/ssl/cert.pem"
_LIMITS = {  # of each process; the judge watches over the memory of all together
    resource.RLIMIT_AS: 2048 * MIB,
    resource.RLIMIT_CPU: 120,
    resource.RLIMIT_FSIZE: 16 * MIB,
    resource.RLIMIT_NOFILE: 512,
    resource.RLIMIT_NPROC: 160,
    resource.RLIMIT_CORE: 1,  # with 0, a dump would still go to a program of the machine's
}

_RDONLY, _NOSUID, _NODEV, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_DETACH = 2
_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = (
    0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def take_own_root() -> None:
    """Leave the machine's files behind: from now on there is only what a child needs.

    Raises:
        OSError: this machine does not allow it; the text says what was not allowed.
    """
    here = Path.cwd()
    os.umask(0o022)
    _unshare_mounts()
    _mount("", "/", "", _REC | _PRIVATE, "")
    stage = next(Path(name) for name in _STAGES if Path(name).is_dir())
    _mount("tmpfs", str(stage), "tmpfs", _NOSUID, "mode=755,size=1m")
    for path in _needed():
        _bring(path, stage)
    for name in _DEVICES:
        _bind(Path("/dev", name), stage)
    _bind(Path("/proc"), stage)
    for name in ("work", "dev/shm"):
        (stage / name).mkdir(parents=True)
    if not (stage / "tmp").exists():
        (stage / "tmp").symlink_to(WORK)
    for name, text in (_FILES | {_CERTIFICATE: _one_certificate()}).items():
        _file(stage, name).write_text(text)
    _mount("tmpfs", f"{stage}{WORK}", "tmpfs", _NOSUID | _NODEV, "mode=1777,size=64m")
    os.chdir(stage)
    _call("pivot_root", _pivot())
    _call("umount", _libc_().umount2(b".", _DETACH))
    _mount("", "/", "", _REMOUNT | _BIND | _RDONLY | _NOSUID, "")
    os.chdir(here if here.is_dir() else "/")
    os.environ.update(TMPDIR=str(WORK), HOME=str(WORK), SSL_CERT_FILE=_CERTIFICATE)
    _be_nobody()


def unshare_all() -> None:
    """Give this process's next child namespaces of its own, in which this user is alone.

    Raises:
        OSError: this machine does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    kinds = _NEWUSER | _NEWNS | _NEWPID | _NEWNET | _NEWIPC | _NEWUTS
    _call("unshare", _libc_().unshare(kinds))
    _map_only(user, group)


def adopt_orphans() -> None:
    """Become the parent of what a child leaves behind: for a machine without namespaces."""
    _call("subreaper", _libc_().prctl(36, 1, 0, 0, 0))


def end_descendants() -> None:
    """Kill all that came from this process, until nothing is left."""
    with suppress(ChildProcessError):
        while True:
            for pid in [one for one in tree(os.getpid()) if one != os.getpid()]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)


def furnish() -> Path:
    """As process 1 of the namespaces: make a /proc, a loopback and a small folder to work in.

    Returns that folder.
    """
    os.setsid()
    _mount("", "/", "", _REC | _PRIVATE, "")
    _mount("tmpfs", str(WORK), "tmpfs", _NOSUID | _NODEV, "mode=700,size=32m,nr_inodes=4096")
    _mount("tmpfs", "/dev/shm", "tmpfs", _NOSUID | _NODEV, "mode=700,size=16m,nr_inodes=512")
    try:
        _mount("proc", "/proc", "proc", _NOSUID | _NODEV, "")
    except OSError:  # in a container that hides parts of /proc: none is better than the host's
        _mount("tmpfs", "/proc", "tmpfs", _RDONLY, "size=1m")
    _loopback_up()
    socket.sethostname("submission")
    return WORK


def close_door(keep: int) -> None:
    """Take all rights and all descriptors but 0, 1, 2 and `keep` from this process, for good.

    Raises:
        OSError: a wall could not be built.
    """
    most = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, keep)
    os.closerange(keep + 1, most)
    for kind, most in _LIMITS.items():
        _, hard = resource.getrlimit(kind)
        if kind == resource.RLIMIT_NPROC and os.getpid() != 1:
            most += _threads_of_user()  # without a user namespace, all of them count
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    with suppress(OSError):  # where memory runs out, this process is the one to go
        Path("/proc/self/oom_score_adj").write_text("1000")
    _drop_capabilities()
    _call("no_new_privs", _libc_().prctl(38, 1, 0, 0, 0))
    close_syscalls(sees_others=os.getpid() != 1)


def _threads_of_user() -> int:
    number = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.stat().st_uid == os.getuid():
                number += len(list((process / "task").iterdir()))
    return number


def _needed() -> list[Path]:
    """What a child needs of this machine's files."""
    base, here = Path(sys.base_prefix).resolve(), Path(sys.prefix)
    system = str(base) in ("/usr", "/usr/local")
    python = [base / "lib", base / "lib64"] if system else [base]
    program = Path(os.path.realpath(sys.executable))
    paths = [*python, program, here, ROOT / "course_support", *map(Path, _LIBRARIES)]
    return [path for path in (*paths, Path("/etc/ld.so.cache")) if path.exists()]


def _one_certificate() -> str:
    """The first of the authorities' certificates.

    No child reaches a TLS server, and to read all 140 takes 20 to 35 ms for each httpx client.
    """
    import certifi

    whole = Path(certifi.where()).read_text("ascii", "replace")
    end = "-----END CERTIFICATE-----\n"
    return whole[whole.index("-----BEGIN") : whole.index(end) + len(end)]


def _bring(path: Path, stage: Path) -> None:
    """A file, a folder, or a link, under the same name in the root that is being built."""
    there = stage / path.relative_to("/")
    if there.exists() or there.is_symlink():
        return
    if path.is_symlink() and str(path) in _LIBRARIES:
        there.parent.mkdir(parents=True, exist_ok=True)
        there.symlink_to(path.readlink())
    else:
        _bind(path, stage)


def _bind(path: Path, stage: Path) -> None:
    there = stage / path.relative_to("/")
    if path.is_dir():
        there.mkdir(parents=True, exist_ok=True)
    else:
        _file(stage, str(path)).touch()
    _mount(str(path), str(there), "", _BIND | _REC, "")
    if path.parts[1] not in ("proc", "dev"):
        flags = _REMOUNT | _BIND | _RDONLY | _NOSUID | _locked_flags(there)
        _mount("", str(there), "", flags, "")


def _locked_flags(place: Path) -> int:
    """What an outer namespace has set on a mount, and a remount has to keep."""
    found = os.statvfs(place).f_flag
    kept = (os.ST_NODEV, _NODEV), (os.ST_NOEXEC, 8), (os.ST_NOATIME, 1024), (4096, 1 << 21)
    return sum(flag for bit, flag in kept if found & bit)


def _file(stage: Path, name: str) -> Path:
    there = stage / name.lstrip("/")
    there.parent.mkdir(parents=True, exist_ok=True)
    return there


def _unshare_mounts() -> None:
    """A mount namespace; within a user namespace where this process may not have it as it is."""
    if os.geteuid() == 0 and _libc_().unshare(_NEWNS) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    _call("unshare", _libc_().unshare(_NEWUSER | _NEWNS))
    _map_only(user, group)


def _map_only(user: int, group: int) -> None:
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _be_nobody() -> None:
    """Let go of root's rights, or of those that a new user namespace gave."""
    if os.geteuid() == 0 and Path("/proc/self/uid_map").read_text().split()[2] != "1":
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    _drop_capabilities()
    _call("no_new_privs", _libc_().prctl(38, 1, 0, 0, 0))
    # Without it, its children could not write the maps of their user namespaces.
    _call("dumpable", _libc_().prctl(4, 1, 0, 0, 0))


def _drop_capabilities() -> None:
    for number in range(64):
        _libc_().prctl(24, number, 0, 0, 0)  # PR_CAPBSET_DROP; fails for numbers beyond the last
    _libc_().prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL
    header = struct.pack("Ii", 0x20080522, 0)
    _call("capset", _libc_().capset(ctypes.c_char_p(header), ctypes.c_char_p(bytes(24))))


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up = struct.pack("16sH14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, up)  # SIOCSIFFLAGS


def _pivot() -> int:
    number = _PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise OSError(f"pivot_root is not known for {os.uname().machine}")
    return int(_libc_().syscall(number, b".", b"."))


def _mount(what: str, where: str, kind: str, flags: int, options: str) -> None:
    words = (text.encode() or None for text in (what, where, kind))
    done = _libc_().mount(*words, ctypes.c_ulong(flags), options.encode() or None)
    _call(f"mount {kind or what or 'flags'} at {where}", done)


def _call(what: str, result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _libc_() -> ctypes.CDLL:
    assert _libc is not None, "Linux only"
    return _libc
