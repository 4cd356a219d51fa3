"""course_support/quiz/recall.py: cards come back when their time has come, on injected days."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from course_support.quiz.progress import Store
from course_support.quiz.questions import Question
from course_support.quiz.recall import Deck, day_in_words

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CARDS = [Question(f"card_{name}", "card", "Front", "01_first", back="Back") for name in "abc"]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "progress.sqlite3"


@pytest.fixture
def deck(file):
    return Deck(Store(file), fuzzing=False)


def days(deck, *answers):
    """The days between a card's turns when each comes on the day on which it is due."""
    at, gaps = NOW, []
    for answer in answers:
        due = deck.review("card_a", answer, at)
        gaps.append((due - at).days)
        at = due
    return gaps


def test_a_card_that_was_known_stays_away_longer_each_time(deck):
    gaps = days(deck, "knew", "knew", "knew", "knew")
    assert gaps == sorted(set(gaps)) and gaps[0] >= 2


def test_a_card_that_was_missed_comes_back_tomorrow_and_is_known_less_well(deck):
    _, second, third, fourth = days(deck, "knew", "knew", "again", "knew")
    assert third == 1
    assert fourth < second


def test_easy_hard_and_again_differ(file):
    first = [Deck(Store(file), fuzzing=False).review(f"c{a}", a, NOW) for a in ("again", "easy")]
    assert first[0] == NOW + timedelta(days=1)
    assert first[1] > NOW + timedelta(days=5)


def test_only_what_was_turned_is_due_and_the_longest_overdue_comes_first(deck):
    assert deck.due(CARDS, NOW) == []
    assert deck.new(CARDS) == CARDS
    deck.review("card_b", "again", NOW)
    deck.review("card_a", "knew", NOW)
    assert deck.due(CARDS, NOW) == []
    assert [card.id for card in deck.due(CARDS, NOW + timedelta(days=1))] == ["card_b"]
    later = deck.due(CARDS, NOW + timedelta(days=30))
    assert [card.id for card in later] == ["card_b", "card_a"]
    assert [card.id for card in deck.new(CARDS)] == ["card_c"]
    assert deck.next_return(CARDS) == NOW + timedelta(days=1)
    assert deck.next_return(CARDS[2:]) is None


def test_a_schedule_outlives_its_kernel(deck, file):
    due = deck.review("card_a", "knew", NOW)
    assert Deck(Store(file)).returns() == {"card_a": due}


def test_two_kernels_turn_different_cards_and_neither_is_lost(file):
    def turn(names):
        deck = Deck(Store(file), fuzzing=False)
        for name in names:
            deck.review(name, "knew", NOW)

    halves = [[f"{letter}{n}" for n in range(20)] for letter in "xy"]
    kernels = [Thread(target=turn, args=(names,)) for names in halves]
    for kernel in kernels:
        kernel.start()
    for kernel in kernels:
        kernel.join()
    assert set(Deck(Store(file)).returns()) == {*halves[0], *halves[1]}


@pytest.mark.parametrize("state", ["nonsense", 3, {}, {"due": "never"}, {"card_id": 1, "due": 1}])
def test_a_state_that_makes_no_sense_is_a_new_card(file, state):
    store = Store(file)
    store.keep("card.card_a", state)
    deck = Deck(store, fuzzing=False)
    assert CARDS[0] in deck.new(CARDS)
    assert deck.review("card_a", "again", NOW) == NOW + timedelta(days=1)


def test_another_word_is_refused_with_the_known_ones(deck):
    with pytest.raises(LookupError, match="again, hard, knew, easy, not 'maybe'"):
        deck.review("card_a", "maybe", NOW)


@pytest.mark.parametrize(
    ("away", "words"),
    [(-3, "today"), (0, "today"), (1, "tomorrow"), (5, "on Saturday"), (40, "on 11 April")],
)
def test_a_day_is_said_as_one_says_it(away, words):
    noon = NOW.astimezone().replace(hour=12)
    assert day_in_words(noon + timedelta(days=away), noon) == words


def test_what_is_brought_back_is_due_whether_it_was_turned_or_not(deck):
    deck.review("card_a", "easy", NOW)
    deck.bring_back(["card_a", "card_b"], NOW)
    assert {card.id for card in deck.due(CARDS, NOW)} == {"card_a", "card_b"}
    assert [card.id for card in deck.new(CARDS)] == ["card_c"]


def test_bringing_a_card_back_forgets_nothing_and_delays_nothing(file, deck):
    for at in range(3):
        deck.review("card_a", "knew", NOW + timedelta(days=20 * at))
    deck.review("card_b", "again", NOW)
    later = NOW + timedelta(days=45)
    deck.bring_back(["card_a", "card_b"], later)
    assert deck.returns()["card_b"] == NOW + timedelta(days=1)
    fresh = Deck(Store(file.with_name("other.sqlite3")), fuzzing=False)
    assert deck.review("card_a", "knew", later) > fresh.review("card_a", "knew", later)
