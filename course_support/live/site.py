"""How does a cell become a Django site?"""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import httpx

from course_support.live import cells, settings
from course_support.live.stopping import stoppable, where_is
from course_support.live.transport import VIEW_EXCEPTION, AppTransport, Scope
from course_support.live.urlconf import Pattern, newest, refuse_strange

if TYPE_CHECKING:
    from course_support.live.servers import Kind, Server

P = ParamSpec("P")
T = TypeVar("T")
_bodies: ContextVar[list[Any]] = ContextVar("course_bodies")


class Site:
    """A Django site in this process, whose URLconf is a list in a cell.

    The first site of a kernel configures Django: the newsdesk app with its sample rows, auth,
    sessions, and a temporary SQLite file. Further sites share all that and have URLconfs of
    their own. A site is also an ASGI application: `site(scope, receive, send)`.

    Args:
        timeout_s: seconds after which a request without an answer, or a view that keeps the
            event loop, is given up.
        wanted: Django settings by name, for the first site of a kernel only.

    Raises:
        RuntimeError: Django already runs in this kernel with other settings.
    """

    def __init__(self, *, timeout_s: float = 10.0, **wanted: Any) -> None:
        settings.ensure_django(wanted)
        self.timeout_s = timeout_s
        self._urlpatterns: Sequence[Pattern] = []
        self._handler = _make_handler(self)
        self._client = httpx.AsyncClient(
            transport=AppTransport(self, self._unanswered),
            base_url="http://localhost",
            timeout=timeout_s,
        )

    def __repr__(self) -> str:
        return f"<Site with {len(self._urlpatterns)} URL patterns>"

    @property
    def urlpatterns(self) -> Sequence[Pattern]:
        """The site's URLconf: a list of `path(...)` entries, as in a `urls.py`.

        A view that is defined again under its old name is served at once.

        Raises:
            TypeError: (on setting) it is not a list, or an entry is not made by `path()`.
        """
        return self._urlpatterns

    @urlpatterns.setter
    def urlpatterns(self, patterns: Sequence[Pattern]) -> None:
        refuse_strange(patterns)
        self._urlpatterns = patterns

    def urlconf(self) -> tuple[Pattern, ...]:
        """The patterns as they are served now; Django takes a tuple for a URLconf module."""
        return tuple(newest(pattern) for pattern in self._urlpatterns)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request, as ASGI asks for it."""
        bodies: list[Any] = []
        _bodies.set(bodies)
        try:
            await self._handler(scope, receive, send)
        finally:
            # Django leaves it open when the client leaves or a view's answer is no response.
            for body in bodies:
                body.close()

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Send a GET; see `request`."""
        __tracebackhide__ = True
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """Send a POST (`data=`, `json=`, `content=`, `files=` as in httpx); see `request`."""
        __tracebackhide__ = True
        return await self.request("POST", path, **options)

    async def request(
        self, method: str, path: str, *, raise_request_exception: bool = True, **options: Any
    ) -> httpx.Response:
        """Send one request through Django's ASGI handler and read the whole answer.

        Cookies are kept from one request to the next. `options` are httpx's: `params=`,
        `headers=`, `json=`, `timeout=` (seconds) and so on.

        Args:
            raise_request_exception: as in Django's test client: True raises what the view
                raised; False gives the 500 response, with the exception in
                `response.extensions["view_exception"]`.

        Raises:
            Exception: the view's own, with a traceback of the learner's lines.
            httpx.ReadTimeout: no answer in time; the text says where the view is waiting.
        """
        __tracebackhide__ = True
        try:
            async with stoppable(self.timeout_s):
                response = await self._client.request(method, path, **options)
        except httpx.TransportError as unanswered:
            raise cells.cut(unanswered) from None
        except Exception as escaped:
            # What escapes Django's handler is a bare 500 at a real server.
            response = httpx.Response(500, extensions={"view_exception": escaped})
        error = response.extensions.get("view_exception")
        if error is not None:
            self._explain(error, path)
        if error is not None and raise_request_exception:
            raise error
        return response

    async def stream(self, path: str, **options: Any) -> AsyncIterator[tuple[float, str]]:
        """Yield each chunk as `(seconds since the request, text)` while the view sends it.

        Leaving the loop early disconnects, as a browser does.
        """
        start = time.perf_counter()
        asking = self._client.stream("GET", path, **options)
        async with stoppable(self.timeout_s), asking as response:
            async for text in response.aiter_text():
                yield time.perf_counter() - start, text

    def serve(self, kind: Kind = "asgi", *, threads: int | None = None) -> Server:
        """A real server for this site: `async with site.serve("wsgi", threads=4) as server`.

        Args:
            kind: "asgi" is uvicorn, "wsgi" is waitress.
            threads: size of the pool of a WSGI server, 4 unless told.

        Raises:
            ValueError: an unknown kind, fewer threads than one, or threads for "asgi".
        """
        from course_support.live.servers import Server

        return Server(self, kind, threads=threads)

    async def run_sync(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a synchronous `function` in a thread of its own: for sync ORM work from a cell.

        A cell runs where an event loop runs, and there Django refuses synchronous queries.

        Raises:
            TypeError: `function` is a coroutine function, or it gave back a QuerySet, whose
                query would run later, in the cell.
        """
        if inspect.iscoroutinefunction(function):
            raise TypeError(f"{function.__name__} is a coroutine function: await it instead.")
        result = await asyncio.wrap_future(settings.run_in_thread(function, *args, **kwargs))
        if type(result).__name__.endswith("QuerySet"):
            raise TypeError(
                "The function gave back a QuerySet that has not been read yet.\n"
                "    Read it inside the function: wrap it in list(...)."
            )
        return result

    def _explain(self, error: BaseException, path: str) -> None:
        """Cut the traceback to the learner's frames; say the view's line where none is left."""
        cells.cut(error)
        view = self._view_at(path)
        if view is None or error.__traceback__ is not None or hasattr(error, "__notes__"):
            return
        if getattr(error, "name", None) == "_resource_closers":
            returned = type(getattr(error, "obj", None)).__name__
            error.add_note(f"The view returned a {returned}; a view returns an HttpResponse.")
        if line := cells.view_line(view):
            error.add_note(f"The view is in {line}")

    def _unanswered(self, path: str, limit_s: float) -> str:
        view = self._view_at(path)
        line = where_is(view) if view else ""
        name = f"`{getattr(view, '__name__', path)}`"
        where = f": {name} is at {line}" if line else ""
        return (
            f"{path} has not answered for {limit_s:g} s{where}.\n"
            "    If it may take longer, give the request more time: timeout=60."
        )

    def _view_at(self, path: str) -> Callable[..., Any] | None:
        from django.urls import Resolver404, get_resolver

        try:
            # A tuple is what include() uses too; the stubs know only names of modules.
            urlconf = cast("Any", self.urlconf())
            return get_resolver(urlconf).resolve(httpx.URL(path).path).func
        except Resolver404:
            return None


def _make_handler(site: Site) -> Any:
    from django.core.handlers.asgi import ASGIHandler
    from django.core.signals import got_request_exception

    class SiteHandler(ASGIHandler):
        """Django's own ASGI handler, with the URLconf of one site.

        Not the test client: that one opens no ThreadSensitiveContext, so that twenty sync views
        of 0.2 s take 20 times 0.2 s there and hardly more than one on a server.
        """

        async def read_body(self, receive: Any) -> Any:
            body = await super().read_body(receive)
            _bodies.get().append(body)
            return body

        def create_request(self, scope: Any, body_file: Any) -> Any:
            request, refused = super().create_request(scope, body_file)
            if request is not None:
                request.urlconf = cast("Any", site.urlconf())
            return request, refused

    got_request_exception.connect(_keep_exception, dispatch_uid="course_support")
    return SiteHandler()


def _keep_exception(request: Any, **_: Any) -> None:
    # A request that came through WSGI has an environ in place of a scope.
    noted = request.scope if hasattr(request, "scope") else request.environ
    noted[VIEW_EXCEPTION] = sys.exc_info()[1]
