"""What does a teacher read? Who is how far, which mistake is how frequent, what needs a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import mean
from urllib.parse import quote

from course_support.grading.exercises import Exercise
from course_support.grading.reports.page import bar, details, figures, page, strip, table, text
from course_support.grading.reports.words import counted, html, number, of
from course_support.grading.results import ClassResults, Equal, Result
from course_support.grading.submissions import exercise_named

NAMES = 8  # of those who made a mistake; the others are unfolded


def class_page(found: ClassResults, pages: Mapping[str, str]) -> str:
    """The page of the class: HTML.

    Args:
        pages: the address of each student's page, relative to this one.
    """
    body = [
        '<p class="over">Async Django, live</p>',
        "<h1>The class</h1>",
        figures(_figures(found)),
        *_look(found),
        "<section><h2>Who is how far</h2>",
        _students(found, pages),
        _contents(found),
        "</section>",
        *(part for one in found.exercises for part in _exercise(one, found)),
    ]
    return page("The class", body, html(found.how))


def _figures(found: ClassResults) -> list[tuple[str, str]]:
    whole = sum(1 for one in found.results if one.report)
    so_far = " so far" if any(one.to_mark for one in found.results) else ""
    shares = [found.total(one) / found.points for one in found.students if found.of_student(one)]
    return [
        ("student" if len(found.students) == 1 else "students", str(len(found.students))),
        (f"{'answer' if len(found.results) == 1 else 'answers'} judged", str(len(found.results))),
        ("with every check passed", str(whole)),
        (f"mean of the points{so_far}", f"{mean(shares):.0%}" if shares else "none"),
    ]


def _students(found: ClassResults, pages: Mapping[str, str]) -> str:
    if not found.students:
        return "<p>Nobody has handed in anything.</p>"
    heads = ["Student", "Points", *(one.key for one in found.exercises)]
    rows = []
    for student in found.students:
        results = {one.exercise.key: one for one in found.of_student(student)}
        cells = [_cell(results.get(one.key), one, student, found) for one in found.exercises]
        link = f'<a href="{quote(pages[student])}">{text(student)}</a>'
        total = of(found.total(student), found.points) if results else "not judged"
        rows.append([link, total, *cells])
    caption = "A box is a check: high and green where it passed, low and red where it did not, "
    caption += "empty where nothing was there to judge."
    if any(one.report.hidden for one in found.results):
        caption += " Hidden checks stand apart, at the right."
    return table(caption, heads, rows, nums="tn" + "t" * len(found.exercises))


def _contents(found: ClassResults) -> str:
    links = [f'<a href="#{one.key}">{text(one.title)}</a>' for one in found.exercises]
    return f'<p class="meta">Exercise by exercise: {" · ".join(links)}</p>' if links else ""


def _cell(one: Result | None, exercise: Exercise, student: str, found: ClassResults) -> str:
    if one is None:
        files = [left.file for left in found.refused_of(student)]
        there = any(exercise_named(file, {exercise.key: ()}) for file in files)
        return f'<span class="meta">{"not judged" if there else "not handed in"}</span>'
    waiting = ""
    if one.to_mark:
        place = f"marking.html#{exercise.key}-{one.to_mark[0].item.id}"
        waiting = f' (<a href="{place}">{len(one.to_mark)} to mark</a>)'
    return f"{of(one.earned, one.points)}{waiting}{strip(one.report)}"


def _look(found: ClassResults) -> Iterator[str]:
    """What a person should see first: files not judged, equal answers, remarks, open marks."""
    equal, remarked = found.equal(), [one for one in found.results if one.submission.remarks]
    waiting = sum(len(one.to_mark) for one in found.results)
    if not (found.refused or equal or remarked or waiting or found.notes):
        return
    yield "<section><h2>Look at these first</h2>"
    if waiting:
        yield (
            f"<p><b>{counted(waiting, 'text')} to mark by hand:</b> read them on the page "
            '<a href="marking.html">Marking by hand</a>.</p>'
        )
    if found.notes:
        notes = "".join(f"<li>{html(note)}</li>" for note in found.notes)
        yield f"<p>About <code>marks.csv</code>:</p><ul>{notes}</ul>"
    if found.refused:
        rows = [
            [
                text(one.student),
                _loose(text(one.file).replace("/", "/<wbr>").replace("_", "_<wbr>")),
                html(one.reason),
            ]
            for one in found.refused
        ]
        caption = "Files that were not judged; nobody got a zero for one"
        yield table(caption, ["Student", "File", "Why, and what to do"], rows, nums="ttt")
    if equal:
        rows = [[_names(one.students), one.exercise, _likely(one)] for one in equal]
        caption = "Answers that are the same but for spaces, comments and quotes"
        yield table(caption, ["Students", "Exercise", "Note"], rows, nums="ttt")
    if remarked:
        rows = [
            [text(one.student), one.exercise.key, html(" ".join(one.submission.remarks))]
            for one in remarked
        ]
        heads = ["Student", "Exercise", "What"]
        yield table("Notebooks that were not as they should be", heads, rows, nums="ttt")
    yield "</section>"


def _likely(one: Equal) -> str:
    if one.as_ours:
        return "This is also the course's own answer."
    return "Ask both. Short answers can be the same by chance."


def _exercise(exercise: Exercise, found: ClassResults) -> Iterator[str]:
    results = found.of_exercise(exercise.key)
    points = mean(one.earned for one in results)
    waiting = sum(len(one.to_mark) for one in results)
    so_far = f" so far, with {counted(waiting, 'text')} to mark" if waiting else ""
    yield f'<section id="{exercise.key}"><h2>{text(exercise.title)}</h2>'
    yield (
        f'<p class="meta"><code>{exercise.key}</code> · {counted(len(results), "answer")} · '
        f"on average {of(points, results[0].points)} points{so_far}</p>"
    )
    checks = [
        [html(title) + _tag(hidden), bar(passed, len(results)), of(passed, len(results))]
        for title, passed, hidden in found.passed(exercise.key)
    ]
    yield table("How many passed each check", ["Check", "Share", "Passed"], checks, nums="ttn")
    if stumbles := found.stumbles(exercise.key):
        rows = [
            [
                number(len(one.students)),
                f'{html(one.words)}<br><span class="meta">at: {html(one.check)}</span>'
                + _tag(one.hidden),
                _names(one.students),
            ]
            for one in stumbles
        ]
        heads = ["How often", "What is said about it", "Who"]
        yield table("Mistakes, the most frequent first", heads, rows, nums="ntt")
    yield "</section>"


def _tag(hidden: bool) -> str:
    return ' <span class="tag">hidden</span>' if hidden else ""


def _names(students: tuple[str, ...]) -> str:
    """The names, the first of them at once."""
    names = list(map(text, students))
    shown, more = ", ".join(names[:NAMES]), names[NAMES:]
    if len(more) < 2:
        return _loose(", ".join(names))
    return _loose(shown + details(f"and {len(more)} more", ", ".join(more)))


def _loose(content: str) -> str:
    """HTML in which a long name or path is broken before it widens the table."""
    return f'<div class="loose">{content}</div>'
