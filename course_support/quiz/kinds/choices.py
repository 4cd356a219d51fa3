"""Choose all options that apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import Kind, count, key_or_list
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question


class Choices(Kind):
    """Choose all options that apply; of those not chosen only their number is told."""

    name = "choices"
    about = "Choose all options that apply, of at least three."
    title = "The options chosen are those that apply, and all of them"
    ask = "Choose every option that applies."
    attempts = 3
    option_keys = ("key", "text", "why", "misconception", "right")
    least_options = 3

    def built(self, values: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
        """The answer is all options that are marked as right."""
        return {"options": options, "answer": tuple(o.key for o in options if o.right)}

    def check(self, entry: Entry, question: Question) -> None:
        """Some are right, and some are not."""
        if not 0 < len(question.answer) < len(question.options):
            raise entry.error(
                f"some options have right = true and some have not: {len(question.answer)} of "
                f"{len(question.options)} have it."
            )

    def mistaken(self, question: Question) -> Iterator[Question]:
        """Each wrong option is called right, and each right one wrong, as long as one is left."""
        for option in question.options:
            keys = set(question.answer) ^ {option.key}
            options = tuple(replace(one, right=one.key in keys) for one in question.options)
            if keys:
                answer = tuple(one.key for one in options if one.right)
                yield replace(question, options=options, answer=answer)

    def read(self, question: Question, answer: Any) -> list[str] | None:
        """Keys, in the order in which the options are shown; a lone key will do."""
        chosen = key_or_list(question, answer)
        if chosen is None:
            return None
        keys = [chosen] if isinstance(chosen, str) else list(chosen)
        chosen_keys = {question.option(key).key for key in keys}
        return [option.key for option in self.shown(question) if option.key in chosen_keys]

    def judge(self, question: Question, given: list[str]) -> Verdict:
        """What fits, why the others do not, and how many are missing."""
        wrong = [key for key in given if key not in question.answer]
        missing = len(set(question.answer) - set(given))
        if not wrong and not missing:
            return self.verdict(Outcome.CORRECT)
        right = len(given) - len(wrong)
        parts = [f"{right} of the {count(len(given), 'option')} chosen {_verb(right, 'fit')}."]
        parts += [f"{_quoted(question, key)}: {question.option(key).why}" for key in wrong]
        if missing:
            parts.append(f"{missing} more {_verb(missing, 'belong')} to the answer.")
        step = "Take out what does not fit" if wrong else "Look for what is missing"
        return self.verdict(Outcome.INCORRECT, "\n\n".join(parts), f"{step}, then check again.")

    def places(self, question: Question, given: list[str]) -> tuple[bool, ...]:
        """For each option chosen, whether it belongs to the answer."""
        return tuple(key in question.answer for key in given)

    def call(self, question: Question) -> str:
        """A list of keys."""
        return '.answer(["...", "..."])'


def _verb(n: int, verb: str) -> str:
    return f"{verb}s" if n == 1 else verb


def _quoted(question: Question, key: str) -> str:
    text = question.option(key).text.strip()
    return f"Option `{key}`" if "\n" in text else text.rstrip(".:")
