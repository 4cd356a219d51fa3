"""What does every kind of question have to say for itself?

A kind is one small class: which keys its entries have, how an answer is read and judged, what of
it may be shown before an answer and what after. All else (attempts, hints, the page, the text
form, the schema) asks the kind and knows none by name.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, ClassVar

from course_support.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from course_support.content import Entry
    from course_support.quiz.options import Option
    from course_support.quiz.questions import Question

EACH = frozenset(("id", "section", "kind", "level", "objective", "prompt"))
HELP = frozenset(("hints", "steps", "quick_check", "mistakes"))
SHOWN_CODE = frozenset(("source", "code", "compiles", "attempts"))


@dataclass(frozen=True)
class Listing:
    """What a kind shows beside its code in the text form: rows of (label, text).

    Attributes:
        title: what the rows are; empty where it goes without saying.
        is_code: the texts are code, not Markdown.
    """

    rows: tuple[tuple[str, str], ...]
    title: str = ""
    is_code: bool = False


class Kind:
    """One way to ask and to judge. One object of it serves all questions of the kind.

    Attributes:
        name: what `kind` is in the bank.
        about: one sentence for authors.
        title: true of an answer that is correct.
        ask: what to do where nothing was given.
        noun: what one of them is called where they are numbered.
        attempts: how many answers are judged, unless the entry says otherwise.
        minutes: how long a learner takes, by the rule of authoring/minutes.py.
        turns: there is a back to be looked at before an answer counts, and its reader judges.
        patience_s: how long the page waits for a verdict before it says that none came.
        required, optional: keys of an entry in the bank.
        option_keys: keys of one of its options, none where it has no options.
        least_options: how few options there may be.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    title: ClassVar[str]
    ask: ClassVar[str]
    noun: ClassVar[str] = "Question"
    attempts: ClassVar[int] = 2
    minutes: ClassVar[float] = 1.0
    turns: ClassVar[bool] = False
    patience_s: ClassVar[float] = 4.0
    required: ClassVar[frozenset[str]] = EACH | HELP | {"options", "proof"}
    optional: ClassVar[frozenset[str]] = SHOWN_CODE
    option_keys: ClassVar[tuple[str, ...]] = ()
    option_required: ClassVar[tuple[str, ...]] = ("key", "text")
    least_options: ClassVar[int] = 0

    # ---- from the bank ----

    def built(self, values: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
        """Fields of the `Question` that are made of an entry's values, such as `answer`."""
        return {"options": options}

    def check(self, entry: Entry, question: Question) -> None:
        """Refuse what this kind cannot ask or judge.

        Raises:
            ContentError: what is wrong, with what is known or needed.
        """

    def proof(self) -> str:
        """Lines that prove the key of any question of this kind, beside those of the entry."""
        return ""

    def mistaken(self, question: Question) -> Iterator[Question]:
        """The question with each wrong key in turn; its proof must fail with every one of them."""
        yield from ()

    def completed(self, question: Question, texts: Sequence[str]) -> str:
        """The code as an answer (its texts) completes it; without texts, as the key does."""
        return question.code

    def blanks(self, question: Question) -> int:
        """How many places there are to fill."""
        return 0

    # ---- an answer ----

    def read(self, question: Question, answer: Any) -> Any:
        """The answer as it is kept and sent, ready for JSON; None where nothing was given.

        Raises:
            LookupError: an option or word that this question does not have.
            TypeError, ValueError: an answer of another shape.
        """
        raise NotImplementedError

    def judge(self, question: Question, given: Any) -> Verdict:
        """What is to be said of an answer that `read` has read."""
        raise NotImplementedError

    def places(self, question: Question, given: Any) -> tuple[bool, ...]:
        """Which parts of an answer are right, where it has parts."""
        return ()

    def texts(self, question: Question, given: Any) -> tuple[str, ...]:
        """The texts that an answer puts into the code, for `completed`."""
        return ()

    def measures(self, question: Question) -> bool:
        """Whether the right answer is measured later: an answer is noted, not yet judged."""
        return False

    # ---- what is shown ----

    def shown(self, question: Question) -> list[Option]:
        """The options that may be seen before an answer, in the order in which they are shown."""
        return shuffled(question)

    def public(self, question: Question) -> dict[str, Any]:
        """What the page needs of this kind before an answer: no key, reason, hint or proof."""
        from course_support.quiz.rendering import phrase

        options = [{"key": o.key, "html": phrase(o.text)} for o in self.shown(question)]
        return {"options": options}

    def after_turning(self, question: Question) -> dict[str, Any]:
        """What the page needs once the question was turned."""
        return {}

    def key(self, question: Question) -> Any:
        """The right answer, as the page is told once the question is over."""
        return list(question.answer)

    def reasons(self, question: Question) -> dict[str, str]:
        """The reasons that are told once the question is over, as Markdown."""
        return {option.key: option.why for option in question.options if option.why}

    def solution(self, question: Question) -> str:
        """The right answer as text."""
        return f"Answer: {', '.join(question.option(key).label for key in question.answer)}"

    def call(self, question: Question) -> str:
        """What stands after `quiz(...)` in the line of Python that answers."""
        return '.answer("...")'

    def code(self, question: Question) -> str:
        """The code as the text form shows it."""
        return question.code

    def listings(self, question: Question) -> Iterator[Listing]:
        """What the text form shows below the code."""
        options = self.shown(question)
        if options:
            yield Listing(tuple((option.key, option.text) for option in options))

    # ---- for the kinds themselves ----

    def verdict(self, outcome: Outcome, seen: str = "", next_step: str = "") -> Verdict:
        """A verdict under the title of this kind."""
        return Verdict(outcome, self.title, seen, next_step)

    def nothing(self, seen: str = "No answer was given.", next_step: str = "") -> Verdict:
        """The verdict on nothing at all, or on half an answer."""
        return self.verdict(Outcome.NOT_ATTEMPTED, seen, next_step or self.ask)


def shuffled(question: Question) -> list[Option]:
    """The options in another order than written, always the same for one question."""
    options = list(question.options)
    random.Random(question.id).shuffle(options)
    return options


def lettered(question_id: str, options: Iterable[Option]) -> tuple[Option, ...]:
    """The options with the keys a, b, c ... that they have in the order in which they are shown.

    That order is another than the one written, which is the right one in some kinds.
    """
    options = tuple(options)
    at = list(range(len(options)))
    random.Random(question_id).shuffle(at)
    if at == sorted(at):
        at = at[1:] + at[:1]
    return tuple(
        replace(option, key=ascii_lowercase[n]) for option, n in zip(options, at, strict=True)
    )


def by_key(question: Question) -> list[Option]:
    """The options in the order of their keys: how those of `lettered` are shown."""
    return sorted(question.options, key=lambda option: option.key)


def key_or_list(question: Question, answer: Any) -> Any:
    """The answer if it is a string or a list; None where it is empty.

    Raises:
        TypeError: it is neither.
    """
    if not isinstance(answer, str | list | tuple | None):
        raise TypeError(f"'{question.id}' takes an option's key or a list, not {answer!r}.")
    return answer or None


def swapped(keys: Sequence[str], n: int, m: int) -> tuple[str, ...]:
    """The keys, those at `n` and `m` having changed places."""
    moved = list(keys)
    moved[n], moved[m] = moved[m], moved[n]
    return tuple(moved)


def keys_call(n: int) -> str:
    """`.answer(["...", "..."])` with room for `n` keys."""
    keys = ", ".join(['"..."'] * n)
    return f".answer([{keys}])"


def count(n: int, noun: str) -> str:
    """`1 blank`, `2 blanks`."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def named(numbers: Sequence[int], noun: str) -> str:
    """`blank 2`, `blanks 1, 3 and 4`."""
    listed = " and ".join(", ".join(map(str, numbers)).rsplit(", ", 1))
    return f"{noun} {listed}" if len(numbers) == 1 else f"{noun}s {listed}"
