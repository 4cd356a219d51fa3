"""How long is a site waited for? For seconds in which it does nothing, not for those of a clock.

Where a machine has much else to do, a right answer takes many times as long, and stands in line
for a processor meanwhile. Such time does not count: what is judged is the view, not the machine.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from course_support.grading.memory import tree

LONGER_S = 7.0  # what works all the time is waited for so much longer, and then given up
_LOOK_S = 0.03
_SHARE = 0.2
_AT_WORK = ("R", "D")  # runs or would, were there a processor; waits for a disk


async def first_of(
    futures: Iterable[asyncio.Future[Any]],
    limit_s: float,
    works: Callable[[], bool],
    *,
    longer_s: float = LONGER_S,
) -> tuple[bool, float]:
    """Wait for one of the futures: whether it came within `limit_s` seconds of rest, and the work.

    The work is what of the time that passed was no rest, in seconds.

    Args:
        works: does what they come from work now, or would it, had it a processor?
        longer_s: how much longer the wait may last in all.
    """
    waited_for = set(futures)
    start_s = now_s = time.perf_counter()
    rested_s = 0.0
    while rested_s < limit_s and now_s - start_s < limit_s + longer_s:
        pause_s = min(_LOOK_S, limit_s - rested_s)
        done, _ = await asyncio.wait(
            waited_for, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED
        )
        if done:
            return True, time.perf_counter() - start_s - rested_s
        before_s, now_s = now_s, time.perf_counter()
        if not works():
            # A longer pause is one in which this process did not get its own turn.
            rested_s += min(now_s - before_s, 2 * pause_s)
    return any(future.done() for future in waited_for), now_s - start_s - rested_s


def is_at_work(pid: int, besides: int = 0) -> bool:
    """Whether a thread of the process, or of one that came from it, runs or waits for a processor.

    Args:
        besides: the native id of a thread that is not looked at.
    """
    return any(_state(task) in _AT_WORK for one in tree(pid) for task in _threads(one, besides))


def _threads(pid: int, besides: int) -> list[Path]:
    with suppress(OSError):
        return [one for one in Path(f"/proc/{pid}/task").iterdir() if one.name != str(besides)]
    return []


def _state(task: Path) -> str:
    with suppress(OSError, IndexError):
        return (task / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    return ""


class InLine:
    """Whether a process stands in line: it would run, and has a processor less than half the time.

    Time in line is no time that a cell was given.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._last = self.used_s(), time.perf_counter()

    def used_s(self) -> float:
        """The seconds that it, and what came from it, have had a processor."""
        return sum(map(_used_s, tree(self._pid)))

    def __call__(self) -> bool:
        before, self._last = self._last, (self.used_s(), time.perf_counter())
        used_s, passed_s = (now - then for now, then in zip(self._last, before, strict=True))
        return used_s < passed_s / 2 and is_at_work(self._pid)


def _used_s(pid: int) -> float:
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class OwnWork:
    """Whether this very process works, apart from the thread that asks.

    Where no threads can be looked at, as on macOS: whether it had a processor since the last time.
    """

    def __init__(self) -> None:
        self._last = time.process_time(), time.perf_counter()

    def __call__(self) -> bool:
        before, self._last = self._last, (time.process_time(), time.perf_counter())
        used_s, passed_s = (now - then for now, then in zip(self._last, before, strict=True))
        return used_s > _SHARE * passed_s or is_at_work(os.getpid(), threading.get_native_id())
