"""What does a section of a lesson borrow from another one?

Each way in can be read alone: run the cells above the first section, then jump. So a section uses
names that those cells make, or that it makes itself. One that uses a name of another section would
meet whoever jumps with a NameError, or with a loop that waits for what never comes.
"""

from __future__ import annotations

import builtins
import dis
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from types import CodeType

from course_support.authoring.percent import Cell
from course_support.quiz.executing import AWAIT

SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
EVERYWHERE = frozenset((*dir(builtins), "__name__"))
USES = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")
MAKES = ("STORE_NAME", "STORE_GLOBAL")


@dataclass
class _Part:
    """The code of a section: the names it makes, and the first line that uses each name."""

    title: str
    made: set[str] = field(default_factory=set)
    used: dict[str, int] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        """A code cell of it; one that is no Python is somebody else's to complain about."""
        try:
            code = compile(cell.source, "cell", "exec", flags=AWAIT, dont_inherit=True)
        except SyntaxError:
            return
        for does, name in _names(code):
            if does in MAKES:
                self.made.add(name)
            elif does in USES:
                self.used.setdefault(name, cell.line)


def borrowed(cells: Collection[Cell]) -> Iterator[tuple[int, str]]:
    """Each name that a section takes from another one: the line of the cell, and what to do."""
    first, *sections = _parts(cells)
    for part in sections:
        for name in sorted(part.used.keys() - part.made - first.made - EVERYWHERE):
            makers = [other.title for other in sections if name in other.made]
            where = f"is made in '{makers[0]}'" if makers else "is made nowhere"
            yield (
                part.used[name],
                f"'{part.title}' uses {name}, which {where}. Make it there too, or above the "
                "first section: each section can be read alone.",
            )


def _parts(cells: Collection[Cell]) -> list[_Part]:
    """The cells above the first section, then the sections."""
    parts = [_Part("the beginning")]
    for cell in cells:
        if cell.kind == "code":
            parts[-1].add(cell)
        elif found := SECTION.search(cell.source):
            parts.append(_Part(found[1]))
    return parts


def _names(code: CodeType) -> Iterator[tuple[str, str]]:
    """What is done with each name of the module, in functions too."""
    for instruction in dis.get_instructions(code):
        yield instruction.opname, str(instruction.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
