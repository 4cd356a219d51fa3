"""What is typed: predicted output, repaired code, and notes from memory."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ENDLESS = "async def both(one, two):\n    while True:\n        pass"


def test_output_is_typed_and_each_line_marked(quiz: Any) -> None:
    quiz.show_kind("PREDICT")
    field = quiz.question.get_by_label("What does it print")
    field.click()
    quiz.keys.type("Ada asks\nAda has it\nBob asks\nBob has it")
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Lines 2, 3 and 4 differ.")
    expect(quiz.verdict).to_contain_text("the waits overlap")
    gutter = quiz.question.locator(".aq-gutter > span")
    for n, right in enumerate((True, False, False, False)):
        outcome = "correct" if right else "incorrect"
        expect(gutter.nth(n)).to_have_attribute("data-outcome", outcome)
    field.focus()
    quiz.keys.press("Control+a")
    quiz.keys.type("Ada asks\nBob asks  \nBob has it\nAda has it\n")
    quiz.keys.press("Control+Enter")
    expect(quiz.verdict).to_contain_text("Correct.")


def test_code_is_repaired_by_keyboard_and_tab_leaves_the_editor(quiz: Any) -> None:
    quiz.show_kind("REPAIR")
    field = quiz.question.get_by_label("Change the code")
    field.focus()
    quiz.keys.press("Control+a")
    quiz.keys.type("import asyncio\nasync def both(one, two):\n1 / 0")
    expect(field).to_have_value("import asyncio\nasync def both(one, two):\n    1 / 0")
    quiz.keys.press("Tab")
    expect(quiz.button("Run and check")).to_be_focused()
    quiz.keys.press("Enter")
    expect(quiz.verdict).to_contain_text("It raised an error. 4 attempts left.")
    expect(quiz.verdict).to_contain_text("ZeroDivisionError: division by zero")
    field.fill("import asyncio\nasync def both(one, two)\n    return 1")
    quiz.press("Run and check")
    expect(quiz.verdict).to_contain_text("Not Python yet")
    expect(quiz.question).to_contain_text("4 attempts left")
    field.fill(
        "import asyncio\nasync def both(*waits):\n    return tuple(await asyncio.gather(*waits))"
    )
    field.press("Control+Enter")
    expect(quiz.verdict).to_contain_text("Correct.")


def test_endless_code_gives_the_kernel_back(lab: Any, quiz: Any) -> None:
    quiz.show_kind("REPAIR")
    lab.run("from course_support.quiz import trials; trials.attempt.__kwdefaults__['limit_s'] = 1")
    quiz.question.get_by_label("Change the code").fill(ENDLESS)
    quiz.press("Run and check")
    expect(quiz.verdict).to_contain_text("It did not end within 1 s and was stopped.")
    expect(quiz.verdict).to_contain_text("line 2: while True:")
    assert lab.run("print(6 * 7)") == "42"


def test_what_was_recalled_is_ticked_and_the_words_stay(lab: Any, quiz: Any) -> None:
    quiz.show_kind("RECALL")
    notes = quiz.question.get_by_label("Write down what you remember")
    notes.fill("views, middleware, the ORM")
    quiz.press("Compare with the list")
    for n in "123":
        quiz.option(n).click()
    quiz.press("That is what I had")
    expect(quiz.verdict).to_contain_text("3 of 4 recalled. Missing: point 4.")
    expect(quiz.option("4")).to_contain_text("Missing")
    expect(notes).to_have_value("views, middleware, the ORM")
    assert lab.run("print(next(iter(quiz.state['questions'].values()))['given'])") == "[1, 2, 3]"


def test_recall_is_answered_by_keyboard_alone(quiz: Any) -> None:
    quiz.show_kind("RECALL")
    quiz.question.get_by_label("Write down what you remember").focus()
    quiz.keys.type("signals")
    quiz.keys.press("Tab")
    quiz.keys.press("Enter")
    expect(quiz.question.get_by_role("group", name="Tick what you had")).to_be_focused()
    quiz.keys.press("Tab")
    quiz.keys.press("Space")
    for _ in range(4):
        quiz.keys.press("Tab")
    quiz.keys.press("Enter")
    expect(quiz.verdict).to_contain_text("1 of 4 recalled.")
    expect(quiz.verdict).to_contain_text("What is async in Django")
