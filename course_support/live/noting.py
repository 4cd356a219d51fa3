"""What is a site behind a real server, and what did its views raise there?"""

from __future__ import annotations

import threading
import traceback
from collections import Counter
from typing import TYPE_CHECKING, Any

from course_support.live.cells import learners_line
from course_support.live.transport import VIEW_EXCEPTION

if TYPE_CHECKING:
    from course_support.live.site import Site


class Noting:
    """A site as an ASGI and as a WSGI application, which notes what its views raise.

    Behind a server an exception becomes a bare 500; its words would be lost.
    """

    def __init__(self, site: Site) -> None:
        self.view_errors: Counter[str] = Counter()
        self._site = site
        self._handler = wsgi_handler(site)
        self._lock = threading.Lock()

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, as ASGI asks for it."""

        async def noting(message: Any) -> None:
            # Before the client knows: a count that it takes afterwards is whole.
            if message["type"] == "http.response.start":
                self._note(scope)
            await send(message)

        await self._site(scope, receive, noting)

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request, as WSGI asks for it."""
        try:
            return self._handler(environ, start_response)
        finally:
            self._note(environ)

    def _note(self, notes: Any) -> None:
        error = notes.get(VIEW_EXCEPTION)
        if error is not None:
            words = traceback.format_exception_only(error)[-1].strip()
            line = learners_line(error)
            with self._lock:
                self.view_errors[f"{words} at {line}" if line else words] += 1


def wsgi_handler(site: Site) -> Any:
    """Django's own WSGI handler, with the URLconf of one site: a WSGI application."""
    from django.core.handlers.wsgi import WSGIHandler

    class SiteWSGIHandler(WSGIHandler):
        def get_response(self, request: Any) -> Any:
            request.urlconf = site.urlconf()
            return super().get_response(request)

    return SiteWSGIHandler()
