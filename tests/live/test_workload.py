"""course_support/live/workload.py: many requests at once, each one timed."""

import asyncio
import socket
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from course_support import Site
from course_support.live import progressbar, workload
from course_support.live.workload import compare, load_test

pytestmark = pytest.mark.anyio


async def hello(request):
    return HttpResponse("hello")


@pytest.fixture
def site():
    made = Site()
    made.urlpatterns = [path("hello/", hello)]
    return made


def connections():
    """How many sockets this process has open."""
    links = []
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the listing's own
            links.append(str(file.readlink()))
    return sum(link.startswith("socket:") for link in links)


async def test_each_request_is_timed_from_start_to_end(site):
    result = await load_test(site, "/hello/", requests=7)
    assert len(result.requests) == 7
    assert result.requests[0].start_s == 0
    assert [r.start_s for r in result.requests] == sorted(r.start_s for r in result.requests)
    for request in result.requests:
        assert request.start_s < request.first_byte_s <= request.end_s
        assert request.status == 200
    assert result.failed == 0


async def test_the_warm_up_is_not_counted(site):
    asked = []

    async def counts(request):
        asked.append(request.path)
        return HttpResponse("counted")

    site.urlpatterns = [path("counts/", counts)]
    assert len((await load_test(site, "/counts/", requests=5)).requests) == 5
    assert len(asked) == 6
    await load_test(site, "/counts/", requests=5, warm_up=0)
    assert len(asked) == 11


async def test_as_many_requests_are_in_flight_as_asked_for(site):
    meeting = threading.Barrier(5)

    def meets(request):
        meeting.wait(60)  # passes only when five are here at once
        return HttpResponse("met")

    site.urlpatterns = [path("meets/", meets)]
    result = await load_test(site, "/meets/", requests=20, concurrency=5, warm_up=0)
    assert (result.failed, result.peak_in_flight) == (0, 5)


async def test_unless_told_all_requests_are_sent_at_once(site):
    meeting = threading.Barrier(30)

    def meets(request):
        meeting.wait(60)
        return HttpResponse("met")

    site.urlpatterns = [path("meets/", meets)]
    result = await load_test(site, "/meets/", requests=30, warm_up=0)
    assert result.peak_in_flight == 30
    assert result.extra_threads >= 30, "under ASGI, each sync view has a thread of its own"


async def test_each_request_has_a_connection_of_its_own(site):
    ports = []

    async def notes(request):
        ports.append(request.scope["client"][1])
        return HttpResponse("noted")

    site.urlpatterns = [path("notes/", notes)]
    await load_test(site, "/notes/", requests=6, concurrency=2)
    assert len(set(ports)) == 7


async def test_four_threads_take_four_turns_for_sixteen_requests_and_asgi_takes_one(site):
    wait_s = 0.3

    def sleeps(request):
        time.sleep(wait_s)
        return HttpResponse("slept")

    site.urlpatterns = [path("sleeps/", sleeps)]
    async with site.serve("wsgi", threads=4) as server:
        turns = await load_test(server, "/sleeps/", requests=16)
    free = await load_test(site, "/sleeps/", requests=16)
    assert free.wall_s < turns.wall_s
    assert compare(turns, free, ideal_s=wait_s).ratios[turns.label] >= 4
    assert (turns.extra_threads, turns.peak_in_flight) == (0, 16)
    assert turns.label == "/sleeps/ on wsgi, 4 threads"
    assert free.label == "/sleeps/ on asgi"


async def test_a_streamed_answer_has_its_first_byte_before_its_end(site):
    async def streams(request):
        async def parts():
            yield "first"
            await asyncio.sleep(0.5)
            yield "last"

        return StreamingHttpResponse(parts())

    site.urlpatterns = [path("streams/", streams)]
    (request,) = (await load_test(site, "/streams/", requests=1)).requests
    assert request.end_s - request.first_byte_s > request.first_byte_s - request.start_s


async def test_a_view_that_raises_is_data_with_its_words_and_its_line(site):
    async def fails(request):
        raise ValueError("no news today")

    site.urlpatterns = [path("fails/", fails)]
    for kind in ("asgi", "wsgi"):
        async with site.serve(kind) as server:
            result = await load_test(server, "/fails/", requests=3)
        assert result.failures == {"500": 3}
        ((words, count),) = result.view_errors.items()
        assert count == 3
        assert words.startswith("ValueError: no news today at test_workload.py, line")
        assert "raised by the view" in result.table()


async def test_an_answer_that_comes_too_late_is_data(site):
    let_go = threading.Event()

    def hangs(request):
        let_go.wait(60)
        return HttpResponse("late")

    site.urlpatterns = [path("hangs/", hangs)]
    try:
        async with site.serve("asgi") as server:
            result = await load_test(server, "/hangs/", requests=2, warm_up=0, timeout_s=0.3)
            let_go.set()
    finally:
        let_go.set()
    assert result.failures == {"no answer in 0.3 s": 2}
    assert [request.status for request in result.requests] == [None, None]


