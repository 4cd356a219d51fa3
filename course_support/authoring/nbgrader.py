"""What is an exercise as an nbgrader assignment? The same cells, each with its role.

    DIR/nbgrader_config.py
    DIR/source/ex01_first_view/ex01_first_view.ipynb

nbgrader takes the course from there by itself: it needs nothing of ours but the library in its
kernel's environment. The test cell is `await check(...)`, whose value is a number to nbgrader.
A teacher's hidden checks stand in it between nbgrader's marks, which take them out of the release.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from course_support.authoring.building import Summary, Target, starters
from course_support.authoring.markers import MARKERS, keep
from course_support.authoring.notebooks import KERNELSPEC, cell_id
from course_support.authoring.percent import Cell, read_cells
from course_support.authoring.running import run
from course_support.content import ContentError
from course_support.grading.exercises import Exercise, find
from course_support.grading.exercises import exercises as known_exercises
from course_support.grading.loading import packed, read_hidden
from course_support.places import ROOT
from course_support.verdicts import Outcome

SCHEMA = 3
WIDTH = 88  # letters a line
CONFIG = """\
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "async_django"
c.Execute.timeout = 180  # seconds a cell; a check waits at most 3 s for each thing it waits for
"""


def export(
    folder: Path, names: Sequence[str] = (), root: Path = ROOT, hidden: Path | None = None
) -> Summary:
    """Write the exercises called `names`, or all, as a course of nbgrader into `folder`.

    A file that is there already and says something else is left alone, and named.

    Args:
        hidden: a folder with a teacher's own checks; each is tried with the course's answer first.

    Raises:
        LookupError: a name is unknown; it lists the known ones.
        ContentError: the hidden checks are not as they should be, or do not hold; nothing is
            written.
    """
    texts = read_hidden(hidden, list(known_exercises())) if hidden else {}
    exercises = {one.name: one for one in starters(names, root)}
    written = {name: assignment_text(one, texts.get(name, "")) for name, one in exercises.items()}
    for name in exercises.keys() & texts.keys():
        _try_out(name, written[name])
    lines = [_write(folder / "nbgrader_config.py", CONFIG)]
    for name, text in written.items():
        lines.append(_write(folder / "source" / name / f"{name}.ipynb", text))
    if not names:
        left = [name for name in texts if name not in exercises]
        lines += [f"{name} is no assignment: its hidden checks were left out." for name in left]
    return Summary(tuple(lines), not any("left alone" in line for line in lines))


def _try_out(name: str, text: str) -> None:
    """Run an assignment as it is, with the course's answer in it: every check holds.

    Raises:
        ContentError: one does not.
    """
    notebook = json.loads(text)
    with TemporaryDirectory() as folder:
        progress = str(Path(folder) / "progress.sqlite3")  # what is tried is no progress
        aside = f"import os\nos.environ['COURSE_PROGRESS'] = {progress!r}"
        notebook["cells"].insert(0, _code_cell("aside", {}, aside))
        path = Path(folder) / f"{name}.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
        found = run(path)
    if found.trouble or [outcome for outcome, _ in found.reports] != [Outcome.CORRECT]:
        said = "\n".join([*found.trouble, *(text for _, text in found.reports)])
        raise ContentError(
            f"hidden checks, {name}.py: with the course's own answer not all is right, and nothing "
            f"was written.\n{said}"
        )


def assignment_text(exercise: Target, hidden: str = "") -> str:
    """The source notebook of an assignment: solutions and checks in it, marked for nbgrader.

    Args:
        hidden: the text of a teacher's own checks.
    """
    cells = list(_cells(exercise, find(exercise.name), hidden))
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cells(exercise: Target, entry: Exercise, hidden: str) -> Iterator[dict[str, Any]]:
    by_hand = {item.id: item.points for item in entry.manual}
    checked = False
    for position, cell in enumerate(read_cells(exercise.source)):
        if "solution" in cell.tags:
            continue
        is_check = cell.source.startswith("await check(")
        points = entry.points if is_check else by_hand.get(cell.id)
        open_for_work = checked and "manual" not in cell.tags
        role = None if open_for_work else _role(cell, points)
        if is_check and not checked and hidden:
            cell = replace(cell, source=with_hidden(cell.source, hidden))
        yield _cell(cell, cell.id or cell_id(exercise.name, position), role, exercise)
        checked = checked or is_check


def _role(cell: Cell, points: int | None) -> dict[str, Any]:
    """What nbgrader does with a cell; those after the check are the student's own, without one.

    A cell that a person marks is to nbgrader what it calls a manually graded answer.
    """
    theirs = _is_theirs(cell)
    role: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade": points is not None,
        "locked": not theirs,
        "solution": theirs,
        "task": False,
    }
    return role if points is None else role | {"points": points}


def _is_theirs(cell: Cell) -> bool:
    return "answer" in cell.tags or "manual" in cell.tags


def _cell(cell: Cell, name: str, role: dict[str, Any] | None, exercise: Target) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
    if role:
        metadata["nbgrader"] = role | {"grade_id": name}
    if _is_theirs(cell):
        source = with_regions(cell.source, cell.kind)
    else:
        source = _without_links(keep("starter", cell, exercise.source).source)
    if cell.kind == "code":
        return _code_cell(name, metadata, source)
    return {"cell_type": cell.kind, "id": name, "metadata": metadata, "source": source}


def _code_cell(name: str, metadata: dict[str, Any], source: str) -> dict[str, Any]:
    built = {"cell_type": "code", "id": name, "metadata": metadata, "source": source}
    return built | {"execution_count": None, "outputs": []}


def with_hidden(source: str, text: str) -> str:
    """A test cell with hidden checks in nbgrader's marks: the release has the cell without them.

    They are packed, since nbgrader's own feedback prints the cell.
    """
    letters = packed(text)
    lines = [f'    "{letters[at : at + WIDTH]}"' for at in range(0, len(letters), WIDTH)]
    marked = ["### BEGIN HIDDEN TESTS", "hidden = (", *lines, ")", "### END HIDDEN TESTS"]
    return "\n".join(['hidden = ""', *marked, source.replace(")", ", hidden)", 1)])


def with_regions(source: str, kind: str = "code") -> str:
    """An answer with nbgrader's marks in place of ours.

    nbgrader puts its own stub where the solution was. What else the starter has stays above it:
    in code as a comment, in prose as it is.
    """
    mark = "# " if kind == "code" else ""
    lines: list[str] = []
    part = "end"
    for line in source.splitlines():
        if found := MARKERS[kind].fullmatch(line):
            part = found[1]
            indent = line[: len(line) - len(line.lstrip())]
            if part == "solution":
                start = len(lines)
                lines.append(f"{indent}### BEGIN SOLUTION")
            elif part == "starter":
                lines.append(f"{indent}### END SOLUTION")
        elif part != "starter":
            lines.append(line)
        elif not mark or (line.strip() and "raise NotImplementedError" not in line):
            lines.insert(start, f"{indent}{mark}{line.removeprefix(indent)}")
            start += 1
    return "\n".join(lines)


def _without_links(text: str) -> str:
    """Links to the course's other folders lead nowhere in nbgrader's: their words stay."""
    return re.sub(r"\[([^\]]*)\]\(\.\./[^)]*\)", r"\1", text)


def _write(path: Path, text: str) -> str:
    if path.exists():
        if path.read_text("utf-8") == text:
            return f"{path} is as it should be."
        return f"{path} says something else and was left alone: move it away, export again."
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    return f"{path} written."
