"""Twenty questions: one model, one message each way for an answer, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

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
# Every message of the widget's comm, either way, that holds an answer or a state.
COUNT = """id => {
  const {sessionContext} = window.jupyterapp.shell.currentWidget.context;
  const kernel = sessionContext.session.kernel;
  window.counted = {out: 0, in: 0};
  kernel.anyMessage.connect((_, {msg, direction}) => {
    if (!msg.header.msg_type.startsWith('comm_') || msg.content.comm_id !== id) return;
    if (direction === 'send') window.counted.out += msg.content.data.method === 'custom';
    else window.counted.in += msg.content.data.method === 'update';
  });
}"""


def test_twenty_mixed_questions_are_one_model_and_an_answer_is_one_message_each_way(
    lab: Any, quiz: Any, log: Callable[[str], None]
) -> None:
    lab.show("import samples, samples_kinds\nquiz = samples_kinds.twenty()\nquiz", "count = 0")
    expect(quiz.question).to_be_visible()
    counting = "from ipywidgets.widgets.widget import _instances\nprint(len(_instances))"
    assert lab.run(counting) == "1"
    show = [lab.page.evaluate(SHOW_MS) for _ in range(5)]
    lab.wait_for_kernel("quiz.state['turn'] >= 2")  # a page that is shown says hello twice
    lab.page.evaluate(COUNT, lab.run("print(quiz.model_id)"))
    answer = []
    for step, form in enumerate(
        lab.run("print(*(q.kind for q in quiz.session.questions))").split()
    ):
        lab.page.locator(".aq-step").nth(step).click()
        give(quiz, form)
        lab.page.evaluate("window.counted = {out: 0, in: 0}")
        answer.append(lab.page.evaluate(ANSWER_MS))
        lab.wait_for_kernel("quiz.state['turn'] > 2")
        assert lab.page.evaluate("window.counted") == {"out": 1, "in": 1}, form
    log(
        f"twenty questions: shown in {median(show):.0f} ms (median of {len(show)}: {_ms(show)}); a "
        f"click answered in {median(answer):.0f} ms (median of {len(answer)}: {_ms(answer)})"
    )


def give(quiz: Any, form: str) -> None:
    """A wrong answer to the question in front, by mouse or typed."""
    if form in ("choice", "choices"):
        quiz.question.locator(".aq-option label").first.click()
    elif form in ("blanks", "match"):
        for n in range(quiz.question.locator(".aq-slot").count()):
            quiz.question.locator(".aq-chip").nth(n).click()
    elif form == "order":
        quiz.question.get_by_role("button", name="Move down").first.click()
    elif form == "line":
        quiz.question.locator("label.aq-line-label").first.click()
    else:
        quiz.question.locator("textarea, input").first.fill("1")


def _ms(times: Sequence[float]) -> str:
    return ", ".join(f"{time:.0f}" for time in times)
