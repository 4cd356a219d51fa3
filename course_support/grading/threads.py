"""How does a judge run beside the event loop that it judges? On a loop in a thread of its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, TypeVar

T = TypeVar("T")
_GIVEN_UP_S = 3.0


async def in_thread(
    main: Callable[[], Coroutine[Any, Any, T]],
    alone: AbstractContextManager[Any] | None = None,
) -> T:
    """Run a coroutine on a loop in a thread of its own, while it has `alone`, such as a lock.

    The thread shares this cell's context: what a view prints appears under the cell. Given up,
    it is cancelled, and has let go of this loop when the cancellation goes on.
    """
    done: concurrent.futures.Future[T] = concurrent.futures.Future()
    over: concurrent.futures.Future[None] = concurrent.futures.Future()

    def work() -> None:
        with alone or nullcontext(), suppress(concurrent.futures.InvalidStateError):
            try:
                done.set_result(asyncio.run(_until_cancelled(main(), done)))
            except BaseException as error:
                done.set_exception(error)
        over.set_result(None)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name="course-judge", daemon=True).start()
    try:
        return await asyncio.wrap_future(done)
    except asyncio.CancelledError:
        done.cancel()
        await asyncio.wait({asyncio.wrap_future(over)}, timeout=_GIVEN_UP_S)
        raise


async def _until_cancelled(work: Coroutine[Any, Any, T], done: concurrent.futures.Future[T]) -> T:
    """Await `work`, and cancel it when whoever waits for `done` gives up."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def give_up(future: concurrent.futures.Future[T]) -> None:
        if future.cancelled():
            loop.call_soon_threadsafe(task.cancel)

    done.add_done_callback(give_up)
    return await task
