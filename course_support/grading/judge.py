"""What is the verdict on one submission? Its checks, run from outside the event loop they judge."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from course_support.grading.checks import (
    LIMIT_S,
    AlreadyTold,
    Check,
    Client,
    LoopBlocked,
    NoAnswer,
    NothingThere,
    ProcessEnded,
    Unusable,
    ViewRaised,
)
from course_support.grading.exercises import Exercise, checks_file, find
from course_support.grading.forking import GraderFault
from course_support.grading.loading import (
    hidden_checks,
    is_hidden,
    load_checks,
    title_of,
    unpacked,
)
from course_support.grading.local import LocalTarget
from course_support.grading.nbgrader import stderr_kept_apart
from course_support.grading.points import weigh
from course_support.grading.targets import Raised, Target
from course_support.grading.threads import in_thread
from course_support.live.site import Site
from course_support.live.stopping import stoppable
from course_support.quiz.recording import note_check
from course_support.verdicts import Outcome, Report, Verdict, report

CHECK_S = 90.0
ALL_CHECKS_S = 180.0  # a submission that answers each request just in time keeps nobody longer
_one_at_a_time = threading.Lock()


class CheckFault(RuntimeError):
    """A check broke by itself: a fault of the course, not of the submission."""


async def check(key: str, site: Site, hidden: str = "") -> Report:
    """Judge the exercise `key` as it stands in `site`: `await check("ex01_first_view", site)`.

    What a view does wrong is in the report; it is never raised from here. How many of its checks
    passed is noted in the learner's own progress file.

    Args:
        hidden: a teacher's own checks, as `export --nbgrader --hidden` packs them; a learner's
            notebook has none.

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
    text = unpacked(hidden)
    target = LocalTarget(site, asyncio.get_running_loop())
    # A view that keeps the loop is told of after LIMIT_S; should it keep it for good, it is
    # interrupted after twice that time, and the kernel lives on.
    with stderr_kept_apart():
        async with stoppable(2 * LIMIT_S):
            verdicts = await in_thread(
                lambda: run_checks(exercise, target, _was_tried, text), alone=_one_at_a_time
            )
        # A view's lost coroutine hangs in the cycle of its exception: Python's warning of it is
        # to appear under this check, not under some later cell.
        gc.collect()
    weights = hidden_checks(exercise.key, text).weights
    found = weigh(exercise, report(exercise.key, verdicts, exercise.commentary), weights)
    note_check(found.visible, exercise.lesson)
    return found


async def _was_tried(one: Check) -> bool:
    """A hidden check held for the course's own answer when it was packed."""
    return is_hidden(one)


async def run_checks(
    exercise: Exercise,
    target: Target,
    holds: Callable[[Check], Awaitable[bool]] | None = None,
    hidden: str = "",
) -> list[Verdict]:
    """The verdict of each check of the exercise on `target`, in the order of its file.

    Args:
        hidden: the text of a teacher's own checks; they come after the others.
        holds: asked about a check that broke: does it work with the course's own cells? Where it
            does, what the submission sent has broken it.

    Raises:
        CheckFault: a check itself is broken.
    """
    client = Client(target)
    verdicts: list[Verdict] = []
    checks = load_checks(checks_file(exercise))
    taken = _Taken(client)
    for one in (*checks, *hidden_checks(exercise.key, hidden).checks):
        limit_s = min(CHECK_S, ALL_CHECKS_S - taken.seconds())
        try:
            if limit_s > 0:
                await target.ready()
                verdict = await verdict_of(exercise, one, client, target, limit_s)
            else:
                verdict = _too_late(title_of(one))
        except CheckFault as fault:
            if holds is None or not await holds(one):
                raise
            verdict = _unreadable(title_of(one), fault)
        verdicts.append(replace(_once(verdict, verdicts), hidden=is_hidden(one)))
    return verdicts


def _once(verdict: Verdict, earlier: list[Verdict]) -> Verdict:
    """What was said above is not said again: the same defect, seen by another check."""
    if any(verdict.seen and verdict.seen == other.seen for other in earlier):
        return Verdict(Outcome.NOT_ATTEMPTED, verdict.title, next_step="See above.")
    return verdict


