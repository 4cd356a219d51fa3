"""The checks of an exercise, read from its file."""

import pytest

from course_support.content import ContentError
from course_support.grading.exercises import checks_file, find
from course_support.grading.loading import load_checks, title_of


def test_check_file_of_the_course_is_loaded_in_its_order():
    titles = [title_of(check) for check in load_checks(checks_file(find("ex01_first_view")))]
    assert titles[0] == "It answers 200 with the wire's JSON document"
    assert titles[-1] == "When the reader leaves, the call to the wire is dropped too"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no check in it"),
        ("async def check_x(client, newswire):\n    pass\n", "'check_x' is not an `async def`"),
        ("def check_x(client, newswire):\n    'Doc.'\n", "with a docstring"),
    ],
)
def test_check_file_that_is_not_well_formed_is_refused(tmp_path, text, words):
    path = tmp_path / "ex99.py"
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError, match=words):
        load_checks(path)
