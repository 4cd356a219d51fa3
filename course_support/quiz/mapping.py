"""How is the map of the course drawn from what was recorded?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from course_support.quiz.coursemap import (
    NOT_WEIGHED,
    WRONG_TO_BE_WEAK,
    CourseMap,
    Exercise,
    Part,
    Stand,
    State,
    Step,
    Weak,
)
from course_support.quiz.events import Event
from course_support.quiz.outline import Outline, Task, outlines, to_read
from course_support.quiz.progress import Store, store
from course_support.quiz.recall import PREFIX
from course_support.quiz.tallies import RECENT, Tallies, Tally, tallies
from course_support.verdicts import Outcome

if TYPE_CHECKING:
    from course_support.quiz.lessonmap import LessonMap


def progress(lesson: str | None = None) -> CourseMap | LessonMap:
    """The map of the course: what you have done, what is due, what is weak, where to go on.

    With a lesson, `progress("04_fan_out")` or `progress("04")`: each of its questions, how often
    it was answered, and how the last time. Both are drawn from the progress file of this
    machine's user, of which nothing is sent anywhere.

    Raises:
        LookupError: an unknown lesson; the text lists the known ones.
    """
    mine = store()
    mine.ready()
    if lesson is not None:
        # Reads the bank, and Markdown: late, for the map of the course needs neither.
        from course_support.quiz.bank import lesson as read
        from course_support.quiz.lessonmap import lesson_map

        return lesson_map(read(lesson), tallies(mine))
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
    tested = mode == "test" and ("test", f"test.{outline.lesson}") in found
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
                read = to_read(outline, objective)
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
    # A test's key is its form and its lesson: test.04_fan_out, challenge.04_fan_out.
    mode = (
        last.key.split(".")[0]
        if last.kind == "test"
        else tasks.get(last.key, detail.get("section"))
    )
    return modes.index(mode) if mode in modes else 0
