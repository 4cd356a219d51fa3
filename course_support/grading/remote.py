"""How is a site in a child asked? By frames; and nothing that comes back is trusted."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from course_support.grading.children import Child, Limits
from course_support.grading.fields import holds_of, stuck_of
from course_support.grading.forking import Zygote
from course_support.grading.patience import is_at_work
from course_support.grading.setups import Cell, Setup
from course_support.grading.targets import Answer, Raised, Stuck, Watched
from course_support.live.newswire import Newswire

T = TypeVar("T")


class RemoteTarget:
    """A site that is made in a child, and made again in a fresh one when that has ended.

    Attributes:
        hungry: whether a child was ended since it used more memory than its limits allow.
    """

    def __init__(
        self, zygote: Zygote, setup: Setup, sources: Mapping[str, str], limits: Limits
    ) -> None:
        self._zygote = zygote
        self._setup = setup
        self._sources = dict(sources)
        self._limits = limits
        self._lost: dict[str, Raised] = {}
        self._child: Child | None = None
        self.trouble: Raised | None = None
        self.hungry = False

    @property
    def newswire(self) -> Newswire:
        """The newswire of the present child, served by this process."""
        return self._there().newswire

    async def ready(self) -> None:
        """Be there for the next check; a cell that ended its process is left out.

        Raises:
            GraderFault: a child could not be made, or the course's own cells failed in it.
        """
        while self._child is None or self._child.ended or self._child.database.ended:
            await self.aclose()
            child = self._child = Child(self._zygote, self._limits)
            cells = [cell for cell in self._setup.answers if self._runs(cell)]
            lost = await child.run(self._setup.before, cells, self._sources)
            if lost:
                self._lost[lost[0].id] = lost[1]
            self.trouble = next(iter(self._lost.values()), None) or child.trouble

    def _runs(self, cell: Cell) -> bool:
        return cell.id in self._sources and cell.id not in self._lost

    def send(self, method: str, path: str, options: dict[str, Any]) -> asyncio.Future[Answer]:
        """Send a request to the child."""
        return self._there().send(method, path, options)

    async def stuck(self, path: str) -> Stuck:
        """What the child says of it; nothing where it does not say."""
        return stuck_of(await self._there().ask(do="stuck", path=path))

    def works(self) -> bool:
        """What the machine says of the child's threads, and not what the child says."""
        return is_at_work(self._there().pid)

    async def settle(self, turns: int) -> None:
        """Let the child's loop turn."""
        await self._there().ask(do="settle", turns=turns)

    @asynccontextmanager
    async def watch(self, limit_s: float) -> AsyncIterator[Watched]:
        """`watch()` in the child."""
        watched, name = Watched(), secrets.token_hex(8)
        await self._there().ask(do="watch", watch=name, limit_s=limit_s)
        yield watched
        watched.holds = holds_of(await self._there().ask(do="unwatch", watch=name))

    async def beside(self, function: Callable[..., T], *args: Any) -> T:
        """Call a function of the course's beside the child's database, which is in no child.

        What comes back is made of JSON.

        Raises:
            Ended: the database has ended; also since it did not answer.
            Strange: the function raised there.
        """
        return await self._there().database.call(function, args)

    async def end_requests(self) -> None:
        """Leave every request that is in flight in the child."""
        child = self._child
        if child and not child.ended and await child.ask(do="end") is None:
            await child.end("it no longer answered")

    async def aclose(self) -> None:
        """End the child."""
        if self._child:
            await self._child.aclose()
            self.hungry = self.hungry or self._child.hungry
            self._child = None

    def _there(self) -> Child:
        assert self._child is not None, "ready() first"
        return self._child
