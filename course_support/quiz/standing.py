"""How does one question stand with one learner?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from course_support.quiz.numbers import Measured, beside, read_number, shown
from course_support.quiz.questions import Answer, Question
from course_support.quiz.rendering import phrase
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
        question = self.question
        if question.form.turns and not self.flipped:
            return question.judge(None)
        given = question.read(answer)
        verdict = question.judge(answer, self.measured)
        if verdict.outcome is not Outcome.NOT_ATTEMPTED:
            self._count(given, verdict)
        elif not self.over:
            self.note = verdict.seen
            if question.form.measures(question) and given is not None:
                self.given, self.note = given, f"{verdict.seen} {verdict.next_step}"
        return self._with_next_step(verdict)

    def _count(self, given: Any, verdict: Verdict) -> None:
        if self.over:
            return
        if self.last is None or given != self.given:
            self.given, self.used = given, self.used + 1
        self.last, self.note = verdict, ""

    def _with_next_step(self, verdict: Verdict) -> Verdict:
        if verdict or verdict.outcome is Outcome.NOT_ATTEMPTED or self.question.form.turns:
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
        judged = self.last is not None
        return {
            "outcome": "" if self.last is None else str(self.last.outcome),
            "over": self.over,
            "attempts_left": self.left,
            "measured": self.measured if self.over else None,
            "given": self.given,
            "places": list(question.form.places(question, self.given)) if judged else [],
            "feedback_html": self._feedback(),
            "hints_html": [phrase(hint) for hint in question.hints[: self.hints]],
            "flipped": self.flipped,
            "back": question.form.after_turning(question) if self.flipped else None,
            "reveal": _reveal(question) if self.over else None,
        }

    def _feedback(self) -> str:
        if self.measured is not None and self.last is not None:
            picture = beside(read_number(self.given), self.measured, self.question.unit)
            return picture + phrase(self.last.seen)
        if self.note or self.last is None:
            return phrase(self.note)
        told = [self.last.seen, f"`{self.last.line}`" if self.last.line else ""]
        if self.question.form.turns:
            told.append(self.last.next_step)
        return phrase("\n\n".join(part for part in told if part))


def _reveal(question: Question) -> dict[str, Any]:
    form = question.form
    return {
        "answer": form.key(question),
        "why_html": {key: phrase(why) for key, why in form.reasons(question).items()},
        "steps_html": [phrase(step) for step in question.steps],
        "mistakes_html": [phrase(mistake) for mistake in question.mistakes],
        "quick_check_html": phrase(question.quick_check),
    }
