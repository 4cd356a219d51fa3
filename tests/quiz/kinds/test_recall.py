"""Free recall: when is it enough?"""

import pytest

from course_support.content import ContentError
from course_support.quiz.session import Session
from course_support.verdicts import Outcome


def test_three_quarters_of_the_list_are_enough(asked):
    question = asked("recall")
    assert question.judge([1, 2, 4]).seen == "3 of 4 recalled. Missing: point 3."
    assert question.judge([1, 2, 4]).outcome is Outcome.CORRECT
    less = question.judge([1, 2])
    assert less.outcome is Outcome.INCORRECT
    assert less.next_step == "Read the part “What is async” again."


def test_none_of_the_list_is_an_answer_too(asked):
    assert asked("recall").judge([]).seen == "0 of 4 recalled. Missing: points 1, 2, 3 and 4."
    assert asked("recall").judge(None).outcome is Outcome.NOT_ATTEMPTED


@pytest.mark.parametrize("strange", [[0], [5], ["1"], [True], [1.0], "Views"])
def test_points_are_named_by_their_numbers(asked, strange):
    with pytest.raises(ValueError, match="numbers from 1 to 4"):
        asked("recall").judge(strange)


def test_list_is_shown_once_it_was_turned_to_and_counts_only_then(asked):
    session = Session([asked("recall")])
    assert session.answer("recall_one", [1, 2, 3, 4]).outcome is Outcome.NOT_ATTEMPTED
    assert session.state()["questions"]["recall_one"]["back"] is None
    session.flip("recall_one")
    shown = session.state()["questions"]["recall_one"]["back"]
    assert shown == {"points_html": ["Views", "Middleware", "The <em>ORM</em>", "Signals"]}
    assert session.answer("recall_one", [1, 2, 3])


def test_list_has_a_few_points(asked):
    with pytest.raises(ContentError, match="2 to 10 lines, not 1"):
        asked("recall", ('["Views", "Middleware", "The *ORM*", "Signals"]', '["Views"]'))
