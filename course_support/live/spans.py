"""What happened when, and on which thread? Mark, Span and Timeline: plain values.

    timeline = Timeline()

    async def headlines(request):
        timeline.mark("A", "view starts")
        timeline.mark("A", "awaits the source", waiting=True)
        await asyncio.sleep(0.2)
        timeline.mark("A", "goes on")
        ...

A mark says what begins at its moment and lasts until the next mark of the same lane.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Mark:
    """One moment in one lane.

    Attributes:
        at_s: seconds since the first mark of the timeline.
        lane: whose moment it is, such as a request: `A`.
        label: what begins here: `view starts`.
        thread: name of the thread that ran.
        task: name of the asyncio task that ran, or empty where no event loop runs.
        waiting: whether the lane has given its thread back from here to its next mark, as a
            task does that awaits; otherwise it keeps its thread, even if it only sleeps.
    """

    at_s: float
    lane: str
    label: str
    thread: str = "MainThread"
    task: str = ""
    waiting: bool = False

    def __str__(self) -> str:
        return f"{self.lane} {self.label}"


@dataclass(frozen=True)
class Span:
    """From one mark of a lane to its next; `start_s` and `end_s` as in `Mark.at_s`."""

    lane: str
    label: str
    start_s: float
    end_s: float
    thread: str = "MainThread"
    task: str = ""
    waiting: bool = False

    @property
    def duration_s(self) -> float:
        """Its length."""
        return self.end_s - self.start_s

    def overlap_s(self, other: Span) -> float:
        """For how long both last; 0 when one is over before the other starts."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


class Timeline:
    """Marks in the order of time, drawn as one lane for each name.

    Marks may come from any thread and any task. The clock is `time.perf_counter`; second 0
    is the first mark after the timeline was made or cleared.
    """

    def __init__(
        self, marks: Iterable[Mark] = (), *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._marks = sorted(marks, key=lambda mark: mark.at_s)
        self._clock = clock
        self._zero: float | None = clock() - self._marks[-1].at_s if self._marks else None
        self._lock = threading.Lock()

    def mark(self, lane: str, label: str, *, waiting: bool = False) -> None:
        """Note that something begins in `lane`; `waiting`: it awaits, and its thread is free."""
        # The clock is read under the lock: marks are in the order of their times.
        with self._lock:
            now = self._clock()
            self._zero = now if self._zero is None else self._zero
            thread = threading.current_thread().name
            at_s = now - self._zero
            self._marks.append(Mark(at_s, str(lane), label, thread, _task_name(), waiting))

    def clear(self) -> None:
        """Forget all marks; the next one is second 0."""
        with self._lock:
            self._marks.clear()
            self._zero = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks so far, ordered by time."""
        with self._lock:
            return tuple(self._marks)

    @property
    def lanes(self) -> tuple[str, ...]:
        """The lanes in the order of their first marks."""
        return tuple(dict.fromkeys(mark.lane for mark in self.marks))

    def spans(self, lane: str | None = None) -> tuple[Span, ...]:
        """Each span of `lane`, or of all lanes one after the other.

        Raises:
            LookupError: nothing was marked in `lane`; it lists the lanes.
        """
        marks = self.marks
        return tuple(
            Span(m.lane, m.label, m.at_s, after.at_s, m.thread, m.task, m.waiting)
            for name in ([self._known(lane)] if lane is not None else self.lanes)
            for m, after in pairwise(mark for mark in marks if mark.lane == name)
        )

    def order(self) -> list[str]:
        """What happened, in the order of time: `["A view starts", "B view starts"]`."""
        return [str(mark) for mark in self.marks]

    @property
    def wall_s(self) -> float:
        """From the first mark to the last."""
        marks = self.marks
        return marks[-1].at_s - marks[0].at_s if marks else 0.0

    def overlap_s(self, lane: str, other: str) -> float:
        """For how long both lanes were between their first and their last mark.

        Raises:
            LookupError: nothing was marked in one of them; it lists the lanes.
        """
        ours, theirs = self.spans(lane), self.spans(other)
        return sum(span.overlap_s(another) for span in ours for another in theirs)

    def waiting_s(self, lane: str) -> float:
        """For how long `lane` waited and left its thread to others.

        Raises:
            LookupError: nothing was marked in `lane`; it lists the lanes.
        """
        return sum(span.duration_s for span in self.spans(lane) if span.waiting)

    def table(self) -> str:
        """All marks as a text table, times in milliseconds."""
        from course_support.live.charts import text_table

        return text_table(self.marks)

    def _known(self, lane: str) -> str:
        if lane not in self.lanes:
            there = ", ".join(self.lanes) or "none yet"
            raise LookupError(f"Nothing is marked in lane '{lane}'. The lanes are: {there}.")
        return lane

    def __repr__(self) -> str:
        lanes = ", ".join(self.lanes)
        return f"<Timeline {len(self.marks)} marks, {self.wall_s * 1000:.1f} ms, lanes: {lanes}>"

    def _repr_html_(self) -> str:
        from course_support.live.charts import timeline_html

        return timeline_html(self.marks)


def _task_name() -> str:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no event loop runs in this thread
        return ""
    return task.get_name() if task else ""
