"""Is anything lost when kernels are killed, disks fill up and files are not what they should be?"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from course_support.quiz import progress_file, progress_schema
from course_support.quiz.progress import Store

KERNEL = """
import sys
from course_support.quiz.progress import store
name = sys.argv[1]
print("ready", flush=True)
sys.stdin.readline()
for number in range(1, 101):
    store().record(kind="answer", key=f"{name}{number}", outcome="correct")
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "progress.sqlite3"


@pytest.fixture
def mine(path):
    return Store(path)


@pytest.fixture
def kernel(path):
    """Start a process that answers a hundred questions, once it is told to."""
    begun = []

    def start(name):
        process = subprocess.Popen(
            [sys.executable, "-c", KERNEL, name],
            env={**os.environ, "COURSE_PROGRESS": str(path)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def go(*processes):
    """Let all of them begin at once."""
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def answer(store, key="q1", detail=None):
    return store.record(kind="answer", key=key, outcome="correct", detail=detail)


def keys(store):
    return [event.key for event in reversed(store.events())]


def test_a_kernel_killed_in_the_middle_loses_at_most_the_answer_in_flight(kernel, path):
    process = kernel("q")
    go(process)
    told = [process.stdout.readline() for _ in range(50)]
    process.kill()
    told += process.stdout.readlines()
    # A line may be cut in the middle by the kill; it then tells of an answer that is there.
    done = sum(line.endswith("\n") for line in told)
    assert len(keys(Store(path))) in (done, done + 1)
    assert keys(Store(path))[:done] == [f"q{number}" for number in range(1, done + 1)]


def test_two_kernels_that_write_at_once_lose_nothing(kernel, path):
    both = kernel("a"), kernel("b")
    go(*both)
    for process in both:
        assert process.wait() == 0
    assert sorted(keys(Store(path))) == sorted(
        f"{name}{number}" for name in "ab" for number in range(1, 101)
    )


def test_an_answer_that_finds_the_disk_full_waits_for_room(mine, path, monkeypatch, capsys):
    answer(mine, "before")
    unbounded = progress_file.connect

    def on_a_full_disk(path, mode="rw"):
        connection = unbounded(path, mode)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(progress_file, "connect", on_a_full_disk)
        assert not answer(mine, "full", detail="x" * 100_000)
        assert not mine.keep("card", "y")
        assert mine.kept("card") == "y"
        assert keys(mine) == ["before"]
        assert "disk is full" in mine.trouble
    told = capsys.readouterr().err
    assert told.count("Your progress is not being saved: the disk is full") == 1
    assert answer(mine, "after")
    assert keys(Store(path)) == ["before", "full", "after"]
    assert Store(path).kept("card") == "y"
    assert (mine.trouble, mine.waiting) == ("", 0)


def test_what_is_there_is_read_on_a_disk_without_room_for_a_lock_file(mine, path, monkeypatch):
    answer(mine, "before")
    roomy = progress_file.connect

    def without_room(path, mode="rw"):
        if mode.startswith("rw"):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        return roomy(path, mode)

    monkeypatch.setattr(progress_file, "connect", without_room)
    assert keys(mine) == ["before"]
    assert not answer(mine, "now")
    assert "the disk reports an error" in mine.trouble


def test_an_answer_that_finds_the_file_in_use_for_long_waits_for_the_next(
    mine, path, monkeypatch, capsys
):
    answer(mine, "before")
    monkeypatch.setattr(progress_file, "WAIT_S", 0.01)
    with closing(progress_file.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not answer(mine, "meanwhile")
        assert keys(mine) == ["before"]
    assert "another program has kept" in capsys.readouterr().err
    assert answer(mine, "after")
    assert keys(mine) == ["before", "meanwhile", "after"]


def test_what_waits_is_written_when_the_kernel_ends(path):
    code = f"""
from pathlib import Path
from course_support.quiz.progress import store
folder = Path({str(path.parent / "later")!r})
folder.touch()
store().record(kind="answer", key="waited", outcome="correct")
folder.unlink()
"""
    env = {**os.environ, "COURSE_PROGRESS": str(path.parent / "later" / "progress.sqlite3")}
    subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True)
    assert keys(Store(path.parent / "later" / "progress.sqlite3")) == ["waited"]


@pytest.fixture
def no_writer():
    """A folder in which this process cannot write, once `shut()` was called; root cannot either."""
    folder = Path(tempfile.mkdtemp())
    user = os.geteuid()

    def shut():
        for part in (*folder.iterdir(), folder):
            part.chmod(0o555 if part.is_dir() else 0o444)
        if user == 0:
            os.seteuid(65534)

    yield folder, shut
    os.seteuid(user)
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="POSIX's rights")
def test_a_folder_that_may_only_be_read_is_read(no_writer, capsys):
    folder, shut = no_writer
    mine = Store(folder / "progress.sqlite3")
    answer(mine, "earlier")
    mine.keep("card", "due")
    shut()
    assert keys(mine) == ["earlier"]
    assert mine.kept("card") == "due"
    assert capsys.readouterr().err == ""
    assert not answer(mine, "now")
    assert "progress.sqlite3 cannot be written. Is its folder there" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="POSIX's rights")
