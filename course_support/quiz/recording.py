"""What is noted of an answer, a check and a hint?"""

from __future__ import annotations

import itertools
from typing import Protocol

from course_support.quiz.outline import outlines
from course_support.quiz.progress import store
from course_support.quiz.questions import Answer, Question
from course_support.quiz.recall import Deck
from course_support.verdicts import Report, Verdict


class Recorder(Protocol):
    """What a `Session` tells of each answer that was judged and counted."""

    def __call__(
        self, question: Question, given: Answer, verdict: Verdict, attempt: int, hints: int
    ) -> object:
        """`attempt` counts from 1; `hints` says how many had been given by then."""


def note_answer(
    question: Question, given: Answer, verdict: Verdict, attempt: int, hints: int
) -> None:
    """Note an answer to a question, or how a turned card was known and when it comes back.

    A question whose last attempt was wrong makes the cards of its objective due.
    """
    store().record(
        kind="card" if question.kind == "card" else "answer",
        key=question.id,
        lesson=question.lesson,
        outcome=verdict.outcome,
        detail={
            "given": given,
            "attempt": attempt,
            "hints": hints,
            "kind": question.kind,
            "section": question.section,
            "objective": question.objective,
        },
    )
    if question.kind == "card":
        Deck(store()).review(question.id, str(given))
    elif not verdict and attempt >= question.attempts:
        Deck(store()).bring_back(_cards_about(question))


def _cards_about(question: Question) -> list[str]:
    """The cards of a question's objective: those that help whoever did not solve it."""
    about = (outline.asked for outline in outlines() if outline.lesson == question.lesson)
    return [
        asked.id
        for asked in itertools.chain.from_iterable(about)
        if asked.kind == "card" and asked.objective == question.objective
    ]


def note_check(report: Report, lesson: str) -> None:
    """Note what the checks of an exercise said."""
    store().record(
        kind="check",
        key=report.exercise,
        lesson=lesson,
        outcome=report.outcome,
        detail={"passed": report.passed, "total": len(report.verdicts)},
    )


def note_hint(exercise: str, lesson: str, number: int, total: int) -> None:
    """Note that a learner has asked for hint `number` of an exercise's `total`."""
    detail = {"number": number, "total": total}
    store().record(kind="hint", key=exercise, lesson=lesson, outcome="given", detail=detail)
