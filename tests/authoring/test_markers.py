from pathlib import Path

import pytest

from course_support.authoring.markers import has_markers, keep
from course_support.authoring.percent import Cell
from course_support.content import ContentError

HERE = Path("solutions/source/ex03_x.py")
BOTH = """async def view(request):
    # solution
    return await answer()
    # starter
    raise NotImplementedError
    # end
"""


def code(source, line=10):
    return Cell("code", source, line, id="answer", tags=("answer",))


def test_each_part_keeps_its_lines_and_their_indentation():
    head = "async def view(request):\n"
    assert keep("solution", code(BOTH), HERE).source == head + "    return await answer()"
    assert keep("starter", code(BOTH), HERE).source == head + "    raise NotImplementedError"


def test_id_tags_and_line_stay():
    kept = keep("starter", code(BOTH), HERE)
    assert (kept.id, kept.tags, kept.line) == ("answer", ("answer",), 10)


def test_either_part_may_be_empty():
    cell = code("x = 1\n# solution\ny = 2\n# starter\n# end\nz = 3")
    assert keep("starter", cell, HERE).source == "x = 1\nz = 3"


def test_a_cell_has_as_many_pairs_as_it_needs():
    pair = "# solution\n{0}\n# starter\n-{0}\n# end\n"
    assert keep("starter", code(pair.format(1) + pair.format(2)), HERE).source == "-1\n-2"


def test_a_cell_without_markers_is_the_same_in_both():
    assert keep("starter", code("# a solution\nx = 1"), HERE).source == "# a solution\nx = 1"
    assert not has_markers(code("# a solution\nx = 1"))


def test_markdown_has_its_markers_in_html_comments():
    text = "## end\n<!-- solution -->\nDone\n<!-- starter -->\nTo do\n<!-- end -->"
    cell = Cell("markdown", text, 1)
    assert has_markers(cell)
    assert keep("starter", cell, HERE).source == "## end\nTo do"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# solution\n1\n# end", "line 12: 'end' where 'starter' comes next"),
        ("# starter\n1\n# end", "line 10: 'starter' where 'solution' comes next"),
        ("x\n# end", "line 11: 'end' where 'solution' comes next"),
        ("x\n# solution\n1", "line 11: no 'starter' follows"),
        ("x\n# solution\n1\n# starter\n", "line 11: no 'end' follows"),
        ("# solution\n# solution\n", "line 11: 'solution' where 'starter' comes next"),
    ],
)
def test_unbalanced_markers_name_file_and_line(source, words):
    with pytest.raises(ContentError, match=f"ex03_x.py, {words}"):
        keep("starter", code(source), HERE)
