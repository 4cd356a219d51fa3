"""How do loads look side by side, and how are latencies spread? Bars, and the cell's output."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from course_support.live.loads import Comparison, Distribution, LoadResult, ms
from course_support.live.rows import requests_svg
from course_support.live.svg import (
    FAINT,
    GRID,
    KEEPS,
    LABEL_PX,
    SMALL,
    WAITS,
    WIDTH,
    hatch,
    hatch_name,
    picture,
    shortened,
    ticks,
)
from course_support.live.tables import (
    COLUMNS,
    REQUEST_COLUMNS,
    bin_rows,
    comparison_rows,
    html_table,
    numbers,
    request_rows,
)

_PITCH = 46.0
_BAR = 18.0
_ROOM = 130.0  # at the right, for the number of the longest bar
_HIGH = 170.0
_SIDE = 40.0


def result_html(result: LoadResult) -> str:
    """What a cell shows of a load: its numbers, its requests, and their table folded up."""
    facts = " &#183; ".join(
        f"{escape(name)} <b>{escape(value)}</b>" for name, value in numbers(result)
    )
    table = html_table(REQUEST_COLUMNS, request_rows(result))
    head = f"<div><b>{escape(result.label)}</b></div><div>{facts}</div>"
    held = "".join(
        f"<li>from {ms(max(s.start_s, 0.0))} on: {escape(s.words)}</li>" for s in result.stalls
    )
    held = f"<ul>{held}</ul>" if held else ""
    return f"<div>{head}{requests_svg(result)}{held}{table}</div>" if result.requests else head


def comparison_html(comparison: Comparison) -> str:
    """What a cell shows of a comparison: a bar for each load, and their table folded up."""
    table = html_table(COLUMNS, comparison_rows(comparison))
    return f"<div>{comparison_svg(comparison)}{table}</div>"


def distribution_html(distribution: Distribution) -> str:
    """What a cell shows of a distribution: the picture, and its table folded up."""
    head = f"<div><b>{escape(distribution.result.label)}</b></div>"
    if not distribution.result.latencies_s:
        return f"<div>{head}No request was answered.</div>"
    table = html_table(("latency", "answers"), bin_rows(distribution))
    return f"<div>{head}{distribution_svg(distribution)}{table}</div>"


def comparison_svg(comparison: Comparison) -> str:
    """Bars of "times the ideal": up to the ideal in full colour, beyond it hatched."""
    longest = max([*comparison.ratios.values(), *comparison.guesses.values(), 1.0])
    unit = (WIDTH - _ROOM) / longest
    pattern = hatch_name(comparison)
    top, rows = 26.0, list[str]()
    for number, result in enumerate(comparison.results):
        rows += _compared(comparison, result, unit, top + number * _PITCH, pattern)
    bottom = top + len(comparison.results) * _PITCH
    ideal = f"<text y='11' {SMALL}>dashed: the ideal, {comparison.ideal_s:.3g} s</text>"
    body = "".join([hatch(pattern), *rows, ideal, _comparison_legend(bottom + 20, pattern)])
    return picture(_comparison_words(comparison), bottom + 28, body)


def _comparison_words(comparison: Comparison) -> str:
    ratios = ", ".join(f"{label} {ratio:.1f}" for label, ratio in comparison.ratios.items())
    return (
        f"Bars: how many times the ideal of {ms(comparison.ideal_s)} each load took: {ratios}. "
        "A table with the same numbers follows."
    )


def _compared(
    comparison: Comparison, result: LoadResult, unit: float, top: float, pattern: str
) -> Iterator[str]:
    ratio = result.times(comparison.ideal_s)
    y = top + 17
    title = f"<title>{escape(result.label)}: {ms(result.wall_s)}, x{ratio:.1f} of the ideal</title>"
    within, beyond = unit * min(ratio, 1.0), unit * max(ratio - 1.0, 0.0)
    failed = f", {result.failed} failed" if result.failed else ""
    yield f"<text x='0' y='{top + 12:.1f}'>{escape(shortened(result.label, 105))}</text>"
    yield f"<g>{title}<rect y='{y:.1f}' width='{within:.1f}' height='{_BAR:g}' fill='{KEEPS}'/>"
    if beyond:
        yield (
            f"<rect x='{within:.1f}' y='{y:.1f}' width='{beyond:.1f}' height='{_BAR:g}' "
            f"fill='url(#{pattern})' stroke='{WAITS}'/>"
        )
    dashes = "stroke='currentColor' stroke-width='1.5' stroke-dasharray='4 2.5'"
    yield f"<path d='M{unit:.1f} {y:.1f}v{_BAR + 3:g}' {dashes}/>"
    x = max(within + beyond, unit) + 8
    yield (
        f"<text x='{x:.1f}' y='{y + 13.5:.1f}'><tspan font-weight='600'>"
        f"x{ratio:.1f}</tspan> <tspan {FAINT}>{ms(result.wall_s)}{failed}</tspan></text></g>"
    )
    if result.label in comparison.guesses:
        yield _guess(comparison.guesses[result.label], unit, y)


def _guess(guess: float, unit: float, y: float) -> str:
    x = unit * guess
    return (
        f"<path d='M{x:.1f} {y + _BAR:.1f}l5 8h-10z'/><path d='M{x:.1f} {y - 2:.1f}v{_BAR + 4:g}' "
        f"stroke='currentColor' stroke-width='2'/><text x='{x + 9:.1f}' y='{y + _BAR + 9:.1f}' "
        f"{SMALL}>your guess: x{guess:g}</text>"
    )


def _comparison_legend(y: float, pattern: str) -> str:
    return (
        f"<rect y='{y - 9:.1f}' width='22' height='10' fill='{KEEPS}'/>"
        f"<text x='28' y='{y:.1f}' {SMALL}>up to the ideal</text>"
        f"<rect x='150' y='{y - 9:.1f}' width='22' height='10' fill='url(#{pattern})' "
        f"stroke='{WAITS}'/><text x='178' y='{y:.1f}' {SMALL}>"
        "beyond it: queueing and overhead</text>"
    )


def distribution_svg(distribution: Distribution) -> str:
    """A histogram of latencies, with p50 and p95; at least one answer."""
    result, edges = distribution.result, distribution.edges_s
    unit = (WIDTH - _SIDE - 20) / (edges[-1] or 1.0)
    words = (
        f"Histogram of {len(result.latencies_s)} latencies, {result.label}: p50 "
        f"{ms(result.p50_s)}, p95 {ms(result.p95_s)}, longest {ms(edges[-1])}. A table with the "
        "same numbers follows."
    )
    parts = [
        *_counts_axis(distribution),
        *_columns(distribution, unit),
        *_latency_axis(edges, unit),
    ]
    for name, value_s, row in (("p50", result.p50_s, 0), ("p95", result.p95_s, 1)):
        parts.append(_percentile(f"{name} {ms(value_s)}", _SIDE + unit * value_s, row))
    return picture(words, _HIGH + 76, "".join(parts))


def _columns(distribution: Distribution, unit: float) -> Iterator[str]:
    edges, most = distribution.edges_s, max(distribution.counts)
    for low_s, high_s, count in zip(edges, edges[1:], distribution.counts, strict=False):
        height = _HIGH * count / most
        x, width = _SIDE + unit * low_s, max(unit * (high_s - low_s) - 1.5, 1.0)
        title = f"{count} answers took {low_s * 1000:.1f} to {high_s * 1000:.1f} ms"
        if count:
            yield (
                f"<rect x='{x:.1f}' y='{36 + _HIGH - height:.1f}' width='{width:.1f}' "
                f"height='{height:.1f}' fill='{KEEPS}'><title>{title}</title></rect>"
            )


def _counts_axis(distribution: Distribution) -> Iterator[str]:
    most = max(distribution.counts)
    for tick in ticks(most, 5):
        if tick == int(tick):
            y = 36 + _HIGH * (1 - tick / most)
            yield f"<path d='M{_SIDE:g} {y:.1f}H{WIDTH - 20:g}' {GRID}/>"
            where = f"x='{_SIDE - 8:g}' y='{y + 3.6:.1f}'"
            yield f"<text {where} text-anchor='end' {FAINT}>{tick:g}</text>"


def _latency_axis(edges: tuple[float, ...], unit: float) -> Iterator[str]:
    for tick_s in ticks(edges[-1]):
        x = _SIDE + unit * tick_s
        yield (
            f"<path d='M{x:.1f} {36 + _HIGH:g}v5' stroke='currentColor'/><text x='{x:.1f}' "
            f"y='{36 + _HIGH + 17:g}' text-anchor='middle' {FAINT}>{tick_s * 1000:g}</text>"
        )
    words = "latency in milliseconds; height: how many answers took so long"
    yield f"<text x='{_SIDE:g}' y='{36 + _HIGH + 34:g}' {FAINT}>{words}</text>"


def _percentile(words: str, x: float, row: int) -> str:
    """A dashed line with its words at the top, on the side where there is room."""
    y = 12 + 14 * row
    before = x + len(words) * LABEL_PX + 8 > WIDTH
    anchor, at = ("end", x - 5) if before else ("start", x + 5)
    return (
        f"<path d='M{x:.1f} {y - 8:g}V{36 + _HIGH:g}' stroke='currentColor' stroke-width='1.5' "
        f"stroke-dasharray='{'5 3' if row else '2 3'}'/>"
        f"<text x='{at:.1f}' y='{y:g}' text-anchor='{anchor}'>{words}</text>"
    )
