"""Which submissions lie in a folder, or in a zip as a learning platform exports it?

Whose each is, `owners` says by its path. What cannot be read is named with its reason, and the
others are collected all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from course_support.content import ContentError
from course_support.grading import folders, zips
from course_support.grading.answers import answer_ids, manual_ids
from course_support.grading.folders import Entry
from course_support.grading.owners import Whose, is_platforms, names, owner, wrapping
from course_support.grading.submissions import (
    AnswerIds,
    Refusal,
    Refused,
    Submission,
    exercise_named,
    read_notebook,
)


@dataclass(frozen=True)
class Collected:
    """What was found, in the order of students and exercises.

    Attributes:
        submissions: at most one of a student for an exercise.
        refused: files that were not judged, with reasons.
    """

    submissions: tuple[Submission, ...]
    refused: tuple[Refused, ...]


class Found(NamedTuple):
    """One submission, or why there is none, and whose it is."""

    whose: Whose
    one: Submission | Refused


def collect(place: Path, known: AnswerIds | None = None, *, leave: Path | None = None) -> Collected:
    """The submissions in the folder, zip or single notebook at `place`.

    Args:
        known: the ids of the answer cells by exercise; those of the course by default.
        leave: a folder that is not looked into, such as that of the reports.

    Raises:
        ContentError: there is nothing at `place`, or it is a zip that cannot be opened.
    """
    known = answer_ids() if known is None else known
    with _entries(place, leave) as entries:
        found = list(_found(entries, known))
    people = names(one.whose for one in found)
    kept, doubled = _one_each([one for one in found if isinstance(one.one, Submission)], known)
    submissions = [_named(one, people) for one in kept]
    refused = [_named(one, people) for one in (*found, *doubled) if isinstance(one.one, Refused)]
    return Collected(
        tuple(sorted((one for one in submissions if isinstance(one, Submission)), key=_order)),
        tuple(sorted((one for one in refused if isinstance(one, Refused)), key=_order)),
    )


def _named(found: Found, people: dict[tuple[str, str], str]) -> Submission | Refused:
    return replace(found.one, student=people[found.whose.person])


def _order(one: Submission | Refused) -> tuple[str, str, str]:
    last = one.exercise if isinstance(one, Submission) else one.file
    return one.student.casefold(), one.student, last


def _found(entries: Sequence[Entry], known: AnswerIds) -> Iterator[Found]:
    """What each notebook holds; then who has handed in something else only."""
    wrapper = wrapping([one.file for one in entries if one.read], known)
    people = set()
    for entry in entries:
        if entry.read:
            file = entry.file.removeprefix(wrapper)
            whose = owner(file, known)
            people.add(whose.person)
            yield from (Found(whose, one) for one in _in_entry(entry, file, whose, known))
    yield from _without_notebook(entries, wrapper, known, people)


def _in_entry(
    entry: Entry, file: str, whose: Whose, known: AnswerIds
) -> Iterator[Submission | Refused]:
    try:
        data = entry.data()
        texts = manual_ids()
        for one in read_notebook(
            data, whose.student, file, known, number=whose.number, by_hand=texts
        ):
            late = ("Canvas marks it as late.",) if whose.late else ()
            yield replace(one, remarks=(*one.remarks, *late))
    except Refusal as why:
        yield Refused(whose.student, file, str(why))


def _without_notebook(
    entries: Sequence[Entry], wrapper: str, known: AnswerIds, people: set[tuple[str, str]]
) -> Iterator[Found]:
    """Students of whom there are other files and no notebook."""
    others: dict[str, tuple[Whose, list[str]]] = {}
    for entry in entries:
        file = entry.file.removeprefix(wrapper)
        folder, inside, rest = file.partition("/")
        if entry.read or not (inside or is_platforms(file)):
            continue
        whose = owner(file, known)
        if whose.person not in people:
            there = others.setdefault(f"{folder}{inside}", (whose, []))[1]
            there += [PurePosixPath(rest).name] if rest else []
    for file, (whose, there) in others.items():
        yield Found(whose, Refused(whose.student, file, _no_notebook(file, there)))


def _no_notebook(file: str, there: Sequence[str]) -> str:
    if not file.endswith("/"):
        return "It is no notebook. Ask for the .ipynb."
    if not there:
        return "There is no notebook in this folder."
    listed = ", ".join(there[:3]) + (", ..." if len(there) > 3 else "")
    return f"There is no notebook in this folder, only: {listed}. Ask for the .ipynb."


def _one_each(found: Sequence[Found], known: AnswerIds) -> tuple[list[Found], list[Found]]:
    """The last one of each student for each exercise, and the others with a reason.

    One whose name names the exercise goes before one that only has its cell, too; the last is
    the one that the platform has from later, or else by its name: `ex01-2` comes after `ex01`.
    """
    latest: dict[tuple[tuple[str, str], str], Found] = {}
    left: list[Found] = []
    for found_one in sorted(found, key=lambda one: _latest(one, known)):
        whose, one = found_one
        assert isinstance(one, Submission)
        if earlier := latest.get(place := (whose.person, one.exercise)):
            reason = f"{one.file} was judged, the last one for {one.exercise} by its name."
            left.append(Found(whose, Refused(one.student, earlier.one.file, reason)))
        latest[place] = found_one
    return list(latest.values()), left


def _latest(found: Found, known: AnswerIds) -> tuple[bool, str, list[tuple[int, int, str]]]:
    one = found.one
    named = isinstance(one, Submission) and one.exercise in exercise_named(one.file, known)
    return named, found.whose.when, _natural(one.file)


def _natural(file: str) -> list[tuple[int, int, str]]:
    stem = re.sub(r"\.ipynb$", "", file.casefold())
    parts = re.split(r"(\d+)", stem)
    return [(1, int(p[:18]), "") if p.isdigit() and p.isascii() else (0, 0, p) for p in parts]


@contextmanager
def _entries(place: Path, leave: Path | None) -> Iterator[list[Entry]]:
    """What lies at a place; the notebooks can be read as long as the context is open."""
    try:
        is_folder, is_file = place.is_dir(), place.is_file()
    except OSError as error:
        raise ContentError(f"{place} cannot be read: {error.strerror}.") from None
    if is_folder:
        yield list(folders.entries(place, leave))
    elif is_file and place.suffix.casefold() == ".ipynb":
        yield [Entry(folders.readable(place.name), lambda: folders.read(place))]
    elif is_file and (place.suffix.casefold() == ".zip" or zips.is_zip(place)):
        with zips.entries(place) as found:
            yield found
    else:
        what = "is no folder, no zip and no notebook" if is_file else "is not there"
        raise ContentError(
            f"{place} {what}.\n"
            "    Name the folder or the zip with the notebooks that were handed in."
        )
