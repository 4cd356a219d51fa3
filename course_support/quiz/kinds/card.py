"""A flip card: its reader says whether they knew the back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from course_support.quiz.kinds.base import EACH, Kind, key_or_list
from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.quiz.questions import Question

# What a reader may say of a card, in the order of the keys 1 to 4 (recall.RATINGS: what it means).
CARD_ANSWERS = ("again", "hard", "knew", "easy")


class Card(Kind):
    """A flip card."""

    name = "card"
    about = "A flip card: the reader says whether they knew the back."
    title = "The back was known before the card was turned"
    ask = "Turn the card, then say whether you knew it."
    noun = "Card"
    attempts = 1
    minutes = 0.5
    turns = True
    required = EACH | {"back"}
    optional = frozenset(("source", "code", "compiles", "cell", "proof"))

    def read(self, question: Question, answer: Any) -> str | None:
        """`again`, `hard`, `knew` or `easy`."""
        said = key_or_list(question, answer)
        if isinstance(said, list | tuple):
            raise ValueError(f"'{question.id}' takes one answer as a string, not {answer!r}.")
        if said and said not in CARD_ANSWERS:
            known = ", ".join(CARD_ANSWERS)
            raise LookupError(f"A card is answered with {known}, not {answer!r}.")
        return str(said) if said else None

    def judge(self, question: Question, given: str) -> Verdict:
        """Its reader has judged."""
        if given != "again":
            return self.verdict(Outcome.CORRECT)
        return self.verdict(Outcome.INCORRECT, next_step=question.read_again("the back"))

    def after_turning(self, question: Question) -> dict[str, Any]:
        """The back, and where the lesson shows it."""
        from course_support.quiz.rendering import markdown
        from course_support.quiz.sections import shown_in

        where = shown_in(question)
        link = f"<div class='aq-shown-in'>{markdown(where)}</div>" if where else ""
        return {"back_html": markdown(question.back) + link}

    def public(self, question: Question) -> dict[str, Any]:
        """Its face is all there is."""
        return {}

    def key(self, question: Question) -> str:
        """There is none."""
        return ""

    def solution(self, question: Question) -> str:
        """The back."""
        return question.back

    def call(self, question: Question) -> str:
        """A card is turned first."""
        return ".flip()"
