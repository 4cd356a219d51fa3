"""How does a set of questions stand with one learner: what may be seen, what was answered?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any

from course_support.quiz.questions import Answer, Option, Question
from course_support.quiz.rendering import code, markdown, phrase
from course_support.verdicts import Outcome, Verdict


class Session:
    """One learner's way through a set of questions; the only place where answers are judged.

    Safe to use from several threads: clicks may arrive in another thread than the cells.

    Attributes:
        title: what the set is called, may be empty.
        spec: the questions as they may be sent before any answer: no key, reason, hint or
            proof. It never changes.
    """

    def __init__(self, questions: Sequence[Question], title: str = "") -> None:
        self.title = title
        self.questions = tuple(questions)
        self._standings = {question.id: _Standing(question) for question in self.questions}
        self._lock = RLock()
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
            return self._standing(question_id).answer(answer)

    def hint(self, question_id: str) -> str:
        """The next hint, as Markdown.

        Raises:
            LookupError: an unknown question, or no hint is left.
        """
        with self._lock:
            return self._standing(question_id).hint()

    def flip(self, question_id: str) -> None:
        """Show the back of a card. Other kinds have no back: nothing happens."""
        with self._lock:
            standing = self._standing(question_id)
            standing.flipped = standing.question.kind == "card"

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

    def _standing(self, question_id: str) -> _Standing:
        if question_id not in self._standings:
            raise LookupError(
                f"There is no question {question_id!r} in this set. "
                f"The questions are: {', '.join(self._standings)}."
            )
        return self._standings[question_id]


@dataclass
class _Standing:
    """How one question stands.

    Attributes:
        last: the verdict on `given`, the last answer that was judged and counted.
        note: what to say of an answer that was not judged, such as an empty blank.
    """

    question: Question
    last: Verdict | None = None
    given: Answer = None
    used: int = 0
    hints: int = 0
    flipped: bool = False
    note: str = ""

    @property
    def left(self) -> int:
        return 0 if self.over else self.question.attempts - self.used

    @property
    def over(self) -> bool:
        return bool(self.last) or self.used >= self.question.attempts

    def restart(self) -> None:
        self.last, self.given, self.used, self.flipped, self.note = None, None, 0, False, ""

    def hint(self) -> str:
        if self.hints == len(self.question.hints):
            had = "has no hints" if not self.hints else f"has no hint beyond its {self.hints}"
            raise LookupError(f"'{self.question.id}' {had}.")
        self.hints += 1
        return self.question.hints[self.hints - 1]

    def answer(self, answer: Answer) -> Verdict:
        if self.question.kind == "card" and not self.flipped:
            return self.question.judge(None)
        verdict = self.question.judge(answer)
        if verdict.outcome is not Outcome.NOT_ATTEMPTED:
            self._count(_plain(self.question, answer), verdict)
        elif not self.over:
            self.note = verdict.seen
        return self._with_next_step(verdict)

    def _count(self, given: Any, verdict: Verdict) -> None:
        if self.over:
            return
        if self.last is None or given != self.given:
            self.given, self.used = given, self.used + 1
        self.last, self.note = verdict, ""

    def _with_next_step(self, verdict: Verdict) -> Verdict:
        if verdict.outcome is not Outcome.INCORRECT or self.question.kind == "card":
            return verdict
        if self.over:
            state = "Solved already." if self.last else "No attempts left."
            return replace(verdict, next_step=f"{state} {self.question.solution()}")
        hints = len(self.question.hints) - self.hints
        counts = f"Attempts left: {self.left}. Hints left: {hints}."
        return replace(verdict, next_step=f"{verdict.next_step} {counts}")

    def shown(self) -> dict[str, Any]:
        """This question's part of the state."""
        question = self.question
        has_places = question.kind == "blanks" and self.last is not None
        return {
            "outcome": "" if self.last is None else str(self.last.outcome),
            "over": self.over,
            "attempts_left": self.left,
            "given": self.given,
            "places": list(question.places(self.given)) if has_places else [],
            "feedback_html": self._feedback(),
            "hints_html": [phrase(hint) for hint in question.hints[: self.hints]],
            "flipped": self.flipped,
            "back_html": markdown(question.back) if self.flipped and question.back else "",
            "reveal": _reveal(question) if self.over else None,
        }

    def _feedback(self) -> str:
        if self.note or self.last is None:
            return phrase(self.note)
        is_card = self.question.kind == "card"
        return phrase(self.last.next_step if is_card else self.last.seen)


def _plain(question: Question, answer: Answer) -> Any:
    """The answer as it goes into JSON: a key, or a list of one a blank."""
    if question.kind != "blanks" or answer is None:
        return answer
    return [answer] if isinstance(answer, str) else list(answer)


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
        "options": [_public_option(question, option) for option in shuffled(question)],
        "blanks": question.blanks,
        "reuse": question.reuse,
        "attempts": question.attempts,
        "hints_total": len(question.hints),
    }


def _public_option(question: Question, option: Option) -> dict[str, str]:
    if question.kind == "blanks":
        return {"key": option.key, "text": option.text}
    return {"key": option.key, "html": phrase(option.text)}


def shuffled(question: Question) -> list[Option]:
    """The options in the order in which they are shown: another than written, always the same."""
    options = list(question.options)
    random.Random(question.id).shuffle(options)
    return options


def _reveal(question: Question) -> dict[str, Any]:
    answer = list(question.answer) if question.kind == "blanks" else "".join(question.answer)
    return {
        "answer": answer,
        "why_html": {o.key: phrase(o.why) for o in question.options if o.why},
        "steps_html": [phrase(step) for step in question.steps],
        "mistakes_html": [phrase(mistake) for mistake in question.mistakes],
        "quick_check_html": phrase(question.quick_check),
    }
