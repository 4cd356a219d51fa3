"""What does a teacher read in the terminal, when a class has been judged?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from course_support.grading.reports.words import counted, number, one_line, some
from course_support.grading.results import ClassResults, Result
from course_support.grading.submissions import Refused

WIDTH = 40  # of a name, in the terminal only


def make_sayable(stream: TextIO) -> None:
    """Let a terminal that knows few letters show the others as codes, and not stop the grader."""
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="backslashreplace")


def say_refused(refused: Iterable[Refused]) -> None:
    """Each file that was not judged, with the reason."""
    for one in refused:
        print(f"Not judged: {short(one.file, 3 * WIDTH)}: {one_line(one.reason)}")


def say(found: ClassResults, out: Path) -> None:
    """What was not judged, whose answers are equal, who has how much, and where to read on.

    Whoever reads only the first lines (`| head`), or none, has read enough: all is written.
    """
    try:
        say_refused(found.refused)
        _say_equal(found)
        _say_points(found)
        _say_marks(found, out)
        print(f"{counted(len(found.results), 'answer')} judged. The class: {out / 'index.html'}")
        if sys.stdout:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_missing(missing: Sequence[str], found: ClassResults) -> None:
    """Who is not in the platform's table, or not for certain."""
    everybody = [one for one in found.students if found.of_student(one)]
    if len(missing) == len(everybody) > 1:
        print("Nobody is in the platform's list: is it of another course, or another assignment?")
        return
    for student in missing:
        print(f"{short(student)} is not in the platform's list: enter those points by hand.")


def say_open(found: ClassResults) -> None:
    """What a platform was given is not all, while something waits for a person."""
    if waiting := sum(len(one.to_mark) for one in found.results):
        words = counted(waiting, "text is", "texts are")
        print(f"The platform's points are those so far: {words} not marked yet.")


def short(text: str, most: int = WIDTH) -> str:
    """The text on one line, at most so long."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _say_equal(found: ClassResults) -> None:
    for one in found.equal():
        note = " (it is the course's own answer)" if one.as_ours else ""
        names = some(one.students, short)
        print(f"The same answer to {one.exercise}: {names}{note}")


def _say_points(found: ClassResults) -> None:
    width = max(len(short(student)) for student in found.students)
    for student in found.students:
        if results := found.of_student(student):
            total = f"{number(found.total(student)):>5} of {number(found.points)}"
            print(f"{short(student):<{width}} {total}   {_checks(results)}")


def _checks(results: Iterable[Result]) -> str:
    """As in "12 of 12 checks, 2 of 3 hidden"."""
    verdicts = [verdict for one in results for verdict in one.report.verdicts]
    seen = [bool(one) for one in verdicts if not one.hidden]
    hidden = [bool(one) for one in verdicts if one.hidden]
    words = f"{sum(seen)} of {len(seen)} checks"
    return f"{words}, {sum(hidden)} of {len(hidden)} hidden" if hidden else words


def _say_marks(found: ClassResults, out: Path) -> None:
    for note in found.notes:
        print(f"marks.csv: {one_line(note)}")
    if waiting := sum(len(one.to_mark) for one in found.results):
        print(f"{counted(waiting, 'text')} to mark by hand: {out / 'marking.html'}")
