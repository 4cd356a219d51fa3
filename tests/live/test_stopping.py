"""course_support/live/stopping.py: a view that keeps the loop gives the kernel back."""

import asyncio
import signal
import threading
import time

import pytest
from django.http import HttpResponse
from django.urls import path

from course_support import Site
from course_support.live.stopping import LoopHeld, Stopped

pytestmark = pytest.mark.anyio


async def spins(request):
    while True:
        pass


async def sleeps(request):
    time.sleep(3600)  # noqa: ASYNC251


async def hello(request):
    return HttpResponse("hello")


@pytest.fixture
def site():
    made = Site(timeout_s=0.5)
    made.urlpatterns = [path(f"{view.__name__}/", view) for view in (spins, sleeps, hello)]
    return made


@pytest.mark.parametrize(
    ("view", "line"), [("spins", "(while True:|pass)"), ("sleeps", "time.sleep")]
)
async def test_a_view_that_keeps_the_loop_is_interrupted_at_its_own_line(site, view, line):
    with pytest.raises(LoopHeld, match=rf"held the event loop for 0.5 s, at .*{line}"):
        await site.get(f"/{view}/")
    assert (await site.get("/hello/")).text == "hello"


async def test_a_view_behind_others_in_flight_is_interrupted_too(site):
    held, *others = await asyncio.gather(
        site.get("/spins/"), *(site.get("/hello/") for _ in range(5)), return_exceptions=True
    )
    assert isinstance(held, LoopHeld)
    assert [other.text for other in others] == ["hello"] * 5


async def test_a_task_that_a_view_has_made_is_interrupted_too(site):
    async def spins_in_a_task(request):
        async with asyncio.TaskGroup() as group:
            group.create_task(spins(request))

    site.urlpatterns.append(path("task/", spins_in_a_task))
    with pytest.raises(ExceptionGroup) as raised:
        await site.get("/task/")
    assert raised.group_contains(LoopHeld, match="while True:|pass")
    assert (await site.get("/hello/")).text == "hello"


async def test_the_stop_button_ends_a_view_that_keeps_the_loop(site):
    site.timeout_s = 3600
    main = threading.main_thread().ident

    async def spins_until_stopped(request):
        threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT)).start()
        while True:
            pass

    site.urlpatterns = [path("spin/", spins_until_stopped)]
    with pytest.raises(Stopped, match="Stopped at test_stopping.py, line"):
        await site.get("/spin/")


async def test_the_signal_handler_is_put_back(site):
    before = signal.getsignal(signal.SIGINT)
    await asyncio.gather(*(site.get("/hello/") for _ in range(3)))
    assert signal.getsignal(signal.SIGINT) is before


async def test_a_handler_set_meanwhile_by_the_kernel_is_left_alone(site):
    before = signal.getsignal(signal.SIGINT)

    def kernels_own(number, frame): ...

    async def sets_one(request):
        signal.signal(signal.SIGINT, kernels_own)
        return HttpResponse("set")

    site.urlpatterns = [path("set/", sets_one)]
    try:
        await site.get("/set/")
        assert signal.getsignal(signal.SIGINT) is kernels_own
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_site_works_in_another_thread_where_no_handler_can_be_set(site):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(asyncio.run(site.get("/hello/"))))
    thread.start()
    thread.join(30)
    assert answers[0].text == "hello"
