"""A test, a challenge and cards in a real JupyterLab, by keyboard, with their result and timer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def show(lab: Any, tmp_path: Path) -> Callable[[str], None]:
    """Show what an expression gives, with a progress file of its own."""
    first = (
        f"import os\nos.environ['COURSE_PROGRESS'] = {str(tmp_path / 'progress.sqlite3')!r}\n"
        "from course_support import lesson, quiz"
    )

    def display(expression: str) -> None:
        lab.show(first, f"shown = {expression}\nshown")

    return display


def quiz(lab: Any) -> Locator:
    found: Locator = lab.page.locator(".aq-quiz")
    return found


def press(lab: Any, name: str) -> None:
    """Press a button by keyboard."""
    button = quiz(lab).get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    button.focus()
    lab.page.keyboard.press("Enter")


def answer_by_keyboard(lab: Any, right: bool) -> None:
    """Choose the right option, or another, with the arrow keys, then check the answer."""
    question = lab.page.locator(".aq-question").get_attribute("data-q")
    asked = f"next(q for q in shown.session.questions if q.id == {question!r})"
    key = lab.run(f"print({asked}.answer[0])")
    inputs = quiz(lab).get_by_role("radio")
    keys = inputs.evaluate_all("nodes => nodes.map(node => node.value)")
    wanted = keys.index(key) if right else (keys.index(key) + 1) % len(keys)
    inputs.first.focus()
    lab.page.keyboard.press("Space")
    for _ in range(wanted):
        lab.page.keyboard.press("ArrowDown")
    press(lab, "Check answer")
    expect(quiz(lab).locator(".aq-verdict")).not_to_be_empty()


def answer_in_python(lab: Any) -> None:
    """Answer the question in front as it is keyed, of whatever kind it is."""
    question = lab.page.locator(".aq-question").get_attribute("data-q")
    lab.run(
        f"one = next(q for q in shown.session.questions if q.id == {question!r})\n"
        "key = one.form.key(one)\n"
        "shown.answer(one.id, key[0] if one.kind == 'line' else key)"
    )


def look(lab: Any, name: str, folder: Path, violations: Callable[[], Sequence[str]]) -> None:
    """Take a picture in each theme, and let axe look too."""
    for theme in ("Light", "Dark"):
        lab.theme(f"JupyterLab {theme}")
        expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
        lab.page.mouse.move(0, 0)
        output = lab.page.locator(".jp-OutputArea").filter(has=quiz(lab)).last
        output.screenshot(path=folder / f"{name}-{theme.lower()}.png", animations="disabled")
        assert violations() == []


def test_a_test_is_walked_to_its_result_by_keyboard_and_drawn_anew(
    lab: Any, show: Callable[[str], None], violations: Any, screenshots: Path
) -> None:
    show("quiz.test('04')")
    expect(quiz(lab)).to_contain_text("Question 1 of 10")
    for number in range(1, 11):
        if quiz(lab).locator(".aq-question[data-kind=choice]").count():
            answer_by_keyboard(lab, right=number % 3 > 0)
        else:
            answer_in_python(lab)
        expect(quiz(lab).get_by_role("button", name="Try again")).to_have_count(0)
        press(lab, "See the result" if number == 10 else "Next question")
    page = quiz(lab).get_by_role("group", name="Result")
    expect(page).to_be_focused()
    expect(page).to_contain_text("of 10 right")
    expect(page.get_by_role("rowheader")).to_have_count(4)
    look(lab, "result", screenshots, violations)
    first = lab.run("print({q.id for q in shown.session.questions})")
    press(lab, "Draw anew")
    expect(quiz(lab)).to_contain_text("Question 1 of 10, 0 of 10 done")
    expect(quiz(lab).locator(".aq-question")).to_be_focused()
    assert int(lab.run(f"print(len({first} & {{q.id for q in shown.session.questions}}))")) <= 5


def test_a_finished_test_opens_with_its_result_whose_links_open_the_lesson(
    lab: Any, show: Callable[[str], None]
) -> None:
    show(
        "quiz.test('04')\n"
        "for one in shown.session.questions:\n"
        "    mistaken = next(one.form.mistaken(one))\n"
        "    key = mistaken.form.key(mistaken)\n"
        "    shown.answer(one.id, key[0] if one.kind == 'line' else key)"
    )
    page = quiz(lab).get_by_role("group", name="Result")
    expect(page).to_contain_text("0 of 10 right")
    page.get_by_role("link", name="Deep").first.click()
    expect(lab.page.locator("[data-jupyter-id^='Deep-(']")).to_be_in_viewport()
    front = "window.jupyterapp.shell.currentWidget.context.path"
    assert lab.page.evaluate(front) == "notebooks/04_fan_out.ipynb"


def test_a_timer_is_off_until_started_can_be_extended_and_switched_off(
    lab: Any, show: Callable[[str], None], violations: Any, screenshots: Path
) -> None:
    show("quiz.challenge('04')")
    clock = quiz(lab).get_by_role("timer")
    said = quiz(lab).locator(".aq-timer [role=status]")
    expect(clock).to_have_text("No timer is running.")
    press(lab, "Start a timer: 5 minutes")
    expect(clock).to_contain_text("4:5")
    expect(said).to_have_text("The timer runs: 5 minutes.")
    expect(quiz(lab).get_by_role("button", name="2 minutes more")).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(clock).to_contain_text("6:")
    look(lab, "challenge", screenshots, violations)
    press(lab, "Switch off")
    expect(clock).to_have_text("No timer is running.")
    expect(quiz(lab).get_by_role("button", name="Start a timer")).to_be_focused()
    lab.run("shown.timer('start', minutes=0.001)")
    expect(clock).to_have_text("The time is over. Answers count, as late.")
    expect(said).to_have_text("The time is over. Answers still count, as late.")
    answer_in_python(lab)
    expect(quiz(lab).locator(".aq-left")).to_contain_text(", late")
    assert lab.run("print(len(shown.session.state()['timer']['late']))") == "1"


def test_a_due_card_opens_a_lesson_and_is_gone_once_it_was_known(
    lab: Any, show: Callable[[str], None], violations: Any, screenshots: Path
) -> None:
    show(
        "quiz.due('01')\n"
        "from datetime import UTC, datetime, timedelta\n"
        "from course_support.quiz.progress import store\n"
        "from course_support.quiz.recall import Deck\n"
        "card = shown.session.questions[0].id\n"
        "_ = Deck(store()).review(card, 'again', datetime.now(UTC) - timedelta(days=9))\n"
        "shown = lesson('02')"
    )
    expect(lab.page.locator(".opening")).to_contain_text("One card of an earlier lesson is due.")
    look(lab, "opening", screenshots, violations)
    press(lab, "Show the answer")
    press(lab, "Knew it")
    expect(quiz(lab)).to_contain_text("You knew it.")
    assert lab.run("print(lesson('02').cards, card in Deck(store()).returns())") == "None True"
