"""Class page, student's page and tables; nothing in them is a stranger's markup."""

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from course_support.grading.batch import Graded
from course_support.grading.exercises import find
from course_support.grading.marks import Said, with_marks
from course_support.grading.points import weigh
from course_support.grading.reports.class_page import class_page
from course_support.grading.reports.student_page import student_page
from course_support.grading.reports.words import clean, field
from course_support.grading.reports.writing import page_name, write_reports
from course_support.grading.results import ClassResults, Place, Result
from course_support.grading.saying import say
from course_support.grading.setups import setup_of
from course_support.grading.submissions import Refused, Submission
from course_support.verdicts import Outcome, Verdict, report

KEY = "ex01_first_view"
EVIL = "</td><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J\x1b]0;own\x07\u202e"


def graded(student, passed, source="x", seen="seen", number="", **options):
    """A result with so many of five checks passed."""
    rest = [Verdict(Outcome.INCORRECT, "Each is right", seen, "Do `this`.", seen)] * (5 - passed)
    right = [Verdict(Outcome.CORRECT, "Each is right")] * passed
    judged = weigh(find(KEY), report(KEY, right + rest, "What you proved."))
    cells = {"answer-headlines": source}
    return Graded(
        Submission(student, KEY, cells, f"{student}.ipynb", number=number, **options), judged
    )


def class_of(*graded, refused=(), marks=None):
    return ClassResults(tuple(with_marks(graded, marks or {})), tuple(refused), "How.")


