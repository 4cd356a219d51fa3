"""A site is waited for as long as it works, and for a while in which it does nothing."""

import asyncio
import itertools
import os
import subprocess
import sys
import threading
import time

import pytest

from course_support.grading.patience import InLine, OwnWork, first_of, is_at_work

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


def waited_s(works, *, limit_s, longer_s=7.0, comes_after_s=None):
    """Whether what is waited for came, and how long that took."""

    async def wait():
        future = asyncio.get_running_loop().create_future()
        if comes_after_s is not None:
            asyncio.get_running_loop().call_later(comes_after_s, future.set_result, None)
        start_s = time.perf_counter()
        came, worked_s = await first_of({future}, limit_s, works, longer_s=longer_s)
        return came, worked_s, time.perf_counter() - start_s

    return asyncio.run(wait())


def test_what_does_nothing_is_waited_for_until_the_limit():
    came, worked_s, took_s = waited_s(lambda: False, limit_s=0.1)
    assert not came and took_s > 0.1 and worked_s < took_s


def test_what_works_is_waited_for_beyond_the_limit():
    came, worked_s, took_s = waited_s(lambda: True, limit_s=0.05, comes_after_s=0.2)
    assert came and took_s > 0.15 and worked_s > 0.15


def test_what_works_for_ever_is_given_up():
    came, worked_s, took_s = waited_s(lambda: True, limit_s=0.05, longer_s=0.1)
    assert not came and took_s > 0.15 and worked_s > 0.15


def test_time_in_which_nobody_had_a_turn_does_not_count():
    """As on a machine that stands still: one look comes late, and is one look all the same."""
    late = iter([0.3])

    def works():
        time.sleep(next(late, 0))
        return False

    came, worked_s, took_s = waited_s(works, limit_s=0.2)
    assert not came and took_s > 0.4 and worked_s > 0.2


@pytest.fixture
def process():
    """A process that computes, or sleeps: `process(source)`."""
    started = []

    def start(source):
        begin = f"print(flush=True)\n{source}"
        started.append(subprocess.Popen([sys.executable, "-c", begin], stdout=subprocess.PIPE))
        started[-1].stdout.readline()
        return started[-1].pid

    yield start
    for one in started:
        one.kill()
        one.communicate()


@LINUX
def test_process_that_computes_is_at_work_and_one_that_waits_is_not(process):
    assert is_at_work(process("while True: pass"))
    waits = process("import time; time.sleep(60)")
    assert any(not is_at_work(waits) for _ in range(1000))


@LINUX
def test_what_came_from_a_process_counts_with_it(process):
    source = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'while True: pass'])"
    parent = process(f"{source}.wait()")
    while not is_at_work(parent):  # its Python is still being loaded
        time.sleep(0.01)
    assert all(is_at_work(parent) for _ in range(100))


def test_own_work_is_that_of_other_threads():
    stop = threading.Event()
    works = OwnWork()
    thread = threading.Thread(target=lambda: [None for _ in iter(stop.is_set, True)])
    thread.start()
    try:
        assert any(works() for _ in range(1000))
    finally:
        stop.set()
        thread.join()


@LINUX
def test_thread_that_asks_is_no_part_of_the_work():
    assert is_at_work(os.getpid())
    assert any(not is_at_work(os.getpid(), threading.get_native_id()) for _ in range(10_000))


@LINUX
def test_process_that_has_its_processor_does_not_stand_in_line(process):
    """One that rests does not either; one that would run and is not let does."""
    rests, held = (
        InLine(process("import time; time.sleep(60)")),
        InLine(process("while True: pass")),
    )
    assert any(not rests() for _ in range(1000))
    held.used_s = lambda: 0.0
    assert any(held() for _ in range(1000))
    clock = itertools.count(0.0, 10.0)
    held.used_s = lambda: next(clock)
    held()
    assert not any(held() for _ in range(100))
