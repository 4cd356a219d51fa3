"""Match pairs: what is said of a pair that does not fit?"""

import pytest

from course_support.content import ContentError
from course_support.verdicts import Outcome


def key_of(question, text):
    return next(option.key for option in question.options if text in option.text)


def test_each_left_side_with_its_right_side_is_correct(asked):
    question = asked("match")
    given = [key_of(question, "Write `await`"), key_of(question, "async def")]
    assert question.judge(given)
    assert given == list(question.answer)


def test_side_that_fits_nowhere_is_told_its_reason(asked):
    question = asked("match")
    given = [key_of(question, "Write `await`"), key_of(question, "Restart")]
    verdict = question.judge(given)
    assert verdict.outcome is Outcome.INCORRECT
    assert verdict.seen == "Right: pair 1.\n\nPair 2: Nothing is broken there."


def test_side_that_fits_elsewhere_does_not_give_its_reason_away(asked):
    question = asked("match")
    verdict = question.judge(list(question.answer[::-1]))
    assert verdict.seen == "Pair 1: It fits another one.\n\nPair 2: It fits another one."


def test_half_an_answer_is_named_and_not_judged(asked):
    question = asked("match")
    verdict = question.judge([question.answer[0], None])
    assert (verdict.outcome, verdict.seen) == (Outcome.NOT_ATTEMPTED, "Still empty: pair 2.")


def test_a_right_side_is_used_once(asked):
    question = asked("match")
    with pytest.raises(ValueError, match="can be used once"):
        question.judge([question.answer[0]] * 2)
    with pytest.raises(ValueError, match="has 2 pairs: give a list of 2 options, not 1"):
        question.judge("a")


def test_pair_has_both_sides_and_a_reason(asked):
    with pytest.raises(ContentError, match="a pair has no 'why'"):
        asked("match", (', why = "It was only called."', ""))
    with pytest.raises(ContentError, match="unknown key 'wrong' in a pair.*left, right, why"):
        asked("match", ('why = "It was', 'wrong = "It was'))
    with pytest.raises(ContentError, match="stands on one side twice"):
        asked("match", ("Write `async def`", "Write `await`"))
