"""How does one question stand with one learner?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from course_support.quiz.numbers import Measured, beside, read_number, shown
from course_support.quiz.questions import Answer, Question
from course_support.quiz.rendering import markdown, phrase
from course_support.verdicts import Outcome, Verdict


@dataclass
class Standing:
    """How one question stands.

    Attributes:
        last: the verdict on `given`, the last answer that was judged and counted.
        note: what to say of an answer that was not judged, such as an empty blank.
        measured: the right number, once the lesson has measured it.
    """

    question: Question
    last: Verdict | None = None
    given: Answer = None
    used: int = 0
    measured: float | None = None
    hints: int = 0
    flipped: bool = False
    note: str = ""

    @property
    def left(self) -> int:
        return 0 if self.over else self.question.attempts - self.used

    @property
    def over(self) -> bool:
        judged = self.measured is not None and self.last is not None
        return bool(self.last) or self.used >= self.question.attempts or judged

    def restart(self) -> None:
        self.last, self.given, self.used, self.flipped, self.note = None, None, 0, False, ""
        self.measured = None

    def measure(self, value: float) -> Measured:
        """Judge the guess by what was measured; a second run measures, and judges, anew.

        Without a guess nothing is judged or revealed, so that "Run All" spoils no question.
        """
        self.measured = value
        if self.given is None:
            seen = f"Measured: {shown(value, self.question.unit)}. No guess was made before."
            verdict = Verdict(Outcome.NOT_ATTEMPTED, "A guess comes before the run", seen)
        else:
            verdict = self.last = self.question.judge(self.given, value)
            self.note = ""
        guess = None if self.given is None else read_number(self.given)
        return Measured(guess, value, self.question.unit, verdict)

    def hint(self) -> str:
        if self.hints == len(self.question.hints):
            had = "has no hints" if not self.hints else f"has no hint beyond its {self.hints}"
            raise LookupError(f"'{self.question.id}' {had}.")
        self.hints += 1
        return self.question.hints[self.hints - 1]

    def answer(self, answer: Answer) -> Verdict:
        if self.question.kind == "card" and not self.flipped:
            return self.question.judge(None)
        verdict = self.question.judge(answer, self.measured)
        if verdict.outcome is not Outcome.NOT_ATTEMPTED:
            self._count(_plain(self.question, answer), verdict)
        elif not self.over:
            self.note = verdict.seen
            if self.question.kind == "number" and answer:
                self.given, self.note = read_number(answer), f"{verdict.seen} {verdict.next_step}"
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
            "measured": self.measured if self.over else None,
            "given": self.given,
            "places": list(question.places(self.given)) if has_places else [],
            "feedback_html": self._feedback(),
            "hints_html": [phrase(hint) for hint in question.hints[: self.hints]],
            "flipped": self.flipped,
            "back_html": markdown(question.back) if self.flipped and question.back else "",
            "reveal": _reveal(question) if self.over else None,
        }

    def _feedback(self) -> str:
        if self.measured is not None and self.last is not None:
            picture = beside(read_number(self.given), self.measured, self.question.unit)
            return picture + phrase(self.last.seen)
        if self.note or self.last is None:
            return phrase(self.note)
        is_card = self.question.kind == "card"
        return phrase(self.last.next_step if is_card else self.last.seen)


def _plain(question: Question, answer: Answer) -> Any:
    """The answer as it goes into JSON: a key, or a list of one a blank."""
    if question.kind == "number":
        return read_number(answer)
    if question.kind != "blanks" or answer is None or isinstance(answer, float):
        return answer
    return [answer] if isinstance(answer, str) else list(answer)


def _reveal(question: Question) -> dict[str, Any]:
    answer = list(question.answer) if question.kind == "blanks" else "".join(question.answer)
    if question.number is not None:
        answer = shown(question.number, question.unit)
    return {
        "answer": answer,
        "why_html": {o.key: phrase(o.why) for o in question.options if o.why},
        "steps_html": [phrase(step) for step in question.steps],
        "mistakes_html": [phrase(mistake) for mistake in question.mistakes],
        "quick_check_html": phrase(question.quick_check),
    }
