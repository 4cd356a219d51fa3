"""A submission judged from outside: its process has a say in its own report, and no more."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_support.grading import judge, memory
from course_support.grading import outside as outside_module
from course_support.grading.children import Limits
from course_support.grading.exercises import find
from course_support.grading.forking import GraderFault
from course_support.grading.outside import Grader
from course_support.grading.remote import RemoteTarget
from course_support.grading.setups import Cell, Setup, setup_of
from course_support.grading.targets import Ended
from course_support.places import ROOT
from course_support.verdicts import Outcome

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it needs Linux")

KEY = "ex01_first_view"
CELL = "answer-headlines"
LIMITS = Limits(cell_s=2.0)


@pytest.fixture(scope="module")
def outside():
    """The reports on several submissions, judged together: `outside([(key, cells), ...])`."""

    def report_on(submissions, key=KEY):
        async def together():
            async with Grader(jobs=2, unsafe=True, limits=LIMITS) as grader:
                judging = [grader.judge(key, cells) for cells in submissions]
                return await asyncio.gather(*judging)

        return asyncio.run(together())

    return report_on


@pytest.fixture
def runner_of(zygote):
    """A site made by cells in a child: `with runner_of({id: source}) as target:`."""

    @contextmanager
    def run(sources):
        before = Cell("setup", 1, "from course_support import Site\nsite = Site()")
        answers = tuple(Cell(name, number, "") for number, name in enumerate(sources, 2))
        target = RemoteTarget(zygote, Setup((before,), answers), sources, LIMITS)
        with asyncio.Runner() as runner:

            async def get(path):
                return await target.send("GET", path, {})

            runner.run(target.ready())
            yield SimpleNamespace(
                get=lambda path: runner.run(get(path)),
                ready=lambda: runner.run(target.ready()),
                trouble=target.trouble,
                newswire=target.newswire,
            )
            runner.run(target.aclose())

    return run


def test_right_answer_passes_and_others_get_their_words(outside, reference):
    right, none, raising, ending, hanging = outside(
        [
            {CELL: reference},
            {},
            {CELL: reference.replace("return", "1 / 0; return")},
            {CELL: "import os; os._exit(3)"},
            {CELL: "while True: pass"},
        ]
    )
    assert right, right.text()
    assert none.outcome is Outcome.NOT_ATTEMPTED and "Nothing is at /headlines/" in none.text()
    assert "ZeroDivisionError: division by zero" in raising.text()
    assert "cell 2, line 8: `1 / 0; return JsonResponse(response.json())`" in raising.text()
    assert "Cell 2 ended its process: exit code 3." in ending.text()
    assert "Cell 2 ended its process: it had not ended after 2 s." in hanging.text()


def test_cell_that_ends_its_process_costs_itself_alone(runner_of):
    page = "from django.http import HttpResponse\nfrom django.urls import path\n"
    page += "def page(request):\n    return HttpResponse('here')\n"
    page += "site.urlpatterns = [path('page/', page)]\n"
    with runner_of({"one": page, "two": "import os; os._exit(9)", "three": "x = 1"}) as target:
        answer = target.get("/page/")
        assert answer.response.text == "here"
        assert "Cell 3 ended its process: exit code 9." in str(target.trouble)
        assert target.get("/other/").routes == ("page/",)


def test_child_that_ended_is_followed_by_a_fresh_one(runner_of):
    page = "import os\nfrom django.http import HttpResponse\nfrom django.urls import path\n"
    page += "number = 0\ndef page(request):\n    global number\n    number += 1\n"
    page += "    return HttpResponse(str(number))\ndef end(request):\n    os._exit(4)\n"
    page += "site.urlpatterns = [path('page/', page), path('end/', end)]\n"
    with runner_of({"one": page}) as target:
        assert [target.get("/page/").response.text for _ in range(2)] == ["1", "2"]
        with pytest.raises(Ended, match="exit code 4"):
            target.get("/end/")
        with pytest.raises(Ended):
            target.get("/page/")
        target.ready()
        assert target.get("/page/").response.text == "1"


def test_two_children_have_newswires_and_databases_of_their_own(runner_of):
    page = "import asyncio\nfrom django.contrib.auth.models import Group\n"
    page += "from django.http import HttpResponse\nfrom django.urls import path\n"
    page += "async def page(request):\n    await Group.objects.acreate(name='x')\n"
    page += "    return HttpResponse(str(await Group.objects.acount()))\n"
    page += "site.urlpatterns = [path('page/', page)]\n"
    with runner_of({"one": page}) as first, runner_of({"one": page}) as second:
        assert first.get("/page/").response.text == second.get("/page/").response.text == "1"
        assert first.newswire is not second.newswire


def test_fault_of_the_course_is_no_verdict(outside, monkeypatch):
    broken = Setup((Cell("setup", 1, "1 / 0"),), (Cell(CELL, 2, ""),))
    monkeypatch.setattr(outside_module, "setup_of", lambda exercise: broken)
    with pytest.raises(GraderFault, match="The course's own cells failed.*ZeroDivisionError"):
        outside([{CELL: "x = 1"}])


def test_zygote_that_is_gone_is_a_fault_and_no_zero(reference):
    async def lost():
        async with Grader(jobs=1, unsafe=True, limits=LIMITS) as grader:
            os.kill(grader._zygote.pid, signal.SIGKILL)
            return await grader.judge(KEY, {CELL: reference})

    with pytest.raises(GraderFault, match="A child could not be made"):
        asyncio.run(lost())


def test_same_submission_gets_the_same_report_in_any_order(outside, reference):
    sources = [reference, "1 / 0", reference.replace("await ", "", 1), ""]
    cells = [{CELL: source} for source in sources]
    assert outside(cells) == outside(cells[::-1])[::-1]


PAGE = """
async def headlines(request):
    return JsonResponse({})

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


