"""What is on the map of the course? Lessons by their ways in, exercises, what is due and weak."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from course_support.quiz.outline import Outline, Task, minutes
from course_support.quiz.sections import Section
from course_support.quiz.tallies import RECENT

WRONG_TO_BE_WEAK = 2
# A guess is there to be wrong, and what is recalled is judged by the learner.
NOT_WEIGHED = ("card", "number", "recall")
RULE = (
    f"Of your last {RECENT} answers to an objective's questions, {WRONG_TO_BE_WEAK} or more were "
    "wrong. Cards and guesses do not count."
)


class State(StrEnum):
    """How far somebody is in a section, a lesson or an exercise."""

    DONE = "done"
    STARTED = "started"
    OPEN = "open"


@dataclass(frozen=True)
class Part:
    """How one way into a lesson stands.

    Attributes:
        section: its heading in the notebook.
        total: its questions, cards and exercises.
        answered: how many of these were answered, turned or passed.
        tried: whether anything in it was answered or checked.
        tested: whether the lesson's test was taken to its end; False in other ways in.
    """

    mode: str
    section: Section
    total: int
    answered: int
    tried: bool = False
    tested: bool = False

    @property
    def state(self) -> State:
        """Done when all was answered, or the test taken."""
        if self.tested or (self.total and self.answered == self.total):
            return State.DONE
        return State.STARTED if self.tried else State.OPEN

    @property
    def title(self) -> str:
        """Its heading without the minutes."""
        return self.section.title

    @property
    def minutes(self) -> int:
        """What its heading says."""
        return minutes(self.section)


@dataclass(frozen=True)
class Exercise:
    """How one exercise stands.

    Attributes:
        passed: how many checks passed when it was last checked, and `total` how many there were;
            0 and 0 where it never was, or where nothing had been written yet.
        ever: whether all of them ever passed.
        hints: how many different hints were given.
    """

    task: Task
    passed: int = 0
    total: int = 0
    ever: bool = False
    hints: int = 0

    @property
    def state(self) -> State:
        """Done when all checks passed once, whatever came later."""
        if self.ever:
            return State.DONE
        return State.STARTED if self.total else State.OPEN


@dataclass(frozen=True)
class Stand:
    """How one lesson stands: its ways in, in their order, and its exercises."""

    outline: Outline
    parts: tuple[Part, ...]
    exercises: tuple[Exercise, ...]
    due: int = 0

    @property
    def state(self) -> State:
        states = {part.state for part in self.parts}
        return states.pop() if len(states) == 1 else State.STARTED

    @property
    def minutes_left(self) -> int:
        """The minutes of all ways in that are not done."""
        return sum(part.minutes for part in self.parts if part.state is not State.DONE)


@dataclass(frozen=True)
class Weak:
    """An objective that is weak by `RULE`.

    Attributes:
        aim: its sentence.
        number: the lesson's.
        wrong: how many of the last `of` answers were wrong.
        read: the sections that teach it.
    """

    aim: str
    number: int
    wrong: int
    of: int
    read: tuple[Section, ...]


@dataclass(frozen=True)
class Step:
    """Where to go on: a way into a lesson; `first` where nothing was done before."""

    outline: Outline
    part: Part
    first: bool = False


@dataclass(frozen=True, repr=False)
class CourseMap:
    """What `progress()` shows.

    Attributes:
        lessons: in the order of the course.
        weak: the weakest objective first.
        next: None where everything is done.
        path: where the progress is kept.
        trouble: why the last attempt to write it failed, or empty.
        waiting: how many events are not on the disk yet.
    """

    lessons: tuple[Stand, ...]
    weak: tuple[Weak, ...]
    next: Step | None
    path: str
    trouble: str = ""
    waiting: int = 0

    @property
    def due(self) -> int:
        """How many cards have come back."""
        return sum(stand.due for stand in self.lessons)

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those of all lessons."""
        return tuple(one for stand in self.lessons for one in stand.exercises)

    @property
    def answered(self) -> int:
        """How many different questions and cards were answered, and exercises passed."""
        return sum(part.answered for stand in self.lessons for part in stand.parts)

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(part.total for stand in self.lessons for part in stand.parts)

    def __repr__(self) -> str:
        done = sum(stand.state is State.DONE for stand in self.lessons)
        passed = sum(one.ever for one in self.exercises)
        return (
            f"<Progress: {done} of {len(self.lessons)} lessons done, {self.answered} of "
            f"{self.total} things answered, {passed} of {len(self.exercises)} exercises passed, "
            f"{self.due} cards due>"
        )

    def text(self) -> str:
        """The map for a terminal."""
        from course_support.quiz.mapview import text

        return text(self)

    def _repr_html_(self) -> str:
        from course_support.quiz.mapview import html

        return html(self)
