"""What does a test ask about, and in which form: a lesson or the course, a test or a challenge?"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from course_support.quiz import bank
from course_support.quiz.drawing import FIVE, TEN, by_lesson, by_objective, draw, drawable
from course_support.quiz.questions import Question
from course_support.quiz.sections import Section, lesson_title, to_read

COURSE = "course"
WELCOME = "00_start_here"
FORMS: Mapping[str, Mapping[str, int]] = {"test": TEN, "challenge": FIVE}


@dataclass(frozen=True)
class Paper:
    """What is asked about, and how.

    Attributes:
        name: a lesson's key, or `course` for all of it.
        form: `test` (ten questions) or `challenge` (five, none of them easy).
        lessons: one, or all.
    """

    name: str
    form: str
    lessons: tuple[bank.Lesson, ...]

    @property
    def about(self) -> str:
        """The lesson's title, or that it is the whole course."""
        return "The whole course" if self.is_course else lesson_title(self.name)

    @property
    def title(self) -> str:
        """What stands above it."""
        return f"{self.form.capitalize()}: {self.about}"

    @property
    def judges(self) -> bool:
        """Whether there is a verdict for each part: five questions are too few for one."""
        return self.form == "test"

    @property
    def is_course(self) -> bool:
        """Whether it is about all lessons: then its parts are lessons, else objectives."""
        return self.name == COURSE

    @property
    def place(self) -> str:
        """The name under which the store keeps it."""
        return f"{self.form}.{self.name}"

    @property
    def questions(self) -> dict[str, Question]:
        """All that may be drawn, by id."""
        return {q.id: q for lesson in self.lessons for q in drawable(lesson.questions)}

    @property
    def parts(self) -> dict[str, str]:
        """The parts of the verdict: objective -> its sentence, or lesson -> its title."""
        if self.is_course:
            return {lesson.name: lesson_title(lesson.name) for lesson in self.lessons}
        return dict(self.lessons[0].objectives)

    @property
    def group(self) -> Callable[[Question], str]:
        """The part to which a question belongs."""
        return by_lesson if self.is_course else by_objective

    def draw(self, seed: int, last: Collection[str] = ()) -> tuple[Question, ...]:
        """A draw by this seed, not again what was drawn last."""
        pool = tuple(self.questions.values())
        return draw(pool, seed, quotas=FORMS[self.form], last=last, group=self.group)

    def to_read(self, question: Question) -> tuple[Section, ...]:
        """The sections that teach a question's objective."""
        lesson = next(one for one in self.lessons if one.name == question.lesson)
        return to_read(lesson, question.objective)


def paper(name: str | None, form: str = "test") -> Paper:
    """The paper about the lesson `name`, or about the whole course.

    Raises:
        LookupError: no such lesson; the text lists them.
    """
    if name is None:
        lessons = tuple(one for one in bank.read_bank() if one.name != WELCOME)
        return Paper(COURSE, form, lessons)
    lesson = bank.lesson(name)
    return Paper(lesson.name, form, (lesson,))


def new_draw(of: Paper, kept: Any = None, seed: int | None = None) -> dict[str, Any]:
    """A new draw, ready to be kept; `kept` is the one before."""
    seed = secrets.randbits(32) if seed is None else seed
    last = kept.get("questions", ()) if isinstance(kept, dict) else ()
    drawn = of.draw(seed, frozenset(map(str, last)))
    return {"seed": seed, "questions": [q.id for q in drawn], "timer": None, "finished": False}


def drawn(of: Paper, kept: Any) -> tuple[Question, ...]:
    """The questions of a kept draw that the bank still has; none where it makes no sense."""
    if not isinstance(kept, dict) or not isinstance(kept.get("questions"), list):
        return ()
    known = of.questions
    return tuple(known[name] for name in kept["questions"] if name in known)
