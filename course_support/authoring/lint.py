"""What must be mended in a notebook before a learner or nbval meets it?"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from course_support.authoring.borrowing import borrowed
from course_support.authoring.percent import Cell
from course_support.content import shown

MODES = (
    "Why",
    "Learn",
    "Visualize",
    "Deep",
    "Try",
    "Challenge",
    "Project",
    "Recall",
    "Cost",
    "Test",
)
# Tags mean something to a tool: one that is misspelt would, say, leave a solution in an exercise.
# Those of nbval alone are not among them: nbclient does not know them.
TAGS = ("answer", "manual", "solution", "raises-exception", "shows-warning")
LINK = re.compile(r"(!?)\[([^\]]*)\]\((<[^>]*>|[^()\s]*)\)")
HEADING = re.compile(r"(#{1,6}) +(.*?)\s*")
MODE = re.compile(rf"({'|'.join(MODES)})\b(.*)")
SEMICOLON = "nbval prints what stands before a trailing ';' all the same: leave it out."
HISTORY = "is another cell's in nbval: give the value a name."


class Line(NamedTuple):
    """One line of a markdown cell outside code fences, with its number in the source."""

    number: int
    text: str


class Heading(NamedTuple):
    """A markdown heading: its line in the source, its level, its text."""

    number: int
    level: int
    text: str


def problems(
    cells: Collection[Cell], source: Path, folder: Path, built: Collection[Path], *, modes: bool
) -> list[str]:
    """Each thing to mend as "file, line N: what", in the order of the file.

    Args:
        folder: where the notebook will lie; relative links start there.
        built: notebooks that will exist once everything is built.
        modes: whether the ten modes must be there.
    """
    lines = [line for cell in cells if cell.kind == "markdown" for line in _prose(cell)]
    headings = list(_headings(lines))
    found = [
        *_outline(headings),
        *(_modes(headings) if modes else ()),
        *(borrowed(cells) if modes else ()),
        *_links(lines, headings, folder, built),
        *(problem for cell in cells if cell.kind == "code" for problem in _code(cell)),
        *(problem for cell in cells for problem in _tags(cell)),
    ]
    return [f"{shown(source)}, line {number}: {what}" for number, what in sorted(found)]


def _prose(cell: Cell) -> Iterator[Line]:
    fenced = False
    for at, text in enumerate(cell.source.splitlines()):
        if text.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            yield Line(cell.line + at, re.sub(r"`[^`]*`", lambda code: "x" * len(code[0]), text))


def _headings(lines: list[Line]) -> Iterator[Heading]:
    for number, text in lines:
        if found := HEADING.fullmatch(text):
            yield Heading(number, len(found[1]), found[2])


def _outline(headings: list[Heading]) -> Iterator[tuple[int, str]]:
    titles = [heading for heading in headings if heading.level == 1]
    if len(titles) != 1:
        line = titles[1].number if titles else 1
        yield line, f"a notebook has one title ('# ...'); this one has {len(titles)}."
    for above, heading in pairwise(headings):
        if heading.level > above.level + 1:
            levels = f"from level {above.level} to level {heading.level}"
            yield heading.number, f"'{heading.text}' jumps {levels}: the outline has a hole there."


def _modes(headings: list[Heading]) -> Iterator[tuple[int, str]]:
    there = [(h, MODE.fullmatch(h.text)) for h in headings if h.level == 2]
    found = [(heading, mode) for heading, mode in there if mode]
    names = [mode[1] for _, mode in found]
    if tuple(names) != MODES:
        yield 1, f"the sections of a lesson are {', '.join(MODES)}; found: {', '.join(names)}."
    for heading, mode in found:
        if not re.fullmatch(r" \(\d+ min\)", mode[2]):
            yield heading.number, f"write the minutes: '## {mode[1]} (3 min)'."


def _links(
    lines: list[Line], headings: list[Heading], folder: Path, built: Collection[Path]
) -> Iterator[tuple[int, str]]:
    anchors = {heading.text.replace(" ", "-") for heading in headings}
    for number, text in lines:
        for image, words, address in LINK.findall(text):
            target, _, anchor = unquote(address.strip("<>")).partition("#")
            if image and not words.strip():
                yield number, f"the image {target} has no text for those who do not see it."
            if re.match(r"[a-z]+:", target):
                continue
            place = (folder / target).resolve()
            if target and not place.exists() and place not in built:
                yield number, f"the link to {target} leads nowhere."
            if not target and anchor not in anchors:
                yield number, f"no heading here has the anchor #{anchor}."


def _tags(cell: Cell) -> Iterator[tuple[int, str]]:
    for tag in cell.tags:
        if tag not in TAGS:
            yield cell.line, f"there is no tag '{tag}'. The tags are: {', '.join(TAGS)}."


def _code(cell: Cell) -> Iterator[tuple[int, str]]:
    if "raises-exception" in cell.tags or re.search(r"^[%!]", cell.source, re.MULTILINE):
        return
    try:
        compile(cell.source, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)
    except SyntaxError as mistake:
        yield cell.line + (mistake.lineno or 1) - 1, f"not Python: {mistake.msg}."
        return
    tokens = list(tokenize.generate_tokens(io.StringIO(cell.source).readline))
    for token, after in pairwise(tokens):
        line = cell.line + token.start[0] - 1
        if token.string == ";" and after.type in (tokenize.NEWLINE, tokenize.COMMENT):
            yield line, SEMICOLON
        if token.string in ("In", "Out") and after.string == "[":
            yield line, f"{token.string}[...] {HISTORY}"
