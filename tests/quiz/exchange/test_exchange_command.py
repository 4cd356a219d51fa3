"""What does `python -m course_support bank` write and say?"""

import tomllib
from xml.etree import ElementTree

import pytest

from course_support import cli


def test_lesson_goes_out_and_comes_in(tmp_path, capsys):
    there, back = tmp_path / "quiz.json", tmp_path / "20_back.toml"
    assert cli.main(["bank", "export", "--to", "jupyterquiz", "01", "-o", str(there)]) == 0
    said = capsys.readouterr().out
    assert "questions for jupyterquiz." in said
    assert "twenty_readers (number): its right number is measured" in said
    assert cli.main(["bank", "import", str(there), "-o", str(back)]) == 0
    assert "The lint wants more of them, by hand:" in capsys.readouterr().out
    found = tomllib.loads(back.read_text("utf-8"))
    assert found["lesson"] == "20_back"
    assert len(found["question"]) > 10


def test_whole_bank_goes_out_for_moodle(tmp_path, capsys):
    there = tmp_path / "quiz.xml"
    assert cli.main(["bank", "export", "--to", "moodle", "-o", str(there)]) == 0
    assert "questions for moodle." in capsys.readouterr().out
    assert ElementTree.parse(there).getroot().tag == "quiz"


@pytest.mark.parametrize(
    "words", [["export", "--to", "moodle", "01"], ["import", "quiz.json"]], ids=["export", "import"]
)
def test_no_file_is_overwritten(words, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quiz.json").write_text("[]", "utf-8")
    (tmp_path / "mine").write_text("work", "utf-8")
    assert cli.main(["bank", *words, "-o", "mine"]) == 1
    assert "mine is there already and was left alone." in capsys.readouterr().err
    assert (tmp_path / "mine").read_text("utf-8") == "work"


def test_file_that_is_not_there_is_said_in_words(tmp_path, capsys):
    assert cli.main(["bank", "import", "none.json", "-o", str(tmp_path / "20_x.toml")]) == 1
    assert "none.json cannot be read" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
