"""How do grades get into Canvas and Moodle? Into a table that the platform itself has exported.

Canvas: Grades > Export, then Import of what is written here. Columns that Canvas knows a student
by are kept as they are. Moodle: the grading worksheet of an assignment, downloaded and uploaded
under View all submissions. Without a worksheet, a table for Grades > Import > CSV file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from course_support.content import ContentError
from course_support.grading.files import csv_text, write_whole
from course_support.grading.reports.matching import Row, matched, unmatched
from course_support.grading.reports.tables import feedback
from course_support.grading.reports.words import clean, field, number, one_line
from course_support.grading.results import ClassResults
from course_support.grading.sheets import read_table

CANVAS_OWN = (
    "Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section",
)  # fmt: skip
POSSIBLE = "Points Possible"
CANVAS_NEEDS = ("Student", "ID")


CHANGEABLE = "Grade can be changed"
MOODLE_NEEDS = ("Identifier", "Full name", "Grade")
# By these a platform knows a person: they stay as they are, whatever a spreadsheet does.
_KNOWN_BY = {"ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Identifier"}
_NUMBER = re.compile(r"[+-]?[\d.,]+%?")


def check_tables(canvas: Path | None, moodle: Path | None) -> None:
    """Look at the platforms' own tables before the long work of judging.

    Raises:
        ContentError: as `write_canvas` and `write_moodle`.
    """
    if canvas:
        header, rows = read_table(canvas)
        _need(canvas, header, CANVAS_NEEDS)
        _limits(canvas, rows)
    if moodle and moodle != Path():
        _need(moodle, read_table(moodle)[0], MOODLE_NEEDS)


def write_canvas(path: Path, roster: Path, found: ClassResults) -> list[str]:
    """Write the class into the columns of Canvas's own export; whom it does not list.

    An assignment's column is found by the exercise's key or title in its head, and keeps that
    head, with Canvas's number in it. Points are scaled to Canvas's `Points Possible`.

    Raises:
        ContentError: the roster has no columns `Student` and `ID`, or no row `Points Possible`.
    """
    header, rows = read_table(roster)
    _need(roster, header, CANVAS_NEEDS)
    limits = _limits(roster, rows)
    columns = {one.key: _column(limits, one.key, one.title) for one in found.exercises}
    people = [row for row in rows if row is not limits and row["Student"].strip()]
    whom = matched(found, people, _canvas_names, lambda row: row["ID"].strip())
    lines = [_possible(limits, columns, found)]
    for row in people:
        line = {name: row[name] for name in CANVAS_OWN if name in row}
        for one in whom.get(id(row), ()):
            column = columns[one.exercise.key]
            line[column] = number(_scaled(one.earned, one.points, limits.get(column)))
        lines.append(line)
    own = [name for name in CANVAS_OWN if name in header]
    _write(path, [*own, *columns.values()], lines)
    return unmatched(found, whom)


def _limits(roster: Path, rows: Sequence[Row]) -> Row:
    """The row that says what each assignment counts; without it no point can be scaled."""
    for row in rows:
        if row["Student"].strip() == POSSIBLE:
            return row
    raise ContentError(
        f"{roster.name} has no row '{POSSIBLE}'.\n"
        "    Name the whole gradebook as Canvas has exported it, with Canvas set to English."
    )


def _possible(limits: Row, columns: Mapping[str, str], found: ClassResults) -> Row:
    row = {"Student": limits["Student"]}
    for key, column in columns.items():
        ours = number(found.of_exercise(key)[0].points)
        row[column] = limits.get(column, "").strip() or ours
    return row


def _column(limits: Row, key: str, title: str) -> str:
    """The head of the exercise's column: Canvas's own, as in "ex01_first_view (4711)"."""
    for name, limit in limits.items():
        known = re.sub(r" \(\d+\)$", "", name).strip().casefold()
        if known in (key.casefold(), title.casefold()) and "read only" not in limit:
            return name
    return key


def _canvas_names(row: Row) -> list[str]:
    last, _, first = row["Student"].partition(",")
    logins = [row.get("SIS Login ID", ""), row.get("SIS User ID", "")]
    return [*logins, row["Student"], f"{first} {last}", last + first]


def write_moodle(path: Path, worksheet: Path, found: ClassResults) -> list[str]:
    """Fill grades and feedback into Moodle's grading worksheet; whom it does not list.

    The worksheet belongs to one assignment: the points of all exercises in the batch together,
    scaled to its `Maximum Grade`. Rows whose grade cannot be changed stay as they are.

    Raises:
        ContentError: the worksheet has no columns `Identifier`, `Full name` and `Grade`.
    """
    header, rows = read_table(worksheet)
    _need(worksheet, header, MOODLE_NEEDS)
    open_rows = [row for row in rows if row.get(CHANGEABLE, "").strip().casefold() != "no"]
    whom = matched(found, open_rows, _moodle_names, _participant)
    for row in open_rows:
        if results := whom.get(id(row)):
            earned = found.total(results[0].student)
            row["Grade"] = f"{_scaled(earned, found.points, row.get('Maximum Grade')):.2f}"
            if "Feedback comments" in header:
                row["Feedback comments"] = feedback(results)
    _write(path, header, rows)
    return unmatched(found, whom)


def _participant(row: Row) -> str:
    return re.sub(r"\D", "", row["Identifier"])


def _moodle_names(row: Row) -> list[str]:
    return [row["Full name"], row.get("Email address", ""), row.get("ID number", "")]


def write_moodle_import(path: Path, found: ClassResults) -> None:
    """A table for Moodle's grade import: a column for each exercise, and one for the feedback."""
    heads = [one.title for one in found.exercises]
    lines = []
    for student in found.students:
        results = found.of_student(student)
        line = {"Full name": student, "Feedback": feedback(results)}
        line |= {one.exercise.title: number(one.earned) for one in results}
        if results:
            given = results[0].submission.number
            lines.append(line | ({"Identifier": f"Participant {given}"} if given else {}))
    _write(path, ["Identifier", "Full name", *heads, "Feedback"], lines)


def _scaled(earned: float, points: float, possible: str | None) -> float:
    """The points on the platform's own scale, where it says one."""
    try:
        most = float((possible or "").strip().replace(",", "."))
    except ValueError:
        return earned
    known = points > 0 and most > 0 and math.isfinite(most)
    return round(earned * most / points, 2) if known else earned


def _need(path: Path, header: Sequence[str], columns: Sequence[str]) -> None:
    if missing := [name for name in columns if name not in header]:
        raise ContentError(
            f"{path.name} has no column '{missing[0]}'; "
            f"it has: {', '.join(map(one_line, header))}.\n"
            "    Name the table as the platform has exported it, with the platform set to English."
        )


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    write_whole(path, csv_text(header, ({n: _guarded(n, v) for n, v in r.items()} for r in rows)))


def _guarded(column: str, value: str) -> str:
    """The value for a spreadsheet; what is no formula and what a platform looks for stays."""
    if column in _KNOWN_BY or column == "Feedback comments" or _NUMBER.fullmatch(value):
        return clean(value)
    return field(value)
