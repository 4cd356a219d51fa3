"""Lines and events are put in order: by mouse, by finger, by buttons and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser


def row(quiz: Any, key: str) -> Locator:
    found: Locator = quiz.question.locator(f".aq-item[data-key={key}]")
    return found


def expect_order(quiz: Any, keys: str) -> None:
    rows = quiz.question.locator(".aq-item")
    for n, key in enumerate(keys):
        expect(rows.nth(n)).to_have_attribute("data-key", key)


def test_events_are_dragged_by_mouse_and_moved_by_their_buttons(quiz: Any) -> None:
    quiz.show_kind("ORDER")
    expect_order(quiz, "abcd")
    quiz.button("Check answer").press("Enter")
    expect(quiz.question.locator(".aq-trouble")).to_contain_text("Move a line first")
    quiz.drag(row(quiz, "c"), row(quiz, "a"))
    expect_order(quiz, "cabd")
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("3 of 4 lines stand in the right order.")
    quiz.press("Move up: The view awaits the upstream source")
    expect_order(quiz, "cadb")
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")
    expect(quiz.question).to_contain_text("the view is known now")


def test_events_are_dragged_by_their_grip_with_a_finger(quiz: Any) -> None:
    quiz.show_kind("ORDER")
    quiz.touch_drag(row(quiz, "c").locator(".aq-grip"), row(quiz, "a").locator(".aq-grip"))
    expect_order(quiz, "cabd")


def test_lines_of_code_are_put_in_order_by_keyboard_alone(quiz: Any) -> None:
    quiz.show_kind("LINES")
    first = row(quiz, "a").locator(".aq-grip")
    first.focus()
    quiz.keys.press("Alt+ArrowDown")  # b a c d
    expect(first).to_be_focused()
    quiz.keys.press("Alt+ArrowDown")  # b c a d
    quiz.keys.press("End")
    expect(row(quiz, "d").locator(".aq-grip")).to_be_focused()
    for _ in range(2):
        quiz.keys.press("Alt+ArrowUp")  # b d c a
    quiz.keys.press("ArrowDown")
    quiz.keys.press("Alt+ArrowDown")  # b d a c
    expect_order(quiz, "bdac")
    expect(quiz.question.locator(".aq-unseen[role=status]").first).to_contain_text("now 4 of 4")
    while not quiz.button("Check answer").evaluate("node => node === document.activeElement"):
        quiz.keys.press("Tab")
    quiz.keys.press("Enter")
    expect(quiz.verdict).to_contain_text("Correct.")
