"""What is known of one step of an event loop: its times, and where the learner's code is in it?"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from asyncio import events
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import NamedTuple

from course_support.live import cells

# Elsewhere nothing tells how long a thread that could run was kept waiting by other processes.
KNOWS_QUEUE = Path("/proc/self/schedstat").exists()
_YOUNG_S = 0.008  # steps younger than this are not looked at
_USED = 0.05  # part of a step, from which on other threads of this process count as computing
_BLUR_S = 0.004  # by which the kernel's figure for a running thread may be old
HANDLERS = str(Path("django", "core", "handlers"))
_LOOP = asyncio.base_events.__file__
_STEPS = (events.__file__, str(Path(__file__).with_name("sampling.py")))  # `_run` runs one step
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
        late_s: for how long another thread had the interpreter: see `Late`.
        collected_s: garbage collections.
        spots: where it was found and for how long; None is no line of the learner's.
        lasti: the instruction last seen on each spot.
        start_s: its begin, on `time.perf_counter`.
    """

    wall_s: float
    cpu_s: float
    starved_s: float
    late_s: float
    collected_s: float
    spots: dict[Spot | None, float]
    lasti: dict[Spot | None, int]
    start_s: float = 0.0


class Reading(NamedTuple):
    """A thread's processor time, the time it waited for a core, and the processor time of all
    threads of this process, in seconds."""

    cpu_s: float
    queued_s: float
    used_s: float


class Late(NamedTuple):
    """For how long another thread had the interpreter, as the sampling thread felt it.

    Who waits for the interpreter wakes every few milliseconds to ask for it, and queues for a
    core each time. So there are two figures.

    Attributes:
        least_s: for how long it was neither asleep nor kept waiting for a core.
        most_s: the time kept waiting for a core, and asleep between two looks, included: right
            where other threads of this process compute.
    """

    least_s: float
    most_s: float


class Clock:
    """What the system knows of the thread that makes it."""

    def __init__(self) -> None:
        self.ident = threading.get_ident()
        self._file: int | None = None
        self._latest = Reading(0.0, 0.0, 0.0)
        if KNOWS_QUEUE:
            task = f"/proc/self/task/{threading.get_native_id()}/schedstat"
            self._file = os.open(task, os.O_RDONLY)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def read(self) -> Reading:
        """From any thread on Linux; elsewhere another thread gets the latest reading."""
        if self._file is not None:
            with suppress(OSError, ValueError):  # the thread has ended
                run, queued, _ = os.pread(self._file, 80, 0).split()
                # Another thread may have read meanwhile: what is returned is our own.
                reading = self._latest = Reading(
                    int(run) / 1e9, int(queued) / 1e9, time.process_time()
                )
                return reading
        elif threading.get_ident() == self.ident:
            self._latest = Reading(time.thread_time(), 0.0, time.process_time())
        return self._latest


