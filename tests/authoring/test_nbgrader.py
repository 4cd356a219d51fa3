"""The exported course: nbgrader's rules one by one, and nbgrader itself where it is installed."""

import csv
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from course_support import cli
from course_support.authoring.building import targets
from course_support.authoring.nbgrader import assignment_text, export, with_regions
from course_support.content import ContentError
from course_support.grading.answers import answer_ids, reference
from course_support.grading.exercises import find
from course_support.grading.loading import packed, unpacked
from course_support.places import ROOT

EXERCISES = [target for target in targets() if target.part == "starter"]
KEYS = {"schema_version", "grade", "solution", "locked", "task", "grade_id", "points"}
KEY = "ex01_first_view"

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda target: target.name)


def roles(exercise):
    cells = json.loads(assignment_text(exercise))["cells"]
    found = [(cell, cell["metadata"].get("nbgrader")) for cell in cells]
    return [(cell, role) for cell, role in found if role]


@every_exercise
def test_metadata_is_what_nbgrader_allows(exercise):
    names = [role["grade_id"] for _, role in roles(exercise)]
    assert len(set(names)) == len(names)
    for _, role in roles(exercise):
        assert set(role) <= KEYS and role["schema_version"] == 3
        assert re.fullmatch(r"[a-zA-Z0-9_\-]+", role["grade_id"])
        assert ("points" in role) == role["grade"]


@every_exercise
def test_one_locked_test_cell_has_all_points(exercise):
    graded = [(cell, role) for cell, role in roles(exercise) if role["grade"] and role["locked"]]
    ((cell, role),) = graded
    assert cell["source"].startswith(f'await check("{exercise.name}"')
    assert role["points"] == find(exercise.name).points and role["locked"]


@every_exercise
def test_answer_cells_keep_their_ids_and_nothing_else_is_open(exercise):
    answers = [(cell, role) for cell, role in roles(exercise) if role["solution"]]
    answers = [(cell, role) for cell, role in answers if not role["grade"]]
    assert tuple(role["grade_id"] for _, role in answers) == answer_ids()[exercise.name]
    assert all(cell["id"] == role["grade_id"] and not role["locked"] for cell, role in answers)
    assert all("### BEGIN SOLUTION" in cell["source"] for cell, _ in answers)


@every_exercise
def test_what_a_person_marks_is_a_manually_graded_answer(exercise):
    found = [(cell, role) for cell, role in roles(exercise) if role["solution"] and role["grade"]]
    wanted = [(item.id, item.points) for item in find(exercise.name).manual]
    assert [(role["grade_id"], role["points"]) for _, role in found] == wanted
    for cell, _ in found:
        assert cell["cell_type"] == "markdown" and "### BEGIN SOLUTION" in cell["source"]


@every_exercise
def test_nothing_of_the_solution_is_outside_the_marks(exercise):
    text = assignment_text(exercise)
    assert "Why it is written this way" not in text and "](../" not in text


def test_solution_is_marked_and_the_rest_of_the_starter_is_a_comment():
    source = "def f():\n    # solution\n    x = 1\n    # starter\n    raise NotImplementedError\n"
    source += "    x = [\n        0,\n    ]\n    # end\n    return x"
    assert with_regions(source) == (
        "def f():\n    # x = [\n    #     0,\n    # ]\n"
        "    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\n    return x"
    )


HIDDEN = ROOT / "tests" / "samples" / "hidden"


def test_hidden_checks_stand_between_nbgraders_marks_and_are_tried_with_the_solution(tmp_path):
    assert export(tmp_path, [KEY], hidden=HIDDEN).ok
    text = (tmp_path / "source" / KEY / f"{KEY}.ipynb").read_text("utf-8")
    (cell,) = [cell for cell in json.loads(text)["cells"] if "HIDDEN TESTS" in cell["source"]]
    assert cell["metadata"]["nbgrader"]["points"] == find(KEY).points
    source = cell["source"]
    left = source[: source.index("### BEGIN")] + source[source.index("### END") :]
    assert left == f'hidden = ""\n### END HIDDEN TESTS\nawait check("{KEY}", site, hidden)'
    names = {}
    exec(source.rpartition("\n")[0], names)
    assert unpacked(names["hidden"]) == (HIDDEN / f"{KEY}.py").read_text("utf-8")
    assert "quiet" not in text


