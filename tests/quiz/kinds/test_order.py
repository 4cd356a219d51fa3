"""Put in order: which lines are said to stand right?"""

from dataclasses import replace

import pytest

from course_support.content import ContentError
from course_support.quiz.questions import Option, Question
from course_support.verdicts import Outcome


def in_order(*texts):
    """A question whose lines have their texts as keys, so that an order can be read."""
    options = tuple(Option(text, text) for text in texts)
    return Question("q", "order", "?", options=options, answer=tuple(texts))


def test_order_written_in_the_bank_is_correct_and_its_keys_do_not_tell_it(asked):
    question = asked("order")
    assert question.judge(list(question.answer))
    assert sorted(question.answer) == ["a", "b", "c", "d"]
    assert list(question.answer) != ["a", "b", "c", "d"]


def test_keys_never_stand_in_the_right_order(asked):
    for number in range(40):
        question = asked("order", ('"order_one"', f'"order_{number}"'))
        assert list(question.answer) != sorted(question.answer)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("bcda", 3), ("abdc", 3), ("dabc", 3), ("badc", 2), ("dcba", 1)],
)
def test_fewest_lines_are_to_be_moved(given, kept):
    question = in_order(*"abcd")
    places = question.places(list(given))
    assert sum(places) == kept
    rising = [key for key, right in zip(given, places, strict=True) if right]
    assert rising == sorted(rising)


def test_wrong_order_is_told_how_many_stand_right(asked):
    question = asked("order")
    first, *others = question.answer
    verdict = question.judge([*others, first])
    assert verdict.outcome is Outcome.INCORRECT
    assert verdict.seen == "3 of 4 lines stand in the right order."
    assert "Move the other 1 line" in verdict.next_step


def test_lines_that_are_alike_may_change_places():
    question = replace(
        in_order("a", "b", "c"),
        options=(Option("a", "x = 1"), Option("b", "y = 1"), Option("c", "x = 1")),
    )
    assert question.judge(["c", "b", "a"])
    assert not question.judge(["a", "c", "b"])


def test_each_line_is_given_once(asked):
    question = asked("order")
    with pytest.raises(ValueError, match="4 lines: give each key once.*a, b, c, d"):
        question.judge(["a", "b", "c"])
    with pytest.raises(ValueError, match="each key once"):
        question.judge(["a", "b", "c", "c"])


def test_completed_code_is_the_lines_in_order(asked):
    question = asked("order")
    assert question.completed().splitlines()[-1] == "print(third)"
    assert question.completed("b", "a") == "b\na"


def test_lines_of_code_compile_in_the_right_order(asked):
    with pytest.raises(ContentError, match="does not compile"):
        asked("order", ('text = "print(third)"', 'text = "print(third"'))


def test_lines_are_not_all_alike_and_not_too_many(asked):
    with pytest.raises(ContentError, match="at most 12"):
        asked("order", ("options = [", "options = [" + '{text = "x = 1"},' * 10))
    with pytest.raises(ContentError, match="at least 3 options, not 2"):
        asked(
            "order",
            ('  {text = "second = first + 1"},\n', ""),
            ('  {text = "third = first + second"},\n', ""),
        )
