"""Which submissions lie in a folder, or in a zip as a learning platform exports it?

    submissions/ana.ipynb                                          one notebook a student
    submissions/ana/ex01_first_view.ipynb                          a folder a student
    Silva Ana_4711_assignsubmission_file_/ex01_first_view.ipynb    Moodle
    silvaana_4711_90210_ex01_first_view.ipynb                      Canvas

What cannot be read is named with its reason, and the others are collected all the same.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from course_support.content import ContentError
from course_support.grading import zips
from course_support.grading.answers import answer_ids
from course_support.grading.submissions import (
    LIMIT_BYTES,
    AnswerIds,
    Refusal,
    Refused,
    Submission,
    read_notebook,
    too_large,
)

MOODLE = re.compile(r"(?P<who>.+)_(?P<number>\d+)_assignsubmission_\w+?_?")
CANVAS = re.compile(r"(?P<who>[^_]+)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?P<name>.+)")
IGNORED = ("__MACOSX",)


@dataclass(frozen=True)
class Collected:
    """What was found, in the order of students and exercises.

    Attributes:
        submissions: at most one of a student for an exercise.
        refused: files that were not judged, with reasons.
    """

    submissions: tuple[Submission, ...]
    refused: tuple[Refused, ...]


class Whose(NamedTuple):
    """To whom a file belongs, as its path says."""

    student: str
    number: str = ""
    late: bool = False


def collect(place: Path, known: AnswerIds | None = None) -> Collected:
    """The submissions in the folder, zip or single notebook at `place`.

    Raises:
        ContentError: there is nothing at `place`, or it is a zip that cannot be opened.
    """
    known = answer_ids() if known is None else known
    submissions: list[Submission] = []
    refused: list[Refused] = []
    for file, data in _files(place):
        whose = owner(file, known)
        try:
            if isinstance(data, Refusal):
                raise data
            found = read_notebook(data, whose.student, file, known, number=whose.number)
            submissions += [_with_late(one, whose) for one in found]
        except Refusal as why:
            refused.append(Refused(whose.student, file, str(why)))
    kept, doubled = _one_each(submissions)
    order = lambda one: (one.student.casefold(), one.student, one.file)  # noqa: E731
    kept.sort(key=lambda one: (one.student.casefold(), one.student, one.exercise))
    return Collected(tuple(kept), tuple(sorted([*refused, *doubled], key=order)))


def owner(file: str, known: AnswerIds) -> Whose:
    """The student to whom the file at this relative path belongs."""
    folder, *rest = PurePosixPath(file).parts
    if rest:
        moodle = MOODLE.fullmatch(folder)
        return Whose(moodle["who"], moodle["number"]) if moodle else Whose(folder)
    stem = re.sub(r"\.ipynb$", "", folder, flags=re.IGNORECASE)
    if canvas := CANVAS.fullmatch(stem):
        return Whose(canvas["who"], canvas["number"], bool(canvas["late"]))
    return Whose(_without_exercise(stem, known) or stem)


def _without_exercise(stem: str, known: AnswerIds) -> str:
    """`ana` of `ana_ex01_first_view` and `ana-ex01`; empty where the exercise is all there is."""
    short = {key.split("_")[0] for key in known}
    for name in (*known, *sorted(short, reverse=True)):
        shaped = re.escape(name).replace("_", "[_-]")
        if found := re.fullmatch(rf"(.*?)[_ -]*{shaped}(?:[ _-]?\(?\d+\)?)?", stem, re.IGNORECASE):
            return found[1]
    return stem


def _with_late(one: Submission, whose: Whose) -> Submission:
    if not whose.late:
        return one
    return replace(one, remarks=(*one.remarks, "Canvas marks it as late."))


def _one_each(found: list[Submission]) -> tuple[list[Submission], list[Refused]]:
    """The last one of each student for each exercise: `ex01-2` comes after `ex01`."""
    latest: dict[tuple[str, str], Submission] = {}
    left: list[Refused] = []
    for one in sorted(found, key=lambda one: _natural(one.file)):
        place = (one.student, one.exercise)
        if place in latest:
            reason = f"{one.file} was judged, the last one for {one.exercise} by its name."
            left.append(Refused(one.student, latest[place].file, reason))
        latest[place] = one
    return list(latest.values()), left


def _natural(file: str) -> list[tuple[int, int, str]]:
    stem = file.casefold().removesuffix(".ipynb")
    parts = re.split(r"(\d+)", stem)
    return [(1, int(p[:18]), "") if p.isdigit() and p.isascii() else (0, 0, p) for p in parts]


def _files(place: Path) -> Iterator[tuple[str, bytes | Refusal]]:
    """Each notebook with its relative path, or why it cannot be read."""
    if place.is_dir():
        yield from _in_folder(place)
    elif place.is_file() and place.suffix.casefold() == ".zip":
        yield from zips.notebooks(place)
    elif place.is_file():
        yield place.name, _read(place)
    else:
        raise ContentError(
            f"There is nothing at {place}.\n"
            "    Name the folder or the zip with the notebooks that were handed in."
        )


def _in_folder(place: Path) -> Iterator[tuple[str, bytes | Refusal]]:
    for entry in sorted(place.iterdir()):
        if entry.name.startswith(".") or entry.name in IGNORED:
            continue
        if entry.is_symlink():
            yield entry.name, Refusal(LINK)
        elif entry.is_dir():
            yield from _in_students_folder(entry, place)
        elif entry.suffix.casefold() == ".ipynb":
            yield entry.name, _read(entry)


def _in_students_folder(folder: Path, place: Path) -> Iterator[tuple[str, bytes | Refusal]]:
    found = False
    for here, folders, names in os.walk(folder):
        for name in list(folders):
            path = Path(here, name)
            if name.startswith(".") or name in IGNORED:
                folders.remove(name)
            elif path.is_symlink():
                yield path.relative_to(place).as_posix(), Refusal(LINK)
        folders.sort()
        for name in sorted(names):
            if name.casefold().endswith(".ipynb") and not name.startswith("."):
                found = True
                yield Path(here, name).relative_to(place).as_posix(), _read(Path(here, name))
    if not found:
        yield f"{folder.name}/", Refusal("There is no notebook in this folder.")


LINK = "It is a link to another place, and links are not followed. Ask for the file itself."


def _read(path: Path) -> bytes | Refusal:
    """The bytes of a regular file; a link, a pipe and a device are refused unopened."""
    try:
        if path.is_symlink():
            return Refusal(LINK)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return Refusal("It is no regular file. Ask for the notebook itself.")
            if found.st_size > LIMIT_BYTES:
                return Refusal(too_large(found.st_size))
            return file.read(LIMIT_BYTES + 1)
    except OSError as error:
        return Refusal(f"It cannot be read: {error.strerror}.")
