"""Canvas's and Moodle's own tables come back filled; whoever is not certain is left to a person."""

import csv

import pytest

from course_support.content import ContentError
from course_support.grading.batch import Graded
from course_support.grading.exercises import find
from course_support.grading.marks import with_marks
from course_support.grading.points import weigh
from course_support.grading.reports.platforms import (
    check_tables,
    write_canvas,
    write_moodle,
    write_moodle_import,
)
from course_support.grading.reports.words import field
from course_support.grading.results import ClassResults
from course_support.grading.saying import say_missing
from course_support.grading.submissions import Submission
from course_support.verdicts import Outcome, Verdict, report

KEY = "ex01_first_view"


def graded(student, passed, number="", seen="seen"):
    """A result with so many of five checks passed."""
    wrong = [Verdict(Outcome.INCORRECT, "Each is right", seen, "Do `this`.")] * (5 - passed)
    right = [Verdict(Outcome.CORRECT, "Each is right")] * passed
    judged = weigh(find(KEY), report(KEY, right + wrong))
    return Graded(Submission(student, KEY, {}, f"{student}.ipynb", number=number), judged)


def class_of(*found):
    return ClassResults(tuple(with_marks(found, {})), ())


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,ex01_first_view (4711),Other (1),Final Score
    Points Possible,,,,,10,5,(read only)
"Silva, Ana",11,u11,asilva,A,,3,
"Li, Bo",12,u12,bli,A,,,
"Öz, Cem",13,u13,coz,A,,,
"""


def test_canvas_gets_its_own_columns_and_scale_back(tmp_path):
    (tmp_path / "roster.csv").write_text(CANVAS, "utf-8")
    found = class_of(
        graded("silvaana", 4, number="11"), graded("bli", 5), graded("ozcem", 1), graded("dora", 1)
    )
    missing = write_canvas(tmp_path / "out.csv", tmp_path / "roster.csv", found)
    possible, ana, bo, cem = rows(tmp_path / "out.csv")
    column = "ex01_first_view (4711)"
    assert list(ana) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    assert (possible["Student"], possible[column]) == ("    Points Possible", "10")
    assert (ana["Student"], ana["ID"], ana[column]) == ("Silva, Ana", "11", "8")
    assert (bo[column], cem[column], missing) == ("10", "2", ["dora"])


MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 11,Ana Silva,ana@x.org,Submitted,,100.00,Yes,
Participant 12,Bo Li,bo@x.org,Submitted,,100.00,Yes,
Participant 13,Bo Li,bo2@x.org,Submitted,,100.00,Yes,
"""


def test_moodles_worksheet_is_filled_by_participant_and_on_its_scale(tmp_path):
    (tmp_path / "sheet.csv").write_text(MOODLE, "utf-8")
    found = class_of(graded("Ana Silva", 4, number="11"), graded("Bo Li", 5, number="13"))
    assert write_moodle(tmp_path / "out.csv", tmp_path / "sheet.csv", found) == []
    ana, first, second = rows(tmp_path / "out.csv")
    assert (ana["Grade"], first["Grade"], second["Grade"]) == ("80.00", "", "100.00")
    assert (
        "1.6 of 2 points" in ana["Feedback comments"] and "Do `this`." in ana["Feedback comments"]
    )
    assert list(ana) == MOODLE.splitlines()[0].split(",")


def test_two_people_of_one_name_are_left_to_a_person(tmp_path):
    (tmp_path / "sheet.csv").write_text(MOODLE, "utf-8")
    found = class_of(graded("Bo Li", 5))
    assert write_moodle(tmp_path / "out.csv", tmp_path / "sheet.csv", found) == ["Bo Li"]


def test_table_for_moodles_import_has_a_column_for_each_exercise(tmp_path):
    write_moodle_import(tmp_path / "out.csv", class_of(graded("Ana Silva", 4, number="11")))
    (ana,) = rows(tmp_path / "out.csv")
    assert ana["Identifier"] == "Participant 11" and ana[find(KEY).title] == "1.6"


def test_table_that_is_no_roster_is_refused_in_words(tmp_path):
    (tmp_path / "x.csv").write_text("Name,Grade\n")
    with pytest.raises(ContentError, match="has no column 'Student'"):
        write_canvas(tmp_path / "out.csv", tmp_path / "x.csv", class_of(graded("a", 1)))


@pytest.fixture
def filled(tmp_path):
    """`filled(write_moodle, text, *graded)`: what was written, and who is missing."""

    def fill(write, text, *found, encoding="utf-8"):
        (tmp_path / "given.csv").write_text(text, encoding, newline="")
        missing = write(tmp_path / "out.csv", tmp_path / "given.csv", class_of(*found))
        return rows(tmp_path / "out.csv"), missing

    return fill


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_worksheet_is_read_as_moodle_may_export_it(filled, encoding, delimiter):
    text = MOODLE.replace(",", delimiter).replace("\n", "\r\n")
    (ana, *_), missing = filled(write_moodle, text, graded("Ana Silva", 4, "11"), encoding=encoding)
    assert (ana["Identifier"], ana["Grade"], missing) == ("Participant 11", "80.00", [])


