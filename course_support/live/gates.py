"""How is a query held back, until a check has seen what it wants to see?

As the newswire holds its answers back, so does the database: a query comes to the gate, and goes
on when it is let. Who is answered meanwhile, and who is not? That is an order, and no clock.

The functions take and give what could be written as JSON, and wait in the thread that calls them:
a check calls them with `Client.beside`.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

LIMIT_S = 10.0  # after that a query goes on by itself: nobody is locked out for good
_changed = threading.Condition()
_gates: dict[int, _Gate] = {}
_handles = itertools.count(1)


class _Gate:
    """How many queries have come, and how many of them may go on."""

    def __init__(self) -> None:
        self.came = 0
        self.let = 0


def close() -> int:
    """Hold back every query of this process from now on; the others take what comes back."""
    with _changed:
        handle = next(_handles)
        _gates[handle] = _Gate()
        return handle


def came(handle: int, count: int, limit_s: float = LIMIT_S) -> bool:
    """Wait until so many queries have come; False if they have not after `limit_s` seconds."""
    with _changed:
        gate = _gates.get(handle)
        if gate is None:
            return False
        over = _changed.wait_for(lambda: gate.came >= count or handle not in _gates, limit_s)
        return over and gate.came >= count


def let(handle: int, count: int) -> None:
    """Let the first `count` queries go on."""
    with _changed:
        if handle in _gates:
            _gates[handle].let = count
            _changed.notify_all()


def open_again(handle: int) -> None:
    """Let every query go on."""
    with _changed:
        _gates.pop(handle, None)
        _changed.notify_all()


def wait() -> None:
    """Come to each gate that is closed, and wait there. Called before a query is sent."""
    if not _gates:
        return
    with _changed:
        for handle, gate in list(_gates.items()):
            gate.came += 1
            _changed.notify_all()
            _changed.wait_for(_may_pass(handle, gate, gate.came), LIMIT_S)


def _may_pass(handle: int, gate: _Gate, number: int) -> Callable[[], bool]:
    return lambda: handle not in _gates or gate.let >= number
