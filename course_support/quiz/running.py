"""What does code do that has just been completed? Run it here, on the loop of the cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from course_support.quiz.executing import execute
from course_support.quiz.questions import CODE, Question
from course_support.quiz.session import Session

__all__ = ["Ran", "Runs", "execute", "run_completed"]


@dataclass(frozen=True)
class Ran:
    """One run of the code as a learner completed it.

    Attributes:
        filled: what was put into the blanks.
        result: the value shown, or "Type: message" of what was raised.
        raised: whether it raised.
    """

    question_id: str
    filled: tuple[str, ...]
    result: str
    raised: bool = False

    def __str__(self) -> str:
        return f"{self.question_id}, with {', '.join(self.filled)}:\n    {self.result}"


class Runs:
    """The runs of a set, to look at."""

    def __init__(self, runs: Sequence[Ran]) -> None:
        self.runs = tuple(runs)

    def __repr__(self) -> str:
        if not self.runs:
            return "Nothing to run yet: answer a question above, then run this cell again."
        return "\n".join(map(str, self.runs))

    def _repr_html_(self) -> str:
        if not self.runs:
            return f"<p>{escape(repr(self))}</p>"
        return f"<table><tbody>{''.join(map(_row, self.runs))}</tbody></table>"


def _row(ran: Ran) -> str:
    filled = ", ".join(f"<code>{escape(text)}</code>" for text in ran.filled)
    verb = "raises" if ran.raised else "gives"
    cell = "<td style='text-align:left'>"
    return f"<tr>{cell}With {filled}</td>{cell}{verb} <code>{escape(ran.result)}</code></td></tr>"


async def run_completed(session: Session) -> Runs:
    """Run the code of each question that has been answered, as it was completed last."""
    states = session.state()["questions"]
    wanted = [q for q in session.questions if q.run and states[q.id]["given"]]
    return Runs([await _ran(question, states[question.id]["given"]) for question in wanted])


async def _ran(question: Question, given: Any) -> Ran:
    filled = question.form.texts(question, given)
    source = question.run.replace(CODE, question.completed(*filled).strip("\n"))
    try:
        value = await execute(source, f"<{question.id}>", {"__name__": "__main__"})
    except Exception as error:
        return Ran(question.id, filled, f"{type(error).__name__}: {error}", raised=True)
    return Ran(question.id, filled, repr(value))
