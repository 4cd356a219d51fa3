import asyncio
import threading
from itertools import count

import pytest

from course_support.live.spans import Mark, Span, Timeline


def overlapping():
    """A lasts from 0 to 0.3 s and waits 0.2 s of it; B begins at 0.1 s and ends at 0.5 s."""
    return Timeline(
        [
            Mark(0.0, "A", "view starts"),
            Mark(0.1, "A", "awaits", waiting=True),
            Mark(0.1, "B", "view starts"),
            Mark(0.3, "A", "returns"),
            Mark(0.5, "B", "returns"),
        ]
    )


def test_a_mark_lasts_until_the_next_of_its_lane():
    assert overlapping().spans() == (
        Span("A", "view starts", 0.0, 0.1),
        Span("A", "awaits", 0.1, 0.3, waiting=True),
        Span("B", "view starts", 0.1, 0.5),
    )


def test_order_names_what_happened_in_the_order_of_time():
    assert overlapping().order() == [
        "A view starts",
        "A awaits",
        "B view starts",
        "A returns",
        "B returns",
    ]


def test_marks_written_by_hand_are_put_in_order():
    timeline = Timeline([Mark(0.2, "A", "second"), Mark(0.1, "A", "first")])
    assert timeline.order() == ["A first", "A second"]


def test_arithmetic_on_spans():
    timeline = overlapping()
    assert timeline.wall_s == pytest.approx(0.5)
    assert timeline.overlap_s("A", "B") == pytest.approx(0.2)
    assert timeline.waiting_s("A") == pytest.approx(0.2)
    assert timeline.waiting_s("B") == 0


def test_lanes_one_after_the_other_do_not_overlap():
    marks = [Mark(at, lane, "x") for at, lane in [(0, "A"), (0.1, "A"), (0.1, "B"), (0.3, "B")]]
    assert Timeline(marks).overlap_s("A", "B") == 0


def test_an_unknown_lane_lists_the_lanes():
    with pytest.raises(LookupError, match="lane 'C'. The lanes are: A, B"):
        overlapping().spans("C")
    with pytest.raises(LookupError, match="none yet"):
        Timeline().waiting_s("A")


def test_the_first_mark_is_second_zero():
    timeline = Timeline(clock=count(50).__next__)
    timeline.mark("A", "starts")
    timeline.mark("A", "returns")
    assert [mark.at_s for mark in timeline.marks] == [0, 1]


def test_a_cleared_timeline_starts_at_zero_again():
    timeline = Timeline(clock=count(50).__next__)
    timeline.mark("A", "starts")
    timeline.clear()
    assert timeline.marks == ()
    timeline.mark("B", "starts")
    assert timeline.marks[0].at_s == 0
    assert timeline.lanes == ("B",)


def test_a_timeline_with_marks_goes_on_after_the_last():
    timeline = Timeline([Mark(7.0, "A", "starts")], clock=count(50).__next__)
    timeline.mark("A", "returns")
    assert timeline.marks[-1].at_s == 8


async def _marked_in_a_task(timeline):
    timeline.mark("A", "starts", waiting=True)


def test_a_mark_knows_its_task_and_that_it_waits():
    timeline = Timeline()

    async def main():
        await asyncio.create_task(_marked_in_a_task(timeline), name="request A")

    asyncio.run(main())
    (mark,) = timeline.marks
    assert (mark.task, mark.thread, mark.waiting) == ("request A", "MainThread", True)


def test_a_mark_outside_an_event_loop_has_no_task():
    timeline = Timeline()
    timeline.mark("A", "starts")
    assert timeline.marks[0].task == ""


def test_marks_of_many_threads_are_all_kept_and_in_order():
    timeline = Timeline()
    ready = threading.Barrier(8)

    def work(lane):
        ready.wait()
        for number in range(200):
            timeline.mark(lane, f"step {number}")

    threads = [threading.Thread(target=work, args=(f"T{n}",), name=f"T{n}") for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    marks = timeline.marks
    assert len(marks) == 1600
    assert all(mark.thread == mark.lane for mark in marks)
    assert list(marks) == sorted(marks, key=lambda mark: mark.at_s)


def test_a_timeline_says_in_one_line_what_it_holds():
    assert repr(overlapping()) == "<Timeline 5 marks, 500.0 ms, lanes: A, B>"
    assert repr(Timeline()) == "<Timeline 0 marks, 0.0 ms, lanes: >"


def test_the_table_has_every_mark():
    lines = overlapping().table().splitlines()
    assert lines[0].split() == ["ms", "lane", "what", "then", "thread", "task"]
    assert lines[2].split() == ["100.0", "A", "awaits", "waits", "200.0", "ms", "MainThread"]
    assert len(lines) == 6
