"""A file that is no gradebook is left as it is; nbgrader's own tests are in authoring/."""

import sqlite3
from contextlib import closing

import pytest

from course_support.content import ContentError
from course_support.grading.gradebook import look_at


def made(path, *tables):
    with closing(sqlite3.connect(path)) as book:
        for table in tables:
            book.execute(f"CREATE TABLE {table} (id)")
        book.commit()
    return path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no gradebook"),
        (b"", "is no gradebook of nbgrader, and was left alone"),
        (b"Student,Grade\n" * 100, "cannot be read as a gradebook: file is not a database"),
    ],
)
def test_file_that_is_no_gradebook_is_said_and_left_alone(tmp_path, content, words):
    path = tmp_path / "book.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ContentError, match=words):
        look_at(path)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == (
        [] if content is None else [content]
    )


def test_database_of_something_else_is_no_gradebook(tmp_path):
    with pytest.raises(ContentError, match="no gradebook of nbgrader"):
        look_at(made(tmp_path / "notes.db", "note", "student"))


def test_gradebook_is_one_and_a_question_mark_is_more_than_nbgrader_can_open(tmp_path):
    tables = ("assignment", "notebook", "student", "grade")
    look_at(made(tmp_path / "week 1 %41#.db", *tables))
    with pytest.raises(ContentError, match="rename it"):
        look_at(made(tmp_path / "week?.db", *tables))
