"""What are the numbers of a load and of a comparison, in words and in tables?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from course_support.live.folding import folded
from course_support.live.loads import Comparison, Distribution, LoadResult, ms

REQUEST_COLUMNS = ("request", "start, ms", "first byte, ms", "end, ms", "status")
COLUMNS = (
    "set-up",
    "times the ideal",
    "wall",
    "p50",
    "p95",
    "requests/s",
    "extra threads",
    "failed",
)


def numbers(result: LoadResult) -> list[tuple[str, str]]:
    """What a load test found: name and value of each number."""
    pairs = [
        ("requests", str(len(result.requests))),
        ("in flight at the peak", str(result.peak_in_flight)),
        ("wall", ms(result.wall_s)),
        ("throughput", f"{result.throughput:.1f} requests/s"),
        ("p50", ms(result.p50_s)),
        ("p95", ms(result.p95_s)),
        ("failed", _counted(result.failed, result.failures)),
    ]
    if result.extra_threads is not None:
        pairs.append(("extra threads", str(result.extra_threads)))
    if result.extra_memory_bytes is not None:
        pairs.append(("extra memory", f"{result.extra_memory_bytes / 2**20:.1f} MiB"))
    if result.view_errors:
        raised = sum(result.view_errors.values())
        pairs.append(("raised by the view", _counted(raised, result.view_errors)))
    return pairs


def result_text(result: LoadResult) -> str:
    """The numbers of a load as plain text, one a line."""
    pairs = numbers(result)
    width = max(len(name) for name, _ in pairs)
    return "\n".join([result.label, *(f"  {name:<{width}}  {value}" for name, value in pairs)])


def comparison_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """The table of a comparison, a row for each load, in the order of `COLUMNS`."""
    return [
        (
            result.label,
            f"x{result.times(comparison.ideal_s):.1f}",
            ms(result.wall_s),
            ms(result.p50_s),
            ms(result.p95_s),
            f"{result.throughput:.1f}",
            "?" if result.extra_threads is None else str(result.extra_threads),
            str(result.failed),
        )
        for result in comparison.results
    ]


def comparison_text(comparison: Comparison) -> str:
    """The table of a comparison as plain text, numbers to the right."""
    rows = [COLUMNS, *comparison_rows(comparison)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, *values = row
    rest = (value.rjust(width) for value, width in zip(values, widths[1:], strict=True))
    return "  ".join([name.ljust(widths[0]), *rest])


def _counted(number: int, causes: Mapping[str, int]) -> str:
    words = ", ".join(f"{count} x {cause}" for cause, count in causes.items())
    return f"{number} ({words})" if words else str(number)


def request_rows(result: LoadResult) -> list[tuple[str, ...]]:
    """The table of a load's requests, in the order of `REQUEST_COLUMNS`; milliseconds."""
    return [
        (
            str(number),
            _in_ms(request.start_s),
            "" if request.first_byte_s is None else _in_ms(request.first_byte_s),
            _in_ms(request.end_s),
            request.error or str(request.status),
        )
        for number, request in enumerate(result.requests, 1)
    ]


def bin_rows(distribution: Distribution) -> list[tuple[str, ...]]:
    """The table of a distribution: limits of each bin that is not empty, and its count."""
    edges = [_in_ms(edge_s) for edge_s in distribution.edges_s]
    return [
        (f"{low} to {high} ms", str(count))
        for low, high, count in zip(edges, edges[1:], distribution.counts, strict=False)
        if count
    ]


def html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in HTML, folded up below one line to click; numbers to the right."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in rows
    )
    table = f"<table style='text-align:right'><thead><tr>{head}</tr></thead>"
    return folded(f"{table}<tbody>{body}</tbody></table>")


def _in_ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
