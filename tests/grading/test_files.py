"""The folder of reports: whole files, one grader at a time, and nobody else's files touched."""

import errno
import os
import signal
import subprocess
import sys

import pytest

from course_support.content import ContentError
from course_support.grading import files
from course_support.grading.collecting import collect
from course_support.grading.files import alone_in, refuse_own, write_whole
from course_support.grading.reports.writing import page_name


def test_file_is_the_old_one_or_the_new_one(tmp_path, monkeypatch):
    path = tmp_path / "marks.csv"
    write_whole(path, "old")
    monkeypatch.setattr(files.Path, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_whole(path, "new")
    assert path.read_text() == "old"


def test_full_disk_is_said_and_the_old_file_stays(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "marks.csv"
    write_whole(path, "old")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(ContentError, match=r"No space left on device.\n    Make room"):
        write_whole(path, "new", safe=True)
    assert path.read_text() == "old" and [one.name for one in tmp_path.iterdir()] == ["marks.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="nobody's code is judged there")
def test_second_grader_is_told_and_a_killed_one_leaves_no_lock(tmp_path):
    code = (
        "import pathlib, sys; from course_support.grading.files import alone_in\n"
        "with alone_in(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with first:
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(ContentError, match="Another grader is at work in"), alone_in(tmp_path):
            pass
        first.send_signal(signal.SIGKILL)
    with alone_in(tmp_path):
        pass


def test_what_a_killed_grader_left_goes_and_nothing_else(tmp_path):
    for folder in ("", "students", ".judged"):
        (tmp_path / folder).mkdir(exist_ok=True)
        for name in (".ana.html.123.tmp", "my.tmp", ".notes.tmp"):
            (tmp_path / folder / name).write_text("")
    with alone_in(tmp_path):
        pass
    left = {one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*.tmp")}
    assert len(left) == 6 and not any("123" in name for name in left)


def test_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "out").write_text("mine")
    for out in (tmp_path / "out", tmp_path / "out" / "in"):
        with pytest.raises(ContentError, match="is a file"), alone_in(out):
            pass
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    ("out", "given"), [("a", "a"), ("a", "a/../a"), ("a", "a/students/x"), ("", "students")]
)
def test_reports_are_not_written_among_the_submissions(tmp_path, out, given):
    with pytest.raises(ContentError, match="among the submissions"):
        refuse_own(tmp_path / out, tmp_path / given)


def test_reports_may_lie_inside_or_around_the_submissions(tmp_path):
    refuse_own(tmp_path / "class" / "reports", tmp_path / "class")
    refuse_own(tmp_path, tmp_path / "class")


def test_no_student_can_choose_the_page_of_another():
    ana = page_name("Ana")
    assert page_name(ana.removesuffix(".html")) != ana
    assert page_name("con") != "con.html" and page_name("\udcff") != page_name("\udcfe")


def test_nothing_is_written_through_a_link(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    for name in ("grades.csv", f".grades.csv.{os.getpid()}.tmp"):
        (out / name).symlink_to(victim)
    write_whole(out / "grades.csv", "ours")
    assert victim.read_text() == "mine" and (out / "grades.csv").read_text() == "ours"
    (out / "students").symlink_to(tmp_path)
    with pytest.raises(ContentError, match="nothing is written outside"), alone_in(out):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_place_that_cannot_be_looked_for_is_said(tmp_path):
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(ContentError, match="cannot be|among"), alone_in(tmp_path / ("x" * 300)):
        pass
    with pytest.raises(ContentError):
        refuse_own(tmp_path / "out", tmp_path / "round")
        collect(tmp_path / "round", {})
