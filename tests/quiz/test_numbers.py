"""course_support/quiz/numbers.py: a guess is judged by the number that was measured."""

import json
import re

import pytest

from course_support.content import ContentError
from course_support.quiz.bank import read_lesson
from course_support.quiz.numbers import LETTER, beside, is_near, read_number
from course_support.quiz.plain import PlainQuiz
from course_support.quiz.session import Session
from course_support.verdicts import Outcome

BANK = '''\
lesson = "09_topic"

[objectives]
waits = "Say how long it takes"

[[question]]
id = "how_long"
section = "why"
kind = "number"
level = "easy"
objective = "waits"
prompt = "How many times as long do three readers take?"
unit = "times"
beliefs = [{value = 3.0, why = "That is a queue.", misconception = "m1"}]
hints = ["Do the waits overlap?"]
steps = ["They overlap."]
quick_check = "Overlapping waits take one wait."
mistakes = ["Adding up."]
proof = """
assert all(not question.near(belief.value, 1.0) for belief in question.beliefs)
"""
'''


@pytest.fixture
def read(tmp_path):
    def read(text=BANK):
        path = tmp_path / "09_topic.toml"
        path.write_text(text, "utf-8")
        return read_lesson(path).questions

    return read


@pytest.fixture
def quiz(read):
    return PlainQuiz(Session(read(), "Why"))


def state(quiz):
    return quiz.session.state()["questions"]["how_long"]


@pytest.mark.parametrize(("typed", "value"), [("1.5", 1.5), ("1,5 s", 1.5), (3, 3.0), (".5", 0.5)])
def test_a_number_is_read_as_people_write_it(typed, value):
    assert read_number(typed) == value


@pytest.mark.parametrize("typed", ["", "soon", "-1", "0", True, None, "1e400", "nan"])
def test_what_is_no_number_above_zero_is_refused_in_words(typed):
    with pytest.raises(ValueError, match="Write one number above 0"):
        read_number(typed)


def test_a_guess_is_noted_and_can_be_changed_until_the_run(quiz):
    assert quiz.answer("3").outcome is Outcome.NOT_ATTEMPTED
    quiz.answer(1)
    assert state(quiz)["given"] == 1.0
    assert not state(quiz)["over"]
    assert "Noted: 1 times." in state(quiz)["feedback_html"]


def test_the_right_number_is_the_measured_one(quiz):
    quiz.answer(1)
    shown = quiz.measured(1.1)
    assert shown.verdict
    assert repr(shown) == "You said 1 times; it is 1.1 times."
    assert state(quiz)["outcome"] == "correct"


def test_a_wrong_guess_hears_the_reason_of_the_belief_behind_it(quiz):
    quiz.answer(3)
    assert "That is a queue." in repr(quiz.measured(1.04))
    assert "That is a queue." in state(quiz)["feedback_html"]


def test_the_guess_is_drawn_beside_the_measurement_and_said_in_words(quiz):
    quiz.answer(3)
    html = quiz.measured(1.04)._repr_html_()
    assert "aria-label='your guess 3 times, measured 1.04 times'" in html


def test_a_run_without_a_guess_shows_the_number_and_spoils_nothing(quiz):
    shown = quiz.measured(1.04)
    assert shown.verdict.outcome is Outcome.NOT_ATTEMPTED
    assert "No guess was made before" in repr(shown)
    assert not state(quiz)["over"]
    assert "1.04" not in json.dumps(quiz.session.state())


def test_a_guess_after_the_run_is_judged_at_once(quiz):
    quiz.measured(1.04)
    assert not quiz.answer(3)
    assert "That is a queue." in state(quiz)["feedback_html"]


def test_a_second_run_judges_the_same_guess_by_the_new_number(quiz):
    quiz.answer(3)
    quiz.measured(1.04)
    assert quiz.measured(2.9).verdict


def test_nothing_of_the_beliefs_is_sent_before_the_run(quiz):
    quiz.answer(3)
    sent = json.dumps([quiz.session.spec, quiz.session.state()])
    assert "queue" not in sent


def test_the_text_of_a_picture_is_escaped():
    assert "<b>" not in beside(1.0, 2.0, "<b>")


def test_nearness_is_a_share_of_the_right_number():
    assert is_near(0.8, 1.0, 0.25)
    assert not is_near(0.7, 1.0, 0.25)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("beliefs = [{value = 3.0", "beliefs = [{number = 3.0", "value, why and misconception"),
        ('why = "That is a queue."', 'why = " "', "a 'value' above 0 and a 'why'"),
        ('unit = "times"', 'unit = "times"\ntolerance = 2.0', "between 0 and 1"),
        ('unit = "times"', 'unit = "times"\nnumber = "one"', "'number' is a number"),
    ],
)
def test_a_number_that_cannot_be_judged_is_refused_with_its_place(read, old, new, words):
    with pytest.raises(ContentError, match=words) as refused:
        read(BANK.replace(old, new))
    assert "09_topic.toml, line 6, 'how_long'" in str(refused.value)


@pytest.mark.parametrize("unit", ["s", "times as long", "calls that were answered"])
def test_the_label_of_the_longest_bar_ends_in_the_picture(unit):
    picture = beside(1.19, 12.3, unit)
    texts = re.findall(r"<text x='([\d.]+)'[^>]*>([^<]+)<", picture)
    assert all(float(x) + LETTER * len(words) <= 480 for x, words in texts)
