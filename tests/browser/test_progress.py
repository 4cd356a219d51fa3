"""The map of the course in JupyterLab: in both themes, by keyboard, and where its links lead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from course_support.quiz.bank import lesson
from course_support.quiz.outline import outlines
from course_support.quiz.progress import Store

pytestmark = pytest.mark.browser

PATH = "window.jupyterapp.shell.currentWidget.context?.path"


def answer(store: Store, name: str, sections: Sequence[str], outcomes: Sequence[str]) -> None:
    """Answer each question of these sections of a lesson with these outcomes, in this order."""
    for question in lesson(name).questions:
        kind = "card" if question.kind == "card" else "answer"
        detail = {"section": question.section}
        for outcome in outcomes if question.section in sections else ():
            store.record(
                kind=kind, key=question.id, lesson=name, outcome=outcome, detail=detail
            )  # fmt: skip


@pytest.fixture
def learner(tmp_path: Path) -> Path:
    """The file of somebody who has done the first lesson and begun the second."""
    path = tmp_path / "progress.sqlite3"
    store = Store(path)
    first, second, *_ = outlines()
    answer(store, first.lesson, tuple(first.ways), ["incorrect", "correct"])
    for task in first.tasks:
        detail = {"passed": 5, "total": 5}
        store.record(
            kind="check", key=task.key, lesson=first.lesson, outcome="correct", detail=detail
        )
    answer(store, second.lesson, ("why", "learn", "visualize"), ["correct"])
    for task in second.tasks:
        detail = {"passed": 3, "total": 5}
        store.record(
            kind="check", key=task.key, lesson=second.lesson, outcome="incorrect", detail=detail
        )
    card = next(asked for asked in first.asked if asked.kind == "card")
    store.keep(f"card.{card.id}", {"due": "2026-01-01T00:00:00+00:00"})
    return path


def show(lab: Any, path: Path) -> Any:
    lab.show(
        f"import os\nos.environ['COURSE_PROGRESS'] = {str(path)!r}",
        "from course_support import progress\nprogress()",
        "progress('02')",
    )
    found = lab.page.locator(".course-map").first
    expect(found).to_be_visible()
    return found


def test_map_is_readable_in_both_themes(lab: Any, learner: Path, screenshots: Path) -> None:
    found = show(lab, learner)
    lab.page.evaluate(Axe().axe_script)
    script = "axe.run('.course-map', {resultTypes: ['violations']}).then(r => r.violations)"
    for theme in ("Light", "Dark"):
        lab.theme(f"JupyterLab {theme}")
        violations = lab.page.evaluate(script)
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in violations] == []
        found.screenshot(path=screenshots / f"progress-{theme.lower()}.png")
        questions = lab.page.locator(".course-map").nth(1)
        questions.screenshot(path=screenshots / f"progress-lesson-{theme.lower()}.png")
    done = found.get_by_role("link", name="Why: done")
    expect(done.first).to_contain_text("✓")
    expect(found.get_by_role("rowheader", name="1 A view that waits")).to_be_visible()
    expect(found).to_contain_text("1 card due")


def test_links_are_followed_by_keyboard_to_the_section_in_its_notebook(
    lab: Any, learner: Path
) -> None:
    found = show(lab, learner)
    shown = lab.page.evaluate(PATH)
    link = found.get_by_role("link", name="Deep: open").first
    link.press("Enter")
    lab.page.wait_for_function(f"{PATH} === 'notebooks/02_wsgi_asgi_measured.ipynb'")
    # JupyterLab scrolls to a heading only in a notebook that was open before.
    lab.open(shown)
    link.press("Enter")
    heading = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h2", has_text="Deep (")
    expect(heading).to_be_in_viewport()


def test_a_click_is_in_the_file_and_on_the_map(lab: Any, tmp_path: Path) -> None:
    path = tmp_path / "progress.sqlite3"
    lab.show(
        f"import os\nos.environ['COURSE_PROGRESS'] = {str(path)!r}",
        "from course_support import progress, quiz\nquiz('00_start_here', 'try_a_choice')",
    )
    lab.page.locator(".aq-option[data-key=return] label").click()
    lab.page.get_by_role("button", name="Check answer").click()
    expect(lab.page.locator(".aq-question")).to_contain_text("belongs in a function")
    (event,) = Store(path).events()
    assert (event.key, event.outcome, event.detail["given"]) == (
        "try_a_choice", "incorrect", "return",
    )  # fmt: skip
    assert "wrong" in lab.run("print(progress('00').text())")