def test_a_file_that_cannot_be_made_is_said_and_nothing_breaks(no_writer, capsys):
    folder, shut = no_writer
    shut()
    mine = Store(folder / "new" / "progress.sqlite3")
    assert not answer(mine)
    assert mine.events() == []
    assert mine.kept("card", "none") == "none"
    assert capsys.readouterr().err.count("cannot be written") == 1


def make_version_1(path):
    with closing(sqlite3.connect(path)) as old:
        old.executescript(progress_schema.STEPS[0])
        rows = [
            (f"u{n}", f"2026-01-0{n}T00:00:00.000000+00:00", "answer", "q1", "01", outcome, "null")
            for n, outcome in enumerate(["correct", "incorrect", "correct"], 1)
        ]
        old.executemany(
            "INSERT INTO event (uid, at, kind, key, lesson, outcome, detail) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            reversed(rows),
        )
        old.execute("INSERT INTO kept VALUES ('card', '2026', '7')")
        old.execute(f"PRAGMA application_id={progress_file.APPLICATION}")
        old.execute("PRAGMA user_version=1")
        old.commit()


def test_a_file_of_an_older_version_is_brought_on_and_a_copy_kept(mine, path, capsys):
    make_version_1(path)
    before = path.read_bytes()
    answer(mine, "new")
    assert keys(mine) == ["q1", "q1", "q1", "new"]
    assert mine.kept("card") == 7
    (kept,) = path.parent.glob("progress.version-1-*.sqlite3")
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT count(*) FROM event").fetchone() == (3,)
    assert kept.read_bytes()[100:] == before[100:]
    told = capsys.readouterr().err
    assert told.startswith("Your progress was brought to a new form.")
    assert str(kept) in told


def test_a_migration_that_fails_leaves_the_old_file_as_it_was(mine, path, monkeypatch, capsys):
    make_version_1(path)
    with monkeypatch.context() as patch:
        patch.setattr(progress_file, "STEPS", (progress_schema.STEPS[0], "CREATE TABLE kept (x);"))
        assert not answer(mine, "new")
        assert "cannot be used" in mine.trouble
    with closing(sqlite3.connect(path)) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)
        assert old.execute("SELECT count(*) FROM event").fetchone() == (3,)
    assert answer(mine, "newer")
    assert keys(mine) == ["q1", "q1", "q1", "new", "newer"]


def test_a_file_of_a_newer_version_is_left_alone(mine, path, capsys):
    answer(mine)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version=99")
    before = path.read_bytes()
    assert not answer(mine, "later")
    assert mine.events() == []
    assert path.read_bytes() == before
    told = capsys.readouterr().err
    assert "written by a newer version of the course (file version 99; this one knows" in told
    assert "COURSE_PROGRESS" in told


def test_another_programs_database_is_left_alone(mine, path, capsys):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE polls_question (id)")
    before = path.read_bytes()
    assert not answer(mine)
    assert path.read_bytes() == before
    assert "another program's database, and was left alone" in capsys.readouterr().err


def damage_first_page(path):
    path.write_bytes(b"Not a database at all. " * 500)


def damage_every_other_page(path):
    whole = bytearray(path.read_bytes())
    for page in range(4096, len(whole), 4096):
        whole[page : page + 200] = b"\xff" * 200
    path.write_bytes(whole)


@pytest.mark.parametrize("damage", [damage_first_page, damage_every_other_page])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(mine, path, damage, capsys):
    for number in range(50):
        answer(mine, f"q{number}", detail="x" * 300)
    damage(path)
    before = path.read_bytes()
    assert answer(mine, "new")
    assert "new" in keys(Store(path))
    (aside,) = path.parent.glob("progress.damaged-*.sqlite3")
    assert aside.read_bytes() == before
    told = capsys.readouterr().err
    assert f"was damaged. It was set aside as {aside}" in told


def test_what_can_be_read_of_a_damaged_file_is_brought_over(mine, path, capsys):
    for number in range(100):
        answer(mine, f"q{number:02}", detail="x" * 2000)
    whole = bytearray(path.read_bytes())
    middle = whole.index(b"q50") // 4096 * 4096
    whole[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(whole)
    found = keys(mine)
    assert {"q00", "q40", "q60", "q99"} <= set(found)
    assert "q50" not in found
    words = f"Of its answers, checks and hints {len(found)} could be read and were kept."
    assert words in capsys.readouterr().err
    answer(mine, "new")
    assert keys(Store(path)) == [*found, "new"]


def test_two_kernels_that_find_the_same_damage_set_one_file_aside(path, capsys):
    first, second = Store(path), Store(path)
    answer(first)
    damage_first_page(path)
    progress_file.set_damaged_aside(path, first._say)
    assert answer(first, "kept")
    progress_file.set_damaged_aside(path, second._say)
    assert keys(second) == ["kept"]
    assert len(list(path.parent.glob("*damaged*"))) == 1


def test_an_empty_file_is_begun(mine, path):
    path.touch()
    assert answer(mine)
    assert keys(mine) == ["q1"]
