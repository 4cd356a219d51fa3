"""course_support/live/watching.py: who held the loop, at which line, and who did not."""

import asyncio
import gc
import hashlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from asyncio import events
from pathlib import Path

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from course_support import Site, newswire
from course_support.live.sampling import _SLACK_S, _Looked, _Sampler
from course_support.live.steps import Late, LoopThread, Reading, Spot, Step
from course_support.live.watching import Hold, Watch, watch

pytestmark = pytest.mark.anyio
DONE = {"headlines": ["one"]}


# Nine views that hold the loop: (view, what it does meanwhile, the call that is to be named).


async def sleeps(request):
    time.sleep(0.3)  # noqa: ASYNC251
    return HttpResponse("done")


def _two_calls_deep():
    time.sleep(0.25 + 0.05)


def _helper():
    return _two_calls_deep()


async def calls_a_helper(request):
    _helper()
    return HttpResponse("done")


async def hashes(request):
    hashlib.pbkdf2_hmac("sha256", b"password", b"a salt that is long enough", 600_000)
    return HttpResponse("done")


async def matches(request):
    re.match("(a+)+$", "a" * 23 + "b")
    return HttpResponse("done")


async def runs_a_program(request):
    subprocess.run([sys.executable, "-c", "import time; time.sleep(0.3)"])  # noqa: ASYNC221
    return HttpResponse("done")


async def waits_for_a_lock(request):
    lock, held = threading.Lock(), threading.Event()

    def hold_it():
        with lock:
            held.set()
            time.sleep(0.3)

    threading.Thread(target=hold_it).start()
    await asyncio.to_thread(held.wait)
    lock.acquire()
    return HttpResponse("done")


async def asks_synchronously(request):
    httpx.get(newswire.url("quick"))  # noqa: ASYNC210
    return HttpResponse("done")


async def reads_a_file(request):
    slow_file = Path(request.GET["file"])
    slow_file.read_text()  # noqa: ASYNC240
    return HttpResponse("done")


COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1500000) "


async def queries(request):
    database = sqlite3.connect(":memory:")
    database.execute(COUNT + "SELECT sum(i) FROM n").fetchone()
    database.close()
    return HttpResponse("done")


HOLDING = [
    (sleeps, "waiting", "time.sleep(0.3)"),
    (calls_a_helper, "waiting", "time.sleep(0.25 + 0.05)"),
    (hashes, "computing", "hashlib.pbkdf2_hmac(...)"),
    (matches, "computing", 're.match("(a+)+$", "a" * 23 + "b")'),
    (runs_a_program, "waiting", "subprocess.run(...)"),
    (waits_for_a_lock, "waiting", "lock.acquire()"),
    (asks_synchronously, "waiting", 'httpx.get(newswire.url("quick"))'),
    (reads_a_file, "waiting", "slow_file.read_text()"),
    (queries, "computing", 'database.execute(COUNT + "SELECT sum(i) FROM n")'),
]


# Eight views that do not.


async def awaits_a_sleep(request):
    await asyncio.sleep(0.1)
    return HttpResponse("done")


async def uses_a_thread(request):
    await asyncio.to_thread(sum, range(3_000_000))
    return HttpResponse("done")


async def uses_sync_to_async(request):
    await sync_to_async(time.sleep)(0.1)
    return HttpResponse("done")


async def uses_the_async_orm(request):
    from course_support.live.newsdesk.models import Article

    headlines = [article.headline async for article in Article.objects.all()]
    return JsonResponse({"headlines": headlines, "count": await Article.objects.acount()})


async def asks_asynchronously(request):
    async with httpx.AsyncClient(verify=False) as client:
        await client.get(newswire.url("quick"))
    return HttpResponse("done")


def is_synchronous(request):
    time.sleep(0.1)
    return HttpResponse("done")


async def streams(request):
    async def parts():
        for number in range(3):
            await asyncio.sleep(0.05)
            yield f"{number}\n"

    return StreamingHttpResponse(parts())


async def renders_a_template(request):
    from course_support.live.newsdesk.models import Article

    template = engines["django"].from_string("{% for a in articles %}{{ a.headline }}{% endfor %}")
    return TemplateResponse(request, template, {"articles": Article.objects.all()})


CORRECT = [
    awaits_a_sleep,
    uses_a_thread,
    uses_sync_to_async,
    uses_the_async_orm,
    asks_asynchronously,
    is_synchronous,
    streams,
    renders_a_template,
]


@pytest.fixture
def site():
    made = Site(timeout_s=60)
    views = [*(row[0] for row in HOLDING), *CORRECT]
    made.urlpatterns = [path(f"{view.__name__}/", view) for view in views]
    return made


