"""How long does each step of an event loop take, and where is the learner's code meanwhile?

While at least one `Judge` listens, `asyncio.Handle._run` is wrapped: it runs every step of every
asyncio loop of the process. The wrapper only notes when a step began; a thread looks, every few
milliseconds, at what the running steps do. Nothing is left when the last one has gone.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import time
from asyncio import events
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple, Protocol

from course_support.live import cells

# Elsewhere nothing tells how long a thread that could run was kept waiting by other processes.
KNOWS_QUEUE = Path("/proc/self/schedstat").exists()
_MOST_TICK_S = 0.01
_YOUNG_S = 0.008  # steps younger than this are not looked at
_SLACK_S = 0.001  # by which a thread that sleeps may wake late on an idle machine
_TIMER_S = 0.01
_STALE_S = 0.02  # when nobody has looked for so long, the signal's handler does
_GC_S = 0.001  # shorter collections are not counted
_HANDLERS = str(Path("django", "core", "handlers"))
_LOOP = asyncio.base_events.__file__
_STEPS = (events.__file__, __file__)  # where a function `_run` runs one step
_IMPORT = "<frozen importlib"


class Spot(NamedTuple):
    """Where a step was found: the innermost line of the learner's, and the view it is in."""

    code: CodeType
    line: int
    view: str


class Step(NamedTuple):
    """One long step of a loop. Seconds; `starved_s` and `collected_s` are parts of `wall_s`.

    Attributes:
        wall_s: from its begin to its end.
        cpu_s: processor time of the loop's thread, garbage collections left out.
        starved_s: for how long the thread could have run and another process had the core.
        late_s: for how long at least the sampling thread, too, got no turn.
        collected_s: garbage collections.
        spots: where it was found and for how long; None is no line of the learner's.
        lasti: the instruction last seen on each spot.
    """

    wall_s: float
    cpu_s: float
    starved_s: float
    late_s: float
    collected_s: float
    spots: dict[Spot | None, float]
    lasti: dict[Spot | None, int]


class Judge(Protocol):
    """Whoever wants to know of steps of `limit_s` seconds or more."""

    limit_s: float

    def judge(self, step: Step) -> None:
        """Take note of a step that is over."""


class _Reading(NamedTuple):
    """A thread's processor time and the time it waited for a core, in seconds."""

    cpu_s: float
    queued_s: float


class _Clock:
    """What the system knows of the thread that makes it."""

    def __init__(self) -> None:
        self.ident = threading.get_ident()
        self._file: int | None = None
        self._latest = _Reading(0.0, 0.0)
        if KNOWS_QUEUE:
            task = f"/proc/self/task/{threading.get_native_id()}/schedstat"
            self._file = os.open(task, os.O_RDONLY)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def read(self) -> _Reading:
        """From any thread on Linux; elsewhere another thread gets the latest reading."""
        if self._file is not None:
            with suppress(OSError):  # the thread has ended
                run, queued, _ = os.pread(self._file, 80, 0).split()
                self._latest = _Reading(int(run) / 1e9, int(queued) / 1e9)
        elif threading.get_ident() == self.ident:
            self._latest = _Reading(time.thread_time(), 0.0)
        return self._latest


