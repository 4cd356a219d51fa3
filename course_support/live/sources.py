"""Which sources does the newswire have, and what is each of them like? Plain values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

Document = Mapping[str, Any]
FILLING = b"x" * 65536


@dataclass(frozen=True)
class Source:
    """One source of the newswire: what it says, how long that takes, what is odd about it.

    Attributes:
        headlines: what its document holds, where `status` is no error.
        delay_s: seconds from a call to the first byte; infinite for a source that hangs.
        status: of the answer.
        pieces: the body comes in at most so many pieces,
        pause_s: with so many seconds between two of them.
        size: the body is filled up to so many bytes.
        cut: the JSON breaks off in its middle.
        moved_to: the source to which a redirect points.
    """

    headlines: tuple[str, ...] = ()
    delay_s: float = 0.0
    status: int = 200
    pieces: int = 1
    pause_s: float = 0.0
    size: int = 0
    cut: bool = False
    moved_to: str = ""

    def document(self, name: str) -> Document:
        """What it says, as JSON would have it."""
        if self.status >= 300:
            return {"source": name, "error": HTTPStatus(self.status).phrase}
        return {"source": name, "headlines": list(self.headlines)}

    def body(self, document: Document) -> list[bytes]:
        """The pieces in which it sends `document`; one at least."""
        whole = json.dumps(document).encode()
        if self.cut:
            whole = whole[: len(whole) // 2]
        if self.size > len(whole):
            return _filled(whole, self.size)
        step = max(math.ceil(len(whole) / self.pieces), 1)
        return [whole[start : start + step] for start in range(0, len(whole), step)]

    def changed(self, query: Mapping[str, list[str]]) -> Source:
        """This source with what the query of one call changes about it."""
        changes = {name: _number(name, query[name][-1]) for name in CHANGES if name in query}
        return replace(self, **changes)


# What one call may change, as in newswire.url("slow", delay_s=0.3).
CHANGES = {"delay_s": float, "status": int, "pieces": int, "pause_s": float, "size": int}
# The calls come from whatever a learner writes; whoever answers them is a grader, maybe.
MOST = {"pieces": 1_000_000, "size": 1_000_000_000}
STATUSES = {status.value for status in HTTPStatus}


def _number(name: str, text: str) -> Any:
    number = CHANGES[name](text)
    if not number >= 0:
        raise ValueError(f"{name} is 0 or more, not {text}.")
    if number > MOST.get(name, math.inf):
        raise ValueError(f"{name} is {MOST[name]} at most, not {text}.")
    if name == "pieces" and not number or name == "status" and number not in STATUSES:
        raise ValueError(f"{name} cannot be {text}.")
    return number


def _filled(whole: bytes, size: int) -> list[bytes]:
    """The object with one more member, so that it is still JSON and has `size` bytes."""
    head, tail = whole[:-1] + b', "archive": "', b'"}'
    full, rest = divmod(max(size - len(head) - len(tail), 0), len(FILLING))
    return [head, *[FILLING] * full, FILLING[:rest] + tail]


ORDINARY: Mapping[str, Source] = MappingProxyType(
    {
        "harbour": Source(("Ferry runs again", "Two cranes for the east quay"), 0.3),
        "hill": Source(("Cable car stands still", "Snow above the old mill"), 0.1),
        "night": Source(("Lights out on Market Street", "Owl found in the theatre"), 0.4),
        "coast": Source(("Lighthouse looks for a keeper", "Seals back on the sandbank"), 0.2),
        "market": Source(("Pumpkin weighs more than its grower", "Bread up by a penny"), 0.3),
        "valley": Source(("Bridge closed to lorries", "River lower than ever"), 0.2),
        "station": Source(("Night train to the sea returns", "Clock repaired after a year"), 0.4),
        "garden": Source(("Bees on the town hall roof", "Last roses of the park"), 0.1),
    }
)
ODD: Mapping[str, Source] = MappingProxyType(
    {
        "quick": Source(
            ("Library opens an hour earlier", "Ferry back in service", "Rain until Thursday")
        ),
        "slow": Source(
            ("Council votes on the new bridge", "Harbour museum reopens", "Bees on the roof"), 1.0
        ),
        "dripping": Source(("Tap in the square drips on",), pieces=50, pause_s=0.2),
        "failing": Source(delay_s=0.1, status=503),
        "hanging": Source(("Nobody will ever read this",), math.inf),
        "huge": Source(("Complete archive since 1871",), size=20_000_000),
        "malformed": Source(("Printer runs out of paper in the middle of a sentence",), cut=True),
        "redirecting": Source(status=302, moved_to="quick"),
        "duplicating": Source(
            ("Ferry runs again", "Ferry runs again", "Echo in the tunnel", "Echo in the tunnel")
        ),
    }
)
SOURCES: Mapping[str, Source] = MappingProxyType({**ODD, **ORDINARY})


def no_source(name: str) -> str:
    """The sentence about an unknown name; it lists the known ones."""
    return f"There is no source '{name}'. The sources are: {', '.join(SOURCES)}."


def check_source(name: str) -> None:
    """Raise LookupError, with the known names, where there is no such source."""
    if name not in SOURCES:
        raise LookupError(no_source(name))


def query_of(changes: Mapping[str, float]) -> str:
    """The changes of one call as a query: "?delay_s=0.3", or "" without any.

    Raises:
        TypeError: nothing of that name can be changed; the text lists what can.
        ValueError: a number below 0.
    """
    for name, number in changes.items():
        if name not in CHANGES:
            raise TypeError(f"A call cannot change '{name}'. It can change: {', '.join(CHANGES)}.")
        _number(name, str(number))
    told = "&".join(f"{name}={number}" for name, number in changes.items())
    return f"?{told}" if told else ""
