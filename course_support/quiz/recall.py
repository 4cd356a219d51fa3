"""When does a flip card come back?

The `fsrs` library decides: from what you said of a card, and when, it estimates how long you will
remember it, and lets it come back when the chance has fallen to nine in ten. One state a card is
kept in the learner's own store, under `card.ID`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from course_support.quiz.progress import Store

if TYPE_CHECKING:
    from fsrs import Card, Scheduler


class Named(Protocol):
    """A card, or as much of it as its schedule needs."""

    @property
    def id(self) -> str:
        """The card's id in the bank."""


C = TypeVar("C", bound=Named)
PREFIX = "card."
# What a learner may say of a card -> fsrs.Rating.
RATINGS = {"again": 1, "hard": 2, "knew": 3, "easy": 4}


class Deck:
    """The schedule of all cards of one learner.

    `now` is an aware datetime everywhere, this moment by default.
    """

    def __init__(self, store: Store, *, fuzzing: bool = True) -> None:
        self._store = store
        self._fuzzing = fuzzing

    def review(self, card_id: str, answer: str, now: datetime | None = None) -> datetime:
        """Note what was said of a card that was turned; when it comes back.

        Raises:
            LookupError: not one of `RATINGS`.
        """
        if answer not in RATINGS:
            raise LookupError(f"A card is answered with {', '.join(RATINGS)}, not {answer!r}.")
        from fsrs import Card, Rating

        known = _card(self._store.kept(PREFIX + card_id))
        card = known or Card(card_id=_number(card_id))
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        card, _ = _scheduler(self._fuzzing).review_card(card, Rating(RATINGS[answer]), moment)
        self._store.keep(PREFIX + card_id, json.loads(card.to_json()))
        return card.due

    def bring_back(self, card_ids: Iterable[str], now: datetime | None = None) -> None:
        """Make cards due at once, turned or not; what is known of each stays as it is."""
        from fsrs import Card

        moment = (now or datetime.now(UTC)).astimezone(UTC)
        for card_id in card_ids:
            card = _card(self._store.kept(PREFIX + card_id)) or Card(card_id=_number(card_id))
            card.due = min(card.due, moment)
            self._store.keep(PREFIX + card_id, json.loads(card.to_json()))

    def returns(self) -> Mapping[str, datetime]:
        """When each card that was ever turned comes back, by its id."""
        kept = self._store.kept_all(PREFIX)
        cards = {name.removeprefix(PREFIX): _card(state) for name, state in kept.items()}
        return {card_id: card.due for card_id, card in cards.items() if card}

    def due(self, cards: Iterable[C], now: datetime | None = None) -> list[C]:
        """Those of `cards` whose time has come, the one that has waited longest first."""
        returns, moment = self.returns(), now or datetime.now(UTC)
        found = [card for card in cards if card.id in returns and returns[card.id] <= moment]
        return sorted(found, key=lambda card: returns[card.id])

    def new(self, cards: Iterable[C]) -> list[C]:
        """Those of `cards` that were never turned, in their order."""
        returns = self.returns()
        return [card for card in cards if card.id not in returns]

    def next_return(self, cards: Iterable[Named]) -> datetime | None:
        """When the first of `cards` comes back; None where none was ever turned."""
        returns = self.returns()
        return min((returns[card.id] for card in cards if card.id in returns), default=None)


@lru_cache(maxsize=2)
def _scheduler(fuzzing: bool) -> Scheduler:
    from fsrs import Scheduler

    # No steps of minutes: what was missed comes back tomorrow, not while you read on.
    tomorrow = (timedelta(days=1),)
    return Scheduler(learning_steps=(), relearning_steps=tomorrow, enable_fuzzing=fuzzing)


def _number(card_id: str) -> int:
    return zlib.crc32(card_id.encode())


def _card(state: Any) -> Card | None:
    """The card in a kept state; None without one, or where it makes no sense."""
    if not isinstance(state, dict):
        return None
    from fsrs import Card

    with suppress(KeyError, TypeError, ValueError):
        return Card.from_json(json.dumps(state))
    return None


def day_in_words(at: datetime, now: datetime | None = None) -> str:
    """The day of a moment as one says it: today, tomorrow, on Sunday, on 3 January."""
    day = at.astimezone().date()
    away = (day - (now or datetime.now(UTC)).astimezone().date()).days
    if away <= 1:
        return "tomorrow" if away == 1 else "today"
    return f"on {day:%A}" if away < 7 else f"on {day.day} {day:%B}"
