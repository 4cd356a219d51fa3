"""course_support/quiz/results.py: the verdict on each objective, on hand-made answers."""

import pytest

from course_support.quiz.questions import Question
from course_support.quiz.results import ENOUGH, RULE, STRONG, WEIGHTS, Answered, Level, result


def answered(level, right, objective="wait", in_time=True):
    return Answered(Question("q", "choice", "?", level=level, objective=objective), right, in_time)


def verdict(*answers):
    (part,) = result([answered(*one) for one in answers], ["wait"]).parts
    return part.level


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ([("easy", True), ("hard", True)], Level.STRONG),
        ([("easy", False), ("medium", True), ("hard", True)], Level.STRONG),  # 5 of 6
        ([("medium", False), ("medium", True), ("hard", True)], Level.GETTING_THERE),  # 5 of 7
        ([("easy", False), ("easy", True)], Level.GETTING_THERE),  # 1 of 2
        ([("easy", True), ("hard", False)], Level.WEAK),  # 1 of 4
        ([("medium", False)], Level.WEAK),
    ],
)
def test_points_are_weighed_by_level(answers, level):
    assert verdict(*answers) == level


def test_one_question_is_too_little_for_strong():
    assert verdict(("hard", True)) == Level.GETTING_THERE


def test_exactly_four_fifths_is_strong():
    assert verdict(("easy", False), ("easy", True), ("hard", True)) == Level.STRONG


def test_parts_come_in_the_order_of_the_objectives_and_without_those_not_asked():
    found = result([answered("easy", True, "b"), answered("easy", False, "a")], ["a", "none", "b"])
    assert [part.key for part in found.parts] == ["a", "b"]
    assert (found.right, found.total) == (1, 2)


def test_a_late_answer_counts_for_the_verdict_and_not_for_a_perfect_score():
    on_time = result([answered("easy", True), answered("hard", True)], ["wait"])
    late = result([answered("easy", True), answered("hard", True, in_time=False)], ["wait"])
    assert on_time.perfect and not late.perfect
    assert (late.right, late.late) == (2, 1)
    assert late.parts[0].level == Level.STRONG


def test_the_rule_that_learners_read_has_the_numbers_of_the_code():
    assert WEIGHTS == {"easy": 1, "medium": 2, "hard": 3}
    assert (STRONG, ENOUGH) == (0.8, 2)
    for words in ("weighs 1 point, a medium one 2, a hard one 3", "80 %", "at least two", "half"):
        assert words in RULE