def test_hidden_check_that_does_not_hold_is_not_exported(tmp_path):
    (tmp_path / "mine").mkdir()
    text = "async def check_x(client, newswire):\n    'It is never so.'\n    assert False, 'no'\n"
    (tmp_path / "mine" / f"{KEY}.py").write_text(text, "utf-8")
    with pytest.raises(ContentError, match="It is never so"):
        export(tmp_path / "course", [KEY], hidden=tmp_path / "mine")
    assert not (tmp_path / "course").exists()


def test_damaged_hidden_checks_are_told_in_words():
    assert unpacked(packed("Ω")) == "Ω" and unpacked("") == ""
    for letters in ("x", "eNq=", packed("a" * 99)[:8]):
        with pytest.raises(ContentError, match="Write them anew"):
            unpacked(letters)


def test_file_of_a_teacher_is_left_alone(tmp_path):
    assert export(tmp_path, [KEY]).ok and export(tmp_path, [KEY]).ok
    path = tmp_path / "source" / KEY / f"{KEY}.ipynb"
    path.write_text("mine")
    again = export(tmp_path, [KEY])
    assert not again.ok and "left alone" in again.lines[1] and path.read_text() == "mine"


def test_command_writes_the_course_and_lists_the_exercises(tmp_path, capsys):
    assert cli.main(["export", "--nbgrader", str(tmp_path), KEY]) == 0
    assert (tmp_path / "nbgrader_config.py").exists()
    assert cli.main(["export", "--nbgrader", str(tmp_path), "ex1"]) == 1
    assert "The exercises are: ex01_first_view" in capsys.readouterr().err


def test_gradebook_without_nbgrader_says_what_to_install(tmp_path, monkeypatch):
    from course_support.grading.gradebook import push

    monkeypatch.setitem(sys.modules, "nbgrader.api", None)
    with pytest.raises(ContentError, match="pip install nbgrader"):
        push(tmp_path / "gradebook.db", None)


# The rest needs nbgrader, which is 108 packages and so in none of the locks.

WAY = (
    "nbgrader is not installed here. COURSE_NBGRADER=1 makes an environment with it for this "
    "test, COURSE_NBGRADER=PYTHON takes one that has it."
)
HALF = (ROOT / "tests" / "attempts" / KEY / "sync_view.py").read_text("utf-8")
LOST = "\n\nasync def headlines_again(request, then=headlines):\n    then(request)\n"
LOST += "    return await then(request)\n\n\n"
LOST += 'site.urlpatterns = [path("headlines/", headlines_again)]'


@pytest.fixture(scope="session")
def nbgrader_python(tmp_path_factory):
    """A Python that has nbgrader and what the course needs."""
    wanted = os.environ.get("COURSE_NBGRADER", "")
    if len(wanted) > 1:
        return Path(wanted)
    if importlib.util.find_spec("nbgrader"):
        return Path(sys.executable)
    if not wanted:
        pytest.skip(WAY)
    folder = tmp_path_factory.mktemp("nbgrader") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    locked = ["-r", ROOT / "requirements" / "course.lock"]
    for words in (["--require-hashes", *locked], ["nbgrader==0.9.6"]):
        subprocess.run([python, "-m", "pip", "install", "--quiet", *words], check=True)
    return python


@pytest.fixture(scope="session")
def nbgrader(nbgrader_python, tmp_path_factory):
    """A course of nbgrader with one assignment; `nbgrader("autograde", KEY)` runs it there."""
    return course_of_nbgrader(nbgrader_python, tmp_path_factory.mktemp("course"))


def course_of_nbgrader(nbgrader_python, folder, hidden=None):
    export(folder, [KEY], hidden=hidden)
    path = f"{nbgrader_python.parent}{os.pathsep}{os.environ['PATH']}"
    environ = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}

    def run(*words, module="nbgrader"):
        return subprocess.run(
            [nbgrader_python, "-m", module, *words],
            cwd=folder, env=environ, capture_output=True, text=True, check=True,
        )  # fmt: skip

    run.folder = folder
    run("generate_assignment", KEY, "--create")
    return run


