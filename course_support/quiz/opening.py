"""What does a lesson open with? What is due from before, where it was left, and what it is for."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from IPython.display import display

from course_support.quiz import asking, bank
from course_support.quiz.papers import WELCOME, Paper
from course_support.quiz.progress import Store, store
from course_support.quiz.recall import Deck, day_in_words
from course_support.quiz.recording import note_answer
from course_support.quiz.rendering import phrase
from course_support.quiz.results import SIGNS, Level
from course_support.quiz.sections import Section, section
from course_support.quiz.session import Session

if TYPE_CHECKING:
    from course_support.quiz.plain import PlainQuiz
    from course_support.quiz.widgets import QuizWidget

CARDS_AT_MOST = 5


@dataclass(frozen=True)
class Left:
    """Where a lesson was left.

    Attributes:
        done: how many of its `total` questions and cards were answered at least once.
        at: when the last answer was given.
        where: the section in which it was given; None where the notebook has no such heading.
    """

    done: int
    total: int
    at: datetime
    where: Section | None

    def __str__(self) -> str:
        where = f", in {self.where.title}" if self.where else ""
        day = f"{self.at.astimezone():%A}, {self.at.astimezone().day} {self.at.astimezone():%B}"
        return f"You were here on {day}{where}; {self.counted}."

    @property
    def counted(self) -> str:
        """The share of what the lesson asks."""
        return f"{self.done} of {self.total} questions and cards have been answered"


class Opening:
    """The header of a lesson, as a cell shows it.

    Attributes:
        lesson: its questions and objectives.
        levels: objective -> the verdict of the last finished test, where there was one.
        left: where it was left; None when nothing has been answered.
        cards: the due cards of earlier lessons; None when there are none.
        due: the sentence about them.
    """

    def __init__(self, name: str, keeper: Store) -> None:
        self.lesson = bank.lesson(name)
        self.levels = _levels(self.lesson, keeper)
        self.left = _left(self.lesson, keeper)
        self.cards, self.due = _due(self.lesson, keeper)

    def __repr__(self) -> str:
        aims = [f"  {self._sign(key)} {aim}" for key, aim in self.lesson.objectives.items()]
        left = str(self.left) if self.left else "You have not answered anything here yet."
        return "\n".join(["You will be able to", *aims, left, self._tested(), self.due])

    def _repr_html_(self) -> str:
        aims = "".join(self._aim(key, aim) for key, aim in self.lesson.objectives.items())
        return (
            f"{_STYLE}<div class='opening'><div><b>You will be able to</b><ul>{aims}</ul></div>"
            f"<div><b>Where you are</b><p>{self._left_html()}</p><p>{escape(self._tested())}</p>"
            f"<p>{escape(self.due)}</p></div></div>"
        )

    def _ipython_display_(self) -> None:
        display(_Shown(self))  # type: ignore[no-untyped-call]
        if self.cards is not None:
            display(self.cards)  # type: ignore[no-untyped-call]

    def _tested(self) -> str:
        if not self.levels:
            return "Its test has not been taken to the end yet."
        strong = sum(level is Level.STRONG for level in self.levels.values())
        return (
            f"By your last test, {strong} of {len(self.lesson.objectives)} objectives are strong."
        )

    def _sign(self, key: str) -> str:
        level = self.levels.get(key)
        return SIGNS[level] if level else "○"

    def _aim(self, key: str, aim: str) -> str:
        words = f" <small>{self.levels.get(key, 'not tested')}</small>" if self.levels else ""
        sign = f"<span aria-hidden='true'>{self._sign(key)}</span>"
        return f"<li>{sign}<span>{phrase(aim)}{words}</span></li>"

    def _left_html(self) -> str:
        if not self.left:
            return "You have not answered anything here yet."
        words = escape(str(self.left))
        if not self.left.where:
            return words
        found = self.left.where
        link = f"<a href='{escape(found.href, quote=True)}'>{escape(found.title)}</a>"
        return words.replace(f"in {escape(found.title)}", f"in {link}", 1)


@dataclass(frozen=True, repr=False)
class _Shown:
    """The part of an opening that needs no widget."""

    opening: Opening

    def __repr__(self) -> str:
        return repr(self.opening)

    def _repr_html_(self) -> str:
        return self.opening._repr_html_()


def lesson(name: str) -> Opening:
    """The header of a lesson: `lesson("04_fan_out")`, or just `lesson("04")`.

    It shows at most five cards of earlier lessons whose time has come, where you left this
    lesson, and its objectives with the verdicts of your last test.

    Raises:
        LookupError: an unknown lesson; the text lists the known ones.
    """
    return Opening(name, store())


def _levels(about: bank.Lesson, keeper: Store) -> Mapping[str, Level]:
    place = Paper(about.name, "test", (about,)).place
    events = keeper.events(kind="test", key=place, limit=1)
    parts: Any = events[0].detail.get("parts", {}) if events else {}
    known = {str(level): level for level in Level}
    wanted = {*known, *about.objectives}
    return {key: known[word] for key, word in parts.items() if {key, word} <= wanted}


def _left(about: bank.Lesson, keeper: Store) -> Left | None:
    def latest(connection: sqlite3.Connection) -> list[tuple[str, str]]:
        query = (
            "SELECT key, max(at) FROM event WHERE lesson = ? AND kind IN ('answer', 'card') "
            "GROUP BY key ORDER BY 2"
        )
        return connection.execute(query, (about.name,)).fetchall()

    known = {question.id: question for question in about.questions}
    nothing: list[tuple[str, str]] = []
    found = [(key, at) for key, at in keeper.read(latest, nothing) if key in known]
    if not found:
        return None
    key, at = found[-1]
    where = section(about.name, known[key].section)
    return Left(len(found), len(known), datetime.fromisoformat(at), where)


def _due(about: bank.Lesson, keeper: Store) -> tuple[QuizWidget | PlainQuiz | None, str]:
    earlier = [n for n in bank.lesson_names() if WELCOME < n < about.name]
    if not earlier:
        return None, "Cards of this lesson will meet you again where later lessons open."
    cards = asking.heads(*earlier)
    deck = Deck(keeper)
    found = deck.due(cards)
    if found:
        asked = asking.read(found[:CARDS_AT_MOST])
        shown = asking.shown(Session(asked, "Due today", recorder=note_answer))
        return shown, _counted(len(found))
    back = deck.next_return(cards)
    if back is None:
        return None, "No card of an earlier lesson has been turned yet, so none is due."
    return None, f"No card is due. The next one comes back {day_in_words(back)}."


def _counted(n: int) -> str:
    if n == 1:
        return "One card of an earlier lesson is due."
    here = f" Here are {CARDS_AT_MOST}." if n > CARDS_AT_MOST else ""
    return f"{n} cards of earlier lessons are due.{here}"


_STYLE = """<style>
.opening{display:flex;flex-wrap:wrap;gap:.6em 2.5em;max-width:46rem;padding:.8em 1.2em;
 border:1px solid var(--jp-border-color1,#8888);border-left-width:4px;border-radius:4px;
 line-height:1.5}
.opening>div{flex:1 1 17rem;min-width:0}
.opening ul{list-style:none;margin:.3em 0 0!important;padding:0!important}
.opening li{display:flex;gap:.6em}.opening li>span:first-child{flex:none;width:1em}
.opening small{color:var(--jp-content-font-color2,inherit);white-space:nowrap}
.opening p{margin:.3em 0 0!important}
</style>"""
