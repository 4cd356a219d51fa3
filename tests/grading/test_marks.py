"""A person's marks: filled in by any spreadsheet, read back, never lost, and told when stale."""

import csv
import os
from dataclasses import replace
from types import SimpleNamespace

import pytest

from course_support.content import ContentError
from course_support.grading import answers, files, gradebook, marks
from course_support.grading.batch import Graded
from course_support.grading.exercises import Manual, find
from course_support.grading.marks import COLUMNS, fingerprint, read_marks, with_marks
from course_support.grading.marksheet import AS_SAVED, write_marks
from course_support.grading.points import weigh
from course_support.grading.results import Place, Stage, Wrote
from course_support.grading.submissions import Submission
from course_support.verdicts import Outcome, Verdict, report

KEY = "ex01_first_view"
GIVEN = "*What did you decide?*"


@pytest.fixture(autouse=True)
def with_manual(monkeypatch):
    """ex01 also has something that a person marks, for 3 points."""
    exercise = replace(find(KEY), manual=(Manual("record", "The record", 3),))
    monkeypatch.setattr(marks, "exercises", lambda: {KEY: exercise})
    monkeypatch.setattr(marks, "given_texts", lambda one: {"record": GIVEN})


def graded(student, text="I chose asgi."):
    judged = weigh(find(KEY), report(KEY, [Verdict(Outcome.CORRECT, "It answers")]))
    texts = {} if text is None else {"record": text}
    return Graded(Submission(student, KEY, {"answer-headlines": "x"}, texts=texts), judged)


@pytest.fixture
def run(tmp_path):
    """A run of the grader on a class whose answers are judged: its results and its notes."""

    def run(*handed_in):
        path = tmp_path / "marks.csv"
        results = with_marks(handed_in, read_marks(path))
        return results, write_marks(path, results)

    run.path = tmp_path / "marks.csv"
    return run


def rows(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def fill(path, old, new, encoding="utf-8-sig"):
    text = path.read_bytes().decode("utf-8-sig")
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode(encoding))


def manual(results, student):
    (one,) = [one for one in results if one.student == student]
    return one.manual[0]


def test_each_item_and_each_comment_has_a_row_and_a_mark_is_read_back(run):
    results, table = run(graded("ana"), graded("bo"))
    assert [row["item"] for row in rows(run.path)] == ["record"] * 2 + ["comment"] * 2
    assert table.rows[Place("bo", KEY, "record")] == 3
    fill(
        run.path,
        "ana,ex01_first_view,record,The record,3,,",
        "ana,ex01_first_view,record,The record,3,2.5,clear",
    )
    results, _ = run(graded("ana"), graded("bo"))
    assert manual(results, "ana").mark == 2.5 and manual(results, "ana").comment == "clear"
    assert results[0].earned == 4.5 and results[1].to_mark == [manual(results, "bo")]


def test_what_waits_stands_first_and_without_a_text_last(run):
    class_ = [graded("ana", None), graded("bo"), graded("cy", GIVEN), graded("dora")]
    results, _ = run(*class_)
    assert [row["student"] for row in rows(run.path)[:4]] == ["bo", "dora", "ana", "cy"]
    assert [manual(results, one).wrote for one in ("ana", "bo", "cy")] == [
        Wrote.MISSING, Wrote.TEXT, Wrote.AS_GIVEN,
    ]  # fmt: skip
    assert manual(results, "ana").mark is None and results[0].to_mark == []


def test_the_next_run_changes_not_a_byte(run):
    run(graded("ana"), graded("bo"))
    fill(
        run.path,
        "ana,ex01_first_view,record,The record,3,,",
        'ana,ex01_first_view,record,The record,3,"2,50","a ""b""\nc"',
    )
    run(graded("ana"), graded("bo"))
    before = run.path.read_bytes(), run.path.stat().st_mtime_ns
    run(graded("ana"), graded("bo"))
    assert (run.path.read_bytes(), run.path.stat().st_mtime_ns) == before
    assert [(row["mark"], row["comment"]) for row in rows(run.path) if row["mark"]] == [
        ("2,50", 'a "b"\nc')
    ]


