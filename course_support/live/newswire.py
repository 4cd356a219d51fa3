"""What world do the views of the course ask? Sources of news on 127.0.0.1, under our control."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import parse_qs

from course_support.live.calls import Call, Seen
from course_support.live.holding import Held
from course_support.live.loopback import Exchange, Loopback, Traffic
from course_support.live.sources import (
    ORDINARY,
    SOURCES,
    Document,
    Source,
    check_source,
    no_source,
    query_of,
)

__all__ = ["ORDINARY", "SOURCES", "Document", "Held", "Newswire", "Source", "newswire"]
T = TypeVar("T")
_LONGEST = 500  # characters of an address that are kept
STRANGERS = 128  # connections at one time from a process that a grader serves


class Newswire:
    """An upstream on 127.0.0.1 whose sources are under our control, and which counts.

    It starts when it is first used and stops with the process; after `stop()`, the next use
    starts it again, on another port.

    Args:
        listening: a bound socket to serve instead, as long as it is open; a grader has it from
            the process whose calls it is to answer.
    """

    def __init__(self, listening: socket.socket | None = None) -> None:
        self._lock = threading.Lock()
        self._server: Loopback | None = None
        self._listening = listening
        self._port_outside = 0
        self._calls: dict[int, Call] = {}
        self._number = 0
        self._holds: list[Held] = []
        self._documents: list[tuple[str, Document, Source]] = []
        self._waiters: list[asyncio.Future[None]] = []

    def __repr__(self) -> str:
        running = self._server is not None and self._server.running
        where = f"on port {self._server.port}" if self._server and running else "not started"
        return f"<Newswire {where}: {', '.join(SOURCES)}>"

    def url(self, source: str, **changes: float) -> str:
        """The address of a source: `newswire.url("slow")`, `newswire.url("slow", delay_s=0.3)`.

        Args:
            changes: what is different in calls to this address: `delay_s`, `status`, `pieces`,
                `pause_s`, `size`; see `Source`.

        Raises:
            LookupError: there is no such source; the text lists the known ones.
            TypeError: a call cannot change that; the text lists what it can.
            ValueError: a number below 0.
        """
        check_source(source)
        port = self._port_outside or self._running().port
        return f"http://127.0.0.1:{port}/{source}/{query_of(changes)}"

    def is_served_outside(self, port: int) -> None:
        """From now on `url` names `port`, where another process answers and counts."""
        self._port_outside = port

    @property
    def seen(self) -> Seen:
        """What it saw since its start, or since `forget()`."""
        with self._lock:
            return Seen(tuple(self._calls.values()))

    @property
    def traffic(self) -> Traffic:
        """What its server has had to do; nothing when it does not run."""
        server = self._server
        return server.traffic if server else Traffic()

    def forget(self) -> None:
        """Forget the calls that are over; those in flight stay."""
        with self._lock:
            self._calls = {k: call for k, call in self._calls.items() if call.ended_s is None}

    def stop(self) -> None:
        """Close all connections and end the thread; harmless when it is not running."""
        with self._lock:
            server, self._server = self._server, None
        if server:
            server.stop()

    @contextmanager
    def hold(self, *sources: str) -> Iterator[Held]:
        """Hold the answers of these sources back, or of all; they are let go when the block ends.

        Raises:
            LookupError: there is no such source; the text lists the known ones.
        """
        for source in sources:
            check_source(source)
        held = Held(self, sources or tuple(SOURCES))
        self._holds.append(held)
        try:
            yield held
        finally:
            self._holds.remove(held)
            held.release()

    @contextmanager
    def answers(
        self,
        source: str,
        document: Document,
        *,
        delay_s: float = 0.0,
        status: int = 200,
        pieces: int = 1,
        pause_s: float = 0.0,
    ) -> Iterator[None]:
        """Let a source answer with `document`, `delay_s` seconds after a call, in this block.

        It comes in `pieces`, with `pause_s` seconds between two of them.

        Raises:
            LookupError: there is no such source; the text lists the known ones.
        """
        check_source(source)
        source_now = replace(
            SOURCES[source], delay_s=delay_s, status=status, pieces=pieces, pause_s=pause_s
        )
        entry = (source, document, source_now)
        self._documents.append(entry)
        try:
            yield
        finally:
            # By identity: the same document may be said in two blocks.
            self._documents = [other for other in self._documents if other is not entry]

    async def settle(self, turns: int = 20) -> None:
        """Note the calls, and the clients' leaving, that have come so far; from any loop."""
        server = self._server
        if server and server.running:
            work = asyncio.run_coroutine_threadsafe(_turn(turns), server.loop)
            await asyncio.wrap_future(work)

    def _running(self) -> Loopback:
        with self._lock:
            if self._server is None or not self._server.running:
                most = STRANGERS if self._listening else 10_000
                self._server = Loopback(self._answer, self._listening, most)
            return self._server

    async def _answer(self, exchange: Exchange) -> None:
        """Answer one request; runs on the server's own loop."""
        path, _, query = exchange.target.partition("?")
        name = path.strip("/")
        kept = name[:_LONGEST], exchange.target[:_LONGEST]
        call = Call(*kept, time.perf_counter(), connection=exchange.connection)
        number = self._note(replace(call, reused=exchange.reused))
        try:
            await self._send(exchange, number, *self._saying(name, query))
        except BaseException:
            self._note_end(number, Call.left)
            raise

    async def _send(
        self, exchange: Exchange, number: int, name: str, source: Source, document: Document
    ) -> None:
        pieces = source.body(document)
        await self._hold_back(name, source.delay_s)
        exchange.start(source.status, _headers(source, pieces))
        for piece in pieces[:-1]:
            await exchange.send(piece)
            await asyncio.sleep(source.pause_s)
        await exchange.writable()
        # Before the last byte: whoever has the answer finds the call answered in `seen`.
        self._note_end(number, Call.answered)
        await exchange.send(pieces[-1])

    async def _hold_back(self, name: str, delay_s: float) -> None:
        holds = [held for held in self._holds if name in held.sources]
        if holds:
            await self._wait_until(lambda: not any(held.holds(name) for held in holds))
        else:
            await asyncio.sleep(delay_s)

    def _saying(self, name: str, query: str) -> tuple[str, Source, Document]:
        """Who answers a call, in what manner, and with what."""
        if name not in SOURCES:
            return name, Source(status=404), {"error": no_source(name)}
        said = [entry for entry in self._documents if entry[0] == name]
        source = said[-1][2] if said else SOURCES[name]
        try:
            source = source.changed(parse_qs(query))
        except ValueError as error:
            return name, Source(status=400), {"error": str(error)}
        return name, source, said[-1][1] if said else source.document(name)

    def _note(self, call: Call) -> int:
        with self._lock:
            self._number += 1
            self._calls[self._number] = call
        self._changed()
        return self._number

    def _note_end(self, number: int, ending: Callable[[Call, float], Call]) -> None:
        with self._lock:
            self._calls[number] = ending(self._calls[number], time.perf_counter())
        self._changed()

    def _changed(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _wake(self) -> None:
        server = self._server
        if server and server.running:
            with suppress(RuntimeError):  # its loop was closed a moment ago
                server.loop.call_soon_threadsafe(self._changed)

    async def _wait_until(self, is_true: Callable[[], bool]) -> None:
        while not is_true():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    async def _until(self, is_true: Callable[[], bool], limit_s: float) -> None:
        """Wait on the server's loop, from any other."""
        loop = self._running().loop
        waiting = _within(self._wait_until(is_true), limit_s)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(waiting, loop))


async def _turn(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def _within(waiting: Coroutine[Any, Any, T], limit_s: float) -> T:
    async with asyncio.timeout(limit_s):
        return await waiting


def _headers(source: Source, pieces: list[bytes]) -> list[tuple[str, str]]:
    headers = [("content-type", "application/json")]
    if len(pieces) == 1:  # else in chunks, and nobody knows in advance how much comes
        headers.append(("content-length", str(len(pieces[0]))))
    if source.moved_to and 300 <= source.status < 400:
        headers.append(("location", f"/{source.moved_to}/"))
    return headers


newswire = Newswire()
