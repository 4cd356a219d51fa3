"""The pages of a graded class in a real browser: light, dark, on a phone and on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from course_support.grading.batch import Graded
from course_support.grading.collecting import collect
from course_support.grading.exercises import find
from course_support.grading.marks import with_marks
from course_support.grading.marksheet import write_marks
from course_support.grading.points import weigh
from course_support.grading.reports.writing import write_reports
from course_support.grading.results import ClassResults
from course_support.grading.submissions import Submission
from course_support.places import ROOT
from course_support.verdicts import Outcome, Verdict, report

pytestmark = pytest.mark.browser

TITLES = {"ex01_first_view": 5, "ex02_choose_a_server": 5, "ex04_fan_out": 7}


def judged(one: Submission) -> Graded:
    """As a grader would: what is right is told by the length of the answer's text."""
    number = TITLES[one.exercise]
    passed = sum(map(len, one.cells.values())) % (number + 1)
    verdicts = [Verdict(Outcome.CORRECT, "It answers 200 with the wire's document")] * passed
    wrong = Verdict(
        Outcome.INCORRECT, "It stops", "`None` came.", "Write `await`.", "cell 2, line 3: `x = 1`"
    )
    verdicts += [wrong] * (number - passed)
    verdicts += [replace(verdict, hidden=True) for verdict in (verdicts[0], wrong)]
    judged = report(one.exercise, verdicts, "What you proved.")
    return Graded(one, weigh(find(one.exercise), judged, [1, 1]))


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    """The class page, the page for marking and a student's page of the sample class."""
    found = collect(ROOT / "tests" / "samples" / "class")
    graded = [judged(one) for one in found.submissions]
    marked = tuple(with_marks(graded, {}))
    rows = write_marks(tmp_path / "marks.csv", marked).rows
    write_reports(tmp_path, ClassResults(marked, found.refused, "How.", rows=rows))
    student = next((tmp_path / "students").glob("bruno*.html"))
    return [tmp_path / "index.html", tmp_path / "marking.html", student]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read_by_everybody(
    lab: Any, pages: list[Path], scheme: str, screenshots: Path
) -> None:
    context = lab.page.context.browser.new_context(color_scheme=scheme, bypass_csp=True)
    try:
        page = context.new_page()
        for path in pages:
            page.goto(path.as_uri())
            page.screenshot(path=screenshots / f"report-{path.stem}-{scheme}.png", full_page=True)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            found = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    finally:
        context.close()


def test_pages_fit_a_phone_and_load_nothing(lab: Any, pages: list[Path]) -> None:
    context = lab.page.context.browser.new_context(viewport={"width": 360, "height": 700})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    try:
        page = context.new_page()
        for path in pages:
            page.goto(path.as_uri())
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360
            assert page.locator("script").count() == 0
    finally:
        context.close()
    assert asked == [path.as_uri() for path in pages]
