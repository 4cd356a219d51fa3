"""Which files does a graded class get, and under which names?"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import Path

from course_support.grading.reports.class_page import class_page
from course_support.grading.reports.student_page import student_page
from course_support.grading.reports.tables import write_csv, write_json
from course_support.grading.results import ClassResults

STUDENTS = "students"


def write_reports(folder: Path, found: ClassResults) -> None:
    """Write grades.csv, grades.json, index.html and a page for each student into `folder`.

    Pages of students who are not in this batch, left from an earlier one, are removed.
    """
    (folder / STUDENTS).mkdir(parents=True, exist_ok=True)
    pages = {student: f"{STUDENTS}/{page_name(student)}" for student in found.students}
    for student, page in pages.items():
        _write(folder / page, student_page(student, found))
    for old in (folder / STUDENTS).glob("*.html"):
        if f"{STUDENTS}/{old.name}" not in pages.values():
            old.unlink()
    write_csv(folder / "grades.csv", found)
    write_json(folder / "grades.json", found)
    _write(folder / "index.html", class_page(found, pages))


def page_name(student: str) -> str:
    """A name of a file for a student: plain letters, and different for different students."""
    letters = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", letters.casefold()).strip("-")[:60]
    if plain == student:
        return f"{plain}.html"
    return f"{plain or 'student'}-{hashlib.sha256(student.encode()).hexdigest()[:6]}.html"


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    unfinished.write_text(text, "utf-8", newline="\n")
    unfinished.replace(path)
