"""What does each lesson consist of? Told in milliseconds, for the map of the course.

Reading the whole bank with all its checks takes a tenth of a second for every hundred and fifty
questions. The map needs a few plain keys of each, so these are read off their lines; a test
compares them with the bank.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course_support import places
from course_support.content import read_toml
from course_support.quiz.sections import ASKING, Section, lesson_title, sections

MODES = (
    "why", "learn", "visualize", "deep", "try", "challenge", "project", "recall", "cost", "test",
)  # fmt: skip
_ENTRY = re.compile(r"^[ \t]*\[\[\s*question\s*\]\]", re.MULTILINE)
_KEY = re.compile(r"""^(id|kind|section|objective|cell)\s*=\s*["']([^"'\n]*)["']""", re.MULTILINE)
_MINUTES = re.compile(r"\((\d+) min\)$")


@dataclass(frozen=True)
class Asked:
    """The head of a question or a card; `cell` is the heading at which a card's answer is shown."""

    id: str
    kind: str
    section: str
    objective: str
    cell: str = ""

    @property
    def tally(self) -> tuple[str, str]:
        """Under which kind and key its answers are recorded."""
        return "card" if self.kind == "card" else "answer", self.id


@dataclass(frozen=True)
class Task:
    """The head of an exercise.

    Attributes:
        mode: `challenge` for one that is mended within the lesson, else `project`.
    """

    key: str
    title: str
    lesson: str
    minutes: int

    @property
    def mode(self) -> str:
        return "challenge" if self.key.startswith("fix") else "project"


@dataclass(frozen=True)
class Outline:
    """What one lesson consists of.

    Attributes:
        lesson: its key, `04_fan_out`.
        title: what its notebook is called.
        ways: mode -> its section, for the modes that the notebook has.
        objectives: key -> sentence.
    """

    lesson: str
    title: str
    ways: Mapping[str, Section]
    objectives: Mapping[str, str]
    asked: tuple[Asked, ...]
    tasks: tuple[Task, ...]

    @property
    def number(self) -> int:
        """The lesson's place in the course, from 1."""
        return int(self.lesson.split("_")[0])

    @property
    def minutes(self) -> int:
        """All its ways in together, by their headings."""
        return sum(map(minutes, self.ways.values()))


def to_read(outline: Outline, objective: str) -> tuple[Section, ...]:
    """The sections that teach an objective: where it is asked on the way, and where cards point."""
    about = [one for one in outline.asked if one.objective == objective]
    named = {(one.cell or one.section).casefold() for one in about} - set(ASKING)
    there = sections(outline.lesson) or tuple(outline.ways.values())
    return tuple(section for section in there if section.title.casefold() in named)


def minutes(section: Section) -> int:
    """What the heading of a section says, 0 where it says nothing."""
    found = _MINUTES.search(section.heading)
    return int(found[1]) if found else 0


def outlines() -> tuple[Outline, ...]:
    """Every lesson that has questions and its ten ways in, in the order of the course.

    Raises:
        ContentError: `exercises.toml` is missing or not TOML.
    """
    tasks = tuple(_tasks(places.EXERCISES / "exercises.toml"))
    files = sorted(places.QUESTIONS.glob("*.toml"))
    found = (_outline(path, tasks) for path in files)
    return tuple(outline for outline in found if outline.ways)


def _outline(path: Path, tasks: tuple[Task, ...]) -> Outline:
    head, *entries = _ENTRY.split(path.read_text("utf-8"))
    ways = {found.title.casefold(): found for found in sections(path.stem)}
    return Outline(
        path.stem,
        lesson_title(path.stem),
        {mode: ways[mode] for mode in MODES if mode in ways},
        tomllib.loads(head).get("objectives", {}),
        tuple(map(_asked, entries)),
        tuple(task for task in tasks if task.lesson == path.stem),
    )


def _asked(entry: str) -> Asked:
    # The first of each: such a line may stand once more in a proof.
    found = dict(reversed(_KEY.findall(entry)))
    return Asked(*(found.get(key, "") for key in ("id", "kind", "section", "objective", "cell")))


def _tasks(path: Path) -> Iterator[Task]:
    for values in read_toml(path)[0].get("exercise", ()):
        yield Task(*(values[key] for key in ("id", "title", "lesson", "minutes")))
