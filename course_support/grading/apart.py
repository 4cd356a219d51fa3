"""How does a worker of a pool or a cluster judge? With a grader of its own, kept between tasks.

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        await grade(submissions, on_executor(pool, judge_apart), jobs=8)

Texts come in and JSON values go out: no worker, and nobody who waits for one, ever unpickles
what a student made.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from course_support.grading.loading import NO_TEXTS
from course_support.grading.outside import Grader
from course_support.grading.records import to_json

AT_ONCE = 4  # in flight in one worker; most of the time of a wrong answer is waiting

_lock = threading.Lock()


def judge_apart(
    exercise: str,
    cells: Mapping[str, str],
    unsafe: bool = False,
    hidden: Mapping[str, str] = NO_TEXTS,
) -> dict[str, Any]:
    """The report on one submission, as `records.to_json` gives it.

    Args:
        hidden: the texts of a teacher's own checks by exercise: the worker has no such files.

    Raises:
        GraderFault: the grader itself failed.
    """
    with _lock:
        loop, grader = _running(unsafe)
    judging = asyncio.run_coroutine_threadsafe(grader.judge(exercise, cells, hidden), loop)
    return to_json(judging.result())


@cache
def _running(unsafe: bool) -> tuple[asyncio.AbstractEventLoop, Grader]:
    """This process's grader and the loop on which it lives, until the process ends."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="course-grader", daemon=True).start()
    grader = Grader(AT_ONCE, unsafe=unsafe)
    asyncio.run_coroutine_threadsafe(grader.__aenter__(), loop).result()
    atexit.register(grader.close)  # a process that ends takes no more work for threads
    return loop, grader
