"""In a real kernel: a broken view gets a sentence and its line, and the kernel lives on."""

import re
import threading

import pytest
from jupyter_client.manager import start_new_kernel

SETUP = """
import asyncio, time
from django.http import HttpResponse
from django.urls import path
from course_support import Site
site = Site(timeout_s=1)
"""
VIEWS = """
async def raises(request):
    return HttpResponse(1 / 0)
async def nothing(request):
    pass
async def page(request):
    return HttpResponse("page")
async def coroutine(request):
    return page(request)
async def keeps(request):
    print("started", flush=True)
    while True:
        pass
async def waits(request):
    print("started", flush=True)
    await asyncio.Event().wait()
site.urlpatterns = [path(f"{view.__name__}/", view)
                    for view in (raises, nothing, page, coroutine, keeps, waits)]
"""

# jupyter_client warns of each kernel that talks without encryption on loopback.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=60)
    try:
        for source in (SETUP, VIEWS):
            assert run(client, source) == ""
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, source, started=None):
    """Execute a cell; the text of its error, or "" when there is none."""
    told = []

    def hear(message):
        if message["msg_type"] == "error":
            told.append("\n".join(message["content"]["traceback"]))
        if started and message["msg_type"] == "stream":
            started.set()

    client.execute_interactive(source, timeout=60, output_hook=hear, store_history=True)
    return re.sub(r"\x1b\[[0-9;]*m", "", "".join(told))


@pytest.mark.parametrize(
    ("view", "sentence", "line"),
    [
        ("raises", "ZeroDivisionError: division by zero", "return HttpResponse(1 / 0)"),
        ("nothing", "It returned None instead", "cell 2, line 3: `async def nothing(request):`"),
        ("coroutine", "unawaited coroutine", "cell 2, line 7: `async def coroutine(request):`"),
        ("keeps", "held the event loop for 1 s", "at cell 2, line 1"),
        ("waits", "has not answered for 1 s", "cell 2, line 15: `await asyncio.Event().wait()`"),
    ],
)
def test_a_broken_view_is_told_in_a_sentence_with_its_line(kernel, view, sentence, line):
    _, client = kernel
    told = run(client, f"await site.get('/{view}/')")
    assert sentence in told
    assert line in told
    assert "django/core/handlers" not in told
    assert run(client, "assert (await site.get('/page/')).text == 'page'") == ""


@pytest.mark.parametrize("view", ["keeps", "waits"])
def test_the_stop_button_ends_a_request_and_the_kernel_lives_on(kernel, view):
    manager, client = kernel
    run(client, "site.timeout_s, site_timeout = 3600, site.timeout_s")
    started = threading.Event()
    stop = threading.Thread(target=lambda: started.wait(30) and manager.interrupt_kernel())
    stop.start()
    told = run(client, f"await site.get('/{view}/', timeout=3600)", started)
    stop.join()
    assert re.search("Stopped|KeyboardInterrupt|CancelledError", told)
    run(client, "site.timeout_s = site_timeout")
    assert run(client, "assert (await site.get('/page/')).text == 'page'") == ""
