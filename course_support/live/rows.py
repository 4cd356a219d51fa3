"""How do the requests of a load look? One thin row for each: what it waited, what it received."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from course_support.live.loads import LoadResult, Request, ms
from course_support.live.svg import (
    FAINT,
    GRID,
    KEEPS,
    SMALL,
    SMALL_PX,
    WAITS,
    WIDTH,
    hatch,
    hatch_name,
    picture,
    ticks,
)

MOST = 200
LEFT = 44.0
TOP = 8.0
STALL = "fill='currentColor' fill-opacity='.13' stroke='currentColor' stroke-opacity='.7'"
NARROWEST = 2.0  # an answer too quick to see is drawn this wide


class Grid(NamedTuple):
    """Where things lie: rows of `pitch`, the time `wall_s` over `width`."""

    wall_s: float
    rows: int

    @property
    def pitch(self) -> float:
        """From one row to the next."""
        return min(max(440 / self.rows, 2.4), 20.0)

    @property
    def bar(self) -> float:
        """Height of a bar; a gap between rows only where rows are high enough for one."""
        return self.pitch * 0.74 if self.pitch >= 5 else self.pitch - 0.4

    @property
    def bottom(self) -> float:
        """Below the last row."""
        return TOP + self.rows * self.pitch

    def x(self, at_s: float) -> float:
        """Where a moment lies."""
        width = WIDTH - LEFT - 10
        return LEFT + (width * at_s / self.wall_s if self.wall_s else 0.0)

    def y(self, row: int) -> float:
        """Top of a row's bar."""
        return TOP + row * self.pitch


