"""How does a set of questions stand with one learner: what may be seen, what was answered?"""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import Any

from course_support.quiz.numbers import Measured, read_number
from course_support.quiz.questions import Answer, Question
from course_support.quiz.recording import Recorder
from course_support.quiz.rendering import code, markdown
from course_support.quiz.standing import Standing
from course_support.verdicts import Verdict


class Session:
    """One learner's way through a set of questions; the only place where answers are judged.

    Safe to use from several threads: clicks may arrive in another thread than the cells.

    `recorder`, where there is one, is called after each answer that was judged and counted.

    Attributes:
        title: what the set is called, may be empty.
        spec: the questions as they may be sent before any answer: no key, reason, hint or
            proof. It never changes.
    """

    def __init__(
        self, questions: Sequence[Question], title: str = "", recorder: Recorder | None = None
    ) -> None:
        self.title = title
        self.questions = tuple(questions)
        self._standings = {question.id: Standing(question) for question in self.questions}
        self._lock = RLock()
        self._recorder = recorder
        total = len(self.questions)
        public = [_public(question, n, total) for n, question in enumerate(self.questions, 1)]
        self.spec: dict[str, Any] = {"title": title, "questions": public}

    def __repr__(self) -> str:
        state = self.state()
        return f"<Session {self.title or 'of questions'}: {state['done']} of {state['total']} done>"

    def state(self) -> dict[str, Any]:
        """What may be seen now, ready for JSON."""
        with self._lock:
            standings = self._standings.values()
            return {
                "done": sum(standing.over for standing in standings),
                "total": len(self.questions),
                "questions": {s.question.id: s.shown() for s in standings},
            }

    def answer(self, question_id: str, answer: Answer) -> Verdict:
        """Judge an answer, count it and say what comes next.

        An answer equal to the last one is not counted again (a double click), nor is an
        empty one, nor one to a question that is over.

        Raises:
            LookupError: an unknown question or option; the text lists the known ones.
            ValueError: not one option for each blank.
        """
        with self._lock:
            standing = self._standing(question_id)
            used = standing.used
            verdict = standing.answer(answer)
            if standing.used > used:
                self._record(standing)
            return verdict

    def hint(self, question_id: str) -> str:
        """The next hint, as Markdown.

        Raises:
            LookupError: an unknown question, or no hint is left.
        """
        with self._lock:
            return self._standing(question_id).hint()

    def flip(self, question_id: str) -> None:
        """Show the back of a card, or what a recall is compared with. Others have no back."""
        with self._lock:
            standing = self._standing(question_id)
            standing.flipped = standing.question.form.turns

    def solution(self, question_id: str) -> str:
        """The answer, the worked steps, common mistakes and the quick check.

        Raises:
            LookupError: an unknown question, or one that is not over yet.
        """
        with self._lock:
            standing = self._standing(question_id)
            if not standing.over:
                raise LookupError(f"'{question_id}' comes first. Attempts left: {standing.left}.")
            return standing.question.solution()

    def measure(self, question_id: str, value: float) -> Measured:
        """Tell a prediction the number that was measured; the guess is judged by it.

        Raises:
            LookupError: an unknown question.
            ValueError: its number is not left to a measurement.
        """
        with self._lock:
            standing = self._standing(question_id)
            if not standing.question.form.measures(standing.question):
                raise ValueError(f"'{question_id}' does not ask for a measured number.")
            judged = standing.last is not None
            found = standing.measure(read_number(value))
            if standing.last is not None and not judged:
                self._record(standing)
            return found

    def again(self, question_id: str) -> None:
        """Start a question anew, with all its attempts; hints stay as they are."""
        with self._lock:
            self._standing(question_id).restart()

    def only(self) -> str:
        """The id of the only question.

        Raises:
            LookupError: there are several; the text lists their ids.
        """
        if len(self.questions) == 1:
            return self.questions[0].id
        raise LookupError(
            f"Name the question as well. The questions are: {', '.join(self._standings)}."
        )

    def _record(self, standing: Standing) -> None:
        """Tell the recorder how the last answer was judged; a guess has one attempt."""
        if self._recorder and standing.last is not None:
            attempt = max(standing.used, 1)
            self._recorder(
                standing.question, standing.given, standing.last, attempt, standing.hints
            )

    def _standing(self, question_id: str) -> Standing:
        if question_id not in self._standings:
            raise LookupError(
                f"There is no question {question_id!r} in this set. "
                f"The questions are: {', '.join(self._standings)}."
            )
        return self._standings[question_id]


def _public(question: Question, number: int, total: int) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "level": question.level,
        "objective": question.aim,
        "number": number,
        "total": total,
        "prompt_html": markdown(question.prompt),
        "code_html": code(question.code) if question.code else "",
        "attempts": question.attempts,
        "hints_total": len(question.hints),
        "turns": question.form.turns,
        "patience_s": question.form.patience_s,
        **question.form.public(question),
    }
