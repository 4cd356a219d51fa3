"""Which files does a graded class get, and under which names?"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from course_support.grading.files import STUDENTS, not_written, write_whole
from course_support.grading.reports.class_page import class_page
from course_support.grading.reports.marking_page import marking_page
from course_support.grading.reports.page import POLICY
from course_support.grading.reports.student_page import student_page
from course_support.grading.reports.tables import write_csv, write_json
from course_support.grading.results import ClassResults

_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|index")  # Windows keeps them to itself
_HASHED = re.compile(r".*-[0-9a-f]{12}")
MARKING = "marking.html"


def write_reports(folder: Path, found: ClassResults) -> None:
    """Write grades.csv, grades.json, index.html and a page for each student into `folder`.

    Where an exercise has something that a person marks, marking.html has the texts.

    Pages of students who are not in this batch, left from an earlier one, are removed.
    """
    _make(folder / STUDENTS)
    pages = {student: f"{STUDENTS}/{page_name(student)}" for student in found.students}
    for student, page in pages.items():
        write_whole(folder / page, student_page(student, found))
    _remove_old(folder / STUDENTS, {Path(page).name for page in pages.values()})
    write_csv(folder / "grades.csv", found)
    write_json(folder / "grades.json", found)
    write_whole(folder / "index.html", class_page(found, pages))
    if any(one.manual for one in found.exercises):
        write_whole(folder / MARKING, marking_page(found, pages))
    else:
        _remove_ours(folder / MARKING)


def page_name(student: str) -> str:
    """A name of a file for a student: plain letters, and different for different students."""
    letters = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", letters.casefold()).strip("-")[:57]
    if plain == student and not (_RESERVED.fullmatch(plain) or _HASHED.fullmatch(plain)):
        return f"{plain}.html"
    code = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{plain or 'student'}-{code}.html"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from None


def _remove_old(folder: Path, kept: set[str]) -> None:
    """Remove pages of ours that nobody needs; a file of somebody else's stays."""
    for old in folder.glob("*.html"):
        if old.name not in kept:
            _remove_ours(old)


def _remove_ours(page: Path) -> None:
    if _is_ours(page):
        try:
            page.unlink()
        except OSError as error:
            raise not_written(page, error) from None


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return POLICY.encode() in file.read(1000)
