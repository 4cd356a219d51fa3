"""What is judged? A target: a site in this process, or one in a process of its own.

The checks see a target through a `Client` (checks.py) and never know which kind it is.
`LocalTarget` is in local.py, `RemoteTarget` in remote.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx

from course_support.live import cells
from course_support.live.newswire import Newswire
from course_support.live.stopping import LoopHeld
from course_support.live.watching import Hold

T = TypeVar("T")
LONGEST = 2000  # characters of one text that a view or a cell has a say in


@dataclass(frozen=True)
class Raised:
    """What a view, or a cell, raised: an exception in words, without the exception.

    Attributes:
        kind: the name of its class.
        message: what it says.
        notes: what was added to it with `add_note`.
        line: the learner's line, in words; "" where it is not known.
        not_written: it is the NotImplementedError of a starter.
        held: the view was interrupted, since it kept the event loop to itself.
    """

    kind: str
    message: str = ""
    notes: tuple[str, ...] = ()
    line: str = ""
    not_written: bool = False
    held: bool = False

    def __str__(self) -> str:
        first = f"{self.kind}: {self.message}" if self.kind else self.message
        return "\n".join([first, *self.notes])


@dataclass(frozen=True)
class Answer:
    """What came of one request.

    Attributes:
        response: the answer, read in full; None where the view raised.
        raised: what the view raised.
        routes: set where the URLconf has no such path: those it has.
    """

    response: httpx.Response | None = None
    raised: Raised | None = None
    routes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Stuck:
    """Where a request that is not answered stands.

    Attributes:
        line: the learner's line, in words; "" where it is not known.
        blocked: the event loop does not turn either.
    """

    line: str
    blocked: bool


class Watched:
    """What a `watch` of a target saw; filled when its block ends."""

    holds: tuple[Hold, ...] = ()


class Ended(Exception):
    """The process in which the site ran is gone; the text says why, as far as is known."""


class Target(Protocol):
    """A site that can be asked, wherever it runs, and the newswire that its views ask.

    Attributes:
        trouble: why the site is not what the learner meant: what a cell raised, or how it ended
            its process; None where nothing is known to be wrong.
    """

    trouble: Raised | None

    @property
    def newswire(self) -> Newswire:
        """The upstream that the site's views ask."""

    async def ready(self) -> None:
        """Be there for the next check, in a fresh process where the last one is gone."""

    def send(self, method: str, path: str, options: dict[str, Any]) -> asyncio.Future[Answer]:
        """Send a request (`options` are httpx's); to cancel the future is to disconnect.

        The future raises `Ended` when the site's process is gone.
        """

    async def stuck(self, path: str) -> Stuck:
        """Where does a request to `path`, which is not answered, stand?"""

    def works(self) -> bool:
        """Whether the site's process computes now, or would if it had a processor."""

    async def settle(self, turns: int) -> None:
        """Let the site's event loop turn so often."""

    def watch(self, limit_s: float) -> AbstractAsyncContextManager[Watched]:
        """See what holds the site's event loop for `limit_s` seconds or more."""

    async def beside(self, function: Callable[..., T], *args: Any) -> T:
        """Call a function of the course's beside the site's database, where no view reaches."""

    async def end_requests(self) -> None:
        """Disconnect from every request in flight, and let the views end."""


def raised_by(error: BaseException) -> Raised:
    """An exception in words; of a group that holds one thing, be it several times, that thing."""
    error = _only(error)
    return Raised(
        kind=type(error).__name__[:LONGEST],
        message=_said(error),
        notes=tuple(str(note)[:LONGEST] for note in getattr(error, "__notes__", ()))[:5],
        line=cells.learners_line(error)[:LONGEST],
        not_written=isinstance(error, NotImplementedError),
        held=isinstance(error, LoopHeld),
    )


def _said(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST]
    except Exception as other:
        return f"(its text could not be made: {type(other).__name__})"


def _only(error: BaseException) -> BaseException:
    """What a TaskGroup raised, where it raised one thing, be it several times.

    The group itself says no more than that there were errors in it.
    """
    while isinstance(error, BaseExceptionGroup):
        if len({(type(one), str(one)) for one in error.exceptions}) > 1:
            break
        error = error.exceptions[0]
    return error
