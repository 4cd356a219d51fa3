"""What did a person say? Marks and comments, from a CSV beside the reports, by student and item."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from course_support.content import ContentError
from course_support.grading.answers import given_texts
from course_support.grading.batch import Graded
from course_support.grading.exercises import COMMENT, Exercise, Manual, exercises
from course_support.grading.reports.words import field as as_field
from course_support.grading.results import ManualMark, Place, Result, Wrote
from course_support.grading.sheets import Sheet, read_sheet

COLUMNS = ("student", "exercise", "item", "what", "of", "mark", "comment", "text_seen")
NEEDED = COLUMNS[:-1]  # a table from before `text_seen` was there is read all the same
SHOWN_MISTAKES = 20
NBGRADERS = "YOUR ANSWER HERE"  # what stands in its release where the solution was


@dataclass(frozen=True)
class Said:
    """What a person wrote there.

    Attributes:
        seen: the fingerprint of the text that was on the page when this row was written.
        fields: the row as it was found, also what no column of ours is called.
        row: where it stood, as a spreadsheet counts.
    """

    mark: float | None = None
    comment: str = ""
    seen: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, compare=False)
    row: int = field(default=0, compare=False)

    @property
    def something(self) -> bool:
        """A person wrote a mark, a comment, or into a column of their own."""
        own = any(text for name, text in self.fields.items() if name not in COLUMNS)
        return self.mark is not None or bool(self.comment) or own


Marks: TypeAlias = Mapping[Place, Said]


def read_marks(path: Path) -> dict[Place, Said]:
    """What a person wrote into the table of marks; nothing where there is none yet.

    Raises:
        ContentError: a column is missing, a mark is none, or two rows say different things of one
            item; the text names each row, its student and its item.
    """
    return marks_of(read_sheet(path), path.name) if path.exists() else {}


def marks_of(sheet: Sheet, name: str) -> dict[Place, Said]:
    """The same of a sheet that was read already.

    Raises:
        ContentError: as `read_marks`.
    """
    if not sheet.header:
        return {}
    if missing := [one for one in NEEDED if one not in sheet.header]:
        raise ContentError(f"{name}: the column '{missing[0]}' is missing.")
    marks: dict[Place, Said] = {}
    mistakes: list[str] = []
    known = exercises()
    for at, row in enumerate(sheet.rows, start=2):
        place = Place(row["student"], row["exercise"], row["item"])
        if not any(row.values()):
            continue
        try:
            said = _said(row, place, at, known)
            marks[place] = _one_of(marks.get(place), said)
        except ValueError as why:
            mistakes.append(f"{name}, row {at} ({', '.join(place)}): {why}")
    if mistakes:
        raise ContentError(_listed(mistakes))
    return marks


def _said(row: Mapping[str, str], place: Place, at: int, known: Mapping[str, Exercise]) -> Said:
    mark = _mark(row["mark"].strip(), _most(row, place, known))
    return Said(mark, row["comment"].strip(), row.get("text_seen", "").strip(), row, at)


def _one_of(before: Said | None, said: Said) -> Said:
    """Of two rows for one item, the one in which something is written."""
    if before is None or not before.something or before == said:
        return said
    if said.something:
        raise ValueError(f"row {before.row} is for the same, and says something else.")
    return before


def _most(row: Mapping[str, str], place: Place, known: Mapping[str, Exercise]) -> float | None:
    """The points of the item; of a row that the course does not know, what the row itself says."""
    if place.item == COMMENT:
        return None
    exercise = known.get(place.exercise)
    for item in exercise.manual if exercise else ():
        if item.id == place.item:
            return item.points
    try:
        return float(row["of"].replace(",", ".") or 0)
    except ValueError:
        return math.inf


def _mark(text: str, most: float | None) -> float | None:
    if not text:
        return None
    if most is None:
        raise ValueError(f"the mark {text!r} stands in the row of the comment on the whole.")
    try:
        mark = float(text.replace(",", "."))
    except ValueError:
        mark = math.nan
    if not math.isfinite(mark) or "_" in text:
        raise ValueError(f"the mark {text!r} is no number such as 2 or 2.5.")
    if not 0 <= mark <= most:
        raise ValueError(f"the mark {text} is not between 0 and {most:g}.")
    return mark


def _listed(mistakes: list[str]) -> str:
    more = len(mistakes) - SHOWN_MISTAKES
    lines = mistakes[:SHOWN_MISTAKES] + ([f"and {more} more"] if more > 0 else [])
    return "\n".join([*lines, "    Nothing was changed. Mend it there, and run the command again."])


def fingerprint(text: str) -> str:
    """A short name for a text, which no spreadsheet takes for a number.

    Spaces at the ends and how lines end do not count.
    """
    plain = "\n".join(text.split("\r\n")).strip()
    return f"text-{hashlib.sha256(plain.encode('utf-8', 'replace')).hexdigest()[:8]}"


def with_marks(graded: Iterable[Graded], marks: Marks) -> list[Result]:
    """Each submission's result, with what a person said about it."""
    known = exercises()
    graded = list(graded)
    marks, _ = settled(marks, places_of(graded))
    return [_result(one, known[one.submission.exercise], marks) for one in graded]


