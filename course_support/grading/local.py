"""How is a site in this very process asked? On its own loop, from a loop in another thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from course_support.grading.patience import OwnWork, first_of
from course_support.grading.strays import Strays
from course_support.grading.targets import Answer, Raised, Stuck, Watched, raised_by
from course_support.live import cells
from course_support.live.newswire import Newswire, newswire
from course_support.live.settings import run_in_thread
from course_support.live.site import Site
from course_support.live.stopping import where_is, where_loop_is
from course_support.live.watching import watch

T = TypeVar("T")
SETTLE_S = 3.0
REQUEST_S = 12.0  # a site's own limit must not come before that of a check
_PING_S = 0.5
_PING_LONGER_S = 2.0
_GRACE_S = 0.3
_STRAYS_S = 2.0


class LocalTarget:
    """A site whose event loop runs in another thread of this process: the kernel's.

    The caller has a loop of its own, so that it can go on, and tell, when a view blocks the
    site's.
    """

    trouble: Raised | None = None

    def __init__(
        self, site: Site, loop: asyncio.AbstractEventLoop, wire: Newswire = newswire
    ) -> None:
        self._site = site
        self._loop = loop
        self._wire = wire
        self._tasks: set[asyncio.Task[Any]] = set()
        self._strays = Strays(loop)
        self.works = OwnWork()

    @property
    def newswire(self) -> Newswire:
        """The newswire of this process, unless another was given."""
        return self._wire

    async def ready(self) -> None:
        """It is always there."""

    def send(self, method: str, path: str, options: dict[str, Any]) -> asyncio.Future[Answer]:
        """Send a request on the site's loop."""
        return self._on_loop(self._send(method, path, options))

    async def stuck(self, path: str) -> Stuck:
        """A blocked loop, or a view that waits; with the learner's line."""
        view = self._view_at(path)

        async def waits_at() -> str:
            return where_is(view) if view else ""

        asked = self._on_loop(waits_at())
        await first_of({asked}, _PING_S, self.works, longer_s=_PING_LONGER_S)
        if asked.done():
            return Stuck(asked.result(), blocked=False)
        asked.cancel()
        line = (where_is(view) if view else "") or where_loop_is(self._loop)
        return Stuck(line, blocked=bool(line))

    async def settle(self, turns: int) -> None:
        """Let the site's loop turn so often: what has reached it is dealt with then."""

        async def turn() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)

        await asyncio.wait({self._on_loop(turn())}, timeout=SETTLE_S)

    @asynccontextmanager
    async def watch(self, limit_s: float) -> AsyncIterator[Watched]:
        """`watch()` of this process."""
        watched = Watched()
        with watch(limit_s) as seen:
            yield watched
        watched.holds = seen.holds

    async def beside(self, function: Callable[..., T], *args: Any) -> T:
        """Call `function` in a thread of this process."""
        return await asyncio.wrap_future(run_in_thread(function, *args))

    async def end_requests(self) -> None:
        """Leave every request that is still in flight, and let the views end."""
        if self._loop.is_closed():
            return
        ending = self._on_loop(self._end_all())
        await asyncio.wait({ending}, timeout=SETTLE_S)
        ending.cancel()

    async def _send(self, method: str, path: str, options: dict[str, Any]) -> Answer:
        """Runs on the site's loop."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        options = {"timeout": REQUEST_S} | options
        try:
            response = await self._site.request(
                method, path, raise_request_exception=False, **options
            )
        except Exception as error:
            if not _is_views(error):
                raise
            return Answer(raised=raised_by(error))
        if raised := response.extensions.pop("view_exception", None):
            return Answer(raised=raised_by(raised))
        if response.status_code == 404 and self._view_at(path) is None:
            return Answer(response, routes=self._routes())
        return Answer(response)

    async def _end_all(self) -> None:
        """Runs on the site's loop."""
        if tasks := set(self._tasks):
            # The holds are over by now, so most views end by themselves. Cancelled just then,
            # a client that is closing its connections would leave some of them open.
            await asyncio.wait(tasks, timeout=_GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # A call on its way from a thread would be counted with those of the next check.
        await self._strays.ended(_STRAYS_S)

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def _view_at(self, path: str) -> Callable[..., Any] | None:
        """The view that the URLconf has for a path, if any."""
        from django.urls import Resolver404, get_resolver

        urlconf: Any = self._site.urlconf()
        try:
            return get_resolver(urlconf).resolve(path).func
        except Resolver404:
            return None

    def _routes(self) -> tuple[str, ...]:
        """The addresses in the URLconf, as they were given to `path()`."""
        return tuple(str(pattern.pattern) for pattern in self._site.urlpatterns)


def _is_views(error: BaseException) -> bool:
    """Did the view cause what came out of Django? The site leaves its lines, or a note."""
    return bool(cells.learners_line(error) or getattr(error, "__notes__", None))
