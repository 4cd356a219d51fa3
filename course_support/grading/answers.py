"""Which cells of a notebook are the answer to an exercise? Those that the course's own says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from course_support.content import ContentError, shown
from course_support.grading.exercises import Exercise, exercises
from course_support.places import ROOT


@cache
def answer_ids(root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """The ids of each exercise's answer cells, in their order, by the exercise's key.

    Raises:
        ContentError: a notebook of the course is missing, or has no answer cell.
    """
    return {key: _ids(one, root) for key, one in exercises(root / "exercises").items()}


def home(exercise: Exercise, root: Path = ROOT) -> Path:
    """The course's own notebook with a right answer, or the lesson that the exercise is part of."""
    solution = root / "solutions" / f"{exercise.key}.ipynb"
    return solution if solution.is_file() else root / "notebooks" / f"{exercise.lesson}.ipynb"


def reference(exercise: Exercise, root: Path = ROOT) -> dict[str, str]:
    """The course's own right answer by cell id; empty where only a lesson holds the exercise."""
    path = home(exercise, root)
    if path.parent.name != "solutions":
        return {}
    return {cell["id"]: source_of(cell) for cell in _answer_cells(path)}


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell: nbformat allows a list of lines as well as one string."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _ids(exercise: Exercise, root: Path) -> tuple[str, ...]:
    path = home(exercise, root)
    found = tuple(cell["id"] for cell in _answer_cells(path))
    if path.parent.name != "solutions":  # a lesson has other cells that a learner fills in
        found = tuple(one for one in found if one == exercise.key.replace("_", "-"))
    if not found:
        raise ContentError(f"{shown(path)}: it has no answer cell for '{exercise.key}'.")
    return found


def _answer_cells(path: Path) -> Iterator[dict[str, Any]]:
    try:
        notebook = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ContentError(
            f"{shown(path)} is missing.\n    Make it: python -m course_support build"
        ) from None
    for cell in notebook["cells"]:
        if "answer" in cell["metadata"].get("tags", ()):
            yield cell
