"""Write from memory, then compare with a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import EACH, Kind, named
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.questions import Question

ENOUGH = 0.75


class Recall(Kind):
    """Free recall: the reader ticks what they had of a list; three quarters of it are enough."""

    name = "recall"
    about = "Write from memory, then tick what you had of `points`."
    title = "At least three quarters of the list were recalled"
    ask = "Write down what you remember, turn to the list, then tick what you had."
    attempts = 1
    minutes = 2.0
    turns = True
    required = EACH | {"points"}
    optional = frozenset(
        ("source", "code", "compiles", "cell", "proof", "hints", "steps", "quick_check", "mistakes")
    )

    def check(self, entry: Entry, question: Question) -> None:
        """There is something to tick."""
        if not 2 <= len(question.points) <= 10:
            raise entry.error(f"'points' has 2 to 10 lines, not {len(question.points)}.")

    def read(self, question: Question, answer: Any) -> list[int] | None:
        """The numbers of the points that were recalled, from 1; an empty list for none."""
        if answer is None or answer == "":
            return None
        ticked = list(answer) if isinstance(answer, list | tuple) else [answer]
        for number in ticked:
            if type(number) is not int or not 1 <= number <= len(question.points):
                raise ValueError(
                    f"'{question.id}' takes a list of the points that you had, numbers from 1 "
                    f"to {len(question.points)}, not {answer!r}."
                )
        return sorted(set(ticked))

    def judge(self, question: Question, given: list[int]) -> Verdict:
        """The share that was ticked, and what was missing."""
        total = len(question.points)
        missing = [n for n in range(1, total + 1) if n not in given]
        seen = f"{len(given)} of {total} recalled."
        if missing:
            seen += f" Missing: {named(missing, 'point')}."
        if len(given) >= ENOUGH * total:
            return self.verdict(Outcome.CORRECT, seen)
        return self.verdict(Outcome.INCORRECT, seen, question.read_again("the list"))

    def places(self, question: Question, given: list[int]) -> tuple[bool, ...]:
        """For each point, whether it was recalled."""
        return tuple(n in given for n in range(1, len(question.points) + 1))

    def public(self, question: Question) -> dict[str, Any]:
        """How long the list is, and no more."""
        return {"points": len(question.points)}

    def after_turning(self, question: Question) -> dict[str, Any]:
        """The list."""
        from course_support.quiz.rendering import phrase

        return {"points_html": [phrase(point) for point in question.points]}

    def key(self, question: Question) -> str:
        """There is none but the list."""
        return ""

    def solution(self, question: Question) -> str:
        """The list, numbered as it is ticked."""
        return "\n".join(f"{n}. {point}" for n, point in enumerate(question.points, 1))

    def call(self, question: Question) -> str:
        """It is turned first."""
        return ".flip()"
