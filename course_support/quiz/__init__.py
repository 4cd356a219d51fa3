"""Ask, judge, remember: `quiz("01_first_async_view", "try")` shows the questions of a lesson.

    quiz("01_first_async_view")                           all questions of the lesson
    quiz("01_first_async_view", "try")                    those of one section
    quiz("01_first_async_view", "declare_with_async_def") one question, by its id

Answer with the mouse, with the keyboard, or in Python: `quiz(...).answer("a")`.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_support.quiz.plain import PlainQuiz
    from course_support.quiz.widgets import QuizWidget


def ask(lesson: str, which: str | None = None) -> QuizWidget | PlainQuiz:
    """The questions of a lesson, of one of its sections, or one by its id, ready to answer.

    `lesson` is `01_first_async_view` or just `01`. Where anywidget is not installed the
    questions come as text, with the same methods.

    Raises:
        LookupError: an unknown lesson, section or question; the text lists the known ones.
    """
    from course_support.quiz.bank import lesson as read
    from course_support.quiz.recording import note_answer
    from course_support.quiz.session import Session

    found = read(lesson)
    title = "All questions" if which is None else which.capitalize()
    session = Session(found.chosen(which), title, recorder=note_answer)
    if find_spec("anywidget") is None:
        from course_support.quiz.plain import PlainQuiz

        return PlainQuiz(session)
    from course_support.quiz.widgets import QuizWidget

    return QuizWidget(session)


class _CallableModule(ModuleType):
    """A package that can be called."""

    def __call__(self, lesson: str, which: str | None = None) -> QuizWidget | PlainQuiz:
        return ask(lesson, which)


# `quiz` is both this folder and what a learner types. Importing any module of the folder sets
# course_support.quiz to the package, so a function of that name would be lost at that moment;
# a package that can be called is the same object whichever import came first.
sys.modules[__name__].__class__ = _CallableModule
