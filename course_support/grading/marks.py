"""Where does a person mark and comment? In a CSV beside the reports, read back by the next run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from course_support.content import ContentError
from course_support.grading.batch import Graded
from course_support.grading.exercises import Exercise, exercises
from course_support.grading.files import csv_text, write_whole
from course_support.grading.reports.words import field
from course_support.grading.results import ManualMark, Result

COLUMNS = ("student", "exercise", "item", "what", "of", "mark", "comment")
COMMENT = "comment"  # the item of the line that has room for a comment and for no mark


class Place(NamedTuple):
    """Which line of the table: the fields as they are written."""

    student: str
    exercise: str
    item: str


@dataclass(frozen=True)
class Said:
    """What a person wrote there.

    Attributes:
        what, of: the line's own fields, for a line that this batch would not write.
    """

    mark: float | None = None
    comment: str = ""
    what: str = ""
    of: str = ""


Marks: TypeAlias = Mapping[Place, Said]


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The header and the rows of a CSV with commas, semicolons or tabs, as spreadsheets save it.

    Raises:
        ContentError: there is no such file, or it is not UTF-8.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ContentError(f"There is no file {path}.") from None
    except UnicodeDecodeError:
        raise ContentError(f"{path.name} is not UTF-8: save it as 'CSV UTF-8'.") from None
    head = text.partition("\n")[0]
    file = io.StringIO(text, newline="")
    reader = csv.DictReader(file, delimiter=max(",;\t", key=head.count), restval="")
    try:
        rows = [{name: row[name] for name in row if isinstance(name, str)} for row in reader]
    except csv.Error as error:
        raise ContentError(f"{path.name} is no CSV: {error}.") from None
    return list(reader.fieldnames or ()), rows


def read_marks(path: Path) -> dict[Place, Said]:
    """What a person wrote into the table of marks; nothing where there is none yet.

    Raises:
        ContentError: a column is missing or a mark is none; the text names the line.
    """
    if not path.exists():
        return {}
    header, rows = read_table(path)
    if missing := [name for name in COLUMNS if name not in header]:
        raise ContentError(f"{path.name}: the column '{missing[0]}' is missing.")
    return {
        Place(row["student"], row["exercise"], row["item"]): Said(
            _mark(row, f"{path.name}, line {line}"), row["comment"].strip(), row["what"], row["of"]
        )
        for line, row in enumerate(rows, start=2)
    }


def _mark(row: Mapping[str, str], where: str) -> float | None:
    text = row["mark"].strip().replace(",", ".")
    if not text:
        return None
    try:
        mark, most = float(text), float(row["of"].replace(",", ".") or 0)
    except ValueError:
        raise ContentError(f"{where}: the mark {row['mark']!r} is no number.") from None
    if not 0 <= mark <= most:
        raise ContentError(f"{where}: the mark {row['mark']} is not between 0 and {most:g}.")
    return mark


def with_marks(graded: Iterable[Graded], marks: Marks) -> list[Result]:
    """Each submission's result, with what a person said about it."""
    known = exercises()
    return [_result(one, known[one.submission.exercise], marks) for one in graded]


def _result(one: Graded, exercise: Exercise, marks: Marks) -> Result:
    def said(item: str) -> Said:
        return marks.get(Place(field(one.submission.student), exercise.key, item), Said())

    manual = [
        ManualMark(item, said(item.id).mark, said(item.id).comment) for item in exercise.manual
    ]
    return Result(exercise, one, tuple(manual), said(COMMENT).comment)


def write_marks(path: Path, results: Sequence[Result], marks: Marks) -> None:
    """Give each item and each comment a line; what a person wrote stays, also of other batches."""
    lines: dict[Place, list[str]] = {}
    for one in results:
        for item, what, of in (*_items(one), (COMMENT, "comment on the whole", "")):
            place = Place(field(one.student), one.exercise.key, item)
            lines[place] = [*place, what, of]
    for place, said in marks.items():
        if place not in lines and (said.comment or said.mark is not None):
            lines[place] = [*place, said.what, said.of]
    rows = []
    for place, fields in lines.items():
        said = marks.get(place, Said())
        mark = "" if said.mark is None else f"{said.mark:g}"
        rows.append(dict(zip(COLUMNS, [*fields, mark, said.comment], strict=True)))
    write_whole(path, csv_text(COLUMNS, rows), safe=True)


def _items(one: Result) -> list[tuple[str, str, str]]:
    return [(item.id, item.title, str(item.points)) for item in one.exercise.manual]
