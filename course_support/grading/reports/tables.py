"""What does a program read? grades.csv, a line an answer, and grades.json, verdict by verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course_support.grading.files import csv_text, write_whole
from course_support.grading.records import to_json
from course_support.grading.reports.words import clean, field, number, of, some
from course_support.grading.results import ClassResults, ManualMark, Result
from course_support.verdicts import Report

COLUMNS = (
    "student", "number", "exercise", "outcome", "passed", "checks", "hidden_passed",
    "hidden_checks", "points", "of", "to_mark", "same_as", "remarks", "file",
)  # fmt: skip
NOT_JUDGED = "not judged"


def write_csv(path: Path, found: ClassResults) -> None:
    """A line for each answer; one for each file that was not judged, with no points in it."""
    rows = ({name: field(value) for name, value in row.items()} for row in _rows(found))
    # Without the mark in front, Excel takes UTF-8 for another encoding: "Zoë" would be "ZoÃ«".
    write_whole(path, "\ufeff" + csv_text(COLUMNS, rows))


def _rows(found: ClassResults) -> Iterator[dict[str, str]]:
    same = _same(found)
    for one in found.results:
        yield {
            "student": one.student,
            "number": one.submission.number,
            "exercise": one.exercise.key,
            "outcome": one.report.outcome,
            "passed": str(one.report.visible.passed),
            "checks": str(len(one.report.visible.verdicts)),
            **_hidden(one.report),
            "points": number(one.earned),
            "of": number(one.points),
            "to_mark": ", ".join(item.id for item in one.unmarked),
            "same_as": some(same.get((one.student, one.exercise.key), ())),
            "remarks": " ".join(one.submission.remarks),
            "file": one.submission.file,
        }
    for left in found.refused:
        yield {
            "student": left.student,
            "outcome": NOT_JUDGED,
            "remarks": left.reason,
            "file": left.file,
        }


def _hidden(report: Report) -> dict[str, str]:
    """How many hidden checks there were; no number where there are none."""
    if not report.hidden:
        return {}
    passed = sum(map(bool, report.hidden))
    return {"hidden_passed": str(passed), "hidden_checks": str(len(report.hidden))}


def _same(found: ClassResults) -> dict[tuple[str, str], list[str]]:
    """With whom each answer is shared."""
    return {
        (student, one.exercise): _others(one.students, student)
        for one in found.equal()
        for student in one.students
    }


def _others(students: tuple[str, ...], student: str) -> list[str]:
    at = students.index(student)
    return [*students[:at], *students[at + 1 :]]


def write_json(path: Path, found: ClassResults) -> None:
    """Everything that was found, verdict by verdict."""
    values = {
        "how": found.how,
        "results": [_result(one) for one in found.results],
        "refused": [
            {"student": one.student, "file": one.file, "reason": one.reason}
            for one in found.refused
        ],
        "same": [{"exercise": one.exercise, "students": one.students} for one in found.equal()],
    }
    text = json.dumps(_printable(values), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(path, text + "\n")


def _printable(value: Any) -> Any:
    """The value with each of its texts without control codes: somebody may print the file."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value


def _result(one: Result) -> dict[str, Any]:
    return {
        "student": one.student,
        "number": one.submission.number,
        "exercise": one.exercise.key,
        "points": one.earned,
        "of": one.points,
        "report": to_json(one.report),
        "manual": [
            {
                "item": m.item.id,
                "of": m.item.points,
                "mark": m.mark,
                "comment": m.comment,
                "cell": m.wrote,
                "changed_since": m.changed,
            }
            for m in one.manual
        ],
        "comment": one.comment,
        "remarks": list(one.submission.remarks),
        "file": one.submission.file,
    }


def feedback(results: list[Result]) -> str:
    """What a learning platform shows beside the points: plain text, without the hints.

    Of hidden checks it says how many passed.
    """
    parts = []
    for one in results:
        lines = [f"{one.exercise.title}: {number(one.earned)} of {number(one.points)} points"]
        for verdict in one.report.visible.verdicts:
            words = verdict.next_step if verdict.next_step else verdict.seen
            if not verdict and words and words != "See above.":
                lines.append(f"{verdict.title}: {verdict.outcome}. {field(words)}")
        lines += [f"{words}." for words in one.report.counts()[1:]]
        lines += [_of_person(mark) for mark in one.manual if mark.mark is not None or mark.comment]
        lines += [one.comment] if one.comment else []
        parts.append("\n".join(lines))
    return clean("\n\n".join(parts))


def _of_person(mark: ManualMark) -> str:
    points = "not marked yet" if mark.mark is None else f"{of(mark.mark, mark.item.points)} points"
    return f"{mark.item.title}: {points}. {mark.comment}".strip()
