"""What is asked, and how is an answer judged?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from course_support.quiz.numbers import TOLERANCE, Belief, is_near, judge_number, read_number, shown
from course_support.verdicts import Outcome, Verdict

KINDS = ("choice", "blanks", "card", "number")
LEVELS = ("easy", "medium", "hard")
CARD_ANSWERS = ("knew", "again")
BLANK = re.compile(r"\{\{(\d+)\}\}")
CODE = "{{code}}"

Answer = str | float | Sequence[str | None] | None
"""A key (choice), one key or None a blank (blanks), "knew" or "again" (card), or a number."""


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen, or placed in a blank.

    Attributes:
        key: short and unique in its question; what `answer` takes.
        text: Markdown in a choice, plain code in blanks.
        why: the reason why it is wrong (or right), Markdown.
        right: whether it is the answer of a choice; always False in blanks.
        misconception: the belief behind it, such as "m6", or empty.
    """

    key: str
    text: str
    why: str = ""
    right: bool = False
    misconception: str = ""

    @property
    def label(self) -> str:
        """Key and text in one line; the key alone where the text says no more or is long."""
        told = self.text.strip()
        return self.key if told == self.key or "\n" in told else f"{self.key} ({told})"


@dataclass(frozen=True)
class Question:
    """One question of the bank, with its key. `Session` shows the part without the key.

    Attributes:
        objective: the objective's key; `aim` is its sentence.
        code: Python; `{{0}}`, `{{1}}` mark the blanks.
        answer: keys of options: one for a choice, one a blank for blanks, none for a card.
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

    @property
    def right(self) -> str:
        """The key of a choice's right option."""
        return self.answer[0]

    @property
    def blanks(self) -> int:
        """How many blanks the code has."""
        return len(set(BLANK.findall(self.code)))

    def option(self, key: str) -> Option:
        """The option with this key.

        Raises:
            LookupError: there is none; the text lists the keys.
        """
        for option in self.options:
            if option.key == key:
                return option
        raise LookupError(
            f"'{self.id}' has no option {key!r}. The options are: "
            f"{', '.join(option.key for option in self.options)}."
        )

    def completed(self, *texts: str) -> str:
        """The code with `texts` in its blanks, in order; without texts, with the keyed answer.

        Raises:
            ValueError: not one text for each blank.
        """
        if not texts:
            texts = tuple(self.option(key).text for key in self.answer) if self.blanks else ()
        if len(texts) != self.blanks:
            raise ValueError(f"'{self.id}' has {_count(self.blanks, 'blank')}, not {len(texts)}.")
        return BLANK.sub(lambda blank: texts[int(blank[1])], self.code)

    def solution(self) -> str:
        """The answer, the worked steps, common mistakes and the quick check, as text."""
        answers = (self.option(key).label for key in self.answer)
        parts = [f"Answer: {', '.join(answers)}"] if self.answer else [self.back]
        parts += [f"{number}. {step}" for number, step in enumerate(self.steps, 1)]
        if self.mistakes:
            parts += ["Common mistakes:", *(f"- {mistake}" for mistake in self.mistakes)]
        if self.quick_check:
            parts.append(f"Quick check: {self.quick_check}")
        return "\n".join(part for part in parts if part)

    def places(self, answer: Answer) -> tuple[bool, ...]:
        """For each blank, whether `answer` holds the right option there."""
        filled = self._filled(answer)
        texts = [self.option(key).text if key else None for key in filled]
        return tuple(
            text == self.option(key).text for text, key in zip(texts, self.answer, strict=True)
        )

    def judge(self, answer: Answer, measured: float | None = None) -> Verdict:
        """What is to be said of this answer; nothing is counted or remembered here.

        Args:
            measured: the right number, where the question leaves it to a measurement.

        Raises:
            LookupError: an option or word that this question does not have.
            TypeError: neither a string nor a list.
            ValueError: not one option for each blank, or one used twice without `reuse`.
        """
        if self.kind == "number" and answer not in (None, ""):
            return self._judge_number(read_number(answer), measured)
        if not isinstance(answer, str | list | tuple | None):
            raise TypeError(f"'{self.id}' takes an option's key or a list, not {answer!r}.")
        if not answer:
            return self._not_attempted("No answer was given.")
        if self.kind == "blanks":
            return self._judge_blanks(self._filled(answer))
        if not isinstance(answer, str):
            raise ValueError(f"'{self.id}' takes one answer as a string, not {answer!r}.")
        return self._judge_card(answer) if self.kind == "card" else self._judge_choice(answer)

    def _not_attempted(self, seen: str) -> Verdict:
        next_step = {
            "choice": "Choose one of the options.",
            "blanks": "Put an option into each blank.",
            "card": "Turn the card, then say whether you knew it.",
            "number": "Write a number.",
        }
        return Verdict(Outcome.NOT_ATTEMPTED, _TITLES[self.kind], seen, next_step[self.kind])

    def _judge_choice(self, key: str) -> Verdict:
        option = self.option(key)
        if key in self.answer:
            return Verdict(Outcome.CORRECT, _TITLES["choice"], option.why)
        next_step = "Read the reason, then choose another option."
        return Verdict(Outcome.INCORRECT, _TITLES["choice"], option.why, next_step)

    def near(self, guess: float, right: float) -> bool:
        """Whether `guess` counts as right where `right` was measured."""
        return is_near(guess, right, self.tolerance)

    def _judge_number(self, guess: float, measured: float | None) -> Verdict:
        right = measured if self.number is None else self.number
        if right is not None:
            return judge_number(guess, right, self.unit, self.tolerance, self.beliefs)
        seen = f"Noted: {shown(guess, self.unit)}."
        next_step = "Run the next cells: they measure it."
        return Verdict(Outcome.NOT_ATTEMPTED, _TITLES["number"], seen, next_step)

    def _judge_card(self, answer: str) -> Verdict:
        if answer not in CARD_ANSWERS:
            raise LookupError(f"A card is answered with 'knew' or 'again', not {answer!r}.")
        if answer == "knew":
            return Verdict(Outcome.CORRECT, _TITLES["card"])
        next_step = f"Read the part “{self.cell}” again." if self.cell else "Read the back again."
        return Verdict(Outcome.INCORRECT, _TITLES["card"], next_step=next_step)

    def _judge_blanks(self, filled: tuple[str | None, ...]) -> Verdict:
        empty = [number for number, key in enumerate(filled, 1) if not key]
        if empty:
            return self._not_attempted(f"Still empty: {_named(empty)}.")
        places = self.places(filled)
        if all(places):
            return Verdict(Outcome.CORRECT, _TITLES["blanks"])
        next_step = "Change what does not fit, then check again."
        return Verdict(
            Outcome.INCORRECT, _TITLES["blanks"], self._what_fits(filled, places), next_step
        )

    def _what_fits(self, filled: tuple[str | None, ...], places: tuple[bool, ...]) -> str:
        right = [number for number, fits in enumerate(places, 1) if fits]
        lines = [f"Right: {_named(right)}."] if right else []
        for number, (key, fits) in enumerate(zip(filled, places, strict=True), 1):
            if key and not fits:
                option = self.option(key)
                why = option.why if key not in self.answer else "It does not fit here."
                lines.append(f"Blank {number}, `{option.text}`: {why}")
        return "\n\n".join(lines)

    def _filled(self, answer: Answer) -> tuple[str | None, ...]:
        """One key or None a blank; a lone string will do where there is one blank."""
        filled = (
            (answer,) if isinstance(answer, str) else tuple(cast("Sequence[str]", answer or ()))
        )
        if len(filled) != self.blanks:
            raise ValueError(
                f"'{self.id}' has {_count(self.blanks, 'blank')}: "
                f"give a list of {_count(self.blanks, 'option')}, not {len(filled)}."
            )
        keys = [self.option(key).key for key in filled if key]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice and not self.reuse:
            raise ValueError(
                f"Each option of '{self.id}' can be used once, not {twice[0]!r} twice."
            )
        return filled


_TITLES = {
    "choice": "The option chosen answers the question",
    "blanks": "Each blank holds the option that belongs there",
    "card": "The back was known before the card was turned",
    "number": "The guess is near the right number",
}


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _named(numbers: Sequence[int]) -> str:
    listed = " and ".join(", ".join(map(str, numbers)).rsplit(", ", 1))
    return f"blank {listed}" if len(numbers) == 1 else f"blanks {listed}"
