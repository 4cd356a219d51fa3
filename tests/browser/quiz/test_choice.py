"""Choosing, hints, attempts, cards and steps: the quiz as most questions show it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_choice_is_answered_wrong_and_then_right_by_mouse(quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    quiz.option("b").click()
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Not yet. 1 attempt left.")
    expect(quiz.verdict).to_contain_text("a thread is no coroutine")
    quiz.option("a").click()
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")
    expect(quiz.question.locator(".aq-why")).to_have_count(4)
    expect(quiz.question).to_contain_text("Django has no such decorator")
    quiz.question.get_by_text("Worked steps").click()
    expect(quiz.question.get_by_text("Secret-step")).to_be_visible()


def test_hints_come_one_by_one(quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    quiz.press("Hint 1 of 2")
    expect(quiz.question.locator(".aq-hints li")).to_have_count(1)
    quiz.press("Hint 2 of 2")
    expect(quiz.question.locator(".aq-hints li")).to_have_count(2)
    expect(quiz.question.get_by_role("button", name="2 hints shown")).to_be_disabled()


def test_attempts_end_and_the_question_can_be_tried_again(quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    for key in "bc":
        quiz.option(key).click()
        quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("No attempts left.")
    expect(quiz.option("a")).to_contain_text("Right answer")
    quiz.press("Try again")
    expect(quiz.verdict).to_be_empty()
    expect(quiz.question).to_contain_text("2 attempts left")
    expect(quiz.question.get_by_role("radio", checked=True)).to_have_count(0)


def test_keys_in_the_quiz_leave_the_notebook_alone(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    cells = [cell["source"] for cell in lab.cells()]
    quiz.question.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "ArrowDown", "a", "b", "d", "d", "x", "m", "0", "0"):
        lab.page.keyboard.press(key)
    expect(quiz.question.get_by_role("radio").nth(2)).to_be_checked()
    expect(quiz.question.get_by_role("radio").nth(2)).to_be_focused()
    quiz.question.get_by_role("button", name="Hint").focus()
    for key in ("a", "b", "d", "d", "ArrowUp", "ArrowDown", "x"):
        lab.page.keyboard.press(key)
    expect(quiz.question.get_by_role("button", name="Hint")).to_be_focused()
    quiz.option("a").click()
    quiz.question.get_by_role("button", name="Check answer").focus()
    lab.page.keyboard.press("Enter")
    expect(quiz.verdict).to_be_focused()
    for key in ("a", "b", "d", "d", "x", "1"):
        lab.page.keyboard.press(key)
    assert [cell["source"] for cell in lab.cells()] == cells


def test_card_is_turned_and_judged_by_its_reader(quiz: Any) -> None:
    quiz.show("samples.widget(samples.CARD)")
    quiz.press("Show the answer")
    expect(quiz.question).to_contain_text("coroutines, tasks and futures")
    quiz.press("Not yet")
    expect(quiz.verdict).to_contain_text("What an await gives back")
    quiz.press("Turn back")
    expect(quiz.question).not_to_contain_text("futures")


def test_card_is_judged_by_the_keys_1_to_4(quiz: Any) -> None:
    quiz.show("samples.widget(samples.CARD)")
    for key, words in (("2", "it was hard"), ("4", "at once"), ("1", "Not yet")):
        quiz.button("Show the answer").focus()
        quiz.keys.press("Enter")
        expect(quiz.question.locator(".aq-back")).to_be_focused()
        quiz.keys.press(key)
        expect(quiz.verdict).to_contain_text(words)
        quiz.press("Turn back")


def test_set_is_walked_through_by_its_steps(lab: Any, quiz: Any) -> None:
    quiz.show()
    header = lab.page.locator(".aq-header")
    expect(header).to_contain_text("Question 1 of 3")
    quiz.option("a").click()
    quiz.press("Check answer")
    quiz.press("Next question")
    expect(header).to_contain_text("Question 2 of 3, 1 of 3 done, 1 solved")
    expect(quiz.question).to_be_focused()
    expect(header.get_by_role("button", name="Question 1, solved")).to_be_visible()
    header.get_by_role("button", name="Card 3, open").click()
    expect(quiz.question).to_have_attribute("data-q", "what_is_awaitable")
