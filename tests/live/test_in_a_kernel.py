"""In a real kernel: a broken view gets a sentence and its line, and the kernel lives on."""

import asyncio
import re

import pytest
from jupyter_client.manager import start_new_async_kernel

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


@pytest.fixture(scope="module")
def kernel():
    """`kernel(source)` runs a cell and gives the text of its error, or ""."""
    with asyncio.Runner() as runner:
        # Encrypted, as ipykernel warns on stderr of each kernel that is not.
        manager, client = runner.run(start_new_async_kernel(transport_encryption="auto"))
        try:
            cell = Cell(runner, manager, client)
            assert (cell(SETUP), cell(VIEWS)) == ("", "")
            yield cell
        finally:
            client.stop_channels()
            runner.run(manager.shutdown_kernel(now=True))


class Cell:
    def __init__(self, runner, manager, client):
        self.runner, self.manager, self.client = runner, manager, client

    def __call__(self, source, *, stop=False):
        return self.runner.run(self.execute(source, stop))

    async def execute(self, source, stop):
        """`stop`: press the stop button when the cell has printed something."""
        told, stopping = [], []

        def hear(message):
            if message["msg_type"] == "error":
                told.append("\n".join(message["content"]["traceback"]))
            if stop and message["msg_type"] == "stream" and not stopping:
                stopping.append(asyncio.ensure_future(self.manager.interrupt_kernel()))

        running = self.client.execute_interactive(source, timeout=60, output_hook=hear)
        await running
        await asyncio.gather(*stopping)
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
    told = kernel(f"await site.get('/{view}/')")
    assert sentence in told
    assert line in told
    assert "django/core/handlers" not in told
    assert kernel("assert (await site.get('/page/')).text == 'page'") == ""


@pytest.mark.parametrize("view", ["keeps", "waits"])
def test_the_stop_button_ends_a_request_and_the_kernel_lives_on(kernel, view):
    kernel("site.timeout_s = 3600")
    told = kernel(f"await site.get('/{view}/', timeout=3600)", stop=True)
    assert re.search("Stopped|KeyboardInterrupt|CancelledError", told)
    kernel("site.timeout_s = 1")
    assert kernel("assert (await site.get('/page/')).text == 'page'") == ""
