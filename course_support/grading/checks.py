"""What can a check see? A client of the site, the newswire, and the order of events.

A check is written in `exercises/checks/KEY.py`:

    async def check_asks_once(client: Client, newswire: Newswire) -> None:
        \"\"\"Each request asks the wire exactly once.\"\"\"

Its docstring is a sentence that is true of a right answer. It asserts; the words of the
assertion are what was seen, then, on the lines after it, the next step. It never gets hold of
the learner's objects, so that it can judge a site behind a sandbox's socket just as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from functools import wraps
from typing import Any, TypeVar

import httpx

from course_support.grading.patience import first_of
from course_support.grading.targets import Answer, Ended, Raised, Target, Watched
from course_support.live.newswire import Newswire

T = TypeVar("T")
# How long a check waits for something that a right answer does at once: seconds in which the
# site does nothing (patience.py).
LIMIT_S = 3.0
TRIES = 8

Check = Callable[["Client", Newswire], Coroutine[Any, Any, None]]


class Unusable(Exception):
    """A request met something after which its `path` has nothing more to show."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(text)
        self.path = path


class ViewRaised(Unusable):
    """The view raised `error` while it answered."""

    def __init__(self, path: str, error: Raised) -> None:
        super().__init__(path, str(error))
        self.error = error


class NothingThere(Unusable):
    """The URLconf has no view for the path; `routes` are those that it has."""

    def __init__(self, path: str, routes: Sequence[str]) -> None:
        super().__init__(path, f"Nothing is at {path}.")
        self.routes = routes


class LoopBlocked(Unusable):
    """A view keeps the event loop to itself, at `line` of the learner's code."""

    def __init__(self, path: str, line: str) -> None:
        super().__init__(path, f"The event loop is blocked: {line}")
        self.line = line


class NoAnswer(Unusable, TimeoutError):
    """Nothing came within `LIMIT_S`; the view waits at `line`, where that is known."""

    def __init__(self, path: str, line: str) -> None:
        super().__init__(path, f"Nothing came within {LIMIT_S:g} s.")
        self.line = line


class ProcessEnded(Unusable):
    """The process in which the site ran ended while it answered: `why`, in words."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.why = why


class AlreadyTold(Exception):
    """An earlier check has told what is the matter with this path."""


class Client:
    """Sends requests to a target: the site that is judged.

    Attributes:
        told: the paths of which a check has said what is the matter.
        worked_s: seconds in which it was waited for, and was not at rest.
    """

    limit_s = LIMIT_S  # see there

    def __init__(self, target: Target) -> None:
        self._target = target
        self.told: set[str] = set()
        self.worked_s = 0.0

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Send a GET and read the whole answer; raises as `InFlight.answer` does."""
        return await self.start(path, **options).answer()

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """Send a POST (`data=`, `json=` as in httpx); raises as `InFlight.answer` does."""
        return await self.start(path, method="POST", **options).answer()

    def start(self, path: str, *, method: str = "GET", **options: Any) -> InFlight:
        """Send a request and go on while it is in flight.

        Raises:
            AlreadyTold: the path is in `told`: it has raised, say, in an earlier check.
        """
        if path in self.told:
            raise AlreadyTold(path)
        return InFlight(self, path, self._target.send(method, path, options))

    async def beside(self, function: Callable[..., T], *args: Any) -> T:
        """Call one of the course's own functions beside the site's database, in a thread.

        For what lies behind the views: rows of the database (`live/newsdesk/rows.py`), the
        queries that reach it (`live/queries.py`), and a gate that holds them back
        (`live/gates.py`). A far site's database is in a process of its own, so that no view
        has a say in what comes back. The function is one of a module's, and arguments and
        result could be written as JSON: that is all that reaches it.
        """
        try:
            return await self._target.beside(function, *args)
        except Ended as end:
            raise ProcessEnded("", str(end)) from None

    async def first_of(self, *futures: asyncio.Future[Any], limit_s: float = LIMIT_S) -> bool:
        """Wait for one of them; False when the site did nothing for `limit_s` seconds before."""
        came, worked_s = await first_of(futures, limit_s, self._target.works)
        self.worked_s += worked_s
        return came

    async def until(self, happening: Awaitable[Any], *, limit_s: float = LIMIT_S) -> None:
        """Wait for `happening`.

        Raises:
            TimeoutError: the site did nothing for `limit_s` seconds, and it had not come.
        """
        waiting = asyncio.ensure_future(happening)
        try:
            if not await self.first_of(waiting, limit_s=limit_s):
                raise TimeoutError(f"Nothing came within {limit_s:g} s.")
            waiting.result()
        finally:
            waiting.cancel()

    async def settle(self, turns: int = 50) -> None:
        """Let the site's loop turn so often: what has reached it is dealt with then."""
        await self._target.settle(turns)

    def watch(self, limit_s: float = 0.05) -> AbstractAsyncContextManager[Watched]:
        """See what holds the site's loop: `async with client.watch() as seen:`, `seen.holds`."""
        return self._target.watch(limit_s)

    async def stuck_at(self, path: str) -> LoopBlocked | NoAnswer:
        """Why nothing comes: a blocked loop, or a view that waits; with the learner's line."""
        stuck = await self._target.stuck(path)
        return LoopBlocked(path, stuck.line) if stuck.blocked else NoAnswer(path, stuck.line)

    async def aclose(self) -> None:
        """Leave every request that is still in flight, and let the views end."""
        await self._target.end_requests()


