"""`python -m course_support grade`: the sample class, restarts, faults and exit codes."""

import csv
import io
import os
import shutil
import subprocess
import sys

import pytest

from course_support import cli
from course_support.grading import command, outside
from course_support.grading.forking import GraderFault
from course_support.places import ROOT
from course_support.verdicts import Outcome, Verdict, report

SAMPLES = ROOT / "tests" / "samples" / "class"


class FakeGrader:
    """Passes what has a `JsonResponse` in it.

    Attributes:
        asked: the exercises that were judged.
    """

    mode = "fake"
    asked: list = []
    fails = False

    def __init__(self, jobs, *, unsafe=False):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass

    async def judge(self, exercise, cells):
        if self.fails:
            raise GraderFault("no processes left")
        self.asked.append(exercise)
        right = any("JsonResponse" in source for source in cells.values())
        outcome = Outcome.CORRECT if right else Outcome.INCORRECT
        return report(exercise, [Verdict(outcome, "It answers", "\x1b[2Jseen")])


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setattr(outside, "Grader", FakeGrader)
    monkeypatch.setattr(FakeGrader, "asked", [])
    monkeypatch.setattr(FakeGrader, "fails", False)
    return FakeGrader


def grade(*words):
    return cli.main(["grade", *map(str, words)])


def test_batch_goes_on_where_it_was(fake, tmp_path, capsys):
    assert grade(SAMPLES, "--out", tmp_path) == 0
    number = len(fake.asked)
    assert grade(SAMPLES, "--out", tmp_path, "--jobs", 1) == 0
    assert len(fake.asked) == number
    said = capsys.readouterr().out
    assert "Not judged: Goro Hale/ex01_first_view.ipynb: The file is not whole JSON" in said
    assert "The same answer to ex01_first_view: Chidi Marsh, Dora Lind" in said
    assert "Ada Brook" in said and "\x1b" not in said


