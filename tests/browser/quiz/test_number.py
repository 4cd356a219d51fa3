"""A guess before the run, and what was measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_guess_is_typed_noted_and_shown_beside_what_was_measured(
    lab: Any, quiz: Any, violations: Callable[[], Sequence[str]]
) -> None:
    lab.frames.clear()
    quiz.show("samples.widget(samples.GUESS)")
    field = quiz.question.get_by_label("Your guess, before the run")
    field.fill("soon")
    field.press("Enter")
    expect(quiz.question.locator(".aq-trouble")).to_contain_text("Write a number first")
    field.fill("3")
    field.press("Enter")
    expect(quiz.verdict).to_contain_text("Noted: 3 times.")
    assert violations() == []
    sent = b"".join(lab.frames)
    assert b"Secret" not in sent
    lab.run("quiz.measured(1.04)")
    expect(quiz.verdict).to_contain_text("The measured number differs.")
    expect(quiz.verdict).to_contain_text("that is a queue")
    picture = quiz.question.get_by_role("img", name="your guess 3 times, measured 1.04 times")
    expect(picture).to_be_visible()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations() == []
