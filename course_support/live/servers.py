"""How is a site served by real servers: uvicorn for ASGI, waitress for WSGI?"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from course_support.live.serving import Serving, make_serving

if TYPE_CHECKING:
    from course_support.live.site import Site

Kind = Literal["asgi", "wsgi"]
THREADS = 4
_AGAIN_S = 0.1


class Server:
    """A real server on 127.0.0.1, for as long as its `async with` block runs.

    It has threads of its own, so a view that blocks it does not block the kernel. The system
    chooses the port. When the block is left, by whatever way, the port is free; requests in
    flight have one second to end, then async views are cancelled, and a view that keeps the
    loop or a thread of the pool is interrupted at its next step. A call that sleeps on is left
    behind in a daemon thread: nobody can end that one.

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
        self._serving: Serving | None = None

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

    @property
    def view_errors(self) -> Counter[str]:
        """The exceptions that views have raised so far, in words, and how often each.

        Raises:
            RuntimeError: it is not running.
        """
        return Counter(self._running().view_errors)

    async def __aenter__(self) -> Server:
        if self._serving:
            raise RuntimeError(f"This server is already running: {self._serving.url}")
        self._serving = make_serving(self._site, self.threads)
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
        limit_s = time.perf_counter() + 2 * serving.stop_s
        serving.stop()
        ended = asyncio.wrap_future(serving.ended)
        try:
            await asyncio.wait({ended}, timeout=serving.stop_s)
            # More than once: behind the view that is ended the next may be starting.
            while not ended.done() and time.perf_counter() < limit_s:
                serving.abandon()
                await asyncio.wait({ended}, timeout=_AGAIN_S)
        finally:  # also when this wait is cancelled
            serving.thread.join(max(limit_s - time.perf_counter(), 0.0))

    def _stop_now(self) -> None:
        serving, self._serving = self._running(), None
        serving.stop()
        serving.thread.join(serving.stop_s)

    def _running(self) -> Serving:
        if self._serving is None:
            raise RuntimeError(
                "This server is not running. It runs inside its block:\n"
                f'    async with site.serve("{self.kind}") as server:'
            )
        return self._serving
