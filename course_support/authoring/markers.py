"""Which lines of a cell belong to the solution, which to the exercise?

    # solution
    async with asyncio.TaskGroup() as group: ...
    # starter
    raise NotImplementedError
    # end

Each marker stands on a line of its own, indented or not; in a markdown cell it is written
`<!-- solution -->`. Either part may be empty. The lines keep their indentation.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from course_support.authoring.percent import Cell
from course_support.content import ContentError, shown

Part = Literal["solution", "starter"]

MARKERS = {
    "code": re.compile(r"\s*# (solution|starter|end)"),
    "markdown": re.compile(r"\s*<!-- (solution|starter|end) -->"),
}
# What may come next, and what is missing when something else does.
NEXT = {"end": "solution", "solution": "starter", "starter": "end"}


def keep(part: Part, cell: Cell, path: Path) -> Cell:
    """`cell` with the lines of `part` and those outside all markers.

    Raises:
        ContentError: a marker is missing or stands in the wrong place; names file and line.
    """
    kept, last, opened_at = [], "end", 0
    for at, line in enumerate(cell.source.splitlines()):
        found = MARKERS[cell.kind].fullmatch(line)
        if not found:
            if last in ("end", part):
                kept.append(line)
            continue
        if found[1] != NEXT[last]:
            raise _error(path, cell.line + at, f"'{found[1]}' where '{NEXT[last]}' comes next.")
        last, opened_at = found[1], opened_at if found[1] != "solution" else at
    if last != "end":
        raise _error(path, cell.line + opened_at, f"no '{NEXT[last]}' follows in this cell.")
    return replace(cell, source="\n".join(kept).strip("\n"))


def has_markers(cell: Cell) -> bool:
    """Whether the solution and the exercise differ within this cell."""
    return any(MARKERS[cell.kind].fullmatch(line) for line in cell.source.splitlines())


def _error(path: Path, line: int, message: str) -> ContentError:
    order = "The markers are: solution, starter, end, each on its own line, in this order."
    return ContentError(f"{shown(path)}, line {line}: {message}\n    {order}")
