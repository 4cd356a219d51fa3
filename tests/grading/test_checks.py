"""What a check sees of a site whose loop runs in another thread."""

import asyncio
import concurrent.futures
import threading

import httpx
import pytest

from course_support.grading import checks
from course_support.grading.checks import (
    Client,
    LoopBlocked,
    NoAnswer,
    NothingThere,
    ViewRaised,
    json_of,
    short,
)
from course_support.grading.local import LocalTarget

VIEW = """\
import asyncio, time
from django.http import HttpResponse, Http404
from django.urls import path

async def view(request):
{}

site.urlpatterns = [path("v/", view)]
"""


@pytest.fixture
def client_of(site_with):
    """A client of a site with one view at /v/, whose body is given; its loop has a thread."""
    # A Runner, since it cancels what a test leaves in flight: a request that is thrown away with
    # its loop would write asgiref's thread-sensitive context into that of some later test.
    ready, stop = concurrent.futures.Future(), asyncio.Event()

    async def serve():
        ready.set_result(asyncio.get_running_loop())
        await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    loop = ready.result(10)

    def make(body):
        lines = "\n".join(f"    {line}" for line in body.split("\n"))
        return Client(LocalTarget(site_with(VIEW.format(lines), "view_cell.py"), loop))

    yield make
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


def test_answer_is_an_httpx_response(client_of):
    client = client_of("return HttpResponse(request.method + request.body.decode())")

    async def story():
        return await client.get("/v/"), await client.post("/v/", content=b"!")

    got, posted = asyncio.run(story())
    assert (got.status_code, got.text, posted.text) == (200, "GET", "POST!")


def test_exception_of_a_view_is_kept(client_of):
    client = client_of("raise KeyError('x')")
    with pytest.raises(ViewRaised, match="KeyError: 'x'") as raised:
        asyncio.run(client.get("/v/"))
    assert raised.value.error.kind == "KeyError"


def test_cancellation_by_the_view_itself_counts_as_raised(client_of):
    client = client_of("raise asyncio.CancelledError")
    with pytest.raises(ViewRaised, match="CancelledError"):
        asyncio.run(client.get("/v/"))


def test_path_that_is_not_in_the_urlconf_is_told_from_a_404_of_a_view(client_of):
    client = client_of("raise Http404")
    with pytest.raises(NothingThere) as missing:
        asyncio.run(client.get("/w/"))
    assert (missing.value.path, missing.value.routes) == ("/w/", ("v/",))
    assert asyncio.run(client.get("/v/")).status_code == 404


def test_view_that_waits_for_ever_is_told_of_with_its_line(client_of, monkeypatch):
    monkeypatch.setattr(checks, "LIMIT_S", 0.1)
    client = client_of("await asyncio.Event().wait()")

    async def story():
        try:
            await client.get("/v/")
        finally:
            await client.aclose()

    with pytest.raises(NoAnswer) as none:
        asyncio.run(story())
    assert none.value.line.startswith("view_cell.py, line 6")


def test_view_that_blocks_the_loop_is_told_of_with_its_line(client_of, monkeypatch):
    monkeypatch.setattr(checks, "LIMIT_S", 0.1)
    client = client_of("with lock:\n    return HttpResponse()")
    lock = threading.Lock()
    lock.acquire()
    view = client._target._view_at("/v/")
    view.__globals__["lock"] = lock
    try:
        with pytest.raises(LoopBlocked) as blocked:
            asyncio.run(client.get("/v/"))
    finally:
        lock.release()
    assert blocked.value.line.startswith("view_cell.py, line 6")
    assert asyncio.run(client.get("/v/")).status_code == 200


def test_order_of_the_answer_and_another_event(client_of):
    client = client_of("return HttpResponse()")

    async def story():
        request = client.start("/v/")
        first = await request.before_answer(asyncio.Event().wait())
        return first, request.answered

    assert asyncio.run(story()) == (False, True)


def test_leaving_cancels_the_view(client_of):
    client = client_of(
        "try:\n    started.set()\n    await asyncio.Event().wait()\nfinally:\n    ended.set()"
    )
    started, ended = threading.Event(), threading.Event()
    client._target._view_at("/v/").__globals__.update(started=started, ended=ended)

    async def story():
        request = client.start("/v/")
        assert await request.before_answer(asyncio.to_thread(started.wait, 10))
        request.leave()
        return await asyncio.to_thread(ended.wait, 10)

    assert asyncio.run(story())


def test_body_that_is_no_json_is_a_mistake_of_the_view():
    assert json_of(httpx.Response(200, text="[1]")) == [1]
    with pytest.raises(AssertionError, match="The body was '<p>', which is not JSON.\n"):
        json_of(httpx.Response(200, text="<p>"))


def test_long_value_is_shortened_in_its_middle():
    assert short("x" * 50) == repr("x" * 50)
    assert len(short("x" * 500)) == 90


def test_what_should_not_come_is_given_a_while_of_rest(client_of):
    async def ask():
        client = client_of("await asyncio.sleep(600)")
        never = asyncio.get_running_loop().create_future
        request = client.start("/v/")
        with pytest.raises(TimeoutError, match=r"Nothing came within 0\.05 s"):
            await request.before_answer(never(), limit_s=0.05)
        with pytest.raises(TimeoutError, match=r"Nothing came within 0\.05 s"):
            await client.until(never(), limit_s=0.05)
        await client.aclose()

    asyncio.run(ask())


class Disturbed:
    """A client of a site that worked for so long, in one try after the other."""

    def __init__(self, *worked_s):
        self.worked_s = 0.0
        self.left = 0
        self._next = iter(worked_s)

    def try_once(self):
        self.worked_s += next(self._next)

    async def aclose(self):
        self.left += 1


def tries_of(client, outcomes):
    """How often a check with these outcomes was made, and whether it passed in the end."""
    made = []

    @checks.in_time(0.3)
    async def check_x(client, newswire):
        """It is in time."""
        client.try_once()
        made.append(len(made))
        assert outcomes[made[-1]], "It was late."

    assert check_x.__doc__ == "It is in time."
    try:
        asyncio.run(check_x(client, None))
    except AssertionError:
        return len(made), False
    return len(made), True


def test_check_of_a_deadline_is_made_again_where_the_machine_was_busy():
    assert tries_of(Disturbed(0.4, 0.4, 0.1), [False, False, True]) == (3, True)
    assert tries_of(Disturbed(0.1, 0.1), [False, True]) == (1, False)
    assert tries_of(Disturbed(0.4, 0.1), [False, False]) == (2, False)
    always = Disturbed(*[0.4] * checks.TRIES)
    assert tries_of(always, [False] * checks.TRIES) == (checks.TRIES, False)
    assert always.left == checks.TRIES - 1
