"""How does a value of a query travel as JSON, and an error of the database?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from course_support.grading.frames import BadFrame, bytes_of, text_of

_PLAIN = (type(None), bool, int, float, str)
_MANY = 500  # values that are adapted at one time: SQLite has a limit for columns
_READ: dict[str, Callable[[Any], Any]] = {
    "bytes": bytes_of,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def packed(values: Iterable[Any]) -> list[Any]:
    """The values of a row, or of a query that SQLite has adapted, as JSON."""
    return [one if isinstance(one, _PLAIN) else _named(one) for one in values]


def unpacked(values: Iterable[Any]) -> list[Any]:
    """The values that `packed` was given.

    Raises:
        BadFrame: one is of no such kind.
    """
    return [_read(one) for one in values]


def adapted(params: Any) -> Any:
    """A query's parameters as SQLite takes them, packed; its own errors where it does not.

    A mapping stays one, and so does None.
    """
    if params is None:
        return None
    if isinstance(params, Mapping):
        return dict(zip(params, adapted(list(params.values())), strict=True))
    params = list(params)
    if all(isinstance(one, _PLAIN) for one in params):
        return params
    found: list[Any] = []
    memory = sqlite3.connect(":memory:")
    try:
        for start in range(0, len(params), _MANY):
            part = params[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            found += packed(memory.execute(f"SELECT {marks}", part).fetchone())
    finally:
        memory.close()
    return found


def received(params: Any) -> Any:
    """The parameters that `adapted` gave.

    Raises:
        BadFrame: they are no parameters.
    """
    if params is None:
        return None
    if isinstance(params, dict):
        return dict(zip(params, unpacked(params.values()), strict=True))
    if isinstance(params, list):
        return unpacked(params)
    raise BadFrame("parameters that are none")


def error_of(name: object, text: object) -> Exception:
    """An exception of the database, by its name; sqlite3's most general one for an unknown name."""
    kind = getattr(sqlite3, str(name), None)
    if name == "OverflowError":
        return OverflowError(str(text))
    if isinstance(kind, type) and issubclass(kind, sqlite3.Error):
        return kind(str(text))
    return sqlite3.DatabaseError(f"{name}: {text}")


def _named(value: Any) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"bytes": text_of(value)}
    return {type(value).__name__: value.isoformat()}


def _read(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, dict) and len(value) == 1:
        kind, text = next(iter(value.items()))
        if kind in _READ and isinstance(text, str):
            return _READ[kind](text)
    raise BadFrame("a value that is none")
