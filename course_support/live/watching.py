"""Which line of a view keeps the event loop to itself, and for how long?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from course_support.live import cells
from course_support.live.sampling import sampler
from course_support.live.spans import Timeline
from course_support.live.steps import KNOWS_QUEUE, Step
from course_support.live.tracing import Trace

# Without the kernel's figures a busy machine is told apart by a larger limit only.
_BLIND_LIMIT_S = 0.15


@dataclass(frozen=True)
class Hold:
    """One step of an event loop in which the learner's code kept the loop.

    Attributes:
        view: name of the view, or of the coroutine where no view runs; "" for a cell's own lines.
        held_s: seconds for which nothing else ran on the loop; the time for which the machine was
            busy with other processes, and garbage collections, are left out.
        kind: "computing" when the thread used a core for most of that time, else "waiting": it
            was blocked in a call.
        line: the line, as in "cell 7, line 4: `time.sleep(0.2)`".
        start_s: when the step began, on `time.perf_counter`.
    """

    view: str
    held_s: float
    kind: Literal["computing", "waiting"]
    line: str
    start_s: float = 0.0

    def __str__(self) -> str:
        return _told([self])


class Watch:
    """What `watch()` gives: the holds it saw, in the order of time."""

    def __init__(self, limit_s: float, *, trace: bool = False) -> None:
        self.limit_s = limit_s
        self.trace = Trace() if trace else None
        self._holds: list[Hold] = []
        self._on = False

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Each hold so far; the steps that still run are added when the block ends."""
        return tuple(self._holds)

    def __enter__(self) -> Watch:
        if self._on:
            raise RuntimeError("This watch is on already: `with watch() as seen:` makes another.")
        self._on = True
        self._holds.clear()
        self.trace = Trace() if self.trace else None
        sampler.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._on = False
        sampler.remove(self)

    def timeline(self) -> Timeline:
        """The recorded trace: a lane for each task and each thread that ran code of yours.

        A task's lane is named by its view or coroutine; where it waits, the mark says for what.
        A thread's lane begins and ends where it was first and last found in your code, which
        is looked for every 10 ms. A view that never waits for anything is in it only when it
        held the loop.

        Raises:
            RuntimeError: the watch was made without `trace=True`.
        """
        if self.trace is None:
            raise RuntimeError(
                "This watch kept no trace.\n    Write: with watch(trace=True) as seen:"
            )
        return self.trace.timeline()

    def judge(self, step: Step) -> None:
        """Keep `step` when it is long and neither the machine nor Python is the reason."""
        own = {spot: s for spot, s in step.spots.items() if spot is not None}
        if step.wall_s < self.limit_s or not own:
            return
        share = sum(own.values()) / sum(step.spots.values())
        held_s = (step.wall_s - step.starved_s - step.collected_s) * share
        computing = step.cpu_s * share >= held_s / 2
        # Another thread had the interpreter when this one used no core and the sampling thread,
        # too, got no turn.
        excused_s = 0.0 if computing else step.late_s * share
        if held_s - excused_s < self.limit_s:
            return
        spot = max(own, key=lambda spot: own[spot])
        kind: Literal["computing", "waiting"] = "computing" if computing else "waiting"
        line = cells.call_place(spot.code, step.lasti[spot], spot.line)
        self._holds.append(Hold(spot.view, held_s, kind, line, step.start_s))
        if self.trace:
            self.trace.held(spot.view, line)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return "".join(f"<p>{_marked_up(line)}</p>" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        if not self._holds:
            yield f"Nothing held the event loop for {_ms(self.limit_s)} or more."
        alike: dict[tuple[str, str, str], list[Hold]] = {}
        for hold in self._holds:
            alike.setdefault((hold.view, hold.line, hold.kind), []).append(hold)
        for holds in alike.values():
            yield _told(holds)


def watch(limit_s: float = 0.05, *, trace: bool = False) -> Watch:
    """Tell which line of your code keeps an event loop to itself for `limit_s` seconds or more.

        with watch() as seen:
            await site.get("/digest/")
        seen

    Measured is each step of every asyncio loop of this process, between two `await`s that give
    the loop back: its wall time, the processor time of its thread, and on Linux the time for which
    the thread could have run and other processes had the core. That last one, garbage
    collections and imports are not counted. The line is the one at which a thread that looks
    every 10 ms found your code for longest.

    With `trace=True`, `seen.timeline()` shows your tasks and threads by time; that costs more.

    Limits: where the system does not tell that last time (macOS, Windows), `limit_s` is at least
    0.15. Of two slow calls in one step, the slower one is named. A call that runs in a
    thread (`asyncio.to_thread`, a sync view) holds no loop. A call that keeps the whole
    interpreter to itself (`re.match`) is found in the main thread, such as the kernel's loop, and
    may be missed on a server's. An event loop other than asyncio's own, such as uvloop, is not
    seen.

    Raises:
        ValueError: `limit_s` is not more than 0.
    """
    if not limit_s > 0:
        raise ValueError(f"limit_s is {limit_s}: give seconds, such as 0.05.")
    return Watch(limit_s if KNOWS_QUEUE else max(limit_s, _BLIND_LIMIT_S), trace=trace)


def _told(alike: list[Hold]) -> str:
    who = f"`{alike[0].view}`" if alike[0].view else "This cell"
    longest = _ms(max(hold.held_s for hold in alike))
    times = f"{len(alike)} times, {longest} at most" if len(alike) > 1 else f"for {longest}"
    return f"{who} held the event loop {times}, {alike[0].kind}: {alike[0].line}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _marked_up(line: str) -> str:
    return re.sub(r"`(.+?)`", r"<code>\1</code>", escape(line))
