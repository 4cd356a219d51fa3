"""How does an httpx request reach an ASGI application in this very process?

httpx has an ASGITransport of its own; it hands over a stream only when the last chunk is there,
takes no notice of `timeout=`, and never tells the application that the client has left (measured
with httpx 0.28). This one streams, keeps time-outs, and disconnects.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import httpx

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
App = Callable[
    [Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

# Key of the scope under which a site leaves the exception that a view raised.
VIEW_EXCEPTION = "course.view_exception"
_GRACE_S = 1.0
_SLICE_S = 0.2
_FIRST = asyncio.FIRST_COMPLETED


class AppTransport(httpx.AsyncBaseTransport):
    """An httpx transport to an ASGI application, on the loop of whoever awaits.

    The response's `extensions["view_exception"]` is the exception that the view raised, where
    the application noted one in the scope.

    Raises (from a request):
        httpx.ReadTimeout: no answer, or no further chunk, within the read time-out.
        BaseException: whatever the application itself raises.
    """

    def __init__(self, app: App, describe: Callable[[str, float], str] | None = None) -> None:
        self._app = app
        self._describe = describe or (lambda path, s: f"{path} has not answered for {s:g} s.")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        exchange = _Exchange(self._app, request, await request.aread(), self._describe)
        start = await exchange.next_message()
        scope = exchange.scope
        noted = {"view_exception": scope[VIEW_EXCEPTION]} if VIEW_EXCEPTION in scope else {}
        return httpx.Response(
            start["status"], headers=start.get("headers", []), stream=exchange, extensions=noted
        )


class _Exchange(httpx.AsyncByteStream):
    """One request on its way through the application; also the response's body."""

    def __init__(
        self,
        app: App,
        request: httpx.Request,
        body: bytes,
        describe: Callable[[str, float], str],
    ) -> None:
        self.scope = _scope(request)
        self._body: bytes | None = body
        self._path = request.url.path
        self._read_s: float | None = request.extensions.get("timeout", {}).get("read")
        self._describe = describe
        self._request = request
        # Without a bound: a reader that is slow does not slow the view down, as it would be
        # behind a socket whose buffers are full.
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._task = asyncio.ensure_future(app(self.scope, self._receive, self._sent.put))

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def next_message(self) -> Message:
        """The next message that the application sent; its own exception where it failed."""
        try:
            message = await self._message_in_time()
        except asyncio.CancelledError:
            await self._leave()
            raise
        if message is not None:
            return message
        text = self._describe(self._path, self._read_s or 0.0)
        await self._leave()
        raise httpx.ReadTimeout(text, request=self._request)

    async def _message_in_time(self) -> Message | None:
        getting = asyncio.ensure_future(self._sent.get())
        left_s = math.inf if self._read_s is None else self._read_s
        try:
            # In slices, so that a view that held the loop for long counts as one slice: what
            # it has to say (LoopHeld, an answer) comes before "has not answered".
            while left_s > 0 and not (getting.done() or self._task.done()):
                slice_s = min(left_s, _SLICE_S)
                await asyncio.wait({getting, self._task}, timeout=slice_s, return_when=_FIRST)
                left_s -= slice_s
            if getting.done() or not self._sent.empty():
                return await getting
            if not self._task.done():
                return None
            await self._task
        finally:
            getting.cancel()
        raise RuntimeError(f"The application ended without an answer to {self._path}.")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self.next_message()
            more = message.get("more_body", False)
            if message.get("body"):
                yield message["body"]
        self._gone.set()
        await self._task

    async def aclose(self) -> None:
        if not self._task.done():
            await self._leave()

    async def _leave(self) -> None:
        """Disconnect, give the application a moment to clean up, then cancel it."""
        self._gone.set()
        await asyncio.wait({self._task}, timeout=_GRACE_S)
        if not self._task.done():
            self._task.cancel()
        elif not self._task.cancelled():
            self._task.exception()  # seen, so that asyncio does not report it as lost


def _scope(request: httpx.Request) -> Scope:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.split(b"?")[0],
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (url.host, url.port or 80),
        "client": ("127.0.0.1", 0),
    }
