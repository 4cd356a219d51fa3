"""What do `quiz.test`, `quiz.challenge` and `quiz.due` show?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING

from course_support.quiz import bank
from course_support.quiz.outline import outlines
from course_support.quiz.papers import paper
from course_support.quiz.progress import store
from course_support.quiz.questions import Question
from course_support.quiz.recall import Deck, day_in_words
from course_support.quiz.recording import note_answer
from course_support.quiz.session import Session
from course_support.quiz.sitting import Sitting, begin

if TYPE_CHECKING:
    from course_support.quiz.plain import PlainQuiz
    from course_support.quiz.sittingwidget import PlainSitting, SittingWidget
    from course_support.quiz.widgets import QuizWidget

DUE_AT_MOST = 20


@dataclass(frozen=True)
class Nothing:
    """Nothing to ask, and the sentence that says why."""

    sentence: str

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>"


def shown(session: Session) -> QuizWidget | PlainQuiz:
    """A set as a widget; as text where anywidget is not installed."""
    if find_spec("anywidget") is None:
        from course_support.quiz.plain import PlainQuiz

        return PlainQuiz(session)
    from course_support.quiz.widgets import QuizWidget

    return QuizWidget(session)


def sitting(
    lesson: str | None, form: str, *, again: bool, minutes: float | None = None
) -> SittingWidget | PlainSitting:
    """A test or a challenge, where it was left, or drawn anew.

    Raises:
        LookupError: an unknown lesson; the text lists the known ones.
        ValueError: `minutes` is not above 0.
    """
    begun = begin(paper(lesson, form), store(), again=again, recorder=note_answer)
    if minutes is not None:
        begun.set_timer("start", minutes)
    return _shown_sitting(begun)


def _shown_sitting(begun: Sitting) -> SittingWidget | PlainSitting:
    from course_support.quiz.sittingwidget import PlainSitting, SittingWidget

    return PlainSitting(begun) if find_spec("anywidget") is None else SittingWidget(begun)


def due(lesson: str | None, at_most: int = DUE_AT_MOST) -> QuizWidget | PlainQuiz | Nothing:
    """The cards whose time has come, at most so many; of one lesson, also those never turned.

    Raises:
        LookupError: an unknown lesson; the text lists the known ones.
        ValueError: `at_most` is below 1.
    """
    if at_most < 1:
        raise ValueError(f"at_most is at least 1, not {at_most}.")
    deck = Deck(store())
    about = heads() if lesson is None else heads(bank.lesson(lesson).name)
    found = deck.due(about) + (deck.new(about) if lesson else [])
    if found:
        return shown(Session(read(found[:at_most]), "Cards", recorder=note_answer))
    return Nothing(nothing_due(deck, about, lesson))


@dataclass(frozen=True)
class Head:
    """As much of a card as can be read in no time."""

    id: str
    lesson: str


def heads(*lessons: str) -> list[Head]:
    """The cards of these lessons, of all where none is named."""
    return [
        Head(asked.id, outline.lesson)
        for outline in outlines()
        if not lessons or outline.lesson in lessons
        for asked in outline.asked
        if asked.kind == "card"
    ]


def read(found: Sequence[Head]) -> list[Question]:
    """The cards themselves; only their lessons are read."""
    lessons = {head.lesson: bank.lesson(head.lesson) for head in found}
    known = {q.id: q for lesson in lessons.values() for q in lesson.questions}
    return [known[head.id] for head in found]


def nothing_due(deck: Deck, about: Sequence[Head], lesson: str | None) -> str:
    """Why there is nothing to turn, and when there will be."""
    back = deck.next_return(about)
    if back is None:
        return "No card has been turned yet. Each lesson has its own, under Recall."
    words = f"No card is due. The next one comes back {day_in_words(back)}."
    if lesson:
        words += f' All of this lesson: quiz("{about[0].lesson}", "recall")'
    return words
