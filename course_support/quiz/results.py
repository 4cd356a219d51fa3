"""What does a finished test say about each objective?

`RULE` says it to the learner; the numbers below are the same rule for Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from course_support.quiz.questions import Question

WEIGHTS: Mapping[str, int] = {"easy": 1, "medium": 2, "hard": 3}
STRONG = 0.8
GETTING_THERE = 0.5
ENOUGH = 2

RULE = (
    "An easy question weighs 1 point, a medium one 2, a hard one 3. Only the first answer counts, "
    "and only without a hint; a test gives one answer and no hints. **Strong** is 80 % of an "
    "objective's points or more, from at least two questions; **getting there** is half of them "
    "or more; below that it is **weak**."
)
CHALLENGE_RULE = (
    "A medium question weighs 2 points, a hard one 3, and there is one answer to each. All right, "
    "and none of them after the time where a timer ran, is a perfect score. Five questions are too "
    "few for a verdict on each objective: that is what the test is for."
)


class Level(StrEnum):
    """How well an objective is known, by `RULE`."""

    STRONG = "strong"
    GETTING_THERE = "getting there"
    WEAK = "weak"


SIGNS = {Level.STRONG: "✓", Level.GETTING_THERE: "◐", Level.WEAK: "✗"}


@dataclass(frozen=True)
class Answered:
    """One question of a test and what became of it.

    Attributes:
        right: whether the first answer was right, without a hint.
        in_time: False where the timer had run out before.
    """

    question: Question
    right: bool
    in_time: bool = True

    @property
    def weight(self) -> int:
        """Its points: 1, 2 or 3 by level."""
        return WEIGHTS[self.question.level]


@dataclass(frozen=True)
class Part:
    """The answers that belong to one objective, or to one lesson in a test of the whole course.

    Attributes:
        key: the objective or the lesson.
        answered: at least one.
    """

    key: str
    answered: tuple[Answered, ...]

    @property
    def points(self) -> int:
        """Points of what was right."""
        return sum(one.weight for one in self.answered if one.right)

    @property
    def possible(self) -> int:
        """Points that could be had."""
        return sum(one.weight for one in self.answered)

    @property
    def right(self) -> int:
        """How many were right."""
        return sum(one.right for one in self.answered)

    @property
    def level(self) -> Level:
        """The verdict by `RULE`."""
        share = self.points / self.possible
        if share >= STRONG and len(self.answered) >= ENOUGH:
            return Level.STRONG
        return Level.GETTING_THERE if share >= GETTING_THERE else Level.WEAK


@dataclass(frozen=True)
class Result:
    """What came of a test: the parts in the order of the lesson's objectives."""

    parts: tuple[Part, ...]

    @property
    def answered(self) -> tuple[Answered, ...]:
        """All answers."""
        return tuple(one for part in self.parts for one in part.answered)

    @property
    def right(self) -> int:
        """How many were right, late ones too."""
        return sum(one.right for one in self.answered)

    @property
    def total(self) -> int:
        """How many were asked."""
        return len(self.answered)

    @property
    def late(self) -> int:
        """How many came after the timer had run out."""
        return sum(not one.in_time for one in self.answered)

    @property
    def perfect(self) -> bool:
        """All right, and none late."""
        return self.right == self.total and not self.late

    def __repr__(self) -> str:
        levels = ", ".join(f"{part.key} {part.level}" for part in self.parts)
        return f"<Result {self.right} of {self.total} right: {levels}>"


def result(answered: Sequence[Answered], keys: Sequence[str], by: str = "objective") -> Result:
    """Group answers by the question's attribute `by`; `keys` gives the order of the parts."""
    parts = []
    for key in keys:
        mine = tuple(one for one in answered if getattr(one.question, by) == key)
        if mine:
            parts.append(Part(key, mine))
    return Result(tuple(parts))