@pytest.fixture
def slow_source():
    with newswire.answers("quick", DONE, delay_s=0.3):
        newswire.url("quick")
        yield


@pytest.fixture
def slow_file(tmp_path):
    """A file that gives its text 0.3 s after it was opened."""
    name = tmp_path / "slow"
    os.mkfifo(name)

    def write():
        with name.open("w") as file:
            time.sleep(0.3)
            file.write("text")

    threading.Thread(target=write, daemon=True).start()
    return name


@pytest.mark.parametrize(("view", "kind", "call"), HOLDING, ids=lambda value: "")
async def test_the_line_that_holds_the_loop_is_named(
    site, slow_source, tmp_path, request, view, kind, call
):
    name = request.getfixturevalue("slow_file") if view is reads_a_file else ""
    with watch() as seen:
        await site.get(f"/{view.__name__}/", params={"file": str(name)})
    (hold,) = seen.holds
    assert (hold.view, hold.kind) == (view.__name__, kind)
    assert re.fullmatch(rf"test_watching\.py, line \d+: `{re.escape(call)}`", hold.line)
    assert hold.held_s > seen.limit_s


@pytest.mark.parametrize("view", CORRECT, ids=lambda view: view.__name__)
async def test_a_correct_view_is_not_blamed(site, slow_source, view):
    with watch() as seen:
        await asyncio.gather(*(site.get(f"/{view.__name__}/") for _ in range(5)))
    assert seen.holds == ()


async def test_a_coroutine_without_django_is_named(capsys):
    async def fetch():
        await asyncio.sleep(0)
        time.sleep(0.3)  # noqa: ASYNC251

    with watch() as seen:
        await asyncio.create_task(fetch())
    (hold,) = seen.holds
    assert (hold.view, hold.kind) == ("fetch", "waiting")
    assert hold.line.endswith("`time.sleep(0.3)`")


async def test_the_cells_own_lines_count_before_and_after_an_await():
    with watch() as seen:
        time.sleep(0.2)  # noqa: ASYNC251
        await asyncio.sleep(0.3)
        time.sleep(0.25)  # noqa: ASYNC251
    assert [hold.line.split("`")[1] for hold in seen.holds] == [
        "time.sleep(0.2)",
        "time.sleep(0.25)",
    ]


async def test_a_loop_in_another_thread_is_watched_too(site):
    with watch() as seen:
        await asyncio.to_thread(lambda: asyncio.run(site.get("/sleeps/")))
    assert [hold.view for hold in seen.holds] == ["sleeps"]


async def test_a_view_on_a_real_server_is_watched_too(site):
    async with site.serve("asgi") as server, httpx.AsyncClient(verify=False) as client:
        with watch() as seen:
            await client.get(f"{server.url}/sleeps/")
    assert [hold.view for hold in seen.holds] == ["sleeps"]


async def test_many_requests_at_once_are_watched_without_a_deadlock(site):
    with watch() as seen:
        await asyncio.gather(*(site.get("/awaits_a_sleep/") for _ in range(200)))
    assert seen.holds == ()


async def test_a_line_without_a_call_is_shown_whole():
    async def adds():
        await asyncio.sleep(0)
        total, end_s = 0, time.thread_time() + 0.3
        while time.thread_time() < end_s:
            for number in range(100_000):
                total += number * number

    with watch() as seen:
        await asyncio.create_task(adds())
    (hold,) = seen.holds
    assert hold.kind == "computing"
    assert hold.line.endswith("`total += number * number`")


async def test_a_garbage_collection_is_not_blamed_on_the_view():
    rubbish = [[number] for number in range(300_000)]
    start_s = time.thread_time()
    gc.collect()
    collection_s = time.thread_time() - start_s

    async def collects():
        await asyncio.sleep(0)
        gc.collect()

    with watch(limit_s=max(collection_s / 2, 0.01)) as seen:
        await asyncio.create_task(collects())
    assert rubbish
    assert seen.holds == ()


