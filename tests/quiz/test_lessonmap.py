"""What is said of each question of a lesson?"""

import pytest

from course_support import progress
from course_support.quiz.bank import Lesson
from course_support.quiz.lessonmap import lesson_map
from course_support.quiz.progress import Store
from course_support.quiz.questions import Question
from course_support.quiz.tallies import tallies


@pytest.fixture
def mine(tmp_path):
    return Store(tmp_path / "progress.sqlite3")


def ask(key, section, kind="choice", prompt="What **is** `await`?"):
    return Question(id=key, kind=kind, prompt=prompt, lesson="01_first", section=section)


LESSON = Lesson(
    "01_first",
    {"wait": "Wait"},
    (
        ask("card", "recall", kind="card"),
        ask("a", "why"),
        ask("b", "why", prompt="A long story. " * 20),
        ask("t", "test"),
        ask("u", "test", prompt="Secret"),
    ),
)


def seen(mine):
    return lesson_map(LESSON, tallies(mine))


def test_questions_stand_in_the_order_of_the_ways_in(mine):
    assert [line.question.id for line in seen(mine).lines] == ["a", "b", "card", "t", "u"]


def test_the_last_answer_counts_and_all_are_counted(mine):
    for outcome in ("incorrect", "correct", "incorrect"):
        mine.record(kind="answer", key="a", outcome=outcome)
    mine.record(kind="card", key="card", outcome="correct")
    first, second, third, *_ = seen(mine).lines
    assert (first.words, first.times) == ("wrong", "3 times")
    assert (second.words, second.times) == ("open", "")
    assert (third.words, third.times) == ("known", "once")
    assert repr(seen(mine)) == "<Progress in 01_first: 2 of 5 questions and cards answered>"


def test_what_the_test_will_ask_is_kept_back(mine):
    mine.record(kind="answer", key="t", outcome="correct")
    found = seen(mine)
    for view in (found.text(), found._repr_html_()):
        assert "Kept back for the test: 1." in view
        assert "Secret" not in view


def test_a_long_question_is_cut_between_words(mine):
    line = seen(mine).lines[1]
    assert line.asked.endswith(" …")
    assert len(line.asked) <= 102
    assert seen(mine).lines[0].asked == "What is `await`?"


def test_the_list_of_a_real_lesson_is_a_table_with_links(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite3"))
    found = progress("01")
    html = found._repr_html_()
    assert html.count("<tr>") == len(found.shown) + 1
    assert "/01_first_async_view.ipynb#Why-(" in html
    assert "<code>" in html
    assert found.text().startswith("A view that waits\n○ why        open")


def test_an_unknown_lesson_lists_the_known_ones():
    with pytest.raises(LookupError, match="'99'. The lessons are: 00_start_here, 01_first"):
        progress("99")
