"""Which questions of one lesson were answered, how often, and how was the last answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from course_support import places
from course_support.quiz.bank import Lesson
from course_support.quiz.links import link
from course_support.quiz.outline import MODES
from course_support.quiz.questions import Question
from course_support.quiz.rendering import phrase
from course_support.quiz.sections import lesson_title, section
from course_support.quiz.tallies import Tallies, Tally
from course_support.verdicts import SIGNS, Outcome

COLUMNS = ("Way in", "Question", "Last answer", "Answered", "Last on")
LONG = 100


@dataclass(frozen=True)
class Line:
    """One question or card, and its tally; None where it was never answered."""

    question: Question
    tally: Tally | None

    @property
    def outcome(self) -> Outcome:
        """Of the last answer."""
        return Outcome(self.tally.last.outcome) if self.tally else Outcome.NOT_ATTEMPTED

    @property
    def words(self) -> str:
        """The same in words: right, wrong or open; a card was known or not."""
        if not self.tally:
            return "open"
        known = ("known", "not known") if self.question.kind == "card" else ("right", "wrong")
        return known[self.outcome is not Outcome.CORRECT]

    @property
    def asked(self) -> str:
        """The first line of what is asked, cut where it is long."""
        first, *more = self.question.prompt.replace("**", "").strip().splitlines()
        return f"{first[:LONG].rsplit(' ', 1)[0]} …" if len(first) > LONG or more else first

    @property
    def times(self) -> str:
        """How often it was answered, in words; empty where it never was."""
        if not self.tally:
            return ""
        return {1: "once", 2: "twice"}.get(self.tally.times, f"{self.tally.times} times")


@dataclass(frozen=True, repr=False)
class LessonMap:
    """What `progress("04")` shows: the questions of the lesson, in the order of its ways in.

    What the test will ask is not among them before it has been answered.
    """

    lesson: Lesson
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[Line, ...]:
        """Those that spoil no test."""
        return tuple(line for line in self.lines if line.tally or line.question.section != "test")

    @property
    def note(self) -> str:
        """How many are kept back for the test."""
        kept_back = len(self.lines) - len(self.shown)
        return f"Kept back for the test: {kept_back}." if kept_back else ""

    def __repr__(self) -> str:
        done = sum(line.tally is not None for line in self.lines)
        return (
            f"<Progress in {self.lesson.name}: {done} of {len(self.lines)} questions and cards "
            f"answered>"
        )

    def text(self) -> str:
        """The list for a terminal."""
        lines = [
            f"{SIGNS[line.outcome]} {line.question.section:<9}  {line.words:<9}  {line.asked}"
            for line in self.shown
        ]
        return "\n".join([lesson_title(self.lesson.name), *lines, self.note]).rstrip()

    def _repr_html_(self) -> str:
        from course_support.quiz.mapview import STYLE, note

        head = "".join(f"<th scope='col'>{name}</th>" for name in COLUMNS)
        rows = "".join(map(_row, self.shown))
        title = escape(lesson_title(self.lesson.name))
        return (
            f"{STYLE}<div class='course-map'><div class='course-map-wide' role='region' "
            f"aria-label='Questions of this lesson' tabindex='0' data-lm-suppress-shortcuts='true'>"
            f"<table><caption>{title}: what you have answered</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
            f"{note(self.note)}</div>"
        )


def lesson_map(lesson: Lesson, found: Tallies) -> LessonMap:
    """The list of a lesson's questions with what became of them."""
    order = {mode: place for place, mode in enumerate(MODES)}
    questions = sorted(lesson.questions, key=lambda q: order.get(q.section, len(order)))
    return LessonMap(lesson, tuple(Line(q, _tally(q, found)) for q in questions))


def _tally(question: Question, found: Tallies) -> Tally | None:
    kind = "card" if question.kind == "card" else "answer"
    return found.get((kind, question.id))


def _row(line: Line) -> str:
    question, tally = line.question, line.tally
    found = section(question.lesson, question.section)
    name = question.section.capitalize()
    way = link(name, places.NOTEBOOKS, found.href) if found else name
    shade = {"right": "done", "known": "done", "open": "open"}.get(line.words, "started")
    sign = f"<span aria-hidden='true'>{SIGNS[line.outcome]}</span> {line.words}"
    cells: Sequence[str] = (
        f"<td class='course-map-{shade}'>{sign}</td>",
        f"<td>{line.times}</td>",
        f"<td>{_day(tally.last.at) if tally else ''}</td>",
    )
    asked = f"<th scope='row' class='course-map-long'>{phrase(line.asked)}</th>"
    return f"<tr><td>{way}</td>{asked}{''.join(cells)}</tr>"


def _day(at: datetime) -> str:
    local = at.astimezone()
    return f"{local.day} {local:%B}"
