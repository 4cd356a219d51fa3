"""The page and its kernel: reloaded, busy, gone, and lied to."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_answer_in_python_shows_in_the_page(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    lab.run("quiz.answer('a')")
    expect(quiz.verdict).to_contain_text("Correct.")


def test_unsent_answer_survives_a_reload(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.BLANKS)")
    quiz.chip("async").click()
    lab.wait_for_kernel("quiz.draft['answers']['both_at_once'][0] == 'async'")
    lab.command("docmanager:save")
    lab.reload()
    expect(quiz.slot(0)).to_be_visible(timeout=60_000)
    expect(quiz.slot(0)).to_have_text("async")


def test_first_click_is_answered_while_a_cell_blocks(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    lab.wait_for_kernel("quiz.state['turn'] >= 2")
    script = """() => {
      const {sessionContext} = window.jupyterapp.shell.currentWidget.context;
      window.busy = true;
      sessionContext.session.kernel.requestExecute({code: 'import time; time.sleep(6)'})
        .done.then(() => { window.busy = false; });
    }"""
    lab.page.evaluate(script)
    quiz.option("a").click()
    quiz.press("Check answer")
    expect(quiz.verdict).to_contain_text("Correct.")
    assert lab.page.evaluate("window.busy")
    lab.page.wait_for_function("!window.busy")


def test_kernel_that_is_gone_is_named(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    context = "window.jupyterapp.shell.currentWidget.context.sessionContext"
    lab.page.evaluate(f"{context}.restartKernel().then(() => null)")
    quiz.option("a").click()
    quiz.press("Check answer")
    alert = quiz.question.get_by_role("alert")
    words = "No reply from the kernel. Run this cell again."
    expect(alert).to_have_text(words, timeout=10_000)


def test_forged_state_does_not_reach_the_kernel(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
    before = lab.run("print(quiz.state['questions'])")
    script = """async id => {
      const {sessionContext} = window.jupyterapp.shell.currentWidget.context;
      const comm = await sessionContext.session.kernel._comms.get(id);  // the widget's own
      const state = {state: {done: 1, total: 1, questions: {}}};
      await comm.send({method: 'update', state, buffer_paths: []}).done;
    }"""
    lab.page.evaluate(script, lab.run("print(quiz.model_id)"))
    assert lab.run("print(quiz.state['questions'])") == before


def test_notebook_opened_again_shows_the_static_card(lab: Any, quiz: Any) -> None:
    quiz.show("samples.widget(samples.CHOICE)")
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


def test_no_request_leaves_this_machine(lab: Any, quiz: Any) -> None:
    quiz.show()
    assert lab.hosts == {"127.0.0.1"}
