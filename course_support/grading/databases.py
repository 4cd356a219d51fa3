"""Where is the database of a submission? In a process of its own, which the judge can ask, too."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any, TypeVar

from course_support.grading.forking import Zygote
from course_support.grading.memory import Share
from course_support.grading.peers import Peer

T = TypeVar("T")
SHARE = Share(memory_mib=128, files=600)


class Strange(Exception):
    """The database answers, but not as it should: its tables may not be what they were."""


class Database:
    """The database of one child; its process is forked when somebody asks for the first time.

    Args:
        listening: the socket to which the child connects.
    """

    def __init__(self, zygote: Zygote, listening: socket.socket) -> None:
        self._zygote = zygote
        self._listening = listening
        self._peer: Peer | None = None
        self._opening: asyncio.Task[Peer] | None = None

    @property
    def ended(self) -> str:
        """How its process ended, in words; "" while there is one, or none yet."""
        return self._peer.ended if self._peer else ""

    def start_when_asked(self) -> None:
        """Wait for the child's first connection."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._listening.fileno(), lambda: self._start())

    async def call(self, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        """What a function of the course's gives in the database's process.

        Raises:
            Ended: the process has ended; also since it did not answer.
            Strange: the function raised.
        """
        peer = await self._start()
        reply = await peer.call(function.__module__, function.__name__, args)
        if "raised" in reply:
            raise Strange(f"the database said {str(reply['raised'])[:500]}")
        found: T = reply["value"]
        return found

    def _start(self) -> asyncio.Task[Peer]:
        if self._opening is None:
            asyncio.get_running_loop().remove_reader(self._listening.fileno())
            self._opening = asyncio.create_task(self._open())
        return self._opening

    async def _open(self) -> Peer:
        fork = self._zygote.fork(b"database")
        with self._listening:
            socket.send_fds(fork.channel, [b"queries"], [self._listening.fileno()])
        self._peer = Peer(fork, SHARE)
        await self._peer.open()
        self._peer.listen()
        return self._peer

    async def aclose(self) -> None:
        """End its process, if there is one."""
        if self._opening is not None:
            await (await self._opening).aclose()
            return
        if self._listening.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._listening.fileno())
        self._listening.close()