def places_of(graded: Iterable[Graded]) -> list[Place]:
    """The rows that the table of marks has for these submissions, by student."""
    known = exercises()
    return [
        Place(as_field(one.submission.student), one.submission.exercise, item)
        for one in graded
        for item in (*(item.id for item in known[one.submission.exercise].manual), COMMENT)
    ]


def _result(one: Graded, exercise: Exercise, marks: Marks) -> Result:
    who = as_field(one.submission.student)
    manual = [_manual(one, item, exercise, marks) for item in exercise.manual]
    whole = marks.get(Place(who, exercise.key, COMMENT), Said())
    return Result(exercise, one, tuple(manual), whole.comment)


def _manual(one: Graded, item: Manual, exercise: Exercise, marks: Marks) -> ManualMark:
    place = Place(as_field(one.submission.student), exercise.key, item.id)
    said = marks.get(place, Said())
    text = one.submission.texts.get(item.id)
    seen = fingerprint(text or "")
    changed = said.mark is not None and said.seen not in ("", seen)
    wrote = _wrote(text, given_texts(exercise).get(item.id, ""))
    return ManualMark(item, said.mark, said.comment, text or "", wrote, changed, place)


def _wrote(text: str | None, given: str) -> Wrote:
    if text is None:
        return Wrote.MISSING
    text = text.replace(NBGRADERS, "")
    if not text.strip():
        return Wrote.EMPTY
    return Wrote.AS_GIVEN if fingerprint(text) == fingerprint(given) else Wrote.TEXT


def settled(marks: Marks, places: Iterable[Place]) -> tuple[dict[Place, Said], list[str]]:
    """The marks under the places of this batch, and notes on rows that fit none of them.

    A name that a spreadsheet has changed (`0042` became `42`) is recognised where only one
    student can be meant.
    """
    here = dict.fromkeys(places)
    found = {place: said for place, said in marks.items() if place in here}
    strays = {place: said for place, said in marks.items() if place not in here}
    alike = _alike(here) if strays else {}
    known = set(exercises()), {one.exercise for one in here}, {one[1:] for one in here}
    notes: list[str] = []
    for place, said in strays.items():
        if not said.something:
            continue
        meant = set().union(*(alike.get(form, ()) for form in _forms(place)))
        only = meant.pop() if len(meant) == 1 else None
        if only and not found.get(only, Said()).something:
            found[only] = said
            notes.append(f"Row {said.row}: '{place.student}' was taken for '{only.student}'.")
        else:
            found[place] = said
            notes.extend(_stray(place, said, *known))
    return found, notes


Form: TypeAlias = tuple[str, str, str]


def _alike(places: Iterable[Place]) -> dict[Form, set[Place]]:
    """The places by each form in which a spreadsheet may have left them."""
    alike: dict[Form, set[Place]] = {}
    for place in places:
        for form in _forms(place):
            alike.setdefault(form, set()).add(place)
    return alike


def _forms(place: Place) -> set[Form]:
    """How a name may look after a spreadsheet had it: spaces, zeros, letters it cannot write."""
    whole = unicodedata.normalize("NFC", place.student)
    plain = " ".join(whole.split()).casefold()
    asked = whole.encode("cp1252", "replace").decode("cp1252").casefold()
    bare = plain.lstrip("0") if plain.isdigit() else plain
    return {(name, place.exercise, place.item) for name in (plain, asked, bare)}


def _stray(
    place: Place, said: Said, known: set[str], keys: set[str], items: set[tuple[str, str]]
) -> Iterator[str]:
    """A note on a row of nobody; rows of exercises that are not in this batch need none."""
    where = f"Row {said.row} ({', '.join(place)})"
    if place.exercise not in known:
        yield f"{where}: there is no exercise '{place.exercise}'. The row is kept."
    elif place.exercise in keys and place[1:] not in items:
        yield f"{where}: the exercise has no item '{place.item}'. The row is kept."
    elif place.exercise in keys:
        yield f"{where}: nobody of that name handed it in. The row is kept."