class _LoopThread:
    """A thread that runs an event loop, and the step it is in."""

    def __init__(self) -> None:
        self.clock = _Clock()
        self.start_s: float | None = None  # of the running step; tells two steps apart
        self.latest = self.base = self.clock.read()
        self._forget()

    def _forget(self) -> None:
        self._sampled = self.start_s
        self._spots: dict[Spot | None, float] = {}
        self._lasti: dict[Spot | None, int] = {}
        self._late_s = 0.0
        self.sampled_s = self.start_s or 0.0

    def begin(self, now_s: float) -> None:
        """A step begins that the wrapper cannot see begin."""
        self.start_s = now_s
        self.latest = self.clock.read()
        self._forget()

    def tick(self, now_s: float, late_s: float, reading: _Reading, frame: FrameType | None) -> None:
        """Look at the running step, which is at `frame`; None: the frame is to be found."""
        start_s = self.start_s
        if start_s is not None:
            if self._sampled != start_s:
                self._forget()
                # The last look before this step began: a little too much is counted as
                # the machine's, never too little.
                self.base = self.latest
            self._late_s += min(late_s, max(0.0, now_s - start_s))
            if now_s - start_s >= _YOUNG_S:
                frame = frame or cells.running_frames().get(self.clock.ident)
                self._sample(frame, now_s, start_s)
        self.latest = reading

    def _sample(self, frame: FrameType | None, now_s: float, start_s: float) -> None:
        spot, lasti, idle = _spot(frame)
        if start_s != self.start_s or idle:
            return
        since_s = max(self.sampled_s, start_s)
        self._spots[spot] = self._spots.get(spot, 0.0) + now_s - since_s
        self._lasti[spot] = lasti
        self.sampled_s = now_s

    def step(self, end_s: float, late_s: float, collections: deque[tuple[float, float]]) -> Step:
        """What is known of the running step, which ends at `end_s`.

        `late_s` is how late the sampling thread is by then.
        """
        start_s = end_s if self.start_s is None else self.start_s
        seen = self._sampled == self.start_s
        base, now = self.base if seen else self.latest, self.clock.read()
        collected_s = sum(
            max(0.0, min(end_s, end) - max(start_s, start)) for start, end in tuple(collections)
        )
        wall_s = end_s - start_s
        return Step(
            wall_s,
            max(0.0, min(wall_s, now.cpu_s - base.cpu_s) - collected_s),
            min(wall_s, now.queued_s - base.queued_s),
            min(wall_s, (self._late_s if seen else 0.0) + late_s),
            collected_s,
            dict(self._spots) if seen else {},
            dict(self._lasti) if seen else {},
        )


def _spot(frame: FrameType | None) -> tuple[Spot | None, int, bool]:
    """The learner's innermost frame in the running step, its instruction, and: no step runs.

    Inside Django's handler it is the view's; elsewhere it is none when this package was called
    from there, such as in `await site.get(...)`, which is not the learner's doing. An import
    counts for nobody: it happens once.
    """
    found: tuple[CodeType, int, int] | None = None
    view, excused, imports, in_step = "", False, False, False
    while frame is not None:
        code, name = frame.f_code, frame.f_code.co_filename
        if code.co_name == "_run" and name in _STEPS:
            in_step = True
            break
        if code.co_name == "_run_once" and name == _LOOP:
            break
        if found and _HANDLERS in name:
            in_step, excused = True, False
            break
        imports = imports or name.startswith(_IMPORT)
        excused = excused or (not found and cells.is_ours(name))
        if cells.is_learners(name) and not name.startswith("<string>"):
            found = found or (code, frame.f_lineno or code.co_firstlineno, frame.f_lasti)
            view = view if code.co_name.startswith("<") else code.co_name
        frame = frame.f_back
    if found and in_step and not (excused or imports):
        return Spot(found[0], found[1], view), found[2], False
    return None, -1, not in_step