class LoopThread:
    """A thread that runs an event loop, and the step it is in."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.start_s: float | None = None  # of the running step; tells two steps apart
        self.latest = self.base = self.clock.read()
        self._forget()

    def _forget(self) -> None:
        self._sampled = self.start_s
        self._spots: dict[Spot | None, float] = {}
        self._lasti: dict[Spot | None, int] = {}
        self._late = Late(0.0, 0.0)
        self._first: tuple[float, Reading] | None = None
        self.sampled_s = self.start_s or 0.0

    def begin(self, now_s: float) -> None:
        """A step begins that the wrapper cannot see begin."""
        self.start_s = now_s
        self.latest = self.clock.read()
        self._forget()

    def look(self, now_s: float, frame: FrameType | None) -> None:
        """Look at the running step, which is at `frame`; None: the frame is to be found."""
        start_s = self.start_s
        if start_s is None:
            return
        if self._sampled != start_s:
            self._forget()
            # The last reading before this step began: a little too much is counted as the
            # machine's, never too little.
            self.base = self.latest
        if now_s - start_s >= _YOUNG_S:
            frame = frame or cells.running_frames().get(self.clock.ident)
            self._sample(frame, now_s, start_s)

    def note(self, now_s: float, late: Late, reading: Reading) -> None:
        """Keep what the clocks say after a look; the sampling thread was `late`."""
        if self.start_s is not None and self._sampled == self.start_s:
            self._late = self._later(late, now_s - self.start_s)
            self._first = self._first or (now_s, reading)
        self.latest = reading

    def _later(self, late: Late, most_s: float) -> Late:
        return Late(*(a + min(b, max(0.0, most_s)) for a, b in zip(self._late, late, strict=True)))

    def _sample(self, frame: FrameType | None, now_s: float, start_s: float) -> None:
        spot, lasti, idle = spot_of(frame)
        if start_s != self.start_s or idle:
            return
        since_s = max(self.sampled_s, start_s)
        self._spots[spot] = self._spots.get(spot, 0.0) + now_s - since_s
        self._lasti[spot] = lasti
        self.sampled_s = now_s

    def step(self, end_s: float, late: Late, collections: Iterable[tuple[float, float]]) -> Step:
        """What is known of the running step, which ends at `end_s`.

        `late` is how late the sampling thread is by then.
        """
        start_s = end_s if self.start_s is None else self.start_s
        wall_s = end_s - start_s
        if self._sampled != self.start_s:
            self._forget()
            self.base = self.latest
        late, now = self._later(late, wall_s), self.clock.read()
        cpu_s, queued_s, _ = _since(self.base, now)
        collected_s = sum(
            max(0.0, min(end_s, end) - max(start_s, start)) for start, end in tuple(collections)
        )
        return Step(
            wall_s,
            max(0.0, min(wall_s, cpu_s) - collected_s),
            min(wall_s, queued_s),
            min(wall_s, late.most_s if self._others_compute(end_s, wall_s, now) else late.least_s),
            collected_s,
            dict(self._spots),
            dict(self._lasti),
            start_s,
        )

    def _others_compute(self, end_s: float, wall_s: float, now: Reading) -> bool:
        """Whether other threads of this process compute during the running step."""
        begin_s, begin = self._first or (end_s, now)
        if end_s - begin_s < wall_s / 2:
            begin_s, begin = end_s - wall_s, self.base
        cpu_s, _, used_s = _since(begin, now)
        return used_s - cpu_s > _USED * (end_s - begin_s) + _BLUR_S


def _since(begin: Reading, now: Reading) -> Reading:
    return Reading(*(max(0.0, b - a) for a, b in zip(begin, now, strict=True)))


def spot_of(frame: FrameType | None) -> tuple[Spot | None, int, bool]:
    """The learner's innermost frame in the running step, its instruction, and: no step runs.

    Inside Django's handler it is the view's; elsewhere it is none when this package was called
    from there, such as in `await site.get(...)`, which is not the learner's doing. An import
    counts for nobody: it happens once; so does the start of a thread, which is as quick as the
    machine gives the new thread its turn.
    """
    found: tuple[CodeType, int, int] | None = None
    view, excused, once, in_step = "", False, False, False
    while frame is not None:
        code, name = frame.f_code, frame.f_code.co_filename
        if code.co_name == "_run" and name in _STEPS:
            in_step = True
            break
        if code.co_name == "_run_once" and name == _LOOP:
            break
        if found and HANDLERS in name:
            in_step, excused = True, False
            break
        begins = code.co_name == "start" and name == threading.__file__
        once = once or begins or name.startswith(_IMPORT)
        excused = excused or (not found and cells.is_ours(name))
        if cells.is_learners(name) and not name.startswith("<string>"):
            found = found or (code, frame.f_lineno or code.co_firstlineno, frame.f_lasti)
            view = view if code.co_name.startswith("<") else code.co_name
        frame = frame.f_back
    if found and in_step and not (excused or once):
        return Spot(found[0], found[1], view), found[2], False
    return None, -1, not in_step
