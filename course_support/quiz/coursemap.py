"""Where does a learner stand in the course, what is due, what is weak, and where to go on?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from course_support.quiz.outline import Outline, Task, minutes, outlines
from course_support.quiz.progress import Event, Store, store
from course_support.quiz.recall import PREFIX
from course_support.quiz.sections import ASKING, Section
from course_support.quiz.tallies import RECENT, Tallies, Tally, tallies
from course_support.verdicts import Outcome

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


def progress() -> CourseMap:
    """The map of the course: what you have done, what is due, what is weak, where to go on.

    It is drawn from the progress file of this machine's user, of which nothing is sent anywhere.
    """
    mine = store()
    return course_map(mine, outlines(), datetime.now(UTC))


def course_map(mine: Store, course: Sequence[Outline], now: datetime) -> CourseMap:
    """The map of a course, drawn from one learner's store as it is at `now`."""
    found = tallies(mine)
    due = _due(mine.kept_all(PREFIX), now)
    stands = tuple(_stand(outline, found, due) for outline in course)
    weak = sorted(_weak(course, found), key=lambda one: (-one.wrong / one.of, one.of))
    last = max((tally.last for tally in found.values()), key=lambda e: e.at, default=None)
    path, waiting = str(mine.path), mine.waiting
    return CourseMap(stands, tuple(weak), _next(stands, last), path, mine.trouble, waiting)


def _due(cards: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """The ids of the cards that have come back; read off their states, without their scheduler."""
    times = {name: state.get("due") for name, state in cards.items() if isinstance(state, dict)}
    return frozenset(
        name.removeprefix(PREFIX)
        for name, at in times.items()
        if isinstance(at, str) and datetime.fromisoformat(at) <= now
    )


def _stand(outline: Outline, found: Tallies, due: frozenset[str]) -> Stand:
    exercises = tuple(_exercise(task, found) for task in outline.tasks)
    parts = tuple(_part(outline, mode, exercises, found) for mode in outline.ways)
    cards = {asked.id for asked in outline.asked if asked.kind == "card"}
    return Stand(outline, parts, exercises, len(cards & due))


def _exercise(task: Task, found: Tallies) -> Exercise:
    tally, hints = found.get(("check", task.key)), found.get(("hint", task.key))
    given = int((hints.last.detail or {}).get("number", 0)) if hints else 0
    if not tally or (tally.last.outcome == Outcome.NOT_ATTEMPTED and not tally.correct):
        return Exercise(task, hints=given)
    last = tally.last.detail or {}
    return Exercise(task, last.get("passed", 0), last.get("total", 0), tally.correct > 0, given)


def _part(
    outline: Outline, mode: str, exercises: Sequence[Exercise], found: Tallies
) -> Part:  # fmt: skip
    asked = [one for one in outline.asked if one.section == mode]
    tasks = [one for one in exercises if one.task.mode == mode]
    answered = sum(one.tally in found for one in asked)
    passed = sum(one.ever for one in tasks)
    tried = answered > 0 or any(one.state is not State.OPEN for one in tasks)
    tested = mode == "test" and any(
        kind == "test" and tally.last.lesson == outline.lesson for (kind, _), tally in found.items()
    )
    section = outline.ways[mode]
    return Part(mode, section, len(asked) + len(tasks), answered + passed, tried, tested)


def _weak(course: Sequence[Outline], found: Tallies) -> Iterator[Weak]:
    for outline in course:
        for objective, aim in outline.objectives.items():
            about = [one for one in outline.asked if one.objective == objective]
            weighed = [one.tally for one in about if one.kind not in NOT_WEIGHED]
            marks = _lately([found[key] for key in weighed if key in found])
            wrong = marks.count(False)
            if wrong >= WRONG_TO_BE_WEAK:
                modes = {one.section for one in about} - set(ASKING)
                read = tuple(outline.ways[mode] for mode in outline.ways if mode in modes)
                yield Weak(aim, outline.number, wrong, len(marks), read)


def _lately(about: Sequence[Tally]) -> list[bool]:
    """Whether each of the last answers to any of these was right, the newest first."""
    marks = sorted((mark for tally in about for mark in tally.recent), reverse=True)
    return [right for _, right in marks[:RECENT]]


def _next(stands: Sequence[Stand], last: Event | None) -> Step | None:
    """The first way in that is not done, from where the learner was last, then from the top."""
    lessons = [stand.outline.lesson for stand in stands]
    here = lessons.index(last.lesson) if last and last.lesson in lessons else 0
    steps = [Step(stand.outline, part, last is None) for stand in stands for part in stand.parts]
    before = sum(len(stand.parts) for stand in stands[:here])
    if last and stands and stands[here].outline.lesson == last.lesson:
        before += _place(stands[here], last)
    left = [step for step in steps if step.part.state is not State.DONE]
    return next((step for step in steps[before:] if step in left), left[0] if left else None)


def _place(stand: Stand, last: Event) -> int:
    """Which of the lesson's ways in an event belongs to; the first where it does not say."""
    modes = [part.mode for part in stand.parts]
    tasks = {one.task.key: one.task.mode for one in stand.exercises}
    detail = last.detail if isinstance(last.detail, dict) else {}
    mode = "test" if last.kind == "test" else tasks.get(last.key, detail.get("section"))
    return modes.index(mode) if mode in modes else 0
