"""What is remembered of a learner's answers, and what is said when it cannot be?"""

import os
from datetime import UTC, datetime, timedelta

import pytest

from course_support.quiz.progress import Store, place, store


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder of mine" / "progress.sqlite3"


@pytest.fixture
def mine(path):
    return Store(path)


def answer(store, key="q1", outcome="correct", **more):
    return store.record(kind="answer", key=key, outcome=outcome, lesson="01", **more)


def keys(store):
    return [event.key for event in reversed(store.events())]


def test_an_answer_is_found_again_by_another_kernel(mine, path):
    assert answer(mine, detail={"given": ["async", None], "attempt": 2})
    (event,) = Store(path).events()
    assert (event.kind, event.key, event.lesson, event.outcome) == (
        "answer", "q1", "01", "correct",
    )  # fmt: skip
    assert event.detail == {"given": ["async", None], "attempt": 2}
    assert timedelta() <= datetime.now(UTC) - event.at < timedelta(minutes=1)


def test_events_come_newest_first_by_kind_and_key(mine):
    for key in ("q1", "q2", "q1"):
        answer(mine, key)
    mine.record(kind="check", key="ex01", outcome="raised")
    assert [event.key for event in mine.events()] == ["ex01", "q1", "q2", "q1"]
    assert len(mine.events(kind="answer")) == 3
    assert len(mine.events(key="q1")) == 2
    assert [event.key for event in mine.events(kind="answer", limit=2)] == ["q1", "q2"]


def test_a_state_is_kept_under_its_name(mine, path):
    assert mine.kept("card.a") is None
    assert mine.kept("card.a", {}) == {}
    mine.keep("card.a", {"due": "tomorrow"})
    mine.keep("card.a", {"due": "today"})
    mine.keep("test", [1, 2])
    assert Store(path).kept("card.a") == {"due": "today"}
    assert Store(path).kept_all("card.") == {"card.a": {"due": "today"}}


def test_an_unknown_kind_lists_the_known_ones(mine):
    with pytest.raises(ValueError, match="no kind 'guess' of event. Known: answer, check"):
        mine.record(kind="guess", key="q", outcome="correct")


def test_what_is_not_ready_for_json_is_refused_before_anything_is_written(mine):
    with pytest.raises(TypeError, match="JSON"):
        answer(mine, detail={1, 2})
    assert mine.waiting == 0


def test_the_file_is_the_one_that_the_variable_names(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "here.sqlite3"))
    assert place() == tmp_path / "here.sqlite3"
    assert store() is store()
    assert store().path == place()


def test_a_variable_that_names_the_null_device_keeps_nothing_and_says_nothing(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", os.devnull)
    nothing = store()
    assert not answer(nothing)
    assert (nothing.events(), nothing.waiting) == ([], 0)
    nothing.keep("card", 1)
    assert nothing.kept("card") == 1
    assert not nothing.ready()
    assert "keeps nothing" in nothing.trouble
    assert capsys.readouterr().err == ""


def test_what_is_wrong_with_the_file_is_said_before_the_first_click(tmp_path, capsys):
    (tmp_path / "in the way").touch()
    shut = Store(tmp_path / "in the way" / "progress.sqlite3")
    assert not shut.ready()
    assert "Your progress is not being saved" in capsys.readouterr().err
    assert not answer(shut)
    assert capsys.readouterr().err == ""
    (tmp_path / "in the way").unlink()
    assert shut.ready()
    assert (shut.trouble, keys(shut)) == ("", ["q1"])


def test_without_the_variable_it_lies_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_PROGRESS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert place().parent.name == "async-django-live"
    assert not place().parent.exists()
