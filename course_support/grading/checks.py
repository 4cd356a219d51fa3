"""What can a check see? A client of the site, the newswire, and the order of events.

A check is written in `exercises/checks/KEY.py`:

    async def check_asks_once(client: Client, newswire: Newswire) -> None:
        \"\"\"Each request asks the wire exactly once.\"\"\"

Its docstring is a sentence that is true of a right answer. It asserts; the words of the
assertion are what was seen, then, on the lines after it, the next step. It never gets hold of
the learner's objects, so that it can judge a site behind a sandbox's socket just as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import httpx

from course_support.live import cells
from course_support.live.settings import run_in_thread
from course_support.live.site import Site
from course_support.live.stopping import LoopHeld, where_is, where_loop_is

T = TypeVar("T")
LIMIT_S = 3.0  # how long a check waits for something that a right answer does at once
_PING_S = 1.0
_GRACE_S = 0.3


class Unusable(Exception):
    """A request met something after which its `path` has nothing more to show."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(text)
        self.path = path


class ViewRaised(Unusable):
    """The view raised `error` while it answered."""

    def __init__(self, path: str, error: BaseException) -> None:
        super().__init__(path, f"{type(error).__name__}: {error}")
        self.error = error


class NothingThere(Unusable):
    """The URLconf has no view for the path; `routes` are those that it has."""

    def __init__(self, path: str, routes: list[str]) -> None:
        super().__init__(path, f"Nothing is at {path}.")
        self.routes = routes


class LoopBlocked(Unusable):
    """A view keeps the event loop to itself, at `line` of the learner's code."""

    def __init__(self, path: str, line: str) -> None:
        super().__init__(path, f"The event loop is blocked: {line}")
        self.line = line


class NoAnswer(Unusable, TimeoutError):
    """Nothing came within `LIMIT_S`; the view waits at `line`, where that is known."""

    def __init__(self, path: str, line: str) -> None:
        super().__init__(path, f"Nothing came within {LIMIT_S:g} s.")
        self.line = line


class AlreadyTold(Exception):
    """An earlier check has told what is the matter with this path."""