def test_fault_of_the_grader_ends_with_a_code_of_its_own_and_no_report(fake, tmp_path, capsys):
    fake.fails = True
    assert grade(SAMPLES, "--out", tmp_path / "out") == command.FAULT
    assert "no processes left" in (said := capsys.readouterr().err)
    assert "Nobody got a zero" in said
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_nothing_to_judge_and_nothing_there(fake, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ipynb").write_text("{")
    assert grade(tmp_path / "in", "--out", tmp_path / "out") == 1
    assert "nothing to judge" in capsys.readouterr().err
    assert grade(tmp_path / "nowhere", "--out", tmp_path / "out") == 1
    assert "is not there" in capsys.readouterr().err


def test_no_folder_is_a_wrong_call(capsys):
    assert grade() == 2
    assert "Name the folder" in capsys.readouterr().err


def test_zip_of_a_class_has_the_same_grades_as_its_folder(fake, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "class"), "zip", SAMPLES)
    assert grade(archive, "--out", tmp_path / "zip") == 0
    assert grade(SAMPLES, "--out", tmp_path / "folder") == 0
    csvs = [(tmp_path / name / "grades.csv").read_text("utf-8") for name in ("zip", "folder")]
    assert csvs[0] == csvs[1]


def test_progress_is_shown_on_a_terminal_only():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    class OldTerminal(Terminal):
        encoding = "ascii"

    for file, words in (
        (Terminal(), "█······ 3 of 4 answers"),
        (OldTerminal(), "#...... 3 of 4 answers"),
        (io.StringIO(), ""),
    ):
        bar = command.Bar(file)
        bar.tell(3, 4)
        bar.end()
        assert words in file.getvalue() and bool(words) == bool(file.getvalue())


WANTED = {
    ("Ada Brook", "ex01_first_view"): "correct",
    ("Ada Brook", "ex02_choose_a_server"): "correct",
    ("Ada Brook", "ex04_fan_out"): "correct",
    ("Bruno Quill", "ex02_choose_a_server"): "incorrect",
    ("Bruno Quill", "ex04_fan_out"): "incorrect",
    ("Chidi Marsh", "ex04_fan_out"): "raised",
    ("Emeka Stone", "ex01_first_view"): "raised",
    ("Emeka Stone", "ex04_fan_out"): "not attempted",
    ("Farah Vale", "ex01_first_view"): "incorrect",
    ("Farah Vale", "ex04_fan_out"): "not attempted",
    ("Goro Hale", ""): "not judged",
    ("Hedda Moss", "ex01_first_view"): "raised",
}


def test_sample_class_is_graded_by_one_command(tmp_path, capsys):
    """The real grader; the other tests here have a fake one."""
    assert grade(SAMPLES, "--out", tmp_path, "--unsafe", "--jobs", 4) == 0, capsys.readouterr().err
    with (tmp_path / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
    assert {key: found[key]["outcome"] for key in WANTED} == WANTED
    assert found["Ada Brook", "ex04_fan_out"]["points"] == "4"
    assert found["Farah Vale", "ex01_first_view"]["points"] == "1.6"
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "Put <code>await</code> before the call" in page
    assert found["Hedda Moss", "ex01_first_view"]["points"] == "0"
    assert found["Bruno Quill", "ex02_choose_a_server"]["to_mark"] == "decision-record"


@pytest.mark.parametrize("holds", [True, False])
def test_doctor_says_what_holds_and_whether_it_is_enough(monkeypatch, capsys, holds):
    from course_support.grading import doctor
    from course_support.grading.doctor import Protection

    found = [Protection("shut in", holds, "as was seen")]
    monkeypatch.setattr(doctor, "doctor", lambda: found)
    assert grade("--doctor") == (0 if holds else 1)
    assert "shut in: as was seen" in capsys.readouterr().out


@pytest.mark.parametrize("jobs", ["0", "-1", "257", "x", "1_0", "²", ""])
def test_jobs_that_are_no_number_of_jobs_are_a_wrong_call(jobs, capsys):
    with pytest.raises(SystemExit) as exit:
        grade(SAMPLES, "--jobs", jobs)
    assert exit.value.code == 2 and "is no number from 1 to 256" in capsys.readouterr().err


def test_empty_name_of_a_folder_is_a_wrong_call(capsys):
    for words in ([""], [SAMPLES, "--out", ""]):
        with pytest.raises(SystemExit) as exit:
            grade(*words)
        assert exit.value.code == 2 and "is empty" in capsys.readouterr().err


def test_help_names_every_exit_code(capsys):
    with pytest.raises(SystemExit):
        grade("--help")
    said = capsys.readouterr().out
    assert all(f"\n  {code}  " in said for code in (0, 1, 2, command.FAULT, command.STOPPED))


def test_ctrl_c_is_said_and_the_next_run_goes_on(fake, tmp_path, capsys, monkeypatch):
    def pressed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command, "write_reports", pressed)
        assert grade(SAMPLES, "--out", tmp_path) == command.STOPPED
    assert "goes on from here" in capsys.readouterr().err
    number = len(fake.asked)
    assert grade(SAMPLES, "--out", tmp_path) == 0 and len(fake.asked) == number


def test_what_is_marked_while_the_grader_works_is_not_lost(fake, tmp_path, monkeypatch):
    assert grade(SAMPLES, "--out", tmp_path) == 0
    marks = tmp_path / "marks.csv"

    async def judged(*arguments):
        text = marks.read_text("utf-8-sig")
        marks.write_text(text.replace("comment on the whole,,,", "comment on the whole,,,Well,", 1))
        return await real(*arguments)

    real = command._judged
    monkeypatch.setattr(command, "_judged", judged)
    assert grade(SAMPLES, "--out", tmp_path) == 0
    assert "Well" in marks.read_text("utf-8-sig")


def test_table_of_a_platform_is_looked_at_before_the_long_work(fake, tmp_path, capsys):
    (tmp_path / "other.csv").write_text("Name;Mail\n")
    for option in ("--canvas", "--moodle"):
        assert grade(SAMPLES, "--out", tmp_path / "out", option, tmp_path / "other.csv") == 1
        assert "it has: Name, Mail" in capsys.readouterr().err
    assert not fake.asked


def test_page_of_somebody_elses_making_stays(fake, tmp_path):
    (tmp_path / "students").mkdir()
    (tmp_path / "students" / "mine.html").write_text("<p>mine")
    assert grade(SAMPLES, "--out", tmp_path) == 0
    assert (tmp_path / "students" / "mine.html").read_text() == "<p>mine"


def test_reports_inside_the_submissions_are_no_student(fake, tmp_path, capsys):
    shutil.copytree(SAMPLES, tmp_path / "class")
    for _ in range(2):
        assert grade(tmp_path / "class", "--out", tmp_path / "class" / "reports") == 0
    assert "reports/:" not in capsys.readouterr().out
    assert grade(tmp_path / "class", "--out", tmp_path / "class") == 1
    assert "among the submissions" in capsys.readouterr().err


def test_terminal_of_few_letters_and_a_reader_who_leaves_do_no_harm(fake, tmp_path):
    folder = tmp_path / "in" / "安娜\x1b[2J\u202e"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLES / "Ada Brook" / "ex01_first_view.ipynb", folder)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import test_command as t; from course_support.grading import outside\n"
        "outside.Grader = t.FakeGrader; sys.exit(t.grade(*sys.argv[2:]))"
    )
    words = [sys.executable, "-c", code, str(ROOT / "tests" / "grading"), str(tmp_path / "in")]
    words += ["--out", str(tmp_path / "out")]
    plain = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, env=plain, capture_output=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, b"") and rb"\u5b89\u5a1c" in done.stdout
    assert b"\x1b" not in done.stdout and b"202e" not in done.stdout
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as left:
        left.stdout.close()
        assert (left.stderr.read(), left.wait()) == (b"", 0)
    shut = "import os, sys; os.close(1); os.close(2); os.execv(sys.executable, sys.argv[1:])"
    assert subprocess.run([sys.executable, "-c", shut, *words], cwd=ROOT).returncode == 0


