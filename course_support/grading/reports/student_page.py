"""What does a student read? Each exercise: what was checked, what was seen, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course_support.grading.answers import reference
from course_support.grading.reports.marking_page import said
from course_support.grading.reports.page import details, kind, page, sign, table, text, written
from course_support.grading.reports.words import code, counted, html, of
from course_support.grading.results import ClassResults, ManualMark, Result, Stage, Wrote
from course_support.grading.submissions import Refused
from course_support.verdicts import SIGNS, Outcome, Report, Verdict

BY_ITSELF = "A check looks at what a client of the site and the newswire can see; it reads no code."


def student_page(student: str, found: ClassResults) -> str:
    """The page of one student: HTML, without a word about anybody else."""
    results, refused = found.of_student(student), found.refused_of(student)
    points = sum(one.points for one in results)
    waiting = sum(len(one.to_mark) for one in results)
    so_far = f" so far; {counted(waiting, 'text')} not marked yet" if waiting else ""
    body = [
        '<p class="over">Async Django, live</p>',
        f"<h1>{text(student)}</h1>",
        f'<p class="meta">{of(found.total(student), points)} points{so_far}</p>' if results else "",
        _overview(results) if len(results) > 1 else "",
        *(part for one in results for part in _exercise(one)),
        *_refused(refused),
    ]
    return page(f"{student}: {of(found.total(student), points)} points", body, BY_ITSELF)


def _overview(results: Sequence[Result]) -> str:
    rows = [
        [
            f'<a href="#{one.exercise.key}">{text(one.exercise.title)}</a>',
            html(", ".join(one.report.counts())),
            of(one.earned, one.points),
        ]
        for one in results
    ]
    return table("Exercise by exercise", ["Exercise", "Checks", "Points"], rows, nums="ttn")


def _exercise(one: Result) -> Iterator[str]:
    report = one.report.visible
    checks = " · ".join(one.report.counts())
    yield f'<section id="{one.exercise.key}"><h2>{text(one.exercise.title)}</h2>'
    yield (
        f'<p class="meta"><code>{one.exercise.key}</code> · {checks} · '
        f"{of(one.earned, one.points)} points</p>"
    )
    yield from (f'<p class="note person">{html(remark)}</p>' for remark in one.submission.remarks)
    if one.comment:
        yield f'<p class="note person"><b>From your teacher</b><br>{html(one.comment)}</p>'
    yield _checks(one)
    if report and report.commentary:
        yield f'<p class="note">{html(report.commentary)}</p>'
    yield from _more(one)
    yield from _by_hand(one)
    yield "</section>"


def _checks(one: Result) -> str:
    head = "".join(
        f'<th scope="col"{cls}>{name}</th>'
        for name, cls in (("Result", ""), ("What was checked", ""), ("Points", ' class="num"'))
    )
    rows = "".join(_row(verdict) for verdict in one.report.visible.verdicts)
    rows += _hidden(one.report) if one.report.hidden else ""
    return (
        f'<div class="wide checks"><table><caption class="hidden">The checks of {one.exercise.key}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(verdict: Verdict) -> str:
    parts = [html(verdict.title)]
    if verdict.seen:
        parts.append(f'<p class="said">{html(verdict.seen)}</p>')
    if verdict.line:
        parts.append(f'<p class="said">{html(verdict.line)}</p>')
    if verdict.next_step:
        parts.append(f'<p class="next">{html(verdict.next_step)}</p>')
    points = of(verdict.points if verdict else 0, verdict.points)
    return (
        f'<tr><td class="sign {kind(verdict.outcome)}">{sign(verdict.outcome)}</td>'
        f'<td>{"".join(parts)}</td><td class="num">{points}</td></tr>'
    )


def _hidden(report: Report) -> str:
    """One row for all hidden checks: how many passed, and no word of theirs."""
    passed = sum(map(bool, report.hidden))
    outcome = Outcome.CORRECT if passed == len(report.hidden) else Outcome.INCORRECT
    if report.visible.outcome is Outcome.NOT_ATTEMPTED:
        outcome = Outcome.NOT_ATTEMPTED
    points = of(
        sum(one.points for one in report.hidden if one), sum(one.points for one in report.hidden)
    )
    return (
        f'<tr><td class="sign {kind(outcome)}">{SIGNS[outcome]} {of(passed, len(report.hidden))}'
        "</td><td>Hidden checks, your teacher's own"
        f'</td><td class="num">{points}</td></tr>'
    )


def _by_hand(one: Result) -> Iterator[str]:
    for mark in one.manual:
        yield f"<h3>{text(mark.item.title)}</h3>"
        yield f'<p class="meta">{_standing(mark)}</p>'
        yield said(mark)
        if mark.wrote is Wrote.TEXT:
            code = mark.item.id in one.submission.cells
            yield written(mark.text, "What was written", code=code)


def _standing(mark: ManualMark) -> str:
    """How far the marking is, in words for the student."""
    match mark.stage:
        case Stage.WAITS:
            return f"Not marked yet: up to {counted(mark.item.points, 'point')}."
        case Stage.CHANGED:
            return "Marked by your teacher. The text below has changed since."
        case Stage.MARKED:
            return "Marked by your teacher."
    return (
        f"The cell is {mark.wrote}, so there is nothing to mark. It is not a zero: it counts up to "
        f"{counted(mark.item.points, 'point')} once there is a text and a mark."
    )


def _more(one: Result) -> Iterator[str]:
    exercise, cells, report = one.exercise, one.submission.cells, one.report.visible
    if report:
        if ours := reference(exercise):
            yield details("One right answer, for comparison", "".join(map(code, ours.values())))
    else:
        hints = exercise.hints
        for at, hint in enumerate(hints, 1):
            yield details(f"Hint {at} of {len(hints)}", f"<p>{html(hint)}</p>")
    texts = "".join(code(source) for source in cells.values() if source.strip())
    if texts and report.outcome is not Outcome.NOT_ATTEMPTED:
        yield details("What was handed in", texts)


def _refused(refused: Sequence[Refused]) -> Iterator[str]:
    if refused:
        yield "<section><h2>Not judged</h2>"
    for one in refused:
        yield f'<p class="note person"><code>{text(one.file)}</code><br>{html(one.reason)}</p>'
    if refused:
        yield "</section>"
