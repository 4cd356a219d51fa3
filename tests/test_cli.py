import pytest

from course_support import cli
from course_support.authoring import building, running
from course_support.content import ContentError
from course_support.quiz import bank, proofs
from course_support.quiz.proofs import Proof


def test_an_unknown_command_lists_the_known_ones(capsys):
    assert cli.main(["bild"]) == 2
    said = capsys.readouterr().err
    assert (
        said == "There is no command 'bild'. The commands are: build, reset, check, grade, prove.\n"
    )


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


@pytest.mark.parametrize(("message", "code"), [("", 0), ("it fails", 1)])
def test_prove_says_of_each_proof_whether_it_holds(monkeypatch, capsys, message, code):
    question = bank.lesson("01").questions[0]
    asked = []

    def prove(questions):
        asked.extend(questions)
        return [Proof(question, "5.2", message)]

    monkeypatch.setattr(proofs, "prove", prove)
    assert cli.main(["prove", "01_first_async_view"]) == code
    out = capsys.readouterr().out
    assert question.id in out
    assert out.endswith(f"{1 - code} of 1 proofs hold.\n")
    assert {one.lesson for one in asked} == {"01_first_async_view"}


def test_prove_of_an_unknown_lesson_lists_the_lessons(capsys):
    assert cli.main(["prove", "99"]) == 1
    assert "01_first_async_view" in capsys.readouterr().err