SHEETS = {
    "Excel, German": (";", "utf-8-sig", "\r\n", "2,5"),
    "Excel, plain CSV": (";", "cp1252", "\r\n", "2,5"),
    "Excel, Unicode text": ("\t", "utf-16", "\r\n", "2,5"),
    "Excel, Macintosh": (",", "utf-8-sig", "\r", "2.5"),
    "LibreOffice": (",", "utf-8", "\n", '"2,5"'),
}


@pytest.mark.parametrize("habit", SHEETS.values(), ids=SHEETS)
def test_habits_of_spreadsheets_are_read_and_kept(run, habit):
    delimiter, encoding, end, typed = habit
    run(graded("Öz"), graded("bo"))
    lines = [
        list(COLUMNS),
        ["Öz", KEY, "record", "The record", "3", typed, '"good; but,\nshort"', "text-0"],
        ["bo", KEY, "record", "The record", "3", "", "", ""],
        [""] * len(COLUMNS),
    ]
    text = "".join(delimiter.join(line) + end for line in lines)
    run.path.write_bytes(text.encode(encoding))
    results, _ = run(graded("Öz"), graded("bo"))
    assert (manual(results, "Öz").mark, manual(results, "Öz").comment) == (2.5, "good; but,\nshort")
    row = rows(run.path, delimiter)[1]
    assert (row["student"], row["mark"]) == ("Öz", typed.strip('"'))


def test_table_that_was_no_utf8_is_kept_as_it_was_saved(run):
    run(graded("Öz"))
    fill(
        run.path,
        "Öz,ex01_first_view,record,The record,3,",
        "Öz,ex01_first_view,record,The record,3,2",
        "cp1252",
    )
    saved = run.path.read_bytes()
    results, table = run(graded("Öz"))
    assert manual(results, "Öz").mark == 2 and "Windows-1252" in table.notes[0]
    assert run.path.with_name(AS_SAVED).read_bytes() == saved


def test_columns_and_rows_of_a_persons_own_stay(run):
    run(graded("ana"))
    fill(run.path, "text_seen", "text_seen,todo")
    fill(
        run.path,
        "\r\nana,ex01_first_view,comment",
        "\r\nzoe,ex01_first_view,record,,3,1,gone,,ask her\r\nana,ex01_first_view,comment",
    )
    _, table = run(graded("ana"), graded("bo"))
    (zoe,) = [row for row in rows(run.path) if row["student"] == "zoe"]
    assert (zoe["mark"], zoe["comment"], zoe["todo"]) == ("1", "gone", "ask her")
    assert table.notes == (
        "Row 3 (zoe, ex01_first_view, record): nobody of that name handed it in. The row is kept.",
    )


def test_columns_without_a_name_keep_what_was_typed_into_them(run):
    run(graded("ana"))
    fill(run.path, "text_seen", "text_seen,,")
    lines = run.path.read_text("utf-8-sig").splitlines()
    lines[1] += ",one,two"
    run.path.write_text("\n".join(lines))
    for _ in range(2):
        run(graded("ana"), graded("bo"))
    assert ",one,two" in run.path.read_text("utf-8-sig")


def test_empty_table_is_none(run):
    run.path.write_bytes(b"")
    run(graded("ana"))
    assert [row["student"] for row in rows(run.path)] == ["ana", "ana"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"x,{KEY},rekord,,3,1,,", "the exercise has no item 'rekord'"),
        ("x,ex1,record,,3,1,,", "there is no exercise 'ex1'"),
    ],
)
def test_row_that_fits_nothing_is_named_and_kept(run, row, words):
    run.path.write_text(f"{','.join(COLUMNS)}\n{row}\n")
    _, table = run(graded("ana"))
    assert words in table.notes[0] and row in run.path.read_text("utf-8-sig")


