"""What on this machine keeps a stranger's code from being shut in, and what is to be typed?

Namespaces are refused for many reasons, and all with the same "Operation not permitted". The
kernel's settings are read here, from files, and said in words; nothing is changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
_SYS_ADMIN = 1 << 21  # CAP_SYS_ADMIN among the bits of CapEff
_CONTAINER = "A container's is lifted by the options at the top of the course's Dockerfile."


def in_the_way(proc: Path = PROC, user: int | None = None) -> list[str]:
    """What keeps namespaces from being made, a text for each, with what to type.

    Empty where nothing is known to; then the reason is one that no setting tells.

    Args:
        user: the number of the user who asks; this process's without it.
    """
    return [*_settings(proc), *_held(proc, os.geteuid() if user is None else user)]


def status(pid: int | str = "self", proc: Path = PROC) -> dict[str, str]:
    """The lines of `/proc/PID/status`, by their names; none where they cannot be read."""
    lines = _read(proc / str(pid) / "status").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def reason(fault: str) -> str:
    """The line of a fault that names the reason: of a traceback, the exception."""
    lines = [line.strip() for line in fault.splitlines() if ":" in line]
    found = [line for line in lines if "Error" in line.split(":")[0]]
    return (found or lines[:1] or [fault])[-1][:200]


def _settings(proc: Path) -> Iterator[str]:
    """What the kernel, or whoever set it up, refuses to all programs."""
    if (proc / "self").is_dir() and not (proc / "self/ns/user").exists():
        yield "The kernel was built without user namespaces: another kernel or machine is needed."
    if _read(proc / "sys/user/max_user_namespaces") == "0":
        yield (
            "user.max_user_namespaces is 0: nobody may make a user namespace.\n"
            "Allow them: sudo sysctl user.max_user_namespaces=10000"
        )
    if _read(proc / "sys/kernel/unprivileged_userns_clone") == "0":
        yield (
            "kernel.unprivileged_userns_clone is 0: only root may make a user namespace.\n"
            "Allow them: sudo sysctl kernel.unprivileged_userns_clone=1"
        )
    if _read(proc / "sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        yield (
            "AppArmor takes all rights from a user namespace (Ubuntu does so from 23.10 on).\n"
            "Allow them, for all programs and until the machine starts again:\n"
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )


def _held(proc: Path, user: int) -> Iterator[str]:
    """What holds this process back, and perhaps no other."""
    mine = status(proc=proc)
    if mine.get("Seccomp") == "2":
        yield f"A filter of system calls is on this process already. {_CONTAINER}"
    label = _read(proc / "self/attr/current").rstrip("\0")
    if label.endswith("(enforce)"):
        yield f"AppArmor's profile {label.split(' ')[0]!r} is on this process. {_CONTAINER}"
    rights = int(mine.get("CapEff", "0"), 16)
    if user == 0 and mine and not rights & _SYS_ADMIN:
        yield (
            "This is root without root's rights, who may not make a user namespace for root.\n"
            "Be another user: in a container, --user 1000"
        )


def _read(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text("utf-8").strip()
    return ""