class Reader(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.open = set(), set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_pages_are_well_formed_and_bring_no_element_of_a_strangers():
    found = class_of(
        graded(EVIL, 2, source=EVIL, seen=EVIL, remarks=(EVIL,)),
        graded("bo", 2, source=EVIL),
        refused=[Refused(EVIL, EVIL, EVIL)],
        marks={Place(field(EVIL), KEY, "comment"): Said(comment=EVIL)},
    )
    for page in (student_page(EVIL, found), class_page(found, {EVIL: EVIL, "bo": "b.html"})):
        seen = Reader(page)
        assert seen.open == []
        assert not seen.tags & {"script", "img", "iframe", "link"}
        assert not {name for name in seen.attributes if name.startswith("on")}
        assert "\x1b" not in page and "\u202e" not in page and "\x07" not in page
        assert "default-src 'none'" in page


def test_control_codes_go_and_the_words_stay():
    assert clean("a\x1b[31mb\x1b[0m\x1b]8;;http://x\x1b\\c\x9b2Jd\x00\n\te") == "abc2Jd\n\te"


def test_students_page_says_what_was_seen_and_what_to_do():
    page = student_page("ana", class_of(graded("ana", 3), graded("bo", 5)))
    assert "1.2 of 2 points" in page and "Do <code>this</code>." in page
    assert page.count("<summary>Hint") == 3
    assert "What you proved" not in page and not re.search(r"\bbo\b", page)


def test_hints_give_way_to_the_commentary_and_a_right_answer_when_all_passed():
    page = student_page("bo", class_of(graded("bo", 5)))
    assert "What you proved." in page and "One right answer" in page and "Hint" not in page


def test_class_page_counts_checks_and_mistakes():
    found = class_of(graded("ana", 3), graded("bo", 5), graded("cy", 4))
    assert [one.passed for one in found.passed(KEY)] == [3, 3, 3, 2, 1]
    (stumble,) = found.stumbles(KEY)
    assert stumble.students == ("ana", "ana", "cy")


def test_the_same_answer_is_named_whatever_its_spaces_and_comments():
    found = class_of(
        graded("ana", 3, "a = 1\n\nb = 2"),
        graded("bo", 3, "# mine\na=1\n  b = 2\n"),
        graded("cy", 3, "a = 2"),
    )
    (pair,) = found.equal()
    assert (pair.students, pair.as_ours) == (("ana", "bo"), False)
    assert "ana, bo" in class_page(found, {"ana": "a", "bo": "b", "cy": "c"})


def test_file_that_was_not_judged_has_no_points(tmp_path):
    write_reports(tmp_path, class_of(graded("ana", 5), refused=[Refused("bo", "bo.ipynb", "Cut.")]))
    ana, bo = rows(tmp_path / "grades.csv")
    assert (ana["points"], ana["of"], ana["outcome"]) == ("2", "2", "correct")
    assert (bo["points"], bo["outcome"], bo["remarks"]) == ("", "not judged", "Cut.")
    assert "Cut." in (tmp_path / "students" / "bo.html").read_text("utf-8")


def test_json_has_every_verdict(tmp_path):
    write_reports(tmp_path, class_of(graded("ana", 4)))
    (one,) = json.loads((tmp_path / "grades.json").read_text("utf-8"))["results"]
    assert (one["points"], one["of"]) == (1.6, 2)
    assert [v["outcome"] for v in one["report"]["verdicts"]] == ["correct"] * 4 + ["incorrect"]


def test_same_class_gives_the_same_bytes_and_old_pages_go(tmp_path):
    write_reports(tmp_path, class_of(graded("ana", 4), graded("bo", 1)))
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    write_reports(tmp_path, class_of(graded("ana", 4), graded("bo", 1)))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == first
    write_reports(tmp_path, class_of(graded("ana", 4)))
    assert [path.name for path in (tmp_path / "students").iterdir()] == ["ana.html"]


def test_pages_have_names_of_their_own_that_any_system_can_keep():
    names = ["Ana", "ana", "../ana", "安娜", "a" * 300, "CON", "a/b", "a b"]
    pages = [page_name(name) for name in names]
    assert len(set(pages)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,70}\.html", page) for page in pages)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_name_is_no_formula(tmp_path, name):
    write_reports(tmp_path, class_of(graded(name, 5)))
    assert rows(tmp_path / "grades.csv")[0]["student"].startswith("'")


def test_untouched_starter_of_a_break_fix_is_nobodys_copy():
    (cell,) = setup_of(fix := find("fix01_three_awaits")).answers
    wrong = report(fix.key, [Verdict(Outcome.INCORRECT, "Each is right")])
    starters = [
        Graded(Submission(name, fix.key, {cell.id: cell.source}), weigh(fix, wrong))
        for name in ("ana", "bo")
    ]
    assert class_of(*starters).equal() == []


def test_work_for_the_reports_grows_in_proportion_to_the_class(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        Result, "student", property(lambda one: asked.append(1) or one.submission.student)
    )

    def work(number):
        asked.clear()
        found = class_of(*(graded(f"s{at}", at % 6, source=f"x = {at}") for at in range(number)))
        write_reports(tmp_path, found)
        say(found, tmp_path)
        return len(asked)

    few, many = work(20), work(80)
    assert many < 5 * few


def test_class_of_nobody_of_one_and_of_many_can_be_read():
    assert "Nobody has handed in anything." in class_page(class_of(), {})
    one = class_page(class_of(graded("ana", 5)), {"ana": "a"})
    assert "<dt>student</dt>" in one and "<dt>answer judged</dt>" in one
    many = [graded(f"s{number:02}", 2, source=f"x = {number}") for number in range(64)]
    page = class_page(class_of(*many), {f"s{number:02}": "s" for number in range(64)})
    assert "64 answers" in page and re.search(r"s00, .*<summary>and \d+ more</summary>", page)


def test_student_with_several_exercises_sees_them_at_once():
    two = replace(graded("ana", 2), submission=Submission("ana", "ex04_fan_out", {}))
    page = student_page("ana", class_of(graded("ana", 5), two))
    assert page.index('href="#ex04_fan_out"') < page.index('id="ex01_first_view"')
    assert "Exercise by exercise" not in student_page("ana", class_of(graded("ana", 5)))
