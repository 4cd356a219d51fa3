"""What is known of one thing that a learner did?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

KINDS = ("answer", "check", "hint", "card", "test")


@dataclass(frozen=True)
class Event:
    """One thing that a learner did.

    Attributes:
        kind: one of `KINDS`.
        key: the question's, card's or exercise's id; a test's own name.
        lesson: such as `01_first_async_view`, or empty.
        outcome: what came of it, in one word or two: `correct`, `not attempted`.
        detail: what else is known, ready for JSON.
        at: when, in UTC.
        uid: tells this event from all others, so that an import brings none twice.
    """

    kind: str
    key: str
    lesson: str
    outcome: str
    detail: Any
    at: datetime
    uid: str

    def row(self) -> tuple[str, ...]:
        """The values of `COLUMNS`."""
        detail = json.dumps(self.detail, ensure_ascii=False)
        return self.uid, stamp(self.at), self.kind, self.key, self.lesson, self.outcome, detail


def stamp(at: datetime) -> str:
    """A time in UTC as text that sorts as the times do; one without a zone is local time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def as_event(*row: str) -> Event:
    """The event with these values of `COLUMNS`."""
    uid, at, kind, key, lesson, outcome, detail = row
    return Event(kind, key, lesson, outcome, json.loads(detail), datetime.fromisoformat(at), uid)
