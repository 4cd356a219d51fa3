"""Ask, judge, remember: `quiz("01_first_async_view", "try")` shows the questions of a lesson.

    quiz("01_first_async_view")                           all questions of the lesson
    quiz("01_first_async_view", "try")                    those of one section
    quiz("01_first_async_view", "declare_with_async_def") one question, by its id
    quiz.test("01"), quiz.test()                          ten of a lesson, ten of the course
    quiz.challenge("01")                                  five harder ones, with a timer if wanted
    quiz.due("01"), quiz.due()                            the cards whose time has come

Answer with the mouse, with the keyboard, or in Python: `quiz(...).answer("a")`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_support.quiz.asking import Nothing
    from course_support.quiz.plain import PlainQuiz
    from course_support.quiz.sittingwidget import PlainSitting, SittingWidget
    from course_support.quiz.widgets import QuizWidget


def ask(lesson: str, which: str | None = None) -> QuizWidget | PlainQuiz:
    """The questions of a lesson, of one of its sections, or one by its id, ready to answer.

    `lesson` is `01_first_async_view` or just `01`. Where anywidget is not installed the
    questions come as text, with the same methods.

    Raises:
        LookupError: an unknown lesson, section or question; the text lists the known ones.
    """
    from course_support.quiz.asking import shown
    from course_support.quiz.bank import lesson as read
    from course_support.quiz.progress import store
    from course_support.quiz.recording import note_answer
    from course_support.quiz.session import Session

    found = read(lesson)
    store().ready()
    title = "All questions" if which is None else which.capitalize()
    return shown(Session(found.chosen(which), title, recorder=note_answer))


def test(lesson: str | None = None, *, again: bool = False) -> SittingWidget | PlainSitting:
    """Ten questions of a lesson, or of the whole course: one answer each, then a verdict.

    Four are easy, three medium, three hard, and every objective is asked for. The test goes on
    where it was left, also in another kernel; `again=True` draws ten others.

    Raises:
        LookupError: an unknown lesson; the text lists the known ones.
    """
    from course_support.quiz.asking import sitting

    return sitting(lesson, "test", again=again)


def challenge(
    lesson: str | None = None, *, again: bool = False, minutes: float | None = None
) -> SittingWidget | PlainSitting:
    """Five harder questions, one answer each, and a badge for a perfect score.

    There is a timer, which is off until you start it, here with `minutes` or by its button. It
    can be extended and switched off. Late answers are judged too; they only cost the badge.

    Raises:
        LookupError: an unknown lesson; the text lists the known ones.
        ValueError: `minutes` is not above 0.
    """
    from course_support.quiz.asking import sitting

    return sitting(lesson, "challenge", again=again, minutes=minutes)


def due(lesson: str | None = None, at_most: int = 20) -> QuizWidget | PlainQuiz | Nothing:
    """The cards whose time has come, the longest overdue first; a sentence where there is none.

    Of one lesson, `due("01")`, also those that were never turned.

    Raises:
        LookupError: an unknown lesson; the text lists the known ones.
        ValueError: `at_most` is below 1.
    """
    from course_support.quiz import asking

    return asking.due(lesson, at_most)


class _CallableModule(ModuleType):
    """A package that can be called."""

    def __call__(self, lesson: str, which: str | None = None) -> QuizWidget | PlainQuiz:
        return ask(lesson, which)


# `quiz` is both this folder and what a learner types. Importing any module of the folder sets
# course_support.quiz to the package, so a function of that name would be lost at that moment;
# a package that can be called is the same object whichever import came first.
sys.modules[__name__].__class__ = _CallableModule
