"""course_support/quiz/opening.py: the header of a lesson, on a progress file written by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from course_support.quiz import opening
from course_support.quiz.asking import Nothing
from course_support.quiz.bank import lesson as read_lesson
from course_support.quiz.opening import Opening
from course_support.quiz.progress import Store
from course_support.quiz.recall import Deck

NOW = datetime.now(UTC)


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite3"))
    return tmp_path / "progress.sqlite3"


def cards(name):
    return [q for q in read_lesson(name).questions if q.kind == "card"]


def turned_long_ago(file, names):
    for card in names:
        Deck(Store(file), fuzzing=False).review(card.id, "again", NOW - timedelta(days=30))


def test_a_fresh_learner_sees_the_objectives_and_that_nothing_is_due(file):
    shown = Opening("04", Store(file))
    assert repr(shown).startswith("You will be able to\n  ○ Make the waits of one request overlap")
    assert "You have not answered anything here yet." in repr(shown)
    assert "none is due" in repr(shown)
    assert shown.cards is None
    assert "Its test has not been taken to the end yet." in repr(shown)
    assert "not tested" not in shown._repr_html_()


def test_the_first_lesson_has_no_earlier_cards(file):
    assert "will meet you again where later lessons open" in repr(Opening("01", Store(file)))


def test_at_most_five_cards_of_earlier_lessons_are_asked(file):
    turned_long_ago(file, cards("01"))
    shown = Opening("02", Store(file))
    assert len(shown.cards.session.questions) == 5
    assert {q.lesson for q in shown.cards.session.questions} == {"01_first_async_view"}
    assert f"{len(cards('01'))} cards of earlier lessons are due. Here are 5." in repr(shown)


def test_cards_of_this_lesson_and_of_later_ones_wait_for_their_own(file):
    turned_long_ago(file, cards("04"))
    assert Opening("04", Store(file)).cards is None
    assert Opening("02", Store(file)).cards is None


def test_a_card_that_was_answered_in_the_header_is_no_longer_due(file):
    turned_long_ago(file, cards("01")[:1])
    shown = Opening("02", Store(file))
    (card,) = shown.cards.session.questions
    shown.cards.flip()
    shown.cards.answer("knew")
    after = Opening("02", Store(file))
    assert after.cards is None
    assert "No card is due. The next one comes back" in repr(after)
    assert card.id in Deck(Store(file)).returns()


def test_the_header_says_where_the_lesson_was_left(file):
    question = next(q for q in Opening("04", Store(file)).lesson.questions if q.section == "deep")
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    Store(file).record(
        kind="answer", key=question.id, lesson="04_fan_out", outcome="correct", when=at
    )
    shown = Opening("04", Store(file))
    assert "You were here on Tuesday, 24 November, in Deep; 1 of " in repr(shown)
    assert "<a href='04_fan_out.ipynb#Deep-(" in shown._repr_html_()


def test_objectives_carry_the_verdicts_of_the_last_test(file):
    parts = {"overlap": "strong", "clients": "weak", "gone": "strong", "failing": "nonsense"}
    Store(file).record(
        kind="test", key="test.04_fan_out", lesson="04_fan_out", outcome="finished",
        detail={"parts": parts},
    )  # fmt: skip
    shown = Opening("04", Store(file))
    assert shown.levels["overlap"] == "strong"
    assert "✓ Make the waits" in repr(shown) and "✗ Share one HTTP client" in repr(shown)
    assert shown._repr_html_().count("not tested") == 2
    assert "By your last test, 1 of 4 objectives are strong." in repr(shown)


def test_an_unknown_lesson_lists_the_known_ones():
    with pytest.raises(LookupError, match="The lessons are: 00_start_here, 01"):
        opening.lesson("99")


def test_cards_are_asked_in_their_lesson_until_they_were_turned(file):
    from course_support import quiz

    asked = quiz.due("04")
    names = [q.id for q in asked.session.questions]
    assert names == [card.id for card in cards("04")]
    assert isinstance(quiz.due(), Nothing)
    for name in names:
        asked.flip(name)
        asked.answer(name, "knew")
    said = repr(quiz.due("04"))
    assert said.startswith("No card is due. The next one comes back")
    assert 'quiz("04_fan_out", "recall")' in said


def test_at_most_so_many_are_asked_and_not_less_than_one(file):
    from course_support import quiz

    assert len(quiz.due("04", at_most=3).session.questions) == 3
    with pytest.raises(ValueError, match="at least 1, not 0"):
        quiz.due("04", at_most=0)
