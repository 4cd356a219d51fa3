"""How often was each thing answered or checked, and how did it go lately?"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from course_support.quiz.events import Event, as_event
from course_support.quiz.progress import Store
from course_support.quiz.progress_schema import COLUMNS

RECENT = 5


@dataclass(frozen=True)
class Tally:
    """What has become of one question, card, exercise or test.

    Attributes:
        times: how many events there are of it, at least 1.
        correct: how many of these were correct.
        last: the newest.
        recent: (when, was it correct) of the last `RECENT`, the newest first.
    """

    times: int
    correct: int
    last: Event
    recent: tuple[tuple[datetime, bool], ...]


Tallies = dict[tuple[str, str], Tally]


def tallies(store: Store) -> Tallies:
    """The tally of each (kind, key) that has one; none where the file cannot be read."""
    return store.read(_read, {})


def _read(connection: sqlite3.Connection) -> Tallies:
    columns = ", ".join(f"event.{name}" for name in COLUMNS.split(", "))
    query = (
        f"SELECT {columns}, tally.times, tally.correct, tally.recent "
        "FROM tally JOIN event ON event.id = tally.last"
    )
    found = (_tally(*row) for row in connection.execute(query))
    return {(tally.last.kind, tally.last.key): tally for tally in found}


def _tally(*row: str | int) -> Tally:
    *columns, times, correct, recent = row
    marks = sorted(str(recent).split(), reverse=True)
    lately = tuple((datetime.fromisoformat(mark[:-1]), mark[-1] == "+") for mark in marks)
    return Tally(int(times), int(correct), as_event(*map(str, columns)), lately)