@pytest.mark.parametrize(("student", "as_saved"), [("0042", "42"), ("Łu", "?u"), ("A  b", "a b")])
def test_name_that_a_spreadsheet_changed_is_recognised(run, student, as_saved):
    run.path.write_text(f"{','.join(COLUMNS)}\n{as_saved},{KEY},record,,3,2,good,\n")
    results, table = run(graded(student), graded("bo"))
    assert manual(results, student).mark == 2
    assert table.notes == (f"Row 2: '{as_saved}' was taken for '{student}'.",)
    assert [row["student"] for row in rows(run.path) if row["mark"]] == [student]


def test_changed_name_that_may_be_two_is_left_to_a_person(run):
    run.path.write_text(f"{','.join(COLUMNS)}\n7,{KEY},record,,3,2,good,\n")
    results, table = run(graded("07"), graded("007"))
    assert [one.manual[0].mark for one in results] == [None, None]
    assert "nobody of that name" in table.notes[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"ana,{KEY},record,,9,4,", "row 2 (ana, ex01_first_view, record): the mark 4 is not betw"),
        (f"ana,{KEY},record,,3,-1,", "the mark -1 is not between 0 and 3"),
        (f"ana,{KEY},record,,3,good,", "the mark 'good' is no number such as 2 or 2.5"),
        (f"ana,{KEY},record,,3,nan,", "the mark 'nan' is no number"),
        (f"ana,{KEY},record,,3,02. May,", "the mark '02. May' is no number"),
        (f"ana,{KEY},comment,,,2,", "stands in the row of the comment on the whole"),
        (f"ana,{KEY},record,,3,2,a,b,c", "row 2 (ana): it has more fields than the header"),
        (f'ana,{KEY},record,,3,2,"a', "row 2: it is no CSV"),
        (f"ana,{KEY},record,,3,2,\nana,{KEY},record,,3,1,", "row 2 is for the same, and says some"),
    ],
)
def test_mistake_is_told_with_its_row_and_nothing_is_written(run, line, words):
    text = f"{','.join(COLUMNS)}\n{line}\n"
    run.path.write_text(text)
    with pytest.raises(ContentError) as told:
        run(graded("ana"))
    assert words in str(told.value) and run.path.read_text() == text


def test_all_mistakes_are_told_at_once(run):
    lines = [f"s{n},{KEY},record,,3,good," for n in range(30)]
    run.path.write_text("\n".join([",".join(COLUMNS), *lines]))
    with pytest.raises(ContentError, match=r"row 21 (?s:.*)and 10 more\n    Nothing was changed"):
        read_marks(run.path)


def test_of_two_rows_the_one_with_a_mark_counts(run):
    lines = [f"ana,{KEY},record,,3,2,,", f"ana,{KEY},record,,3,,,"]
    run.path.write_text("\n".join([",".join(COLUMNS), *lines]))
    assert manual(run(graded("ana"))[0], "ana").mark == 2


def test_mark_stays_when_the_text_changes_and_the_change_is_told_until_it_was_read(run):
    run(graded("ana", "first"))
    row = f"record,The record,3,,,{fingerprint('first')}"
    fill(run.path, row, row.replace("3,,,", "3,2,,"))
    results, _ = run(graded("ana", "second"))
    assert (manual(results, "ana").mark, manual(results, "ana").stage) == (2, Stage.CHANGED)
    assert manual(run(graded("ana", "first\r\n"))[0], "ana").stage is Stage.MARKED
    assert manual(run(graded("ana", "second"))[0], "ana").stage is Stage.CHANGED
    fill(run.path, fingerprint("first"), "")
    run(graded("ana", "second"))
    assert manual(run(graded("ana", "second"))[0], "ana").stage is Stage.MARKED
    assert manual(run(graded("ana", "third"))[0], "ana").stage is Stage.CHANGED


def test_text_that_changes_before_it_is_marked_is_just_the_text(run):
    run(graded("ana", "first"))
    assert manual(run(graded("ana", "second"))[0], "ana").stage is Stage.WAITS
    assert rows(run.path)[0]["text_seen"] == fingerprint("second")


