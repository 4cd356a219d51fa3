"""Choose all that apply: what is said of too many, too few, and both?"""

import pytest

from course_support.content import ContentError
from course_support.verdicts import Outcome


def test_all_that_apply_in_any_order_are_correct(asked):
    question = asked("choices")
    assert question.judge(["group", "gather"])
    assert question.judge(("gather", "group"))


def test_wrong_one_is_told_its_reason_and_a_missing_one_is_only_counted(asked):
    verdict = asked("choices").judge(["gather", "sleep"])
    assert verdict.outcome is Outcome.INCORRECT
    assert verdict.seen.split("\n\n") == [
        "1 of the 2 options chosen fits.",
        "`time.sleep`: It holds the loop.",
        "1 more belongs to the answer.",
    ]
    assert "group" not in verdict.seen


def test_too_few_say_nothing_but_how_many_are_missing(asked):
    verdict = asked("choices").judge("gather")
    assert verdict.seen == "1 of the 1 option chosen fits.\n\n1 more belongs to the answer."
    assert "what is missing" in verdict.next_step


def test_answer_is_kept_in_the_order_shown_so_that_another_order_is_no_other_answer(asked):
    question = asked("choices")
    assert question.read(["group", "gather"]) == question.read(["gather", "group"])


def test_each_chosen_one_is_marked(asked):
    question = asked("choices")
    given = question.read(["wait", "gather"])
    assert dict(zip(given, question.places(given), strict=True)) == {"gather": True, "wait": False}


def test_unknown_option_lists_the_options(asked):
    with pytest.raises(LookupError, match="no option 'loop'.*gather"):
        asked("choices").judge(["gather", "loop"])


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_not_attempted(asked, nothing):
    assert asked("choices").judge(nothing).outcome is Outcome.NOT_ATTEMPTED


def test_some_options_are_wrong(asked):
    with pytest.raises(ContentError, match="4 of 4 have it"):
        asked(
            "choices",
            ('row", why', 'row", right = true, why'),
            ('sleep`", ', 'sleep`", right = true, '),
        )


def test_wrong_option_has_its_reason(asked):
    with pytest.raises(ContentError, match="'sleep' is wrong and has no 'why'"):
        asked("choices", (', why = "It holds the loop."', ""))
