"""Which section of a lesson's notebook is to be read for this?

The links are those that JupyterLab understands: `04_fan_out.ipynb#Learn-(8-min)`. They are made
from the headings that stand in the notebook now: none leads to a heading that is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from course_support import places

if TYPE_CHECKING:
    from course_support.quiz.bank import Lesson
    from course_support.quiz.questions import Question

# Sections that ask; the others show something that can be read again.
ASKING = ("try", "challenge", "project", "recall", "test")
_HEADING = re.compile(r"^(#{1,3}) +(.+?) *$", re.MULTILINE)
_MINUTES = re.compile(r" \(\d+ min\)$")


@dataclass(frozen=True)
class Section:
    """One heading of a notebook.

    Attributes:
        notebook: the file's name, `04_fan_out.ipynb`.
        heading: its text as a reader sees it, "Learn (8 min)".
        level: 1 for the title, 2 for a section, 3 for a part of one.
    """

    notebook: str
    heading: str
    level: int = 2

    @property
    def title(self) -> str:
        """The heading without its minutes."""
        return _MINUTES.sub("", self.heading)

    @property
    def href(self) -> str:
        """The address, relative to the folder of the lessons."""
        return f"{self.notebook}#{self.heading.replace(' ', '-')}"

    @property
    def link(self) -> str:
        """The address under the title, as Markdown."""
        return f"[{self.title}](<{self.href}>)"


def sections(lesson: str, folder: Path | None = None) -> tuple[Section, ...]:
    """The headings of a lesson's notebook, in order; none where the notebook is not there."""
    path = (folder or places.NOTEBOOKS) / f"{lesson}.ipynb"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int) -> tuple[Section, ...]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return tuple(
        Section(path.name, _plain(heading), len(marks))
        for text in texts
        for marks, heading in _HEADING.findall(text)
    )


def _plain(heading: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")


def section(lesson: str, title: str, folder: Path | None = None) -> Section | None:
    """The section with this title, minutes or not, large letters or small; None without one."""
    wanted = title.casefold()
    for found in sections(lesson, folder):
        if wanted in (found.title.casefold(), found.heading.casefold()):
            return found
    return None


def lesson_title(lesson: str, folder: Path | None = None) -> str:
    """What the lesson is called by its notebook; its key where there is none."""
    return next((s.heading for s in sections(lesson, folder) if s.level == 1), lesson)


def to_read(lesson: Lesson, objective: str, folder: Path | None = None) -> tuple[Section, ...]:
    """The sections that teach an objective: where it is asked on the way, and where cards point."""
    about = [q for q in lesson.questions if q.objective == objective]
    named = {q.cell or q.section for q in about if q.cell or q.section not in ASKING}
    return _in_order(lesson.name, named, folder)


def _in_order(lesson: str, named: Iterable[str], folder: Path | None) -> tuple[Section, ...]:
    wanted = {name.casefold() for name in named} - set(ASKING)
    return tuple(s for s in sections(lesson, folder) if s.title.casefold() in wanted)


def shown_at(question: Question, folder: Path | None = None) -> Section | None:
    """Where the lesson shows a card's answer: its `cell`, or None."""
    return section(question.lesson, question.cell, folder) if question.cell else None


def shown_in(question: Question, folder: Path | None = None) -> str:
    """A sentence with a link to where a card's answer is shown, as Markdown; empty without one."""
    found = shown_at(question, folder)
    return f"Shown in lesson {int(question.lesson[:2])}, {found.link}." if found else ""
