"""Predict what a piece of code prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import EACH, HELP, Kind, count, named
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question

_PROOF = """
import io
from contextlib import redirect_stdout
from course_support.quiz.kinds.predict import lines
with redirect_stdout(io.StringIO()) as printed:
    await run(question.code)
assert lines(printed.getvalue()) == lines(question.output), f"it prints {printed.getvalue()!r}"
"""


class Predict(Kind):
    """Type what the code prints; trailing blanks do not count."""

    name = "predict"
    about = "Type what `code` prints; the proof runs it and compares with `output`."
    title = "This is what the code prints"
    ask = "Write what the code prints, line by line."
    minutes = 1.5
    required = EACH | HELP | {"code", "output", "options"}
    optional = frozenset(("source", "attempts", "proof"))
    option_keys = ("text", "why", "misconception")
    option_required = ("text", "why")
    least_options = 1

    def check(self, entry: Entry, question: Question) -> None:
        """No wrong output is the right one."""
        if any(lines(option.text) == lines(question.output) for option in question.options):
            raise entry.error("an option is the right output: 'options' holds wrong ones.")

    def proof(self) -> str:
        """The code is run."""
        return _PROOF

    def mistaken(self, question: Question) -> Iterator[Question]:
        """It is said to print each of the other things."""
        for option in question.options:
            yield replace(question, output=option.text)

    def read(self, question: Question, answer: Any) -> str | None:
        """Text, without trailing blanks."""
        if not isinstance(answer, str | None):
            raise TypeError(f"'{question.id}' takes the printed text as a string, not {answer!r}.")
        return "\n".join(lines(answer or "")) or None

    def judge(self, question: Question, given: str) -> Verdict:
        """Which lines differ; for a mistake that is known, why."""
        typed, right = lines(given), lines(question.output)
        if typed == right:
            return self.verdict(Outcome.CORRECT)
        known = next((o.why for o in question.options if lines(o.text) == typed), "")
        seen = f"{_compared(typed, right)}\n\n{known}".strip()
        return self.verdict(Outcome.INCORRECT, seen, "Follow the code once more, then check again.")

    def places(self, question: Question, given: str) -> tuple[bool, ...]:
        """For each line typed, whether the code prints it there."""
        right = lines(question.output)
        pairs = zip_longest(lines(given), right[: len(lines(given))])
        return tuple(typed == wanted for typed, wanted in pairs)

    def shown(self, question: Question) -> list[Option]:
        """None: they are wrong answers."""
        return []

    def key(self, question: Question) -> str:
        """What is printed."""
        return "\n".join(lines(question.output))

    def reasons(self, question: Question) -> dict[str, str]:
        """Each wrong output that people expect, with its reason."""
        return {"\n".join(lines(option.text)): option.why for option in question.options}

    def solution(self, question: Question) -> str:
        """What is printed."""
        return f"It prints:\n{self.key(question)}"

    def call(self, question: Question) -> str:
        """Text of several lines."""
        return '.answer("""...""")'


def lines(text: str) -> list[str]:
    """The lines of a text without what cannot be seen: blanks at their ends, empty ones around."""
    return [line.rstrip() for line in text.strip("\n").rstrip().splitlines()]


def _compared(typed: list[str], right: list[str]) -> str:
    if len(typed) != len(right):
        return f"It prints {count(len(right), 'line')}, not {len(typed)}."
    wrong = [n for n, (one, other) in enumerate(zip(typed, right, strict=True), 1) if one != other]
    verb = "differs" if len(wrong) == 1 else "differ"
    return f"{named(wrong, 'line').capitalize()} {verb}."
