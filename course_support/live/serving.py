"""How do uvicorn and waitress run in a thread, and end when they are asked to?"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections import Counter
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from course_support.live.abandoning import Abandoned, cancel_tasks, interrupt_view
from course_support.live.noting import Noting

if TYPE_CHECKING:
    import uvicorn

    from course_support.live.site import Site

GRACE_S = 1
# More than the load tests of the course ever open at once; the system may allow fewer.
_BACKLOG = 4096
_CONNECTIONS = 10_000


class Serving:
    """The main thread of one running server: what both kinds have in common."""

    loop: asyncio.AbstractEventLoop | None = None
    stop_s = GRACE_S + 0.5  # after that it is abandoned

    def __init__(self, name: str) -> None:
        self.view_errors: Counter[str] = Counter()
        # SO_REUSEADDR is left alone: on Windows it would let another process share the port.
        # The protocol number is what makes asyncio set TCP_NODELAY; without it each answer on
        # a kept-alive connection takes about 40 ms more.
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.ready: Future[None] = Future()
        self.ended: Future[None] = Future()
        # A daemon, and so are the threads that it starts: none keeps a kernel from ending.
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def _run(self) -> None:
        try:
            self.serve()
        except BaseException as error:
            if self.ready.done():
                raise
            self.ready.set_exception(error)
        finally:
            self.socket.close()
            self.ended.set_result(None)

    def serve(self) -> None:
        """Serve until `stop()`; runs in `thread`."""
        raise NotImplementedError

    def stop(self) -> None:
        """Ask the server to end; from any thread, any number of times."""
        raise NotImplementedError

    def abandon(self) -> None:
        """End the views that keep its threads, where they can be ended."""
        raise NotImplementedError


def make_serving(site: Site, threads: int | None) -> Serving:
    """uvicorn, or waitress with a pool of `threads`; its thread is not started yet."""
    noting = Noting(site)
    serving = _make_uvicorn(noting) if threads is None else _make_waitress(noting, threads)
    serving.view_errors = noting.view_errors
    return serving


def _make_uvicorn(noting: Noting) -> Serving:
    import uvicorn

    _quiet("uvicorn")
    config = uvicorn.Config(
        noting.asgi,
        interface="asgi3",
        loop="asyncio",
        http="h11",  # whatever else is installed: the same server everywhere
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
    )

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            serving.loop = asyncio.get_running_loop()
            serving.ready.set_result(None)

    serving = _Uvicorn(Announcing(config))
    return serving


class _Uvicorn(Serving):
    def __init__(self, server: uvicorn.Server) -> None:
        super().__init__("course-asgi")
        self._server = server
        self._main: asyncio.Task[None] | None = None
        self._abandoned = False

    def serve(self) -> None:
        # Not uvicorn.run(): in a thread with a loop of its own it leaves signals alone.
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve())
        except (asyncio.CancelledError, Abandoned):
            # What ends the views can also hit the loop's own way out.
            if not self._abandoned:
                raise

    async def _serve(self) -> None:
        self._main = asyncio.current_task()
        asyncio.get_running_loop().set_exception_handler(_report_unless_abandoned)
        await self._server.serve([self.socket])
        for connection in tuple(self._server.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()

    def stop(self) -> None:
        self._server.should_exit = True

    def abandon(self) -> None:
        self._abandoned = True
        if self.loop is not None:
            cancel_tasks(self.loop, self._main)
        interrupt_view(self.thread)


def _report_unless_abandoned(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # "Task exception was never retrieved": for a view that was ended on purpose, nobody asks.
    if not isinstance(context.get("exception"), Abandoned):
        loop.default_exception_handler(context)


def _make_waitress(noting: Noting, threads: int) -> Serving:
    from waitress import create_server  # type: ignore[import-untyped]
    from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]

    _quiet("waitress")

    class Pool(ThreadedTaskDispatcher):  # type: ignore[misc]
        """waitress' own pool, whose threads can be waited for."""

        def start_new_thread(self, target: Any, thread_no: int) -> None:
            name = f"course-wsgi-{thread_no + 1}"
            thread = threading.Thread(target=target, name=name, args=(thread_no,), daemon=True)
            serving.pool.append(thread)
            thread.start()

    serving = _Waitress()
    pool = Pool()
    pool.set_thread_count(threads)
    serving.server = create_server(
        noting.wsgi,
        map=serving.map,
        _dispatcher=pool,
        sockets=[serving.socket],
        backlog=_BACKLOG,
        connection_limit=_CONNECTIONS,
        asyncore_use_poll=True,  # select() stops at file number 1023
    )
    return serving


class _Waitress(Serving):
    stop_s = float(GRACE_S)

    def __init__(self) -> None:
        super().__init__("course-wsgi")
        self.server: Any = None
        self.map: dict[int, Any] = {}
        self.pool: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._pulling = threading.Lock()

    def serve(self) -> None:
        from waitress import wasyncore

        self.ready.set_result(None)
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self.map, count=1)
        self.server.task_dispatcher.shutdown(timeout=0)
        for channel in tuple(self.server.active_channels.values()):
            channel.handle_close()
        wasyncore.dispatcher.close(self.server)
        # The trigger is a pipe that a view which ends late still writes to: closed before, its
        # file number could be somebody else's by then.
        for thread in self.pool:
            thread.join()
        with self._pulling:
            self.server.trigger.close()

    def stop(self) -> None:
        # The loop may see the event and end before it is woken: not without its trigger.
        with self._pulling:
            if not self._stopping.is_set():
                self._stopping.set()
                self.server.pull_trigger()

    def abandon(self) -> None:
        for thread in self.pool:
            interrupt_view(thread)


def _quiet(name: str) -> None:
    # Without a handler, Python prints warnings such as "Task queue depth is 12" on stderr.
    logger = logging.getLogger(name)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
