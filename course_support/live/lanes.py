"""How are the lanes of a timeline drawn? SVG within HTML, so that it follows the page's theme.

What keeps its thread and what waits differ in pattern as well as in colour; words name each bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from course_support.live.spans import Mark, Span, Timeline
from course_support.live.svg import (
    KEEPS,
    LABEL_PX,
    SMALL_PX,
    WAITS,
    WIDTH,
    hatch,
    hatch_name,
    picture,
    shortened,
    ticks,
)

ROW = 15.0
BAR = 18.0
MAX_ROWS = 8
NARROWEST = 2.5  # a span too short to see is drawn this wide
LONG = 0.15  # part of the whole from which on a span says its length


class Label(NamedTuple):
    """A mark's words above its bar: where they point, and how many rows above the bar."""

    x: float
    row: int
    text: str
    mark: Mark


class Scale(NamedTuple):
    """Seconds to picture: `left` is the first mark, `width` the time `wall_s`."""

    left: float
    width: float
    wall_s: float

    def x(self, at_s: float) -> float:
        """Where the moment `at_s` lies."""
        return self.left + (self.width * at_s / self.wall_s if self.wall_s else 0.0)


def lasting(span: Span | None) -> str:
    """`waits 200.4 ms`; nothing for the last mark of a lane, where no span begins."""
    return f"{_verb(span)} {_ms(span.duration_s)}" if span else ""


def steps(timeline: Timeline) -> list[tuple[Mark, Span | None]]:
    """Each mark in the order of time, with the span that begins there."""
    left = {lane: iter(timeline.spans(lane)) for lane in timeline.lanes}
    return [(mark, next(left[mark.lane], None)) for mark in timeline.marks]


def timeline_svg(marks: Sequence[Mark]) -> str:
    """The picture alone; at least one mark."""
    timeline = Timeline(marks)
    gutter = _gutter(timeline)
    scale = _scale(timeline, gutter)
    pattern = hatch_name(timeline.marks)
    parts, y = [], 6.0
    for lane in timeline.lanes:
        drawn, height = _lane(timeline, lane, scale, y, pattern)
        parts += drawn
        y += height
    grid = _axis(scale, y)
    height = y + 46
    lanes = ", ".join(timeline.lanes)
    words = (
        f"Timeline, {_ms(timeline.wall_s)} in all, lanes: {lanes}. Each bar is named by its text; "
        "a table with the same numbers follows."
    )
    legend = _legend(timeline.spans(), scale.left, y + 32, pattern)
    return picture(words, height, f"{hatch(pattern)}{grid}{''.join(parts)}{legend}")


def _verb(span: Span) -> str:
    return "waits" if span.waiting else "keeps its thread"


def _ms(seconds: float) -> str:
    # Another digit or two where it would read 0.0.
    digits = 1 if seconds == 0 or seconds >= 0.001 else 2 if seconds >= 0.0001 else 3
    return f"{seconds * 1000:.{digits}f} ms"


def _gutter(timeline: Timeline) -> float:
    names = max(len(lane) for lane in timeline.lanes) * (LABEL_PX + 0.8)
    threads = max(len(_threads(timeline, lane)) for lane in timeline.lanes) * SMALL_PX
    return min(max(names, threads, 40.0), 150.0) + 14


def _threads(timeline: Timeline, lane: str) -> str:
    names = {mark.thread for mark in timeline.marks if mark.lane == lane}
    return names.pop() if len(names) == 1 else f"{len(names)} threads"


def _scale(timeline: Timeline, gutter: float) -> Scale:
    """As wide as it may be while each label still fits to the right of its mark."""
    room = WIDTH - gutter - 8
    scale = Scale(gutter, room, timeline.wall_s)
    for mark, span in steps(timeline):
        if mark.at_s > 0:
            text = len(_words(mark, span, timeline.wall_s)) * LABEL_PX + 6
            scale = scale._replace(width=min(scale.width, (room - text) * scale.wall_s / mark.at_s))
    return scale._replace(width=max(scale.width, room * 0.6))


def _words(mark: Mark, span: Span | None, wall_s: float) -> str:
    """What stands above a bar: its label, and how long it lasts if that can be seen."""
    if span and span.duration_s >= LONG * wall_s > 0:
        return f"{mark.label}, {_ms(span.duration_s)}"
    return mark.label


