"""What stands in the progress file, and how did it come to be so?

Version 1 holds what happened, one row each, and the small states that are kept by name. Version
2 adds a tally for each thing that was answered or checked: the map of the course is drawn from a
few hundred of these, however many answers there are. A trigger keeps them, so that whatever adds
an event counts it, in the same transaction, in whatever order the events come.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

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
