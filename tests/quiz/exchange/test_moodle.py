"""Does the export have the structure that Moodle's importer reads?"""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from course_support.quiz.bank import read_bank
from course_support.quiz.exchange.moodle import exported
from course_support.quiz.numbers import Belief
from course_support.quiz.options import Option
from course_support.quiz.questions import Question

TEXT = {"text": 1}
HTML = {"@format": 1, **TEXT}
EACH = {
    "@type": 1, "name": TEXT, "questiontext": HTML, "generalfeedback": HTML, "defaultgrade": 1,
    "penalty": 1, "hidden": 1, "idnumber": 1, "hint*": HTML, "tags": {"tag*": TEXT},
}  # fmt: skip
ANSWER = {"@fraction": 1, "@format": 1, "text": 1, "feedback": HTML}
# What each type of question is made of: "@" an attribute, "*" as many as there are.
STRUCTURE = {
    "category": {"@type": 1, "category": TEXT},
    "multichoice": {
        **EACH, "single": 1, "shuffleanswers": 1, "answernumbering": 1, "answer*": ANSWER,
    },
    "gapselect": {**EACH, "shuffleanswers": 1, "selectoption*": {"text": 1, "group": 1}},
    "numerical": {**EACH, "answer*": {**ANSWER, "tolerance": 1}},
    "matching": {
        **EACH, "shuffleanswers": 1, "subquestion*": {"@format": 1, "text": 1, "answer": TEXT},
    },
}  # fmt: skip


def check(element, structure, where):
    """Refuse a child or an attribute that the structure does not have, and a missing one."""
    known = {name.rstrip("*"): within for name, within in structure.items() if name[0] != "@"}
    assert {f"@{name}" for name in element.attrib} == {n for n in structure if n[0] == "@"}, where
    names = [child.tag for child in element]
    for name in structure:
        if name[0] != "@" and not name.endswith("*"):
            assert names.count(name) == 1, f"{where}: {name}"
    for child in element:
        assert child.tag in known, f"{where}: {child.tag}"
        within = known[child.tag]
        check(child, within if isinstance(within, dict) else {}, f"{where}/{child.tag}")


def read(*questions):
    """The question elements of an export of these."""
    root = ElementTree.fromstring(exported(questions).text)
    assert root.tag == "quiz"
    return [one for one in root if one.get("type") != "category"]


@pytest.fixture(scope="module")
def bank():
    return [question for lesson in read_bank() for question in lesson.questions]


@pytest.fixture
def match():
    return Question(
        id="pairs", kind="match", prompt="Match.", lefts=("`one`", "two & <three>"),
        options=(Option("a", "`A`"), Option("b", "B"), Option("c", "spare")), answer=("b", "a"),
    )  # fmt: skip


def test_whole_bank_has_the_structure_that_moodle_reads(bank, match):
    found = exported([*bank, match])
    root = ElementTree.fromstring(found.text)
    for question in root:
        check(question, STRUCTURE[question.get("type")], question.findtext("name/text"))
    asked = [question for question in root if question.get("type") != "category"]
    assert len(asked) == found.held == len(bank) + 1 - len(found.left_out)
    ids = [question.findtext("idnumber") for question in asked]
    assert len(ids) == len(set(ids))


def test_right_answers_are_worth_all_and_wrong_ones_nothing(bank, choice):
    for question in read(*(one for one in bank if one.kind == "choice")):
        worth = [float(answer.get("fraction")) for answer in question.iter("answer")]
        assert sorted(worth) == [0.0] * (len(worth) - 1) + [100.0]
    [asked] = read(choice)
    right = next(one for one in asked.iter("answer") if one.get("fraction") == "100")
    assert right.findtext("text") == "Waits"
    assert right.findtext("feedback/text") == "It gives the loop back."


def test_all_that_apply_share_the_grade_and_guessing_does_not_pay(choice):
    options = tuple(replace(option, right=option.key != "nothing") for option in choice.options)
    [asked] = read(replace(choice, kind="choices", options=options, answer=("waits", "blocks")))
    assert asked.findtext("single") == "false"
    assert [one.get("fraction") for one in asked.iter("answer")] == ["50", "50", "-100"]


def test_blanks_become_gaps_that_name_the_right_option(blanks):
    [asked] = read(blanks)
    assert "[[1]] def nap():\n    [[2]] asyncio.sleep(0)" in asked.findtext("questiontext/text")
    options = [one.findtext("text") for one in asked.iter("selectoption")]
    assert options == ["async", "await", "yield"]


def test_number_has_its_tolerance_in_its_own_unit():
    number = Question(
        id="n", kind="number", prompt="?", number=2.0, tolerance=0.25, beliefs=(Belief(4.0, "No."),)
    )
    right, wrong = next(iter(read(number))).iter("answer")
    assert (right.findtext("text"), right.findtext("tolerance")) == ("2", "0.5")
    assert (wrong.get("fraction"), wrong.findtext("feedback/text")) == ("0", "No.")


def test_pairs_keep_their_sides_and_spare_ones_stand_alone(match):
    pairs = [
        (p.findtext("text"), p.findtext("answer/text")) for p in read(match)[0].iter("subquestion")
    ]
    assert pairs == [
        ("<code>one</code>", "B"), ("two &amp; &lt;three&gt;", "A"), ("", "spare"),
    ]  # fmt: skip


def test_nothing_in_a_text_can_break_the_file(choice):
    sly = "]]> <script>alert('&')</script> \x00\x1b end"
    [asked] = read(replace(choice, prompt=sly, code=sly))
    text = asked.findtext("questiontext/text")
    assert "<script" not in text
    assert "]]&gt; &lt;script&gt;" in text
    assert "\x1b" not in text


def test_what_moodle_cannot_ask_is_named_and_left_out(card, blanks):
    found = exported([card, replace(blanks, code="x[[1]] = {{0}} + {{1}}\n")])
    assert found.held == 0
    first, second = found.left_out
    assert first.startswith("turning (card): a card is judged by its reader")
    assert second.startswith("filling (blanks): its code has [[1]]")