def test_answer_that_breaks_a_check_stops_nobody_elses_grading(outside, checks_are):
    checks_are(
        "async def check_x(client, newswire):\n    'True.'\n"
        "    (await client.get('/headlines/')).json()['headlines'][0]\n"
    )
    (report,) = outside([{CELL: PAGE}])
    assert report.outcome is Outcome.INCORRECT
    assert "The check could not read what was sent: KeyError: 'headlines'" in report.text()


def test_check_that_breaks_on_the_right_answer_too_is_a_fault(outside, checks_are):
    checks_are("async def check_x(client, newswire):\n    'True.'\n    raise KeyError('oops')\n")
    with pytest.raises(judge.CheckFault, match="check_x of ex01_first_view broke: KeyError"):
        outside([{CELL: PAGE}])


def test_answer_that_needs_more_memory_than_most_is_judged_again_alone(outside, monkeypatch):
    monkeypatch.setattr(outside_module, "MODEST_MIB", 50)
    hungry = "hoard = bytearray(b'x') * 80_000_000\n" + PAGE
    greedy = "hoard = bytearray(b'x') * 800_000_000\n" + PAGE
    right, hungry, again, greedy = outside(
        [{CELL: PAGE}, {CELL: hungry}, {CELL: hungry}, {CELL: greedy}]
    )
    assert hungry == again == right
    assert "it used more than 320 MiB of memory" in greedy.text()


def test_fault_of_the_grader_within_a_check_is_no_verdict(outside, checks_are):
    checks_are(
        "from course_support.grading.forking import GraderFault\n"
        "async def check_x(client, newswire):\n    'True.'\n    raise GraderFault('no fork')\n"
    )
    with pytest.raises(GraderFault, match="no fork"):
        outside([{CELL: PAGE}])


def test_counting_of_queries_is_not_that_of_a_patched_module(outside):
    path = ROOT / "tests" / "attempts" / "ex06_async_orm" / "query_for_each_article.py"
    patch = "from course_support.live import queries\nqueries.finish = lambda handle: [{}]\n"
    answer = setup_of(find("ex06_async_orm")).answers[0].id
    (report,) = outside([{answer: patch + path.read_text("utf-8")}], "ex06_async_orm")
    assert report.outcome is Outcome.INCORRECT
    assert path.read_text("utf-8").split("\n")[0].removeprefix("# words: ") in report.text()


def test_judge_that_is_killed_leaves_no_process_behind(tmp_path):
    script = (
        "import asyncio\nfrom course_support.grading.outside import Grader\n"
        "async def main():\n"
        "    async with Grader(jobs=1, unsafe=True) as grader:\n"
        "        judging = asyncio.ensure_future(\n"
        f"            grader.judge({KEY!r}, {{{CELL!r}: 'while True: pass'}}))\n"
        "        await asyncio.sleep(0.5)\n"
        "        print(grader._zygote.pid, flush=True)\n"
        "        await judging\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as lost:
        zygote = int(lost.stdout.readline())
        running = list(memory.tree(zygote))
        lost.kill()
    assert len(running) >= 2
    deadline_s = time.monotonic() + 30
    while any(alive(pid) for pid in running) and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert [pid for pid in running if alive(pid)] == []


def alive(pid):
    """Whether a process runs: one that has ended and was not asked for is a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_given_up_judging_leaves_no_process_behind():
    async def give_up():
        async with Grader(jobs=1, unsafe=True, limits=LIMITS) as grader:
            judging = asyncio.ensure_future(grader.judge(KEY, {CELL: "while True: pass"}))
            await asyncio.sleep(0.5)
            judging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await judging
            return list(memory.tree(grader._zygote.pid))

    assert not any(alive(pid) for pid in asyncio.run(give_up()))


def test_odd_answer_to_a_break_fix_stops_nothing_either(outside, checks_are):
    checks_are(
        "async def check_x(client, newswire):\n    'True.'\n"
        "    assert (await client.get('/notify/')).text[5] == '!', 'Seen.\\nDo.'\n"
    )
    answer = setup_of(find("fix01_three_awaits")).answers[0].id
    short = (
        "async def notify(request):\n    return HttpResponse('x')\n"
        "site.urlpatterns = [path('notify/', notify)]\n"
    )
    (report,) = outside([{answer: short}], "fix01_three_awaits")
    assert "The check could not read what was sent: IndexError" in report.text()