def _labels(there: Sequence[tuple[Mark, Span | None]], scale: Scale) -> list[Label]:
    """From right to left, each one row above those it would run into.

    So no line from a label to its bar crosses the words of another, and labels that lie
    close together read from top to bottom in the order of time.
    """
    placed: list[Label] = []
    for mark, span in reversed(there):
        x = scale.x(mark.at_s)
        words = _words(mark, span, scale.wall_s)
        text = shortened(words, int((WIDTH - x - 4) / LABEL_PX))
        end = x + len(text) * LABEL_PX + 8
        row = max((label.row + 1 for label in placed if label.x < end), default=0)
        placed.append(Label(x, row, text, mark))
    return [label for label in placed if label.row < MAX_ROWS]


def _lane(
    timeline: Timeline, lane: str, scale: Scale, y: float, pattern: str
) -> tuple[list[str], float]:
    """The SVG of one lane that begins at `y`, and its height."""
    labels = _labels([step for step in steps(timeline) if step[0].lane == lane], scale)
    top = y + ROW * (1 + max(label.row for label in labels)) + 4
    # What waits comes first: it does not hide the short span beside it.
    spans = sorted(timeline.spans(lane), key=lambda span: not span.waiting)
    drawn = [
        *_lane_name(timeline, lane, top),
        *(_bar(span, scale, top, pattern) for span in spans),
        *(_label(label, top) for label in labels),
    ]
    return drawn, top - y + BAR + 12


def _lane_name(timeline: Timeline, lane: str, top: float) -> Iterator[str]:
    threads = _threads(timeline, lane)
    name, small = shortened(lane, 20), shortened(threads, 26)
    yield f"<text x='0' y='{top + 8:.1f}' font-weight='600'>{escape(name)}</text>"
    yield (
        f"<text x='0' y='{top + 21:.1f}' font-size='10.5' opacity='.8'>{escape(small)}"
        f"<title>{escape(threads)}</title></text>"
    )


def _bar(span: Span, scale: Scale, top: float, pattern: str) -> str:
    x = scale.x(span.start_s)
    width = max(scale.x(span.end_s) - x - 0.8, NARROWEST)
    look = f"fill='url(#{pattern})' stroke='{WAITS}'" if span.waiting else f"fill='{KEEPS}'"
    task = f", task {span.task}" if span.task else ""
    words = (
        f"{span.lane}: {span.label} ({lasting(span)}, from {_ms(span.start_s)} to "
        f"{_ms(span.end_s)}), thread {span.thread}{task}"
    )
    return (
        f"<rect x='{x:.1f}' y='{top:.1f}' width='{width:.1f}' height='{BAR:g}' {look}>"
        f"<title>{escape(words)}</title></rect>"
    )


def _label(label: Label, top: float) -> str:
    base = top - 5 - label.row * ROW
    line = (
        f"<path d='M{label.x:.1f} {top:.1f}V{base - 9:.1f}' stroke='currentColor' "
        "stroke-width='1' opacity='.55'/>"
    )
    title = f"<title>{escape(str(label.mark))}, {_ms(label.mark.at_s)}</title>"
    return f"{line}<text x='{label.x + 4:.1f}' y='{base:.1f}'>{escape(label.text)}{title}</text>"


def _axis(scale: Scale, bottom: float) -> str:
    parts = []
    for tick_s in ticks(scale.wall_s):
        x = scale.x(tick_s)
        parts.append(
            f"<path d='M{x:.1f} 4V{bottom:.1f}' stroke='currentColor' opacity='.18'/>"
            f"<text x='{x:.1f}' y='{bottom + 13:.1f}' text-anchor='middle' font-size='10.5' "
            f"opacity='.8'>{tick_s * 1000:g}</text>"
        )
    return "".join(parts)


def _legend(spans: Sequence[Span], x: float, y: float, pattern: str) -> str:
    looks = {
        False: ("keeps its thread", f"fill='{KEEPS}'"),
        True: ("waits, its thread is free", f"fill='url(#{pattern})' stroke='{WAITS}'"),
    }
    parts = []
    for waiting in sorted({span.waiting for span in spans}):
        words, look = looks[waiting]
        parts.append(
            f"<rect x='{x:.1f}' y='{y - 9:.1f}' width='22' height='10' {look}/>"
            f"<text x='{x + 28:.1f}' y='{y:.1f}' font-size='10.5'>{words}</text>"
        )
        x += 48 + len(words) * SMALL_PX
    words = "numbers: milliseconds since the first mark"
    return "".join(parts) + (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='10.5' opacity='.8'>{words}</text>"
    )