async def verdict_of(
    exercise: Exercise, one: Check, client: Client, target: Target, limit_s: float = CHECK_S
) -> Verdict:
    """The verdict of one check, which may take `limit_s` seconds.

    Raises:
        CheckFault: the check is broken.
        GraderFault: the grader itself failed.
    """
    title = title_of(one)
    try:
        await _within(limit_s, client, one(client, target.newswire))
    except AlreadyTold:
        return Verdict(Outcome.NOT_ATTEMPTED, title)
    except Unusable as mistake:
        client.told.add(mistake.path)
        return _verdict_on(exercise, title, mistake, target.trouble)
    except (AssertionError, TimeoutError) as mistake:
        return _verdict_on(exercise, title, mistake, target.trouble)
    except GraderFault:
        raise
    except Exception as fault:
        raise CheckFault(
            f"{one.__name__} of {exercise.key} broke: {type(fault).__name__}: {fault}\n"
            "    This is a fault of the course, not of your view."
        ) from fault
    finally:
        await client.aclose()
        await target.newswire.settle()
    return Verdict(Outcome.CORRECT, title)


class _Taken:
    """Seconds since it was made.

    Time in which the site was at work, or stood in line for a processor, counts a third.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._start = time.perf_counter(), client.worked_s

    def seconds(self) -> float:
        """So many until now."""
        start_s, worked_s = self._start
        return time.perf_counter() - start_s - (self._client.worked_s - worked_s) * 2 / 3


async def _within(limit_s: float, client: Client, check: Coroutine[Any, Any, None]) -> None:
    """A page that answers each request just in time would keep a check for ever."""
    task = asyncio.ensure_future(check)
    taken = _Taken(client)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=min(1.0, limit_s))
            if taken.seconds() > limit_s and not task.done():
                raise TimeoutError(
                    f"After {limit_s:.2g} s of asking, the check was not through.\n"
                    "The answers come, but slowly. Look for what each request waits for."
                )
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _too_late(title: str) -> Verdict:
    return Verdict(
        Outcome.INCORRECT,
        title,
        seen=f"This check was not made: those before it took {ALL_CHECKS_S:g} s.",
        next_step="The answers come, but slowly. Look for what each request waits for.",
    )


def _unreadable(title: str, fault: CheckFault) -> Verdict:
    why = fault.__cause__
    return Verdict(
        Outcome.INCORRECT,
        title,
        seen=f"The check could not read what was sent: {type(why).__name__}: {why}",
        next_step="It can read what the course's own cells send. Send what the exercise "
        "describes; if you do, show this line to whoever marks.",
    )


def _verdict_on(
    exercise: Exercise, title: str, mistake: Exception, trouble: Raised | None
) -> Verdict:
    blank = Verdict(Outcome.INCORRECT, title)
    match mistake:
        case ViewRaised(error=error) if error.not_written:
            return _not_written(title, error)
        case ViewRaised(error=error):
            return _raised(exercise, title, error)
        case NothingThere() if trouble:
            return _raised(exercise, title, trouble)
        case NothingThere():
            return _missing(title, mistake)
        case ProcessEnded(why=why):
            return _ended(title, why)
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


def _not_written(title: str, error: Raised) -> Verdict:
    return Verdict(
        Outcome.NOT_ATTEMPTED,
        title,
        seen="The view is not written yet: it raises NotImplementedError.",
        next_step="Write its body, run its cell, then this one.",
        line=error.line,
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


def _ended(title: str, why: str) -> Verdict:
    return Verdict(
        Outcome.RAISED,
        title,
        seen=f"The process of the site ended while it answered: {why}.",
        next_step="A view that ends its process ends the whole server. Raise or return instead.",
    )


def _raised(exercise: Exercise, title: str, error: Raised) -> Verdict:
    usual = "The message says what went wrong at that line. Change it and check again."
    seen = str(error)
    return Verdict(
        Outcome.RAISED,
        title,
        seen=seen,
        next_step=exercise.words_about(f"{seen}\nat {error.line}") or usual,
        line=error.line,
    )
