"""How long does a section of a lesson take a learner?

Nobody has been timed yet, so the minutes in the headings are an estimate by one rule, the same for
every lesson: 180 words of prose a minute, 12 lines of code a minute to read and run, for a question
the minutes of its kind (half a minute for a card, one for a choice, three for a repair), and for an
exercise the minutes of its entry in `exercises.toml`; rounded up. tests/test_notebooks.py compares
the headings with this rule.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

from course_support.authoring.percent import Cell, read_cells
from course_support.quiz.drawing import FIVE, TEN

WORDS_A_MINUTE = 180
CODE_LINES_A_MINUTE = 12
HEADING = re.compile(r"^## (\w+)(?: \((\d+) min\))?$", re.MULTILINE)
QUIZ = re.compile(r"^(?:\w+ = )?quiz(?:[.](\w+))?\((.+)\)$", re.MULTILINE)
# Drawn anew each time: a minute a question, whatever its kind.
DRAWN_MIN = {"test": sum(TEN.values()), "challenge": sum(FIVE.values())}
EXERCISE = re.compile(r'check\("(\w+)"|exercises/(\w+)\.ipynb')


def stated(source: Path) -> dict[str, int]:
    """The minutes that the headings of a lesson state, by the heading's first word."""
    text = "\n".join(cell.source for cell in read_cells(source) if cell.kind == "markdown")
    return {name: int(minutes) for name, minutes in HEADING.findall(text) if minutes}


def estimated(source: Path) -> dict[str, int]:
    """The minutes by the rule, for each section whose heading states some."""
    sections = dict(_sections(read_cells(source)))
    return {name: math.ceil(sum(map(_minutes, sections[name]))) for name in stated(source)}


def _sections(cells: list[Cell]) -> Iterator[tuple[str, list[Cell]]]:
    section: list[Cell] = []
    for cell in cells:
        if found := cell.kind == "markdown" and HEADING.search(cell.source):
            yield found[1], (section := [])
        section.append(cell)


def _minutes(cell: Cell) -> float:
    exercise = sum(_exercise_min(a or b) for a, b in EXERCISE.findall(cell.source))
    if cell.kind == "markdown":
        return len(cell.source.split()) / WORDS_A_MINUTE + exercise
    lines = [line for line in cell.source.splitlines() if line.strip()]
    asked = sum(_quiz_min(form, arguments) for form, arguments in QUIZ.findall(cell.source))
    return len(lines) / CODE_LINES_A_MINUTE + asked + exercise


def _quiz_min(form: str, arguments: str) -> float:
    from course_support.quiz.bank import lesson

    if form in DRAWN_MIN:
        return DRAWN_MIN[form]
    name, *which = re.findall(r'"([^"]+)"', arguments)
    if form == "due":
        return sum(q.form.minutes for q in lesson(name).questions if q.kind == "card")
    return sum(question.form.minutes for question in lesson(name).chosen(*which))


def _exercise_min(key: str) -> float:
    from course_support.grading.exercises import exercises

    return exercises()[key].minutes
