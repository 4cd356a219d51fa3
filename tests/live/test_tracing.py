"""course_support/live/tracing.py: the learner's tasks and threads by time."""

import asyncio
import time

import pytest
from django.http import HttpResponse
from django.urls import path

from course_support import Site
from course_support.live.tracing import _Run, _thread_marks
from course_support.live.watching import watch

pytestmark = pytest.mark.anyio


async def waits(request):
    await asyncio.sleep(0.2)
    return HttpResponse("done")


async def holds(request):
    await asyncio.sleep(0)
    time.sleep(0.2)  # noqa: ASYNC251
    return HttpResponse("done")


def is_synchronous(request):
    time.sleep(0.2)
    return HttpResponse("done")


@pytest.fixture
def site():
    made = Site()
    made.urlpatterns = [path(f"{v.__name__}/", v) for v in (waits, holds, is_synchronous)]
    return made


async def test_each_request_of_a_view_has_a_lane_and_says_what_it_waits_for(site):
    with watch(trace=True) as seen:
        await asyncio.gather(site.get("/waits/"), site.get("/waits/"))
    timeline = seen.timeline()
    assert timeline.lanes == ("waits 1", "waits 2")
    assert [mark.label for mark in timeline.marks if mark.lane == "waits 1"] == [
        "runs",
        "await asyncio.sleep(0.2)",
        "runs",
        "ends",
    ]
    assert timeline.waiting_s("waits 1") > timeline.wall_s / 2
    assert timeline.overlap_s("waits 1", "waits 2") > timeline.wall_s / 2


async def test_a_step_that_holds_the_loop_is_named_by_its_line(site):
    with watch(trace=True) as seen:
        await site.get("/holds/")
    spans = seen.timeline().spans("holds")
    longest = max(spans, key=lambda span: span.duration_s)
    assert longest.label.startswith("time.sleep(0.2)")
    assert not longest.waiting


async def test_tasks_without_django_have_lanes():
    async def part():
        await asyncio.sleep(0.01)

    async def whole():
        await asyncio.gather(part(), part())

    with watch(trace=True) as seen:
        await asyncio.create_task(whole())
    assert {"whole", "part 1", "part 2"} <= set(seen.timeline().lanes)


async def test_a_synchronous_view_has_a_lane_with_its_thread(site):
    with watch(trace=True) as seen:
        await site.get("/is_synchronous/")
    first, last = (mark for mark in seen.timeline().marks if mark.lane == "is_synchronous")
    assert first.label == "time.sleep(0.2)"
    assert first.thread == last.thread != "MainThread"


def test_a_thread_that_works_twice_has_two_lanes():
    runs = [_Run(at, at, "T-1", "T-1", "view", "line", "", look=at) for at in (1, 2, 3, 7, 8)]
    times = [[mark.at_s for mark in marks] for marks in _thread_marks(runs)]
    assert times == [[1, 3], [7, 8]]


async def test_without_a_trace_the_timeline_says_how_to_get_one():
    with watch() as seen:
        await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="trace=True"):
        seen.timeline()
