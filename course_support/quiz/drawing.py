"""Which questions are drawn for a test?

A draw is fixed by its seed and by what was drawn before it. It takes so many questions of each
level, and covers every group (an objective, or in a test of the whole course a lesson) as far as
there is room, twice, since a verdict of strong needs two. Then it takes what was not in the last
draw before what was, spreads evenly over the groups, and prefers questions written for the test.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from course_support.quiz.questions import Question
from course_support.quiz.results import ENOUGH

TEN: Mapping[str, int] = {"easy": 4, "medium": 3, "hard": 3}
FIVE: Mapping[str, int] = {"easy": 0, "medium": 2, "hard": 3}
# Judged on the spot by a key. Not a card or a recall (the learner judges those), not a repair
# (it takes as long as the rest of the test).
KINDS = ("choice", "choices", "blanks", "order", "predict", "number", "line", "match")


def drawable(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Those that can be asked in a test: with a key, and not left to a measurement."""
    return tuple(
        q for q in questions if q.kind in KINDS and not (q.kind == "number" and q.number is None)
    )


def by_objective(question: Question) -> str:
    """The group in a test of one lesson."""
    return question.objective


def by_lesson(question: Question) -> str:
    """The group in a test of the whole course."""
    return question.lesson


def draw(
    pool: Sequence[Question],
    seed: int,
    *,
    quotas: Mapping[str, int] = TEN,
    last: Collection[str] = (),
    group: Callable[[Question], str] = by_objective,
) -> tuple[Question, ...]:
    """Draw from `pool`; easy questions come first, hard ones last.

    Args:
        seed: the same seed, pool and `last` give the same draw.
        quotas: how many of each level. A level that has too few is made up for by the others.
        last: the ids of the draw before, taken only where nothing else is left.
        group: what has to be covered.
    """
    variety = {level: len({group(q) for q in pool if q.level == level}) for level in quotas}
    supply = Counter(map(group, pool))
    hand = _Hand(random.Random(seed), frozenset(last), group, quotas, variety, supply)
    for times in range(1, ENOUGH + 1):
        hand.cover(pool, times)
    # The level with the smallest choice of groups first: the others even out what it leaves.
    for level in sorted(quotas, key=lambda level: variety[level]):
        hand.fill([q for q in pool if q.level == level], hand.wanted)
    hand.fill(pool, lambda _: hand.missing > 0)
    levels = list(quotas)
    return tuple(sorted(hand.taken, key=lambda q: levels.index(q.level)))


@dataclass
class _Hand:
    """What has been taken so far, and what would be best next."""

    dice: random.Random
    last: frozenset[str]
    group: Callable[[Question], str]
    quotas: Mapping[str, int]
    variety: Mapping[str, int]
    supply: Mapping[str, int]
    taken: list[Question] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(self.quotas.values()) - len(self.taken)

    def wanted(self, question: Question) -> bool:
        """Whether there is still room at its level."""
        taken = sum(q.level == question.level for q in self.taken)
        return self.missing > 0 and taken < self.quotas[question.level]

    def cover(self, pool: Sequence[Question], times: int) -> None:
        """So many of each group, those with the smallest choice first."""
        while lacking := self._lacking(pool, times):
            fewest = min(lacking, key=lambda name: (lacking[name], name))
            self._take([q for q in self._open(pool) if self.group(q) == fewest])

    def _lacking(self, pool: Sequence[Question], times: int) -> Counter[str]:
        taken = Counter(self.group(q) for q in self.taken)
        groups = (self.group(q) for q in self._open(pool))
        return Counter(name for name in groups if taken[name] < times)

    def _open(self, pool: Sequence[Question]) -> list[Question]:
        return [q for q in pool if self.wanted(q) and q not in self.taken]

    def fill(self, pool: Sequence[Question], allowed: Callable[[Question], bool]) -> None:
        """Take what is allowed until nothing is."""
        while found := [q for q in pool if q not in self.taken and allowed(q)]:
            self._take(found)

    def _take(self, found: Sequence[Question]) -> None:
        groups = Counter(self.group(q) for q in self.taken)
        aims = Counter((q.lesson, q.objective) for q in self.taken)

        def worth(question: Question) -> tuple[bool, int, int, int, int, bool, float]:
            return (
                question.id in self.last,
                groups[self.group(question)],
                self.variety[question.level],
                self.supply[self.group(question)],
                aims[question.lesson, question.objective],
                question.section != "test",
                self.dice.random(),
            )

        self.taken.append(min(found, key=worth))
