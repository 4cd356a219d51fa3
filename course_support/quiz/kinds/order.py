"""Put lines or events in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import (
    Kind,
    Listing,
    by_key,
    count,
    key_or_list,
    keys_call,
    lettered,
    swapped,
)  # fmt: skip
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question


class Order(Kind):
    """Put lines of code (`is_code`) or events in order; the bank has them in the right order."""

    name = "order"
    about = "Put lines in order; `options` holds them in the right order, `why` tells it."
    title = "The lines stand in the right order"
    ask = "Put the lines in order."
    attempts = 3
    minutes = 1.5
    optional = frozenset(("source", "code", "compiles", "attempts", "is_code", "run"))
    option_keys = ("text", "why", "misconception")
    option_required = ("text",)
    least_options = 3

    def built(self, values: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
        """The order written is the right one; the keys are given by another."""
        options = lettered(values["id"], options)
        return {"options": options, "answer": tuple(option.key for option in options)}

    def check(self, entry: Entry, question: Question) -> None:
        """Not too many to be seen at a time, and not all alike."""
        if len(question.options) > 12:
            raise entry.error(f"at most 12 lines are put in order, not {len(question.options)}.")
        if len({option.text for option in question.options}) < 2:
            raise entry.error("all lines are alike: any order is right.")

    def mistaken(self, question: Question) -> Iterator[Question]:
        """Two neighbours have changed places, each pair in turn."""
        for n, (one, other) in enumerate(pairwise(self.texts(question, question.answer))):
            if one != other:
                yield replace(question, answer=swapped(question.answer, n, n + 1))

    def completed(self, question: Question, texts: Sequence[str]) -> str:
        """The lines in order, below the code that is shown above them."""
        texts = texts or self.texts(question, question.answer)
        lines = "\n".join(texts) if question.is_code else ""
        return "\n".join(part for part in (question.code, lines) if part)

    def texts(self, question: Question, given: Any) -> tuple[str, ...]:
        """The lines in the order given."""
        return tuple(question.option(key).text for key in given)

    def read(self, question: Question, answer: Any) -> list[str] | None:
        """All keys, in order."""
        keys = key_or_list(question, answer)
        if keys is None:
            return None
        keys = list(keys)
        known = [option.key for option in self.shown(question)]
        for key in keys:
            question.option(key)
        if sorted(keys) != sorted(known):
            raise ValueError(
                f"'{question.id}' has {count(len(known), 'line')}: give each key once, in "
                f"order. The keys: {', '.join(known)}."
            )
        return keys

    def judge(self, question: Question, given: list[str]) -> Verdict:
        """How many stand in the right order among themselves; the others are to be moved."""
        places = self.places(question, given)
        if all(places):
            return self.verdict(Outcome.CORRECT)
        seen = f"{sum(places)} of {len(places)} lines stand in the right order."
        step = f"Move the other {count(places.count(False), 'line')}, then check again."
        return self.verdict(Outcome.INCORRECT, seen, step)

    def places(self, question: Question, given: list[str]) -> tuple[bool, ...]:
        """The lines that need not be moved: a longest run of them that is in the right order."""
        ranks = _ranks(self.texts(question, given), self.texts(question, question.answer))
        kept = _longest_rising(ranks)
        return tuple(n in kept for n in range(len(ranks)))

    def shown(self, question: Question) -> list[Option]:
        """In the order of the keys."""
        return by_key(question)

    def public(self, question: Question) -> dict[str, Any]:
        """The lines, as code or as Markdown."""
        from course_support.quiz.rendering import code, phrase

        draw = code if question.is_code else phrase
        options = [{"key": o.key, "html": draw(o.text)} for o in self.shown(question)]
        return {"options": options, "is_code": question.is_code}

    def call(self, question: Question) -> str:
        """A list of all keys."""
        return keys_call(len(question.options))

    def listings(self, question: Question) -> Iterator[Listing]:
        """The lines with their keys."""
        rows = tuple((option.key, option.text) for option in self.shown(question))
        yield Listing(rows, is_code=question.is_code)


def _ranks(texts: Sequence[str], right: Sequence[str]) -> list[int]:
    """Where each text belongs; lines that are alike belong where they stand among themselves."""
    left: dict[str, list[int]] = {}
    for rank, text in enumerate(right):
        left.setdefault(text, []).append(rank)
    return [left[text].pop(0) for text in texts]


def _longest_rising(ranks: Sequence[int]) -> set[int]:
    """The indexes of a longest rising subsequence (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for index, rank in enumerate(ranks):
        pile = bisect_left(tails, rank)
        tails[pile : pile + 1] = [rank]
        ends[pile : pile + 1] = [index]
        before.append(ends[pile - 1] if pile else None)
    kept: set[int] = set()
    at: int | None = ends[-1]
    while at is not None:
        kept.add(at)
        at = before[at]
    return kept