def test_what_is_saved_while_the_class_is_judged_counts(run):
    class_ = [graded("ana")]
    results, _ = run(*class_)
    fill(run.path, "record,The record,3,,", "record,The record,3,1,late")
    write_marks(run.path, results)
    assert rows(run.path)[0]["comment"] == "late"


def test_table_that_cannot_be_written_is_left_alone_and_the_note_says_so(run, monkeypatch):
    run(graded("ana"))
    before = run.path.read_bytes()
    run.path.chmod(0o444)
    _, table = run(graded("ana"), graded("bo"))
    assert "is read-only" in table.notes[-1] and run.path.read_bytes() == before
    assert table.rows[Place("ana", KEY, "record")] == 2 and len(table.rows) == 2
    run.path.chmod(0o644)

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.Path, "replace", locked)
    _, table = run(graded("ana"), graded("bo"))
    assert "Permission denied" in table.notes[-1] and run.path.read_bytes() == before
    assert [path.name for path in run.path.parent.iterdir()] == ["marks.csv"]


def test_table_that_is_open_in_libreoffice_is_read_and_not_written(run):
    run(graded("ana"))
    fill(run.path, "record,The record,3,,", "record,The record,3,2,saved")
    before = run.path.read_bytes()
    lock = run.path.with_name(".~lock.marks.csv#")
    lock.write_text("")
    results, table = run(graded("ana"), graded("bo"))
    assert "open in LibreOffice" in table.notes[-1] and run.path.read_bytes() == before
    assert manual(results, "ana").mark == 2
    lock.unlink()
    assert run(graded("ana"), graded("bo"))[1].notes == ()


def test_stopped_half_way_through_writing_leaves_the_old_table(run, monkeypatch):
    run(graded("ana"))
    before = run.path.read_bytes()

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(graded("ana"), graded("bo"))
    assert run.path.read_bytes() == before


def test_other_batches_keep_their_rows(run):
    run(graded("=ana"))
    fill(
        run.path,
        "'=ana,ex01_first_view,record,The record,3,",
        "'=ana,ex01_first_view,record,The record,3,2",
    )
    run(graded("cy"))
    assert read_marks(run.path)[Place("'=ana", KEY, "record")].mark == 2


def test_course_asks_and_answers_in_the_cell_of_each_item():
    for key, ids in answers.manual_ids().items():
        given, ours = answers.given_texts(find(key)), answers.reference_texts(find(key))
        assert sorted(given) == sorted(ours) == sorted(ids)
        assert all(given[one].strip() and ours[one] != given[one] for one in ids)


class Book:
    """As much of nbgrader's gradebook as a push needs: one object for each cell and student."""

    def __init__(self):
        self.grades, self.comments = {}, {}

    def update_or_create_student(self, student): ...
    def update_or_create_submission(self, key, student): ...

    def find_grade(self, *place):
        empty = SimpleNamespace(auto_score=None, manual_score=None, needs_manual_grade=True)
        return self.grades.setdefault(place[0], empty)

    def find_comment(self, *place):
        empty = SimpleNamespace(auto_comment=None, manual_comment=None)
        return self.comments.setdefault(place[0], empty)


def test_mark_goes_to_its_own_cell_of_a_gradebook_and_one_that_is_there_stays(run):
    run(graded("ana"))
    fill(run.path, "The record,3,,", "The record,3,1.5,Say why.")
    results, _ = run(graded("ana"))
    names = ("record", "answer-headlines", "check")
    check, *cells = [SimpleNamespace(name=name, max_score=6) for name in reversed(names)]
    notebook = SimpleNamespace(grade_cells=[check, cells[1]], solution_cells=cells[::-1])
    gradebook._write(book := Book(), results[0], notebook, check)
    assert (book.grades["check"].auto_score, book.grades["record"].manual_score) == (6, 3)
    assert not book.grades["record"].needs_manual_grade
    assert book.comments["record"].manual_comment == "Say why."
    assert "Say why." in book.comments["answer-headlines"].auto_comment
    book.grades["record"].manual_score = 1
    gradebook._write(book, results[0], notebook, check)
    assert book.grades["record"].manual_score == 1
