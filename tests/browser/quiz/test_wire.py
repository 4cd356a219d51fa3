"""What goes to the page before an answer: the question, and nothing of its key."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SECRETS = (b"Secret", b'"right"', b"misconception", b"assert ", b"Bob has it\\\\nAda has it")


def test_nothing_of_the_key_is_on_the_wire_before_an_answer(lab: Any, quiz: Any) -> None:
    lab.frames.clear()
    lab.show(
        "import samples, samples_kinds as more\n"
        "quiz = samples.widget(samples.CHOICE, samples.BLANKS, samples.CARD, *more.KINDS)\nquiz",
        "count = 0",
    )
    expect(quiz.question).to_be_visible()
    lab.wait_for_kernel("quiz.state['turn'] >= 2")
    for n in range(len(lab.page.locator(".aq-step").all())):
        lab.page.locator(".aq-step").nth(n).click()
        expect(lab.page.locator(".aq-where")).to_contain_text(f" {n + 1} of")
    lab.wait_for_kernel("quiz.draft['at'] == 'what_is_async_in_django'")
    assert any(b"threading.Thread" in frame for frame in lab.frames)
    assert any(b"Restart the kernel" in frame for frame in lab.frames)
    assert [s for s in SECRETS if any(s in frame for frame in lab.frames)] == []
    lab.page.locator(".aq-step").first.click()
    quiz.option("a").click()
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")
    assert any(b"Secret-why" in frame for frame in lab.frames)
    assert not any(b"Secret-why-block" in frame for frame in lab.frames)
