"""What came of a load, and how do several loads compare? Plain values and their arithmetic."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Request:
    """One request of a load, seen from the client.

    Attributes:
        start_s: when the client began to connect; seconds since the first start of the load.
        end_s: when the answer was whole, or the request had failed.
        first_byte_s: when the answer's first byte came; None where none came.
        status: HTTP status; None where there was no answer.
        error: why there was no whole answer, in words; empty where there was one.
    """

    start_s: float
    end_s: float
    first_byte_s: float | None = None
    status: int | None = None
    error: str = ""

    @property
    def latency_s(self) -> float:
        """From the start to the end of the answer."""
        return self.end_s - self.start_s

    @property
    def failed(self) -> bool:
        """Whether there was no whole answer, or one whose status is 400 or more."""
        return bool(self.error) or self.status is None or self.status >= 400


class Stall(NamedTuple):
    """When the server's loop was held, in seconds since the load's first start, and by what."""

    start_s: float
    held_s: float
    words: str


@dataclass(frozen=True)
class LoadResult:
    """What a load test saw.

    Attributes:
        requests: ordered by their starts.
        label: what was loaded, as in `/news/ on wsgi, 4 threads`.
        concurrency: how many requests there were at most at once.
        extra_threads: threads of this process at the peak, beyond those of the idle server (the
            pool of a WSGI server is there before) and of the load test itself; None for a
            server in another process.
        extra_memory_bytes: resident memory of this process at the peak, beyond that before; a
            second load of the same kind finds most of its memory already there. None where the
            system does not tell, and for a server in another process.
        view_errors: the exceptions that views raised, each with its line, and how often; empty
            for a server in another process.
        began_s: the first start, on `time.perf_counter`.
        stalls: when something held the server's event loop; see `marked`.
    """

    requests: tuple[Request, ...]
    label: str = ""
    concurrency: int = 1
    extra_threads: int | None = None
    extra_memory_bytes: int | None = None
    view_errors: Mapping[str, int] = field(default_factory=dict)
    began_s: float = 0.0
    stalls: tuple[Stall, ...] = ()

    @property
    def wall_s(self) -> float:
        """From the first start to the last end."""
        if not self.requests:
            return 0.0
        first_s = min(request.start_s for request in self.requests)
        return max(request.end_s for request in self.requests) - first_s

    @property
    def latencies_s(self) -> tuple[float, ...]:
        """Latency of each request that was answered in whole, whatever its status."""
        return tuple(request.latency_s for request in self.requests if not request.error)

    @property
    def throughput(self) -> float:
        """Whole answers in a second."""
        return len(self.latencies_s) / self.wall_s if self.wall_s else math.nan

    @property
    def p50_s(self) -> float:
        """The latency that half of the answers kept below; NaN without an answer."""
        return percentile(self.latencies_s, 50)

    @property
    def p95_s(self) -> float:
        """The latency that 95 of 100 answers kept below; NaN without an answer."""
        return percentile(self.latencies_s, 95)

    @property
    def peak_in_flight(self) -> int:
        """How many requests were under way at once, at the most."""
        # A request that ends at the moment at which another starts does not overlap it.
        starts = [(request.start_s, 1) for request in self.requests]
        ends = [(request.end_s, -1) for request in self.requests]
        peak = now = 0
        for _, step in sorted(starts + ends):
            now += step
            peak = max(peak, now)
        return peak

    @property
    def failed(self) -> int:
        """How many requests had no whole answer, or one whose status is 400 or more."""
        return sum(request.failed for request in self.requests)

    @property
    def failures(self) -> Mapping[str, int]:
        """Why requests failed, and how many did so: `{"500": 3, "no answer in 60 s": 1}`."""
        failed = [request for request in self.requests if request.failed]
        return MappingProxyType(Counter(request.error or str(request.status) for request in failed))

    def times(self, ideal_s: float) -> float:
        """The wall time, in units of `ideal_s`."""
        return self.wall_s / ideal_s

    def __repr__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return (
            f"<LoadResult {self.label}: {len(self.requests)} requests in {self.wall_s:.2f} s, "
            f"p50 {ms(self.p50_s)}, p95 {ms(self.p95_s)}{failed}>"
        )

    def table(self) -> str:
        """Its numbers as plain text, one a line."""
        from course_support.live.tables import result_text

        return result_text(self)

    def _repr_html_(self) -> str:
        from course_support.live.bars import result_html

        return result_html(self)

    def marked(self, holds: Iterable[Any]) -> LoadResult:
        """This result with the holds that a `watch()` saw meanwhile marked in its picture.

        with watch() as seen:
            result = await load_test(site, "/digest/")
        result.marked(seen.holds)
        """
        starts = ((hold.start_s - self.began_s, hold) for hold in holds)
        found = [Stall(at_s, hold.held_s, str(hold)) for at_s, hold in starts]
        inside = [s for s in found if s.start_s + s.held_s > 0 and s.start_s < self.wall_s]
        return replace(self, stalls=tuple(inside))

    def distribution(self) -> Distribution:
        """How the latencies are spread: a picture of how many answers took how long."""
        return Distribution(self)


@dataclass(frozen=True)
class Distribution:
    """How many answers of a load took how long; shown as a picture."""

    result: LoadResult
    bins: int = 20

    @property
    def edges_s(self) -> tuple[float, ...]:
        """Limits of the bins, from 0 to the longest latency; `bins` + 1 of them."""
        longest_s = max(self.result.latencies_s, default=0.0)
        return tuple(longest_s * at / self.bins for at in range(self.bins + 1))

    @property
    def counts(self) -> tuple[int, ...]:
        """How many latencies lie in each bin; the longest lies in the last one."""
        width_s = self.edges_s[1]
        places = Counter(
            min(int(latency_s / width_s), self.bins - 1) if width_s else 0
            for latency_s in self.result.latencies_s
        )
        return tuple(places[at] for at in range(self.bins))

    def __repr__(self) -> str:
        result = self.result
        return f"<Distribution {result.label}: p50 {ms(result.p50_s)}, p95 {ms(result.p95_s)}>"

    def _repr_html_(self) -> str:
        from course_support.live.bars import distribution_html

        return distribution_html(self)


@dataclass(frozen=True)
class Comparison:
    """Several loads side by side, each measured against the same ideal.

    Attributes:
        results: in the order in which they were given.
        ideal_s: wall time if all waits overlapped and nothing else took time.
        guesses: what a learner predicted, by label, in units of the ideal; drawn beside.
    """

    results: tuple[LoadResult, ...]
    ideal_s: float
    guesses: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratios(self) -> dict[str, float]:
        """How many times the ideal each load took, by label."""
        return {result.label: result.times(self.ideal_s) for result in self.results}

    def __repr__(self) -> str:
        ratios = ", ".join(f"{label} x{ratio:.1f}" for label, ratio in self.ratios.items())
        return f"<Comparison with {self.ideal_s:g} s: {ratios}>"

    def table(self) -> str:
        """The loads as a table in plain text."""
        from course_support.live.tables import comparison_text

        return comparison_text(self)

    def _repr_html_(self) -> str:
        from course_support.live.bars import comparison_html

        return comparison_html(self)


def compare(
    *results: LoadResult, ideal_s: float, guesses: Mapping[str, float | None] | None = None
) -> Comparison:
    """Put load tests side by side, each in units of `ideal_s`.

    Args:
        ideal_s: wall time if all waits overlapped and nothing else took time: for requests
            that each wait 0.5 s, sent all at once, 0.5.
        guesses: a learner's prediction for some of them, by label, in units of the ideal; None
            where there was none.

    Raises:
        ValueError: no result, an ideal that is not positive, or two results with one label.
        LookupError: a guess for a label that is not there; it lists the labels.
    """
    labels = [result.label for result in results]
    if not results or ideal_s <= 0:
        raise ValueError("compare() takes results of load_test, and an ideal_s above 0.")
    twice = [label for label, count in Counter(labels).items() if count > 1]
    if twice:
        raise ValueError(
            f"Two results are called '{twice[0]}'.\n"
            '    Give each a name of its own: load_test(..., label="sync view").'
        )
    for label in guesses or {}:
        if label not in labels:
            raise LookupError(
                f"No result is called '{label}'. The results are: {'; '.join(labels)}."
            )
    made = {label: guess for label, guess in (guesses or {}).items() if guess is not None}
    return Comparison(results, ideal_s, MappingProxyType(made))


def percentile(values: Sequence[float], percent: int) -> float:
    """Linear interpolation, `statistics.quantiles(method="inclusive")`; NaN for no values."""
    if len(values) < 2:
        return values[0] if values else math.nan
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def ms(seconds: float) -> str:
    """Seconds in words: `200.4 ms`, or `1.25 s` from one second on."""
    if math.isnan(seconds):
        return "none"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
