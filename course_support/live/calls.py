"""What did the newswire see? Calls and their arithmetic: plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from html import escape

ROWS_SHOWN = 50


@dataclass(frozen=True)
class Call:
    """One request that reached the newswire; times are seconds on `time.perf_counter`.

    Attributes:
        source: the name in the request's path, also when there is no such source.
        path: the path with its query.
        arrived_s: when the request was there.
        answered_s: when the answer was sent, or None.
        left_s: when the client closed the connection before its answer, or None.
        connection: the number of the connection that it came on.
        reused: whether that connection had carried an earlier call.
    """

    source: str
    path: str
    arrived_s: float
    answered_s: float | None = None
    left_s: float | None = None
    connection: int = 0
    reused: bool = False

    @property
    def ended_s(self) -> float | None:
        """When it was answered or its client left; None while it is in flight."""
        return self.left_s if self.answered_s is None else self.answered_s

    def answered(self, now_s: float) -> Call:
        """This call, answered."""
        return replace(self, answered_s=now_s)

    def left(self, now_s: float) -> Call:
        """This call, its client gone."""
        return replace(self, left_s=now_s)


@dataclass(frozen=True, repr=False)
class Seen:
    """What the newswire saw, in order of arrival: a snapshot that no longer changes."""

    calls: tuple[Call, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many calls each source had."""
        return dict(Counter(call.source for call in self.calls))

    @property
    def in_flight(self) -> int:
        """How many calls have neither been answered nor left."""
        return sum(call.ended_s is None for call in self.calls)

    @property
    def peak(self) -> int:
        """The most calls that were in flight at one time."""
        starts = [(call.arrived_s, 1) for call in self.calls]
        ends = [(call.ended_s, -1) for call in self.calls if call.ended_s is not None]
        now = most = 0
        for _, step in sorted([*starts, *ends]):
            now += step
            most = max(most, now)
        return most

    @property
    def opened(self) -> int:
        """How many connections were opened for these calls."""
        return len(self.calls) - self.reused

    @property
    def reused(self) -> int:
        """How many of the calls came on a connection that had carried one before."""
        return sum(call.reused for call in self.calls)

    @property
    def dropped(self) -> int:
        """How many connections their client closed before the answer was whole."""
        return sum(call.left_s is not None for call in self.calls)

    def since(self, start_s: float) -> Seen:
        """Only the calls that arrived at `start_s` (`time.perf_counter`) or later."""
        return Seen(tuple(call for call in self.calls if call.arrived_s >= start_s))

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {number}" for name, number in self.counts.items())
        told = f"{len(self.calls)} calls" + (f" ({counts})" if counts else "")
        return f"<Seen {told}, {self.in_flight} in flight, peak {self.peak}>"

    def _repr_html_(self) -> str:
        shown = self.calls[-ROWS_SHOWN:]
        first_s = shown[0].arrived_s if shown else 0.0
        rows = "".join(_row(call, first_s) for call in shown)
        older = len(self.calls) - len(shown)
        note = f" The last {len(shown)} of them:" if older else ""
        caption = f"{escape(repr(self)[6:-1])}.{note}"
        names = ("source", "path", "arrived (ms)", "took (ms)", "ended")
        head = "".join(f"<th scope='col'>{name}</th>" for name in names)
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>"


def _row(call: Call, first_s: float) -> str:
    took = "" if call.ended_s is None else f"{(call.ended_s - call.arrived_s) * 1000:.0f}"
    arrived = f"{(call.arrived_s - first_s) * 1000:.0f}"
    cells = (call.source, call.path, arrived, took, _ending(call))
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _ending(call: Call) -> str:
    if call.answered_s is not None:
        return "answered"
    return "in flight" if call.left_s is None else "client left"
