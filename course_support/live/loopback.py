"""How does a small HTTP/1.1 server run beside a learner's code? In a thread, on 127.0.0.1."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import h11

STOP_S = 2.0
_BACKLOG = 1024  # so many are accepted in one turn of the loop, at most
_AHEAD = 65_536  # bytes that a client may send before its last request is answered


@dataclass
class Traffic:
    """What a server has had to do so far.

    Attributes:
        opened: connections.
        received: bytes.
        sent: bytes.
    """

    opened: int = 0
    received: int = 0
    sent: int = 0


class Exchange:
    """One request and its answer, which is sent in pieces.

    Attributes:
        target: path and query of the request: "/slow/?page=2".
        connection: the number of the connection it came on, from 1.
        reused: whether that connection has carried an earlier request.
    """

    def __init__(self, connection: _Connection, request: h11.Request, reused: bool) -> None:
        self._connection = connection
        self._method = request.method
        self.target: str = request.target.decode("ascii")
        self.connection = connection.number
        self.reused = reused

    def start(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Send the head of the answer."""
        reason = HTTPStatus(status).phrase.encode()
        self._connection.write(h11.Response(status_code=status, headers=headers, reason=reason))

    async def writable(self) -> None:
        """Wait until the client has read most of what was sent."""
        await self._connection.writable.wait()

    async def send(self, data: bytes) -> None:
        """Send a piece of the body."""
        await self.writable()
        if self._method != b"HEAD":
            self._connection.write(h11.Data(data=data))


def bound_socket() -> socket.socket:
    """A TCP socket on a free port of 127.0.0.1."""
    # SO_REUSEADDR is left alone: the system picks a free port, and on Windows the option
    # would let another process share it. The protocol number is what makes asyncio set
    # TCP_NODELAY; without it each kept-alive answer takes 40 ms more.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.bind(("127.0.0.1", 0))
    return made


Answerer = Callable[[Exchange], Awaitable[None]]


class Loopback:
    """A small HTTP server in a daemon thread with an event loop of its own.

    `answer` is awaited on that loop for each request, and sends the answer through the
    exchange. It is cancelled when the client leaves before the answer is whole. `listening` is
    a socket that is bound already; without one, the system picks a free port of 127.0.0.1.
    Of `most` connections at one time, one more is closed at once.
    """

    def __init__(
        self, answer: Answerer, listening: socket.socket | None = None, most: int = 10_000
    ) -> None:
        self._answer = answer
        self._most = most
        self.traffic = Traffic()
        self._ready = threading.Event()
        self._socket = listening or bound_socket()
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="newswire", daemon=True)
        self._thread.start()
        self._ready.wait()
        if not hasattr(self, "_stopping"):
            self._socket.close()
            raise OSError("The server on 127.0.0.1 could not be started.")
        atexit.register(self.stop)

    @property
    def running(self) -> bool:
        """Whether its thread is alive (it is not after a `stop`, nor in a forked child)."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Close the socket and all connections, end the thread; harmless when stopped."""
        atexit.unregister(self.stop)
        if self.running:
            self.loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(STOP_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()  # whoever waits for a server that did not start

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        connections: set[_Connection] = set()
        numbers = itertools.count(1)
        server = await self.loop.create_server(
            lambda: _Connection(self._answer, connections, next(numbers), self._most, self.traffic),
            sock=self._socket,
            backlog=min(_BACKLOG, self._most),
        )
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for _ in range(5):  # some have been accepted, and are not there yet
            for connection in tuple(connections):
                connection.drop()
            await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    """One client's connection, its requests answered one after the other.

    The socket is read while an answer is awaited: that is how a client that leaves is noticed.
    """

    def __init__(
        self,
        answer: Answerer,
        connections: set[_Connection],
        number: int,
        most: int,
        traffic: Traffic,
    ) -> None:
        self._most = most
        self._traffic = traffic
        self._ahead = 0
        self._answer = answer
        self._connections = connections
        self._requests = 0
        self.number = number
        self.writable = asyncio.Event()
        self.writable.set()
        self._http = h11.Connection(h11.SERVER)
        self._request = h11.Request(method="GET", target="/", headers=[("host", "x")])
        self._answering: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._traffic.opened += 1
        if len(self._connections) >= self._most:
            transport.abort()
            return
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        if self._answering:
            self._answering.cancel()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def write(self, event: h11.Event) -> None:
        """Send a part of the answer."""
        if data := self._http.send(event):
            self._traffic.sent += len(data)
            self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        self._traffic.received += len(data)
        if self._answering:  # else the parser itself allows no more than it can read at once
            self._ahead += len(data)
        if self._ahead > _AHEAD:
            self.drop()
            return
        self._http.receive_data(data)
        self._advance()

    def drop(self) -> None:
        """Close at once, without waiting for an answer under way."""
        self._transport.abort()

    def _advance(self) -> None:
        """Read requests until one is whole and can be answered, or bytes are missing."""
        while not self._answering:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError:
                self._transport.close()
                return
            if isinstance(event, h11.Request):
                self._request = event
            elif isinstance(event, h11.EndOfMessage):
                self._answering = asyncio.create_task(self._respond(self._request))
            elif not isinstance(event, h11.Data):
                return

    async def _respond(self, request: h11.Request) -> None:
        self._requests += 1
        try:
            await self._answer(Exchange(self, request, reused=self._requests > 1))
            self.write(h11.EndOfMessage())
        except h11.LocalProtocolError:  # such as a body after the answer to a CONNECT
            self.drop()
            return
        self._answering, self._ahead = None, 0
        if self._http.our_state is h11.MUST_CLOSE:
            self._transport.close()
        else:
            self._http.start_next_cycle()
            self._advance()
