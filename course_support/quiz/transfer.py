"""How does progress get to another machine and back, and how does one start anew?

An export is text, one JSON object a line: the first says what the file is, each other one holds
an event or a state that is kept. An import adds what is not there yet, all of it or nothing. It
also takes a progress file itself, such as the copy that a reset leaves, or what can still be
read of a damaged one.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from course_support.quiz import progress_file as files
from course_support.quiz.events import KINDS, stamp
from course_support.quiz.progress import Store, store
from course_support.quiz.progress_schema import (
    COLUMNS,
    Rows,
    add_events,
    add_states,
    all_rows,
    salvaged,
)

FORMAT = "progress of Async Django, live"
VERSION = 1
NOTHING = "There is no progress yet: nothing to begin anew."


class Unreadable(ValueError):
    """A file that cannot be imported; the text names it, the line, and what is wrong there."""


class Merged(NamedTuple):
    """What an import brought: how many events and states were new, and how many were known."""

    events: int
    states: int
    known: int


def run(action: str | None, path: Path | None = None) -> int:
    """One action from a terminal, on the learner's store; 0, or 1 where it could not be done.

    `action` is `export` or `import`, each with a path, `reset`, or None for the map.
    """
    mine = store()
    try:
        words = _done(mine, action, path)
    except Unreadable as mistake:
        print(mistake, file=sys.stderr)
        return 1
    except files.TROUBLE as error:
        print(f"Nothing was changed: {_in_words(error, mine, path)}", file=sys.stderr)
        return 1
    print(words)
    return 0


def _done(mine: Store, action: str | None, path: Path | None) -> str:
    """Do it, and say what was done."""
    if action == "export" and path:
        return f"{path} holds {_events(export(mine, path))}."
    if action == "import" and path:
        found = merge(mine, path)
        known = f"; {found.known} were here already" if found.known else ""
        return f"Added {_events(found.events)} and {found.states} newer states{known}."
    if action == "reset":
        kept = reset(mine)
        back = f"To have it back: python3 course.py progress import {kept}"
        return f"Your progress begins anew. The old one: {kept}\n    {back}" if kept else NOTHING
    from course_support.quiz.mapping import progress

    return progress().text()


def _events(number: int) -> str:
    return "1 answer, check or hint" if number == 1 else f"{number} answers, checks and hints"


def _in_words(error: BaseException, mine: Store, path: Path | None) -> str:
    if isinstance(error, FileExistsError) and path:
        return f"{path} is there already, and was left alone. Name another file."
    if isinstance(error, OSError) and path:
        return f"{path}: {error.strerror}."
    return files.in_words(error, mine.path)


def export(mine: Store, path: Path) -> int:
    """Write everything into a new file at `path`; how many events there were.

    Raises:
        FileExistsError: there is such a file; it is left alone.
        sqlite3.Error, OSError, LeftAlone: the progress cannot be read, or the file not written.
    """
    rows = mine.do(all_rows)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        try:
            file.writelines(f"{line}\n" for line in _lines(rows))
        except BaseException:
            path.unlink()
            raise
    return len(rows.events)


def merge(mine: Store, path: Path) -> Merged:
    """Add what the file at `path` holds and the store does not; the newer of two states stays.

    Raises:
        Unreadable: it holds no progress, or a line of it makes no sense; nothing was added.
        sqlite3.Error, OSError, LeftAlone: a file cannot be read, or the progress not written.
    """
    with path.open("rb") as file:
        is_database = file.read(16) == b"SQLite format 3\0"
    rows = salvaged(path) if is_database else _parsed(path)
    if is_database and not any(rows):
        raise Unreadable(f"{path} is a database, and none of this course's progress is in it.")

    def work(connection: sqlite3.Connection) -> Merged:
        with files.transaction(connection):
            before = _count(connection)
            changes = connection.total_changes
            add_states(connection, rows.states)
            states = connection.total_changes - changes
            add_events(connection, rows.events)
            events = _count(connection) - before
        return Merged(events, states, len(rows.events) - events)

    return mine.do(work)


def reset(mine: Store) -> Path | None:
    """Forget everything, and keep a copy beside; where it lies, None where there was nothing.

    Raises:
        sqlite3.Error, OSError, LeftAlone: the file cannot be copied or changed.
    """

    def work(connection: sqlite3.Connection) -> Path | None:
        # Nobody writes between the copy and the end of this transaction.
        with files.transaction(connection):
            if not connection.execute("SELECT 1 FROM event UNION SELECT 1 FROM kept").fetchone():
                return None
            kept = files.copy(mine.path, "before-reset")
            for table in ("event", "tally", "kept"):
                connection.execute(f"DELETE FROM {table}")
        return kept

    return mine.do(work) if mine.path.exists() else None


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])


def _lines(rows: Rows) -> Iterator[str]:
    head = {"format": FORMAT, "version": VERSION, "at": stamp(datetime.now(UTC))}
    yield json.dumps(head)
    for *texts, detail in rows.events:
        event = dict(zip(COLUMNS.split(", "), [*texts, json.loads(detail)], strict=True))
        yield json.dumps({"event": event}, ensure_ascii=False)
    for name, at, value in rows.states:
        state = {"name": name, "at": at, "value": json.loads(value)}
        yield json.dumps({"kept": state}, ensure_ascii=False)


def _parsed(path: Path) -> Rows:
    rows = Rows([], [])
    try:
        with path.open(encoding="utf-8") as file:
            _check_head(path, file.readline())
            for number, line in enumerate(file, 2):
                try:
                    _add(rows, json.loads(line))
                except (ValueError, TypeError, KeyError, AttributeError) as error:
                    raise Unreadable(
                        f"{path}, line {number}: neither an event nor a state ({error})."
                    ) from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is no export of progress: {error}.") from None
    return rows


def _check_head(path: Path, line: str) -> None:
    head: Any = None
    with suppress(ValueError):
        head = json.loads(line)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise Unreadable(
            f"{path} is no export of progress.\n"
            "    Make one on the other machine: python3 course.py progress export FILE"
        )
    if head.get("version") != VERSION:
        raise Unreadable(
            f"{path} is an export of version {head.get('version')}, and this course knows "
            f"{VERSION}.\n    Update the course here first."
        )


def _add(rows: Rows, entry: Any) -> None:
    """Add one line's event or state.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it is neither.
    """
    if "kept" in entry:
        state = entry["kept"]
        rows.states.append((_text(state, "name"), _at(state), _json(state["value"])))
        return
    event = entry["event"]
    if event["kind"] not in KINDS:
        raise ValueError(f"unknown kind {event['kind']!r}")
    kind, key, lesson, outcome = (_text(event, k) for k in ("kind", "key", "lesson", "outcome"))
    uid, detail = _text(event, "uid"), _json(event["detail"])
    rows.events.append((uid, _at(event), kind, key, lesson, outcome, detail))


def _text(entry: Any, key: str) -> str:
    if not isinstance(entry[key], str):
        raise TypeError(f"'{key}' is no text: {entry[key]!r}")
    return str(entry[key])


def _at(entry: Any) -> str:
    return stamp(datetime.fromisoformat(_text(entry, "at")))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
