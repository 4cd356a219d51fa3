"""What do many requests at once cost? `load_test` sends them and times each one."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from course_support.live.loads import LoadResult, Request
from course_support.live.loads import compare as compare
from course_support.live.progressbar import ProgressBar
from course_support.live.sending import Load, Sender
from course_support.live.servers import Server
from course_support.live.stopping import stoppable

if TYPE_CHECKING:
    from course_support.live.site import Site

_TELL_S = 0.25
_END_S = 2.0
_LOOP_HELD_S = 60.0
_SPARE_FILES = 64


async def load_test(
    target: Site | Server | str,
    path: str,
    *,
    requests: int = 10,
    concurrency: int | None = None,
    label: str = "",
    warm_up: int = 1,
    timeout_s: float = 60.0,
) -> LoadResult:
    """Send `requests` GETs to `path`, at most `concurrency` in flight, each on a new connection.

    A closed workload: each of the workers waits for its answer before its next request. Times
    are those of the client, on `time.perf_counter`. It runs in a thread with an event loop of
    its own: neither the kernel's loop nor the server's stands between it and the clock. Its
    wall time, against the same load sent by raw asyncio streams: x0.94 for 200 requests at
    once, x0.82 for 1,000 (benchmarks/load.py).

    Args:
        target: a site, which is then served by uvicorn for the time of the test; a server, as
            `site.serve("wsgi")` gives it; or the URL of a server on this machine.
        path: address and query of the view: `/news/?page=2`.
        concurrency: as many as `requests` unless told: all at once.
        label: what to call the result; unless told, the path and the server.
        warm_up: requests sent before, one after the other, and not counted.
        timeout_s: seconds after which a request without a whole answer has failed.

    Raises:
        ValueError: `requests` or `concurrency` is below 1, or the URL is not of this machine.
        ConnectionError: nobody answers there.
        OSError: the system does not allow as many open connections.
    """
    concurrency = requests if concurrency is None else concurrency
    _refuse_empty(requests, concurrency)
    async with _served(target) as server:
        ours = isinstance(server, Server)
        url, name = (server.url, server.name) if isinstance(server, Server) else (server, server)
        where = _where(url, path)
        _allow_files(concurrency * (2 if ours else 1))
        before = Counter[str]()
        load = Load(*where, requests, concurrency, warm_up, timeout_s)
        sender = Sender(load, lambda: before.update(_view_errors(server)))
        await _in_thread(sender, f"load test of {path}")
        result = _result(sender, label or f"{path} on {name}", in_this_process=ours)
        return replace(result, view_errors=_view_errors(server) - before)


@asynccontextmanager
async def _served(target: Site | Server | str) -> AsyncIterator[Server | str]:
    if isinstance(target, str | Server):
        yield target
        return
    if not hasattr(target, "serve"):
        raise TypeError(
            f"load_test takes a site, a server or a URL; this is a {type(target).__name__}."
        )
    async with target.serve("asgi") as server:
        yield server


def _view_errors(server: Server | str) -> Counter[str]:
    return server.view_errors if isinstance(server, Server) else Counter()


def _refuse_empty(requests: int, concurrency: int) -> None:
    for name, number in (("requests", requests), ("concurrency", concurrency)):
        if number < 1:
            raise ValueError(f"{name} is {number}; a load test sends 1 request or more at once.")


def _where(url: str, path: str) -> tuple[tuple[str, int], str, str]:
    """Address, Host header and target of a URL of this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError(
            f"load_test asks servers of this machine only, and '{url}' is another.\n"
            "    Write it as http://127.0.0.1:8000."
        )
    # Looked up once, and here: a loop would look each name up in a thread.
    found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    address = str(found[0][4][0]), parts.port or 80
    return address, parts.netloc, f"{parts.path.removesuffix('/')}/{path.removeprefix('/')}"


def _allow_files(sockets: int) -> None:
    """Raise the number of files that this process may open, as far as the system lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    wanted = len(list(Path("/dev/fd").iterdir())) + sockets + _SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or wanted <= soft:
        return
    if hard != resource.RLIM_INFINITY and wanted > hard:
        raise OSError(
            f"So many requests at once need {wanted} open files, and this process may have "
            f"{hard}.\n    Send fewer at once: load_test(..., concurrency={hard // 4})."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _in_thread(sender: Sender, words: str) -> None:
    """Let `sender` send its load from a thread of its own; stop it when this is cancelled."""
    sending = _Sending(sender)
    sending.thread.start()
    try:
        done = asyncio.wrap_future(sending.done)
        # The heartbeat of `stoppable` is what lets the stop button reach an awaiting cell.
        async with stoppable(_LOOP_HELD_S):
            with ProgressBar(words, sender.load.requests) as bar:
                while not done.done():
                    await asyncio.wait({done}, timeout=_TELL_S)
                    bar.tell(len(sender.sent))
        done.result()
    finally:
        sending.stop()


class _Sending:
    """The thread from which a load is sent."""

    def __init__(self, sender: Sender) -> None:
        self.done: Future[None] = Future()
        self.thread = threading.Thread(target=self._run, name="course-load", daemon=True)
        self._sender = sender
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def stop(self) -> None:
        """Cancel what is under way, close its connections, wait for the thread."""
        self._stopped = True
        if self._loop and self._task:
            with suppress(RuntimeError):  # the loop is closed: it has ended
                self._loop.call_soon_threadsafe(self._task.cancel)
        self.thread.join(_END_S)

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._send())
        except BaseException as error:
            self.done.set_exception(error)
        else:
            self.done.set_result(None)

    async def _send(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if not self._stopped:
            await self._sender.send()


def _result(sender: Sender, label: str, *, in_this_process: bool) -> LoadResult:
    before, peak = sender.before, sender.peak
    memory = None
    if before.memory_bytes is not None and peak.memory_bytes is not None:
        memory = peak.memory_bytes - before.memory_bytes
    return LoadResult(
        _from_zero(sender.sent),
        label,
        min(sender.load.concurrency, sender.load.requests),
        peak.threads - before.threads if in_this_process else None,
        memory if in_this_process else None,
        began_s=min((request.start_s for request in sender.sent), default=0.0),
    )


def _from_zero(sent: list[Request]) -> tuple[Request, ...]:
    """Ordered by start, on a clock that is 0 at the first one."""
    zero_s = min(request.start_s for request in sent)
    return tuple(
        replace(
            request,
            start_s=request.start_s - zero_s,
            end_s=request.end_s - zero_s,
            first_byte_s=None if request.first_byte_s is None else request.first_byte_s - zero_s,
        )
        for request in sorted(sent, key=lambda request: request.start_s)
    )
