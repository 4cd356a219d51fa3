"""Real kernels: killed in the middle of their answers, and two of them at once."""

import contextlib
import os
import signal

import pytest
from jupyter_client.manager import KernelManager
from traitlets.config import Config

from course_support.quiz.progress import Store

ANSWERS = """
from course_support import quiz
asked = quiz("00_start_here", "try_a_choice")
for number in range(1, {last} + 1):
    asked.answer("return" if number % 2 else "yield")
    asked.again()
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "progress.sqlite3"


@pytest.fixture
def kernel(path):
    """Start a kernel whose progress is the file at `path`; its manager and its client."""
    with contextlib.ExitStack() as ends:

        def start():
            manager = KernelManager(
                kernel_name="python3",
                config=Config({"KernelManager": {"transport_encryption": "auto"}}),
            )
            manager.start_kernel(env={**os.environ, "COURSE_PROGRESS": str(path)})
            ends.callback(manager.shutdown_kernel, now=True)
            client = manager.blocking_client()
            client.start_channels()
            ends.callback(client.stop_channels)
            client.wait_for_ready(timeout=60)
            return manager, client

        yield start


def printed(client):
    """What the running cell prints, as it comes, until it ends or the kernel is gone."""
    while True:
        message = client.get_iopub_msg(timeout=60)
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise AssertionError("\n".join(content["traceback"]))
        if kind == "stream" and content["name"] == "stdout":
            yield from content["text"].split()
        if kind == "status" and content["execution_state"] == "idle":
            return


def given(store):
    """What was answered, the oldest first."""
    return [event.detail["given"] for event in reversed(store.events())]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX's kill -9")
def test_a_kernel_killed_in_the_middle_of_its_answers_keeps_all_that_were_told(kernel, path):
    manager, client = kernel()
    client.execute(ANSWERS.format(last=10_000))
    told = 0
    for text in printed(client):
        told = int(text)
        if told >= 50:
            break
    manager.signal_kernel(signal.SIGKILL)
    kept = given(Store(path))
    # More may have been answered than the client had heard of when it killed the kernel.
    assert told <= len(kept) < 10_000
    assert kept == ["return" if number % 2 else "yield" for number in range(1, len(kept) + 1)]


def test_two_kernels_that_answer_at_once_lose_nothing(kernel, path):
    clients = [kernel()[1], kernel()[1]]
    for client in clients:
        client.execute(ANSWERS.format(last=50))
    for client in clients:
        assert list(printed(client))[-1] == "50"
    assert len(given(Store(path))) == 100
