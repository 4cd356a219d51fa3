"""How is a load sent, and each request timed? A closed workload on an event loop of its own."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import h11

from course_support.live.loads import Request

_SAMPLE_S = 0.02
_SETTLE_S, _SETTLE_TURNS = 0.005, 20
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True)
class Load:
    """What is to be sent, and where.

    Attributes:
        address: an IP address and a port.
        host: the Host header.
        target: path and query of the URL.
        timeout_s: after so many seconds without a whole answer, a request has failed.
    """

    address: tuple[str, int]
    host: str
    target: str
    requests: int
    concurrency: int
    warm_up: int
    timeout_s: float


@dataclass(frozen=True)
class Sample:
    """What this process has in use: threads, and resident memory where the system tells."""

    threads: int
    memory_bytes: int | None


class Sender:
    """Sends one load; `send()` is awaited once, on the loop that is to send it.

    `begin` is called between the warm-up and the load.
    """

    def __init__(self, load: Load, begin: Callable[[], object]) -> None:
        self.load = load
        self._begin = begin
        self.sent: list[Request] = []
        self.before = self.peak = _sample()
        self._left = load.requests

    async def send(self) -> None:
        """Send the warm-up, then the load, which is then in `sent`, in the order of its ends.

        Raises:
            ConnectionError: nobody answered the warm-up.
        """
        for _ in range(self.load.warm_up):
            answer = await _send(self.load)
            if answer.status is None:
                raise ConnectionError(
                    f"No answer from http://{self.load.host}{self.load.target}: {answer.error}.\n"
                    "    Start the server first, or give the site itself: load_test(site, ...)."
                )
        await self._settle()
        self._begin()
        async with self._sampling(), asyncio.TaskGroup() as group:
            for _ in range(min(self.load.concurrency, self.load.requests)):
                group.create_task(self._work())

    async def _work(self) -> None:
        while self._left:
            self._left -= 1
            self.sent.append(await _send(self.load))
            self._note(threading.active_count())

    async def _settle(self) -> None:
        """Let the threads of the warm-up end: they are not the idle server's."""
        for _ in range(_SETTLE_TURNS):
            if threading.active_count() <= self.before.threads:
                break
            await asyncio.sleep(_SETTLE_S)
        self.before = self.peak = _sample()

    @asynccontextmanager
    async def _sampling(self) -> AsyncIterator[None]:
        sampling = asyncio.create_task(self._look())
        try:
            yield
        finally:
            sampling.cancel()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_SAMPLE_S)
            now = _sample()
            self._note(now.threads, now.memory_bytes)

    def _note(self, threads: int, memory_bytes: int | None = None) -> None:
        memory = max(memory_bytes or 0, self.peak.memory_bytes or 0) or None
        self.peak = Sample(max(threads, self.peak.threads), memory)


def _sample() -> Sample:
    try:
        pages = int(_STATM.read_text().split()[1])
    except OSError:  # not Linux
        return Sample(threading.active_count(), None)
    return Sample(threading.active_count(), pages * os.sysconf("SC_PAGE_SIZE"))


async def _send(load: Load) -> Request:
    """One request on a connection of its own."""
    start_s = time.perf_counter()
    exchange = _Exchange(load)
    try:
        async with asyncio.timeout(load.timeout_s):
            await asyncio.get_running_loop().create_connection(lambda: exchange, *load.address)
            await exchange.done
    except TimeoutError:
        exchange.error = f"no answer in {load.timeout_s:g} s"
    except (OSError, h11.RemoteProtocolError) as error:
        exchange.error = str(error) or type(error).__name__
    finally:
        exchange.leave()
    end_s = exchange.end_s or time.perf_counter()
    return Request(start_s, end_s, exchange.first_byte_s, exchange.status, exchange.error)


class _Exchange(asyncio.Protocol):
    """One request and its answer; `done` when the answer is whole."""

    def __init__(self, load: Load) -> None:
        self.status: int | None = None
        self.first_byte_s: float | None = None
        self.end_s: float | None = None
        self.error = ""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._load = load
        self._http = h11.Connection(h11.CLIENT)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        headers = [("Host", self._load.host), ("Connection", "close")]
        asking = h11.Request(method="GET", target=self._load.target, headers=headers)
        transport.write(self._http.send(asking) or b"")
        self._http.send(h11.EndOfMessage())

    def data_received(self, data: bytes) -> None:
        now_s = time.perf_counter()
        if self.first_byte_s is None:
            self.first_byte_s = now_s
        self._read(data, now_s)

    def eof_received(self) -> None:
        self._read(b"", time.perf_counter())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed before the answer was whole"))

    def leave(self) -> None:
        """Close the connection, whatever is still under way."""
        self.done.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _read(self, data: bytes, now_s: float) -> None:
        if self.done.done():
            return
        try:
            self._http.receive_data(data)
            self._advance(now_s)
        except h11.RemoteProtocolError as error:
            self.done.set_exception(error)

    def _advance(self, now_s: float) -> None:
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Response):
                self.status = event.status_code
            elif isinstance(event, h11.EndOfMessage):
                self.end_s = now_s
                self.done.set_result(None)
                return
            elif not isinstance(event, h11.Data | h11.InformationalResponse):
                return
