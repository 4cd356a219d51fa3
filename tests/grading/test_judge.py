"""One submission, one report: the four outcomes, and what is not a verdict."""

import asyncio
import threading

import nbformat
import pytest
from nbclient import NotebookClient

from course_support.grading import judge
from course_support.grading.judge import CheckFault, check
from course_support.live.newswire import newswire
from course_support.places import ROOT
from course_support.quiz.progress import store
from course_support.verdicts import Outcome

KEY = "ex01_first_view"
VIEW = """\
import asyncio, time
from django.http import HttpResponse, JsonResponse
from django.urls import path

async def headlines(request):
    {}

site.urlpatterns = [path("headlines/", headlines)]
"""


@pytest.fixture
def checks_are(tmp_path, monkeypatch):
    """Let the exercise have other checks: their source."""

    def write(source):
        path = tmp_path / "other_checks.py"
        path.write_text(source, "utf-8")
        monkeypatch.setattr(judge, "checks_file", lambda exercise: path)

    return write


def test_exception_of_the_view_is_told_with_its_line_and_once(judged):
    report = judged(VIEW.format("return JsonResponse({'a': 1 / 0})"))
    first, *others = report.verdicts
    assert report.outcome is Outcome.RAISED
    assert first.seen == "ZeroDivisionError: division by zero"
    assert first.line.startswith("answer.py, line 6")
    assert first.next_step
    assert {other.outcome for other in others} == {Outcome.NOT_ATTEMPTED}
    assert "ZeroDivisionError" not in "".join(other.text() for other in others)


def test_endpoint_that_raises_does_not_hide_the_others(judged, checks_are):
    checks_are(
        "async def check_x(c, n):\n    'First.'\n    await c.get('/headlines/')\n"
        "async def check_y(c, n):\n    'Again.'\n    await c.get('/headlines/')\n"
        "async def check_z(c, n):\n    'Other.'\n    await c.get('/other/')\n"
    )
    report = judged(
        VIEW.format("raise ValueError")
        + "async def other(request): return HttpResponse()\n"
        + "site.urlpatterns.append(path('other/', other))\n"
    )
    outcomes = [verdict.outcome for verdict in report.verdicts]
    assert outcomes == [Outcome.RAISED, Outcome.NOT_ATTEMPTED, Outcome.CORRECT]