def hand_in(folder, answers):
    release = json.loads((folder / "release" / KEY / f"{KEY}.ipynb").read_text("utf-8"))
    for student, source in answers.items():
        for cell in release["cells"]:
            if source and cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = source
        path = folder / "submitted" / student / KEY / f"{KEY}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(release), "utf-8")


def scores(nbgrader):
    nbgrader("export")
    with (nbgrader.folder / "grades.csv").open(encoding="utf-8") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nbgrader_itself_gives_our_points(nbgrader, tmp_path):
    """Every command of nbgrader, unchanged; then our own verdicts in its gradebook."""
    right = reference(find(KEY))["answer-headlines"]
    hand_in(nbgrader.folder, {"empty": "", "right": right, "half": HALF, "warned": right + LOST})
    nbgrader("autograde", KEY, "--create")
    assert scores(nbgrader) == {"right": 2.0, "half": 1.6, "empty": 0.0, "warned": 2.0}
    said = nbgrader("validate", f"submitted/right/{KEY}/{KEY}.ipynb")
    assert "passes all the tests" in said.stdout
    nbgrader("generate_feedback", KEY)
    page = nbgrader.folder / "feedback" / "half" / KEY / f"{KEY}.html"
    assert "verdict-report" in page.read_text("utf-8")
    words = ("grade", "submitted", "--out", str(tmp_path), "--unsafe")
    nbgrader(*words, module="course_support")
    with (tmp_path / "grades.csv").open(encoding="utf-8-sig") as file:
        ours = {row["student"]: float(row["points"]) for row in csv.DictReader(file)}
    assert ours == scores(nbgrader)


FITTED = """

inner = headlines


async def headlines(request):
    answer = await inner(request)
    return answer if b"Story" in answer.content else JsonResponse({"none": "today"}, status=404)


site.urlpatterns = [path("headlines/", headlines)]
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nbgrader_itself_strips_hidden_checks_runs_them_and_gives_our_points(
    nbgrader_python, tmp_path
):
    nbgrader = course_of_nbgrader(nbgrader_python, tmp_path / "course", hidden=HIDDEN)
    release = nbgrader.folder / "release" / KEY / f"{KEY}.ipynb"
    assert "HIDDEN" not in release.read_text("utf-8") and "eN" not in release.read_text("utf-8")
    right = reference(find(KEY))["answer-headlines"]
    hand_in(nbgrader.folder, {"right": right, "fitted": right + FITTED})
    said = nbgrader("validate", f"submitted/fitted/{KEY}/{KEY}.ipynb")
    assert "passes all the tests" in said.stdout
    nbgrader("autograde", KEY, "--create")
    assert scores(nbgrader) == {"right": 2.0, "fitted": 1.43}
    nbgrader("generate_feedback", KEY)
    page = (nbgrader.folder / "feedback" / "fitted" / KEY / f"{KEY}.html").read_text("utf-8")
    assert "0 of 2 hidden checks passed" in page and "quiet day" not in page
    words = ("grade", "submitted", "--out", str(tmp_path / "ours"), "--unsafe")
    words += ("--hidden", str(HIDDEN), "--gradebook", "gradebook.db")
    nbgrader(*words, module="course_support")
    with (tmp_path / "ours" / "grades.csv").open(encoding="utf-8-sig") as file:
        ours = {row["student"]: float(row["points"]) for row in csv.DictReader(file)}
    assert ours == scores(nbgrader) == {"right": 2.0, "fitted": 1.43}
    with sqlite3.connect(nbgrader.folder / "gradebook.db") as book:
        comments = str(book.execute("SELECT auto_comment FROM comment").fetchall())
    assert "0 of 2 hidden checks passed" in comments and "quiet" not in comments


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_our_verdicts_are_pushed_into_a_gradebook(nbgrader, tmp_path):
    shutil.rmtree(nbgrader.folder / "submitted", ignore_errors=True)
    hand_in(
        nbgrader.folder, {"pushed": (ROOT / "tests/attempts" / KEY / "sync_view.py").read_text()}
    )
    words = ("grade", "submitted", "--out", str(tmp_path), "--unsafe")
    nbgrader(*words, "--gradebook", "gradebook.db", module="course_support")
    assert scores(nbgrader)["pushed"] == 1.6