async def test_a_connection_closed_early_is_data():
    async def half(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(half, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    result = await load_test(url, "/", requests=2, warm_up=0)
    server.close()
    assert result.failed == 2
    assert all(request.error and request.status == 200 for request in result.requests)
    assert result.extra_threads is None


async def test_a_url_may_have_a_path_and_a_name(site):
    async with site.serve("asgi") as server:
        url = server.url.replace("127.0.0.1", "localhost")
        result = await load_test(url + "/hello", "/", requests=1, label="mine")
    assert (result.requests[0].status, result.label) == (200, "mine")


async def test_nobody_at_the_url_is_an_error_that_says_what_to_do():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ConnectionError, match=r"No answer from http://127.*[\s\S]*Start the"):
        await load_test(url, "/")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"requests": 0}, "requests is 0"),
        ({"requests": 5, "concurrency": 0}, "concurrency is 0"),
        ({"requests": -1, "concurrency": 2}, "requests is -1"),
    ],
)
async def test_a_load_of_nothing_is_refused(site, options, words):
    with pytest.raises(ValueError, match=words):
        await load_test(site, "/hello/", **options)


@pytest.mark.parametrize("url", ["http://example.org", "https://127.0.0.1", "127.0.0.1:8000"])
async def test_servers_of_others_are_left_in_peace(url):
    with pytest.raises(ValueError, match="of this machine only"):
        await load_test(url, "/")


async def test_what_can_not_be_loaded_is_refused_in_words():
    with pytest.raises(TypeError, match="a site, a server or a URL; this is a int"):
        await load_test(8000, "/")


async def test_a_cancelled_load_test_leaves_no_thread_and_no_connection(site):
    arrived = Future()

    async def waits(request):
        if not arrived.done():
            arrived.set_result(None)
        await asyncio.Event().wait()

    site.urlpatterns = [path("waits/", waits)]
    async with site.serve("asgi") as server:
        before = connections()
        task = asyncio.create_task(load_test(server, "/waits/", requests=8, warm_up=0))
        async with asyncio.timeout(60):
            await asyncio.wrap_future(arrived)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert "course-load" not in {thread.name for thread in threading.enumerate()}
        for _ in range(1000):  # the server closes its ends a moment later
            if connections() <= before:
                break
            await asyncio.sleep(0.01)
        assert connections() <= before


async def test_a_view_that_blocks_its_server_leaves_the_kernels_loop_running(site):
    beats = []
    blocked, go_on = Future(), threading.Event()

    async def blocks(request):
        if not blocked.done():
            blocked.set_result(None)
        go_on.wait(60)
        return HttpResponse("done")

    async def beat():
        await asyncio.wrap_future(blocked)
        for _ in range(3):
            await asyncio.sleep(0)
            beats.append(time.perf_counter())
        go_on.set()

    site.urlpatterns = [path("blocks/", blocks)]
    beating = asyncio.create_task(beat())
    assert (await load_test(site, "/blocks/", requests=2)).failed == 0
    await beating
    assert len(beats) == 3


async def test_more_connections_than_the_system_allows_are_refused_in_words(site, monkeypatch):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, 1024))
    with pytest.raises(OSError, match=r"this process may have 1024.[\s\S]*concurrency=256"):
        await load_test(site, "/hello/", requests=1000)


async def test_the_limit_of_open_files_is_raised_where_it_may_be(monkeypatch):
    resource = pytest.importorskip("resource")
    limits = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limit: limits.append(limit))
    workload._allow_files(1000)
    ((soft, hard),) = limits
    assert (soft > 1000, hard) == (True, 4096)


@pytest.mark.slow
async def test_a_thousand_requests_wait_at_once(site):
    everyone = asyncio.Event()
    waiting = []

    async def waits(request):
        waiting.append(request)
        if len(waiting) == 1000:
            everyone.set()
        await everyone.wait()
        return HttpResponse("waited")

    site.urlpatterns = [path("waits/", waits)]
    result = await load_test(site, "/waits/", requests=1000, warm_up=0)
    assert (result.failed, result.peak_in_flight) == (0, 1000)


async def test_a_long_test_shows_a_bar_in_a_notebook_and_takes_it_away(site, monkeypatch):
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data)

    def display(data, **options):
        shown.append(data)
        return Handle()

    monkeypatch.setattr(progressbar, "_PATIENCE_S", 0)
    monkeypatch.setattr(progressbar, "_in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    await load_test(site, "/hello/", requests=3)
    assert "<progress value='3' max='3'" in shown[-2]["text/html"]
    assert shown[-2]["text/plain"].startswith("load test of /hello/: 3 of 3 answered")
    assert shown[-1] == {"text/plain": "", "text/html": ""}
