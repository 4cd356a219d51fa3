"""Does progress go to another machine and back, and is nothing doubled or lost on the way?"""

import json
import sqlite3
from contextlib import closing

import pytest

from course_support.cli import main
from course_support.quiz.progress import Store, store
from course_support.quiz.tallies import tallies
from course_support.quiz.transfer import Unreadable, export, merge, reset


@pytest.fixture
def mine(tmp_path):
    return Store(tmp_path / "mine" / "progress.sqlite3")


@pytest.fixture
def other(tmp_path):
    return Store(tmp_path / "other" / "progress.sqlite3")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "exported.jsonl"


def answers(store, *keys):
    for key in keys:
        store.record(
            kind="answer", key=key, lesson="01", outcome="correct", detail={"given": ["ä", None]}
        )


def keys(store):
    return sorted(event.key for event in store.events())


def test_what_was_exported_is_imported_whole(mine, other, file):
    answers(mine, "a", "b")
    mine.keep("card.x", {"due": "today"})
    assert export(mine, file) == 2
    assert merge(other, file) == (2, 1, 0)
    assert other.events() == mine.events()
    assert other.kept_all() == mine.kept_all()
    assert tallies(other) == tallies(mine)


def test_an_import_doubles_nothing_and_keeps_what_is_there(mine, other, file):
    answers(mine, "a", "b")
    export(mine, file)
    answers(other, "c")
    assert merge(other, file) == (2, 0, 0)
    assert merge(other, file) == (0, 0, 2)
    assert keys(other) == ["a", "b", "c"]
    assert all(tally.times == 1 for tally in tallies(other).values())


def test_of_two_states_the_newer_stays(mine, other, file):
    mine.keep("card.x", "older")
    mine.keep("card.y", "only here")
    other.keep("card.x", "newer")
    export(mine, file)
    merge(other, file)
    assert other.kept_all() == {"card.x": "newer", "card.y": "only here"}


def test_an_export_overwrites_nothing(mine, file):
    file.write_text("my own notes")
    with pytest.raises(FileExistsError):
        export(mine, file)
    assert file.read_text() == "my own notes"


EVENT = {
    "uid": "u", "at": "2026-01-01T00:00:00+00:00", "kind": "answer", "key": "a",
    "lesson": "01", "outcome": "correct", "detail": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("not JSON", "Expecting value"),
        ('{"event": {}}', "kind"),
        (json.dumps({"event": EVENT | {"kind": "poem"}}), "unknown kind 'poem'"),
        (json.dumps({"event": EVENT | {"at": "yesterday"}}), "yesterday"),
        (json.dumps({"event": EVENT | {"key": 5}}), "'key' is no text: 5"),
        ("[]", "list"),
    ],
)
def test_a_line_that_makes_no_sense_is_named_and_nothing_is_added(mine, other, file, line, words):
    answers(mine, "a")
    export(mine, file)
    file.write_text(f"{file.read_text()}{line}\n")
    with pytest.raises(Unreadable, match=rf"line 3: neither an event nor a state .*{words}"):
        merge(other, file)
    assert other.events() == []


def test_a_file_that_is_no_export_is_refused_with_what_to_do(other, file):
    file.write_text("# My notes\n")
    with pytest.raises(Unreadable, match="no export of progress.\n.*progress export FILE"):
        merge(other, file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Unreadable, match="no export of progress"):
        merge(other, file)


def test_an_export_of_a_newer_course_is_refused(mine, other, file):
    export(mine, file)
    file.write_text(file.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(Unreadable, match="version 2, and this course knows 1.\n.*Update"):
        merge(other, file)


def test_another_programs_database_is_refused(other, tmp_path):
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE polls (id)")
    with pytest.raises(Unreadable, match="none of this course's progress is in it"):
        merge(other, path)


def test_reset_forgets_all_and_its_copy_brings_all_back(mine):
    answers(mine, "a", "b")
    mine.keep("card.x", 1)
    before = mine.events()
    kept = reset(mine)
    assert kept.parent == mine.path.parent
    assert (mine.events(), mine.kept_all(), tallies(mine)) == ([], {}, {})
    answers(mine, "c")
    assert merge(mine, kept) == (2, 1, 0)
    assert mine.events()[1:] == before
    assert mine.kept("card.x") == 1


def test_reset_of_nothing_makes_no_copy(mine):
    assert reset(mine) is None
    answers(mine, "a")
    reset(mine)
    assert reset(mine) is None
    assert len(list(mine.path.parent.glob("*before-reset*"))) == 1


@pytest.fixture
def here(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "here.sqlite3"))
    return store()


def test_the_terminal_shows_the_map_exports_resets_and_imports(here, file, capsys):
    answers(here, "a", "b")
    assert main(["progress"]) == 0
    assert "Begin with" not in capsys.readouterr().out
    assert main(["progress", "export", str(file)]) == 0
    assert "holds 2 answers, checks and hints." in capsys.readouterr().out
    assert main(["progress", "reset"]) == 0
    told = capsys.readouterr().out
    assert "Your progress begins anew. The old one: " in told
    assert "progress import " in told
    assert main(["progress", "import", str(file)]) == 0
    assert "Added 2 answers, checks and hints and 0 newer states." in capsys.readouterr().out
    assert keys(here) == ["a", "b"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["export", "{file}"], "is there already, and was left alone. Name another file."),
        (["import", "{file}"], "is no export of progress."),
        (["import", "{file}.missing"], "Nothing was changed: "),
        (["import", "{folder}"], "Nothing was changed: "),
    ],
)
def test_what_cannot_be_done_in_a_terminal_is_said_in_words(here, file, capsys, words, told):
    file.write_text("notes")
    names = {"file": file, "folder": file.parent}
    assert main(["progress", *(word.format(**names) for word in words)]) == 1
    shown = capsys.readouterr()
    assert told in shown.err
    assert "Traceback" not in shown.err


def test_a_progress_that_cannot_be_changed_is_said_in_words(monkeypatch, tmp_path, capsys, file):
    (tmp_path / "in the way").touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "in the way" / "progress.sqlite3"))
    assert main(["progress", "export", str(file)]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert not file.exists()
