import re
import xml.etree.ElementTree as ET

import pytest

from course_support.live.charts import table_rows, text_table, timeline_html
from course_support.live.lanes import LABEL_PX, WIDTH, timeline_svg
from course_support.live.spans import Mark, Timeline

SVG = "{http://www.w3.org/2000/svg}"
TWO = [
    Mark(0.0, "A", "view starts", task="Task-7"),
    Mark(0.0006, "A", "awaits the source", task="Task-7", waiting=True),
    Mark(0.0011, "B", "view starts", task="Task-8"),
    Mark(0.0015, "B", "awaits the source", task="Task-8", waiting=True),
    Mark(0.2013, "A", "goes on", task="Task-7"),
    Mark(0.2016, "A", "view returns", task="Task-7"),
    Mark(0.2019, "B", "goes on", task="Task-8"),
    Mark(0.2021, "B", "view returns", task="Task-8"),
]


def drawn(marks):
    return ET.fromstring(timeline_svg(marks))


def bars(picture):
    return [rect for rect in picture.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]


def test_each_span_is_a_bar_with_its_numbers_as_tooltip():
    titles = [bar.findtext(f"{SVG}title") for bar in bars(drawn(TWO))]
    assert len(titles) == len(Timeline(TWO).spans())
    assert (
        "A: awaits the source (waits 200.7 ms, from 0.60 ms to 201.3 ms), "
        "thread MainThread, task Task-7"
    ) in titles


def test_waiting_differs_in_pattern_and_not_in_colour_alone():
    looks = {bar.get("fill") for bar in bars(drawn(TWO))}
    assert len(looks) == 2
    assert sum(look.startswith("url(#waits-") for look in looks) == 1


def test_a_span_too_short_to_see_is_drawn_and_not_hidden():
    rects = bars(drawn(TWO))
    assert min(float(rect.get("width")) for rect in rects) >= 2
    kinds = [rect.get("fill").startswith("url") for rect in rects[:3]]
    assert kinds == sorted(kinds, reverse=True), "what waits is drawn first, below the rest"


def test_the_picture_has_a_name_for_a_screen_reader():
    (picture,) = drawn(TWO).iter(f"{SVG}svg")
    assert picture.get("role") == "img"
    assert "lanes: A, B" in picture.get("aria-label")


def test_a_picture_is_scrolled_where_it_would_become_too_small_to_read():
    box = drawn(TWO)
    assert box.get("style") == "overflow-x:auto"
    assert "min-width" in box.find(f"{SVG}svg").get("style")


@pytest.mark.parametrize("longest", [10, 40, 200])
def test_no_label_runs_into_another_or_leaves_the_picture(longest):
    marks = [Mark(n / 50, "A", f"{n} " + "x" * (longest - n % 7)) for n in range(12)]
    boxes = []
    for text in drawn(marks).iter(f"{SVG}text"):
        words = "".join(text.itertext()).split("…")[0]
        if re.match(r"\d+ x", words):
            x = float(text.get("x"))
            shown = text.text or ""
            boxes.append((x, x + len(shown) * LABEL_PX, float(text.get("y"))))
    assert boxes
    assert all(end <= WIDTH for _, end, _ in boxes)
    rows = {y: sorted(box for box in boxes if box[2] == y) for _, _, y in boxes}
    for row in rows.values():
        assert all(left[1] <= right[0] for left, right in zip(row, row[1:], strict=False))


def test_the_html_holds_the_picture_and_the_table():
    html = timeline_html(TWO)
    assert html.count("<svg") == 1
    assert html.count("<tr>") == 1 + len(TWO)
    assert "<summary" in html
    for row in table_rows(TWO):
        assert all(f">{text}</td>" in html for text in row)


def test_the_table_says_for_how_long_each_lasts():
    assert table_rows(TWO)[1] == (
        "0.6",
        "A",
        "awaits the source",
        "waits 200.7 ms",
        "MainThread",
        "Task-7",
    )
    assert table_rows(TWO)[-1].then == ""


def test_short_timelines_have_more_digits():
    assert table_rows([Mark(0.0, "A", "x"), Mark(0.00004, "A", "y")])[1].ms == "0.040"


def test_all_words_are_escaped():
    marks = [Mark(0, "<A>", "<b> & 'c'", thread="<t>", task='"k"'), Mark(1, "<A>", "d")]
    html = timeline_html(marks)
    assert "<b>" not in html
    assert "<A>" not in html
    assert "<t>" not in html
    ET.fromstring(html)


@pytest.mark.parametrize(
    "marks",
    [
        [Mark(0, "A", "alone")],
        [Mark(0, "A", "x"), Mark(0, "A", "y"), Mark(0, "B", "z")],
        [Mark(n * 1e-6, f"lane {n % 40}", "step") for n in range(400)],
        [Mark(0, "A", "start"), Mark(86400, "A", "end")],
    ],
    ids=["one mark", "no time passes", "many lanes", "a day"],
)
def test_odd_timelines_are_drawn_too(marks):
    picture = drawn(marks)
    numbers = [float(rect.get("width")) for rect in picture.iter(f"{SVG}rect")]
    assert all(0 < number <= WIDTH for number in numbers)


def test_nothing_marked_says_what_to_do():
    assert "timeline.mark" in timeline_html([])
    assert text_table([]) == "ms  lane  what  then  thread  task"


def test_the_same_marks_give_the_same_bytes():
    assert timeline_html(TWO) == timeline_html(list(TWO))


def test_a_timeline_draws_itself():
    assert Timeline(TWO)._repr_html_() == timeline_html(TWO)
