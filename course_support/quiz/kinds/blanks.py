"""Fill the blanks of a piece of code with the options given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from course_support.quiz.kinds.base import (
    EACH,
    HELP,
    Kind,
    count,
    key_or_list,
    keys_call,
    named,
    swapped,
)
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question

BLANK = re.compile(r"\{\{(\d+)\}\}")


class Placing(Kind):
    """Options are put into places; what `Blanks` and `Match` have in common.

    Attributes:
        place: what a place is called.
    """

    place: ClassVar[str]

    def read(self, question: Question, answer: Any) -> list[str | None] | None:
        """One key or None a place; a lone string will do where there is one place."""
        placed = key_or_list(question, answer)
        if placed is None:
            return None
        filled = [placed] if isinstance(placed, str) else list(placed)
        n = self.blanks(question)
        if len(filled) != n:
            raise ValueError(
                f"'{question.id}' has {count(n, self.place)}: "
                f"give a list of {count(n, 'option')}, not {len(filled)}."
            )
        self._check_use(question, [question.option(key).key for key in filled if key])
        return [key or None for key in filled]

    def _check_use(self, question: Question, keys: list[str]) -> None:
        twice = [key for key in keys if keys.count(key) > 1]
        if twice and not question.reuse:
            raise ValueError(
                f"Each option of '{question.id}' can be used once, not {twice[0]!r} twice."
            )

    def judge(self, question: Question, given: list[str | None]) -> Verdict:
        """Which places are right; for each other one, why."""
        empty = [number for number, key in enumerate(given, 1) if not key]
        if empty:
            return self.nothing(f"Still empty: {named(empty, self.place)}.")
        places = self.places(question, given)
        if all(places):
            return self.verdict(Outcome.CORRECT)
        seen = self._what_fits(question, given, places)
        return self.verdict(Outcome.INCORRECT, seen, "Change what does not fit, then check again.")

    def _what_fits(
        self, question: Question, given: Sequence[str | None], places: Sequence[bool]
    ) -> str:
        right = [number for number, fits in enumerate(places, 1) if fits]
        lines = [f"Right: {named(right, self.place)}."] if right else []
        for number, (key, fits) in enumerate(zip(given, places, strict=True), 1):
            if key and not fits:
                lines.append(f"{self.place.capitalize()} {number}{self.why(question, key)}")
        return "\n\n".join(lines)

    def why(self, question: Question, key: str) -> str:
        """What follows "Blank 2" where it holds a wrong option: its text and the reason."""
        option = question.option(key)
        reason = option.why if key not in question.answer else "It does not fit here."
        return f", `{option.text}`: {reason}"

    def places(self, question: Question, given: Sequence[str | None]) -> tuple[bool, ...]:
        """For each place, whether the right option is there; copies of it are as right."""
        texts = [question.option(key).text if key else None for key in given]
        return tuple(
            text == question.option(key).text
            for text, key in zip(texts, question.answer, strict=True)
        )

    def call(self, question: Question) -> str:
        """A list with one key a place."""
        return keys_call(self.blanks(question))


class Blanks(Placing):
    """Fill the blanks of a piece of code."""

    name = "blanks"
    about = "Fill the blanks {{0}}, {{1}} ... of `code` with options."
    title = "Each blank holds the option that belongs there"
    ask = "Put an option into each blank."
    place = "blank"
    attempts = 3
    required = EACH | HELP | {"options", "proof", "code", "answer"}
    optional = frozenset(("source", "reuse", "attempts", "run"))
    option_keys = ("key", "text", "why", "misconception")
    least_options = 2

    def built(self, values: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
        """The answer is written out: one key a blank."""
        return {"options": options, "answer": tuple(values["answer"])}

    def check(self, entry: Entry, question: Question) -> None:
        """The blanks are numbered without a gap, and each has its answer."""
        numbers = [int(number) for number in BLANK.findall(question.code)]
        if not numbers or sorted(numbers) != list(range(len(numbers))):
            raise entry.error(f"blanks are numbered {{{{0}}}}, {{{{1}}}} ..., not {numbers}.")
        if len(question.answer) != len(numbers):
            raise entry.error(f"{len(numbers)} blanks, but {len(question.answer)} in 'answer'.")
        keys = [option.key for option in question.options]
        for key in question.answer:
            if key not in keys:
                raise entry.error(f"the answer '{key}' is no option. Options: {', '.join(keys)}.")
            if question.answer.count(key) > 1 and not question.reuse:
                raise entry.error(f"the answer uses '{key}' twice: write reuse = true.")

    def mistaken(self, question: Question) -> Iterator[Question]:
        """Each blank gets each wrong option; where no option is left over, blanks are swapped."""
        right, answer = self.completed(question, ()), question.answer
        wrong = [option.key for option in question.options if option.key not in answer]
        places = range(len(answer))
        keys = [(*answer[:n], key, *answer[n + 1 :]) for n in places for key in wrong]
        for key in keys or [swapped(answer, n, n + 1) for n in places[:-1]]:
            planted = replace(question, answer=key)
            if self.completed(planted, ()) != right:
                yield planted

    def blanks(self, question: Question) -> int:
        """How many blanks the code has."""
        return len(set(BLANK.findall(question.code)))

    def completed(self, question: Question, texts: Sequence[str]) -> str:
        """The code with `texts` in its blanks, in order."""
        texts = texts or self.texts(question, question.answer)
        n = self.blanks(question)
        if len(texts) != n:
            raise ValueError(f"'{question.id}' has {count(n, 'blank')}, not {len(texts)}.")
        return BLANK.sub(lambda blank: texts[int(blank[1])], question.code)

    def texts(self, question: Question, given: Any) -> tuple[str, ...]:
        """The texts of the options placed."""
        return tuple(question.option(key).text for key in given)

    def public(self, question: Question) -> dict[str, Any]:
        """The options as plain code."""
        options = [{"key": option.key, "text": option.text} for option in self.shown(question)]
        return {"options": options, "blanks": self.blanks(question), "reuse": question.reuse}

    def code(self, question: Question) -> str:
        """The code with numbered gaps."""
        return BLANK.sub(lambda blank: f"___{int(blank[1]) + 1}___", question.code)

    def listings(self, question: Question) -> Any:
        """The options are code."""
        for listing in super().listings(question):
            yield replace(listing, is_code=True)
