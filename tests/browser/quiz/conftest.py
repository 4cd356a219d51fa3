"""What a learner sees of a quiz, and does in it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect


class Shown:
    """The question in front, in the notebook in front.

    Attributes:
        lab: the page with JupyterLab.
    """

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.page = lab.page

    def show(self, expression: str = "samples.widget()") -> None:
        """Show a quiz from samples.py and wait until it can be answered."""
        self.lab.quiz(expression)

    def show_kind(self, name: str) -> None:
        """Show one of the questions in samples_kinds.py."""
        self.lab.show(
            f"import samples, samples_kinds\nquiz = samples.widget(samples_kinds.{name})\nquiz",
            "count = 0",
        )
        expect(self.question).to_be_visible()

    @property
    def question(self) -> Locator:
        found: Locator = self.page.locator(".aq-question")
        return found

    @property
    def verdict(self) -> Locator:
        return self.question.locator(".aq-verdict")

    @property
    def keys(self) -> Any:
        return self.page.keyboard

    def option(self, key: str) -> Locator:
        return self.question.locator(f".aq-option[data-key='{key}'] label")

    def chip(self, key: str) -> Locator:
        return self.question.locator(f".aq-chip[data-key={key}]")

    def slot(self, number: int) -> Locator:
        return self.question.locator(f".aq-slot[data-blank='{number}']")

    def button(self, name: str) -> Locator:
        return self.question.get_by_role("button", name=name)

    def press(self, name: str) -> None:
        self.button(name).click()

    def drag(self, what: Locator, to: tuple[float, float] | Locator) -> None:
        """Press, move in a few steps, let go."""
        start = self._middle(what)
        end = self._middle(to) if isinstance(to, Locator) else to
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=6)
        self.page.mouse.up()

    def touch_drag(self, what: Locator, to: Locator) -> None:
        """The same with a finger, as Chromium hears it from a touch screen."""
        (x, y), (to_x, to_y) = self._middle(what), self._middle(to)
        session = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": left, "y": top} for left, top in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        touch("touchStart", (x, y))
        for part in (0.25, 0.5, 0.75, 1):
            touch("touchMove", (x + (to_x - x) * part, y + (to_y - y) * part))
        touch("touchEnd")
        session.detach()

    def _middle(self, what: Locator) -> tuple[float, float]:
        what.scroll_into_view_if_needed()
        box = what.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def quiz(lab: Any) -> Shown:
    """The quiz in front."""
    return Shown(lab)
