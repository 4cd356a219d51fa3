"""What runs in a child? The cells of one submission, and the site that they made.

The child has no check, no expected value and no verdict. Requests come in as frames, and what
the site answered goes out. Here, too, nothing is safe from the submission's code: whoever reads
these frames has to expect anything.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from course_support.grading import frames
from course_support.grading.forking import SOCKETS
from course_support.grading.local import LocalTarget
from course_support.grading.probing import look_around
from course_support.grading.targets import Answer, Raised, Watched, raised_by
from course_support.live.loopback import bound_socket
from course_support.live.newswire import newswire
from course_support.live.settings import use_database_at
from course_support.live.site import Site
from course_support.live.stopping import stoppable

DATABASE = "course_support.grading.database"
HOLD_S = 6.0  # as in a notebook's check: after that a view that keeps the loop is interrupted


def give_sockets(channel: socket.socket) -> None:
    """Hand the judge two sockets of this process's network: for the newswire, for the database.

    Before the limits are set: descriptors that are sent and not yet received count for all
    processes of a user, and another submission may keep as many of them as it may have.
    """
    with bound_socket() as wire, bound_socket() as queries:
        queries.listen()  # whoever connects before its server is there waits for it
        socket.send_fds(channel, [SOCKETS], [wire.fileno(), queries.fileno()])
        newswire.is_served_outside(wire.getsockname()[1])
        use_database_at(queries.getsockname()[1], DATABASE)


def be_a_child(channel: socket.socket, folder: Path) -> None:
    """Serve one submission until the judge closes `channel`; `folder` is this process's own."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))  # as a kernel has the notebook's folder
    asyncio.run(_serve_submission(channel))


async def _serve_submission(channel: socket.socket) -> None:
    from course_support.grading.shell import run_cell, shell_names

    job = frames.receive(channel)
    for cell in job["setup"]:
        raised = await run_cell(cell["source"], cell["number"])
        if raised:
            _say(channel, said="broken", raised=asdict(raised))
            return
    _say(channel, said="ready")
    trouble: Raised | None = None
    for cell in job["cells"]:
        raised = await run_cell(cell["source"], cell["number"])
        trouble = trouble or raised
        _say(channel, said="ran", cell=cell["id"])
    site, strange = _site_in(shell_names())
    trouble = trouble or strange
    _say(channel, said="serving", trouble=asdict(trouble) if trouble else None)
    # The requests come in a thread, as a check does in a notebook: it can tell when a view
    # keeps the loop.
    service = _Service(channel, LocalTarget(site, asyncio.get_running_loop()))
    threading.Thread(target=service.run, name="course-judge", daemon=True).start()
    async with stoppable(HOLD_S):
        await asyncio.Event().wait()


def _say(channel: socket.socket, **frame: Any) -> None:
    channel.sendall(frames.pack(frame))


def _site_in(names: Mapping[str, Any]) -> tuple[Site, Raised | None]:
    site = names.get("site")
    if isinstance(site, Site):
        return site, None
    seen = "no `site`" if site is None else f"a `site` that is a {type(site).__name__}"
    return Site(), Raised("", f"After the cells there is {seen}. Leave `site = Site()` as it was.")


class _Service:
    """Answers the judge's frames, each in a task of its own."""

    def __init__(self, channel: socket.socket, target: LocalTarget) -> None:
        self._channel = channel
        self._target = target
        self._flying: dict[Any, asyncio.Future[Answer]] = {}
        self._watches: dict[Any, tuple[AsyncExitStack, Watched]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self) -> None:
        """Until the judge is gone; then the process ends."""
        try:
            asyncio.run(self._serve())
        finally:
            os._exit(0)

    async def _serve(self) -> None:
        reader, self._writer = await asyncio.open_connection(sock=self._channel)
        while True:
            frame = await frames.read_frame(reader)
            task = asyncio.create_task(getattr(self, f"_do_{frame['do']}")(**frame))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _reply(self, id: Any, **frame: Any) -> None:
        data = frames.pack({"id": id} | frame)
        if len(data) > frames.LARGEST:
            data = frames.pack({"id": id} | _too_large())
        self._writer.write(data)

    async def _do_request(
        self, do: str, id: Any, method: str, path: str, headers: list[list[str]], body: str
    ) -> None:
        options = {
            "headers": [(name, value) for name, value in headers],
            "content": frames.bytes_of(body),
        }
        self._flying[id] = self._target.send(method, path, options)
        try:
            answer = await self._flying[id]
        except asyncio.CancelledError:
            self._reply(id, cancelled=True)
        except Exception as error:
            self._reply(id, broken=str(raised_by(error)))
        else:
            self._reply(id, **_told(answer))
        finally:
            del self._flying[id]

    async def _do_leave(self, do: str, id: Any) -> None:
        if id in self._flying:
            self._flying[id].cancel()

    async def _do_stuck(self, do: str, id: Any, path: str) -> None:
        self._reply(id, **asdict(await self._target.stuck(path)))

    async def _do_settle(self, do: str, id: Any, turns: int) -> None:
        await self._target.settle(turns)
        self._reply(id)

    async def _do_watch(self, do: str, id: Any, watch: Any, limit_s: float) -> None:
        stack = AsyncExitStack()
        self._watches[watch] = stack, await stack.enter_async_context(self._target.watch(limit_s))
        self._reply(id)

    async def _do_unwatch(self, do: str, id: Any, watch: Any) -> None:
        stack, watched = self._watches.pop(watch)
        await stack.aclose()
        self._reply(id, holds=[asdict(hold) for hold in watched.holds])

    async def _do_look(self, do: str, id: Any) -> None:
        self._reply(id, found=look_around())

    async def _do_end(self, do: str, id: Any) -> None:
        await self._target.end_requests()
        self._reply(id)


def _told(answer: Answer) -> dict[str, Any]:
    if answer.raised:
        return {"raised": asdict(answer.raised)}
    response = answer.response
    assert response is not None
    if len(response.content) > frames.LARGEST_BODY:
        return _too_large()
    headers = response.headers.raw
    if sum(len(name) + len(value) for name, value in headers) > frames.LARGEST_HEAD:
        return _too_much("headers", f"{frames.LARGEST_HEAD // 1024} KiB")
    return {
        "status": response.status_code,
        "headers": [[part.decode("latin-1") for part in pair] for pair in headers],
        "body": frames.text_of(response.content),
        "routes": answer.routes,
    }


def _too_large() -> dict[str, Any]:
    return _too_much("answer", f"{frames.LARGEST_BODY // 1024**2} MiB")


def _too_much(what: str, most: str) -> dict[str, Any]:
    return {"raised": asdict(Raised("", f"The {what} had more than {most}."))}
