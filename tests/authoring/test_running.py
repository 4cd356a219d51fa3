import nbformat
import pytest

from course_support.authoring.building import build
from course_support.authoring.running import check, run

EXERCISE = """# %% [markdown]
# # Exercise
# %%
from course_support.verdicts import Outcome, Verdict, report
answer = 41
# %%
outcome = Outcome.CORRECT if answer == 42 else Outcome.NOT_ATTEMPTED
report("ex01_first", [Verdict(outcome, "It answers")])
"""


@pytest.fixture
def course(tmp_path):
    """A course with one exercise, built; its check wants 42."""
    source = tmp_path / "solutions/source/ex01_first.py"
    source.parent.mkdir(parents=True)
    source.write_text(EXERCISE, "utf-8")
    build(root=tmp_path)
    return tmp_path


def notebook(path, *cells):
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path
    )
    return path


def test_check_prints_the_report_and_says_by_its_code_whether_all_is_correct(course, capsys):
    path = course / "exercises/ex01_first.ipynb"
    before = path.read_bytes()
    assert check(["ex01_first"], root=course) == 1
    out = capsys.readouterr().out
    assert "ex01_first: not attempted, 0 of 1 checks passed\n○ It answers (not attempted)" in out
    assert path.read_bytes() == before, "the learner's file is only read"

    path.write_text(path.read_text("utf-8").replace("41", "42"), "utf-8")
    assert check(root=course) == 0
    assert "ex01_first: correct, all visible checks passed (1 of 1)" in capsys.readouterr().out


def test_an_unknown_exercise_lists_the_known_ones(course):
    with pytest.raises(LookupError, match="no exercise 'ex1'. The exercises are: ex01_first"):
        check(["ex1"], root=course)


def test_a_missing_exercise_says_how_to_build_it(course, capsys):
    (course / "exercises/ex01_first.ipynb").unlink()
    assert check(root=course) == 1
    assert "python -m course_support build ex01_first" in capsys.readouterr().out


def test_an_exercise_whose_check_was_removed_is_not_correct(course, capsys):
    notebook(course / "exercises/ex01_first.ipynb", "1")
    assert check(root=course) == 1
    assert "has no check in it" in capsys.readouterr().out


def test_cells_after_an_error_are_run_and_the_error_is_told(tmp_path):
    found = run(notebook(tmp_path / "a.ipynb", "1 / 0", EXERCISE.replace("41", "42")))
    assert found.trouble == ("Code cell 1 raised ZeroDivisionError: division by zero",)
    assert [outcome for outcome, _ in found.reports] == ["correct"]


def test_cells_run_in_the_notebooks_folder(tmp_path):
    cell = f"from pathlib import Path\nassert Path.cwd() == Path({str(tmp_path)!r})"
    assert run(notebook(tmp_path / "a.ipynb", cell)).trouble == ()


def test_a_cell_that_never_ends_is_told_of(tmp_path):
    found = run(
        notebook(tmp_path / "a.ipynb", "import asyncio\nawait asyncio.Event().wait()"), timeout_s=1
    )
    assert found.trouble == ("A cell took longer than 1 s.",)


def test_a_kernel_that_dies_is_told_of(tmp_path):
    found = run(notebook(tmp_path / "a.ipynb", "import os\nos._exit(1)"))
    assert found.trouble == ("The kernel died.",)
