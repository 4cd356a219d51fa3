"""course_support/live/servers.py: real servers that start, serve what cells say, and go."""

import asyncio
import gc
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from django.http import HttpResponse
from django.urls import path

from course_support import Site

pytestmark = pytest.mark.anyio
KINDS = pytest.mark.parametrize("kind", ["asgi", "wsgi"])


async def hello(request):
    return HttpResponse("hello")


def sync_hello(request):
    return HttpResponse("hello")


@pytest.fixture
def site():
    made = Site()
    made.urlpatterns = [path("hello/", hello), path("sync/", sync_hello)]
    return made


@pytest.fixture
async def client():
    async with httpx.AsyncClient(verify=False, timeout=30) as made:
        yield made


def refuses(url):
    """Does nobody listen at `url` any more?"""
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as asking:
        return asking.connect_ex((host, int(port))) != 0


def sockets():
    """File numbers of this process that are sockets or pipes."""
    links = []
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the listing's own
            links.append(str(file.readlink()))
    return sum(link.startswith(("socket:", "pipe:")) for link in links)


async def reached(moment):
    """Wait until a view in another thread has set the future `moment`."""
    async with asyncio.timeout(30):
        await asyncio.wrap_future(moment)


def no_more_threads_than(wanted, limit_s=10):
    """Threads of asgiref end a moment after the request that they belong to."""
    end = time.perf_counter() + limit_s
    while threading.active_count() > wanted and time.perf_counter() < end:
        time.sleep(0.01)
    return threading.active_count() <= wanted


@KINDS
async def test_a_served_site_answers_over_http(site, client, kind):
    async with site.serve(kind) as server:
        assert (await client.get(f"{server.url}/hello/")).text == "hello"
        assert (await client.get(f"{server.url}/sync/")).text == "hello"
        assert (await client.get(f"{server.url}/nowhere/")).status_code == 404


@KINDS
async def test_a_server_listens_on_this_machine_only(site, kind):
    async with site.serve(kind) as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert repr(server).endswith(f": {server.url}>")


@KINDS
async def test_a_view_defined_again_is_served_at_once(site, client, kind):
    cell = {"__name__": "__main__", "HttpResponse": HttpResponse}
    exec("async def news(request): return HttpResponse('old')", cell)
    async with site.serve(kind) as server:
        site.urlpatterns = [path("news/", cell["news"])]
        assert (await client.get(f"{server.url}/news/")).text == "old"
        exec("async def news(request): return HttpResponse('new')", cell)
        assert (await client.get(f"{server.url}/news/")).text == "new"


@KINDS
async def test_a_view_that_raises_is_a_500_and_the_server_goes_on(site, client, kind):
    def fails(request):
        raise ValueError("no news")

    site.urlpatterns = [path("fails/", fails), path("hello/", hello)]
    async with site.serve(kind) as server:
        assert (await client.get(f"{server.url}/fails/")).status_code == 500
        assert (await client.get(f"{server.url}/hello/")).status_code == 200


@KINDS
async def test_two_sites_are_served_side_by_side(site, client, kind):
    other = Site()
    other.urlpatterns = [path("other/", hello)]
    async with site.serve(kind) as ours, other.serve(kind) as theirs:
        assert (await client.get(f"{ours.url}/other/")).status_code == 404
        assert (await client.get(f"{theirs.url}/other/")).status_code == 200


@KINDS
async def test_ten_starts_leave_no_thread_and_no_socket(site, kind):
    async def once():
        async with site.serve(kind) as server, httpx.AsyncClient(verify=False) as client:
            assert (await client.get(f"{server.url}/sync/")).status_code == 200
        return server

    await once()
    threads, files = threading.active_count(), sockets()
    for _ in range(10):
        await once()
    assert no_more_threads_than(threads)
    assert sockets() <= files


class Defect(Exception):
    pass


@KINDS
async def test_a_server_is_gone_after_an_exception_in_its_block(site, kind):
    with pytest.raises(Defect):
        async with site.serve(kind) as server:
            url = server.url
            raise Defect
    assert refuses(url)
    with pytest.raises(RuntimeError, match=rf'async with site.serve\("{kind}"\) as server'):
        server.url  # noqa: B018


@KINDS
async def test_a_server_is_gone_after_its_cell_was_cancelled(site, kind):
    entered = asyncio.Event()
    urls = []

    async def cell():
        async with site.serve(kind) as server:
            urls.append(server.url)
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(cell())
    await entered.wait()
    task.cancel()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert refuses(urls[0])


@KINDS
async def test_a_server_is_gone_when_it_is_cancelled_while_it_starts(site, kind):
    threads = threading.active_count()
    task = asyncio.create_task(site.serve(kind).__aenter__())
    await asyncio.sleep(0)
    task.cancel()
    try:
        server = await task
    except asyncio.CancelledError:
        pass
    else:  # it was ready before the cancellation
        await server.__aexit__(None, None, None)
    assert no_more_threads_than(threads)


@KINDS
def test_a_server_is_gone_when_its_cell_is_thrown_away(site, kind):
    urls = []

    async def cell():
        async with site.serve(kind) as server:
            urls.append(server.url)
            await asyncio.Event().wait()

    async def start_it():
        thrown = cell()
        waits = thrown.send(None)
        while not urls:  # ready is a future: await it on the cell's behalf
            await asyncio.wait({waits})
            waits = thrown.send(None)
        thrown.close()

    asyncio.run(start_it())
    assert refuses(urls[0])


