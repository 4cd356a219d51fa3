"""Which notebooks are built from which sources, and what lies on disk now?"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from course_support.authoring.lint import problems
from course_support.authoring.markers import Part, keep
from course_support.authoring.notebooks import holds_work, notebook_text
from course_support.authoring.percent import Cell, read_cells
from course_support.content import ContentError
from course_support.places import ROOT


class State(StrEnum):
    """What lies at a target's place, compared with what its source says."""

    CURRENT = "is built"
    STALE = "is stale"
    MISSING = "is missing"
    WORK = "has your work in it"
    BROKEN = "is not a notebook any more"


LEFT_ALONE = (State.WORK, State.BROKEN)


@dataclass(frozen=True)
class Target:
    """One notebook and the source it is built from.

    Attributes:
        source: the percent file.
        path: the `.ipynb`.
        part: which lines between markers it keeps; None for a lesson, which has no markers.
    """

    source: Path
    path: Path
    part: Part | None

    @property
    def name(self) -> str:
        """The key: `01_first_async_view`, `ex01_first_view`."""
        return self.source.stem

    @property
    def key(self) -> str:
        """What `reset` calls it: its name, with the folder where a solution is meant."""
        return f"solutions/{self.name}" if self.part == "solution" else self.name

    @property
    def shown(self) -> str:
        """The path as a reader of the repository writes it."""
        return f"{self.path.parent.name}/{self.path.name}"

    def text(self) -> str:
        """The notebook's JSON, as `build` writes it.

        Raises:
            ContentError: the source is not well-formed.
        """
        return notebook_text(self.name, self.cells())

    def cells(self) -> list[tuple[int, Cell]]:
        """The cells of this notebook, each with its position in the source."""
        cells = list(enumerate(read_cells(self.source)))
        if self.part is None:
            return cells
        if self.part == "starter":
            cells = [(at, cell) for at, cell in cells if "solution" not in cell.tags]
        return [(at, keep(self.part, cell, self.source)) for at, cell in cells]

    def problems(self, built: Collection[Path]) -> list[str]:
        """What the lint finds; `built` are the notebooks that links may lead to."""
        cells = [cell for _, cell in self.cells()]
        # The start page is no lesson: it has no ten modes.
        modes = self.part is None and not self.name.startswith("00")
        return problems(cells, self.source, self.path.parent, built, modes=modes)

    def state(self, text: str) -> State:
        """What lies at `path`, where `text` is what should."""
        if not self.path.exists():
            return State.MISSING
        try:
            there = self.path.read_text("utf-8")
            if there == text:
                return State.CURRENT
            work = holds_work(json.loads(there), json.loads(text))
            return State.WORK if work else State.STALE
        except (ValueError, TypeError, KeyError, AttributeError):
            return State.BROKEN

    def write(self, text: str) -> None:
        """Put `text` in place at once: a reader sees the old file or the new one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            unfinished.write_text(text, "utf-8", newline="\n")
            unfinished.replace(self.path)
        finally:
            unfinished.unlink(missing_ok=True)


@dataclass(frozen=True)
class Summary:
    """What a build did: `lines` to print, and whether all is well."""

    lines: tuple[str, ...]
    ok: bool


def targets(root: Path = ROOT) -> list[Target]:
    """All notebooks of the course at `root`, lessons first."""
    notebooks, solutions = root / "notebooks", root / "solutions"
    found = [
        Target(source, notebooks / f"{source.stem}.ipynb", None)
        for source in sorted((notebooks / "source").glob("*.py"))
    ]
    parts: tuple[tuple[str, Part], ...] = (("exercises", "starter"), ("solutions", "solution"))
    for source in sorted((solutions / "source").glob("*.py")):
        for folder, part in parts:
            found.append(Target(source, root / folder / f"{source.stem}.ipynb", part))
    return found


def starters(names: Sequence[str], root: Path = ROOT) -> list[Target]:
    """The exercises called `names` in their order, or all when there are none.

    Raises:
        LookupError: a name is unknown; it lists the known ones.
    """
    known = {target.name: target for target in targets(root) if target.part == "starter"}
    for name in names:
        if name not in known:
            listed = ", ".join(known)
            raise LookupError(f"There is no exercise '{name}'. The exercises are: {listed}.")
    return [known[name] for name in names or known]


def chosen(names: Sequence[str], root: Path = ROOT) -> list[Target]:
    """The targets called `names`, or all when there are none.

    Raises:
        LookupError: a name is unknown; it lists the known ones.
    """
    everything = targets(root)
    known = dict.fromkeys(target.name for target in everything)
    for name in names:
        if not any(name in (target.name, target.key) for target in everything):
            raise LookupError(f"There is no '{name}'. The notebooks are: {', '.join(known)}.")
    return [t for t in everything if not names or t.name in names or t.key in names]


def build(names: Sequence[str] = (), *, write: bool = True, root: Path = ROOT) -> Summary:
    """Bring the notebooks up to date with their sources, or only say what is stale.

    A notebook in which somebody worked is left alone. What the lint finds is said, and the
    notebook is built all the same.
    """
    paths = {target.path.resolve() for target in targets(root)}
    lines: list[str] = []
    ok = True
    for target in chosen(names, root):
        said, well = _built(target, write, paths)
        lines += said
        ok = ok and well
    return Summary(tuple(lines or ["Everything is built."]), ok)


def _built(target: Target, write: bool, paths: Collection[Path]) -> tuple[list[str], bool]:
    try:
        text = target.text()
    except ContentError as mistake:
        return [str(mistake)], False
    found = target.problems(paths)
    state = target.state(text)
    if state is State.CURRENT:
        return found, not found
    if not write:
        word = "reset " + target.key if state in LEFT_ALONE else "build"
        return [*found, f"{target.shown} {state}: python -m course_support {word}"], False
    if state in LEFT_ALONE:
        return [*found, left_alone(target, state)], not found and state is State.WORK
    target.write(text)
    return [*found, f"{target.shown} built."], not found


def left_alone(target: Target, state: State) -> str:
    """Why `build` did not touch this notebook, and how to start again."""
    again = f"    To start again: python -m course_support reset {target.key}"
    return f"{target.shown} {state} and was left alone.\n{again}"


def reset(name: str, root: Path = ROOT) -> Summary:
    """Build the notebook called `name` afresh; what was there is kept beside it.

    `exercises/ex01.ipynb` becomes `exercises/ex01.mine.ipynb`, or `.mine2` and so on.

    Raises:
        LookupError: no notebook is called `name`; it lists the known ones.
        ContentError: its source is not well-formed; nothing was moved.
    """
    target = chosen([name], root)[0]
    text = target.text()
    state = target.state(text)
    if state is State.CURRENT:
        return Summary((f"{target.shown} is as it was built.",), True)
    lines = []
    if state is not State.MISSING:
        aside = _free_name(target.path)
        target.path.rename(aside)
        lines.append(f"Your work is kept in {aside.parent.name}/{aside.name}.")
    target.write(text)
    return Summary((*lines, f"{target.shown} is new."), True)


def _free_name(path: Path) -> Path:
    number = 1
    while True:
        aside = path.with_name(f"{path.stem}.mine{number if number > 1 else ''}.ipynb")
        if not aside.exists():
            return aside
        number += 1
