"""Do the notebooks, exercises and solutions hold together, each run twice in one kernel?"""

import copy
import json
import re
from functools import cache

import nbformat
import pytest

from course_support.authoring.building import build, targets
from course_support.authoring.running import client_for
from course_support.places import ROOT

TARGETS = targets()
REPORT = re.compile(r"<Report \w+: ([a-z ]+), (?:\d+ of|all visible) [^>]*passed[^>]*>")
# A cell whose lesson is a warning has this tag.
WARNS = "shows-warning"
LEAKS = re.compile(r"Warning: |never retrieved|never awaited")
# Runs last: what nobody awaited or looked at is said when it is collected.
COLLECT = "import asyncio as _a, gc as _gc\nawait _a.sleep(0)\n_ = _gc.collect()"

every_notebook = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.shown)


@pytest.fixture(autouse=True)
def not_a_learners(request, left_alone):
    if "target" in request.fixturenames:
        left_alone(request.getfixturevalue("target").path)


@cache
def two_passes(path):
    """The code cells of the notebook after each of two passes in one kernel."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(COLLECT))
    code = [(at, cell) for at, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = client_for(notebook, path.parent, timeout=60, allow_errors=True)
    passes = []
    with client.setup_kernel():
        for _ in range(2):
            for at, cell in code:
                client.execute_cell(cell, at)
            passes.append(copy.deepcopy([cell for _, cell in code]))
    return passes


def outputs(path, kind):
    """The outputs of this type from both passes, each with its cell."""
    for number, cells in enumerate(two_passes(path), start=1):
        for cell in cells:
            for output in cell.outputs:
                if output.output_type == kind:
                    yield f"pass {number}, cell:\n{cell.source}", cell, output


@every_notebook
def test_notebook_is_what_its_source_says(target, left_alone):
    left_alone(target.path, outputs=True)
    summary = build([target.key], write=False)
    ours = [line for line in summary.lines if target.shown in line or target.source.name in line]
    assert not ours, "\n".join(ours)


@every_notebook
def test_notebook_is_committed_without_outputs(target, left_alone):
    left_alone(target.path, outputs=True)
    notebook = json.loads(target.path.read_text("utf-8"))
    assert "widgets" not in notebook["metadata"]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)


@every_notebook
def test_notebook_runs_twice_in_one_kernel(target):
    for where, cell, output in outputs(target.path, "error"):
        traceback = "\n".join(output.traceback)
        assert "raises-exception" in cell.metadata.get("tags", []), f"{where}\n{traceback}"


@every_notebook
def test_notebook_leaves_nothing_unawaited_and_warns_of_nothing(target):
    leaks = []
    for where, cell, output in outputs(target.path, "stream"):
        meant = WARNS in cell.metadata.get("tags", [])
        if output.name == "stderr" and LEAKS.search(output.text) and not meant:
            leaks.append(f"{where}\n{output.text}")
    assert not leaks, "\n".join(leaks)


@every_notebook
def test_a_cell_tagged_for_its_warning_warns(target):
    for cell in two_passes(target.path)[0]:
        if WARNS in cell.metadata.get("tags", []):
            said = "".join(output.get("text", "") for output in cell.outputs)
            assert LEAKS.search(said), f"no warning from the cell:\n{cell.source}"


@every_notebook
def test_a_cell_tagged_for_its_exception_raises(target):
    for cells in two_passes(target.path):
        for cell in cells:
            if "raises-exception" in cell.metadata.get("tags", []):
                kinds = [output.output_type for output in cell.outputs]
                assert "error" in kinds, f"nothing raised by the cell:\n{cell.source}"


@pytest.mark.parametrize(
    "target", [t for t in TARGETS if t.part], ids=[t.shown for t in TARGETS if t.part]
)
def test_starters_are_not_attempted_and_solutions_are_correct(target):
    wanted = "correct" if target.part == "solution" else "not attempted"
    found = [
        REPORT.fullmatch(output.data["text/plain"])
        for _, _, output in outputs(target.path, "execute_result")
        if output.data.get("text/plain", "").startswith("<Report ")
    ]
    assert len(found) >= 2, "each pass has the report of a check cell"
    assert [match and match[1] for match in found] == [wanted] * len(found)


def test_no_notebook_is_without_a_source():
    built = {target.path for target in TARGETS}
    folders = ("notebooks", "exercises", "solutions")
    there = {path for folder in folders for path in (ROOT / folder).glob("*.ipynb")}
    assert {path for path in there if ".mine" not in path.name} == built