def test_worksheet_of_another_assignment_gives_nobody_anothers_grade(filled, capsys):
    moved = MOODLE.replace("Participant 11", "Participant 12x").replace("12x", "99")
    people = graded("Ana Silva", 5, "12"), graded("Cy Low", 4, "13")
    found, missing = filled(write_moodle, moved, *people)
    assert [row["Grade"] for row in found] == ["100.00", "", ""] and missing == ["Cy Low"]
    say_missing(["Ana Silva", "Cy Low"], class_of(*people))
    assert "is it of another course" in capsys.readouterr().out


def test_anonymous_and_grouped_people_are_known_by_their_number(filled):
    text = MOODLE.replace("Participant 11,Ana Silva", "Participant 11,Participant 11")
    found, missing = filled(
        write_moodle, text, graded("Participant 11", 5, "11"), graded("Team A-Bo Li (13)", 4, "13")
    )
    assert [row["Grade"] for row in found] == ["100.00", "", "80.00"] and missing == []


def test_grade_that_cannot_be_changed_stays_and_its_student_is_named(filled):
    text = MOODLE.replace("Submitted,,100.00,Yes", "Submitted,7,100.00,No", 1)
    (ana, *_), missing = filled(write_moodle, text, graded("Ana Silva", 5, "11"))
    assert (ana["Grade"], missing) == ("7", ["Ana Silva"])


def test_two_who_claim_one_row_are_left_to_a_person(filled):
    thief = graded("silva-ana", 5)
    found, missing = filled(write_canvas, CANVAS, graded("Silva, Ana", 1), thief, graded("bli", 5))
    assert found[1]["ex01_first_view (4711)"] == "" and found[2]["ex01_first_view (4711)"] == "10"
    assert missing == ["Silva, Ana", "silva-ana"]


@pytest.mark.parametrize("scale", ["", "nan", "inf", "1e999", "-5", "0", "ten"])
def test_scale_that_is_no_number_is_not_used(filled, scale):
    (_, ana, *_), _ = filled(write_canvas, CANVAS.replace(",10,5", f",{scale},5"), graded("u11", 5))
    assert ana["ex01_first_view (4711)"] == "2"


def test_column_that_canvas_only_lets_read_is_not_written(filled):
    found, _ = filled(write_canvas, CANVAS.replace(",10,5", ",(read only),5"), graded("u11", 5))
    assert found[1][KEY] == "2" and "ex01_first_view (4711)" not in found[1]


def test_rows_of_nobody_and_of_teachers_stay_without_points(filled):
    text = CANVAS.replace("    Points", ",,,,,Manual Posting,,\n    Points")
    text += '"Student, Test",99,,x,A,,,\n'
    found, missing = filled(write_canvas, text, graded("u11", 5))
    assert [row["ex01_first_view (4711)"] for row in found] == ["10", "10", "", "", ""]
    assert missing == []


@pytest.mark.parametrize(
    ("table", "option", "words"),
    [
        (CANVAS.replace("    Points Possible", "Li"), 0, "no row 'Points Possible'"),
        (MOODLE.replace("Full name", "Name"), 1, "no column 'Full name'; it has: Identifier, Name"),
        (MOODLE.replace("Full name", "\x1b[2JName"), 1, "set to English"),
        ("", 0, "no column 'Student'"),
        ('Student,ID\n"Li', 0, "no CSV"),
    ],
)
def test_table_is_refused_before_anything_is_judged(tmp_path, table, option, words):
    path = tmp_path / "given.csv"
    path.write_text(table, "utf-8")
    with pytest.raises(ContentError, match=words) as told:
        check_tables(*((path, None), (None, path))[option])
    assert "\x1b" not in str(told.value)


def test_table_that_is_none_is_said(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ContentError, match="cannot be read|no file"):
            check_tables(path, None)


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", " =1", "\uff1d1", "a;=1", "a\n=1", "a\t@x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_field_is_a_formula_whatever_separates_fields(text):
    for delimiter in ";\t\n":
        for part in field(text).split(delimiter):
            assert not part.strip().startswith(("=", "+", "-", "@", "\uff1d")), part


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "-1+1", "@SUM(1)"])
def test_names_in_platforms_tables_are_no_formulas_and_ids_stay(filled, name):
    text = MOODLE.replace("Ana Silva", name).replace("ana@x.org", "=ana@x.org")
    evil = graded(name, 0, "11", seen="\n=1+1;=2")
    (ana, *_), missing = filled(write_moodle, text, evil)
    assert (ana["Identifier"], ana["Grade"], missing) == ("Participant 11", "0.00", [])
    assert ana["Full name"] == f"'{name}" and ana["Email address"] == "'=ana@x.org"
    (_, ana, *_), missing = filled(write_canvas, CANVAS.replace("u11", "-11"), graded("-11", 5))
    assert (ana["SIS User ID"], missing) == ("-11", [])
