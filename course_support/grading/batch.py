"""How does a class become reports? Each answer is judged once, some at a time, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeAlias

from course_support.grading.exercises import Exercise, exercises
from course_support.grading.forking import GraderFault
from course_support.grading.loading import NO_TEXTS, hidden_checks
from course_support.grading.points import weigh
from course_support.grading.records import Store, from_json
from course_support.grading.submissions import Submission
from course_support.verdicts import Report

Judge: TypeAlias = Callable[[str, Mapping[str, str]], Awaitable[Report]]
Tell: TypeAlias = Callable[[int, int], None]
Work: TypeAlias = Callable[[str, dict[str, str]], dict[str, Any]]


@dataclass(frozen=True)
class Graded:
    """A submission and what came of it; equal answers share one report."""

    submission: Submission
    report: Report


async def grade(
    submissions: Sequence[Submission],
    judge: Judge,
    *,
    jobs: int = 2,
    store: Store | None = None,
    hidden: Mapping[str, str] = NO_TEXTS,
    tell: Tell = lambda done, total: None,
) -> list[Graded]:
    """The report on each submission, in their order.

    An answer that several students gave is judged once, and one that the store knows is not
    judged at all. What was judged before a failure is in the store: the same call goes on there.

    Args:
        judge: gives the report on the answer cells of an exercise.
        jobs: how many are judged at one time.
        hidden: the texts of the teacher's own checks by exercise, which `judge` was given, too.
        tell: told how many of how many answers are there.

    Raises:
        GraderFault: `judge` raised; the text names the submission.
        ValueError: `jobs` is below 1.
    """
    if jobs < 1:
        raise ValueError(f"jobs is 1 or more, not {jobs}.")
    known = exercises()
    keys = [_key(one, known[one.exercise], store, hidden) for one in submissions]
    wanted: dict[str, Submission] = {}
    for key, one in zip(keys, submissions, strict=True):
        wanted.setdefault(key, one)
    kept = {key: store.kept(key) for key in wanted} if store else {}
    reports = {key: report for key, report in kept.items() if report is not None}
    todo = iter([(key, one) for key, one in wanted.items() if key not in reports])
    tell(len(reports), len(wanted))

    async def work() -> None:
        for key, one in todo:
            reports[key] = await _judged(judge, one)
            if store:
                store.keep(key, reports[key])
            tell(len(reports), len(wanted))

    await _all(work() for _ in range(jobs))
    weights = {key: hidden_checks(key, text).weights for key, text in hidden.items()}
    return [
        Graded(one, weigh(known[one.exercise], reports[key], weights.get(one.exercise, ())))
        for key, one in zip(keys, submissions, strict=True)
    ]


def all_kept(
    submissions: Iterable[Submission], store: Store, hidden: Mapping[str, str] = NO_TEXTS
) -> bool:
    """Whether the store has a report on each by these checks, right or wrong: none is judged."""
    known = exercises()
    keys = (_key(one, known[one.exercise], store, hidden) for one in submissions)
    return all(store.kept(key) is not None for key in keys)


def _key(
    one: Submission, exercise: Exercise, store: Store | None, hidden: Mapping[str, str]
) -> str:
    return store.key(exercise, one, hidden.get(exercise.key, "")) if store else one.digest


async def _all(works: Iterable[Awaitable[None]]) -> None:
    """Await all; the first that fails ends the others, and is what is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(_awaited(work))
    except BaseExceptionGroup as faults:
        first = next(_leaves(faults))
        raise first from first.__cause__


async def _awaited(work: Awaitable[None]) -> None:
    await work


def _leaves(group: BaseExceptionGroup[Any]) -> Iterator[BaseException]:
    for one in group.exceptions:
        if isinstance(one, BaseExceptionGroup):
            yield from _leaves(one)
        else:
            yield one


async def _judged(judge: Judge, one: Submission) -> Report:
    try:
        report = await judge(one.exercise, one.cells)
    except Exception as error:
        kind = "" if isinstance(error, GraderFault) else f"{type(error).__name__}: "
        raise GraderFault(
            f"The grader failed on {one.student}, {one.exercise}: {kind}{error}"
        ) from error
    if not report.verdicts:  # its own truth is whether all is right
        raise GraderFault(f"The grader gave no verdict on {one.student}, {one.exercise}.")
    return report


def on_executor(executor: Executor, work: Work) -> Judge:
    """A judge whose work is done by any `concurrent.futures` executor: processes, a cluster.

    Texts go out and JSON values come back, so no object that a student made is ever unpickled.

    Args:
        work: gives `records.to_json` of a report; a function that the workers can import.
    """

    async def judge(exercise: str, cells: Mapping[str, str]) -> Report:
        submitted = executor.submit(work, exercise, dict(cells))
        try:
            found: dict[str, Any] = await asyncio.wrap_future(submitted)
        except asyncio.CancelledError:
            asked = asyncio.current_task()
            if asked is not None and asked.cancelling():
                raise
            # A task that was cancelled by nobody would end without a word, and without a report.
            raise GraderFault("its executor gave it up: it was shut down or lost.") from None
        return from_json(found)

    return judge
