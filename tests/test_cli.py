import re

import pytest

from course_support import cli
from course_support.authoring import building, running
from course_support.content import ContentError
from course_support.quiz import bank, proofreport
from course_support.quiz.proofs import Proof


def test_an_unknown_command_lists_the_known_ones(capsys):
    assert cli.main(["bild"]) == 2
    said = capsys.readouterr().err
    commands = "build, reset, check, grade, progress, export, prove, schema, bank"
    assert said == f"There is no command 'bild'. The commands are: {commands}.\n"


def test_no_command_shows_what_there_is(capsys):
    assert cli.main([]) == 2
    said = capsys.readouterr().out
    assert all(word in said for word in cli.COMMANDS)


def test_every_command_is_in_the_help(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(f"\n    {word}" in said for word in cli.COMMANDS)


def test_an_unknown_notebook_lists_the_known_ones(capsys):
    assert cli.main(["build", "ex1"]) == 1
    assert "There is no 'ex1'. The notebooks are: 00_start_here" in capsys.readouterr().err
    assert cli.main(["check", "ex1"]) == 1
    assert "The exercises are: ex01_first_view" in capsys.readouterr().err


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_build_prints_what_it_did(monkeypatch, capsys, ok, code):
    calls = []

    def build(names, *, write):
        calls.append((names, write))
        return building.Summary(("one", "two"), ok)

    monkeypatch.setattr(building, "build", build)
    assert cli.main(["build", "--check", "ex01_first_view"]) == code
    assert cli.main(["build"]) == code
    assert capsys.readouterr().out == "one\ntwo\n" * 2
    assert calls == [(["ex01_first_view"], False), ([], True)]


def test_reset_prints_where_the_work_is(monkeypatch, capsys):
    monkeypatch.setattr(building, "reset", lambda name: building.Summary((f"kept {name}",), True))
    assert cli.main(["reset", "ex01_first_view"]) == 0
    assert capsys.readouterr().out == "kept ex01_first_view\n"


def test_a_mistake_in_content_is_told_without_a_traceback(monkeypatch, capsys):
    def broken(name):
        raise ContentError("ex01.py, line 3: no header")

    monkeypatch.setattr(building, "reset", broken)
    assert cli.main(["reset", "ex01_first_view"]) == 1
    assert capsys.readouterr().err == "ex01.py, line 3: no header\n"


def test_check_ends_with_the_code_of_its_exercises(monkeypatch):
    monkeypatch.setattr(running, "check", lambda names: len(names))
    assert cli.main(["check"]) == 0
    assert cli.main(["check", "ex01_first_view"]) == 1


@pytest.fixture
def proven(monkeypatch):
    """A function: the next proof of lesson 01 ends with this message; what was asked for."""

    def ends_with(message):
        asked = []

        def prove(questions, *, each, **kwargs):
            asked.append((list(questions), kwargs))
            proof = Proof(asked[0][0][0], "5.2", message, output="printed\ntwice")
            each(proof)
            return [proof]

        monkeypatch.setattr(proofreport, "prove", prove)
        return asked

    return ends_with


@pytest.mark.parametrize(("message", "code"), [("", 0), ("it fails", 1)])
def test_prove_ends_with_the_count_the_time_and_the_versions(proven, capsys, message, code):
    asked = proven(message)
    assert cli.main(["prove", "01_first_async_view"]) == code
    last = capsys.readouterr().out.splitlines()[-1]
    head, tail = f"{1 - code} of 1 proofs hold", r"\d+\.\d s; Python 3\.\d+\.\S+, Django \d\.\S+"
    assert re.fullmatch(rf"{head} \(01_first_async_view; {tail}\)\.", last)
    assert {one.lesson for one in asked[0][0]} == {"01_first_async_view"}


def test_prove_names_what_broke_and_shows_what_it_printed(proven, capsys):
    proven("it fails")
    cli.main(["prove", "01"])
    question = bank.lesson("01").questions[0]
    first, *printed = capsys.readouterr().out.splitlines()[:-1]
    assert f"'{question.id}'" in first
    assert question.place in first
    assert "on Django 5.2: it fails" in first
    assert printed == ["    | printed", "    | twice"]


def test_prove_of_what_holds_prints_one_line_where_nobody_watches(proven, capsys):
    proven("")
    cli.main(["prove", "01"])
    assert capsys.readouterr().out.count("\n") == 1


def test_prove_counts_along_on_a_terminal(proven, capsys, monkeypatch):
    proven("")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    cli.main(["prove", "01"])
    assert re.search(r"\r1 of \d+ proofs run\r", capsys.readouterr().out)


def test_prove_takes_the_number_of_jobs_and_the_way(proven, capsys):
    asked = proven("")
    cli.main(["prove", "01", "--jobs", "3", "--fresh"])
    assert asked[0][1] == {"workers": 3, "fork": False}
    assert cli.main(["prove", "--jobs", "0"]) == 1
    assert "--jobs is at least 1, not 0." in capsys.readouterr().err


def test_prove_of_an_unknown_lesson_lists_the_lessons(capsys):
    assert cli.main(["prove", "99"]) == 1
    assert "01_first_async_view" in capsys.readouterr().err
