from pathlib import Path

import pytest

from course_support.authoring.borrowing import borrowed
from course_support.authoring.building import targets
from course_support.authoring.percent import parse, read_cells

LESSONS = [t.source for t in targets() if t.shown.startswith("notebooks/") and "00_" not in t.key]


def found(*cells):
    text = "\n".join(f"# %%{cell}" for cell in cells)
    return list(borrowed(parse(text, Path("notebooks/source/01_x.py"))))


def section(title):
    return f" [markdown]\n# ## {title}"


def test_a_section_may_use_what_the_beginning_or_itself_makes():
    assert not found("\nimport time", section("Why"), "\nx = 1", "\nprint(time.time(), x)")


def test_a_name_of_another_section_is_named_with_both_sections():
    ((line, words),) = found("\n", section("Why"), "\nx = 1", section("Cost"), "\nprint(x)")
    assert line == 10
    assert words.startswith("'Cost' uses x, which is made in 'Why'.")


def test_a_name_that_only_a_function_uses_counts_too():
    ((_, words),) = found("\n", section("Why"), "\nasync def view(request):\n    await ask()")
    assert "uses ask, which is made nowhere" in words


def test_names_of_a_function_are_its_own():
    assert not found("\n", section("Why"), "\ndef f(a):\n    b = [c for c in a]\n    return b")


def test_awaits_at_the_top_are_read():
    ((_, words),) = found("\n", section("Why"), "\nx = 1", section("Deep"), "\nawait x")
    assert "'Deep' uses x" in words


@pytest.mark.parametrize("source", LESSONS, ids=lambda source: source.stem)
def test_each_way_into_a_lesson_can_be_taken_alone(source):
    assert not list(borrowed(read_cells(source)))
