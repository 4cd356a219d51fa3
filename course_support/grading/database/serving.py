"""Who answers the queries of a submission, and counts them? A process without a line of it.

Forked like a submission's process and shut in like one, since a query can be hostile, too. It
listens where that process connects to, and does what the judge asks it on a channel of its own.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from course_support.grading import frames
from course_support.grading.database.values import packed, received
from course_support.grading.targets import raised_by
from course_support.live.settings import move_database, run_in_thread

# Whose functions a check may call here (`Client.beside`); nothing else is called.
CALLED = (
    "course_support.live.gates",
    "course_support.live.newsdesk.rows",
    "course_support.live.queries",
)
QUERY_S = 5.0
LARGEST = 24 * 1024 * 1024  # bytes of one query, and about those of the rows that answer it
_STEPS = 100_000  # of SQLite's machine, between two looks at the clock
_LEVELS = (None, "", "DEFERRED", "IMMEDIATE", "EXCLUSIVE")


def be_a_database(channel: socket.socket, folder: Path) -> None:
    """Serve one submission's database until the judge closes `channel`."""
    os.chdir(folder)
    move_database(folder)
    _, (listening, *_), _, _ = socket.recv_fds(channel, 8, 1)
    _start(serve, socket.socket(fileno=listening))
    replying = threading.Lock()
    try:
        while True:
            _start(_call, channel, replying, frames.receive(channel))
    except (EOFError, OSError):
        return


def _start(work: Callable[..., None], *args: Any) -> None:
    threading.Thread(target=work, args=args, daemon=True).start()


def _call(channel: socket.socket, replying: threading.Lock, frame: dict[str, Any]) -> None:
    """Do what the judge asks for, and reply."""
    said: dict[str, Any]
    try:
        if frame["module"] not in CALLED:
            raise LookupError(f"Nothing of {frame['module']} is called here.")
        function = getattr(import_module(frame["module"]), frame["name"])
        said = {"value": run_in_thread(function, *frame["args"]).result()}
    except Exception as error:
        said = {"raised": str(raised_by(error))}
    with replying:
        channel.sendall(frames.pack({"id": frame["id"]} | said))


def serve(listening: socket.socket) -> None:
    """Answer who connects to this socket, each in a thread, with Django's own database."""
    listening.listen()
    while True:
        asking, _ = listening.accept()
        asking.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _start(_serve, asking)


def _serve(asking: socket.socket) -> None:
    """Answer the queries of one connection, with a connection of this thread's own."""
    from django.db import connection

    try:
        connection.ensure_connection()
        while True:
            asking.sendall(_answer(connection, frames.receive(asking, LARGEST)))
    except (frames.BadFrame, EOFError, OSError):
        return
    finally:
        connection.close()
        asking.close()


def _answer(connection: Any, frame: dict[str, Any]) -> bytes:
    """What becomes of one query, as the bytes of a frame."""
    raw, end_s = connection.connection, time.monotonic() + QUERY_S
    raw.set_progress_handler(lambda: time.monotonic() > end_s, _STEPS)
    try:
        return frames.pack(_done(connection, raw, frame))
    except Exception as error:
        # Django's exceptions stand around SQLite's; over there, Django will do so again.
        cause = error.__cause__ or error
        return frames.pack({"error": [type(cause).__name__, str(cause)[:2000]]})


def _done(connection: Any, raw: Any, frame: dict[str, Any]) -> dict[str, Any]:
    match frame:
        case {"do": "execute", "sql": str(sql)}:
            return _executed(connection.cursor(), sql, frame)
        case {"do": "commit"}:
            raw.commit()
        case {"do": "rollback"}:
            raw.rollback()
        case {"do": "level", "level": level} if level in _LEVELS:
            raw.isolation_level = level
        case {"do": "limit", "category": int(category)}:
            return {"limit": raw.getlimit(category)}
        case _:
            raise frames.BadFrame("a request that is none")
    return {}


def _executed(cursor: Any, sql: str, frame: dict[str, Any]) -> dict[str, Any]:
    with cursor:
        if "many" in frame:
            cursor.executemany(sql, [received(one) for one in frame["many"]])
        else:
            cursor.execute(sql, received(frame.get("params")))
        rows, size = [], 0
        for row in cursor if cursor.description else ():
            rows.append(packed(row))
            size += len(json.dumps(rows[-1]))
            if size > LARGEST:
                raise OverflowError(f"The rows are more than {LARGEST // 1024**2} MiB.")
        return {
            "rows": rows,
            "description": cursor.description,
            "rowcount": cursor.rowcount,
            "lastrowid": cursor.lastrowid,
        }
