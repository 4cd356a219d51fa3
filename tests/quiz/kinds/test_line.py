"""Find the line: which lines are right, and what is said of the others?"""

import pytest

from course_support.content import ContentError
from course_support.verdicts import Outcome


@pytest.mark.parametrize("given", [3, "3", 3.0, "time.sleep(1)", "    time.sleep(1)"])
def test_line_is_named_by_its_number_or_its_text(asked, given):
    verdict = asked("line").judge(given)
    assert verdict.outcome is Outcome.CORRECT
    assert verdict.seen == "It holds the loop."


def test_tempting_line_has_its_own_reason(asked):
    assert asked("line").judge(2).seen == "A dictionary waits for nothing."


def test_any_other_line_is_just_not_the_one(asked):
    verdict = asked("line").judge(4)
    assert (verdict.outcome, verdict.seen) == (Outcome.INCORRECT, "Line 4 does not cause it.")


@pytest.mark.parametrize(
    "strange", [0, 5, -1, 2.5, True, "seven", [3], float("inf"), float("nan"), {"line": 3}]
)
def test_what_is_no_line_is_refused_in_words(asked, strange):
    with pytest.raises(ValueError, match="the number of a line, 1 to 4"):
        asked("line").judge(strange)


def test_empty_line_cannot_be_meant(asked):
    question = asked("line", ("    return Http", "\n    return Http"))
    with pytest.raises(ValueError, match="number of a line"):
        question.judge(4)


def test_option_is_a_line_that_stands_there_once(asked):
    with pytest.raises(ContentError, match=r"`time.sleep\(1\)` stands in the code 0 times"):
        asked("line", ("    time.sleep(1)\n", "    time.sleep(2)\n"))
    with pytest.raises(ContentError, match=r"`time.sleep\(1\)` stands in the code 2 times"):
        asked("line", ("    time.sleep(1)\n", "    time.sleep(1)\n" * 2))


def test_wrong_and_right_lines_are_both_there(asked):
    with pytest.raises(ContentError, match="at least one line has right = true"):
        asked("line", ("right = true, ", ""))


def test_text_form_numbers_the_lines(asked):
    assert " 3      time.sleep(1)" in asked("line").form.code(asked("line"))
