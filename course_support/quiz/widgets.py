"""How does a learner answer in a notebook? One widget over one `Session`.

The page shows, Python judges. The browser sends what was done (`{"do": "answer", ...}`) and gets
one update of `state` for each message; of the synced traits it may write `draft` only, so that no
page can tell itself that it was right.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import anywidget
import traitlets
from IPython.display import display
from ipywidgets import Layout  # type: ignore[import-untyped]
from ipywidgets.widgets.trait_types import InstanceDict  # type: ignore[import-untyped]
from ipywidgets.widgets.widget import widget_serialization  # type: ignore[import-untyped]

from course_support.quiz import plain
from course_support.quiz.numbers import Measured
from course_support.quiz.session import Session
from course_support.verdicts import Verdict

STATIC = Path(__file__).parent / "static"
_PARTS = ("quiz", "helpers", "set", "question", "body", "dragging", "links", "kinds/*")
WIDGET = "application/vnd.jupyter.widget-view+json"
DRAFT_LIMIT = 20_000
T = TypeVar("T")

# The static card waits a moment, unseen, for the widget that takes its place (quiz.css hides the
# card then). In a notebook that was saved and opened again the widget's model is gone: the card
# stays, and the output below it, which would say "Error displaying widget", is hidden.
_CARD_STYLE = """<style>
@keyframes aq-fallback { from { visibility: hidden } to { visibility: visible } }
.aq-fallback { animation: aq-fallback 0s 0.6s both; max-width: 46rem;
  padding: 0.2rem 1.2rem 0.6rem; border: 1px solid var(--jp-border-color2, #8886);
  border-radius: 10px }
.jp-OutputArea-child:has(.aq-fallback)
  + .jp-OutputArea-child:has(.jupyter-widgets):not(:has(.aq-quiz)) { display: none }
</style>"""

INVITATION = "<p>Run this cell in JupyterLab to answer by mouse or keyboard.</p>"


def bundled(ending: str, *more: str) -> str:
    """The page's files with this ending (`js` or `css`) as one, the quiz's first, then `more`."""
    paths = [path for part in _PARTS for path in sorted(STATIC.glob(f"{part}.{ending}"))]
    paths += [STATIC / name for name in more]
    return "\n".join(path.read_text("utf-8") for path in paths)


class QuizWidget(plain.Answers, anywidget.AnyWidget):
    """The questions of one `Session`, to answer by mouse, touch, keyboard or in Python.

    Attributes:
        session: what is asked, and how it stands.
        spec: what the page may know from the start; constant.
        state: what the page may know now, and `turn`, which grows with each message or call, so
            that a page knows from any change that the kernel has heard it.
        draft: what the page keeps for itself: answers not yet sent, and the question shown.
    """

    _esm = bundled("js")
    _css = bundled("css")

    spec = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    draft = traitlets.Dict().tag(sync=True, echo_update=False)
    # No Layout of its own: it would be a second model for each set.
    layout = InstanceDict(Layout, allow_none=True).tag(sync=True, **widget_serialization)

    def __init__(self, session: Session) -> None:
        self.session = session
        self._grading = RLock()
        self._turn = 0
        super().__init__(spec=session.spec, state=self._now(), layout=None)
        self.on_msg(self._heard)

    def answer(self, *id_and_answer: Any) -> Verdict:
        """`answer("a")`, or `answer("question_id", "a")` where the set has several questions.

        Raises:
            LookupError: an unknown question or option; the text lists the known ones.
            ValueError: not one option for each blank.
        """
        return self._told(lambda: plain.Answers.answer(self, *id_and_answer))

    def hint(self, question_id: str | None = None) -> str:
        """The next hint; LookupError when there is none left."""
        return self._told(lambda: plain.Answers.hint(self, question_id))

    def flip(self, question_id: str | None = None) -> str:
        """Turn a card; the back, as Markdown."""
        return self._told(lambda: plain.Answers.flip(self, question_id))

    def measured(self, *id_and_value: Any) -> Measured:
        """`measured(1.04)`: what a prediction asked for, now measured; the guess stands beside it.

        Raises:
            LookupError: an unknown question.
            ValueError: its number is not left to a measurement.
        """
        return self._told(lambda: plain.Answers.measured(self, *id_and_value))

    def again(self, question_id: str | None = None) -> None:
        """Start a question anew, with all its attempts."""
        with self._grading:
            self._told(lambda: plain.Answers.again(self, question_id))
            self._forget(self._id(question_id))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take `draft` from the page and nothing else, whatever the page sends."""
        draft = sync_data.get("draft")
        if isinstance(draft, dict) and len(json.dumps(draft)) <= DRAFT_LIMIT:
            super().set_state({"draft": draft})

    def __repr__(self) -> str:
        return plain.text(self.session)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:  # type: ignore[override]
        return {**self._card(), **self._view()}

    def _ipython_display_(self) -> None:
        """Two outputs, a card that needs nothing and the widget: see `_CARD_STYLE`."""
        display(self._card(), raw=True)  # type: ignore[no-untyped-call]
        display(self._view(), raw=True)  # type: ignore[no-untyped-call]

    def _card(self) -> dict[str, str]:
        body = plain.html(self.session) + INVITATION
        return {"text/plain": plain.text(self.session), "text/html": fallback(body)}

    def _view(self) -> dict[str, Any]:
        return {WIDGET: {"version_major": 2, "version_minor": 1, "model_id": self.model_id}}

    def _now(self) -> dict[str, Any]:
        return {**self.session.state(), "turn": self._turn}

    def _told(self, act: Callable[[], T]) -> T:
        """Do something with the session and send what it led to, in this order in every thread."""
        with self._grading:
            try:
                return act()
            finally:
                self._turn += 1
                self.state = self._now()

    def _forget(self, question_id: str) -> None:
        """Drop the unsent answer to a question."""
        answers = self.draft.get("answers")
        if isinstance(answers, dict) and question_id in answers:
            left = {key: value for key, value in answers.items() if key != question_id}
            self.draft = {**self.draft, "answers": left}

    def _heard(self, _widget: Any, message: Any, _buffers: Any) -> None:
        """A message from the page. One that makes no sense is answered with the state as it is."""
        with suppress(LookupError, TypeError, ValueError):
            self._told(lambda: self._do(message))

    def _do(self, message: Any) -> None:
        match message:
            case {"do": "answer", "id": str(question_id), "answer": given}:
                self.session.answer(question_id, _checked(given))
            case {"do": "hint", "id": str(question_id)}:
                self.session.hint(question_id)
            case {"do": "flip", "id": str(question_id)}:
                self.session.flip(question_id)
            case {"do": "again", "id": str(question_id)}:
                self.session.again(question_id)


def fallback(body: str) -> str:
    """The card that stands in for a widget."""
    return f"{_CARD_STYLE}<div class='aq-fallback'>{body}</div>"


def _checked(given: Any) -> Any:
    """An answer of a shape that a question may have; its kind reads it more closely.

    Raises:
        TypeError: neither text nor a number nor a list of such.
        ValueError: it is longer than any answer.
    """
    parts = given if isinstance(given, list) else [given]
    if not all(part is None or isinstance(part, str | int | float) for part in parts):
        raise TypeError("An answer is text, a number or a list of these.")
    if len(json.dumps(given)) > DRAFT_LIMIT:
        raise ValueError(f"An answer has at most {DRAFT_LIMIT} characters.")
    return given
