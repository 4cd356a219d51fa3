"""Axe-core and the keys of every kind, fresh and answered, in both themes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WRONG = {
    "colour_of_a_view": ["b", "c"],
    "both_at_once": [
        ["run", "await", "sleep"],
        ["async", "await", "sleep"],
        ["run", None, "async"],
    ],
    "what_is_awaitable": ["again"],
    "three_readers": [],
    "what_waits": [["sleep", "block"], ["get"], ["block"]],
    "story_of_a_request": [list("abcd"), list("abdc"), list("dbca")],
    "lines_of_a_view": [list("abcd"), list("abdc"), list("acbd")],
    "what_is_printed": ["Ada asks\nBob asks\nAda has it", "Ada"],
    "find_the_blocking_line": [2, 3],
    "traceback_to_edit": [list("bac"), list("abc"), list("cab")],
    "await_both": [f"async def both(one, two):\n    return {n}" for n in range(5)],
    "what_is_async_in_django": [[1]],
}
# What can have the focus, and would hand its keys to the notebook: "d d" deletes a cell.
LOOSE = """() => [...document.querySelectorAll(
  '.aq-quiz :is(a, button, input, textarea, summary, [tabindex])'
  + ':not([data-lm-suppress-shortcuts])')].map(node => `keys leave ${node.outerHTML.slice(0, 80)}`)
"""
SHOW = """
import samples, samples_kinds
quiz = samples.widget(
    samples.CHOICE, samples.BLANKS, samples.CARD, samples.GUESS, *samples_kinds.KINDS, title="All"
)
quiz
"""


def test_axe_finds_nothing_in_any_kind_state_or_theme(
    lab: Any, quiz: Any, violations: Callable[[], Sequence[str]], screenshots: Path
) -> None:
    lab.show(SHOW, "count = 0")
    expect(quiz.question).to_be_visible()
    lab.page.emulate_media(reduced_motion="reduce")
    steps = lab.page.locator(".aq-step")
    found: list[str] = []

    def look(state: str) -> None:
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            lab.theme(theme)
            for n, key in enumerate(WRONG):
                steps.nth(n).click()
                expect(quiz.question).to_have_attribute("data-q", key)
                found.extend(f"{key}, {state}, {theme}: {what}" for what in violations())
                found.extend(f"{key}, {state}: {what}" for what in lab.page.evaluate(LOOSE))
                if "COURSE_SCREENSHOTS" in os.environ:
                    name = f"{key}-{state}-{theme.removeprefix('JupyterLab ')}.png"
                    lab.page.locator(".aq-quiz").screenshot(path=screenshots / name.lower())

    look("fresh")
    lab.run("quiz.flip('what_is_awaitable'); quiz.flip('what_is_async_in_django')")
    lab.run(f"[quiz.answer(key, given[0]) for key, given in {WRONG!r}.items() if given]")
    lab.run("[quiz.hint(q.id) for q in quiz.session.questions if q.hints]")
    look("answered")
    lab.run(f"[quiz.answer(key, one) for key, given in {WRONG!r}.items() for one in given[1:]]")
    look("over")
    assert found == []
