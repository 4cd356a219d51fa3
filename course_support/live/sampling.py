"""How are all steps of all event loops watched, at next to no cost?

While at least one `Judge` listens, `asyncio.Handle._run` is wrapped: it runs every step of every
asyncio loop of the process. The wrapper only notes when a step began; a thread looks, every few
milliseconds, at what the running steps do. Nothing is left when the last one has gone.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from asyncio import events
from collections import deque
from types import FrameType
from typing import Any, NamedTuple, Protocol

from course_support.live.cputimer import Timer
from course_support.live.steps import KNOWS_QUEUE, Clock, Late, LoopThread, Step
from course_support.live.tracing import Trace

_MOST_TICK_S = 0.01
_SLACK_S = 0.001  # by which a thread that sleeps may wake late on an idle machine
_STALE_S = 0.02  # when nobody has looked for so long, the signal's handler does
_GC_S = 0.001  # shorter collections are not counted


class Judge(Protocol):
    """Whoever wants to know of steps of `limit_s` seconds or more."""

    limit_s: float
    trace: Trace | None

    def judge(self, step: Step) -> None:
        """Take note of a step that is over."""


class _Looked(NamedTuple):
    """When the running steps were looked at, and for how long the sampling thread had been kept
    waiting for a core until then."""

    at_s: float
    queued_s: float


class _Sampler:
    """The wrapper of `Handle._run`, the sampling thread and the count of collections."""

    def __init__(self) -> None:
        self.shortest_s = float("inf")
        self.traces: list[Trace] = []
        self._judges: tuple[Judge, ...] = ()
        self._threads: list[LoopThread] = []
        self._mine = threading.local()
        self._collections: deque[tuple[float, float]] = deque(maxlen=256)
        self._collecting_s = 0.0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._looking: threading.Thread | None = None
        self._original: Any = None
        self._timer: Timer | None = None
        self._tick_s = _MOST_TICK_S
        self._clock: Clock
        self._looked = _Looked(0.0, 0.0)

    def add(self, judge: Judge) -> None:
        """From now on, tell `judge` of each step that takes its `limit_s` or longer."""
        with self._lock:
            if not self._judges:
                self._start()
            self._cut()
            self._set((*self._judges, judge))

    def remove(self, judge: Judge) -> None:
        """Tell `judge` of the steps that still run, then no more."""
        with self._lock:
            self._cut()
            for thread in tuple(self._threads):
                if thread.start_s is not None:
                    judge.judge(self._step(thread, time.perf_counter()))
            self._set(tuple(other for other in self._judges if other is not judge))
            if not self._judges:
                self._stop()

    def join(self) -> LoopThread:
        """Take note of this thread, which runs an event loop."""
        thread = self._mine.loop = LoopThread()
        alive = {other.ident for other in threading.enumerate()}
        for other in tuple(self._threads):
            if other.clock.ident not in alive or other.clock.ident == thread.clock.ident:
                self._threads.remove(other)
                other.clock.close()
        self._threads.append(thread)
        return thread

    def ended(self, thread: LoopThread, end_s: float) -> None:
        """Tell the judges of the step that ends."""
        if self._judges:
            step = self._step(thread, end_s)
            for judge in self._judges:
                judge.judge(step)

    def _step(self, thread: LoopThread, end_s: float) -> Step:
        return thread.step(end_s, self._late(self._now()), self._collections)

    def _cut(self) -> None:
        """End this thread's running step here, and begin another one.

        The code before `add` and after `remove` is in the same steps as that within.
        """
        if asyncio._get_running_loop() is None:
            return
        thread = getattr(self._mine, "loop", None) or self.join()
        if thread.start_s is not None:
            self.ended(thread, time.perf_counter())
        thread.begin(time.perf_counter())

    def _set(self, judges: tuple[Judge, ...]) -> None:
        self._judges = judges
        self.shortest_s = min((judge.limit_s for judge in judges), default=float("inf"))
        self._tick_s = min(_MOST_TICK_S, self.shortest_s / 5)
        self.traces = [judge.trace for judge in judges if judge.trace]

    def _start(self) -> None:
        self._over = threading.Event()
        self._original = events.Handle._run
        events.Handle._run = _wrapper(self, self._mine, self._original)  # type: ignore[method-assign]
        gc.callbacks.append(self._on_collection)
        ready = threading.Event()
        self._looking = threading.Thread(
            target=self._look, args=(ready,), name="course-sampling", daemon=True
        )
        self._looking.start()
        ready.wait()

        self._timer = Timer.started(self._on_timer)

    def _stop(self) -> None:
        if self._timer:
            self._timer.stop()
        events.Handle._run = self._original  # type: ignore[method-assign]
        gc.callbacks.remove(self._on_collection)
        self._over.set()
        if self._looking:
            self._looking.join()
        for thread in self._threads:
            thread.clock.close()
        self._threads, self._mine = [], threading.local()
        self._collections.clear()

    def _look(self, ready: threading.Event) -> None:
        self._clock = Clock()
        self._looked = self._now()
        ready.set()
        while not self._over.wait(self._tick_s):
            self._tick(None)
        self._clock.close()

    def _tick(self, frame: FrameType | None) -> None:
        """Look at all running steps; `frame` is where this thread is."""
        threads, here = tuple(self._threads), threading.get_ident()
        for thread in threads:
            thread.look(time.perf_counter(), frame if thread.clock.ident == here else None)
        # Reading gives other threads their turn: the steps may go on, and only afterwards is
        # it known how late it is.
        readings = [thread.clock.read() for thread in threads]
        now = self._now()
        late, self._looked = self._late(now), now
        for thread, reading in zip(threads, readings, strict=True):
            thread.note(now.at_s, late, reading)
        for trace in self.traces:
            trace.looked(now.at_s, {thread.clock.ident for thread in threads})

    def _late(self, now: _Looked) -> Late:
        """How late the sampling thread is, since the last look."""
        gap_s, queued_s = (a - b for a, b in zip(now, self._looked, strict=True))
        late_s = max(0.0, gap_s - self._tick_s - _SLACK_S)
        return Late(max(0.0, late_s - queued_s), gap_s if gap_s > 2 * self._tick_s else late_s)

    def _now(self) -> _Looked:
        queued_s = self._clock.read().queued_s
        return _Looked(time.perf_counter(), queued_s)

    def _on_timer(self, number: int, frame: FrameType | None) -> None:
        """Look where the sampling thread could not: see `Timer`."""
        if time.perf_counter() - self._looked.at_s > _STALE_S:
            self._tick(frame)

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        now_s = time.perf_counter()
        if phase == "start":
            self._collecting_s = now_s
        elif now_s - self._collecting_s >= _GC_S:
            self._collections.append((self._collecting_s, now_s))


def _wrapper(sampler: _Sampler, mine: Any, original: Any) -> Any:
    clock = time.perf_counter

    def _run(handle: Any) -> None:
        try:
            thread = mine.loop
        except AttributeError:
            thread = sampler.join()
        if thread.start_s is not None:
            # The step in which the watch was entered: it was over some time ago.
            sampler.ended(thread, thread.sampled_s)
        if not KNOWS_QUEUE:
            thread.latest = thread.clock.read()
        thread.start_s = clock()
        try:
            original(handle)
        finally:
            start_s = thread.start_s
            if start_s is not None and clock() - start_s >= sampler.shortest_s:
                sampler.ended(thread, clock())
            thread.start_s = None
            for trace in sampler.traces:
                owner = getattr(handle._callback, "__self__", None)
                trace.stepped(owner, start_s or clock(), clock())

    return _run


sampler = _Sampler()
