"""Blanks by dragging, by clicking and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_double_click_is_one_attempt(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.BLANKS)")
    for key in ("async", "await", "run"):
        quiz.chip(key).click()
    quiz.question.get_by_role("button", name="Check answer").dblclick()
    expect(quiz.verdict).to_contain_text("2 attempts left")
    assert lab.run("print(quiz.state['questions']['both_at_once']['attempts_left'])") == "2"


def test_blanks_are_filled_by_dragging(quiz: Any) -> None:
    quiz.show("samples.widget(samples.BLANKS)")
    for number, key in enumerate(("async", "await", "sleep")):
        quiz.drag(quiz.chip(key), quiz.slot(number))
        expect(quiz.slot(number)).to_have_text(key)
    quiz.press("Check answer")
    expect(quiz.slot(1)).to_have_accessible_name("Blank 2 of 3: await, right")
    expect(quiz.slot(2)).to_have_accessible_name("Blank 3 of 3: sleep, not right")
    quiz.drag(quiz.slot(2), (30, 30))
    expect(quiz.slot(2)).to_have_accessible_name("Blank 3 of 3: empty")
    quiz.drag(quiz.chip("gather"), quiz.slot(2))
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")


def test_blanks_are_filled_by_clicking(quiz: Any) -> None:
    quiz.show("samples.widget(samples.BLANKS)")
    quiz.slot(2).click()
    quiz.chip("gather").click()
    expect(quiz.slot(2)).to_have_text("gather")
    quiz.chip("async").click()
    expect(quiz.slot(0)).to_have_text("async")
    quiz.slot(0).click()
    quiz.slot(0).click()
    expect(quiz.slot(0)).to_have_accessible_name("Blank 1 of 3: empty")


def test_blanks_are_filled_by_keyboard_alone(quiz: Any) -> None:
    quiz.show("samples.widget(samples.BLANKS)")
    keys = quiz.keys
    quiz.slot(0).focus()
    keys.press("Enter")  # leads to the options: run, gather, await, sleep, async
    for _ in range(4):
        keys.press("ArrowRight")
    keys.press("Enter")
    expect(quiz.slot(0)).to_have_text("async")
    expect(quiz.slot(1)).to_be_focused()
    keys.press("4")
    expect(quiz.slot(2)).to_be_focused()
    keys.press("ArrowLeft")
    expect(quiz.slot(1)).to_have_text("sleep")
    keys.press("Delete")
    expect(quiz.slot(1)).to_have_accessible_name("Blank 2 of 3: empty")
    keys.press("3")
    keys.press("2")
    keys.press("Tab")
    keys.press("Tab")
    expect(quiz.question.get_by_role("button", name="Check answer")).to_be_focused()
    keys.press("Enter")
    expect(quiz.verdict).to_contain_text("Correct.")
    expect(quiz.verdict).to_be_focused()