def drawn(result: LoadResult) -> list[tuple[int, Request]]:
    """The requests that are drawn, with their numbers: all, or an even choice of 200."""
    numbered = list(enumerate(result.requests, 1))
    if len(numbered) <= MOST:
        return numbered
    return [numbered[at * len(numbered) // MOST] for at in range(MOST)]


def requests_svg(result: LoadResult) -> str:
    """The picture of a load; at least one request."""
    shown = drawn(result)
    grid = Grid(result.wall_s, len(shown))
    pattern = hatch_name(result)
    edge = f" stroke='{WAITS}' stroke-width='.8'" if grid.pitch >= 8 else ""
    body = "".join(
        [
            hatch(pattern),
            *_axis(grid),
            *_numbers(shown, grid),
            f"<g fill='url(#{pattern})'{edge}>",
            *_waits(shown, grid),
            f"</g><g fill='{KEEPS}'>",
            *_receives(shown, grid),
            f"</g>{_failures(shown, grid)}",
            *_stalls(result, grid),
            _legend(result, shown, grid, pattern),
        ]
    )
    return picture(_words(result), grid.bottom + 46, body)


def _words(result: LoadResult) -> str:
    return (
        f"Timeline of {len(result.requests)} requests, {result.label}: {ms(result.wall_s)} in "
        f"all, at most {result.peak_in_flight} in flight, {result.failed} failed. One row for "
        f"each request; a table with the same numbers follows.{_held(result)}"
    )


def _held(result: LoadResult) -> str:
    return f" The loop was held {len(result.stalls)} times." if result.stalls else ""


def _waits(shown: Sequence[tuple[int, Request]], grid: Grid) -> Iterator[str]:
    for row, (number, request) in enumerate(shown):
        until_s = request.end_s if request.first_byte_s is None else request.first_byte_s
        left, right = grid.x(request.start_s), grid.x(until_s)
        yield _bar(left, right - left, grid.y(row), grid.bar, _title(number, request))


def _receives(shown: Sequence[tuple[int, Request]], grid: Grid) -> Iterator[str]:
    for row, (number, request) in enumerate(shown):
        if request.first_byte_s is not None:
            left, right = grid.x(request.first_byte_s), grid.x(request.end_s)
            width = max(right - left, NARROWEST)
            yield _bar(left, width, grid.y(row), grid.bar, _title(number, request))


def _bar(x: float, width: float, y: float, height: float, title: str) -> str:
    path = f"M{x:.1f} {y:.1f}h{max(width, 0.5):.1f}v{height:.1f}H{x:.1f}z"
    return f"<path d='{path}'><title>{title}</title></path>"


def _title(number: int, request: Request) -> str:
    what = escape(request.error) or f"status {request.status}"
    first = "" if request.first_byte_s is None else f", first byte {ms(request.first_byte_s)}"
    return f"{number}: starts {ms(request.start_s)}{first}, ends {ms(request.end_s)}, {what}"


def _failures(shown: Sequence[tuple[int, Request]], grid: Grid) -> str:
    """A cross behind each request that failed; thin rows let some of them overlap."""
    size = min(max(grid.bar / 2, 2.5), 4.5)
    strokes = []
    for row, (_, request) in enumerate(shown):
        if request.failed:
            x, y = min(grid.x(request.end_s) + size + 3, WIDTH - size), grid.y(row) + grid.bar / 2
            strokes.append(
                f"M{x - size:.1f} {y - size:.1f}l{2 * size:.1f} {2 * size:.1f}"
                f"m0 {-2 * size:.1f}l{-2 * size:.1f} {2 * size:.1f}"
            )
    path = f"<path d='{''.join(strokes)}' stroke='currentColor' stroke-width='1.6' fill='none'/>"
    return path if strokes else ""


def _numbers(shown: Sequence[tuple[int, Request]], grid: Grid) -> Iterator[str]:
    """Numbers of requests at the left, as many as there is room for."""
    step = next(step for step in (1, 2, 5, 10, 20, 50) if step * grid.pitch >= 13)
    for row, (number, _) in enumerate(shown):
        if row == 0 or ((row + 1) % step == 0 and row * grid.pitch >= 13):
            y = grid.y(row) + grid.bar / 2 + 3.6
            yield f"<text x='{LEFT - 8:g}' y='{y:.1f}' text-anchor='end' {FAINT}>{number}</text>"


def _axis(grid: Grid) -> Iterator[str]:
    for tick_s in ticks(grid.wall_s):
        x = grid.x(tick_s)
        label = f"{tick_s:g}" if grid.wall_s >= 2 else f"{tick_s * 1000:g}"
        yield (
            f"<path d='M{x:.1f} {TOP - 4:g}V{grid.bottom:.1f}' {GRID}/>"
            f"<text x='{x:.1f}' y='{grid.bottom + 13:.1f}' text-anchor='middle' {FAINT}>{label}"
            "</text>"
        )


def _stalls(result: LoadResult, grid: Grid) -> Iterator[str]:
    """A band over all rows for each time in which the loop was held."""
    for stall in result.stalls:
        left = max(grid.x(stall.start_s), LEFT)
        width = max(min(grid.x(stall.start_s + stall.held_s), grid.x(grid.wall_s)) - left, 1.5)
        yield (
            f"<rect x='{left:.1f}' y='{TOP - 6:g}' width='{width:.1f}' "
            f"height='{grid.bottom - TOP + 8:.1f}' {STALL}>"
            f"<title>{escape(stall.words)}</title></rect>"
        )


def _legend(
    result: LoadResult, shown: Sequence[tuple[int, Request]], grid: Grid, pattern: str
) -> str:
    y, x, parts = grid.bottom + 34, LEFT, []
    looks = [
        ("waits for the first byte", f"fill='url(#{pattern})' stroke='{WAITS}'"),
        ("receives", f"fill='{KEEPS}'"),
    ]
    for words, look in looks:
        parts.append(f"<rect x='{x:.1f}' y='{y - 9:.1f}' width='22' height='10' {look}/>")
        parts.append(f"<text x='{x + 28:.1f}' y='{y:.1f}' {SMALL}>{words}</text>")
        x += 28 + len(words) * SMALL_PX + 18
    if result.stalls:
        parts.append(f"<rect x='{x:.1f}' y='{y - 9:.1f}' width='22' height='10' {STALL}/>")
        parts.append(f"<text x='{x + 28:.1f}' y='{y:.1f}' {SMALL}>the loop was held</text>")
        x += 28 + 17 * SMALL_PX + 18
    if result.failed:
        parts.append(f"<text x='{x:.1f}' y='{y:.1f}' {SMALL}>✕ failed</text>")
        x += 8 * SMALL_PX + 20
    unit = "seconds" if grid.wall_s >= 2 else "milliseconds"
    few = (
        f"; {len(shown)} of {len(result.requests)} requests"
        if len(shown) < len(result.requests)
        else ""
    )
    words = f"numbers: {unit} since the first start{few}"
    return "".join([*parts, f"<text x='{x:.1f}' y='{y:.1f}' {FAINT}>{words}</text>"])