class Client:
    """Sends requests to a site whose event loop runs in another thread: the kernel's.

    The caller has a loop of its own, so that it can go on, and tell, when a view blocks the
    site's.
    """

    limit_s = LIMIT_S

    def __init__(self, site: Site, loop: asyncio.AbstractEventLoop) -> None:
        self._site = site
        self._loop = loop
        self._tasks: set[asyncio.Task[Any]] = set()
        self.told: set[str] = set()

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Send a GET and read the whole answer; raises as `InFlight.answer` does."""
        return await self.start(path, **options).answer()

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """Send a POST (`data=`, `json=` as in httpx); raises as `InFlight.answer` does."""
        return await self.start(path, method="POST", **options).answer()

    def start(self, path: str, *, method: str = "GET", **options: Any) -> InFlight:
        """Send a request and go on while it is in flight.

        Raises:
            AlreadyTold: the path is in `told`: it has raised, say, in an earlier check.
        """
        if path in self.told:
            raise AlreadyTold(path)
        return InFlight(self, path, self._on_loop(self._send(method, path, options)))

    async def beside(self, function: Callable[..., T], *args: Any) -> T:
        """Call one of the course's own functions where the site is, in a thread beside it.

        For what lies behind the views: rows of the database (`live/newsdesk/rows.py`) and the
        queries that are sent to it (`live/queries.py`). The function is one of a module's, and
        arguments and result could be written as JSON: that is all that reaches a far site.
        """
        return await asyncio.wrap_future(run_in_thread(function, *args))

    async def settle(self, turns: int = 50) -> None:
        """Let the site's loop turn so often: what has reached it is dealt with then."""

        async def turn() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)

        await asyncio.wait({self._on_loop(turn())}, timeout=LIMIT_S)

    async def aclose(self) -> None:
        """Leave every request that is still in flight, and let the views end."""
        if self._loop.is_closed():
            return
        ending = self._on_loop(self._end_all())
        await asyncio.wait({ending}, timeout=LIMIT_S)
        ending.cancel()

    async def _send(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        """Runs on the site's loop."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        options.setdefault("timeout", 4 * LIMIT_S)  # the site's own must not come first
        return await self._site.request(method, path, raise_request_exception=False, **options)

    async def _end_all(self) -> None:
        """Runs on the site's loop."""
        if tasks := set(self._tasks):
            # The holds are over by now, so most views end by themselves. Cancelled just then,
            # a client that is closing its connections would leave some of them open.
            await asyncio.wait(tasks, timeout=_GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def view_at(self, path: str) -> Callable[..., Any] | None:
        """The view that the URLconf has for a path, if any."""
        from django.urls import Resolver404, get_resolver

        urlconf: Any = self._site.urlconf()
        try:
            return get_resolver(urlconf).resolve(path).func
        except Resolver404:
            return None

    def routes(self) -> list[str]:
        """The addresses in the URLconf, as they were given to `path()`."""
        return [str(pattern.pattern) for pattern in self._site.urlpatterns]

    async def stuck_at(self, path: str) -> LoopBlocked | NoAnswer:
        """Why nothing comes: a blocked loop, or a view that waits; with the learner's line."""
        view = self.view_at(path)

        async def waits_at() -> str:
            return where_is(view) if view else ""

        asked = self._on_loop(waits_at())
        await asyncio.wait({asked}, timeout=_PING_S)
        if asked.done():
            return NoAnswer(path, asked.result())
        asked.cancel()
        line = (where_is(view) if view else "") or where_loop_is(self._loop)
        return LoopBlocked(path, line) if line else NoAnswer(path, "")


class InFlight:
    """A request that was sent and need not be answered yet."""

    def __init__(self, client: Client, path: str, response: asyncio.Future[httpx.Response]) -> None:
        self._client = client
        self._path = path
        self._response = response

    @property
    def answered(self) -> bool:
        """Whether the answer (or an exception of the view) is there."""
        return self._response.done()

    async def answer(self) -> httpx.Response:
        """Wait for the answer.

        Raises:
            ViewRaised: the view raised.
            NothingThere: the URLconf has no such path.
            LoopBlocked: the view keeps the event loop.
            NoAnswer: it did not answer within `LIMIT_S`.
        """
        await asyncio.wait({self._response}, timeout=LIMIT_S)
        if not self.answered:
            raise await self._client.stuck_at(self._path)
        return self._read()

    async def before_answer(self, happening: Awaitable[Any]) -> bool:
        """Wait for `happening`; False when the answer comes first.

        Raises:
            NoAnswer: neither came within `LIMIT_S`; also the other exceptions of `answer`.
        """
        other = asyncio.ensure_future(happening)
        both: set[asyncio.Future[Any]] = {other, self._response}
        await asyncio.wait(both, timeout=LIMIT_S, return_when=asyncio.FIRST_COMPLETED)
        try:
            if self.answered:
                self._read()
                return False
            if not other.done():
                raise await self._client.stuck_at(self._path)
            other.result()
            return True
        finally:
            other.cancel()

    def leave(self) -> None:
        """Disconnect, as a reader does who closes the page."""
        self._response.cancel()

    def _read(self) -> httpx.Response:
        if self._response.cancelled():
            raise ViewRaised(self._path, asyncio.CancelledError())
        error = self._response.exception()
        if error is None:
            error = self._response.result().extensions.get("view_exception")
        elif not _is_views(error):
            raise error
        if isinstance(error, LoopHeld):
            raise LoopBlocked(self._path, cells.learners_line(error))
        if error is not None:
            raise ViewRaised(self._path, error)
        response = self._response.result()
        if response.status_code == 404 and self._client.view_at(self._path) is None:
            raise NothingThere(self._path, self._client.routes())
        return response


def _is_views(error: BaseException) -> bool:
    """Did the view cause what came out of Django? The site leaves its lines, or a note."""
    return bool(cells.learners_line(error) or getattr(error, "__notes__", None))


def json_of(response: httpx.Response) -> Any:
    """The JSON value in a response's body; a body that is none is the view's mistake."""
    try:
        return response.json()
    except ValueError:
        raise AssertionError(
            f"The body was {short(response.text)}, which is not JSON.\n"
            "Give JsonResponse the dict that response.json() makes."
        ) from None


def short(value: object) -> str:
    """A value on one line, its middle left out when it is long."""
    text = repr(value)
    return text if len(text) <= 90 else f"{text[:60]} ... {text[-25:]}"
