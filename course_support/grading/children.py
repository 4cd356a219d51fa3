"""What does a child do for the judge? It runs cells, then answers; and it may end at any time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from course_support.grading import frames
from course_support.grading.fields import Frame, answer_of, raised_of
from course_support.grading.forking import GraderFault, Zygote
from course_support.grading.memory import give_way, used_mib
from course_support.grading.setups import Cell
from course_support.grading.targets import Answer, Ended, Raised
from course_support.live.newswire import Newswire

REPLY_S = 3.5
CALL_S = 10.0
_LOOK_S = 0.1
_UNUSED = {b"host", b"content-length", b"transfer-encoding"}  # the child's client makes its own
_GONE = (asyncio.IncompleteReadError, OSError)


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Attributes:
        setup_s: seconds for the course's own cells; more is a fault of the grader.
        cell_s: seconds for each answer cell.
        memory_mib: of all processes of the submission together.
        calls: that the newswire answers.
    """

    setup_s: float = 60.0
    cell_s: float = 10.0
    memory_mib: int = 768
    calls: int = 20_000


class Child:
    """One child at work.

    Attributes:
        newswire: the upstream of its views, served by this process on a socket of the child's.
        trouble: what its cells raised, as it says.
        ended: how it ended, in words; "" as long as it lives.
    """

    def __init__(self, zygote: Zygote, limits: Limits) -> None:
        self._limits = limits
        self._fork = zygote.fork()
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._why = ""
        self.newswire = Newswire(self._fork.listening_socket())
        self.trouble: Raised | None = None
        self.ended = ""

    @property
    def pid(self) -> int:
        """The child's pid, in this process's numbers."""
        return self._fork.pid

    async def run(
        self, before: Sequence[Cell], cells: Sequence[Cell], sources: Mapping[str, str]
    ) -> tuple[Cell, Raised] | None:
        """Run the course's cells and the submission's; the cell that ended the child, if one did.

        Raises:
            GraderFault: the course's own cells failed.
        """
        self.newswire.url("quick")  # it is there before the first cell runs
        self._reader, self._writer = await asyncio.open_connection(sock=self._fork.channel)
        self._tasks.append(asyncio.create_task(self._look_after()))
        setup = [{"source": cell.source, "number": cell.number} for cell in before]
        answers = [
            {"source": sources[cell.id], "number": cell.number, "id": cell.id} for cell in cells
        ]
        self._writer.write(frames.pack({"setup": setup, "cells": answers}))
        first = await self._next(self._limits.setup_s)
        if first is None or first.get("said") != "ready":
            raise GraderFault(f"The course's own cells failed: {first or self.ended}")
        return await self._run_cells(cells)

    async def _run_cells(self, cells: Sequence[Cell]) -> tuple[Cell, Raised] | None:
        for cell in cells:
            frame = await self._next(self._limits.cell_s)
            if frame is None or frame.get("cell") != cell.id:
                return await self._lost(cell)
        return await self._serving(cells)

    async def _serving(self, cells: Sequence[Cell]) -> tuple[Cell, Raised] | None:
        frame = await self._next(self._limits.cell_s)
        if frame is None or frame.get("said") != "serving":
            if not cells:
                await self.end("")
                raise GraderFault(f"A child without a submission's cell failed: {self.ended}")
            return await self._lost(cells[-1])
        with suppress(frames.BadFrame):
            self.trouble = raised_of(frame.get("trouble"))
        self._tasks.append(asyncio.create_task(self._read()))
        return None

    async def _lost(self, cell: Cell) -> tuple[Cell, Raised]:
        await self.end("it sent something else than was asked for")
        return cell, Raised("", f"Cell {cell.number} ended its process: {self.ended}.")

    async def _next(self, limit_s: float) -> Frame | None:
        """The next frame; None where the child has ended, or was ended, before."""
        try:
            async with asyncio.timeout(limit_s):
                return await frames.read_frame(self._reader)
        except TimeoutError:
            await self.end(f"it had not ended after {limit_s:g} s")
        except frames.BadFrame as bad:
            await self.end(f"it sent {bad}")
        except _GONE:
            await self.end("")
        return None

    def send(self, method: str, path: str, options: dict[str, Any]) -> asyncio.Future[Answer]:
        """Send a request; to cancel the future is to disconnect."""
        request = httpx.Request(method, f"http://localhost{path}", **options)
        id, reply = self._say(
            do="request",
            method=method,
            path=path,
            headers=[
                [name.decode("latin-1"), value.decode("latin-1")]
                for name, value in request.headers.raw
                if name.lower() not in _UNUSED
            ],
            body=frames.text_of(request.read()),
        )
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        reply.add_done_callback(lambda done: self._answer(done, answer, request))
        answer.add_done_callback(lambda done: done.cancelled() and self._say(id, do="leave"))
        return answer

    def _answer(
        self, reply: asyncio.Future[Frame], answer: asyncio.Future[Answer], request: httpx.Request
    ) -> None:
        if answer.done():
            return
        try:
            frame = reply.result()
            if frame.get("cancelled"):
                answer.set_result(Answer(raised=Raised("CancelledError")))
            elif "broken" in frame:
                answer.set_result(Answer(raised=Raised("", str(frame["broken"]))))
            else:
                answer.set_result(answer_of(frame, request))
        except Ended as end:
            answer.set_exception(end)
            answer.exception()  # seen, so that asyncio does not report it as lost
        except frames.BadFrame as bad:
            self._why = self._why or f"it sent {bad}"
            self._fork.kill()  # `_read` sees the end of the stream
            answer.set_exception(Ended(self._why))
            answer.exception()

    async def ask(self, **frame: Any) -> Frame | None:
        """The child's reply; None where none came within `REPLY_S`."""
        _, reply = self._say(**frame)
        await asyncio.wait({reply}, timeout=REPLY_S)
        return reply.result() if reply.done() and not reply.exception() else None

    async def call(self, module: str, name: str, args: Sequence[Any]) -> Any:
        """What a function of a module gives in the child: JSON, or what the child says is that.

        Raises:
            Ended: the child has ended, or did not answer.
        """
        _, reply = self._say(do="call", module=module, name=name, args=list(args))
        await asyncio.wait({reply}, timeout=CALL_S)
        if not reply.done():
            raise Ended(f"it did not answer within {CALL_S:g} s")
        frame = reply.result()
        if "raised" in frame:
            raise Ended(f"it failed: {raised_of(frame['raised'])}")
        return frame.get("value")

    def _say(self, id: str = "", **frame: Any) -> tuple[str, asyncio.Future[Frame]]:
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
        """Hand each frame to whoever waits for it, until the child ends."""
        try:
            while True:
                frame = await frames.read_frame(self._reader)
                waiter = self._waiting.pop(str(frame.get("id")), None)
                if waiter is None:
                    raise frames.BadFrame("an answer that nobody waits for")
                waiter.set_result(frame)
        except frames.BadFrame as bad:
            why = f"it sent {bad}"
        except _GONE:
            why = ""
        await self.end(why)

    async def _look_after(self) -> None:
        """End the child when it takes too much."""
        while not self.ended:
            await asyncio.sleep(_LOOK_S)
            give_way(self._fork.pid)
            used = used_mib(self._fork.pid)
            if used > self._limits.memory_mib:
                self._why = f"it used more than {self._limits.memory_mib} MiB of memory"
            elif len(self.newswire.seen.calls) > self._limits.calls:
                self._why = f"it made more than {self._limits.calls} calls"
            if self._why:
                self._fork.kill()
                return

    async def end(self, why: str) -> None:
        """End the child with all that came from it; `why` where nothing else is known."""
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
        self.newswire.stop()  # not before: a check may still look at it
