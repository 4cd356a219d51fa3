"""How is an answer of the newswire held back, until a check has seen what it wants to see?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from course_support.live.calls import Call

if TYPE_CHECKING:
    from course_support.live.newswire import Newswire

LIMIT_S = 30.0  # nobody waits so long for what comes


class Held:
    """The answers of some sources, held back until `release()` or the end of the `with` block.

    Its methods may be used from any thread, and awaited on any event loop.
    """

    def __init__(self, wire: Newswire, sources: tuple[str, ...]) -> None:
        self._wire = wire
        self._start_s = time.perf_counter()
        self._released: set[str] = set()
        self.sources = sources

    def __repr__(self) -> str:
        still = [name for name in self.sources if self.holds(name)]
        state = f"{', '.join(still)} held" if still else "released"
        return f"<Held {len(self.calls)} calls, {state}>"

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls to these sources since the block began, in order of arrival."""
        calls = self._wire.seen.since(self._start_s).calls
        return tuple(call for call in calls if call.source in self.sources)

    def holds(self, source: str) -> bool:
        """Whether answers of this source are held back now."""
        return source in self.sources and source not in self._released

    def release(self, *sources: str) -> None:
        """Answer the calls that wait, and further ones of this block, at once.

        Of all held sources where none is named, else of those.
        """
        self._released.update(sources or self.sources)
        self._wire._wake()

    async def arrived(self, count: int = 1, *, limit_s: float = LIMIT_S) -> None:
        """Wait until `count` calls have reached these sources.

        Raises:
            TimeoutError: fewer had arrived after `limit_s` seconds.
        """
        await self._reach(count, "arrived", lambda: len(self.calls), limit_s)

    async def ended(self, count: int = 1, *, limit_s: float = LIMIT_S) -> None:
        """Wait until `count` calls have been answered, or their clients have left.

        Raises:
            TimeoutError: fewer had ended after `limit_s` seconds.
        """

        def number() -> int:
            return sum(call.ended_s is not None for call in self.calls)

        await self._reach(count, "ended", number, limit_s)

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
            names = ", ".join(f"'{name}'" for name in self.sources)
            raise TimeoutError(
                f"{number()} of {count} calls to {names} {verb} within {limit_s:g} s."
            ) from None
