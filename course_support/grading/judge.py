"""What is the verdict on one submission? Its checks, run from outside the event loop they judge."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import gc
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from course_support.grading.checks import (
    LIMIT_S,
    AlreadyTold,
    Client,
    LoopBlocked,
    NoAnswer,
    NothingThere,
    Unusable,
    ViewRaised,
)
from course_support.grading.exercises import Exercise, checks_file, find
from course_support.grading.loading import Check, load_checks, title_of
from course_support.live import cells
from course_support.live.newswire import Newswire, newswire
from course_support.live.site import Site
from course_support.live.stopping import stoppable
from course_support.quiz.recording import note_check
from course_support.verdicts import Outcome, Report, Verdict, report

T = TypeVar("T")

_one_at_a_time = threading.Lock()


class CheckFault(RuntimeError):
    """A check broke by itself: a fault of the course, not of the submission."""


async def check(key: str, site: Site) -> Report:
    """Judge the exercise `key` as it stands in `site`: `await check("ex01_first_view", site)`.

    What a view does wrong is in the report; it is never raised from here. How many of its checks
    passed is noted in the learner's own progress file.

    Raises:
        LookupError: there is no such exercise; the text lists the known ones.
        TypeError: `site` is not a Site.
        CheckFault: a check itself is broken.
    """
    exercise = find(key)
    if not isinstance(site, Site):
        kind = type(site).__name__
        raise TypeError(
            f'check() judges a Site, and this is a {kind}.\n    Write: await check("{key}", site)'
        )
    client = Client(site, asyncio.get_running_loop())
    # A view that keeps the loop is told of after LIMIT_S; should it keep it for good, it is
    # interrupted after twice that time, and the kernel lives on.
    async with stoppable(2 * LIMIT_S):
        verdicts = await _in_thread(lambda: _judge(exercise, client))
    # A view's lost coroutine hangs in the cycle of its exception: Python's warning of it is to
    # appear under this check, not under some later cell.
    gc.collect()
    found = report(key, verdicts, exercise.commentary)
    note_check(found, exercise.lesson)
    return found


async def _in_thread(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a loop in a thread of its own, one at a time in this process.

    The thread shares this cell's context: what a view prints appears under the cell. Given up,
    it is cancelled, and has let go of this loop when the cancellation goes on.
    """
    done: concurrent.futures.Future[T] = concurrent.futures.Future()
    over: concurrent.futures.Future[None] = concurrent.futures.Future()

    def work() -> None:
        with _one_at_a_time, suppress(concurrent.futures.InvalidStateError):
            try:
                done.set_result(asyncio.run(_until_cancelled(main(), done)))
            except BaseException as error:
                done.set_exception(error)
        over.set_result(None)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name="course-judge", daemon=True).start()
    try:
        return await asyncio.wrap_future(done)
    except asyncio.CancelledError:
        done.cancel()
        await asyncio.wait({asyncio.wrap_future(over)}, timeout=LIMIT_S)
        raise


async def _until_cancelled(work: Coroutine[Any, Any, T], done: concurrent.futures.Future[T]) -> T:
    """Await `work`, and cancel it when whoever waits for `done` gives up."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def give_up(future: concurrent.futures.Future[T]) -> None:
        if future.cancelled():
            loop.call_soon_threadsafe(task.cancel)

    done.add_done_callback(give_up)
    return await task


async def _judge(exercise: Exercise, client: Client) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for one in load_checks(checks_file(exercise)):
        verdict = await _verdict(exercise, one, client, newswire)
        verdicts.append(_once(verdict, verdicts))
    return verdicts


def _once(verdict: Verdict, earlier: list[Verdict]) -> Verdict:
    """What was said above is not said again: the same defect, seen by another check."""
    if any(verdict.seen and verdict.seen == other.seen for other in earlier):
        return Verdict(Outcome.NOT_ATTEMPTED, verdict.title, next_step="See above.")
    return verdict


async def _verdict(exercise: Exercise, one: Check, client: Client, wire: Newswire) -> Verdict:
    title = title_of(one)
    try:
        await one(client, wire)
    except AlreadyTold:
        return Verdict(Outcome.NOT_ATTEMPTED, title)
    except Unusable as mistake:
        client.told.add(mistake.path)
        return _verdict_on(exercise, title, mistake)
    except (AssertionError, TimeoutError) as mistake:
        return _verdict_on(exercise, title, mistake)
    except Exception as fault:
        raise CheckFault(
            f"{one.__name__} of {exercise.key} broke: {type(fault).__name__}: {fault}\n"
            "    This is a fault of the course, not of your view."
        ) from fault
    finally:
        await client.aclose()
    return Verdict(Outcome.CORRECT, title)


def _verdict_on(exercise: Exercise, title: str, mistake: Exception) -> Verdict:
    blank = Verdict(Outcome.INCORRECT, title)
    match mistake:
        case ViewRaised(error=error) if isinstance(_only(error), NotImplementedError):
            return _not_written(title, _only(error))
        case ViewRaised(error=error):
            return _raised(exercise, title, _only(error))
        case NothingThere():
            return _missing(title, mistake)
        case LoopBlocked():
            return replace(
                blank,
                seen="The view kept the event loop to itself: meanwhile nothing else could run.",
                line=mistake.line,
                next_step="This line does not give the loop back. Where it waits, "
                "use a call that can be awaited, and await it.",
            )
        case NoAnswer():
            return replace(
                blank,
                seen=f"The view did not answer within {LIMIT_S:g} s.",
                line=mistake.line,
                next_step="Look for what it waits for there, and who would end that wait.",
            )
    seen, _, next_step = str(mistake).partition("\n")
    return replace(blank, seen=seen, next_step=next_step.strip())


def _only(error: BaseException) -> BaseException:
    """What a TaskGroup raised, where it raised one thing, be it several times.

    The group itself says no more than that there were errors in it.
    """
    while isinstance(error, BaseExceptionGroup):
        if len({(type(one), str(one)) for one in error.exceptions}) > 1:
            break
        error = error.exceptions[0]
    return error


def _not_written(title: str, error: BaseException) -> Verdict:
    return Verdict(
        Outcome.NOT_ATTEMPTED,
        title,
        seen="The view is not written yet: it raises NotImplementedError.",
        next_step="Write its body, run its cell, then this one.",
        line=cells.learners_line(error),
    )


def _missing(title: str, mistake: NothingThere) -> Verdict:
    known = ", ".join(f"'{route}'" for route in mistake.routes) or "empty"
    route = mistake.path.removeprefix("/")
    return Verdict(
        Outcome.NOT_ATTEMPTED,
        title,
        seen=f"Nothing is at {mistake.path} (404). The site's urlpatterns: {known}.",
        next_step=f'Put path("{route}", ...) into site.urlpatterns and run that cell.',
    )


def _raised(exercise: Exercise, title: str, error: BaseException) -> Verdict:
    notes = getattr(error, "__notes__", [])
    seen = "\n".join([f"{type(error).__name__}: {error}", *notes])
    line = cells.learners_line(error)
    usual = "The message says what went wrong at that line. Change it and check again."
    return Verdict(
        Outcome.RAISED,
        title,
        seen=seen,
        next_step=exercise.words_about(f"{seen}\nat {line}") or usual,
        line=line,
    )
