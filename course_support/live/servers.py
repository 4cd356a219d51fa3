"""How is a site served by real servers: uvicorn for ASGI, waitress for WSGI?"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import uvicorn

    from course_support.live.site import Site

Kind = Literal["asgi", "wsgi"]
THREADS = 4
GRACE_S = 1
# More than the load tests of the course ever open at once; the system may allow fewer.
_BACKLOG = 4096
_CONNECTIONS = 10_000


class Server:
    """A real server on 127.0.0.1, for as long as its `async with` block runs.

    It has threads of its own, so a view that blocks it does not block the kernel. The system
    chooses the port. When the block is left, by whatever way, the port is free; requests in
    flight have one second to end, then their async views are cancelled. No server can end a
    thread: a sync view that goes on is left behind in a daemon thread.

    Attributes:
        kind: "asgi" (uvicorn) or "wsgi" (waitress).
        threads: size of the pool, which is the number of requests that a WSGI server works on
            at once; None for ASGI, which has no pool.

    Raises:
        ValueError: an unknown kind, fewer threads than one, or threads for "asgi".
    """

    def __init__(self, site: Site, kind: Kind = "asgi", *, threads: int | None = None) -> None:
        if kind not in ("asgi", "wsgi"):
            raise ValueError(f"There is no server '{kind}'. The servers are: asgi, wsgi.")
        if kind == "asgi" and threads is not None:
            raise ValueError(
                "An ASGI server has no pool of threads to set: leave threads= out.\n"
                '    A pool is what a WSGI server has: site.serve("wsgi", threads=4).'
            )
        if threads is not None and threads < 1:
            raise ValueError(f"A pool has 1 thread or more, not {threads}.")
        self.kind: Kind = kind
        self.threads = (threads or THREADS) if kind == "wsgi" else None
        self._site = site
        self._serving: _Serving | None = None

    def __repr__(self) -> str:
        where = self._serving.url if self._serving else "not running"
        return f"<Server {self.name}: {where}>"

    @property
    def name(self) -> str:
        """Its kind in words: `asgi`, or `wsgi, 4 threads`."""
        if self.threads is None:
            return self.kind
        return f"{self.kind}, {self.threads} thread{'s' * (self.threads > 1)}"

    @property
    def url(self) -> str:
        """Where it listens, as in `http://127.0.0.1:43210`.

        Raises:
            RuntimeError: it is not running.
        """
        return self._running().url

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop on which an ASGI server runs async views.

        Raises:
            RuntimeError: it is not running, or it is a WSGI server.
        """
        loop = self._running().loop
        if loop is None:
            raise RuntimeError(
                "A WSGI server has no event loop: each async view gets a new one for its request."
            )
        return loop

    async def __aenter__(self) -> Server:
        if self._serving:
            raise RuntimeError(f"This server is already running: {self._serving.url}")
        self._serving = _make_serving(self._site, self.threads)
        self._serving.thread.start()
        try:
            # Shielded: a cancelled wait would cancel what the server's thread is to announce.
            await asyncio.shield(asyncio.wrap_future(self._serving.ready))
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None and issubclass(kind, GeneratorExit):
            # The cell was thrown away and may await no more.
            self._stop_now()
        else:
            await self._stop()

    async def _stop(self) -> None:
        serving, self._serving = self._running(), None
        limit_s = time.perf_counter() + serving.stop_s
        serving.stop()
        try:
            await asyncio.wait({asyncio.wrap_future(serving.ended)}, timeout=serving.stop_s)
        finally:  # also when this wait is cancelled
            serving.thread.join(max(limit_s - time.perf_counter(), 0.0))

    def _stop_now(self) -> None:
        serving, self._serving = self._running(), None
        serving.stop()
        serving.thread.join(serving.stop_s)

    def _running(self) -> _Serving:
        if self._serving is None:
            raise RuntimeError(
                "This server is not running. It runs inside its block:\n"
                f'    async with site.serve("{self.kind}") as server:'
            )
        return self._serving


class _Serving:
    """The main thread of one running server: what both kinds have in common."""

    loop: asyncio.AbstractEventLoop | None = None
    stop_s = GRACE_S + 1.5  # for so long whoever stops it waits for its threads

    def __init__(self, name: str) -> None:
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


def _make_serving(site: Site, threads: int | None) -> _Serving:
    return _make_uvicorn(site) if threads is None else _make_waitress(site, threads)


def _make_uvicorn(site: Site) -> _Serving:
    import uvicorn

    _quiet("uvicorn")
    config = uvicorn.Config(
        site,
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


class _Uvicorn(_Serving):
    def __init__(self, server: uvicorn.Server) -> None:
        super().__init__("course-asgi")
        self._server = server

    def serve(self) -> None:
        # Not uvicorn.run(): in a thread with a loop of its own it leaves signals alone.
        with asyncio.Runner() as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        await self._server.serve([self.socket])
        for connection in tuple(self._server.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()

    def stop(self) -> None:
        self._server.should_exit = True


def _make_waitress(site: Site, threads: int) -> _Serving:
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
        wsgi_handler(site),
        map=serving.map,
        _dispatcher=pool,
        sockets=[serving.socket],
        backlog=_BACKLOG,
        connection_limit=_CONNECTIONS,
        asyncore_use_poll=True,  # select() stops at file number 1023
    )
    return serving


class _Waitress(_Serving):
    stop_s = float(GRACE_S)

    def __init__(self) -> None:
        super().__init__("course-wsgi")
        self.server: Any = None
        self.map: dict[int, Any] = {}
        self.pool: list[threading.Thread] = []
        self._stopping = threading.Event()

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
        self.server.trigger.close()

    def stop(self) -> None:
        if not self._stopping.is_set():
            self._stopping.set()
            self.server.pull_trigger()


def wsgi_handler(site: Site) -> Any:
    """Django's own WSGI handler, with the URLconf of one site: a WSGI application."""
    from django.core.handlers.wsgi import WSGIHandler

    class SiteWSGIHandler(WSGIHandler):
        def get_response(self, request: Any) -> Any:
            request.urlconf = site.urlconf()
            return super().get_response(request)

    return SiteWSGIHandler()


def _quiet(name: str) -> None:
    # Without a handler, Python prints warnings such as "Task queue depth is 12" on stderr.
    logger = logging.getLogger(name)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
