"""What a learner reads in a notebook is what a teacher's `grade` says of that notebook's file.

A few attempts in real kernels; test_attempts.py compares all of them without one.
"""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest

from course_support.authoring.running import client_for
from course_support.grading.exercises import find
from course_support.grading.records import from_json
from course_support.grading.setups import setup_of
from course_support.places import EXERCISES, NOTEBOOKS, ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="grade needs Linux")

ATTEMPTS = (
    "ex01_first_view/one_at_a_time",
    "ex03_blocking_call/process_of_a_cells_function",  # a kernel's __main__ is in no file
    "fix01_three_awaits/notify_not_awaited",  # graded from its lesson's notebook
)


def file_of(key):
    """The notebook in which the exercise is checked."""
    own = EXERCISES / f"{key}.ipynb"
    return own if own.is_file() else NOTEBOOKS / f"{find(key).lesson}.ipynb"


def handed_in(attempt):
    """The notebook with the attempt in its answer cell, as a learner hands it in."""
    key = attempt.partition("/")[0]
    source = (ROOT / "tests" / "attempts" / f"{attempt}.py").read_text("utf-8")
    notebook = nbformat.read(file_of(key), as_version=4)
    (answer,) = (cell for cell in notebook.cells if cell.id == setup_of(find(key)).answers[0].id)
    answer.source = source
    return notebook


def read_by_a_learner(attempt):
    """The HTML below the check, when all cells down to it were run in a fresh kernel."""
    key = attempt.partition("/")[0]
    notebook = handed_in(attempt)
    client = client_for(notebook, file_of(key).parent, allow_errors=True)
    with client.setup_kernel():
        for at, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                client.execute_cell(cell, at)
                if f'check("{key}"' in cell.source:
                    (card,) = (one for one in cell.outputs if "text/html" in one.get("data", {}))
                    return card.data["text/html"]
    raise AssertionError(f"There is no check of {key}.")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The report of `grade` on each attempt, by the attempt."""
    folder = tmp_path_factory.mktemp("class")
    for number, attempt in enumerate(ATTEMPTS):
        path = folder / "in" / f"student{number}" / file_of(attempt.partition("/")[0]).name
        path.parent.mkdir(parents=True)
        nbformat.write(handed_in(attempt), path)
    command = [sys.executable, "-m", "course_support", "grade", "in", "--out", "out", "--unsafe"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    results = json.loads((folder / "out" / "grades.json").read_text("utf-8"))["results"]
    return {
        attempt: from_json(one["report"])
        for number, attempt in enumerate(ATTEMPTS)
        for one in results
        if (one["student"], one["exercise"]) == (f"student{number}", attempt.partition("/")[0])
    }


def steady(html):
    """Without the numbers at random that a check sends."""
    return re.sub(r"\b(0x)?[0-9a-f]{8,}\b", "RANDOM", html)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_learner_reads_in_the_notebook_what_grade_says_of_its_file(attempt, graded):
    assert steady(read_by_a_learner(attempt)) == steady(graded[attempt]._repr_html_())
