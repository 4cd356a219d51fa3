"""The course's own notebooks as a learner opens them, and the README's pictures of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from course_support.quiz import bank
from course_support.quiz.questions import Question

pytestmark = pytest.mark.browser

LESSON = "01_first_async_view"


def questions(section: str) -> list[Question]:
    return list(bank.lesson(LESSON).chosen(section))


def quiz_with(lab: Any, question: Question) -> Locator:
    """The quiz that shows this question, scrolled into view."""
    found: Locator = lab.page.locator(".aq-quiz").filter(
        has=lab.page.locator(f".aq-question[data-q={question.id}]")
    )
    found.scroll_into_view_if_needed()
    return found


def option(quiz: Locator, key: str) -> Locator:
    return quiz.locator(f".aq-option[data-key={key}] label")


def answer(lab: Any, quiz: Locator, key: str) -> None:
    option(quiz, key).click()
    quiz.get_by_role("button", name="Check answer").click()


def fill_by_drag(lab: Any, quiz: Locator, keys: tuple[str, ...]) -> None:
    for number, key in enumerate(keys):
        goal = quiz.locator(f".aq-slot[data-blank='{number}']")
        quiz.locator(f".aq-chip[data-key={key}]").drag_to(goal)
        expect(goal).to_have_attribute("data-filled", "")


def errors(lab: Any) -> list[str]:
    """The errors shown in the notebook, save those that a cell's tag announces."""
    return [
        f"{''.join(cell['source'])}\n{output['ename']}: {output['evalue']}"
        for cell in lab.cells()
        if "raises-exception" not in cell["metadata"].get("tags", [])
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]


def test_lesson_runs_and_its_questions_are_answered_by_mouse_and_keyboard(lab: Any) -> None:
    lab.open(f"notebooks/{LESSON}.ipynb")
    lab.run_all()
    assert errors(lab) == []

    table = lab.page.get_by_text("The same numbers as a table").first
    table.focus()
    lab.page.keyboard.press("Enter")
    expect(table.locator("..")).to_have_attribute("open", "")

    asked = questions("learn")[0]
    quiz = quiz_with(lab, asked)
    wrong = next(option for option in asked.options if not option.right)
    answer(lab, quiz, wrong.key)
    expect(quiz.get_by_role("status")).to_contain_text("Not yet. 1 attempt left.")
    answer(lab, quiz, asked.right)
    expect(quiz.get_by_role("status")).to_contain_text("Correct.")

    asked = next(question for question in questions("try") if question.kind == "blanks")
    quiz = quiz_with(lab, asked)
    verdict = quiz.locator(".aq-verdict")
    fill_by_drag(lab, quiz, asked.answer)
    quiz.get_by_role("button", name="Check answer").click()
    expect(verdict).to_contain_text("Correct.")

    quiz.get_by_role("button", name="Try again").click()
    expect(verdict).to_be_empty()
    quiz.locator(".aq-slot").first.focus()
    order = quiz.locator(".aq-chip").evaluate_all("chips => chips.map(chip => chip.dataset.key)")
    for key in asked.answer:
        lab.page.keyboard.press(str(order.index(key) + 1))
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Enter")
    expect(verdict).to_contain_text("Correct.")


@pytest.mark.parametrize("later", [name for name in bank.lesson_names() if name > LESSON])
def test_later_lesson_runs_and_shows_its_quizzes_and_pictures(lab: Any, later: str) -> None:
    lab.open(f"notebooks/{later}.ipynb")
    lab.run_all()
    assert errors(lab) == []
    front = lab.page.locator(".jp-NotebookPanel:visible")
    code = ["".join(cell["source"]) for cell in lab.cells() if cell["cell_type"] == "code"]
    asked = sum(bool(re.search(r"\bquiz(\.\w+)?\(", source)) for source in code)
    expect(front.locator(".aq-quiz")).to_have_count(asked)
    assert front.locator(".jp-OutputArea svg[role=img]").count() > 0


def test_course_opens_on_its_start_page(lab: Any) -> None:
    lab.go("")
    tab = lab.page.get_by_role("tab", name=re.compile("00_start_here"))
    expect(tab).to_be_visible(timeout=60_000)
    expect(lab.page.locator(".jp-NotebookPanel:visible h1").first).to_be_visible()
    path = "window.jupyterapp.shell.currentWidget.context.path"
    assert lab.page.evaluate(path) == "notebooks/00_start_here.ipynb"
    files = lab.page.locator(".jp-DirListing-itemText")
    expect(files.get_by_text(f"{LESSON}.ipynb")).to_be_visible()
    expect(files.get_by_text("questions", exact=True)).to_have_count(0)


def scroll_to_top(lab: Any, target: Locator) -> None:
    """Scroll so that `target` is the first thing seen in the notebook."""
    expect(target).to_be_visible()
    target.evaluate("node => node.scrollIntoView({block: 'start'})")


def take(lab: Any, path: Path) -> None:
    """A picture of the page without a tooltip or a running animation."""
    lab.page.mouse.move(0, 0)
    lab.page.screenshot(path=path, animations="disabled")


def close_launcher(lab: Any) -> None:
    script = """() => [...window.jupyterapp.shell.widgets('main')]
      .filter(widget => !widget.context).forEach(widget => widget.close())"""
    lab.page.evaluate(script)


def test_pictures_for_the_readme(lab: Any, screenshots: Path) -> None:
    """COURSE_SCREENSHOTS=docs pytest tests/browser -k pictures"""
    page = lab.page
    page.emulate_media(reduced_motion="reduce")
    lab.open(f"notebooks/{LESSON}.ipynb")
    close_launcher(lab)
    lab.command("application:toggle-left-area")
    page.set_viewport_size({"width": 1120, "height": 820})
    lab.run_all()
    assert errors(lab) == []
    solved, asked = questions("try")[:2]
    quiz = quiz_with(lab, solved)
    fill_by_drag(lab, quiz, solved.answer)
    quiz.get_by_role("button", name="Check answer").click()
    quiz.get_by_role("button", name="Next question").click()
    quiz = quiz_with(lab, asked)
    wrong = next(option.key for option in asked.options if option.key not in asked.answer)
    fill_by_drag(lab, quiz, (*asked.answer[:-1], wrong))
    quiz.get_by_role("button", name="Check answer").click()
    expect(quiz.get_by_role("status").first).to_be_visible()
    cells = page.locator(".jp-CodeCell")
    shown = {
        "lesson": cells.filter(has_text="timeline = Timeline()"),
        "quiz": cells.filter(has=quiz),
    }
    for theme in ("light", "dark"):
        lab.theme(f"JupyterLab {theme.title()}")
        for name, cell in shown.items():
            scroll_to_top(lab, cell.first)
            take(lab, screenshots / f"{name}-{theme}.png")
    lab.command("application:toggle-left-area")
    assert len(list(screenshots.glob("*.png"))) >= 4
