"""How is an answer judged?"""

from dataclasses import replace

import pytest

from course_support.quiz.questions import Option, Question
from course_support.verdicts import Outcome


def test_right_option_is_correct_and_gives_its_reason(choice):
    verdict = choice.judge("waits")
    assert verdict.outcome is Outcome.CORRECT
    assert verdict.seen == "It gives the loop back."
    assert verdict.next_step == ""


def test_wrong_option_is_told_its_own_reason(choice):
    verdict = choice.judge("blocks")
    assert verdict.outcome is Outcome.INCORRECT
    assert verdict.seen == "That is `time.sleep`."
    assert "choose another" in verdict.next_step


@pytest.mark.parametrize("nothing", [None, "", []])
def test_no_answer_is_not_attempted_rather_than_wrong(choice, blanks, card, nothing):
    for question in (choice, blanks, card):
        assert question.judge(nothing).outcome is Outcome.NOT_ATTEMPTED


def test_unknown_option_lists_the_options(choice):
    with pytest.raises(LookupError, match=r"no option 'sleeps'.*waits, blocks, nothing"):
        choice.judge("sleeps")


@pytest.mark.parametrize("junk", [3, True, {"waits": 1}, b"waits"])
def test_answer_of_another_type_is_refused_in_words(choice, blanks, junk):
    for question in (choice, blanks):
        with pytest.raises(TypeError, match="takes an option's key or a list"):
            question.judge(junk)


def test_choice_takes_one_option(choice):
    with pytest.raises(ValueError, match="one answer as a string"):
        choice.judge(["waits"])


def test_all_blanks_right_is_correct(blanks):
    assert blanks.judge(["async", "await"]).outcome is Outcome.CORRECT


def test_blanks_name_what_is_right_before_what_is_not(blanks):
    verdict = blanks.judge(["async", "yield"])
    assert verdict.outcome is Outcome.INCORRECT
    right, wrong = verdict.seen.split("\n\n")
    assert right == "Right: blank 1."
    assert wrong == "Blank 2, `yield`: A generator is no coroutine."


def test_right_option_in_the_wrong_blank_is_not_called_wrong(blanks):
    verdict = blanks.judge(["await", "async"])
    assert "Blank 1, `await`: It does not fit here." in verdict.seen


def test_empty_blank_is_named_and_not_judged(blanks):
    verdict = blanks.judge(["async", None])
    assert verdict.outcome is Outcome.NOT_ATTEMPTED
    assert verdict.seen == "Still empty: blank 2."


def test_blanks_want_one_option_each(blanks):
    with pytest.raises(ValueError, match="2 blanks: give a list of 2 options, not 1"):
        blanks.judge(["async"])


def test_unknown_option_in_a_blank_lists_the_options(blanks):
    with pytest.raises(LookupError, match="options are: yield, await, async"):
        blanks.judge(["async", "return"])


def test_option_is_placed_once_unless_it_may_be_reused(blanks):
    with pytest.raises(ValueError, match="once, not 'await' twice"):
        blanks.judge(["await", "await"])
    reusing = replace(blanks, reuse=True, answer=("await", "await"))
    assert reusing.judge(["await", "await"])


def test_two_copies_of_an_option_fit_the_same_blanks(blanks):
    copies = (Option("await", "await"), Option("await2", "await"))
    question = replace(blanks, options=copies, answer=("await", "await2"))
    assert question.judge(["await2", "await"])


def test_lone_blank_takes_a_lone_string(blanks):
    question = replace(blanks, code="{{0}} def nap(): pass", answer=("async",))
    assert question.judge("async")


def test_completed_code_holds_the_answer_or_the_given_texts(blanks):
    assert blanks.completed() == "async def nap():\n    await asyncio.sleep(0)\n"
    assert blanks.completed("a", "b") == "a def nap():\n    b asyncio.sleep(0)\n"


def test_completed_wants_a_text_for_each_blank(blanks):
    with pytest.raises(ValueError, match="2 blanks, not 1"):
        blanks.completed("async")


def test_card_is_answered_by_having_known_it(card):
    assert card.judge("knew")
    again = card.judge("again")
    assert again.outcome is Outcome.INCORRECT
    assert "“Waiting”" in again.next_step


@pytest.mark.parametrize("said", ["hard", "easy"])
def test_card_that_was_hard_or_easy_was_known(card, said):
    assert card.judge(said)


def test_card_lists_its_answers(card):
    with pytest.raises(LookupError, match="again, hard, knew, easy, not 'maybe'"):
        card.judge("maybe")


def test_code_without_blanks_is_complete():
    assert Question("x", "choice", "?", code="a = 1").completed() == "a = 1"
