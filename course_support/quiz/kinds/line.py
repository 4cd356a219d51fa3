"""Find the line of code in which the error lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import EACH, HELP, Kind
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question


class Line(Kind):
    """Point at a line of the code. An option is a line, named by its text."""

    name = "line"
    about = "Find the line that is wrong; each of `options` is a line of `code`, by its text."
    title = "The error lies in the line that was pointed at"
    ask = "Point at a line of the code."
    required = EACH | HELP | {"code", "options", "proof"}
    optional = frozenset(("source", "attempts", "compiles"))
    option_keys = ("text", "why", "misconception", "right")
    option_required = ("text", "why")
    least_options = 2

    def built(self, values: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
        """The key of an option is the number of its line."""
        known = _stripped(values["code"])
        numbered = tuple(
            replace(o, key=str(known.index(o.text.strip()) + 1) if o.text.strip() in known else "")
            for o in options
        )
        return {"options": numbered, "answer": tuple(o.key for o in numbered if o.right)}

    def check(self, entry: Entry, question: Question) -> None:
        """Each option is just one line; some are right and some are not."""
        known = _stripped(question.code)
        for option in question.options:
            n = known.count(option.text.strip())
            if n != 1:
                raise entry.error(f"the line `{option.text.strip()}` stands in the code {n} times.")
        if not 0 < len(question.answer) < len(question.options):
            raise entry.error("at least one line has right = true, and at least one has not.")

    def mistaken(self, question: Question) -> Iterator[Question]:
        """The error is said to lie in each of the other lines."""
        for option in question.options:
            if not option.right:
                yield replace(question, answer=(option.key,))

    def read(self, question: Question, answer: Any) -> int | None:
        """The number of a line, from 1, or its text."""
        if answer is None or answer == "":
            return None
        known = _stripped(question.code)
        if isinstance(answer, str) and known.count(answer.strip()) == 1:
            return known.index(answer.strip()) + 1
        number = _whole(answer)
        if not 1 <= number <= len(known) or not known[number - 1]:
            raise ValueError(
                f"'{question.id}' takes the number of a line, 1 to {len(known)}, not {answer!r}."
            )
        return number

    def judge(self, question: Question, given: int) -> Verdict:
        """The reason of the line, where it is tempting."""
        option = next((o for o in question.options if o.key == str(given)), None)
        if option and option.key in question.answer:
            return self.verdict(Outcome.CORRECT, option.why)
        why = option.why if option else f"Line {given} does not cause it."
        return self.verdict(Outcome.INCORRECT, why, "Look at the lines before and after it.")

    def shown(self, question: Question) -> list[Option]:
        """None: every line can be pointed at."""
        return []

    def public(self, question: Question) -> dict[str, Any]:
        """The lines of the code."""
        from course_support.quiz.rendering import code_lines

        return {"lines": code_lines(question.code)}

    def key(self, question: Question) -> list[int]:
        """The numbers of the right lines."""
        return [int(key) for key in question.answer]

    def solution(self, question: Question) -> str:
        """The right lines with their reasons."""
        right = (option for option in question.options if option.key in question.answer)
        return "\n".join(f"Line {o.key}, {o.text.strip()}: {o.why}" for o in right)

    def call(self, question: Question) -> str:
        """The number of a line."""
        return ".answer(...)  # the number of a line"

    def code(self, question: Question) -> str:
        """The code with numbers."""
        numbered = enumerate(question.code.strip("\n").splitlines(), 1)
        return "\n".join(f"{number:>2}  {text}".rstrip() for number, text in numbered)


def _whole(answer: Any) -> int:
    """The answer as a whole number; 0 where it is none."""
    if isinstance(answer, str):
        return int(answer) if answer.strip().isdecimal() else 0
    whole = isinstance(answer, int | float) and not isinstance(answer, bool)
    return int(answer) if whole and answer in range(10_000) else 0


def _stripped(code: str) -> list[str]:
    return [line.strip() for line in code.strip("\n").splitlines()]