class _Sampler:
    """The wrapper of `Handle._run`, the sampling thread and the count of collections."""

    def __init__(self) -> None:
        self.shortest_s = float("inf")
        self._judges: tuple[Judge, ...] = ()
        self._threads: list[_LoopThread] = []
        self._mine = threading.local()
        self._collections: deque[tuple[float, float]] = deque(maxlen=256)
        self._collecting_s = 0.0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._looking: threading.Thread | None = None
        self._original: Any = None
        self._timer: _Timer | None = None
        self._tick_s = _MOST_TICK_S
        self._clock = _Clock()
        self._looked = 0.0, 0.0

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

    def join(self) -> _LoopThread:
        """Take note of this thread, which runs an event loop."""
        thread = self._mine.loop = _LoopThread()
        alive = {other.ident for other in threading.enumerate()}
        for other in tuple(self._threads):
            if other.clock.ident not in alive or other.clock.ident == thread.clock.ident:
                self._threads.remove(other)
                other.clock.close()
        self._threads.append(thread)
        return thread

    def ended(self, thread: _LoopThread, end_s: float) -> None:
        """Tell the judges of the step that ends."""
        if self._judges:
            step = self._step(thread, end_s)
            for judge in self._judges:
                judge.judge(step)

    def _step(self, thread: _LoopThread, end_s: float) -> Step:
        late_s = self._late_s(end_s, self._clock.read().queued_s)
        return thread.step(end_s, late_s, self._collections)

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

    def _start(self) -> None:
        self._over = threading.Event()
        self._original = events.Handle._run
        events.Handle._run = _wrapper(self, self._mine, self._original)  # type: ignore[method-assign]
        gc.callbacks.append(self._on_collection)
        self._looking = threading.Thread(target=self._look, name="course-sampling", daemon=True)
        self._looking.start()

        self._timer = _Timer.started(self._on_timer)

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

    def _look(self) -> None:
        self._clock = _Clock()
        self._looked = time.perf_counter(), self._clock.read().queued_s
        while not self._over.wait(self._tick_s):
            self._tick(None)
        self._clock.close()

    def _tick(self, frame: FrameType | None) -> None:
        """Look at all running steps; `frame` is where this thread is."""
        threads = tuple(self._threads)
        queued_s = self._clock.read().queued_s
        # Reading gives other threads their turn: only now is it known how late it is.
        readings = [thread.clock.read() for thread in threads]
        now_s = time.perf_counter()
        late_s = self._late_s(now_s, queued_s)
        self._looked = now_s, queued_s
        for thread, reading in zip(threads, readings, strict=True):
            here = thread.clock.ident == threading.get_ident()
            thread.tick(now_s, late_s, reading, frame if here else None)

    def _late_s(self, now_s: float, queued_s: float) -> float:
        """Since the last look: neither asleep nor kept waiting for a core.

        Another thread had the interpreter.
        """
        before_s, before_queued_s = self._looked
        queued_s -= before_queued_s
        return max(0.0, now_s - before_s - self._tick_s - queued_s - _SLACK_S)

    def _on_timer(self, number: int, frame: FrameType | None) -> None:
        """Look where the sampling thread could not: see `_Timer`."""
        if time.perf_counter() - self._looked[0] > _STALE_S:
            self._tick(frame)

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        now_s = time.perf_counter()
        if phase == "start":
            self._collecting_s = now_s
        elif now_s - self._collecting_s >= _GC_S:
            self._collections.append((self._collecting_s, now_s))


class _Timer:
    """A signal for every 10 ms of processor time, handled in the main thread.

    A call that keeps the interpreter to itself, such as `re.match`, keeps the sampling thread
    from looking. When the call is over, several threads may wait for their turn, and the view
    may have gone on before the sampling thread has its own. A signal is handled first.
    """

    def __init__(self, before: Any) -> None:
        self._before = before

    @classmethod
    def started(cls, handler: Any) -> _Timer | None:
        """The timer; None where there is no such signal, or others use it."""
        main = threading.current_thread() is threading.main_thread()
        if not main or not hasattr(signal, "SIGVTALRM"):
            return None
        if signal.getsignal(signal.SIGVTALRM) is not signal.SIG_DFL:
            return None
        timer = cls(signal.signal(signal.SIGVTALRM, handler))
        signal.siginterrupt(signal.SIGVTALRM, False)
        signal.setitimer(signal.ITIMER_VIRTUAL, _TIMER_S, _TIMER_S)
        return timer

    def stop(self) -> None:
        """No more signals; in another thread than the main one, the handler has to stay."""
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGVTALRM, self._before)


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

    return _run


sampler = _Sampler()
