"""How does a cell get its kernel back from a view that keeps the event loop?

The site runs on the kernel's own loop, in its main thread. Two things would lock a learner out:
a view that computes or sleeps without an `await` (nothing else runs, the stop button included),
and the stop button itself, which sets a future but does not wake a loop that waits for sockets.
While a request is in flight, a heartbeat keeps the loop waking, and a thread watches the beat.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from course_support.live import cells

_BEAT_S = 0.2
_HANDLERS = str(Path("django", "core", "handlers"))
_IPYTHON = str(Path("IPython", "core"))


class LoopHeld(Exception):
    """A view kept the event loop to itself for too long and was interrupted."""


class Stopped(Exception):
    """The learner pressed stop while a view was running on the loop.

    Not a KeyboardInterrupt: asyncio raises that one out of the loop, and the kernel's loop
    is the kernel.
    """


class _Watch:
    """One heartbeat, one watching thread and one SIGINT handler for all requests in flight."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self.requests = 0
        self._beat_s = time.perf_counter()
        self._held = False
        self._over = threading.Event()
        self._before = signal.signal(signal.SIGINT, self._on_sigint)
        self._heart = asyncio.create_task(self._beat(), name="course-heartbeat")
        threading.Thread(target=self._look, name="course-watch", daemon=True).start()

    def stop(self) -> None:
        self._over.set()
        self._heart.cancel()
        # Only our own handler is taken away: the kernel may have set another since.
        if signal.getsignal(signal.SIGINT) == self._on_sigint:
            signal.signal(signal.SIGINT, self._before)

    async def _beat(self) -> None:
        while True:
            self._beat_s = time.perf_counter()
            await asyncio.sleep(_BEAT_S)

    def _look(self) -> None:
        while not self._over.wait(_BEAT_S):
            if time.perf_counter() - self._beat_s > self.limit_s:
                self._held = True
                self._beat_s = time.perf_counter()
                _interrupt_main_thread()

    def _on_sigint(self, number: int, frame: FrameType | None) -> None:
        held, self._held = self._held, False
        line = _line_in_view(frame, child_tasks=held)
        if line and held:
            raise LoopHeld(
                f"This view held the event loop for {self.limit_s:g} s, at {line}.\n"
                "    Nothing else ran meanwhile. Await there, or move the work off the loop."
            )
        if line:
            raise Stopped(f"Stopped at {line}.")
        if not held and callable(self._before):
            self._before(number, frame)


def _line_in_view(frame: FrameType | None, *, child_tasks: bool) -> str:
    """The learner's line in a stack that runs through Django's request handler, or "".

    `child_tasks`: also in one that runs straight from the event loop, as in a task that a view
    has made; a cell's own lines run below IPython.
    """
    frames = list(cells.stack(frame))
    files = [code.co_filename for code, _ in frames]
    in_view = any(_HANDLERS in file for file in files)
    from_loop = not any(_IPYTHON in file for file in files)
    return cells.innermost(frames) if in_view or (child_tasks and from_loop) else ""


def _interrupt_main_thread() -> None:
    # pthread_kill also ends a time.sleep; Windows has none, and there the interrupt is seen at
    # the next byte-code.
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()


_watch: _Watch | None = None


@asynccontextmanager
async def stoppable(limit_s: float) -> AsyncIterator[None]:
    """While inside, a view that keeps the loop for `limit_s` seconds gets `LoopHeld`.

    Of several requests in flight, the first sets the limit and the last one ends the watch.
    Does nothing outside the main thread, where Python allows no signal handler.
    """
    global _watch
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    watch = _watch = _watch or _Watch(limit_s)
    watch.requests += 1
    try:
        yield
    finally:
        watch.requests -= 1
        if not watch.requests:
            watch.stop()
            _watch = None


def where_is(view: Callable[..., Any]) -> str:
    """The learner's line at which a running call of `view` stands now, in a task or a thread."""
    code = cells.code_of(view)
    threads = cells.stacks().values()
    tasks = (list(await_chain(task.get_coro())) for task in asyncio.all_tasks())
    for frames in (*tasks, *threads):
        if any(found is code for found, _ in frames):
            return cells.innermost(frames)
    return ""


def where_loop_is(loop: asyncio.AbstractEventLoop) -> str:
    """The learner's line that runs on `loop` now, in whichever task; "" where none does.

    A view's helper that was made a task of its own has no frame of the view in its stack.
    """
    return cells.innermost(cells.stacks().get(getattr(loop, "_thread_id", None) or 0, ()))


def await_chain(awaited: Any) -> Iterator[tuple[Any, int]]:
    """Code and line of a suspended coroutine and of what it awaits, innermost first."""
    frames = []
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None)
        if frame is not None:
            frames.append((frame.f_code, frame.f_lineno))
        if getattr(awaited, "cr_running", False):
            break  # what a running one awaits is not to be had: Python 3.11 reads it from its stack
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
    yield from reversed(frames)
