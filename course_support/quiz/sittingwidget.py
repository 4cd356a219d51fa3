"""How is a test answered in a notebook? A `QuizWidget` that also times, ends and draws anew."""

from __future__ import annotations

from html import escape
from typing import Any

from course_support.quiz import plain, resultview, widgets
from course_support.quiz.results import Result
from course_support.quiz.sitting import Sitting


class SittingView:
    """What Python can do with a shown test; shared by the widget and `PlainSitting`."""

    session: Sitting

    @property
    def result(self) -> Result | None:
        """The verdicts, once every question is answered; None before."""
        return self.session.result()

    def timer(self, act: str, minutes: float | None = None) -> None:
        """`timer("start")`, `timer("extend")` or `timer("stop")`.

        Raises:
            LookupError: another word.
            ValueError: `minutes` is not above 0.
        """
        self.session.set_timer(act, minutes)

    def new_draw(self) -> None:
        """Draw anew; what was answered so far is left behind."""
        self.session = self.session.following()


class PlainSitting(SittingView, plain.PlainQuiz):
    """A test without a widget: read it, then answer in Python."""

    session: Sitting

    def __init__(self, session: Sitting) -> None:
        super().__init__(session)

    def __repr__(self) -> str:
        return text(self.session)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": text(self.session), "text/html": html(self.session)}


class SittingWidget(SittingView, widgets.QuizWidget):
    """A test, to answer by mouse, touch, keyboard or in Python."""

    _esm = widgets.bundled("js", "sitting.js")
    _css = widgets.bundled("css", "sitting.css")

    session: Sitting

    def timer(self, act: str, minutes: float | None = None) -> None:
        """`timer("start")`, `timer("extend")` or `timer("stop")`.

        Raises:
            LookupError: another word.
            ValueError: `minutes` is not above 0.
        """
        self._told(lambda: self.session.set_timer(act, minutes))

    def new_draw(self) -> None:
        """Draw anew; what was answered so far is left behind."""
        with self._grading, self.hold_sync():
            self.session = self.session.following()
            self.spec, self.draft = self.session.spec, {}
            self._turn += 1
            self.state = self._now()

    def __repr__(self) -> str:
        return text(self.session)

    def _card(self) -> dict[str, str]:
        body = html(self.session) + widgets.INVITATION
        return {"text/plain": text(self.session), "text/html": widgets.fallback(body)}

    def _do(self, message: Any) -> None:
        match message:
            case {"do": "timer", "act": str(act)}:
                self.session.set_timer(act)
            case {"do": "draw"}:
                if self.session.result():
                    self.new_draw()
            case _:
                super()._do(message)


def text(session: Sitting) -> str:
    """The result, or the questions with the line that answers each."""
    if found := session.result():
        return resultview.text(found, session.paper)
    done = f"{session.title}, {session.state()['done']} of {len(session.questions)} answered"
    return f"{done}\n\n{_own_calls(session, plain.text(session))}"


def html(session: Sitting) -> str:
    """The same as HTML that needs neither script nor style."""
    if found := session.result():
        return f"<h4>{escape(session.title)}</h4>{resultview.html(found, session.paper)}"
    return _own_calls(session, plain.html(session), escape)


def _own_calls(session: Sitting, shown: str, quoted: Any = str) -> str:
    """The lines that answer a question, with the test named in them and not its lesson."""
    name = "" if session.paper.is_course else f'"{session.paper.name}"'
    for question in session.questions:
        usual = f'quiz("{question.lesson}", "{question.id}").answer('
        own = f'quiz.{session.paper.form}({name}).answer("{question.id}", '
        shown = shown.replace(quoted(usual), quoted(own))
    return shown
