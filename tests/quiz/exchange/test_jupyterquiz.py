"""Do questions survive the way to jupyterquiz's JSON and back?"""

import json
from dataclasses import replace

import pytest

from course_support.content import ContentError
from course_support.quiz.bank import read_bank, read_lesson
from course_support.quiz.exchange.jupyterquiz import exported, imported
from course_support.quiz.exchange.toml import lesson_text, needs
from course_support.quiz.numbers import Belief
from course_support.quiz.questions import Question

BY_HAND = {
    "hints": ["One."], "steps": ["Two."], "quick_check": "Three.", "mistakes": ["Four."],
    "proof": "assert True", "unit": "s",
}  # fmt: skip


@pytest.fixture
def number():
    return Question(
        id="ratio", kind="number", prompt="How much?", number=2.0, tolerance=0.25,
        beliefs=(Belief(4.0, "Twice that.", "m1"),),
    )  # fmt: skip


def whole(entry):
    """An imported entry with what an author adds by hand."""
    kinds = {"choice": 0, "choices": 0, "number": 1}
    return entry | {k: v for k, v in BY_HAND.items() if k != "unit" or kinds[entry["kind"]]}


def back(text, tmp_path):
    entries, left_out = imported(text)
    assert left_out == []
    path = tmp_path / "20_back.toml"
    path.write_text(lesson_text("20_back", list(map(whole, entries))), "utf-8")
    return read_lesson(path).questions


def test_whole_bank_comes_back_as_it_went(tmp_path):
    there = exported(question for lesson in read_bank() for question in lesson.questions)
    assert there.held > 50
    again = exported(back(there.text, tmp_path))
    assert again.left_out == ()
    went, came = json.loads(there.text), json.loads(again.text)
    for one in went:
        for answer in one["answers"]:  # the options of a blank are code, in the bank Markdown
            if "code" in answer:
                answer["answer"] = f"<code>{answer.pop('code')}</code>"
    assert [one["answers"] for one in came] == [one["answers"] for one in went]
    assert [one["type"] for one in came] == [one["type"] for one in went]


def test_choice_and_number_come_back(choice, number, tmp_path):
    one, two = back(exported([choice, number]).text, tmp_path)
    assert one.prompt == choice.prompt
    assert [option.text for option in one.options] == ["Waits", "Blocks", "Nothing"]
    assert one.option(one.right).why == choice.option("waits").why
    assert (two.number, two.tolerance) == (2.0, 0.25)
    assert [(belief.value, belief.why) for belief in two.beliefs] == [(4.0, "Twice that.")]


def test_what_it_cannot_hold_is_named_and_left_out(blanks, card, number):
    found = exported([blanks, card, replace(number, number=None)])
    assert json.loads(found.text) == []
    assert [line.split(":")[0] for line in found.left_out] == [
        "filling (blanks)", "turning (card)", "ratio (number)",
    ]  # fmt: skip


def test_html_and_mathematics_are_escaped(choice, tmp_path):
    sly = replace(choice, prompt="<img src=x onerror=alert(1)> costs $5$", code="a < b\n")
    [table] = json.loads(exported([sly]).text)
    assert "<img" not in table["question"] and "$" not in table["question"]
    assert table["code"] == "a &lt; b"
    [came] = back(json.dumps([table]), tmp_path)
    assert came.prompt == sly.prompt
    assert came.code == sly.code


def test_scripts_from_elsewhere_are_dropped(tmp_path):
    text = json.dumps([{
        "question": "<script>alert(1)</script>Is <b>this</b> <code>x</code>?<pre>a = 1</pre>",
        "type": "many_choice",
        "answers": [{"answer": "a", "correct": True}, {"answer": "b", "correct": True},
                    {"code": "c = '''", "correct": False, "feedback": "\x7f quoted \" \\"}],
    }])  # fmt: skip
    [came] = back(text, tmp_path)
    assert came.prompt == "Is **this** `x`?\n\n```python\na = 1\n```"
    assert came.kind == "choices"
    assert came.options[2].text == "`c = '''`"
    assert came.options[2].why == '\x7f quoted " \\'


def test_what_must_be_added_by_hand_is_said():
    text = json.dumps([{
        "question": "Which?", "type": "multiple_choice",
        "answers": [{"answer": "a", "correct": True}, {"answer": "b", "correct": False}],
    }])  # fmt: skip
    [entry], _ = imported(text)
    assert needs(entry) == [
        "hints", "mistakes", "proof", "quick_check", "steps",
        "1 more option", "a why for option_2",
    ]  # fmt: skip
    assert "# Still needed: hints; mistakes;" in lesson_text("20_x", [entry])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"type": "string", "answers": []}, "no kind for the type 'string'"),
        ({"type": "multiple_choice"}, "no list of answers"),
        ({"type": "many_choice", "answers": [{"correct": True}]}, "1 of its 1 answers are right"),
        ({"type": "numeric", "answers": [{"value": -1, "correct": True}]}, "numbers above 0"),
        ({"type": "numeric", "answers": []}, "one right answer, not 0"),
    ],
)
def test_questions_that_the_bank_cannot_ask_are_left_out_in_words(table, reason):
    entries, [said] = imported(json.dumps([table]))
    assert entries == []
    assert said.startswith("question 1: ") and reason in said


@pytest.mark.parametrize("text", ["{", "{}", "[1]"])
def test_other_files_are_refused(text):
    with pytest.raises(ContentError, match="JSON|list of questions"):
        imported(text)