@KINDS
def test_a_server_is_gone_after_a_keyboard_interrupt(site, kind):
    urls = []

    async def cell():
        async with site.serve(kind) as server:
            urls.append(server.url)
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(cell())
    assert refuses(urls[0])


async def test_an_async_view_in_flight_is_cancelled_soon_after_the_stop(site, client):
    started, cancelled = Future(), Future()

    async def waits(request):
        started.set_result(None)
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set_result(None)

    site.urlpatterns = [path("waits/", waits)]
    async with site.serve("asgi") as server:
        asking = asyncio.create_task(client.get(f"{server.url}/waits/"))
        await reached(started)
    cancelled.result(30)
    with pytest.raises(httpx.RemoteProtocolError):
        (await asking).raise_for_status()


@KINDS
async def test_a_sync_view_in_flight_does_not_hold_the_stop_up(site, client, kind):
    started, go_on = Future(), threading.Event()

    def waits(request):
        started.set_result(None)
        go_on.wait(60)
        return HttpResponse("late")

    site.urlpatterns = [path("waits/", waits)]
    threads = threading.active_count()
    try:
        async with site.serve(kind) as server:
            url = server.url
            asking = asyncio.create_task(client.get(f"{url}/waits/"))
            await reached(started)
        assert not go_on.is_set(), "the block was left while the view was still waiting"
        assert refuses(url)
    finally:
        go_on.set()
    with pytest.raises(httpx.HTTPError):
        (await asking).raise_for_status()
    assert no_more_threads_than(threads)


# Django leaves the body's file of a request open that is cancelled before its view.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@KINDS
async def test_views_that_keep_their_thread_are_ended_when_the_server_stops(site, client, kind):
    started = Future()

    def spins(request):
        if not started.done():
            started.set_result(None)
        while True:
            pass

    async def spins_on_the_loop(request):
        spins(request)

    view = spins if kind == "wsgi" else spins_on_the_loop
    site.urlpatterns = [path("spins/", view)]
    threads = threading.active_count()
    async with site.serve(kind, threads=None if kind == "asgi" else 2) as server:
        asking = [asyncio.create_task(client.get(f"{server.url}/spins/")) for _ in range(4)]
        await reached(started)
    for answer in await asyncio.gather(*asking, return_exceptions=True):
        assert isinstance(answer, httpx.HTTPError) or answer.status_code == 500
    assert no_more_threads_than(threads), [thread.name for thread in threading.enumerate()]
    del asking, answer
    gc.collect()


async def test_a_pool_of_two_works_on_two_requests_at_once(site, client):
    at_once = threading.Barrier(2)
    seen = []

    def meets(request):
        at_once.wait(30)
        seen.append(threading.current_thread().name)
        return HttpResponse("met")

    site.urlpatterns = [path("meets/", meets)]
    async with site.serve("wsgi", threads=2) as server:
        await asyncio.gather(*(client.get(f"{server.url}/meets/") for _ in range(4)))
    assert len(seen) == 4
    assert len(set(seen)) == 2


async def test_a_view_that_blocks_the_server_leaves_the_kernels_loop_free(site, client):
    blocked, go_on = Future(), threading.Event()

    async def blocks(request):
        blocked.set_result(None)
        go_on.wait(60)
        return HttpResponse("done")

    site.urlpatterns = [path("blocks/", blocks)]
    async with site.serve("asgi") as server:
        assert server.loop is not asyncio.get_running_loop()
        asking = asyncio.create_task(client.get(f"{server.url}/blocks/"))
        await reached(blocked)
        go_on.set()
        assert (await asking).text == "done"


@pytest.mark.parametrize(
    ("kind", "threads", "words"),
    [
        ("uvicorn", None, "There is no server 'uvicorn'. The servers are: asgi, wsgi"),
        ("asgi", 4, 'site.serve\\("wsgi", threads=4\\)'),
        ("wsgi", 0, "1 thread or more, not 0"),
    ],
)
def test_a_server_that_can_not_be_is_refused_in_words(site, kind, threads, words):
    with pytest.raises(ValueError, match=words):
        site.serve(kind, threads=threads)


async def test_a_wsgi_server_has_threads_and_no_loop(site):
    server = site.serve("wsgi", threads=3)
    assert repr(server) == "<Server wsgi, 3 threads: not running>"
    async with server:
        with pytest.raises(RuntimeError, match="no event loop"):
            server.loop  # noqa: B018
        with pytest.raises(RuntimeError, match="already running"):
            await server.__aenter__()


async def test_a_server_that_ends_before_it_is_woken_keeps_its_trigger(site):
    async with site.serve("wsgi") as server:
        serving = server._serving
        pull = serving.server.pull_trigger

        def woken_by_another_first():
            pull()
            serving.thread.join(0.3)
            pull()  # writes to the pipe's file number, whoever has it by now

        serving.server.pull_trigger = woken_by_another_first


@KINDS
def test_a_process_ends_at_once_although_a_server_still_runs(kind):
    code = f"""
        import asyncio, time
        from course_support import Site

        async def main():
            server = Site().serve({kind!r})
            await server.__aenter__()
            loop.kept = server

        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        print("left running")
    """
    code = textwrap.dedent(code)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "left running\n"), ended.stderr
