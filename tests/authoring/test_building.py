import json
from pathlib import Path

import nbformat
import pytest

from course_support.authoring.building import State, Target, build, reset, targets
from course_support.authoring.lint import MODES
from course_support.content import ContentError

START = """# %% [markdown]
# # Start here
#
# Go to [the first lesson](01_first.ipynb) and [its exercise](../exercises/ex01_first.ipynb).

# %%
x = 1
x
"""
LESSON = "# %% [markdown]\n# # First\n" + "".join(
    f"# %% [markdown]\n# ## {mode} (3 min)\n" for mode in MODES
)
EXERCISE = """# %% [markdown]
# # Exercise
# %% id="answer" tags=["answer"]
async def view(request):
    # solution
    return await answer()
    # starter
    raise NotImplementedError
    # end
# %% [markdown] tags=["solution"]
# Why this works.
# %%
check = 1
"""


@pytest.fixture
def course(tmp_path):
    """A course of a start page, one lesson and one exercise, not built yet."""
    write(tmp_path / "notebooks/source/00_start.py", START)
    write(tmp_path / "notebooks/source/01_first.py", LESSON)
    write(tmp_path / "solutions/source/ex01_first.py", EXERCISE)
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def sources(path):
    return [cell.source for cell in nbformat.read(path, 4).cells]


def work_in(path, source="my = 'answer'", cell=1):
    notebook = nbformat.read(path, 4)
    notebook.cells[cell].source = source
    nbformat.write(notebook, path)


def test_each_source_becomes_its_notebook_and_a_solution_two(course):
    summary = build(root=course)
    assert summary.ok, summary.lines
    built = sorted(path.relative_to(course).as_posix() for path in course.rglob("*.ipynb"))
    assert built == [
        "exercises/ex01_first.ipynb",
        "notebooks/00_start.ipynb",
        "notebooks/01_first.ipynb",
        "solutions/ex01_first.ipynb",
    ]


def test_exercise_has_the_starter_and_leaves_out_cells_of_the_solution(course):
    build(root=course)
    assert sources(course / "solutions/ex01_first.ipynb") == [
        "# Exercise",
        "async def view(request):\n    return await answer()",
        "Why this works.",
        "check = 1",
    ]
    assert sources(course / "exercises/ex01_first.ipynb") == [
        "# Exercise",
        "async def view(request):\n    raise NotImplementedError",
        "check = 1",
    ]


def test_cell_ids_are_the_authors_or_the_same_in_exercise_and_solution(course):
    build(root=course)
    exercise = nbformat.read(course / "exercises/ex01_first.ipynb", 4).cells
    solution = nbformat.read(course / "solutions/ex01_first.ipynb", 4).cells
    assert exercise[1].id == solution[1].id == "answer"
    assert exercise[2].id == solution[3].id
    assert len({cell.id for cell in solution}) == 4


def test_notebooks_are_plain_4_5_without_outputs(course):
    build(root=course)
    notebook = json.loads((course / "notebooks/00_start.ipynb").read_text("utf-8"))
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert notebook["cells"][1]["outputs"] == []
    assert notebook["cells"][1]["execution_count"] is None


def test_building_twice_writes_the_same_bytes_and_touches_nothing(course):
    build(root=course)
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in course.rglob("*")
        if path.is_file()
    }
    assert build(root=course).lines == ("Everything is built.",)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before}
    for path in course.rglob("*.ipynb"):
        path.unlink()
    build(root=course)
    assert all(path.read_bytes() == text for path, (text, _) in before.items())


def test_one_changed_line_changes_one_cell(course):
    build(root=course)
    path = course / "notebooks/00_start.ipynb"
    before = path.read_text("utf-8").splitlines()
    write(course / "notebooks/source/00_start.py", START.replace("x = 1", "x = 2"))
    build(root=course)
    after = path.read_text("utf-8").splitlines()
    changed = [line for line in after if line not in before]
    assert len(changed) == 2, "the line itself and the recorded hash"


def test_check_says_what_is_stale_and_writes_nothing(course):
    build(root=course)
    write(course / "notebooks/source/00_start.py", START.replace("x = 1", "x = 2"))
    (course / "solutions/ex01_first.ipynb").unlink()
    summary = build(write=False, root=course)
    assert not summary.ok
    assert [line.split(":")[0] for line in summary.lines] == [
        "notebooks/00_start.ipynb is stale",
        "solutions/ex01_first.ipynb is missing",
    ]
    assert "x = 1" in sources(course / "notebooks/00_start.ipynb")[1]
    build(root=course)
    assert build(write=False, root=course).ok


def test_a_learners_work_is_left_alone_and_told_how_to_start_again(course):
    build(root=course)
    path = course / "exercises/ex01_first.ipynb"
    work_in(path)
    before = path.read_bytes()
    assert "ex01_first.ipynb has your work in it" in build(write=False, root=course).lines[0]
    write(course / "solutions/source/ex01_first.py", EXERCISE.replace("check = 1", "check = 2"))
    summary = build(root=course)
    assert path.read_bytes() == before
    assert summary.lines[0] == (
        "exercises/ex01_first.ipynb has your work in it and was left alone.\n"
        "    To start again: python -m course_support reset ex01_first"
    )
    assert "solutions/ex01_first.ipynb built." in summary.lines


