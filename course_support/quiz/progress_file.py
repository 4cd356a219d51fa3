"""How is the progress file opened, whatever has happened to it?

A connection is made for each call and closed after it: clicks arrive in other threads than the
cells, and a kernel may be killed at any moment. The write-ahead log lets several kernels write
in turn; a commit has reached the disk when it returns.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from course_support.quiz.progress_schema import (
    APPLICATION,
    STEPS,
    VERSION,
    add_events,
    add_states,
    salvaged,
    statements,
)

WAIT_S = 5.0
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
SHUT = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)
SHUT_OF_SYSTEM = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)
Say = Callable[[str], None]


class LeftAlone(Exception):
    """A file that is not for this version of the course to write in; the text says why."""


TROUBLE = (sqlite3.Error, OSError, LeftAlone)


@contextmanager
def opened(path: Path, say: Say) -> Iterator[sqlite3.Connection]:
    """The file at `path`, made where there is none, migrated, or set aside where it is damaged.

    `say` is told, in words, what a learner should know of it.

    Raises:
        LeftAlone: another program's file, one of a newer version of the course, or no file.
        sqlite3.Error, OSError: it cannot be opened or made.
    """
    if str(path) == os.devnull:
        raise LeftAlone(f"the variable COURSE_PROGRESS is {path}, which keeps nothing.")
    with closing(_current(path) or _prepared(path, say)) as connection:
        yield connection


@contextmanager
def opened_to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """The file at `path` as it is on a disk that cannot be written, not even its lock files."""
    with closing(connect(path, "ro&immutable=1")) as connection:
        _version(connection, path)
        yield connection


def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection in which each statement is its own transaction, unless BEGIN is said."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_S, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing, and nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def is_damage(error: BaseException) -> bool:
    """Whether an error says that the file itself is not sound."""
    return _code(error) in DAMAGE


def is_shut(error: BaseException) -> bool:
    """Whether an error says that the file may not be written, or its folder."""
    return _code(error) in SHUT or getattr(error, "errno", 0) in SHUT_OF_SYSTEM


def can_still_be_read(error: BaseException, path: Path) -> bool:
    """Whether a file that could not be opened as usual may be read all the same.

    To open it, SQLite makes lock files beside it; a full disk has no room for them.
    """
    return path.exists() and (is_shut(error) or isinstance(error, sqlite3.OperationalError))


def in_words(error: BaseException, path: Path) -> str:
    """What is wrong with the file at `path`, as the rest of a sentence that ends in a period."""
    known = {
        sqlite3.SQLITE_FULL: f"the disk is full, so {path} cannot grow.",
        sqlite3.SQLITE_BUSY: f"another program has kept {path} to itself for {WAIT_S:g} s.",
        sqlite3.SQLITE_IOERR: f"the disk reports an error at {path}. Is it full?",
    }
    if isinstance(error, LeftAlone):
        return str(error)
    if is_shut(error):
        return f"{path} cannot be written. Is its folder there, and yours to write in?"
    code = sqlite3.SQLITE_FULL if getattr(error, "errno", 0) == errno.ENOSPC else _code(error)
    return known.get(code, f"{path} cannot be used ({type(error).__name__}: {error}).")


def set_damaged_aside(path: Path, say: Say) -> None:
    """Give a damaged file another name, and begin a new one with what can still be read of it.

    Where another kernel has done so meanwhile nothing is left to do.
    """
    _prepared(path, say).close()


def free_name(path: Path, word: str) -> Path:
    """A name beside `path` that is not taken: `progress.WORD-20261127-174244.sqlite3`."""
    stem = f"{path.stem}.{word}-{datetime.now():%Y%m%d-%H%M%S}"
    found, number = path.with_name(f"{stem}{path.suffix}"), 1
    while found.exists():
        number += 1
        found = path.with_name(f"{stem}-{number}{path.suffix}")
    return found


def copy(path: Path, word: str) -> Path:
    """Copy the file at `path`, whole even while it is in use; where the copy lies."""
    target = free_name(path, word)
    with closing(connect(path)) as source, closing(sqlite3.connect(target)) as destination:
        source.backup(destination)
    return target


def _code(error: BaseException) -> int:
    """SQLite's primary result code, 0 where it is no error of SQLite."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _current(path: Path) -> sqlite3.Connection | None:
    """A connection to a file that is as it should be; None where there is something to do."""
    if not path.exists():
        return None
    connection = connect(path)
    try:
        if _version(connection, path) == VERSION:
            return connection
    except BaseException as error:
        connection.close()
        if is_damage(error):
            return None
        raise
    connection.close()
    return None


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the file; 0 where it is empty.

    Raises:
        LeftAlone: it is not ours, or from a newer version of the course.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise LeftAlone(f"{path} is another program's database, and was left alone.")
        return 0
    if version > VERSION:
        raise LeftAlone(
            f"{path} was written by a newer version of the course (file version {version}; this "
            f"one knows {VERSION}), and was left alone. Update the course, or name another file "
            "in the variable COURSE_PROGRESS."
        )
    return version


def _prepared(path: Path, say: Say) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path):
        aside = _set_aside(path) if path.exists() and not _is_sound(path) else None
        connection = connect(path, "rwc")
        try:
            _make(connection, path, say)
            if aside:
                say(f"{_damaged(aside)} {_saved(aside, connection)} The new file: {path}")
        except BaseException:
            connection.close()
            raise
    return connection


def _make(connection: sqlite3.Connection, path: Path, say: Say) -> None:
    version = _version(connection, path)
    if version == VERSION:
        return
    if version:
        kept = copy(path, f"version-{version}")
        say(f"Your progress was brought to a new form. A copy of the old file: {kept}")
    else:
        connection.execute("PRAGMA journal_mode=WAL")
    with transaction(connection):
        for statement in statements("".join(STEPS[version:])):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION}")
        connection.execute(f"PRAGMA user_version={VERSION}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the only process that makes, changes or moves the file at `path`.

    The lock is SQLite's own, on an empty file: it ends with the process, however that ends.
    """
    lock = path.with_name(f"{path.name}.lock")
    with closing(sqlite3.connect(lock, timeout=WAIT_S, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def _is_sound(path: Path) -> bool:
    try:
        with closing(connect(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        raise


def _set_aside(path: Path) -> Path:
    target = free_name(path, "damaged")
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(target.with_name(target.name + ending))
    return target


def _damaged(aside: Path) -> str:
    return f"The file with your progress was damaged. It was set aside as {aside}."


def _saved(aside: Path, connection: sqlite3.Connection) -> str:
    """Bring over what can be read of the file set aside; how much that was, in words."""
    try:
        rows = salvaged(aside)
        with transaction(connection):
            add_states(connection, rows.states)
            add_events(connection, rows.events)
    except TROUBLE:
        return "Nothing of it could be brought over."
    return f"Of its answers, checks and hints {len(rows.events)} could be read and were kept."
