"""The quiz in a real JupyterLab: mouse, keyboard, screen reader's view, wire and speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

SECRETS = (b"Secret-why", b"Secret-hint", b"Secret-step", b"Secret-check", b"Secret-mistake")


def question(lab: Any) -> Locator:
    found: Locator = lab.page.locator(".aq-question")
    return found


def option(lab: Any, key: str) -> Locator:
    return question(lab).locator(f".aq-option[data-key={key}] label")


def chip(lab: Any, key: str) -> Locator:
    return question(lab).locator(f".aq-chip[data-key={key}]")


def slot(lab: Any, number: int) -> Locator:
    return question(lab).locator(f".aq-slot[data-blank='{number}']")


def press(lab: Any, name: str) -> None:
    question(lab).get_by_role("button", name=name).click()


def verdict(lab: Any) -> Locator:
    return question(lab).locator(".aq-verdict")


def drag(page: Page, what: Locator, to: tuple[float, float] | Locator) -> None:
    """Press, move in a few steps, let go."""
    start = what.bounding_box()
    assert start
    if isinstance(to, Locator):
        end = to.bounding_box()
        assert end
        to = (end["x"] + end["width"] / 2, end["y"] + end["height"] / 2)
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(*to, steps=6)
    page.mouse.up()


def test_choice_is_answered_wrong_and_then_right_by_mouse(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    option(lab, "b").click()
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Not yet. 1 attempt left.")
    expect(verdict(lab)).to_contain_text("a thread is no coroutine")
    option(lab, "a").click()
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Correct.")
    expect(question(lab).locator(".aq-why")).to_have_count(4)
    expect(question(lab)).to_contain_text("Django has no such decorator")
    question(lab).get_by_text("Worked steps").click()
    expect(question(lab).get_by_text("Secret-step")).to_be_visible()


def test_hints_come_one_by_one(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    press(lab, "Hint 1 of 2")
    expect(question(lab).locator(".aq-hints li")).to_have_count(1)
    press(lab, "Hint 2 of 2")
    expect(question(lab).locator(".aq-hints li")).to_have_count(2)
    expect(question(lab).get_by_role("button", name="2 hints shown")).to_be_disabled()


def test_attempts_end_and_the_question_can_be_tried_again(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    for key in "bc":
        option(lab, key).click()
        press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("No attempts left.")
    expect(option(lab, "a")).to_contain_text("Right answer")
    press(lab, "Try again")
    expect(verdict(lab)).to_be_empty()
    expect(question(lab)).to_contain_text("2 attempts left")
    expect(question(lab).get_by_role("radio", checked=True)).to_have_count(0)


def test_double_click_is_one_attempt(lab: Any) -> None:
    lab.quiz("samples.widget(samples.BLANKS)")
    for key in ("async", "await", "run"):
        chip(lab, key).click()
    question(lab).get_by_role("button", name="Check answer").dblclick()
    expect(verdict(lab)).to_contain_text("2 attempts left")
    assert lab.run("print(quiz.state['questions']['both_at_once']['attempts_left'])") == "2"


def test_blanks_are_filled_by_dragging(lab: Any) -> None:
    lab.quiz("samples.widget(samples.BLANKS)")
    for number, key in enumerate(("async", "await", "sleep")):
        drag(lab.page, chip(lab, key), slot(lab, number))
        expect(slot(lab, number)).to_have_text(key)
    press(lab, "Check answer")
    expect(slot(lab, 1)).to_have_accessible_name("Blank 2 of 3: await, right")
    expect(slot(lab, 2)).to_have_accessible_name("Blank 3 of 3: sleep, not right")
    drag(lab.page, slot(lab, 2), (30, 30))
    expect(slot(lab, 2)).to_have_accessible_name("Blank 3 of 3: empty")
    drag(lab.page, chip(lab, "gather"), slot(lab, 2))
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Correct.")


def test_blanks_are_filled_by_clicking(lab: Any) -> None:
    lab.quiz("samples.widget(samples.BLANKS)")
    slot(lab, 2).click()
    chip(lab, "gather").click()
    expect(slot(lab, 2)).to_have_text("gather")
    chip(lab, "async").click()
    expect(slot(lab, 0)).to_have_text("async")
    slot(lab, 0).click()
    slot(lab, 0).click()
    expect(slot(lab, 0)).to_have_accessible_name("Blank 1 of 3: empty")


def test_blanks_are_filled_by_keyboard_alone(lab: Any) -> None:
    lab.quiz("samples.widget(samples.BLANKS)")
    keys = lab.page.keyboard
    slot(lab, 0).focus()
    keys.press("Enter")  # leads to the options: run, gather, await, sleep, async
    for _ in range(4):
        keys.press("ArrowRight")
    keys.press("Enter")
    expect(slot(lab, 0)).to_have_text("async")
    expect(slot(lab, 1)).to_be_focused()
    keys.press("4")
    expect(slot(lab, 2)).to_be_focused()
    keys.press("ArrowLeft")
    expect(slot(lab, 1)).to_have_text("sleep")
    keys.press("Delete")
    expect(slot(lab, 1)).to_have_accessible_name("Blank 2 of 3: empty")
    keys.press("3")
    keys.press("2")
    keys.press("Tab")
    keys.press("Tab")
    expect(question(lab).get_by_role("button", name="Check answer")).to_be_focused()
    keys.press("Enter")
    expect(verdict(lab)).to_contain_text("Correct.")
    expect(verdict(lab)).to_be_focused()


def test_keys_in_the_quiz_leave_the_notebook_alone(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    cells = [cell["source"] for cell in lab.cells()]
    question(lab).get_by_role("radio").first.focus()
    for key in ("ArrowDown", "ArrowDown", "a", "b", "d", "d", "x", "m", "0", "0"):
        lab.page.keyboard.press(key)
    expect(question(lab).get_by_role("radio").nth(2)).to_be_checked()
    expect(question(lab).get_by_role("radio").nth(2)).to_be_focused()
    question(lab).get_by_role("button", name="Hint").focus()
    for key in ("a", "b", "d", "d", "ArrowUp", "ArrowDown", "x"):
        lab.page.keyboard.press(key)
    expect(question(lab).get_by_role("button", name="Hint")).to_be_focused()
    assert [cell["source"] for cell in lab.cells()] == cells


def test_card_is_turned_and_judged_by_its_reader(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CARD)")
    press(lab, "Show the answer")
    expect(question(lab)).to_contain_text("coroutines, tasks and futures")
    press(lab, "Not yet")
    expect(verdict(lab)).to_contain_text("What an await gives back")
    press(lab, "Turn back")
    expect(question(lab)).not_to_contain_text("futures")


def test_set_is_walked_through_by_its_steps(lab: Any) -> None:
    lab.quiz()
    header = lab.page.locator(".aq-header")
    expect(header).to_contain_text("Question 1 of 3")
    option(lab, "a").click()
    press(lab, "Check answer")
    press(lab, "Next question")
    expect(header).to_contain_text("Question 2 of 3, 1 of 3 done, 1 solved")
    expect(question(lab)).to_be_focused()
    expect(header.get_by_role("button", name="Question 1, solved")).to_be_visible()
    header.get_by_role("button", name="Question 3, open").click()
    expect(question(lab)).to_have_attribute("data-q", "what_is_awaitable")


def test_answer_in_python_shows_in_the_page(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    lab.run("quiz.answer('a')")
    expect(verdict(lab)).to_contain_text("Correct.")


def test_unsent_answer_survives_a_reload(lab: Any) -> None:
    lab.quiz("samples.widget(samples.BLANKS)")
    chip(lab, "async").click()
    lab.wait_for_kernel("quiz.draft['answers']['both_at_once'][0] == 'async'")
    lab.command("docmanager:save")
    lab.reload()
    expect(slot(lab, 0)).to_be_visible(timeout=60_000)
    expect(slot(lab, 0)).to_have_text("async")


def test_first_click_is_answered_while_a_cell_blocks(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    lab.wait_for_kernel("quiz.state['turn'] >= 2")
    script = """() => {
      const {sessionContext} = window.jupyterapp.shell.currentWidget.context;
      window.busy = true;
      sessionContext.session.kernel.requestExecute({code: 'import time; time.sleep(6)'})
        .done.then(() => { window.busy = false; });
    }"""
    lab.page.evaluate(script)
    option(lab, "a").click()
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Correct.")
    assert lab.page.evaluate("window.busy")
    lab.page.wait_for_function("!window.busy")


def test_kernel_that_is_gone_is_named(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    context = "window.jupyterapp.shell.currentWidget.context.sessionContext"
    lab.page.evaluate(f"{context}.restartKernel().then(() => null)")
    option(lab, "a").click()
    press(lab, "Check answer")
    alert = question(lab).get_by_role("alert")
    words = "No reply from the kernel. Run this cell again."
    expect(alert).to_have_text(words, timeout=10_000)


def test_forged_state_does_not_reach_the_kernel(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    before = lab.run("print(quiz.state['questions'])")
    script = """async id => {
      const {sessionContext} = window.jupyterapp.shell.currentWidget.context;
      const comm = await sessionContext.session.kernel._comms.get(id);  // the widget's own
      const state = {state: {done: 1, total: 1, questions: {}}};
      await comm.send({method: 'update', state, buffer_paths: []}).done;
    }"""
    lab.page.evaluate(script, lab.run("print(quiz.model_id)"))
    assert lab.run("print(quiz.state['questions'])") == before


def test_nothing_of_the_key_is_on_the_wire_before_an_answer(lab: Any) -> None:
    lab.frames.clear()
    lab.quiz("samples.widget(samples.CHOICE)")
    lab.wait_for_kernel("quiz.state['turn'] >= 2")
    assert any(b"threading.Thread" in frame for frame in lab.frames)
    assert [s for s in SECRETS if any(s in frame for frame in lab.frames)] == []
    option(lab, "a").click()
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Correct.")
    assert any(b"Secret-why" in frame for frame in lab.frames)


def test_notebook_opened_again_shows_the_static_card(lab: Any) -> None:
    lab.quiz("samples.widget(samples.CHOICE)")
    card = lab.page.locator(".aq-fallback")
    expect(card).to_be_hidden()
    path = lab.page.evaluate("window.jupyterapp.shell.currentWidget.context.path")
    lab.command("docmanager:save")
    lab.close_all()
    lab.open(path)
    expect(card).to_be_visible()
    expect(card).to_contain_text("Which change makes this Django view asynchronous?")
    expect(lab.page.get_by_text("Error displaying widget")).to_have_count(1)
    expect(lab.page.get_by_text("Error displaying widget")).to_be_hidden()


def test_a_guess_is_typed_noted_and_shown_beside_what_was_measured(
    lab: Any, violations: Callable[[], Sequence[str]]
) -> None:
    lab.frames.clear()
    lab.quiz("samples.widget(samples.GUESS)")
    field = question(lab).get_by_label("Your guess, before the run")
    field.fill("soon")
    field.press("Enter")
    expect(question(lab).locator(".aq-trouble")).to_contain_text("Write a number first")
    field.fill("3")
    field.press("Enter")
    expect(verdict(lab)).to_contain_text("Noted: 3 times.")
    assert violations() == []
    sent = b"".join(lab.frames)
    assert b"Secret" not in sent
    lab.run("quiz.measured(1.04)")
    expect(verdict(lab)).to_contain_text("The measured number differs.")
    expect(verdict(lab)).to_contain_text("that is a queue")
    picture = question(lab).get_by_role("img", name="your guess 3 times, measured 1.04 times")
    expect(picture).to_be_visible()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations() == []


def test_axe_finds_nothing_in_any_state_or_theme(
    lab: Any, violations: Callable[[], Sequence[str]]
) -> None:
    lab.quiz("samples.widget(title='All kinds')")
    lab.page.emulate_media(reduced_motion="reduce")
    steps = lab.page.locator(".aq-step")
    found = []

    def look() -> None:
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            lab.theme(theme)
            found.extend(violations())

    look()
    option(lab, "b").click()
    press(lab, "Hint 1 of 2")
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Not yet.")
    look()
    option(lab, "a").click()
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Correct.")
    question(lab).get_by_text("Worked steps").click()
    question(lab).get_by_text("Common mistakes").click()
    look()
    steps.nth(1).click()
    look()
    for key in ("run", "await", "sleep"):
        chip(lab, key).click()
    press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("Not yet.")
    look()
    for key in ("async", "gather"):
        drag(lab.page, chip(lab, key), slot(lab, 0))
        press(lab, "Check answer")
    expect(verdict(lab)).to_contain_text("No attempts left.")
    look()
    steps.nth(2).click()
    look()
    press(lab, "Show the answer")
    look()
    press(lab, "Not yet")
    look()
    assert found == []


# From running the cell to the frame in which its first question is painted.
SHOW_MS = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = 0;
  await window.jupyterapp.commands.execute('notebook:clear-cell-output');
  const painted = new Promise(done => {
    const watch = new MutationObserver(() => {
      if (!panel.node.querySelector('.aq-question')) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    });
    watch.observe(panel.node, {childList: true, subtree: true});
  });
  const start = performance.now();
  panel.content.activeCellIndex = 0;
  await window.jupyterapp.commands.execute('notebook:run-cell');
  return await painted - start;
}"""
# From the click to the frame in which the verdict is painted; before the click, a moment in which
# the learner reads and the choice before it reaches the kernel.
ANSWER_MS = """async () => {
  await new Promise(done => setTimeout(done, 250));
  const question = document.querySelector('.aq-question');
  const verdict = question.querySelector('.aq-verdict');
  const painted = new Promise(done => {
    const watch = new MutationObserver(() => {
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    });
    watch.observe(verdict, {childList: true});
  });
  const start = performance.now();
  question.querySelector('.aq-check').click();
  return await painted - start;
}"""


def test_ten_questions_are_one_model_shown_and_answered_at_once(
    lab: Any, log: Callable[[str], None]
) -> None:
    lab.quiz("samples.ten()")
    counting = "from ipywidgets.widgets.widget import _instances\nprint(len(_instances))"
    assert lab.run(counting) == "1"
    show = [lab.page.evaluate(SHOW_MS) for _ in range(5)]
    answer = []
    for step in range(10):
        lab.page.locator(".aq-step").nth(step).click()
        option(lab, "a").click()
        answer.append(lab.page.evaluate(ANSWER_MS))
    log(
        f"ten questions: shown in {median(show):.0f} ms (median of {len(show)}: {_ms(show)}); "
        f"a click answered in {median(answer):.0f} ms (median of {len(answer)}: {_ms(answer)})"
    )
    assert median(show) < 1000
    assert median(answer) < 100


def _ms(times: Sequence[float]) -> str:
    return ", ".join(f"{time:.0f}" for time in times)


def test_no_request_leaves_this_machine(lab: Any) -> None:
    lab.quiz()
    assert lab.hosts == {"127.0.0.1"}
