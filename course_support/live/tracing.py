"""What did each task and each thread of the learner's do, and when?"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any, NamedTuple

from course_support.live import cells
from course_support.live.spans import Mark, Timeline
from course_support.live.steps import HANDLERS


class _Place(NamedTuple):
    code: CodeType
    lasti: int
    line: int


class _Run(NamedTuple):
    """One step of a task or one look at a thread: what ran, and what it waits for afterwards."""

    start_s: float
    end_s: float
    owner: str
    thread: str
    view: str
    label: str
    waits_for: str
    look: int = 0


class Trace:
    """The steps of tasks, and the threads beside the loops', that run code of the learner's."""

    def __init__(self) -> None:
        self._tasks: list[_Run] = []
        self._threads: list[_Run] = []
        self._looks = 0
        self._held: dict[int, tuple[str, str]] = {}

    def held(self, view: str, line: str) -> None:
        """The step that is about to end in this thread held the loop at `line` of `view`."""
        self._held[threading.get_ident()] = view, _shown(line)

    def stepped(self, owner: object, start_s: float, end_s: float) -> None:
        """A step of a loop is over; `owner` is its task where it has one."""
        view, label = self._held.pop(threading.get_ident(), ("", ""))
        if not isinstance(owner, asyncio.Task):
            return
        waits = list(_learners_waits(owner.get_coro()))
        waits_for = _text(waits[-1]) if waits else ""
        thread, name = threading.current_thread().name, owner.get_name()
        self._tasks.append(
            _Run(start_s, end_s, name, thread, view or _view(waits), label, waits_for)
        )

    def looked(self, now_s: float, loops: set[int]) -> None:
        """Note which threads, other than `loops`, are in code of the learner's."""
        self._looks += 1
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        for ident, frame in cells.running_frames().items():
            found = [] if ident in loops else list(_learners_stack(frame))
            if found:
                name = names.get(ident, str(ident))
                text = _text(found[0])
                run = _Run(now_s, now_s, name, name, _view(found[::-1]), text, "", self._looks)
                self._threads.append(run)

    def timeline(self) -> Timeline:
        """One lane for each task and thread, in the order of their first marks."""
        lanes = [*_by_owner(self._tasks, _task_marks), *_by_owner(self._threads, _thread_marks)]
        lanes = [marks for marks in lanes if marks]
        zero_s = min((marks[0].at_s for marks in lanes), default=0.0)
        count = Counter(marks[0].lane for marks in lanes)
        seen: Counter[str] = Counter()
        shown: list[Mark] = []
        for marks in sorted(lanes, key=lambda marks: marks[0].at_s):
            view = marks[0].lane
            seen[view] += 1
            lane = f"{view} {seen[view]}" if count[view] > 1 else view
            shown += (_moved(mark, lane, zero_s) for mark in marks)
        return Timeline(shown)


def _moved(mark: Mark, lane: str, zero_s: float) -> Mark:
    return Mark(mark.at_s - zero_s, lane, mark.label, mark.thread, mark.task, mark.waiting)


def _by_owner(runs: list[_Run], marks_of: Any) -> Iterator[list[Mark]]:
    owners: dict[str, list[_Run]] = {}
    for run in tuple(runs):
        owners.setdefault(run.owner, []).append(run)
    for own in owners.values():
        yield from marks_of(own)


def _task_marks(runs: list[_Run]) -> Iterator[list[Mark]]:
    """From the first step in which the learner's code is met to the one in which it ends."""
    view = next((run.view for run in runs if run.view), "")
    met = [number for number, run in enumerate(runs) if run.view]
    marks = []
    for run in runs[met[0] : met[-1] + 2] if met else []:
        marks.append(Mark(run.start_s, view, run.label or "runs", run.thread, run.owner))
        label, waits = (run.waits_for, True) if run.waits_for else ("ends", False)
        marks.append(Mark(run.end_s, view, label, run.thread, run.owner, waits))
    yield marks


def _thread_marks(runs: list[_Run]) -> Iterator[list[Mark]]:
    """A thread that was not found at work in between has done two things, not one."""
    calls: list[list[_Run]] = []
    for run in runs:
        same = calls and (run.view, run.look) == (calls[-1][-1].view, calls[-1][-1].look + 1)
        calls = calls if same else [*calls, []]
        calls[-1].append(run)
    for call in calls:
        first, last = call[0], call[-1]
        yield [
            Mark(first.start_s, first.view, first.label, first.thread),
            Mark(last.end_s, last.view, "found last", last.thread),
        ]


def _learners_waits(awaited: Any) -> Iterator[_Place]:
    """Where a suspended coroutine and what it awaits are in the learner's code, outermost first.

    Inside a site's request: in its view.
    """
    found: list[_Place] = []
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None)
        if frame is not None and HANDLERS in frame.f_code.co_filename:
            found.clear()
        elif frame is not None and cells.is_learners(frame.f_code.co_filename):
            found.append(_place(frame))
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
    yield from found


def _learners_stack(frame: FrameType | None) -> Iterator[_Place]:
    """Where a running thread is in the learner's code, innermost first."""
    while frame is not None:
        if cells.is_learners(frame.f_code.co_filename):
            yield _place(frame)
        frame = frame.f_back


def _place(frame: FrameType) -> _Place:
    return _Place(frame.f_code, frame.f_lasti, frame.f_lineno or frame.f_code.co_firstlineno)


def _view(outermost_first: list[_Place]) -> str:
    names = (place.code.co_name for place in outermost_first)
    return next((name for name in names if not name.startswith("<")), "")


def _text(place: _Place) -> str:
    return _shown(cells.call_place(place.code, place.lasti, place.line))


def _shown(line: str) -> str:
    """The code alone of "cell 4, line 3: `x`"."""
    return line.partition("`")[2].removesuffix("`") or line