def test_kernel_is_told_the_cell_and_prints_land_under_the_check():
    """In a real kernel, with its own running loop."""
    cells = [
        "import httpx\nfrom course_support import Site, check, newswire\n"
        "from django.http import JsonResponse\nfrom django.urls import path\nsite = Site()",
        "async def headlines(request):\n    print('in the view')\n    return JsonResponse(1 / 0)\n"
        "site.urlpatterns = [path('headlines/', headlines)]",
        "report = await check('ex01_first_view', site); print(report.text())",
        "async def headlines(request):\n    async with httpx.AsyncClient() as client:\n"
        "        response = await client.get(newswire.url('slow'))\n"
        "    return JsonResponse(response.json())",
        "report = await check('ex01_first_view', site); print(report)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute(cwd=ROOT)

    def printed(cell):
        return "".join(output["text"] for output in cell.outputs if output.get("text"))

    assert "in the view" in printed(notebook.cells[2])
    assert "cell 2, line 3: `return JsonResponse(1 / 0)`" in printed(notebook.cells[2])
    assert "correct, all visible checks passed (5 of 5)" in printed(notebook.cells[4])


def test_unknown_exercise_and_strange_site_are_errors_of_the_call(site_with):
    with pytest.raises(LookupError, match="The exercises are: ex01_first_view"):
        asyncio.run(check("ex3", site_with("")))
    with pytest.raises(TypeError, match=r"judges a Site, and this is a list.\n.*await check\("):
        asyncio.run(check(KEY, []))


def test_checking_again_gives_the_same_report(site_with, reference):
    site = site_with(reference)

    async def twice():
        return await check(KEY, site), await check(KEY, site)

    first, second = asyncio.run(twice())
    assert first and first == second


def test_checks_at_one_time_do_not_count_each_others_calls(site_with, reference):
    right, none = site_with(reference), site_with(VIEW.format("raise NotImplementedError"))

    async def together():
        return await asyncio.gather(check(KEY, right), check(KEY, none), check(KEY, right))

    outcomes = [report.outcome for report in asyncio.run(together())]
    assert outcomes == [Outcome.CORRECT, Outcome.NOT_ATTEMPTED, Outcome.CORRECT]


def test_call_that_nobody_waits_for_belongs_to_its_own_check(judged, checks_are):
    checks_are(
        "async def check_x(c, n):\n    'First.'\n    n.forget()\n    await c.get('/headlines/')\n"
        "async def check_y(c, n):\n    'Next.'\n    assert n.seen.counts == {'quick': 1}\n"
    )
    report = judged(
        "import threading, time\n"
        "import httpx\n"
        "from django.http import HttpResponse\n"
        "from django.urls import path\n"
        "def late():\n"
        "    time.sleep(0.3)\n"
        "    httpx.get(newswire.url('quick'), verify=False)\n"
        "async def headlines(request):\n"
        "    threading.Thread(target=late).start()\n"
        "    return HttpResponse()\n"
        "site.urlpatterns = [path('headlines/', headlines)]\n"
    )
    assert report, report.text()


def test_fault_of_a_check_is_no_verdict(judged, reference, checks_are):
    checks_are("async def check_x(client, newswire):\n    'True.'\n    raise KeyError('oops')\n")
    with pytest.raises(CheckFault, match="check_x of ex01_first_view broke: KeyError: 'oops'"):
        judged(reference)


def test_words_of_an_assertion_are_what_was_seen_and_then_the_next_step(judged, checks_are):
    checks_are("async def check_x(c, n):\n    'True.'\n    assert 0, 'Seen 3.\\nDo this.'\n")
    (verdict,) = judged("").verdicts
    assert (verdict.outcome, verdict.title) == (Outcome.INCORRECT, "True")
    assert (verdict.seen, verdict.next_step) == ("Seen 3.", "Do this.")


def test_same_words_are_said_once(judged, checks_are):
    one = "async def check_{}(c, n):\n    '{}.'\n    assert 0, 'Seen 3.\\nDo this.'\n"
    checks_are(one.format("x", "First") + one.format("y", "Second"))
    report = judged("")
    assert [v.outcome for v in report.verdicts] == [Outcome.INCORRECT, Outcome.NOT_ATTEMPTED]
    assert report.text().count("Do this.") == 1


def test_view_that_never_gives_the_loop_back_is_interrupted(judged, monkeypatch):
    monkeypatch.setattr(judge, "LIMIT_S", 1.0)
    report = judged(VIEW.format("time.sleep(600)"))
    assert report.outcome is Outcome.INCORRECT
    assert "kept the event loop to itself" in report.text()
    assert "answer.py, line 6" in report.text()


def test_given_up_check_stops_and_the_next_one_runs(site_with, reference, checks_are):
    started, ended = threading.Event(), threading.Event()
    checks_are(
        "import asyncio\n"
        "async def check_x(client, newswire):\n"
        "    'True.'\n"
        "    try:\n"
        "        started.set()\n"
        "        await asyncio.Event().wait()\n"
        "    finally:\n"
        "        ended.set()\n"
    )
    site = site_with(reference)

    def with_events(path):
        (one,) = load(path)
        one.__globals__.update(started=started, ended=ended)
        return [one]

    load, judge.load_checks = judge.load_checks, with_events
    try:

        async def give_up():
            running = asyncio.create_task(check(KEY, site))
            await asyncio.to_thread(started.wait, 10)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

        asyncio.run(give_up())
        assert ended.is_set()
    finally:
        judge.load_checks = load
    assert not judge._one_at_a_time.locked()


def test_nothing_stays_held_after_a_check(judged):
    judged(VIEW.format("return HttpResponse()"))
    assert newswire.seen.in_flight == 0
    assert newswire._holds == newswire._documents == []


def test_site_with_a_short_limit_is_judged_by_the_checks_limit(site_with, reference):
    site = site_with(reference, timeout_s=0.001)
    assert asyncio.run(check(KEY, site))


def test_error_inside_a_task_group_is_told_without_its_envelope(judged):
    report = judged(
        "import asyncio\n"
        "from django.urls import path\n"
        "async def broken():\n"
        "    raise ValueError('of both')\n"
        "async def headlines(request):\n"
        "    async with asyncio.TaskGroup() as group:\n"
        "        group.create_task(broken())\n"
        "        group.create_task(broken())\n"
        "site.urlpatterns = [path('headlines/', headlines)]\n"
    )
    assert "ValueError: of both" in report.text() and "ExceptionGroup" not in report.text()
    assert "answer.py, line 4" in report.text()


def test_task_of_the_view_that_blocks_the_loop_is_named(judged):
    report = judged(
        "import asyncio, time\n"
        "from django.http import HttpResponse\n"
        "from django.urls import path\n"
        "async def blocking():\n"
        "    time.sleep(4.5)\n"
        "async def headlines(request):\n"
        "    await asyncio.gather(blocking())\n"
        "    return HttpResponse()\n"
        "site.urlpatterns = [path('headlines/', headlines)]\n"
    )
    assert "The view kept the event loop to itself" in report.text()
    assert "answer.py, line 5" in report.text()


def test_a_check_leaves_a_row_in_the_learners_progress(judged, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite3"))
    found = judged("")
    (event,) = store().events()
    assert (event.kind, event.key, event.lesson) == ("check", KEY, "01_first_async_view")
    assert event.outcome == "not attempted"
    assert event.detail == {"passed": 0, "total": len(found.verdicts)}


def test_page_that_answers_just_in_time_does_not_keep_a_check_for_ever(
    judged, checks_are, monkeypatch
):
    monkeypatch.setattr(judge, "CHECK_S", 0.5)
    checks_are(
        "async def check_x(c, n):\n    'True.'\n"
        "    while True:\n        await c.get('/headlines/')\n"
    )
    (verdict,) = judged(VIEW.format("return HttpResponse()")).verdicts
    assert verdict.outcome is Outcome.INCORRECT
    assert verdict.seen == "After 0.5 s of asking, the check was not through."


def test_pages_that_answer_just_in_time_keep_the_judge_for_a_time_in_all(
    judged, checks_are, monkeypatch
):
    monkeypatch.setattr(judge, "CHECK_S", 0.5)
    monkeypatch.setattr(judge, "ALL_CHECKS_S", 0.7)
    checks_are(
        "".join(
            f"async def check_{name}(c, n):\n    'True {name}.'\n"
            "    while True:\n        await c.get('/headlines/')\n"
            for name in "abcdefgh"
        )
    )
    verdicts = judged(VIEW.format("return HttpResponse()")).verdicts
    assert {verdict.outcome for verdict in verdicts} == {
        Outcome.INCORRECT,
        Outcome.NOT_ATTEMPTED,  # told above
    }
    assert "This check was not made: those before it took 0.7 s." in verdicts[2].seen
