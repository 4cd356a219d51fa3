"""What is asked? How an answer is judged is the question's kind's to say: see kinds/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from course_support.quiz.kinds import KINDS
from course_support.quiz.kinds.base import Kind
from course_support.quiz.kinds.blanks import BLANK
from course_support.quiz.numbers import TOLERANCE, Belief, is_near
from course_support.quiz.options import Option
from course_support.verdicts import Verdict

__all__ = ["BLANK", "CODE", "LEVELS", "Answer", "Option", "Question"]

LEVELS = ("easy", "medium", "hard")
CODE = "{{code}}"

Answer = Any
"""What a kind reads: a key, a list of keys, a number, a line's number, text; see `Kind.read`."""


@dataclass(frozen=True)
class Question:
    """One question of the bank, with its key. `Session` shows the part without the key.

    Attributes:
        kind: a name in `kinds.KINDS`.
        objective: the objective's key; `aim` is its sentence.
        code: Python; `{{0}}`, `{{1}}` mark the blanks.
        answer: keys of options: one for a choice, one a blank for blanks, all in order for an
            order, none for a card.
        lefts: the left sides of a match, Markdown; `answer` has a key for each.
        points: what a free recall is compared with, Markdown.
        output: what `code` prints, for a prediction.
        judged_by: a script that judges a repair; `repaired` is code that it takes.
        is_code: the options of an order are lines of code.
        attempts: how many answers are judged before the solution is shown, at least 1.
        run: a script that shows what the completed code does; the code stands at `{{code}}`
            in it, and the value of its last expression is the result.
        number: the key of a number; None where it is measured when the lesson runs.
        tolerance: how far a guess may be off, as a share of the right number.
        beliefs: wrong numbers that people expect, with the reasons.
        compiles: False where the code is shown because Python refuses it.
        place: file and line in the bank, for messages.
    """

    id: str
    kind: str
    prompt: str
    lesson: str = ""
    section: str = "try"
    level: str = "easy"
    objective: str = ""
    aim: str = ""
    source: tuple[str, ...] = ()
    code: str = ""
    options: tuple[Option, ...] = ()
    answer: tuple[str, ...] = ()
    reuse: bool = False
    attempts: int = 1
    hints: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    quick_check: str = ""
    mistakes: tuple[str, ...] = ()
    proof: str = ""
    back: str = ""
    cell: str = ""
    run: str = ""
    unit: str = ""
    number: float | None = None
    tolerance: float = TOLERANCE
    beliefs: tuple[Belief, ...] = ()
    compiles: bool = True
    place: str = ""
    lefts: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    output: str = ""
    judged_by: str = ""
    repaired: str = ""
    is_code: bool = False

    @property
    def form(self) -> Kind:
        """The question's kind, which knows how to ask it and how to judge an answer.

        Raises:
            LookupError: there is no such kind; the text lists them.
        """
        if self.kind not in KINDS:
            raise LookupError(f"There is no kind {self.kind!r}. The kinds are: {', '.join(KINDS)}.")
        return KINDS[self.kind]

    @property
    def right(self) -> str:
        """The key of a choice's right option."""
        return self.answer[0]

    @property
    def blanks(self) -> int:
        """How many places there are to fill."""
        return self.form.blanks(self)

    def option(self, key: Any) -> Option:
        """The option with this key.

        Raises:
            LookupError: there is none; the text lists the keys.
        """
        for option in self.options:
            if option.key == key:
                return option
        raise LookupError(
            f"'{self.id}' has no option {key!r}. The options are: "
            f"{', '.join(option.key for option in self.form.shown(self))}."
        )

    def completed(self, *texts: str) -> str:
        """The code with `texts` in its blanks, in order; without texts, with the keyed answer.

        Raises:
            ValueError: not one text for each blank.
        """
        return self.form.completed(self, texts)

    def solution(self) -> str:
        """The answer, the worked steps, common mistakes and the quick check, as text."""
        parts = [self.form.solution(self)]
        parts += [f"{number}. {step}" for number, step in enumerate(self.steps, 1)]
        if self.mistakes:
            parts += ["Common mistakes:", *(f"- {mistake}" for mistake in self.mistakes)]
        if self.quick_check:
            parts.append(f"Quick check: {self.quick_check}")
        return "\n".join(part for part in parts if part)

    def read_again(self, otherwise: str) -> str:
        """Where to read on after something was not known: the part that holds the answer."""
        return f"Read the part “{self.cell}” again." if self.cell else f"Read {otherwise} again."

    def read(self, answer: Answer) -> Any:
        """The answer as it is kept and sent, ready for JSON; None where nothing was given.

        Raises:
            LookupError: an option or word that this question does not have.
            TypeError, ValueError: an answer of another shape, such as too few options.
        """
        return self.form.read(self, answer)

    def places(self, answer: Answer) -> tuple[bool, ...]:
        """Which parts of an answer are right, where it has parts."""
        return self.form.places(self, self.read(answer))

    def judge(self, answer: Answer, measured: float | None = None) -> Verdict:
        """What is to be said of this answer; nothing is counted or remembered here.

        Args:
            measured: the right number, where the question leaves it to a measurement.

        Raises:
            LookupError, TypeError, ValueError: see `read`.
        """
        given = self.read(answer)
        if given is None:
            return self.form.nothing()
        known = self if measured is None else replace(self, number=measured)
        return self.form.judge(known, given)

    def near(self, guess: float, right: float) -> bool:
        """Whether `guess` counts as right where `right` was measured."""
        return is_near(guess, right, self.tolerance)
