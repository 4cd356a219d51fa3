"""Does each tally say what its events say, in whatever order they came?"""

from datetime import UTC, datetime, timedelta

import pytest

from course_support.quiz import progress_file
from course_support.quiz.events import Event
from course_support.quiz.progress import Store
from course_support.quiz.progress_schema import add_events
from course_support.quiz.tallies import tallies

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def mine(tmp_path):
    return Store(tmp_path / "progress.sqlite3")


def answers(store, marks, key="q1"):
    """Record an answer a day: + a correct one, - one that is not."""
    for day, mark in marks:
        outcome = {"+": "correct", "-": "incorrect"}[mark]
        when = START + timedelta(days=day)
        store.record(kind="answer", key=key, outcome=outcome, detail=day, when=when)


def marks(tally):
    return "".join("+" if right else "-" for _, right in tally.recent)


def test_a_tally_counts_and_knows_the_last_five(mine):
    answers(mine, enumerate("++-+--+"))
    answers(mine, enumerate("-"), key="q2")
    found = tallies(mine)
    assert set(found) == {("answer", "q1"), ("answer", "q2")}
    tally = found["answer", "q1"]
    assert (tally.times, tally.correct, tally.last.detail) == (7, 4, 6)
    assert marks(tally) == "+--+-"
    assert tally.recent[0][0] == START + timedelta(days=6)


def test_answers_that_come_late_are_put_where_they_belong(mine):
    answers(mine, [(5, "+"), (1, "-"), (3, "-"), (0, "+"), (2, "-"), (4, "-")])
    tally = tallies(mine)["answer", "q1"]
    assert (tally.times, tally.correct, tally.last.detail) == (6, 2, 5)
    assert marks(tally) == "+----"


def test_an_answer_and_a_card_of_one_name_are_two_things(mine):
    answers(mine, enumerate("+"))
    mine.record(kind="card", key="q1", outcome="incorrect")
    assert {key: tally.correct for key, tally in tallies(mine).items()} == {
        ("answer", "q1"): 1,
        ("card", "q1"): 0,
    }


def test_there_is_none_before_the_first_answer(mine):
    assert tallies(mine) == {}


def add_many(connection, each):
    with progress_file.transaction(connection):
        for n in range(each):
            at = START + timedelta(days=n)
            events = [Event("answer", q, "01", "correct", n, at, f"{q}{n}") for q in "abc"]
            add_events(connection, [event.row() for event in events])


def test_reading_the_tallies_takes_no_more_steps_with_fifty_times_the_answers(
    mine, monkeypatch, tmp_path
):
    plain = progress_file.connect
    steps = []

    def counting(path, mode="rw"):
        connection = plain(path, mode)
        connection.set_progress_handler(lambda: steps.append(1), 1)
        return connection

    def steps_to_read(answers_each):
        store = Store(tmp_path / f"{answers_each}.sqlite3")
        store.do(lambda connection: add_many(connection, answers_each))
        steps.clear()
        with monkeypatch.context() as patch:
            patch.setattr(progress_file, "connect", counting)
            assert len(tallies(store)) == 3
        return len(steps)

    assert steps_to_read(100) <= 1.2 * steps_to_read(2)
