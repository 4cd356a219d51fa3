"""What does the person who marks read? All texts of one item under each other, open ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import mean
from typing import NamedTuple
from urllib.parse import quote

from course_support.grading.answers import given_texts, reference_texts
from course_support.grading.exercises import Exercise, Manual
from course_support.grading.reports.page import details, page, table, text, written
from course_support.grading.reports.words import counted, html, of
from course_support.grading.results import ClassResults, ManualMark, Result, Stage

HEADS = {
    Stage.WAITS: "To mark",
    Stage.CHANGED: "Marked, and changed since",
    Stage.MARKED: "Marked",
}
CHANGED = (
    "The text is not the one that was here when the mark was written. The mark stays. Once you "
    "have read it again, empty the field <code>text_seen</code> in its row, and this note goes."
)
CONTENTS = "Texts and marks, item by item"


class Piece(NamedTuple):
    """One student's text for one item."""

    result: Result
    mark: ManualMark


def marking_page(found: ClassResults, pages: Mapping[str, str]) -> str:
    """The page of the person who marks: HTML.

    Args:
        pages: the address of each student's page, relative to this one.
    """
    items = list(_items(found))
    body = [
        '<p class="over"><a href="index.html">The class</a></p>',
        "<h1>Marking by hand</h1>",
        _how(items),
        _contents(items),
        *(part for item in items for part in _item(*item, found, pages)),
    ]
    return page("Marking by hand", body, "The texts are shown as they were written: nothing runs.")


Items = tuple[Exercise, Manual, list[Piece]]


def _items(found: ClassResults) -> Iterator[Items]:
    for exercise in found.exercises:
        results = found.of_exercise(exercise.key)
        for at, item in enumerate(exercise.manual):
            yield exercise, item, [Piece(one, one.manual[at]) for one in results]


def _how(items: Sequence[Items]) -> str:
    stages = [one.mark.stage for *_, pieces in items for one in pieces]
    waiting, changed = stages.count(Stage.WAITS), stages.count(Stage.CHANGED)
    first = f"{counted(waiting, 'text')} to mark." if waiting else "Every text has a mark."
    if changed:
        first += f" {counted(changed, 'text has', 'texts have')} changed since the marking."
    return (
        f'<p><b>{first}</b> Open <a href="marks.csv"><code>marks.csv</code></a> beside this page. '
        "Each text names its row: write the points under <code>mark</code> and what you have to "
        "say under <code>comment</code>, save, and run the same command again. The rows stand in "
        "the order of this page.</p>"
    )


def _contents(items: Sequence[Items]) -> str:
    rows = []
    for exercise, item, pieces in items:
        marks = [one.mark.mark for one in pieces if one.mark.mark is not None]
        counts = [sum(one.mark.stage is stage for one in pieces) for stage in Stage]
        link = f'<a href="#{_anchor(exercise, item)}">{text(item.title)}</a>'
        average = of(mean(marks), item.points) if marks else "none yet"
        where = f'{link}<br><span class="meta">{text(exercise.title)}</span>'
        rows.append([where, *map(str, counts), average])
    heads = ["Item", "To mark", "Changed since", "Marked", "Nothing there", "Mean of the marks"]
    return table(CONTENTS, heads, rows, nums="tnnnnn")


def _anchor(exercise: Exercise, item: Manual) -> str:
    return f"{exercise.key}-{item.id}"


def _item(
    exercise: Exercise,
    item: Manual,
    pieces: Sequence[Piece],
    found: ClassResults,
    pages: Mapping[str, str],
) -> Iterator[str]:
    yield f'<section id="{_anchor(exercise, item)}"><h2>{text(item.title)}</h2>'
    yield (
        f'<p class="meta">{text(exercise.title)} · <code>{exercise.key}</code>, '
        f"<code>{item.id}</code> · up to {counted(item.points, 'point')}</p>"
    )
    yield from _asked(exercise, item)
    same = _same(pieces)
    for stage, head in HEADS.items():
        those = [one for one in pieces if one.mark.stage is stage]
        if those:
            yield f"<h3>{head} ({len(those)})</h3>"
        if stage is Stage.CHANGED and those:
            yield f"<p>{CHANGED}</p>"
        for one in those:
            yield _piece(one, same.get(one.result.student, []), found, pages)
    yield from _nothing([one for one in pieces if one.mark.stage is Stage.NOTHING], found, pages)
    yield "</section>"


def _asked(exercise: Exercise, item: Manual) -> Iterator[str]:
    """What the cell asks for, and what the course itself would write."""
    for head, texts in (
        ("What the cell asks for", given_texts(exercise)),
        ("What the course wrote, for comparison", reference_texts(exercise)),
    ):
        if item.id in texts:
            yield details(head, written(texts[item.id], head))


def _piece(one: Piece, same: Sequence[str], found: ClassResults, pages: Mapping[str, str]) -> str:
    mark, student = one.mark, one.result.student
    parts = [f"<h4>{_link(student, pages)}</h4>", f'<p class="meta">{_row(mark, found)}</p>']
    if same:
        parts.append(f'<p class="meta">The same text: {", ".join(map(text, same))}</p>')
    code = mark.item.id in one.result.submission.cells
    parts.append(written(mark.text, f"The text of {student}", code=code))
    parts.append(said(mark))
    return f'<article class="piece">{"".join(parts)}</article>'


def said(mark: ManualMark) -> str:
    """The mark and the comment given so far, as a note; HTML, empty where there is neither."""
    points = "" if mark.mark is None else f"<b>{of(mark.mark, mark.item.points)} points</b>"
    words = html(mark.comment)
    both = "<br>".join(part for part in (points, words) if part)
    return f'<p class="note person">{both}</p>' if both else ""


def _nothing(
    pieces: Sequence[Piece], found: ClassResults, pages: Mapping[str, str]
) -> Iterator[str]:
    """Who wrote nothing: the reason, and the row for whoever wants to mark it all the same."""
    if not pieces:
        return
    yield f"<h3>Nothing there to mark ({len(pieces)})</h3>"
    rows = [
        [_link(one.result.student, pages), f"The cell is {one.mark.wrote}.", _row(one.mark, found)]
        for one in pieces
    ]
    caption = "These have no mark. It is no zero unless you write one."
    yield table(caption, ["Student", "What was found", "Where"], rows, nums="ttt")


def _link(student: str, pages: Mapping[str, str]) -> str:
    return f'<a href="{quote(pages[student])}">{text(student)}</a>'


def _row(mark: ManualMark, found: ClassResults) -> str:
    at = found.rows.get(mark.place)
    return f"row {at} of marks.csv" if at else "no row in marks.csv yet"


def _same(pieces: Sequence[Piece]) -> dict[str, list[str]]:
    """With whom each student shares a text, but for spaces."""
    alike: dict[str, list[str]] = {}
    for one in pieces:
        if one.mark.text.strip() and one.mark.stage is not Stage.NOTHING:
            alike.setdefault(" ".join(one.mark.text.split()), []).append(one.result.student)
    return {
        who: [other for other in students if other != who]
        for students in alike.values()
        for who in students
    }
