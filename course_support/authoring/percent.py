"""How is a percent source read into cells?

    # %% [markdown]
    # # A title
    #
    # Text: each line begins with `# `.

    # %% id="answer-headlines" tags=["answer"]
    async def headlines(request): ...

A parser of our own, because jupytext, which reads many more formats, also installs a Lab
extension and replaces the contents manager in the environment of whoever takes the course.
Comment lines above the first `# %%` are for authors and are not built.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course_support.content import ContentError, shown

HEADER = re.compile(r"# %%(?: \[markdown\])?(?= |$)")
OPTION = re.compile(r"\s+(\w+)=")
OPTIONS = ("id", "tags")
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Cell:
    """One cell of a source.

    Attributes:
        kind: `code` or `markdown`.
        source: its text as the notebook shows it, without blank lines at either end.
        line: 1-based line of the first line of `source` in the file.
        id: the id the author chose, or empty.
        tags: Jupyter's cell tags.
    """

    kind: str
    source: str
    line: int
    id: str = ""
    tags: tuple[str, ...] = ()


def read_cells(path: Path) -> list[Cell]:
    """The cells of the percent source at `path`.

    Raises:
        ContentError: it names file and line.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as mistake:
        raise ContentError(f"{shown(path)}: not UTF-8: {mistake}") from None
    return parse(text, path)


def parse(text: str, path: Path) -> list[Cell]:
    """The cells of `text`; `path` is what an error names.

    Raises:
        ContentError: text above the first cell, a header or an option that is unknown, a
            markdown line without its `#`, or an id given twice.
    """
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if _is_header(line, at, path)]
    for at, line in enumerate(lines[: starts[0] if starts else None]):
        if line.strip() and not line.startswith("#"):
            raise _error(path, at, "only comments may stand above the first '# %%' line.")
    ends = [*starts, len(lines)][1:]
    cells = [_cell(lines, start, end, path) for start, end in zip(starts, ends, strict=True)]
    _check_ids(cells, path)
    return cells


def _is_header(line: str, at: int, path: Path) -> bool:
    if line.startswith("# %%") and not HEADER.match(line):
        raise _error(path, at, f"'{line}' is no header. Write '# %%' or '# %% [markdown]'.")
    return line.startswith("# %%")


def _cell(lines: list[str], start: int, end: int, path: Path) -> Cell:
    header = lines[start]
    first, last = start + 1, end
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    body = [line.rstrip() for line in lines[first:last]]
    cell = Cell("code", "\n".join(body), first + 1)
    if header.startswith("# %% [markdown]"):
        text = [_uncommented(line, first + at, path) for at, line in enumerate(body)]
        cell = Cell("markdown", "\n".join(text), first + 1)
    found = HEADER.match(header)
    options = _options(header[found.end() :] if found else "", start, path)
    return replace(cell, id=options.get("id", ""), tags=tuple(options.get("tags", ())))


def _uncommented(line: str, at: int, path: Path) -> str:
    if line and line != "#" and not line.startswith("# "):
        raise _error(path, at, "a line of a markdown cell begins with '# '.")
    return line[2:]


def _options(text: str, at: int, path: Path) -> dict[str, Any]:
    options: dict[str, Any] = {}
    decoder = json.JSONDecoder()
    while text.strip():
        found = OPTION.match(text)
        if not found or found[1] not in OPTIONS:
            known = 'id="..." and tags=["...", "..."]'
            raise _error(path, at, f"'{text.strip()}' is no option of a cell. Known are {known}.")
        try:
            options[found[1]], end = decoder.raw_decode(text[found.end() :])
        except json.JSONDecodeError:
            raise _error(path, at, f"the value of {found[1]} is not well-formed.") from None
        text = text[found.end() + end :]
    _check_options(options, at, path)
    return options


def _check_options(options: dict[str, Any], at: int, path: Path) -> None:
    cell_id, tags = options.get("id", "x"), options.get("tags", [])
    if not isinstance(cell_id, str) or not CELL_ID.fullmatch(cell_id):
        raise _error(path, at, f"the id {cell_id!r} is not 1 to 64 of A-Z, a-z, 0-9, '-', '_'.")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _error(path, at, f'tags are a list such as ["answer"], not {tags!r}.')


def _check_ids(cells: list[Cell], path: Path) -> None:
    seen: set[str] = set()
    for cell in cells:
        if cell.id and cell.id in seen:
            raise _error(path, cell.line - 1, f"the id '{cell.id}' is given to two cells.")
        seen.add(cell.id)


def _error(path: Path, at: int, message: str) -> ContentError:
    return ContentError(f"{shown(path)}, line {at + 1}: {message}")
