"""What stands in the progress file, and how did it come to be so?

Version 1 holds what happened, one row each, and the small states that are kept by name. Version
2 adds a tally for each thing that was answered or checked: the map of the course is drawn from a
few hundred of these, however many answers there are. A trigger keeps them, so that whatever adds
an event counts it, in the same transaction, in whatever order the events come.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

# "CASY" in ASCII: tells this file from any other program's database.
APPLICATION = 0x43415359
COLUMNS = "uid, at, kind, key, lesson, outcome, detail"
Row = tuple[str, ...]


class Rows(NamedTuple):
    """What a file holds: rows of `COLUMNS`, and of name, time and value."""

    events: list[Row]
    states: list[Row]


_VERSION_1 = """
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    lesson TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX event_of_key ON event (kind, key, at);
CREATE INDEX event_in_time ON event (at);
CREATE TABLE kept (name TEXT PRIMARY KEY, at TEXT NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
"""

# `recent` holds the last five times, each with + where the outcome was correct, else with -.
_VERSION_2 = """
CREATE TABLE tally (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    times INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    last INTEGER NOT NULL,
    recent TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;

CREATE TRIGGER event_counted AFTER INSERT ON event BEGIN
    INSERT INTO tally VALUES (new.kind, new.key, 0, 0, new.id, '')
        ON CONFLICT DO NOTHING;
    UPDATE tally SET
        times = times + 1,
        correct = correct + (new.outcome = 'correct'),
        last = (
            SELECT id FROM event WHERE kind = new.kind AND key = new.key
            ORDER BY at DESC LIMIT 1
        ),
        recent = (
            SELECT group_concat(at || CASE outcome WHEN 'correct' THEN '+' ELSE '-' END, ' ') FROM (
                SELECT at, outcome FROM event WHERE kind = new.kind AND key = new.key
                ORDER BY at DESC LIMIT 5
            )
        )
    WHERE kind = new.kind AND key = new.key;
END;

CREATE TEMP TABLE counted_anew AS SELECT * FROM event;
DELETE FROM event;
INSERT INTO event SELECT * FROM counted_anew ORDER BY at;
DROP TABLE counted_anew;
"""

STEPS = (_VERSION_1, _VERSION_2)
VERSION = len(STEPS)


def statements(script: str) -> Iterator[str]:
    """The statements of an SQL script, one by one: `executescript` would end the transaction."""
    begun = ""
    for line in script.splitlines(keepends=True):
        begun += line
        if begun.strip() and sqlite3.complete_statement(begun):
            yield begun
            begun = ""


def add_events(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Add rows of `COLUMNS`; one whose uid is there already is left out."""
    marks = ", ".join("?" for _ in COLUMNS.split(","))
    connection.executemany(f"INSERT OR IGNORE INTO event ({COLUMNS}) VALUES ({marks})", rows)


def put_states(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Write rows of name, time and value, whatever stood under those names."""
    connection.executemany("INSERT OR REPLACE INTO kept (name, at, value) VALUES (?, ?, ?)", rows)


def add_states(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Add rows of name, time and value; of two states of one name the newer stays."""
    connection.executemany(
        "INSERT INTO kept (name, at, value) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
        "SET at = excluded.at, value = excluded.value WHERE excluded.at > kept.at",
        rows,
    )


def all_rows(connection: sqlite3.Connection) -> Rows:
    """Everything in a sound file, events in the order of their times."""
    events = connection.execute(f"SELECT {COLUMNS} FROM event ORDER BY at, id").fetchall()
    return Rows(events, connection.execute("SELECT name, at, value FROM kept").fetchall())


def salvaged(path: Path) -> Rows:
    """What can be read of the file at `path`, which may be damaged or of any version.

    Each table is read from both its ends, up to where the damage begins. None where the file is
    not ours, or nothing of it can be read.
    """
    events: dict[Row, None] = {}
    states: dict[Row, None] = {}
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        with suppress(sqlite3.DatabaseError):
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
                return Rows([], [])
        for order in ("", "DESC"):
            query = f"SELECT {COLUMNS} FROM event NOT INDEXED ORDER BY id {order}"
            _read_on(connection, query, events)
            _read_on(connection, f"SELECT name, at, value FROM kept ORDER BY name {order}", states)
    return Rows(list(events), list(states))


def _read_on(connection: sqlite3.Connection, query: str, found: dict[Row, None]) -> None:
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
        for row in connection.execute(query):
            if all(isinstance(value, str) for value in row):
                found[row] = None
