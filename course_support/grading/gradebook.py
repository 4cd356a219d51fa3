"""How do verdicts get into nbgrader's gradebook? By its own API, where it is installed."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from course_support.content import ContentError
from course_support.grading.answers import manual_ids
from course_support.grading.reports.tables import feedback
from course_support.grading.results import ClassResults, ManualMark, Result


def push(path: Path, found: ClassResults) -> None:
    """Write each result into the gradebook at `path`, as if autograde had run.

    The assignment is named after the exercise and has one graded cell, as `export --nbgrader`
    makes it; points are scaled to that cell's. What the student is told becomes the comment on
    the answer cell. A mark from the table of marks goes to the cell of its item; a mark that a
    person gave in nbgrader itself stays.

    Raises:
        ContentError: nbgrader is not installed, there is no such gradebook, it does not know
            the assignment, or it is in use. Nothing was written, or in the last case perhaps a
            part, which the next call writes again.
    """
    api = _nbgrader()
    look_at(path)
    with _told(path), _programs_at_hand(), api.Gradebook(_address(path)) as book:
        cells = {one.key: _graded_cell(api, book, one.key) for one in found.exercises}
        for one in found.results:
            _write(book, one, *cells[one.exercise.key])
        book.db.commit()


HOW = "nbgrader generate_assignment ASSIGNMENT"


def look_at(path: Path) -> None:
    """Look whether a file is a gradebook: nbgrader would make one of any file, or of none.

    Raises:
        ContentError: there is none, or it is something else.
    """
    if not path.is_file():
        raise ContentError(f"There is no gradebook {path}.\n    Run first: {HOW}")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as book:
            tables = {name for (name,) in book.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise ContentError(f"{path} cannot be read as a gradebook: {error}.") from None
    if not {"assignment", "notebook", "student", "grade"} <= tables:
        raise ContentError(
            f"{path} is no gradebook of nbgrader, and was left alone.\n    Run first: {HOW}"
        )
    if "?" in str(path.resolve()):
        raise ContentError(f"{path} has a '?' in its path, which nbgrader cannot open: rename it.")


def _address(path: Path) -> str:
    """The file as SQLAlchemy wants it: some of its versions read `%41` as `A`, others do not."""
    url = import_module("sqlalchemy").URL.create("sqlite", database=str(path.resolve()))
    return str(url.render_as_string())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """A gradebook that is locked or may not be written is a file that cannot be used."""
    try:
        yield
    except import_module("sqlalchemy.exc").SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise ContentError(
            f"{path} cannot be written: {why}.\n"
            "    Stop what uses it (formgrader, nbgrader), then run the same command again."
        ) from None


@contextmanager
def _programs_at_hand() -> Iterator[None]:
    """nbgrader calls `alembic` by its name, which lies beside this Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _nbgrader() -> Any:
    try:
        return import_module("nbgrader.api")
    except ImportError:
        raise ContentError(
            "nbgrader is not installed beside the course.\n    Install it: pip install nbgrader"
        ) from None


def _graded_cell(api: Any, book: Any, key: str) -> tuple[Any, Any]:
    """The notebook of an assignment and its only graded cell."""
    try:
        notebook = book.find_notebook(key, key)
    except api.MissingEntry:
        raise ContentError(
            f"The gradebook has no assignment {key} with a notebook of that name.\n"
            f"    Run first: {HOW.replace('ASSIGNMENT', key)}"
        ) from None
    by_hand = manual_ids()[key]
    cells = [one for one in notebook.grade_cells if one.cell_type == "code"]
    cells = [one for one in cells if one.name not in by_hand]
    if len(cells) != 1:
        raise ContentError(f"The notebook of {key} has {len(cells)} graded cells, not one.")
    return notebook, cells[0]


def _write(book: Any, one: Result, notebook: Any, cell: Any) -> None:
    key, student = one.exercise.key, one.student
    book.update_or_create_student(student)
    book.update_or_create_submission(key, student)
    grade = book.find_grade(cell.name, key, key, student)
    points = one.report.points
    grade.auto_score = one.report.earned * cell.max_score / points if points else 0.0
    grade.needs_manual_grade = grade.manual_score is not None
    by_hand = {mark.item.id for mark in one.manual}
    for solution in [cell for cell in notebook.solution_cells if cell.name not in by_hand][:1]:
        comment = book.find_comment(solution.name, key, key, student)
        comment.auto_comment = feedback([one])
    for mark in one.manual:
        _write_mark(book, one, notebook, mark)


def _write_mark(book: Any, one: Result, notebook: Any, mark: ManualMark) -> None:
    """A person's mark and comment, where nbgrader has the cell and no mark of its own."""
    cells = [cell for cell in notebook.grade_cells if cell.name == mark.item.id]
    if not cells or mark.mark is None:
        return
    place = (mark.item.id, one.exercise.key, one.exercise.key, one.student)
    grade = book.find_grade(*place)
    if grade.manual_score is None:
        grade.manual_score = mark.mark * cells[0].max_score / mark.item.points
        grade.needs_manual_grade = False
        book.find_comment(*place).manual_comment = mark.comment or None
