"""What world do the views of the course ask? Sources of news on 127.0.0.1, under our control."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from course_support.live.calls import Call, Seen
from course_support.live.loopback import Loopback

T = TypeVar("T")
Document = Mapping[str, Any]
LIMIT_S = 5.0


@dataclass(frozen=True)
class Source:
    """One source of the newswire: how long it takes to answer, and what it says."""

    delay_s: float
    headlines: tuple[str, ...]


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "quick": Source(
            0.0, ("Library opens an hour earlier", "Ferry back in service", "Rain until Thursday")
        ),
        "slow": Source(
            1.0, ("Council votes on the new bridge", "Harbour museum reopens", "Bees on the roof")
        ),
    }
)


class Held:
    """The answers of one source, held back until `release()` or the end of the `with` block.

    Its methods may be used from any thread, and awaited on any event loop.
    """

    def __init__(self, wire: Newswire, source: str) -> None:
        self._wire = wire
        self._start_s = time.perf_counter()
        self.source = source
        self.released = False

    def __repr__(self) -> str:
        state = "released" if self.released else "held"
        return f"<Held {self.source}: {state}, {len(self.calls)} calls>"

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls to this source since the block began."""
        calls = self._wire.seen.since(self._start_s).calls
        return tuple(call for call in calls if call.source == self.source)

    def release(self) -> None:
        """Answer the calls that wait, and further ones of this block, at once."""
        self.released = True
        self._wire._wake()

    async def arrived(self, count: int = 1, *, limit_s: float = LIMIT_S) -> None:
        """Wait until `count` calls have reached the source.

        Raises:
            TimeoutError: fewer had arrived after `limit_s` seconds.
        """
        await self._reach(count, "arrived", lambda: len(self.calls), limit_s)

    async def left(self, count: int = 1, *, limit_s: float = LIMIT_S) -> None:
        """Wait until `count` clients have closed their connection before the answer.

        Raises:
            TimeoutError: fewer had left after `limit_s` seconds.
        """

        def number() -> int:
            return sum(call.left_s is not None for call in self.calls)

        await self._reach(count, "left", number, limit_s)

    async def _reach(
        self, count: int, verb: str, number: Callable[[], int], limit_s: float
    ) -> None:
        try:
            await self._wire._until(lambda: number() >= count, limit_s)
        except TimeoutError:
            raise TimeoutError(
                f"{number()} of {count} calls to '{self.source}' {verb} within {limit_s:g} s."
            ) from None


class Newswire:
    """An upstream on 127.0.0.1 whose sources are under our control, and which counts.

    It starts when it is first used and stops with the process; after `stop()`, the next use
    starts it again, on another port.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: Loopback | None = None
        self._calls: dict[int, Call] = {}
        self._number = 0
        self._holds: list[Held] = []
        self._documents: list[tuple[str, Document, float]] = []
        self._waiters: list[asyncio.Future[None]] = []

    def __repr__(self) -> str:
        running = self._server is not None and self._server.running
        where = f"on port {self._server.port}" if self._server and running else "not started"
        return f"<Newswire {where}: {', '.join(SOURCES)}>"

    def url(self, source: str) -> str:
        """The address of a source, as in `newswire.url("slow")`.

        Raises:
            LookupError: there is no such source; the text lists the known ones.
        """
        _check_source(source)
        return f"http://127.0.0.1:{self._running().port}/{source}/"

    @property
    def seen(self) -> Seen:
        """What it saw since its start, or since `forget()`."""
        with self._lock:
            return Seen(tuple(self._calls.values()))

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
    def hold(self, source: str) -> Iterator[Held]:
        """Hold the answers of a source back; they are let go when the block ends.

        Raises:
            LookupError: there is no such source; the text lists the known ones.
        """
        _check_source(source)
        held = Held(self, source)
        self._holds.append(held)
        try:
            yield held
        finally:
            self._holds.remove(held)
            held.release()

    @contextmanager
    def answers(self, source: str, document: Document, *, delay_s: float = 0.0) -> Iterator[None]:
        """Let a source answer with `document`, `delay_s` seconds after a call, in this block.

        Raises:
            LookupError: there is no such source; the text lists the known ones.
        """
        _check_source(source)
        entry = (source, document, delay_s)
        self._documents.append(entry)
        try:
            yield
        finally:
            self._documents.remove(entry)

    def _running(self) -> Loopback:
        with self._lock:
            if self._server is None or not self._server.running:
                self._server = Loopback(self._answer)
            return self._server

    async def _answer(self, target: str) -> tuple[int, bytes]:
        """Answer one request; runs on the server's own loop."""
        source = target.split("?")[0].strip("/")
        number = self._note(Call(source, target, time.perf_counter()))
        document, delay_s = self._document(source)
        try:
            await self._hold_back(source, delay_s)
        except asyncio.CancelledError:
            self._note_end(number, Call.left)
            raise
        self._note_end(number, Call.answered)
        return (200 if source in SOURCES else 404), json.dumps(document).encode()

    async def _hold_back(self, source: str, delay_s: float) -> None:
        holds = [held for held in self._holds if held.source == source]
        if holds:
            await self._wait_until(lambda: all(held.released for held in holds))
        else:
            await asyncio.sleep(delay_s)

    def _document(self, source: str) -> tuple[Document, float]:
        for name, document, delay_s in reversed(self._documents):
            if name == source:
                return document, delay_s
        if source not in SOURCES:
            return {"error": _no_source(source)}, 0.0
        known = SOURCES[source]
        return {"source": source, "headlines": list(known.headlines)}, known.delay_s

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


async def _within(waiting: Coroutine[Any, Any, T], limit_s: float) -> T:
    async with asyncio.timeout(limit_s):
        return await waiting


def _no_source(name: str) -> str:
    return f"There is no source '{name}'. The sources are: {', '.join(SOURCES)}."


def _check_source(name: str) -> None:
    if name not in SOURCES:
        raise LookupError(_no_source(name))


newswire = Newswire()