async def test_an_import_is_not_blamed_on_the_view(tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(0.3)\n")
    monkeypatch.syspath_prepend(tmp_path)

    async def imports():
        await asyncio.sleep(0)
        import slow_to_import

        return slow_to_import

    with watch() as seen:
        await asyncio.create_task(imports())
    assert seen.holds == ()


async def test_equal_holds_are_told_in_one_line(site):
    with watch() as seen:
        await asyncio.gather(*(site.get("/sleeps/") for _ in range(3)))
    assert len(seen.holds) == 3
    assert re.fullmatch(
        r"`sleeps` held the event loop 3 times, \d+ ms at most, waiting: "
        r"test_watching\.py, line \d+: `time\.sleep\(0\.3\)`",
        str(seen),
    )


async def test_watches_may_overlap_and_nothing_is_left():
    before = events.Handle._run, list(gc.callbacks), signal.getsignal(signal.SIGVTALRM)
    first, second = watch(), watch()
    with first:
        assert events.Handle._run is not before[0]
        second.__enter__()
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251
    second.__exit__()
    assert first.holds == ()
    assert len(second.holds) == 1
    after = events.Handle._run, list(gc.callbacks), signal.getsignal(signal.SIGVTALRM)
    assert after == before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert "course-sampling" not in [thread.name for thread in threading.enumerate()]


async def test_a_watch_may_be_used_again_but_not_twice_at_once():
    seen = watch()
    with seen, pytest.raises(RuntimeError, match="makes another"):
        seen.__enter__()
    with seen:
        await asyncio.sleep(0)
    assert seen.holds == ()


def test_a_limit_is_positive():
    with pytest.raises(ValueError, match=r"limit_s is 0: give seconds"):
        watch(limit_s=0)


# Judged without a clock: steps written by hand.

HERE = Spot(test_a_limit_is_positive.__code__, 1, "digest")


def step(wall_s=0.3, cpu_s=0.0, starved_s=0.0, late_s=0.0, collected_s=0.0, other_s=0.0):
    spots = {HERE: wall_s - other_s, None: other_s}
    return Step(wall_s, cpu_s, starved_s, late_s, collected_s, spots, {HERE: -1})


def judged(step):
    seen = Watch(0.05)
    seen.judge(step)
    return seen.holds


@pytest.mark.parametrize(
    "excused",
    [
        step(wall_s=0.04),
        step(starved_s=0.26),
        step(collected_s=0.26),
        step(cpu_s=0.02, starved_s=0.15, collected_s=0.12),
        step(late_s=0.26),
        step(other_s=0.26),
        step()._replace(spots={}, lasti={}),
    ],
    ids=["short", "busy machine", "collection", "both", "interpreter", "library", "unseen"],
)
def test_what_is_not_the_views_doing_is_excused(excused):
    assert judged(excused) == ()


def test_a_hold_leaves_out_the_time_of_other_processes():
    (hold,) = judged(step(starved_s=0.1))
    assert hold.held_s == pytest.approx(0.2)
    assert hold.kind == "waiting"


def test_a_view_that_computes_is_not_excused_by_a_late_sampler():
    (hold,) = judged(step(cpu_s=0.29, late_s=0.28))
    assert hold.kind == "computing"


def test_processor_time_is_compared_with_what_the_machine_left():
    (hold,) = judged(step(cpu_s=0.09, starved_s=0.2))
    assert hold.kind == "computing"


@pytest.mark.parametrize(
    ("used_s", "cpu_s", "late_s"),
    [(0.0, 0.0, 0.03), (0.05, 0.0, 0.1), (0.05, 0.05, 0.03)],
    ids=["idle", "others compute", "the view computes"],
)
def test_the_queue_for_a_core_is_not_the_interpreters_unless_others_compute(used_s, cpu_s, late_s):
    thread = LoopThread()
    thread.begin(1.0)
    thread.base = Reading(0.0, 0.0, 0.0)
    thread.clock.read = lambda: Reading(cpu_s, 0.0, used_s)
    assert thread.step(1.1, Late(0.03, 0.1), []).late_s == pytest.approx(late_s)


def test_the_sampling_thread_is_late_by_what_it_neither_slept_nor_queued():
    sampler = _Sampler()
    slept_s = sampler._tick_s + _SLACK_S
    assert sampler._late(_Looked(0.1, 0.0)) == pytest.approx((0.1 - slept_s, 0.1))
    assert sampler._late(_Looked(0.1, 0.05)) == pytest.approx((0.05 - slept_s, 0.1))
    assert sampler._late(_Looked(slept_s, 0.0)) == pytest.approx((0.0, 0.0))


def test_the_html_has_the_same_words_escaped():
    seen = Watch(0.05)
    seen._holds.append(Hold("digest", 0.262, "computing", "cell 7, line 4: `f('<b>')`"))
    assert str(seen) == (
        "`digest` held the event loop for 262 ms, computing: cell 7, line 4: `f('<b>')`"
    )
    assert seen._repr_html_() == (
        "<p><code>digest</code> held the event loop for 262 ms, computing: "
        "cell 7, line 4: <code>f(&#x27;&lt;b&gt;&#x27;)</code></p>"
    )


def test_nothing_held_says_so():
    assert repr(Watch(0.05)) == "Nothing held the event loop for 50 ms or more."
