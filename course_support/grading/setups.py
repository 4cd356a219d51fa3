"""Which cells stand around an answer? The course's own, as the exercise's notebook has them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course_support.content import ContentError, shown
from course_support.grading.exercises import Exercise
from course_support.places import EXERCISES, NOTEBOOKS


@dataclass(frozen=True)
class Cell:
    """A code cell of a notebook.

    Attributes:
        id: as in the `.ipynb`.
        number: from 1, as In[number] when all cells are run in a fresh kernel.
        source: for an answer cell, what the starter has in it.
    """

    id: str
    number: int
    source: str


@dataclass(frozen=True)
class Setup:
    """What is run before the answers, and where the answers stand.

    Attributes:
        before: the course's own cells, in order.
        answers: the answer cells, in order.
    """

    before: tuple[Cell, ...]
    answers: tuple[Cell, ...]


@cache
def setup_of(exercise: Exercise) -> Setup:
    """The cells of an exercise, up to its check.

    An exercise that stands inside a lesson gets a site and, of the cells before it, the imports,
    the plain functions and the constants: none of these takes time.

    Raises:
        ContentError: there is no notebook with a check of this exercise.
    """
    path = notebook_of(exercise)
    cells = list(_cells_until_check(path, exercise.key))
    if path.parent == EXERCISES:
        answers = tuple(cell for cell, tags in cells if "answer" in tags)
        before = tuple(cell for cell, tags in cells if "answer" not in tags)
    else:
        answers = _answers_of_lesson(cells, exercise.key)
        before = (Cell("lesson", 0, _beginning(cells)),)
    if not answers:
        raise ContentError(f"{shown(path)}: there is no answer cell before check('{exercise.key}')")
    return Setup(before, answers)


def notebook_of(exercise: Exercise) -> Path:
    """The notebook that a learner answers in: the exercise's own, or its lesson's."""
    own = EXERCISES / f"{exercise.key}.ipynb"
    return own if own.is_file() else NOTEBOOKS / f"{exercise.lesson}.ipynb"


def _cells_until_check(path: Path, key: str) -> Iterator[tuple[Cell, list[str]]]:
    number = 0
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        number += 1
        source = "".join(cell["source"])
        if f'check("{key}"' in source:
            return
        yield Cell(cell["id"], number, source), cell["metadata"].get("tags", [])
    raise ContentError(f"{shown(path)}: there is no cell with check('{key}', ...).")


def _answers_of_lesson(cells: list[tuple[Cell, list[str]]], key: str) -> tuple[Cell, ...]:
    wanted = key.replace("_", "-")
    return tuple(cell for cell, tags in cells if "answer" in tags and cell.id.startswith(wanted))


def _beginning(cells: list[tuple[Cell, list[str]]]) -> str:
    lines = ["from course_support import Site, newswire"]
    for cell, tags in cells:
        if "answer" not in tags:
            lines += [ast.unparse(one) for one in _harmless(cell.source)]
    return "\n".join([*dict.fromkeys(lines), "site = Site()"])


def _harmless(source: str) -> Iterator[ast.stmt]:
    """The statements of a cell that bind a name, and do nothing else."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a cell with a magic, or with a mistake shown on purpose
        return
    for one in tree.body:
        match one:
            case ast.Import() | ast.ImportFrom():
                yield one
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not one.decorator_list:
                if not (one.args.defaults or one.args.kw_defaults):
                    yield one
            case ast.Assign(targets=[ast.Name()], value=value) if _is_literal(value):
                yield one


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True
