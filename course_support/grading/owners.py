"""Whose is a file that was handed in? Its path says, in the manner of the platform it came from.

These manners are known:

    ana.ipynb  ana_ex01.ipynb  ana - ex01_first_view (1).ipynb      one notebook a student
    ana/ex01_first_view.ipynb                                       a folder a student
    Silva Ana_4711_assignsubmission_file_/ex01.ipynb                Moodle
    silvaana_4711_90210_ex01_first_view.ipynb                       Canvas
    Week 1_asilva_attempt_2026-11-26-10-22-33_ex01.ipynb            Blackboard
    90123-4711 - Ana Silva - Nov 26, 2026 1105 PM/ex01.ipynb        Brightspace
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from course_support.grading.reports.words import one_line
from course_support.grading.submissions import AnswerIds

MOODLE = re.compile(r"(?P<who>.+)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<name>.*))?")
CANVAS = re.compile(r"(?P<who>[^_]+)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?P<name>.+)")
BLACKBOARD = re.compile(
    r"[^_]+_(?P<who>.+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<name>.+)|(?P<end>\.txt))?"
)
BRIGHTSPACE = re.compile(
    r"(?P<number>\d+-\d+) ?- ?(?P<who>.+?) ?- ?"
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}), (?P<year>\d{4}) (?P<hour>\d{1,2})(?P<minute>\d\d) "
    r"(?P<half>[AP]M)(?: ?- ?(?P<name>.+))?"
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMELESS = "(no name)"
_AGAIN = r"(?:[ _-]?\(\d+\)|[ _-]\d+|[ _-]*copy ?\d*)*"
# Joiners are letters' business in some scripts; beside plain letters they only hide.
_JOINERS = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")


class Whose(NamedTuple):
    """To whom a file belongs, as its path says.

    Attributes:
        student: the name, as it can be shown.
        number: the student's number in the platform, or empty.
        late: the platform says so.
        when: when it was handed in, where the path says so; later ones sort behind.
        raw: the name as it was written: two people can have names that look the same.
    """

    student: str
    number: str = ""
    late: bool = False
    when: str = ""
    raw: str = ""

    @property
    def person(self) -> tuple[str, str]:
        """The same for all files of a student, and for nobody else's."""
        return self.raw, self.number


def owner(file: str, known: AnswerIds) -> Whose:
    """The student to whom the file at this relative path belongs."""
    folder, *rest = PurePosixPath(file).parts or ("",)
    if found := _by_platform(folder, in_folder=bool(rest)):
        return found
    if rest:
        return _whose(folder)
    stem = re.sub(r"\.(ipynb|zip)$", "", folder, flags=re.IGNORECASE)
    return _whose(without_exercise(stem, known) or stem)


def _by_platform(name: str, *, in_folder: bool) -> Whose | None:
    """Whose a folder or a file is, where a platform has named it."""
    if found := MOODLE.fullmatch(name):
        anonymous = found["who"].casefold() == "participant"
        who = f"{found['who']} {found['number']}" if anonymous else found["who"]
        return _whose(who, found["number"])
    if found := BRIGHTSPACE.fullmatch(name):
        return _whose(found["who"], found["number"], when=_when(found))
    if in_folder:
        return None
    if found := BLACKBOARD.fullmatch(name):
        return _whose(found["who"], when=found["when"])
    if found := CANVAS.fullmatch(name):
        return _whose(found["who"], found["number"], late=bool(found["late"]))
    return None


def is_platforms(file: str) -> bool:
    """Whether a platform has named this file, or the folder in which it lies."""
    folder, *rest = PurePosixPath(file).parts or ("",)
    return _by_platform(folder, in_folder=bool(rest)) is not None


def _whose(raw: str, number: str = "", *, late: bool = False, when: str = "") -> Whose:
    raw = unicodedata.normalize("NFC", raw)
    shown = _JOINERS.sub("", one_line(raw)).strip()
    return Whose(shown or NAMELESS, number, late, when, raw)


def _when(found: re.Match[str]) -> str:
    """As in "2026-11-26 23:05"; Brightspace writes "Nov 26, 2026 1105 PM"."""
    month = MONTHS.index(found["month"]) + 1 if found["month"] in MONTHS else 0
    hour = int(found["hour"]) % 12 + 12 * (found["half"] == "PM")
    return f"{found['year']}-{month:02}-{int(found['day']):02} {hour:02}:{found['minute']}"


def without_exercise(stem: str, known: AnswerIds) -> str:
    """`ana` of `ana_ex01_first_view` and `ana-ex01`; empty where the exercise is all there is."""
    stem = re.sub(r"^copy of ", "", stem, flags=re.IGNORECASE)
    short = {key.split("_")[0] for key in known}
    for name in (*known, *sorted(short, reverse=True)):
        shaped = re.escape(name).replace("_", "[_ -]")
        pattern = rf"(?:(.*?)[_ .-]+)?{shaped}{_AGAIN}"
        if found := re.fullmatch(pattern, stem, re.IGNORECASE):
            return (found[1] or "").rstrip("_ .-")
    return stem


def wrapping(files: Sequence[str], known: AnswerIds) -> str:
    """The folders that hold everything and are nobody's own, such as `export/`; mostly none."""
    parts = [PurePosixPath(file).parts for file in files]
    common = os.path.commonprefix([one[:-1] for one in parts])  # of any sequences
    own = (at for at, folder in enumerate(common) if is_platforms(f"{folder}/x"))
    for cut in range(next(own, len(common)), 0, -1):
        inner = [one[cut:] for one in parts]
        if is_platforms("/".join(inner[0])) or _are_students(inner, known):
            return "/".join(common[:cut]) + "/"
    return ""


def _are_students(parts: Sequence[Sequence[str]], known: AnswerIds) -> bool:
    """Whether what lies in one folder are students, and not one student's exercises."""
    names = {one[0] for one in parts}
    deep = {len(one) > 1 for one in parts}
    if len(names) < 2 or len(deep) > 1:
        return False
    stems = [name if deep == {True} else name.rpartition(".")[0] for name in names]
    own = ("untitled", "copy", "old", "work", "notebook")
    return all(
        without_exercise(stem, known) and not stem.casefold().startswith(own) for stem in stems
    )


def names(everybody: Iterable[Whose]) -> dict[tuple[str, str], str]:
    """A name for each person that nobody else has: two of one name get their numbers behind it."""
    people: dict[str, set[tuple[str, str]]] = {}
    for one in everybody:
        people.setdefault(one.student, set()).add(one.person)
    found = {next(iter(persons)): name for name, persons in people.items() if len(persons) == 1}
    taken = set(people)
    for name, persons in people.items():
        for at, person in enumerate(sorted(persons), 1) if len(persons) > 1 else ():
            told = person[1] or str(at)
            while (shown := f"{name} ({told})") in taken:
                told += "'"
            taken.add(shown)
            found[person] = shown
    return found