def test_outputs_and_an_empty_last_cell_are_not_work(course):
    build(root=course)
    path = course / "notebooks/00_start.ipynb"
    fresh = path.read_bytes()
    notebook = nbformat.read(path, 4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="1\n")]
    notebook.cells[1].execution_count = 3
    notebook.cells.append(nbformat.v4.new_code_cell(""))
    notebook.metadata.language_info = {"name": "python", "version": "3.11.2"}
    nbformat.write(notebook, path)
    assert not build(write=False, root=course).ok
    build(root=course)
    assert path.read_bytes() == fresh


def test_a_note_in_a_markdown_cell_is_work(course):
    build(root=course)
    work_in(course / "notebooks/00_start.ipynb", "# Start here\nmy note", cell=0)
    assert "has your work in it" in build(root=course).lines[0]


def test_work_that_says_what_the_new_source_says_is_not_kept_from_the_build(course):
    build(root=course)
    work_in(course / "notebooks/00_start.ipynb", "x = 2\nx")
    write(course / "notebooks/source/00_start.py", START.replace("x = 1", "x = 2"))
    assert build(root=course).lines == ("notebooks/00_start.ipynb built.",)


@pytest.mark.parametrize("text", ["{", "[]", '{"cells": 3}', "", "null", "\x00"])
def test_a_file_that_is_no_notebook_is_left_alone_and_said_so(course, text):
    path = course / "notebooks/00_start.ipynb"
    write(path, text)
    summary = build(root=course)
    assert path.read_text("utf-8") == text
    assert "notebooks/00_start.ipynb is not a notebook any more and was left" in summary.lines[0]
    assert not summary.ok


def test_a_notebook_from_elsewhere_is_somebodys_work(course):
    path = course / "notebooks/00_start.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("mine")]), path)
    assert "has your work in it" in build(root=course).lines[0]


def test_reset_keeps_the_learners_file_beside_the_new_one(course):
    build(root=course)
    path = course / "exercises/ex01_first.ipynb"
    fresh = path.read_bytes()
    for source in ("first try", "second try"):
        work_in(path, source)
        summary = reset("ex01_first", root=course)
        assert path.read_bytes() == fresh
    assert summary.lines[0] == "Your work is kept in exercises/ex01_first.mine2.ipynb."
    assert "first try" in sources(course / "exercises/ex01_first.mine.ipynb")
    assert "second try" in sources(course / "exercises/ex01_first.mine2.ipynb")


def test_reset_of_an_untouched_notebook_moves_nothing(course):
    build(root=course)
    assert reset("01_first", root=course).lines == ("notebooks/01_first.ipynb is as it was built.",)
    assert not list(course.rglob("*.mine*"))


def test_reset_takes_broken_files_aside_too(course):
    write(course / "notebooks/00_start.ipynb", "{")
    reset("00_start", root=course)
    assert (course / "notebooks/00_start.mine.ipynb").read_text() == "{"
    assert build(["00_start"], root=course).ok


def test_reset_of_a_solution_leaves_the_exercise(course):
    build(root=course)
    work_in(course / "exercises/ex01_first.ipynb")
    work_in(course / "solutions/ex01_first.ipynb")
    said = "\n".join(build(root=course).lines)
    assert "reset solutions/ex01_first" in said
    reset("solutions/ex01_first", root=course)
    assert "my = 'answer'" in sources(course / "exercises/ex01_first.ipynb")
    assert "my = 'answer'" not in sources(course / "solutions/ex01_first.ipynb")


def test_reset_moves_nothing_when_the_source_is_broken(course):
    build(root=course)
    work_in(course / "notebooks/00_start.ipynb")
    write(course / "notebooks/source/00_start.py", "no header")
    with pytest.raises(ContentError, match="line 1"):
        reset("00_start", root=course)
    assert "my = 'answer'" in sources(course / "notebooks/00_start.ipynb")


def test_a_broken_source_names_its_line_and_the_others_are_built(course):
    write(course / "notebooks/source/00_start.py", START + "# %% [code]\n")
    summary = build(root=course)
    assert not summary.ok
    assert "00_start.py, line 9: '[code]'" in summary.lines[0]
    assert (course / "notebooks/01_first.ipynb").exists()
    assert not (course / "notebooks/00_start.ipynb").exists()


def test_an_unknown_name_lists_the_known_ones(course):
    with pytest.raises(LookupError, match="'ex1'.*: 00_start, 01_first, ex01_first"):
        build(["ex1"], root=course)


def test_only_the_named_notebooks_are_built(course):
    build(["ex01_first"], root=course)
    assert not list((course / "notebooks").glob("*.ipynb"))
    assert len(list(course.rglob("*.ipynb"))) == 2


def test_a_write_that_fails_leaves_the_old_file_whole(course, monkeypatch):
    build(root=course)
    path = course / "notebooks/00_start.ipynb"
    before = path.read_bytes()
    write(course / "notebooks/source/00_start.py", START.replace("x = 1", "x = 2"))

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        build(root=course)
    assert path.read_bytes() == before
    assert not list(path.parent.glob(".*"))


def test_state_of_a_target(course):
    target = targets(course)[0]
    assert isinstance(target, Target)
    assert target.state(target.text()) is State.MISSING
    target.write(target.text())
    assert target.state(target.text()) is State.CURRENT
