"""Match pairs, such as a traceback with the edit that ends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import EACH, HELP, Listing, by_key, lettered, swapped
from course_support.quiz.kinds.blanks import Placing
from course_support.quiz.options import Option

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.questions import Question


class Match(Placing):
    """Each left side gets the right side that belongs to it; some may be left over."""

    name = "match"
    about = "Match each `left` of `pairs` with its `right`; `options` holds some that fit nowhere."
    title = "Each left side has the right side that belongs to it"
    ask = "Put an option beside each left side."
    place = "pair"
    attempts = 3
    minutes = 1.5
    required = EACH | HELP | {"pairs", "proof"}
    optional = frozenset(("source", "code", "compiles", "attempts", "options"))
    option_keys = ("text", "why", "misconception")
    option_required = ("text", "why")

    def built(self, values: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
        """The right sides become options, in an order that does not tell."""
        pairs = values["pairs"]
        rights = [Option("", pair["right"], pair["why"]) for pair in pairs]
        options = lettered(values["id"], (*rights, *options))
        return {
            "options": options,
            "lefts": tuple(pair["left"] for pair in pairs),
            "answer": tuple(option.key for option in options[: len(pairs)]),
        }

    def check(self, entry: Entry, question: Question) -> None:
        """Every text is another."""
        if len(question.lefts) < 2 or len(question.options) > 12:
            raise entry.error("there are at least 2 pairs, and at most 12 right sides.")
        for texts in (question.lefts, [option.text for option in question.options]):
            for text in texts:
                if list(texts).count(text) > 1:
                    raise entry.error(f"'{text}' stands on one side twice.")

    def mistaken(self, question: Question) -> Iterator[Question]:
        """Neighbours have changed places, or one that fits nowhere stands in a place."""
        answer = question.answer
        spare = [option.key for option in question.options if option.key not in answer]
        for n in range(len(answer) - 1):
            yield replace(question, answer=swapped(answer, n, n + 1))
        for n, key in product(range(len(answer)), spare):
            yield replace(question, answer=(*answer[:n], key, *answer[n + 1 :]))

    def blanks(self, question: Question) -> int:
        """As many as there are left sides."""
        return len(question.lefts)

    def why(self, question: Question, key: str) -> str:
        """The reason of one that fits nowhere; the others belong to another pair."""
        fits_elsewhere = key in question.answer
        return ": " + ("It fits another one." if fits_elsewhere else question.option(key).why)

    def shown(self, question: Question) -> list[Option]:
        """In the order of the keys."""
        return by_key(question)

    def public(self, question: Question) -> dict[str, Any]:
        """Left sides, and the right sides in another order."""
        from course_support.quiz.rendering import phrase

        lefts = [phrase(left) for left in question.lefts]
        n = self.blanks(question)
        return {**super().public(question), "lefts_html": lefts, "blanks": n, "reuse": False}

    def solution(self, question: Question) -> str:
        """Each pair."""
        pairs = zip(question.lefts, question.answer, strict=True)
        return "\n".join(f"{left}: {question.option(key).text}" for left, key in pairs)

    def listings(self, question: Question) -> Iterator[Listing]:
        """The left sides, numbered, and what can stand beside them."""
        lefts = tuple((str(n), left) for n, left in enumerate(question.lefts, 1))
        yield Listing(lefts, "Match each of these ...")
        rights = tuple((option.key, option.text) for option in self.shown(question))
        yield Listing(rights, "... with one of these:")
