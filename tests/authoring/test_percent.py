from pathlib import Path

import pytest

from course_support.authoring.percent import Cell, parse, read_cells
from course_support.content import ContentError

HERE = Path("notebooks/source/07_streams.py")


def test_cells_are_code_or_markdown_without_their_comment_signs():
    text = "# %% [markdown]\n# # Title\n#\n# Text\n\n# %%\nx = 1\n\nx\n"
    assert parse(text, HERE) == [
        Cell("markdown", "# Title\n\nText", 2),
        Cell("code", "x = 1\n\nx", 7),
    ]


def test_header_gives_a_cell_its_id_and_tags():
    (cell,) = parse('# %% id="answer-x" tags=["answer", "long one"]\nx = 1\n', HERE)
    assert (cell.id, cell.tags) == ("answer-x", ("answer", "long one"))


def test_markdown_cell_has_options_too():
    (cell,) = parse('# %% [markdown] tags=["solution"]\n# Why\n', HERE)
    assert (cell.kind, cell.source, cell.tags) == ("markdown", "Why", ("solution",))


def test_comments_above_the_first_cell_are_for_authors():
    assert [cell.source for cell in parse("# ruff: noqa\n\n# %%\n1\n", HERE)] == ["1"]


def test_an_empty_source_has_no_cells():
    assert parse("", HERE) == []


def test_an_indented_percent_line_is_text_of_its_cell():
    assert len(parse("# %%\nif x:\n    # %%\n    y = 1\n", HERE)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n# %%\n", "line 1: only comments"),
        ("# %%\n\n# %%[markdown]\n", r"line 3: '# %%\[markdown\]' is no header"),
        ("# %% [raw]\n", "line 1.*is no option of a cell"),
        ("# %% name='x'\n", 'Known are id="..." and tags='),
        ("# %% id='x'\n", "line 1: the value of id is not well-formed"),
        ('# %% id="a b"\n', "line 1: the id 'a b'"),
        ('# %% tags="answer"\n', "line 1: tags are a list"),
        ("# %% [markdown]\n# Text\nmore\n", "line 3: a line of a markdown cell begins"),
        ('# %% id="a"\n1\n# %% id="a"\n2\n', "line 4: the id 'a' is given to two cells"),
    ],
)
def test_a_mistake_names_file_and_line(text, words):
    with pytest.raises(ContentError, match=f"07_streams.py, {words}" if "line" in words else words):
        parse(text, HERE)


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "01_x.py").write_bytes(b"# %%\n'\xe9'\n")
    with pytest.raises(ContentError, match="01_x.py: not UTF-8"):
        read_cells(tmp_path / "01_x.py")
