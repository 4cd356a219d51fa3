"""Say a number, which may be measured later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import EACH, HELP, SHOWN_CODE, Kind
from course_support.quiz.numbers import judge_number, read_number, shown
from course_support.verdicts import Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.questions import Question


class Number(Kind):
    """A number above 0, right within a tolerance; without a key of its own, a prediction."""

    name = "number"
    about = "Say a number; without `number` the lesson measures the right one."
    title = "The guess is near the right number"
    ask = "Write a number."
    attempts = 1
    required = EACH | HELP | {"proof", "unit", "beliefs"}
    optional = SHOWN_CODE | {"number", "tolerance"}

    def check(self, entry: Entry, question: Question) -> None:
        """At least one wrong number is answered with a reason."""
        if not question.beliefs:
            raise entry.error("'beliefs' has at least one wrong number, with its 'why'.")
        if not 0 < question.tolerance < 1:
            raise entry.error(f"'tolerance' is a share between 0 and 1, not {question.tolerance}.")
        for belief in question.beliefs:
            if not belief.why.strip() or belief.value <= 0:
                raise entry.error(f"a belief has a 'value' above 0 and a 'why': {belief}.")

    def mistaken(self, question: Question) -> Iterator[Question]:
        """Each number that people expect is said to be right; none where it is measured."""
        if question.number is not None:
            for belief in question.beliefs:
                yield replace(question, number=belief.value)

    def read(self, question: Question, answer: Any) -> float | None:
        """A number above 0."""
        return None if answer in (None, "") else read_number(answer)

    def judge(self, question: Question, given: float) -> Verdict:
        """Near or not; noted, where the right number is not known yet."""
        if question.number is not None:
            right, unit = question.number, question.unit
            return judge_number(given, right, unit, question.tolerance, question.beliefs)
        seen = f"Noted: {shown(given, question.unit)}."
        return self.nothing(seen, "Run the next cells: they measure it.")

    def measures(self, question: Question) -> bool:
        """Without a number of its own it is a prediction."""
        return question.number is None

    def public(self, question: Question) -> dict[str, Any]:
        """The unit, and whether the number will be measured."""
        return {"unit": question.unit, "measured": self.measures(question)}

    def key(self, question: Question) -> str:
        """The number with its unit; empty where it is measured."""
        return "" if question.number is None else shown(question.number, question.unit)

    def solution(self, question: Question) -> str:
        """The number, where it is known."""
        return f"Answer: {self.key(question)}" if question.number is not None else ""

    def call(self, question: Question) -> str:
        """A number."""
        return ".answer(1.5)"
