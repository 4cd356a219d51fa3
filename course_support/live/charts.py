"""How does a timeline look: as a picture, and as a table with the same numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from course_support.live.folding import folded
from course_support.live.lanes import lasting, steps, timeline_svg
from course_support.live.spans import Mark, Timeline

COLUMNS = ("ms", "lane", "what", "then", "thread", "task")


class Row(NamedTuple):
    """One line of the table, as text."""

    ms: str
    lane: str
    what: str
    then: str
    thread: str
    task: str


def table_rows(marks: Sequence[Mark]) -> list[Row]:
    """The table's lines; `then` says what the lane does until its next mark."""
    timeline = Timeline(marks)
    digits = 1 if timeline.wall_s >= 0.01 else 3
    return [
        Row(
            f"{mark.at_s * 1000:.{digits}f}",
            mark.lane,
            mark.label,
            lasting(span),
            mark.thread,
            mark.task,
        )
        for mark, span in steps(timeline)
    ]


def text_table(marks: Sequence[Mark]) -> str:
    """The table in plain text, numbers to the right."""
    rows = [Row(*COLUMNS), *table_rows(marks)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        rest = [text.ljust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row.ms.rjust(widths[0]), *rest]).rstrip())
    return "\n".join(lines)


def timeline_html(marks: Sequence[Mark]) -> str:
    """The picture, then the table folded up below it."""
    if not marks:
        return "<p>Nothing is marked yet: <code>timeline.mark(&quot;A&quot;, ...)</code>.</p>"
    head = "".join(f"<th scope='col' style='text-align:left'>{name}</th>" for name in COLUMNS)
    body = "".join(_table_row(row) for row in table_rows(marks))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div>{timeline_svg(marks)}{folded(table)}</div>"


def _table_row(row: Row) -> str:
    number, *rest = (escape(text) for text in row)
    cells = "".join(f"<td style='text-align:left'>{text}</td>" for text in rest)
    return f"<tr><td style='text-align:right'>{number}</td>{cells}</tr>"
