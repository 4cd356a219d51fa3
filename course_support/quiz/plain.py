"""What does a set of questions look like where no widget can show?"""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any

from course_support.quiz import rendering
from course_support.quiz.kinds.base import Listing
from course_support.quiz.numbers import Measured
from course_support.quiz.questions import Answer, Question
from course_support.quiz.running import Runs, run_completed
from course_support.quiz.session import Session
from course_support.verdicts import Verdict


def text(session: Session) -> str:
    """The questions and their options as plain text, without the key."""
    total = len(session.questions)
    parts = [_text(question, n, total) for n, question in enumerate(session.questions, 1)]
    return "\n\n".join(parts)


def html(session: Session) -> str:
    """The questions and their options as HTML that needs neither script nor style."""
    total = len(session.questions)
    parts = (_html(question, n, total) for n, question in enumerate(session.questions, 1))
    return f"<div class='aq-static'>{''.join(parts)}</div>"


def how_to_answer(question: Question) -> str:
    """The line of Python that answers this question, with dots for the answer."""
    return f'quiz("{question.lesson}", "{question.id}")' + question.form.call(question)


class Answers:
    """What Python can do with a shown set; shared by the widget and `PlainQuiz`.

    Where the set has one question its id may be left out.
    """

    session: Session

    def answer(self, *id_and_answer: Any) -> Verdict:
        """`answer("a")`, or `answer("question_id", "a")` where the set has several questions.

        Raises:
            LookupError: an unknown question or option; the text lists the known ones.
            TypeError: neither an answer, nor a question and an answer.
        """
        if len(id_and_answer) not in (1, 2):
            raise TypeError('Write answer("option"), or answer("question_id", "option").')
        *named, given = id_and_answer
        answer: Answer = given
        return self.session.answer(self._id(*named), answer)

    def hint(self, question_id: str | None = None) -> str:
        """The next hint; LookupError when there is none left."""
        return self.session.hint(self._id(question_id))

    def flip(self, question_id: str | None = None) -> str:
        """Turn a card or a recall; the back, or the list to compare with, as Markdown."""
        found = self._id(question_id)
        self.session.flip(found)
        question = next(q for q in self.session.questions if q.id == found)
        return question.form.solution(question) if question.form.turns else ""

    def solution(self, question_id: str | None = None) -> str:
        """The answer and the worked steps, once the question is over; LookupError before."""
        return self.session.solution(self._id(question_id))

    async def run(self) -> Runs:
        """Run the code of each answered question, as it was completed last, and show it.

        What the code raises is part of what is shown.
        """
        return await run_completed(self.session)

    def measured(self, *id_and_value: Any) -> Measured:
        """`measured(1.04)`: what a prediction asked for, now measured; the guess stands beside it.

        Raises:
            LookupError: an unknown question.
            ValueError: its number is not left to a measurement.
        """
        *named, value = id_and_value
        return self.session.measure(self._id(*named), value)

    def again(self, question_id: str | None = None) -> None:
        """Start a question anew."""
        self.session.again(self._id(question_id))

    def _id(self, question_id: str | None = None) -> str:
        return self.session.only() if question_id is None else question_id


class PlainQuiz(Answers):
    """A set of questions without a widget: read it, then answer in Python."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __repr__(self) -> str:
        return text(self.session)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": text(self.session), "text/html": html(self.session)}


def _text(question: Question, number: int, total: int) -> str:
    parts = [
        f"{question.form.noun} {number} of {total} ({question.level})",
        question.prompt.strip(),
    ]
    if question.code:
        parts.append(textwrap.indent(question.form.code(question).strip("\n"), "    "))
    parts += map(_listing_text, question.form.listings(question))
    parts.append(f"Answer with {how_to_answer(question)}")
    return "\n\n".join(parts)


def _listing_text(listing: Listing) -> str:
    rows = [_row_text(*row) for row in listing.rows]
    return "\n".join([listing.title, *rows] if listing.title else rows)


def _row_text(label: str, text: str) -> str:
    if text == label:
        return f"  {label}"
    lines = text.strip("\n").rstrip().splitlines()
    below = len(lines) > 1
    return f"  {label}:" + "".join(f"\n      {line}" if below else f" {line}" for line in lines)


def _html(question: Question, number: int, total: int) -> str:
    parts = [
        f"<p><strong>{question.form.noun} {number} of {total}</strong> ({question.level})</p>",
        rendering.markdown(question.prompt),
    ]
    if question.code:
        shown = question.form.code(question).strip("\n")
        parts.append(f"<pre><code>{escape(shown)}</code></pre>")
    parts += map(_listing_html, question.form.listings(question))
    parts.append(f"<p>Answer with <code>{escape(how_to_answer(question))}</code></p>")
    return "".join(parts)


def _listing_html(listing: Listing) -> str:
    title = f"<p>{escape(listing.title)}</p>" if listing.title else ""
    draw = _code_html if listing.is_code else rendering.phrase
    rows = (f"<li><code>{escape(label)}</code>: {draw(text)}</li>" for label, text in listing.rows)
    return f"{title}<ul>{''.join(rows)}</ul>"


def _code_html(text: str) -> str:
    return f"<code style='white-space:pre'>{escape(text)}</code>"
