"""What does a child do for the judge? It runs cells, then answers; and it may end at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from course_support.grading import frames
from course_support.grading.databases import Database
from course_support.grading.fields import Frame, answer_of, plain, raised_of
from course_support.grading.forking import GraderFault, Zygote
from course_support.grading.memory import Share
from course_support.grading.patience import InLine, first_of
from course_support.grading.peers import GONE, Peer
from course_support.grading.setups import Cell
from course_support.grading.targets import Answer, Ended, Raised
from course_support.live.newswire import Newswire

_IN_LINE = 3  # a cell may stand in line for a processor so many times as long as it may run
_MIB = 1024**2
_UNUSED = {b"host", b"content-length", b"transfer-encoding"}  # the child's client makes its own


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Attributes:
        setup_s: seconds for the course's own cells; more is a fault of the grader.
        cell_s: seconds for each answer cell.
        memory_mib: of all processes of the submission together.
        files: that its processes have open together.
        calls: that the newswire answers.
        connections: that are opened to the newswire.
        sent_mib: that it sends to the newswire.
        read_mib: that it reads there.
    """

    setup_s: float = 60.0
    cell_s: float = 10.0
    memory_mib: int = 320
    files: int = 2_000
    calls: int = 5_000
    connections: int = 5_000
    sent_mib: int = 64
    read_mib: int = 1024


class Child(Peer):
    """One child at work.

    Attributes:
        newswire: the upstream of its views, served by this process on a socket of the child's.
        database: that of its views, served by a process that is forked when it is asked.
        trouble: what its cells raised, as it says.
    """

    def __init__(self, zygote: Zygote, limits: Limits) -> None:
        fork, (wire, base) = zygote.fork_child()
        super().__init__(fork, Share(limits.memory_mib, limits.files))
        self._limits = limits
        self.newswire = Newswire(wire)
        self.database = Database(zygote, base)
        self.trouble: Raised | None = None

    async def run(
        self, before: Sequence[Cell], cells: Sequence[Cell], sources: Mapping[str, str]
    ) -> tuple[Cell, Raised] | None:
        """Run the course's cells and the submission's; the cell that ended the child, if one did.

        Raises:
            GraderFault: the course's own cells failed.
        """
        self.newswire.url("quick")  # it is there before the first cell runs
        self.database.start_when_asked()
        await self.open()
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
        limits = self._limits
        frame = await self._next(limits.cell_s if cells else limits.setup_s)
        if frame is None or frame.get("said") != "serving":
            if not cells:
                await self.end("")
                raise GraderFault(f"A child without a submission's cell failed: {self.ended}")
            return await self._lost(cells[-1])
        with suppress(frames.BadFrame):
            self.trouble = raised_of(frame.get("trouble"))
        self.listen()
        return None

    async def _lost(self, cell: Cell) -> tuple[Cell, Raised]:
        await self.end("it sent something else than was asked for")
        return cell, Raised("", f"Cell {cell.number} ended its process: {self.ended}.")

    async def _next(self, limit_s: float) -> Frame | None:
        """The next frame; None where the child has ended, or was ended, before."""
        reading = asyncio.ensure_future(frames.read_frame(self._reader))
        in_line = InLine(self.pid)
        try:
            if (await first_of({reading}, limit_s, in_line, longer_s=_IN_LINE * limit_s))[0]:
                return reading.result()
            await self.end(f"it had not ended after {limit_s:g} s")
        except frames.BadFrame as bad:
            await self.end(f"it sent {bad}")
        except GONE:
            await self.end("")
        finally:
            reading.cancel()
        return None

    def send(self, method: str, path: str, options: dict[str, Any]) -> asyncio.Future[Answer]:
        """Send a request; to cancel the future is to disconnect."""
        request = httpx.Request(method, f"http://localhost{path}", **options)
        id, reply = self.say(
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
        answer.add_done_callback(lambda done: done.cancelled() and self.say(id, do="leave"))
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
                answer.set_result(Answer(raised=Raised("", plain(str(frame["broken"])))))
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

    async def excess(self) -> str:
        """What it, or what serves it, took too much of."""
        if self.database.ended:
            return f"its database ended: {self.database.ended}"
        return await super().excess() or self._excess_at_the_wire()

    def _excess_at_the_wire(self) -> str:
        limits, traffic = self._limits, self.newswire.traffic
        if len(self.newswire.seen.calls) > limits.calls:
            return f"it made more than {limits.calls} calls"
        if traffic.opened > limits.connections:
            return f"it opened more than {limits.connections} connections"
        if traffic.received > limits.sent_mib * _MIB:
            return f"it sent more than {limits.sent_mib} MiB to the newswire"
        if traffic.sent > limits.read_mib * _MIB:
            return f"it read more than {limits.read_mib} MiB of the newswire"
        return ""

    async def aclose(self) -> None:
        """End it, and everything that was done for it."""
        await super().aclose()
        await self.database.aclose()
        self.newswire.stop()  # not before: a check may still look at it
