"""Predict the output: what counts as the same, and what is said of a difference?"""

import pytest

from course_support.content import ContentError
from course_support.verdicts import Outcome

RIGHT = "1\n4\n9\nend"


@pytest.mark.parametrize("typed", [RIGHT, f"\n{RIGHT}\n\n", "1  \n4\t\n9\nend   "])
def test_blanks_at_the_ends_do_not_count(asked, typed):
    assert asked("predict").judge(typed)


def test_blanks_at_the_beginning_of_a_line_count(asked):
    assert not asked("predict").judge("1\n 4\n9\nend")


def test_lines_that_differ_are_named_but_not_told(asked):
    verdict = asked("predict").judge("1\n5\n9\nEnd")
    assert verdict.seen == "Lines 2 and 4 differ."
    assert asked("predict").judge("1\n4\n9\n").seen == "It prints 4 lines, not 3."


def test_each_line_typed_is_marked(asked):
    assert asked("predict").places("1\n5\n9") == (True, False, True)
    assert asked("predict").places("1\n4\n9\nend\nmore")[3:] == (True, False)


def test_mistake_that_is_known_is_told_its_reason(asked):
    verdict = asked("predict").judge("1\n2\n3\nend")
    assert verdict.seen == "Lines 2 and 3 differ.\n\n`n * n` is printed, not `n`."


@pytest.mark.parametrize("nothing", [None, "", "  \n "])
def test_nothing_is_not_attempted(asked, nothing):
    assert asked("predict").judge(nothing).outcome is Outcome.NOT_ATTEMPTED


def test_answer_is_text(asked):
    with pytest.raises(TypeError, match="printed text as a string, not 3"):
        asked("predict").judge(3)


def test_known_mistake_is_not_the_right_output(asked):
    with pytest.raises(ContentError, match="holds wrong ones"):
        asked("predict", ('"1\\n2\\n3\\nend"', '"1\\n4\\n9\\nend"'))
