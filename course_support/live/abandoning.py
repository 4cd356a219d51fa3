"""How does a view end that keeps the thread of a server which is to stop?

Python ends no thread from outside, but it can raise an exception in one: a loop that computes
sees it at once, a call that sleeps when it returns.
"""

from __future__ import annotations

import asyncio
import ctypes
import threading
from pathlib import Path

from course_support.live import cells

_HANDLERS = str(Path("django", "core", "handlers"))


class Abandoned(BaseException):
    """The server of this view was stopped, and the view kept its thread.

    Not an Exception: neither Django nor an `except Exception` in a view is to handle it.
    """


def interrupt_view(thread: threading.Thread) -> None:
    """Raise `Abandoned` in `thread`, if a view runs there now."""
    frames = cells.stacks().get(thread.ident or 0, ())
    if any(_HANDLERS in code.co_filename for code, _ in frames):
        ident, error = ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Abandoned)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, error)


def cancel_tasks(loop: asyncio.AbstractEventLoop, spared: asyncio.Task[None] | None) -> None:
    """Cancel the tasks of a loop whose thread is kept by a view, all but `spared`.

    `call_soon_threadsafe` would come too late: the loop runs every view that is ready before
    it looks at what was handed in.
    """
    for task in asyncio.all_tasks(loop):
        if task is not spared:
            task.cancel()
