"""How much do a process and all that came from it use, and how do others get their turn?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_THREADS = 32  # of the first process that have ordinary priority; Django's views need some
_COUNTED = ("RssAnon:", "RssShmem:")


def used_mib(pid: int) -> float:
    """MiB of the tree under `pid`, without what its processes share with files (RssAnon)."""
    return sum(_own_kib(one) for one in tree(pid)) / 1024


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
    with suppress(OSError):
        later += sorted(int(one.name) for one in Path(f"/proc/{pid}/task").iterdir())[_THREADS:]
    for one in later:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, one, 19)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def _own_kib(pid: int) -> int:
    with suppress(OSError, ValueError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(_COUNTED))
    return 0
