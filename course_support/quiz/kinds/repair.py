"""Repair a piece of code; what it then does is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course_support.quiz import trials
from course_support.quiz.kinds.base import EACH, HELP, Kind
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question

_PROOF = """
verdict = question.judge(question.repaired)
assert verdict, f"the judge refuses 'repaired': {verdict.seen}"
for wrong in (question.code + "\\n", *(option.text for option in question.options)):
    assert not question.judge(wrong), f"the judge lets this pass: {wrong}"
"""


class Repair(Kind):
    """Code is typed, run in a process of its own and judged by what it does."""

    name = "repair"
    about = "Repair `code`; `judge` is a script of asserts with words, run with what was typed."
    title = "The code does what it should"
    ask = "Change the code, then check it."
    attempts = 5
    minutes = 3.0
    patience_s = trials.MOST_S + 2
    required = EACH | HELP | {"code", "judge", "repaired"}
    optional = frozenset(("source", "attempts", "compiles", "proof", "options"))
    option_keys = ("text", "why", "misconception")
    option_required = ("text", "why")

    def check(self, entry: Entry, question: Question) -> None:
        """What is to be typed and what judges it are Python."""
        from course_support.quiz.wellformed import compiled

        compiled(entry, "'repaired'", question.repaired)
        compiled(entry, "'judge'", question.judged_by)
        if "assert" not in question.judged_by:
            raise entry.error("'judge' asserts nothing.")

    def proof(self) -> str:
        """The judge takes the repaired code, and neither the broken one nor the wrong repairs."""
        return _PROOF

    def mistaken(self, question: Question) -> Iterator[Question]:
        """The broken code, and each wrong repair, is said to be the repaired one."""
        for code in (question.code, *(option.text for option in question.options)):
            yield replace(question, repaired=code + "\n# repaired")

    def read(self, question: Question, answer: Any) -> str | None:
        """Code, without blanks at the ends of its lines."""
        if not isinstance(answer, str | None):
            raise TypeError(f"'{question.id}' takes code as a string, not {answer!r}.")
        typed = _tidy(answer or "")
        return typed if typed.strip() else None

    def judge(self, question: Question, given: str) -> Verdict:
        """Run it. The code as it was, and code that is no Python, are not counted."""
        if given == _tidy(question.code):
            return self.nothing("This is the code as it was.")
        trial = trials.attempt(given, question.judged_by)
        if trial.outcome is Outcome.NOT_ATTEMPTED:
            return self.nothing(trial.seen, "Mend the syntax; this attempt is not counted.")
        step = "" if trial.outcome is Outcome.CORRECT else "Change the code, then check again."
        return Verdict(trial.outcome, self.title, trial.seen, step, trial.line)

    def shown(self, question: Question) -> list[Option]:
        """None: they are wrong repairs."""
        return []

    def public(self, question: Question) -> dict[str, Any]:
        """The code to start from, as text."""
        return {"start": _tidy(question.code)}

    def key(self, question: Question) -> str:
        """The repaired code, with colours."""
        from course_support.quiz.rendering import code

        return code(question.repaired)

    def reasons(self, question: Question) -> dict[str, str]:
        """None: the judge has its own words."""
        return {}

    def solution(self, question: Question) -> str:
        """The repaired code."""
        return f"Repaired:\n{question.repaired.strip(chr(10))}"

    def call(self, question: Question) -> str:
        """Code of several lines."""
        return '.answer("""...""")'


def _tidy(code: str) -> str:
    return "\n".join(line.rstrip() for line in code.strip("\n").rstrip().splitlines())
