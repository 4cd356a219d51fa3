"""Repair: is code judged by what it does, and does the kernel get out of it?"""

import pytest

from course_support.content import ContentError
from course_support.verdicts import Outcome

REPAIRED = "async def add(one, other):\n    return one + other\n"


def test_repaired_code_is_correct_however_it_is_written(asked):
    assert asked("repair").judge(REPAIRED)
    assert asked("repair").judge("async def add(*numbers):\n    return sum(numbers)")


def test_wrong_code_is_told_the_judges_words(asked):
    verdict = asked("repair").judge(REPAIRED.replace("+", "*"))
    assert (verdict.outcome, verdict.seen) == (Outcome.INCORRECT, "1 and 1 make 2 here.")


def test_code_as_it_was_is_not_judged(asked):
    question = asked("repair")
    verdict = question.judge(question.code + "   \n")
    assert (verdict.outcome, verdict.seen) == (Outcome.NOT_ATTEMPTED, "This is the code as it was.")


def test_code_that_is_no_python_yet_is_not_counted(asked):
    verdict = asked("repair").judge("async def add(one, other)\n    return 1")
    assert verdict.outcome is Outcome.NOT_ATTEMPTED
    assert "Not Python yet: expected ':', in line 1." in verdict.seen


def test_code_is_text(asked):
    with pytest.raises(TypeError, match="takes code as a string"):
        asked("repair").judge(["x = 1"])


def test_judge_asserts_something(asked):
    with pytest.raises(ContentError, match="'judge' asserts nothing"):
        asked(
            "repair",
            ('assert await add(1, 1) == 2, "1 and 1 make 2 here."\n', "await add(1, 1)\n"),
            ('assert await add(2, 3) == 5, "2 and 3 make 5 here."\n', ""),
        )
