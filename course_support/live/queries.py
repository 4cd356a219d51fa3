"""Which queries went to the database, how many, and from which threads?

    with count_queries() as queries:
        await site.get("/articles/")
    len(queries)
    queries.threads

Django's own counters, `CaptureQueriesContext` and `connection.execute_wrapper`, watch the
connection of the thread that opens them. A connection belongs to its thread, and under ASGI each
request has a thread of its own for its queries: a cell that watches its own connection sees none
of them. Here every connection of the process reports, from the moment when it is opened.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from course_support.live import gates

_SHORT = 90  # characters of a query that the table shows


@dataclass(frozen=True)
class Query:
    """One query as the database got it.

    Attributes:
        sql: its text, with placeholders.
        thread: name of the thread that sent it.
        on_loop: whether an event loop runs in that thread, and stood still meanwhile.
        start_s: when it was sent, on `time.perf_counter`.
        end_s: when the database had answered, or refused.
    """

    sql: str
    thread: str
    on_loop: bool
    start_s: float
    end_s: float


class Queries:
    """The queries of this process while they were counted, in the order in which they ended."""

    def __init__(self) -> None:
        self._sent: list[Query] = []

    def __len__(self) -> int:
        return len(self._sent)

    def __iter__(self) -> Iterator[Query]:
        return iter(tuple(self._sent))

    @property
    def threads(self) -> tuple[str, ...]:
        """The threads that sent them, in the order of their first query."""
        return tuple(dict.fromkeys(query.thread for query in self))

    @property
    def peak(self) -> int:
        """How many were under way at one time, at most."""
        return max((sum(_during(other, one) for other in self) for one in self), default=0)

    def __repr__(self) -> str:
        if not self:
            return "<no query>"
        queries = "1 query" if len(self) == 1 else f"{len(self)} queries"
        threads = "1 thread" if len(self.threads) == 1 else f"{len(self.threads)} threads"
        return f"<{queries} from {threads}>"

    def _repr_html_(self) -> str:
        said = escape(repr(self).strip("<>"))
        if not self:
            return f"<p>{said}</p>"
        head = "".join(f"<th scope='col' style='text-align:left'>{n}</th>" for n in COLUMNS)
        rows = "".join(map(_row, itertools.count(1), self))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"<p>{said}</p>{table}"

    def _add(self, query: Query) -> None:
        self._sent.append(query)


COLUMNS = ("", "ms", "thread", "query")
_open: dict[int, Queries] = {}
_handles = itertools.count(1)
_lock = threading.Lock()


@contextmanager
def count_queries() -> Iterator[Queries]:
    """Note every query of this process inside the block, whichever thread sends it.

    The connection must have been opened by the course's Django, hence after the first `Site()`.
    """
    handle = begin()
    try:
        yield _open[handle]
    finally:
        finish(handle)


def begin() -> int:
    """Begin to count; `finish` takes the number that comes back."""
    with _lock:
        handle = next(_handles)
        _open[handle] = Queries()
    return handle


def finish(handle: int) -> list[dict[str, Any]]:
    """The fields of each query since `begin` gave this handle; counting ends."""
    with _lock:
        queries = _open.pop(handle)
    return [asdict(query) for query in queries]


def listen() -> None:
    """Let each database connection report, once it is open. Called when Django is set up."""
    from django.db.backends.signals import connection_created

    def on_connection(connection: Any, **_: Any) -> None:
        if _note not in connection.execute_wrappers:
            connection.execute_wrappers.append(_note)

    connection_created.connect(on_connection, weak=False, dispatch_uid="course_queries")


def _note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """A wrapper as `connection.execute_wrappers` takes it."""
    gates.wait()
    if not _open:
        return execute(sql, params, many, context)
    start_s = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        thread = threading.current_thread().name
        query = Query(sql, thread, _on_loop(), start_s, time.perf_counter())
        with _lock:
            for queries in _open.values():
                queries._add(query)


def _during(query: Query, other: Query) -> bool:
    """Was `query` under way when `other` was sent?"""
    return query.start_s <= other.start_s < query.end_s or query is other


def _on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _row(number: int, query: Query) -> str:
    text = query.sql if len(query.sql) <= _SHORT else f"{query.sql[:_SHORT]} ..."
    cells = (str(number), f"{(query.end_s - query.start_s) * 1000:.2f}", query.thread, text)
    told = (f"<td style='text-align:left'>{escape(cell)}</td>" for cell in cells)
    return f"<tr>{''.join(told)}</tr>"
