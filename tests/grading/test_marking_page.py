"""The page of the person who marks, and a text with its mark on the student's page."""

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest

from course_support.grading import marks
from course_support.grading.batch import Graded
from course_support.grading.exercises import Manual, find
from course_support.grading.marks import Said, fingerprint, with_marks
from course_support.grading.points import weigh
from course_support.grading.reports.class_page import class_page
from course_support.grading.reports.marking_page import marking_page
from course_support.grading.reports.page import SHOWN
from course_support.grading.reports.student_page import student_page
from course_support.grading.reports.writing import MARKING, write_reports
from course_support.grading.results import ClassResults, Place
from course_support.grading.submissions import LIMIT_BYTES, Submission
from course_support.verdicts import Outcome, Verdict, report

KEY = "ex01_first_view"
EVIL = "</td></div><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J\x1b]0;own\x07\u202e"
TEXT = "I chose asgi,\nfor readers stay."


@pytest.fixture(autouse=True)
def with_manual(monkeypatch):
    """ex01 also has something that a person marks, for 3 points."""
    exercise = replace(find(KEY), manual=(Manual("record", "The record", 3),))
    monkeypatch.setattr(marks, "exercises", lambda: {KEY: exercise})
    monkeypatch.setattr(marks, "given_texts", lambda one: {"record": "*Why?*"})


def wrote(student, text):
    judged = weigh(find(KEY), report(KEY, [Verdict(Outcome.CORRECT, "It answers")]))
    texts = {} if text is None else {"record": text}
    return Graded(Submission(student, KEY, {"answer-headlines": student}, texts=texts), judged)


def class_of(*graded, marks=None):
    return ClassResults(tuple(with_marks(graded, marks or {})), ())


def elements(page):
    """Each element of a page with its attributes; every one that is opened is closed."""
    found, still_open = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, {name for name, _ in attrs}))
            if tag not in ("meta", "br", "wbr"):
                still_open.append(tag)

        def handle_endtag(self, tag):
            assert still_open.pop() == tag

    Reader().feed(page)
    assert still_open == []
    return found


def marked(student, mark, text, comment=""):
    return {Place(student, KEY, "record"): Said(mark, comment, fingerprint(text))}


def marking(found, rows=None):
    found = replace(found, rows=rows or {})
    return marking_page(found, {one: f"students/{one}.html" for one in found.students})


def test_texts_stand_under_each_other_what_waits_first():
    said = marked("ana", 2, TEXT, "Clear.") | marked("bo", 1, "before")
    class_ = (wrote("ana", TEXT), wrote("bo", "after"), wrote("cy", "mine"), wrote("dora", None))
    rows = {Place("cy", KEY, "record"): 2}
    page = marking(class_of(*class_, marks=said), rows)
    order = ["To mark (1)", "cy.html", "mine", "Marked, and changed since (1)", "bo.html", "after"]
    order += [
        "Marked (1)",
        "ana.html",
        TEXT,
        "2 of 3 points",
        "Clear.",
        "Nothing there to mark (1)",
    ]
    order += ["dora.html", "The cell is not in the notebook."]
    places = [page.index(words, page.index("<h2>")) for words in order]
    assert places == sorted(places)
    assert "row 2 of marks.csv" in page and "1 text to mark." in page


def test_the_same_text_is_named():
    class_ = (wrote("ana", TEXT), wrote("bo", f" {TEXT}\n"), wrote("cy", "mine"))
    page = marking(class_of(*class_))
    assert "The same text: bo" in page and "The same text: ana" in page
    assert page.count("The same text") == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "The cell is not in the notebook"),
        (" \n", "The cell is empty"),
        ("*Why?*", "The cell is left as the exercise gave it"),
        ("*Why?*\nYOUR ANSWER HERE", "The cell is left as the exercise gave it"),
    ],
)
def test_no_text_is_said_and_is_no_zero(text, words):
    found = class_of(wrote("ana", text))
    for page in (marking(found), student_page("ana", found)):
        assert words in page
    assert "It is not a zero" in student_page("ana", found)
    assert "What was written" not in student_page("ana", found)
    assert found.results[0].manual[0].mark is None


def test_student_sees_the_text_the_mark_and_that_the_text_has_changed():
    found = class_of(wrote("ana", TEXT), marks=marked("ana", 2.5, "before", "Say why."))
    page = student_page("ana", found)
    assert "2.5 of 3 points" in page and "Say why." in page and TEXT in page
    assert "The text below has changed since" in page
    assert "not marked yet" in student_page("ana", class_of(wrote("ana", TEXT)))


def test_hostile_text_is_only_a_text_on_every_page():
    found = class_of(wrote(EVIL, EVIL + "\u2028\u061c\U000e0041"), wrote("bo", "</div></main>" * 9))
    pages = [marking(found), student_page(EVIL, found), student_page("bo", found)]
    for page in pages:
        for tag, attributes in elements(page):
            assert tag not in ("script", "img", "iframe", "link", "form")
            assert not [name for name in attributes if name.startswith("on")]
        assert not re.search("[\x1b\x07\u202e\u2028\u061c\U000e0041]", page)
        assert "default-src 'none'" in page
    assert escape("</div></main>") in pages[0]


@pytest.mark.parametrize("piece", ["x", "\n", "<", "\x1b[", "a\u0301", "`", "\r", "\ud83d?"])
def test_text_as_large_as_a_notebook_may_be_is_shown_in_part(piece):
    text = (piece * LIMIT_BYTES)[:LIMIT_BYTES].encode("utf-8", "replace").decode()
    page = marking(class_of(wrote("ana", f"begin {text}")))
    assert "begin" in page and f"of {len(text) + 6:,} letters" in page
    assert len(page) < 12 * SHOWN


def test_long_text_can_be_scrolled_with_the_keyboard():
    page = marking(class_of(wrote("ana", "line\n" * 60), wrote("bo", TEXT)))
    assert 'tabindex="0" role="region" aria-label="The text of ana"' in page
    assert page.count("tabindex") == 1


def test_class_page_leads_to_the_page_for_marking_while_something_waits():
    found = class_of(wrote("ana", TEXT), wrote("bo", None))
    page = class_page(found, {"ana": "a", "bo": "b"})
    assert "1 text to mark by hand" in page and 'href="marking.html"' in page
    assert page.count(">1 to mark</a>") == 1


def test_class_page_says_what_is_odd_about_the_table_of_marks():
    found = replace(class_of(wrote("ana", TEXT)), notes=(f"Row 3 ({EVIL}): nobody.",))
    page = class_page(found, {"ana": "a"})
    assert "About <code>marks.csv</code>" in page and "nobody." in page
    assert not {"script", "img"} & {tag for tag, _ in elements(page)}


def test_without_anything_to_mark_there_is_no_page_for_it(tmp_path, monkeypatch):
    write_reports(tmp_path, class_of(wrote("ana", TEXT)))
    assert (tmp_path / MARKING).exists()
    monkeypatch.undo()
    write_reports(tmp_path, class_of(wrote("ana", TEXT)))
    assert not (tmp_path / MARKING).exists()
    assert MARKING not in (tmp_path / "index.html").read_text("utf-8")
