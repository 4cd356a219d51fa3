"""How much do a process and all that came from it use, and how do others get their turn?

Nothing here is read as text: a process chooses its own name, and some bytes are no text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_THREADS = 32  # of the first process that have ordinary priority; Django's views need some
_COUNTED = (b"RssAnon:", b"RssShmem:", b"VmSwap:")
_SHARED_OUT = (b"Pss_Anon:", b"Pss_Shmem:", b"SwapPss:")
_LEAST = b"19"


def used_mib(pid: int) -> float:
    """MiB of the tree under `pid`, without what its processes share with files, at most.

    A page that several processes share counts for each of them: quick to say, and too much.
    """
    return sum(_kib(one, "status", _COUNTED) for one in tree(pid)) / 1024


def exact_mib(pid: int) -> float:
    """The same, with each page counted once; it takes 2 ms for each process."""
    return sum(_exact_kib(one) for one in tree(pid)) / 1024


class Meter:
    """What a tree uses, looked up exactly only where it could matter."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._too_much = 0.0  # by which `used_mib` was too high at the last exact look

    def exceeds(self, limit_mib: float) -> bool:
        """Does the tree use more than that?"""
        rough = used_mib(self._pid)
        if rough - self._too_much > limit_mib:
            self._too_much = max(rough - exact_mib(self._pid), 0.0)
        return rough - self._too_much > limit_mib


def tree(pid: int) -> Iterator[int]:
    """`pid` and what came from it, as far as it can be seen now."""
    waiting, seen = [pid], set()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            yield one
            waiting += _children(one)


def open_files(pid: int) -> int:
    """How many descriptors the tree has open; what lies behind them is the kernel's memory."""
    return sum(_descriptors(one) for one in tree(pid))


def give_way(pid: int) -> None:
    """Let what came from `pid` wait for others: its processes, and its many threads.

    A hundred busy processes of one submission would take the time of all others, whose requests
    would seem not to be answered. With the least priority, they are worth hardly two.
    """
    later = [one for one in tree(pid) if one != pid]
    for one in later:
        _give_way_as_group(one, pid)
    with suppress(OSError):
        later += sorted(int(one.name) for one in Path(f"/proc/{pid}/task").iterdir())[_THREADS:]
    for one in later:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, one, 19)


def _give_way_as_group(pid: int, first: int) -> None:
    """The kernel may share its time among sessions first: a session counts as one for it."""
    with suppress(OSError):
        if os.getsid(pid) != os.getsid(first):
            Path(f"/proc/{pid}/autogroup").write_bytes(_LEAST)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_bytes().split())
    return found


def _exact_kib(pid: int) -> int:
    return _kib(pid, "smaps_rollup", _SHARED_OUT) or _kib(pid, "status", _COUNTED)


def _kib(pid: int, file: str, wanted: tuple[bytes, ...]) -> int:
    for place in _places(pid):
        with suppress(OSError):
            lines = (place / file).read_bytes().splitlines()
            if found := [line for line in lines if line.startswith(wanted)]:
                return sum(int(line.split()[1]) for line in found)
    return 0


def _descriptors(pid: int) -> int:
    for place in _places(pid):
        with suppress(OSError):  # before Linux 6.2 the folder has no size
            if found := (place / "fd").stat().st_size or sum(1 for _ in (place / "fd").iterdir()):
                return found
    return 0


def _places(pid: int) -> Iterator[Path]:
    """Where /proc tells of a process: where its first thread has ended, only with another one."""
    yield Path(f"/proc/{pid}")
    with suppress(OSError):
        yield from Path(f"/proc/{pid}/task").iterdir()
