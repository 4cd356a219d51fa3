"""What has a learner done, and where is it remembered? In a file of their own, on their machine.

One row for each answer and each check, in an SQLite file in the user's data folder, or in the
file that the environment variable COURSE_PROGRESS names. Nothing of it is sent anywhere.

    from course_support.quiz.progress import store

    store().record(kind="check", key="ex01_first_view", lesson="01_first_async_view",
                   outcome="correct", detail={"passed": 7, "total": 7})
    store().keep("card.awaiting", {"due": "2026-12-01"})
    store().kept("card.awaiting")
"""

from __future__ import annotations

import atexit
import json
import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from uuid import uuid4

from course_support.quiz import progress_file as files
from course_support.quiz.events import KINDS, Event, as_event, stamp
from course_support.quiz.progress_schema import COLUMNS, add_events, put_states

NOWHERE = Path(os.devnull)
T = TypeVar("T")


def place() -> Path:
    """Where the progress file is or will be: COURSE_PROGRESS, else the user's data folder.

    `os.devnull` there means that nothing is to be kept.
    """
    if named := os.environ.get("COURSE_PROGRESS"):
        return NOWHERE if named == os.devnull else Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("async-django-live", appauthor=False) / "progress.sqlite3"


def store() -> Store:
    """The learner's store: the same one for each call with the same file."""
    return _store(place())


@cache
def _store(path: Path) -> Store:
    made = Store(path)
    atexit.register(made.flush)
    return made


class Store:
    """A learner's progress in one file. Safe in several threads and several kernels at once.

    A file that cannot be written breaks nothing: this is said once, in words, on the standard
    error stream. What was to be written waits in this process, for the next call or the end.

    Attributes:
        path: the file.
        trouble: why the last attempt to write failed, in words; empty where it did not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""
        self._said: set[str] = set()
        self._events: list[Event] = []
        self._states: dict[str, tuple[str, str]] = {}
        self._lock = RLock()

    def __repr__(self) -> str:
        return f"<Store {self.path}>"

    @property
    def waiting(self) -> int:
        """How many events are in this process only, not yet on the disk."""
        return len(self._events)

    def record(
        self,
        *,
        kind: str,
        key: str,
        outcome: str,
        lesson: str = "",
        detail: Any = None,
        when: datetime | None = None,
    ) -> bool:
        """Add one event; whether it is on the disk now. `when` is this moment by default.

        Raises:
            ValueError: an unknown kind; the text lists the known ones.
            TypeError: `detail` is not ready for JSON.
        """
        if kind not in KINDS:
            raise ValueError(f"There is no kind {kind!r} of event. Known: {', '.join(KINDS)}.")
        at = when or datetime.now(UTC)
        event = Event(kind, key, lesson, str(outcome), detail, at, uuid4().hex)
        event.row()
        with self._lock:
            self._events.append(event)
            return self.flush()

    def keep(self, name: str, value: Any) -> bool:
        """Remember one small state under a name; whether it is on the disk now.

        An import takes the newer of two states of one name: give each thing a name of its own,
        such as `card.ID`, rather than one name to all.

        Raises:
            TypeError: `value` is not ready for JSON.
        """
        state = stamp(datetime.now(UTC)), json.dumps(value, ensure_ascii=False)
        with self._lock:
            self._states[name] = state
            return self.flush()

    def kept(self, name: str, default: Any = None) -> Any:
        """What `keep` was last told under this name, else `default`."""
        with self._lock:
            if name in self._states:
                return json.loads(self._states[name][1])
        query = "SELECT value FROM kept WHERE name = ?"
        found = self.read(lambda connection: connection.execute(query, (name,)).fetchone(), None)
        return json.loads(found[0]) if found else default

    def kept_all(self, prefix: str = "") -> dict[str, Any]:
        """All states whose names begin with `prefix`, by their names."""
        query = "SELECT name, value FROM kept WHERE substr(name, 1, ?) = ?"
        values = (len(prefix), prefix)
        rows: list[tuple[str, str]] = self.read(lambda c: c.execute(query, values).fetchall(), [])
        with self._lock:
            waiting = {n: s[1] for n, s in self._states.items() if n.startswith(prefix)}
        return {name: json.loads(value) for name, value in (dict(rows) | waiting).items()}

    def events(
        self, *, kind: str | None = None, key: str | None = None, limit: int = -1
    ) -> list[Event]:
        """The events of a kind or a key, the newest first, at most `limit` of them."""
        wanted = {"kind": kind, "key": key}
        where = " AND ".join(f"{name} = :{name}" for name, value in wanted.items() if value)
        query = (
            f"SELECT {COLUMNS} FROM event WHERE {where or 'true'} "
            "ORDER BY at DESC, id DESC LIMIT :limit"
        )
        values = wanted | {"limit": limit}
        return self.read(lambda c: [as_event(*row) for row in c.execute(query, values)], [])

    def ready(self) -> bool:
        """Whether the file can be written; what is to be said of it is said now, not at a click.

        What a click's handler prints is shown in no notebook.
        """

        def nothing(connection: sqlite3.Connection) -> None:
            with files.transaction(connection):
                pass

        if self.waiting and not self.flush():
            return False
        return self._written(nothing)

    def flush(self) -> bool:
        """Write what waits in this process; whether all of it is on the disk now."""
        with self._lock:
            if self.path == NOWHERE:
                self._events.clear()
            if not self._events and not self._states:
                return self.path != NOWHERE
            if not self._written(self._save):
                return False
            self._events.clear()
            self._states.clear()
            return True

    def _written(self, work: Callable[[sqlite3.Connection], None]) -> bool:
        """Do `work`; whether that went well. Where not, it is said."""
        with self._lock:
            try:
                self.do(work)
            except files.TROUBLE as error:
                self._report(error)
                return False
            self.trouble = ""
            return True

    def read(self, work: Callable[[sqlite3.Connection], T], default: T) -> T:
        """What `work` finds in the file; `default` where it cannot be read, which is said once."""
        try:
            return self.do(work)
        except files.TROUBLE as error:
            try:
                if files.can_still_be_read(error, self.path):
                    with files.opened_to_read(self.path) as connection:
                        return work(connection)
            except files.TROUBLE as other:
                error = other
            self._report(error)
            return default

    def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, given a connection; done once more where the file was damaged.

        Raises:
            sqlite3.Error, OSError, LeftAlone: the file cannot be opened, read or written.
        """
        try:
            with files.opened(self.path, self._say) as connection:
                return work(connection)
        except sqlite3.DatabaseError as error:
            if not files.is_damage(error):
                raise
        files.set_damaged_aside(self.path, self._say)
        with files.opened(self.path, self._say) as connection:
            return work(connection)

    def _save(self, connection: sqlite3.Connection) -> None:
        with files.transaction(connection):
            add_events(connection, (event.row() for event in self._events))
            put_states(connection, ((name, *state) for name, state in self._states.items()))

    def _report(self, error: BaseException) -> None:
        self.trouble = files.in_words(error, self.path)
        if self.path == NOWHERE:
            return
        self._say(
            f"Your progress is not being saved: {self.trouble}\n"
            "    Answers are judged all the same. They wait in this kernel and are written with "
            "the next one that can be."
        )

    def _say(self, words: str) -> None:
        """Say something once."""
        if words not in self._said:
            self._said.add(words)
            print(words, file=sys.stderr)
