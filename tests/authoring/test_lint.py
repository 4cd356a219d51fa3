import re
from pathlib import Path

import pytest

from course_support.authoring.lint import MODES, problems
from course_support.authoring.percent import parse

SOURCE = Path("notebooks/source/01_x.py")


def found(text, folder=Path("nowhere"), built=(), modes=False):
    return problems(parse(text, SOURCE), SOURCE, folder, built, modes=modes)


def markdown(*lines):
    return "# %% [markdown]\n" + "".join(f"# {line}\n" for line in lines)


def lesson(names=MODES, minutes=" (3 min)"):
    return markdown("# T", *(f"## {name}{minutes}" for name in names), "## What you have now")


def test_a_sound_notebook_has_no_problems():
    text = markdown("# T", "## S", "[a](#S) [b](https://example.org/x) ![words](data:x)")
    assert found(text + "# %%\nx = await f()\nx\n") == []


def test_a_lesson_with_its_ten_modes_has_no_problems():
    assert found(lesson(), modes=True) == []


def test_a_lesson_without_a_mode_names_those_it_has():
    (problem,) = found(lesson(MODES[:3]), modes=True)
    assert problem.endswith("found: Why, Learn, Visualize.")


def test_modes_are_in_order():
    (problem,) = found(lesson((*MODES[1:], "Why")), modes=True)
    assert "the sections of a lesson are Why, Learn" in problem


def test_a_mode_says_its_minutes():
    problems_ = found(lesson(minutes=""), modes=True)
    assert len(problems_) == len(MODES)
    assert "write the minutes: '## Why (3 min)'" in problems_[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (markdown("text"), "line 1: a notebook has one title"),
        (markdown("# A", "# B"), "line 3: a notebook has one title"),
        (markdown("# A", "### B"), "line 3: 'B' jumps from level 1 to level 3"),
        (markdown("# A", "![](data:x)"), "line 3: the image data:x has no text"),
        (markdown("# A", "[x](02_y.ipynb)"), "line 3: the link to 02_y.ipynb leads nowhere"),
        (markdown("# A", "![x](02_y.png)"), "line 3: the link to 02_y.png leads nowhere"),
        (markdown("# A", "[x](#b)"), "line 3: no heading here has the anchor #b"),
        (markdown("# A") + "# %%\nawait f();\n", "line 4: nbval prints what stands before"),
        (markdown("# A") + "# %%\n\nx;  # quiet\n", "line 5: nbval prints"),
        (markdown("# A") + '# %% tags=["solutions"]\n1\n', "line 4: there is no tag 'solutions'"),
        (markdown("# A") + "# %%\nOut[2]\n", r"line 4: Out\[...\] is another cell's"),
        (markdown("# A") + "# %%\nx = 1\ndef f(:\n", "line 5: not Python: "),
    ],
)
def test_a_problem_names_its_line(text, words):
    (problem,) = found(text)
    assert re.search(f"01_x.py, {words}", problem)


def test_code_in_prose_is_not_read_as_markdown():
    fence = markdown("# A", "```python", "# not a heading", "[x](nowhere)", "```")
    assert found(fence + markdown("`[x](nowhere)`")) == []


def test_a_semicolon_in_a_string_or_between_statements_is_no_trailing_one():
    assert found(markdown("# A") + '# %%\nx = "a;"\ny = 1; z = 2\n') == []


def test_code_that_is_wrong_on_purpose_or_magic_is_not_read():
    text = markdown("# A") + '# %% tags=["raises-exception"]\ndef f(:\n# %%\n%%time\n'
    assert found(text) == []


def test_links_may_lead_to_files_and_to_notebooks_that_will_be_built(tmp_path):
    (tmp_path / "a b.png").touch()
    text = markdown("# A", "![words](a%20b.png) [c](<a b.png>) [d](../exercises/ex01.ipynb#Task)")
    built = [(tmp_path / "../exercises/ex01.ipynb").resolve()]
    assert found(text, tmp_path, built) == []
