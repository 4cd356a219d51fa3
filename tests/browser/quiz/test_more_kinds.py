"""Choose all, find the line, match pairs: by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_all_that_apply_are_chosen_and_those_missing_are_only_counted(quiz: Any) -> None:
    quiz.show_kind("CHOICES")
    quiz.option("sleep").click()
    quiz.option("block").click()
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("the thread itself sleeps")
    expect(quiz.verdict).to_contain_text("1 more belongs to the answer.")
    expect(quiz.option("block")).to_contain_text("Not this one")
    expect(quiz.question).not_to_contain_text("a thread asks")
    box = quiz.question.get_by_role("checkbox", name="time.sleep")
    box.focus()
    quiz.keys.press("Space")
    quiz.question.get_by_role("checkbox", name="acount").focus()
    quiz.keys.press("Space")
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")
    expect(quiz.question).to_contain_text("a thread asks")


def test_line_is_pointed_at_by_mouse_and_by_arrow_keys(lab: Any, quiz: Any) -> None:
    quiz.show_kind("LINE")
    quiz.question.get_by_text("afirst").click()
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("the loop is free meanwhile")
    cells = [cell["source"] for cell in lab.cells()]
    quiz.question.get_by_role("radio", name="afirst").focus()
    quiz.keys.press("ArrowDown")
    quiz.keys.press("ArrowDown")  # over the empty line
    expect(quiz.question.get_by_role("radio", name="pbkdf2")).to_be_checked()
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")
    expect(quiz.question.locator("[data-line='5'] .aq-why")).to_contain_text("no await")
    assert [cell["source"] for cell in lab.cells()] == cells


def test_pairs_are_matched_by_dragging_and_by_clicking(quiz: Any) -> None:
    quiz.show_kind("MATCH")
    quiz.drag(quiz.chip("b"), quiz.slot(0))
    quiz.slot(1).click()
    quiz.chip("c").click()
    quiz.touch_drag(quiz.chip("a"), quiz.slot(2))
    expect(quiz.slot(2)).to_contain_text("async def")
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("nothing is broken there")
    expect(quiz.slot(1)).to_have_accessible_name("Pair 2 of 3: Restart the kernel, not right")
    quiz.drag(quiz.chip("d"), quiz.slot(1))
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")


def test_pairs_are_matched_by_keyboard_alone(quiz: Any) -> None:
    quiz.show_kind("MATCH")
    quiz.slot(0).focus()
    quiz.keys.press("2")
    expect(quiz.slot(1)).to_be_focused()
    quiz.keys.press("Enter")  # leads to the options: a, b, c, d
    quiz.keys.press("End")
    quiz.keys.press("Enter")
    expect(quiz.slot(1)).to_contain_text("before")
    expect(quiz.slot(2)).to_be_focused()
    quiz.keys.press("1")
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")
