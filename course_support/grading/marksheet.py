"""How does the table of marks get its rows, with nothing lost that a person wrote into it?"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course_support.content import ContentError
from course_support.grading.exercises import COMMENT
from course_support.grading.files import csv_text, write_whole
from course_support.grading.marks import COLUMNS, Said, fingerprint, marks_of, settled
from course_support.grading.reports.words import field
from course_support.grading.results import Place, Result
from course_support.grading.sheets import Sheet, read_sheet

AS_SAVED = "marks.as-saved.csv"
NOTES = 20  # on rows; whoever has more has another class in the table
Line = tuple[Place, dict[str, str]]


@dataclass(frozen=True)
class Table:
    """The table of marks as it lies there after a run.

    Attributes:
        rows: where each line stands, as a spreadsheet counts.
        notes: what a person should know, each a sentence.
    """

    rows: Mapping[Place, int]
    notes: tuple[str, ...] = ()


def write_marks(path: Path, results: Sequence[Result]) -> Table:
    """Give each item and each comment a row; what a person wrote stays, also of other batches.

    The file is read once more, right before: what was saved meanwhile counts. Columns that a
    person added, the separator, and marks as they were typed stay as they are. A file that
    cannot be written is left alone, and a note says so.

    Raises:
        ContentError: what is there cannot be read; nothing was written.
    """
    path = path.resolve()  # a link stays one
    there = path.exists()
    sheet = read_sheet(path) if there else Sheet(list(COLUMNS), [])
    lines, notes = _lines(results, sheet, path.name)
    text = _csv(sheet, lines)
    if not there or path.read_bytes() != text.encode("utf-8", "replace"):
        try:
            notes += _put(path, text, sheet)
        except (ContentError, OSError) as why:
            return Table(_rows(sheet), (*notes, _left(why)))
    return Table({place: at for at, (place, _) in enumerate(lines, start=2)}, tuple(notes))


def _lines(results: Sequence[Result], sheet: Sheet, name: str) -> tuple[list[Line], list[str]]:
    """The rows of this batch, then those of others, and notes on rows that fit nobody."""
    own = dict(_own(results))
    marks, notes = settled(marks_of(sheet, name), own)
    lines = [(place, _row(fields, marks.get(place, Said()))) for place, fields in own.items()]
    lines += [(place, dict(said.fields)) for place, said in marks.items() if place not in own]
    return lines, [*notes[:NOTES], *([f"And {len(notes) - NOTES} more."] if notes[NOTES:] else [])]


def _own(results: Sequence[Result]) -> Iterator[Line]:
    """Item by item, in the order of the page for marking; the comments on the whole below."""
    manual = [
        (one.exercise.key, one.manual.index(mark), mark) for one in results for mark in one.manual
    ]
    for _, _, mark in sorted(manual, key=lambda found: (*found[:2], found[2].stage)):
        seen = fingerprint(mark.text)
        yield mark.place, _fields(mark.place, mark.item.title, str(mark.item.points), seen)
    for one in results:
        place = Place(field(one.student), one.exercise.key, COMMENT)
        yield place, _fields(place, "comment on the whole", "", "")


def _fields(place: Place, what: str, of: str, seen: str) -> dict[str, str]:
    return {**place._asdict(), "what": what, "of": of, "text_seen": seen}


def _row(own: Mapping[str, str], said: Said) -> dict[str, str]:
    """Our fields, and all that was typed; a mark keeps the name of the text that it was for."""
    marked = said.mark is not None or said.comment
    return {**said.fields, **own, "text_seen": (marked and said.seen) or own["text_seen"]}


def _csv(sheet: Sheet, lines: Sequence[Line]) -> str:
    """The table, with the mark by which Excel knows UTF-8."""
    header = [*sheet.header, *(name for name in COLUMNS if name not in sheet.header)]
    return "\ufeff" + csv_text(header, [fields for _, fields in lines], sheet.delimiter)


def _put(path: Path, text: str, sheet: Sheet) -> list[str]:
    """Put the table in place; what was no UTF-8 is kept beside it as it was."""
    notes = []
    if path.exists() and not path.stat().st_mode & stat.S_IWUSR:
        raise ContentError(f"{path.name} is read-only.")
    if (lock := path.with_name(f".~lock.{path.name}#")).exists():
        raise ContentError(f"{path.name} is open in LibreOffice, or was: {lock.name} says so.")
    if sheet.encoding == "cp1252":
        path.with_name(AS_SAVED).write_bytes(path.read_bytes())
        notes.append(f"It was not UTF-8 and was read as Windows-1252. As it was saved: {AS_SAVED}.")
    write_whole(path, text, safe=True)
    return notes


def _rows(sheet: Sheet) -> dict[Place, int]:
    return {
        Place(row["student"], row["exercise"], row["item"]): at
        for at, row in enumerate(sheet.rows, start=2)
        if row.get("item")
    }


def _left(why: Exception) -> str:
    seen = str(why).partition("\n")[0]
    return (
        f"{seen} The table was left as it is, and new rows are not in it yet. Close it where it "
        "is open, or make it writable, and run the command again."
    )