def test_terminal_that_was_closed_does_not_stop_the_batch(fake, tmp_path, monkeypatch):
    class Gone(io.StringIO):
        def isatty(self):
            return True

        def write(self, text):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(command.sys, "stderr", Gone())
    assert grade(SAMPLES, "--out", tmp_path) == 0


def test_defect_of_the_grader_is_shown_whole_and_is_no_zero(fake, tmp_path, monkeypatch, capsys):
    def broken(*_):
        raise IndexError("\x1b[2Jno such thing")

    monkeypatch.setattr(command, "write_reports", broken)
    assert grade(SAMPLES, "--out", tmp_path) == command.FAULT
    said = capsys.readouterr().err
    assert "IndexError: no such thing" in said and "Nobody got a zero" in said
    assert "\x1b" not in said and not (tmp_path / "grades.csv").exists()


def test_gradebook_is_looked_at_before_the_long_work(fake, tmp_path, capsys):
    (tmp_path / "a\x1b[2J.db").write_text("none")
    assert grade(SAMPLES, "--out", tmp_path / "o", "--gradebook", tmp_path / "a\x1b[2J.db") == 1
    assert "a.db cannot be read as a gradebook" in capsys.readouterr().err and not fake.asked


def test_hand_in_again_is_judged_alone_and_who_has_left_has_no_page(fake, tmp_path):
    given, out = tmp_path / "class", tmp_path / "out"
    shutil.copytree(SAMPLES, given)
    assert grade(given, "--out", out) == 0
    pages = {page.name for page in (out / "students").iterdir()}
    fake.asked.clear()
    again = given / "Bruno Quill" / "ex01_first_view-2.ipynb"
    text = (given / "Ada Brook" / "ex01_first_view.ipynb").read_text("utf-8")
    again.write_text(text.replace("JsonResponse(", "JsonResponse( # mine"), "utf-8")
    shutil.rmtree(given / "Ada Brook")
    assert grade(given, "--out", out) == 0
    assert fake.asked == ["ex01_first_view"]
    (gone,) = pages - {page.name for page in (out / "students").iterdir()}
    assert gone.startswith("ada-brook")


def test_platform_gets_points_so_far_while_something_waits_for_a_person(fake, tmp_path, capsys):
    assert grade(SAMPLES, "--out", tmp_path, "--moodle") == 0
    said = capsys.readouterr().out
    assert "The platform's points are those so far: 5 texts are not marked yet." in said
    assert f"5 texts to mark by hand: {tmp_path / 'marking.html'}" in said
    marks = tmp_path / "marks.csv"
    marks.write_bytes(marks.read_bytes().replace(b"record,2,,,", b"record,2,1,,"))
    assert grade(SAMPLES, "--out", tmp_path, "--moodle") == 0
    assert "mark" not in capsys.readouterr().out
