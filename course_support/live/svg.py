"""What do all pictures share? Size, colours, hatching, ticks, and the frame round them.

Pictures are SVG within HTML, so that their text follows the page's light or dark theme.
"""

from __future__ import annotations

import hashlib
import math
from html import escape

WIDTH = 760.0
LABEL_PX = 6.4  # an estimate of one character's width at font size 12
SMALL_PX = 5.5  # and at font size 10.5
SMALL = "font-size='10.5'"
FAINT = "font-size='10.5' opacity='.8'"
GRID = "stroke='currentColor' opacity='.18'"

# Blue and orange stay apart for every common colour blindness, and both have a contrast of at
# least 3 to 1 on white and on JupyterLab's dark background.
KEEPS, WAITS = "#2b7bba", "#c06a00"


def picture(words: str, height: float, body: str) -> str:
    """An SVG element of the common width; `words` say to a screen reader what it shows.

    Where there is little room, or the page is zoomed, it can be scrolled: words stay readable.
    """
    return (
        "<div style='overflow-x:auto' data-lm-suppress-shortcuts='true'>"
        f"<svg role='img' aria-label='{escape(words)}' viewBox='0 0 {WIDTH:g} {height:g}' "
        "xmlns='http://www.w3.org/2000/svg' "
        "style='width:100%;min-width:540px;max-width:860px;height:auto;display:block;"
        "color:inherit' "
        "font-family='var(--jp-ui-font-family,system-ui,sans-serif)' font-size='12' "
        f"fill='currentColor'>{body}</svg></div>"
    )


def hatch_name(content: object) -> str:
    """A name for the hatching of a picture: an id is valid in the whole page."""
    return "waits-" + hashlib.sha256(repr(content).encode()).hexdigest()[:8]


def hatch(name: str) -> str:
    """The definition of a hatching in the colour of what waits; used as `fill='url(#name)'`."""
    return (
        f"<defs><pattern id='{name}' width='6' height='6' patternUnits='userSpaceOnUse' "
        "patternTransform='rotate(45)'>"
        f"<path d='M0 0V6' stroke='{WAITS}' stroke-width='3'/></pattern></defs>"
    )


def ticks(end: float, most: int = 7) -> list[float]:
    """Round numbers from 0 to `end`, at most `most` of them."""
    if end <= 0:
        return [0.0]
    rough = end / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough)
    return [round(step * at, 9) for at in range(int(end / step + 1e-9) + 1)]


def shortened(text: str, characters: int) -> str:
    """`text`, or so much of it as fits and a `…`."""
    return text if len(text) <= characters else text[: max(characters - 1, 1)] + "…"
