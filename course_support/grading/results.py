"""What came of a class: who has which points, who made which mistake, whose answers are equal?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import NamedTuple, TypeVar

from course_support.grading.answers import reference
from course_support.grading.batch import Graded
from course_support.grading.exercises import Exercise, Manual
from course_support.grading.sameness import essence, is_untouched
from course_support.grading.submissions import Refused, Submission
from course_support.verdicts import Outcome, Report, Verdict

T = TypeVar("T")


class Place(NamedTuple):
    """Which line of the table of marks: the fields as they are written."""

    student: str
    exercise: str
    item: str


class Wrote(StrEnum):
    """What stands in a cell that a person marks."""

    TEXT = "written"
    AS_GIVEN = "left as the exercise gave it"
    EMPTY = "empty"
    MISSING = "not in the notebook"


class Stage(IntEnum):
    """How far the marking of a text is; in the order in which a person wants to see them."""

    WAITS = 0
    CHANGED = 1
    MARKED = 2
    NOTHING = 3


@dataclass(frozen=True)
class ManualMark:
    """What a student wrote for one manual item, and what a person says about it.

    Attributes:
        mark: from 0 to the item's points; None while nobody has marked it.
        text: the cell's text, a stranger's; empty where there is no such cell.
        wrote: whether there is anything to mark.
        changed: the text is not the one that was on the page when the mark was written.
        place: its line in the table of marks.
    """

    item: Manual
    mark: float | None
    comment: str
    text: str = ""
    wrote: Wrote = Wrote.MISSING
    changed: bool = False
    place: Place = Place("", "", "")

    @property
    def stage(self) -> Stage:
        """How far the marking of it is."""
        if self.mark is not None:
            return Stage.CHANGED if self.changed else Stage.MARKED
        return Stage.WAITS if self.wrote is Wrote.TEXT else Stage.NOTHING


@dataclass(frozen=True)
class Result:
    """One student in one exercise: the checks' verdicts and a person's marks."""

    exercise: Exercise
    graded: Graded
    manual: tuple[ManualMark, ...] = ()
    comment: str = ""

    @property
    def submission(self) -> Submission:
        return self.graded.submission

    @property
    def report(self) -> Report:
        return self.graded.report

    @property
    def student(self) -> str:
        return self.submission.student

    @property
    def earned(self) -> float:
        """Points so far; an item that nobody has marked counts nothing yet."""
        return round(self.report.earned + sum(one.mark or 0 for one in self.manual), 2)

    @property
    def points(self) -> float:
        """What all checks and all items count together."""
        return self.report.points + sum(one.item.points for one in self.manual)

    @property
    def unmarked(self) -> list[Manual]:
        """What has no mark, whether there is a text or none."""
        return [one.item for one in self.manual if one.mark is None]

    @property
    def to_mark(self) -> list[ManualMark]:
        """What waits for a person: a text that nobody has marked."""
        return [one for one in self.manual if one.stage is Stage.WAITS]


class CheckCount(NamedTuple):
    """A check, and how many students passed it."""

    title: str
    passed: int
    hidden: bool


class Stumble(NamedTuple):
    """A mistake that was made: where, what is said about it, and by whom."""

    check: str
    words: str
    students: tuple[str, ...]
    hidden: bool = False


class Equal(NamedTuple):
    """Students whose answers are the same but for spaces, comments and the kind of quotes."""

    exercise: str
    students: tuple[str, ...]
    as_ours: bool


@dataclass(frozen=True)
class ClassResults:
    """All results, in the order of students and exercises.

    Attributes:
        how: how the submissions' code was shut in, a sentence.
        notes: what a person should know about the table of marks, each a sentence.
        rows: where each line of the table of marks stands, as a spreadsheet counts.
    """

    results: tuple[Result, ...]
    refused: tuple[Refused, ...]
    how: str = ""
    notes: tuple[str, ...] = ()
    rows: Mapping[Place, int] = field(default_factory=dict)

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those that somebody handed in, by their keys."""
        found = {one.exercise.key: one.exercise for one in self.results}
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def students(self) -> tuple[str, ...]:
        """Everybody who handed in something, readable or not."""
        names = {one.student for one in self.results} | {one.student for one in self.refused}
        return tuple(sorted(names, key=lambda name: (name.casefold(), name)))

    def of_student(self, student: str) -> list[Result]:
        """The student's results, by exercise."""
        return self._by_student.get(student, [])

    def of_exercise(self, key: str) -> list[Result]:
        """The results in one exercise, by student."""
        return self._by_exercise.get(key, [])

    def refused_of(self, student: str) -> list[Refused]:
        """The student's files that were not judged."""
        return self._refused_by_student.get(student, [])

    @cached_property
    def _by_student(self) -> dict[str, list[Result]]:
        return _grouped(self.results, lambda one: one.student)

    @cached_property
    def _by_exercise(self) -> dict[str, list[Result]]:
        return _grouped(self.results, lambda one: one.exercise.key)

    @cached_property
    def _refused_by_student(self) -> dict[str, list[Refused]]:
        return _grouped(self.refused, lambda one: one.student)

    @cached_property
    def points(self) -> float:
        """What all exercises of the batch count together."""
        return sum(self.of_exercise(one.key)[0].points for one in self.exercises)

    def total(self, student: str) -> float:
        """The student's points in all exercises."""
        return round(sum(one.earned for one in self.of_student(student)), 2)

    def passed(self, key: str) -> list[CheckCount]:
        """Each check of an exercise with the number of students who passed it."""
        reports = [one.report for one in self.of_exercise(key)]
        columns = zip(*(report.verdicts for report in reports), strict=True)
        return [
            CheckCount(column[0].title, sum(map(bool, column)), column[0].hidden)
            for column in columns
        ]

    def stumbles(self, key: str) -> list[Stumble]:
        """The mistakes in an exercise, the most frequent first.

        Two are the same when the next step is: what was seen has values of its run in it.
        """
        found: dict[tuple[str, str, bool], list[str]] = {}
        for one in self.of_exercise(key):
            for verdict in one.report.verdicts:
                if verdict.outcome in (Outcome.INCORRECT, Outcome.RAISED):
                    words = _told(one.exercise, verdict)
                    place = (verdict.title, words, verdict.hidden)
                    found.setdefault(place, []).append(one.student)
        listed = [
            Stumble(check, words, tuple(who), hidden)
            for (check, words, hidden), who in found.items()
        ]
        return sorted(listed, key=lambda one: -len(one.students))

    def equal(self) -> list[Equal]:
        """Answers that several students gave, word for word; what the exercise gave left out."""
        return self._all_equal

    @cached_property
    def _all_equal(self) -> list[Equal]:
        return [one for exercise in self.exercises for one in self._equal(exercise)]

    def _equal(self, exercise: Exercise) -> Iterator[Equal]:
        alike: dict[str, list[str]] = {}
        for one in self.of_exercise(exercise.key):
            if not is_untouched(exercise, one.submission.cells):
                text = essence(list(one.submission.cells.values()))
                alike.setdefault(text, []).append(one.student)
        ours = essence(list(reference(exercise).values()))
        for text, students in alike.items():
            if len(students) > 1:
                yield Equal(exercise.key, tuple(students), text == ours)


def _told(exercise: Exercise, verdict: Verdict) -> str:
    """What a mistake is known by: its next step, or the type of an exception without one."""
    if verdict.outcome is Outcome.RAISED and not exercise.words_about(verdict.seen):
        return f"The view raised `{verdict.seen.partition(':')[0]}`."
    return verdict.next_step or verdict.seen


def _grouped(found: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return groups
