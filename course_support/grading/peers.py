"""How does the judge talk to a process that was forked for it? In frames, until it ends."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

from course_support.grading import frames
from course_support.grading.fields import Frame
from course_support.grading.forking import Fork
from course_support.grading.memory import Meter, Share, give_way
from course_support.grading.targets import Ended

REPLY_S = 3.5
CALL_S = 10.0
GONE = (asyncio.IncompleteReadError, OSError)
_LOOK_S = 0.1


class Peer:
    """A forked process at work. Nothing that it sends is trusted.

    Attributes:
        ended: how it ended, in words; "" as long as it lives.
    """

    def __init__(self, fork: Fork, share: Share) -> None:
        self._fork = fork
        self._meter = Meter(fork.pid, share)
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._why = ""
        self.ended = ""

    @property
    def pid(self) -> int:
        """Its pid, in this process's numbers."""
        return self._fork.pid

    @property
    def hungry(self) -> bool:
        """Whether it was ended since it used too much memory."""
        return self._meter.hungry

    async def open(self) -> None:
        """Take the channel over, and look after the process from now on."""
        self._reader, self._writer = await asyncio.open_connection(sock=self._fork.channel)
        self._tasks.append(asyncio.create_task(self._look_after()))

    def listen(self) -> None:
        """Hand each frame that comes to whoever waits for it."""
        self._tasks.append(asyncio.create_task(self._read()))

    async def ask(self, **frame: Any) -> Frame | None:
        """The reply; None where none came within `REPLY_S`."""
        _, reply = self.say(**frame)
        await asyncio.wait({reply}, timeout=REPLY_S)
        return reply.result() if reply.done() and not reply.exception() else None

    async def call(self, module: str, name: str, args: Sequence[Any]) -> Frame:
        """The reply of a function of a module over there: its `value`, or what it `raised`.

        A process that does not answer within `CALL_S` is ended.

        Raises:
            Ended: the process has ended.
        """
        _, reply = self.say(do="call", module=module, name=name, args=list(args))
        await asyncio.wait({reply}, timeout=CALL_S)
        if not reply.done():
            await self.end(f"it did not answer within {CALL_S:g} s")
        return reply.result()

    def say(self, id: str = "", **frame: Any) -> tuple[str, asyncio.Future[Frame]]:
        """Send a frame, and wait for the reply to it under a name that nobody can guess."""
        reply: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        if self.ended:
            reply.set_exception(Ended(self.ended))
            reply.exception()
            return "", reply
        if not id:
            id = secrets.token_hex(8)
            self._waiting[id] = reply
        self._writer.write(frames.pack({"id": id} | frame))
        return id, reply

    async def _read(self) -> None:
        """Hand each frame to whoever waits for it, until the process ends."""
        try:
            while True:
                frame = await frames.read_frame(self._reader)
                id = frame.get("id")
                waiter = self._waiting.pop(id, None) if isinstance(id, str) else None
                if waiter is None:
                    raise frames.BadFrame("an answer that nobody waits for")
                waiter.set_result(frame)
        except frames.BadFrame as bad:
            why = f"it sent {bad}"
        except GONE:
            why = ""
        await self.end(why)

    async def _look_after(self) -> None:
        """End the process when it takes too much."""
        while not self.ended:
            await asyncio.sleep(_LOOK_S)
            give_way(self.pid)
            excess = await self.excess()
            self._why = self._why or excess
            if self._why:
                self._fork.kill()
                return

    async def excess(self) -> str:
        """What it took too much of, in words; "" as long as all is well."""
        return await self._meter.excess()

    async def end(self, why: str) -> None:
        """End the process with all that came from it; `why` where nothing else is known."""
        if self.ended:
            return
        how = self._fork.end(kill=bool(why or self._why))
        self.ended = self._why or why or how
        self._writer.close()
        for waiter in self._waiting.values():
            if not waiter.done():
                waiter.set_exception(Ended(self.ended))
                waiter.exception()
        self._waiting.clear()

    async def aclose(self) -> None:
        """End it, and everything that was done for it."""
        await self.end("it was no longer needed")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
