"""Which cells of a notebook are answers or a person's to mark, and what does the course answer?"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from course_support.grading.exercises import Exercise, exercises
from course_support.grading.setups import notebook_of, setup_of
from course_support.places import SOLUTIONS


@cache
def answer_ids() -> dict[str, tuple[str, ...]]:
    """The ids of each exercise's answer cells, in their order, by the exercise's key.

    Raises:
        ContentError: a notebook of the course has no check of its exercise, or no answer cell.
    """
    return {
        key: tuple(cell.id for cell in setup_of(one).answers) for key, one in exercises().items()
    }


def manual_ids() -> dict[str, tuple[str, ...]]:
    """The ids of the cells that a person marks, by the exercise's key."""
    return {key: tuple(item.id for item in one.manual) for key, one in exercises().items()}


@cache
def given_texts(exercise: Exercise) -> dict[str, str]:
    """What the exercise's own notebook has in the cells that a person marks, by cell id."""
    return _texts(notebook_of(exercise), exercise)


@cache
def reference_texts(exercise: Exercise) -> dict[str, str]:
    """What the course itself wrote into them; empty where there is no such notebook."""
    path = SOLUTIONS / f"{exercise.key}.ipynb"
    return _texts(path, exercise) if path.is_file() else {}


def _texts(path: Path, exercise: Exercise) -> dict[str, str]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    wanted = {item.id for item in exercise.manual}
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["id"] in wanted}


@cache
def reference(exercise: Exercise) -> dict[str, str]:
    """The course's own right answer by cell id; empty where there is no such notebook."""
    path = SOLUTIONS / f"{exercise.key}.ipynb"
    if not path.is_file():
        return {}
    cells = json.loads(path.read_text("utf-8"))["cells"]
    found = {cell["id"]: "".join(cell["source"]) for cell in cells}
    return {one: found[one] for one in answer_ids()[exercise.key] if one in found}