class InFlight:
    """A request that was sent and need not be answered yet."""

    def __init__(self, client: Client, path: str, answer: asyncio.Future[Answer]) -> None:
        self._client = client
        self._path = path
        self._answer = answer

    @property
    def answered(self) -> bool:
        """Whether the answer (or an exception of the view) is there."""
        return self._answer.done()

    async def answer(self) -> httpx.Response:
        """Wait for the answer.

        Raises:
            ViewRaised: the view raised.
            ProcessEnded: the view ended its process.
            NothingThere: the URLconf has no such path.
            LoopBlocked: the view keeps the event loop.
            NoAnswer: it did not answer within `LIMIT_S`.
        """
        if not await self._client.first_of(self._answer):
            raise await self._client.stuck_at(self._path)
        return self._read()

    async def before_answer(
        self, happening: Awaitable[Any], *, limit_s: float | None = None
    ) -> bool:
        """Wait for `happening`; False when the answer comes first.

        Args:
            limit_s: for what should not come, or may: TimeoutError after so many seconds of rest.

        Raises:
            NoAnswer: neither came within `LIMIT_S`; also the other exceptions of `answer`.
        """
        other = asyncio.ensure_future(happening)
        try:
            await self._client.first_of(other, self._answer, limit_s=limit_s or LIMIT_S)
            if self.answered:
                self._read()
                return False
            if other.done():
                other.result()
                return True
            if limit_s:
                raise TimeoutError(f"Nothing came within {limit_s:g} s.")
            raise await self._client.stuck_at(self._path)
        finally:
            other.cancel()

    def leave(self) -> None:
        """Disconnect, as a reader does who closes the page."""
        self._answer.cancel()

    def _read(self) -> httpx.Response:
        if self._answer.cancelled():
            raise ViewRaised(self._path, Raised("CancelledError"))
        try:
            answer = self._answer.result()
        except Ended as end:
            raise ProcessEnded(self._path, str(end)) from None
        if answer.raised and answer.raised.held:
            raise LoopBlocked(self._path, answer.raised.line)
        if answer.raised:
            raise ViewRaised(self._path, answer.raised)
        if answer.routes is not None:
            raise NothingThere(self._path, answer.routes)
        assert answer.response is not None
        return answer.response


def in_time(within_s: float) -> Callable[[Check], Check]:
    """Make a check of a view that has to be in time, and that a slow machine makes late.

    So has every view whose calls are held: its client gives up by itself, httpx after five seconds.

    Where the check fails, and the site had to work or to stand in line for a processor for more
    than `within_s` seconds, it is made again: up to `TRIES` times in all.
    """

    def made_again(check: Check) -> Check:
        @wraps(check)
        async def until_undisturbed(client: Client, newswire: Newswire) -> None:
            for _ in range(TRIES - 1):
                start_s = client.worked_s
                try:
                    await check(client, newswire)
                    return
                except (AssertionError, NoAnswer, ViewRaised):
                    if client.worked_s - start_s < within_s:
                        raise
                await client.aclose()
            await check(client, newswire)

        return until_undisturbed

    return made_again


def json_of(response: httpx.Response) -> Any:
    """The JSON value in a response's body; a body that is none is the view's mistake."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        raise AssertionError(
            f"The body was {short(response.text)}, which is not JSON.\n"
            "Give JsonResponse the dict that response.json() makes."
        ) from None


def short(value: object) -> str:
    """A value on one line, its middle left out when it is long."""
    text = repr(value)
    return text if len(text) <= 90 else f"{text[:60]} ... {text[-25:]}"
