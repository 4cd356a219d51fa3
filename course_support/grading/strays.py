"""What still runs of requests that are over? Threads and tasks that nobody waits for.

A view may hand its call to a thread and answer without it. The call goes out all the same, when
the thread gets its turn; a check that has begun by then would count it with its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import thread as pools
from linecache import getline
from types import CodeType
from typing import Any

from course_support.live import cells
from course_support.live.stopping import await_chain

_LOOK_S = 0.01
_OURS = "course-"  # how the names of this package's own threads begin
Frames = Sequence[tuple[CodeType, int]]


class Strays:
    """Work of the learner's that began after this was made, on `loop` or in other threads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._known = self._at_work()

    async def ended(self, limit_s: float) -> None:
        """Wait on the loop until nothing is left; what lasts longer is not waited for again."""
        end_s = self._loop.time() + limit_s
        while left := self._at_work() - self._known:
            if self._loop.time() > end_s:
                self._known |= left
                return
            await asyncio.sleep(_LOOK_S)

    def _at_work(self) -> set[Any]:
        loops_own = getattr(self._loop, "_thread_id", None)
        stacks = cells.stacks()
        threads = {
            one
            for one in threading.enumerate()
            if one.ident != loops_own
            and not one.name.startswith(_OURS)
            and (_is_at_work(stacks.get(one.ident or 0, ())) or _has_work_queued(one))
        }
        tasks = {
            task
            for task in asyncio.all_tasks(self._loop)
            if any(map(_is_learners, await_chain(task.get_coro())))
        }
        return threads | tasks


def _is_at_work(frames: Frames) -> bool:
    """In the learner's code, on the way to it or on the way out; or in a pool's piece of work."""
    if any(map(_is_learners, frames)):
        return True
    if any(code is pools._worker.__code__ for code, _ in frames):
        innermost, line = frames[0]
        if innermost is not pools._worker.__code__:
            return True
        return "block=True" not in getline(pools.__file__, line)
    return all(code.co_filename == threading.__file__ for code, _ in frames)


def _is_learners(frame: tuple[CodeType, int]) -> bool:
    return cells.is_learners(frame[0].co_filename)


def _has_work_queued(thread: threading.Thread) -> bool:
    queue: Any = pools._threads_queues.get(thread)
    return queue is not None and queue.qsize() > 0
