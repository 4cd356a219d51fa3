"""What a view leaves running is over before the next check begins."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from course_support.grading.strays import Strays

LONG_S = 60.0


@pytest.fixture
def gate():
    """An event that is set at the end, so that no thread is left waiting for it."""
    event = threading.Event()
    yield event
    event.set()


async def waits_until(gate, strays):
    """Whether `ended` waits as long as the gate is closed, and no longer."""
    waiting = asyncio.ensure_future(strays.ended(LONG_S))
    done, _ = await asyncio.wait({waiting}, timeout=0.1)
    gate.set()
    await waiting
    return not done


def test_thread_that_a_view_left_is_waited_for(gate):
    async def leave():
        strays = Strays(asyncio.get_running_loop())
        threading.Thread(target=lambda: gate.wait()).start()
        return await waits_until(gate, strays)

    assert asyncio.run(leave())


def test_work_that_a_pool_has_not_begun_is_waited_for(gate):
    ran = []

    async def leave():
        strays = Strays(asyncio.get_running_loop())
        with ThreadPoolExecutor(1) as pool:
            pool.submit(gate.wait)
            pool.submit(ran.append, 1)
            return await waits_until(gate, strays), list(ran)

    assert asyncio.run(leave()) == (True, [1])


def test_task_that_nobody_awaits_is_waited_for():
    async def leave():
        strays, opened = Strays(asyncio.get_running_loop()), asyncio.Event()

        async def until_open():
            await opened.wait()

        left = asyncio.ensure_future(until_open())
        return await waits_until(opened, strays) and left.done()

    assert asyncio.run(leave())


def test_what_ran_before_and_what_waits_for_work_are_not_waited_for(gate):
    async def leave():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(int).result()
            before = threading.Thread(target=lambda: gate.wait())
            before.start()
            strays = Strays(asyncio.get_running_loop())
            await asyncio.to_thread(int)
            await strays.ended(LONG_S)
            gate.set()

    asyncio.run(leave())


def test_what_lasts_too_long_is_waited_for_once(gate):
    async def leave():
        strays = Strays(asyncio.get_running_loop())
        threading.Thread(target=lambda: gate.wait()).start()
        await strays.ended(0.0)
        await strays.ended(LONG_S)

    asyncio.run(leave())
