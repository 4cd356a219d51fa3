"""How does Django in a submission's process ask a database that is in another?

A database backend as Django finds it by its name: SQLite's own, whose connection is a socket.
All that Django does stays as it is; the queries are sent to `serving.py`, which counts them.
"""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.utils.asyncio import async_unsafe

from course_support.grading import frames
from course_support.grading.database.values import adapted, error_of, unpacked


class DatabaseOperations(operations.DatabaseOperations):
    """SQLite's, but for what it would ask the database to show a query that was sent."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The query, with its parameters beside it."""
        return f"{sql} {tuple(params)!r}" if params else sql


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite's, with another connection and another cursor."""

    ops_class = DatabaseOperations

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """A connection to the port of the settings; those of SQLite's file do not matter."""
        return Connection(int(self.settings_dict["PORT"]))

    def create_cursor(self, name: str | None = None) -> Cursor:
        """A cursor; Django's own would keep the rows in this process."""
        return Cursor(self.connection)


class Connection:
    """What Django uses of a `sqlite3.Connection`."""

    def __init__(self, port: int) -> None:
        self._lock = threading.Lock()
        self._level: str | None = None
        try:
            self._socket = socket.create_connection(("127.0.0.1", port))
        except OSError as error:
            raise sqlite3.OperationalError(f"unable to open database: {error}") from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, **frame: Any) -> dict[str, Any]:
        """The database's answer.

        Raises:
            sqlite3.Error, OverflowError: what the database says is wrong.
        """
        try:
            with self._lock:
                self._socket.sendall(frames.pack(frame))
                answer = frames.receive(self._socket)
        except (OSError, EOFError) as error:
            raise sqlite3.OperationalError(f"the database is gone: {error}") from None
        if "error" in answer:
            raise error_of(*answer["error"])
        return answer

    def cursor(self, factory: Any = None) -> Cursor:
        """A new cursor, of the one kind that there is."""
        return Cursor(self)

    def execute(self, sql: str, params: Any = None) -> Cursor:
        """A new cursor with the answer to this query."""
        return self.cursor().execute(sql, params)

    def commit(self) -> None:
        """End the transaction, if there is one."""
        self.ask(do="commit")

    def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        self.ask(do="rollback")

    def getlimit(self, category: int) -> int:
        """A limit of the database's, as sqlite3 numbers them."""
        return int(self.ask(do="limit", category=category)["limit"])

    @property
    def isolation_level(self) -> str | None:
        """As sqlite3 has it: None where each query is a transaction."""
        return self._level

    @isolation_level.setter
    def isolation_level(self, level: str | None) -> None:
        if level != self._level:
            self.ask(do="level", level=level)
            self._level = level

    def close(self) -> None:
        """Leave; what was not committed is undone."""
        self._socket.close()


class Cursor:
    """What Django uses of a `sqlite3.Cursor`; the rows come all at once."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: list[list[Any]] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: Iterator[tuple[Any, ...]] = iter(())

    def execute(self, sql: str, params: Any = None) -> Cursor:
        """Send a query, with `%s` where its parameters belong."""
        return self._take(self.connection.ask(do="execute", sql=str(sql), params=adapted(params)))

    def executemany(self, sql: str, params: Iterable[Any]) -> Cursor:
        """Send a query for each of these parameters; the database counts one."""
        many = [adapted(one) for one in params]
        return self._take(self.connection.ask(do="execute", sql=str(sql), many=many))

    def _take(self, answer: dict[str, Any]) -> Cursor:
        self.description = answer["description"]
        self.rowcount, self.lastrowid = answer["rowcount"], answer["lastrowid"]
        self._rows = (tuple(unpacked(row)) for row in answer["rows"])
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, if there is one."""
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows, at most `size`."""
        return list(islice(self._rows, size))

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        return list(self._rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def close(self) -> None:
        """Nothing is kept over there."""
