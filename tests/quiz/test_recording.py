"""Which answers, checks and hints leave a row in the learner's progress?"""

import threading

import pytest

from course_support import hint, quiz
from course_support.grading import exercises
from course_support.quiz import bank, recording
from course_support.quiz.progress import store
from course_support.quiz.questions import Question
from course_support.quiz.recall import Deck
from course_support.quiz.session import Session
from course_support.quiz.widgets import QuizWidget
from course_support.verdicts import Outcome, Verdict, report


@pytest.fixture(autouse=True)
def mine(monkeypatch, tmp_path):
    """A progress file of this test's own."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite3"))
    return store()


@pytest.fixture
def told():
    return []


@pytest.fixture
def session(choice, blanks, card, told):
    return Session([choice, blanks, card], recorder=lambda *what: told.append(what[1:]))


def outcomes(told):
    return [(given, str(verdict.outcome), *rest) for given, verdict, *rest in told]


def test_each_counted_answer_is_told_once(session, told):
    session.answer("meaning", "blocks")
    session.answer("meaning", "blocks")
    session.hint("meaning")
    session.answer("meaning", "waits")
    session.answer("meaning", "nothing")
    assert outcomes(told) == [("blocks", "incorrect", 1, 0), ("waits", "correct", 2, 1)]


def test_what_was_not_judged_is_not_told(session, told):
    session.answer("filling", ["async", None])
    session.answer("meaning", "")
    session.answer("turning", "knew")
    assert told == []
    session.flip("turning")
    session.answer("turning", "knew")
    assert outcomes(told) == [("knew", "correct", 1, 0)]


def test_a_question_asked_again_counts_from_one(session, told):
    session.answer("meaning", "waits")
    session.again("meaning")
    session.answer("meaning", "waits")
    assert outcomes(told) == [("waits", "correct", 1, 0)] * 2


def test_a_guess_is_told_when_it_has_been_judged_and_only_then(told):
    question = Question(id="ten", kind="number", prompt="How long?", unit="s")
    session = Session([question], recorder=lambda *what: told.append(what[1:]))
    session.measure("ten", 0.2)
    session.again("ten")
    session.answer("ten", "2.0")
    assert told == []
    session.measure("ten", 0.2)
    session.measure("ten", 0.21)
    assert outcomes(told) == [(2.0, "incorrect", 1, 0)]


def test_an_answer_in_a_lesson_is_recorded_with_all_that_is_known(mine):
    asked = quiz("00_start_here", "try_a_choice")
    asked.hint()
    asked.answer("return")
    asked.answer("await")
    last, first = mine.events()
    assert (first.kind, first.key, first.lesson) == ("answer", "try_a_choice", "00_start_here")
    assert (first.outcome, last.outcome) == ("incorrect", "correct")
    assert first.detail == {
        "given": "return", "attempt": 1, "hints": 1,
        "kind": "choice", "section": "learn", "objective": "answer",
    }  # fmt: skip
    assert last.detail["attempt"] == 2


def test_a_click_in_another_thread_than_the_cell_is_recorded_too(mine, choice):
    asked = QuizWidget(Session([choice], recorder=recording.note_answer))
    store().keep("opened", "in this thread")

    def click():
        content = {"do": "answer", "id": "meaning", "answer": "waits"}
        asked._handle_msg(
            {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
        )

    clicks = threading.Thread(target=click)
    clicks.start()
    clicks.join()
    assert [event.outcome for event in mine.events()] == ["correct"]


def test_a_turned_card_is_recorded_as_a_card(mine, card):
    session = Session([card], recorder=recording.note_answer)
    session.flip("turning")
    session.answer("turning", "again")
    (event,) = mine.events()
    assert (event.kind, event.key, event.outcome) == ("card", "turning", "incorrect")


def test_a_check_is_recorded_with_how_many_passed(mine):
    verdicts = [Verdict(Outcome.CORRECT, "One"), Verdict(Outcome.RAISED, "Two")]
    recording.note_check(report("ex01_first_view", verdicts), "01_first_async_view")
    (event,) = mine.events(kind="check")
    assert (event.key, event.outcome, event.lesson) == (
        "ex01_first_view", "raised", "01_first_async_view",
    )  # fmt: skip
    assert event.detail == {"passed": 1, "total": 2}


def test_hints_of_an_exercise_are_recorded_as_long_as_there_are_some(mine, monkeypatch):
    monkeypatch.setattr(exercises, "_given", {})
    for _ in range(5):
        hint("ex01_first_view")
    assert [event.detail["number"] for event in mine.events(kind="hint")] == [3, 2, 1]


def test_a_file_that_cannot_be_written_breaks_no_answer(monkeypatch, tmp_path, capsys):
    in_the_way = tmp_path / "a file, not a folder"
    in_the_way.touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(in_the_way / "progress.sqlite3"))
    asked = quiz("00_start_here", "try_a_choice")
    assert not asked.answer("return")
    assert asked.answer("await")
    assert capsys.readouterr().err.count("Your progress is not being saved") == 1


def due_about(question):
    """The ids of the cards of a question's objective, and which cards of its lesson are due."""
    lesson = bank.lesson(question.lesson)
    cards = [one for one in lesson.questions if one.kind == "card"]
    about = {card.id for card in cards if card.objective == question.objective}
    return about, {card.id for card in Deck(store()).due(cards)}


def test_a_question_not_solved_makes_the_cards_of_its_objective_due():
    asked = bank.lesson("01").chosen("calling_it")[0]
    wrong = [option.key for option in asked.options if not option.right]
    session = Session([asked], recorder=recording.note_answer)
    session.answer(asked.id, wrong[0])
    assert due_about(asked)[1] == set()
    session.answer(asked.id, wrong[1])
    about, due = due_about(asked)
    assert about and due == about


def test_a_question_solved_at_the_second_attempt_leaves_the_cards_where_they_are():
    asked = bank.lesson("01").chosen("calling_it")[0]
    session = Session([asked], recorder=recording.note_answer)
    session.answer(asked.id, next(option.key for option in asked.options if not option.right))
    session.answer(asked.id, asked.right)
    assert due_about(asked)[1] == set()
