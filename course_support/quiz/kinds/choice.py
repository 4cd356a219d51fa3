"""Choose one option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import Kind, key_or_list
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question


class Choice(Kind):
    """Choose one option."""

    name = "choice"
    about = "Choose one of at least three options."
    title = "The option chosen answers the question"
    ask = "Choose one of the options."
    option_keys = ("key", "text", "why", "misconception", "right")
    least_options = 3

    def built(self, values: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
        """The answer is the option that is marked as right."""
        return {"options": options, "answer": tuple(o.key for o in options if o.right)}

    def check(self, entry: Entry, question: Question) -> None:
        """Exactly one is right."""
        if len(question.answer) != 1:
            raise entry.error(f"exactly one option has right = true, not {len(question.answer)}.")

    def mistaken(self, question: Question) -> Iterator[Question]:
        """Each other option is called right."""
        for key in (option.key for option in question.options if not option.right):
            options = tuple(replace(option, right=option.key == key) for option in question.options)
            yield replace(question, options=options, answer=(key,))

    def read(self, question: Question, answer: Any) -> str | None:
        """A key."""
        chosen = key_or_list(question, answer)
        if isinstance(chosen, list | tuple):
            raise ValueError(f"'{question.id}' takes one answer as a string, not {answer!r}.")
        return question.option(chosen).key if chosen else None

    def judge(self, question: Question, given: str) -> Verdict:
        """The reason of the option chosen."""
        why = question.option(given).why
        if given in question.answer:
            return self.verdict(Outcome.CORRECT, why)
        return self.verdict(Outcome.INCORRECT, why, "Read the reason, then choose another option.")

    def key(self, question: Question) -> str:
        """The right option's key."""
        return "".join(question.answer)
