"""Each known wrong answer in tests/attempts/KEY/NAME.py earns words of its own."""

import asyncio
import base64
import gc
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_support.grading.answers import reference as right_answer
from course_support.grading.exercises import exercises, find
from course_support.grading.outside import Grader
from course_support.grading.setups import setup_of
from course_support.places import ROOT
from course_support.verdicts import Outcome

ATTEMPTS = sorted((Path(__file__).parent.parent / "attempts").glob("*/*.py"))
# Right answers to the break-fixes, which have no solution among the course's notebooks.
MENDED = sorted((Path(__file__).parent.parent / "answers").glob("*/*.py"))
PHRASES = {path: path.read_text("utf-8").split("\n")[0] for path in ATTEMPTS}
ANSWERS = {key: right_answer(exercise) for key, exercise in exercises().items()}
SOLVED = {key: cells for key, cells in ANSWERS.items() if cells}
# A check gives a call that should not come a moment to come. Where the machine was kept from its
# work just then, an attempt is judged again.
CHANCES = 2
PROCESSES = 4
NO_CALL = SimpleNamespace(params={})

# An attempt that forgets an await leaves a coroutine behind: that is its point.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")


def named(path):
    return f"{path.parent.name}/{path.stem}"


def phrase(path):
    return PHRASES[path].removeprefix("# words: ")


@pytest.fixture(scope="module")
def reports(request, judged):
    """The report on each attempt; those of the exercises that are tested, judged side by side.

    Most of an attempt's time is waiting, so four processes share them. `again=True` judges
    one anew, in this process.
    """
    asked = [item.callspec.params["path"] for item in request.session.items if at_path(item)]
    folders = {path.parent for path in asked if path in PHRASES}
    waiting = [path for path in reversed(ATTEMPTS) if path.parent in folders]
    known = {}
    with ThreadPoolExecutor(PROCESSES) as pool:
        for done in [pool.submit(judge_waiting, waiting, known) for _ in range(PROCESSES)]:
            done.result()

    def report_on(path, *, again=False):
        if again:
            known[path] = judged(path.read_text("utf-8"), path.parent.name, path)
            gc.collect()  # a coroutine in a traceback warns now, where the mark above holds
        return known[path]

    return report_on


def at_path(item):
    """Whether a test of this file is about one attempt."""
    return item.path == Path(__file__) and "path" in getattr(item, "callspec", NO_CALL).params


def judge_waiting(waiting, known):
    """Judge what is waiting in one process, one after the other, until nothing is left."""
    command = [sys.executable, "-m", "tests.grading.judging"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, text=True) as process:
        while waiting:
            path = waiting.pop()
            print(path, file=process.stdin, flush=True)
            said = process.stdout.readline()
            assert said, f"The process that judged {named(path)} ended."
            known[path] = pickle.loads(base64.b64decode(said))


@pytest.fixture(scope="module")
def outside(request):
    """The report on each answer that is tested, and on each solution by its key, from outside."""
    if sys.platform != "linux":
        pytest.skip("Submissions are judged from outside on Linux only.")
    asked = {item.callspec.params["path"] for item in request.session.items if at_path(item)}
    return asyncio.run(judge_outside(sorted(asked), SOLVED))


async def judge_outside(paths, solved=()):
    async with Grader(jobs=6, unsafe=True) as grader:
        work = {}
        for path in paths:
            key, source = path.parent.name, path.read_text("utf-8")
            work[path] = grader.judge(key, {setup_of(find(key)).answers[0].id: source})
        for key in solved:
            work[key] = grader.judge(key, SOLVED[key])
        return dict(zip(work, await asyncio.gather(*work.values()), strict=True))


def masked(report):
    """A report in words, without what differs from run to run, and from place to place."""
    text = re.sub(r"(cell \d+|\w+\.py), line", "PLACE, line", report.text())
    text = re.sub(r"order on the page was [\w, ]+", "order on the page was ORDER", text)
    return re.sub(r"\b[0-9a-f]{2,}\b", "RANDOM", text)


@pytest.mark.parametrize("path", ATTEMPTS, ids=named)
def test_attempt_hears_the_same_words_from_outside(path, reports, outside):
    ways = outside[path], reports(path)
    for _ in range(CHANCES):
        if masked(ways[0]) == masked(ways[1]):
            break
        ways = asyncio.run(judge_outside([path]))[path], reports(path, again=True)
    assert masked(ways[0]) == masked(ways[1])


@pytest.mark.parametrize("key", SOLVED)
def test_solution_passes_from_outside(key, outside):
    assert outside[key], outside[key].text()


@pytest.mark.parametrize("path", MENDED, ids=named)
def test_mended_page_passes_from_outside_and_in_a_notebook(path, judged, outside):
    assert outside[path], outside[path].text()
    report = judged(path.read_text("utf-8"), path.parent.name, path)
    assert report, report.text()


def test_there_are_attempts_and_right_answers_to_each_break_fix():
    assert ATTEMPTS
    fixes = {key for key in exercises() if key.startswith("fix")}
    assert {path.parent.name for path in MENDED} == fixes


@pytest.mark.parametrize("path", ATTEMPTS, ids=named)
def test_attempt_is_not_correct_and_hears_its_own_words(path, reports):
    report = reports(path)
    for _ in range(CHANCES):
        if phrase(path) in report.text():
            break
        report = reports(path, again=True)
    assert report.outcome is not Outcome.CORRECT
    assert phrase(path) in report.text()


@pytest.mark.parametrize("path", ATTEMPTS, ids=named)
def test_words_of_an_attempt_are_said_to_no_other(path, reports):
    assert PHRASES[path].startswith("# words: ") and len(phrase(path)) > 10
    others = [named(other) for other in ATTEMPTS if other != path and other.parent == path.parent]
    hearing = [
        named(p) for p in ATTEMPTS if named(p) in others and phrase(path) in reports(p).text()
    ]
    assert hearing == []


def test_right_answer_passes_every_check(judged, reference):
    report = judged(reference)
    assert report, report.text()
    assert "What you proved" in report.text()
    assert not any(verdict.seen or verdict.next_step for verdict in report.verdicts)


def test_starter_is_not_attempted(judged):
    report = judged(
        "from django.urls import path\n"
        "async def headlines(request):\n"
        "    raise NotImplementedError\n"
        "site.urlpatterns = [path('headlines/', headlines)]\n"
    )
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.NOT_ATTEMPTED}
    assert "not written yet" in report.text()


def test_site_without_urlpatterns_is_not_attempted(judged):
    report = judged("")
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert 'path("headlines/", ...)' in report.text()
