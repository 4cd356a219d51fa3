"""How much do a process and all that came from it use, and how do others get their turn?

Nothing here is read as text: a process chooses its own name, and some bytes are no text.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_THREADS = 32  # of the first process that have ordinary priority; Django's views need some
_COUNTED = (b"RssAnon:", b"RssShmem:", b"VmSwap:", b"HugetlbPages:")
_SHARED_OUT = (
    b"Pss_Anon:", b"Pss_Shmem:", b"SwapPss:", b"Shared_Hugetlb:", b"Private_Hugetlb:",
)  # fmt: skip
_LEAST = b"19"
_LOOK_S = 1.0
_AT_MOST = 3  # times its share of memory, as long as nobody knows exactly


@dataclass(frozen=True)
class Share:
    """What a process may take, with all that came from it.

    Attributes:
        memory_mib: without what is shared with files.
        files: descriptors; what lies behind them is the kernel's memory.
        processes: to look at each of very many would take the judge's own time.
    """

    memory_mib: int
    files: int
    processes: int = 64


class Meter:
    """Compares what a tree takes with its share, exactly only where it could matter.

    Attributes:
        hungry: whether it was memory that it took too much of.
    """

    def __init__(self, pid: int, share: Share) -> None:
        self._pid = pid
        self._share = share
        self._too_much = 0.0  # by which `_rough_mib` was too high at the last exact look
        self.hungry = False

    async def excess(self) -> str:
        """What it took too much of, in words; "" as long as all is well."""
        share, pids = self._share, list(tree(self._pid))
        if len(pids) > share.processes:
            return f"it had more than {share.processes} processes"
        if sum(map(_descriptors, pids)) > share.files:
            return f"it had more than {share.files} files and sockets open"
        if await self._exceeds(pids, share.memory_mib):
            self.hungry = True
            return f"it used more than {share.memory_mib} MiB of memory"
        return ""

    async def _exceeds(self, pids: list[int], limit_mib: float) -> bool:
        rough = _rough_mib(pids)
        if rough - self._too_much <= limit_mib:
            return False
        exact = await _exact_mib(pids)
        if exact is None:  # not known yet
            return rough > _AT_MOST * limit_mib
        self._too_much = max(rough - exact, 0.0)
        return exact > limit_mib


def used_mib(pid: int) -> float:
    """MiB of the tree under `pid`, without what its processes share with files, at most.

    A page that several processes share counts for each of them: quick to say, and too much.
    """
    return _rough_mib(tree(pid))


def _rough_mib(pids: Iterable[int]) -> float:
    return sum(_kib(one, "status", _COUNTED) for one in pids) / 1024


def tree(pid: int) -> Iterator[int]:
    """`pid` and what came from it, as far as it can be seen now."""
    waiting, seen = [pid], set()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            yield one
            waiting += _children(one)


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


async def _exact_mib(pids: list[int]) -> float | None:
    """With each page counted once; None where that takes too long.

    It takes 2 ms for a process, or, since the kernel waits for a lock of that process, as long as
    that one likes. So a thread waits; at the latest, the process's end will let it go.
    """
    looking = asyncio.to_thread(lambda: sum(map(_exact_kib, pids)) / 1024)
    try:
        async with asyncio.timeout(_LOOK_S):
            return await looking
    except TimeoutError:
        return None


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
