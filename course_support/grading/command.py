"""What does `python -m course_support grade SUBMISSIONS --out REPORTS` do, step by step?"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TextIO

from course_support.content import ContentError
from course_support.grading.batch import Graded, Judge, all_kept, grade, on_executor
from course_support.grading.collecting import collect
from course_support.grading.exercises import exercises
from course_support.grading.files import JUDGED, alone_in, refuse_own
from course_support.grading.forking import GraderFault
from course_support.grading.gradebook import look_at, push
from course_support.grading.loading import NO_TEXTS, read_hidden
from course_support.grading.marks import read_marks, with_marks
from course_support.grading.marksheet import write_marks
from course_support.grading.records import Store
from course_support.grading.reports import platforms
from course_support.grading.reports.words import clean, one_line
from course_support.grading.reports.writing import write_reports
from course_support.grading.results import ClassResults
from course_support.grading.saying import make_sayable, say, say_missing, say_open, say_refused
from course_support.grading.submissions import Submission
from course_support.grading.trying import ours, try_out
from course_support.verdicts import Report

FAULT = 3  # the exit code where the grader itself failed
STOPPED = 130  # and where somebody pressed Ctrl-C, as shells have it
MARKS = "marks.csv"
NO_ZERO = "    Nobody got a zero for it. The same command goes on from here."
# A wrong answer is mostly waited for: a processor has time for so many at once.
EACH = 4


def run(args: argparse.Namespace) -> int:
    """Collect, judge and report; 0 when everything readable was judged.

    With `--doctor` only what shuts code in on this machine is said; 1 where it is not enough.

    Returns 1 where there was nothing to judge, 3 where the grader itself failed.

    Raises:
        ContentError: a file that was named cannot be used; the text says why.
    """
    if args.doctor:
        return _doctor()
    if args.submissions is None:
        print("Name the folder or the zip with the submissions.", file=sys.stderr)
        return 2
    make_sayable(sys.stdout)
    try:
        refuse_own(args.out, args.submissions)
        platforms.check_tables(args.canvas, args.moodle)
        return _class(args)
    except ContentError as mistake:  # it may name a file of a stranger's
        raise ContentError(clean(str(mistake))) from None
    except GraderFault as fault:
        print(f"\n{clean(str(fault))}", file=sys.stderr)
        print(NO_ZERO, file=sys.stderr)
        return FAULT
    except Exception:  # a defect of ours: all of it is shown, for whoever mends it
        print(f"\n{clean(traceback.format_exc())}{NO_ZERO}", file=sys.stderr)
        return FAULT
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return STOPPED


def _class(args: argparse.Namespace) -> int:
    hidden = read_hidden(args.hidden, exercises()) if args.hidden else NO_TEXTS
    collected = collect(args.submissions, leave=args.out)
    if not collected.submissions:
        say_refused(collected.refused)
        print(f"There was nothing to judge in {one_line(str(args.submissions))}.", file=sys.stderr)
        return 1
    if args.gradebook:
        look_at(args.gradebook)
    with alone_in(args.out):
        read_marks(args.out / MARKS)  # before the long work: a mark that is none is told at once
        graded, how = asyncio.run(_judged(collected.submissions, hidden, args))
        marks = read_marks(args.out / MARKS)  # again: somebody may have marked meanwhile
        results = tuple(with_marks(graded, marks))
        table = write_marks(args.out / MARKS, results)
        found = ClassResults(results, collected.refused, how, table.notes, table.rows)
        write_reports(args.out, found)
        _for_platforms(args, found)
    say(found, args.out)
    return 0


def _doctor() -> int:
    from course_support.grading.doctor import doctor

    found = doctor()
    print(*found, sep="\n")
    return 0 if found[0].holds else 1


async def _judged(
    submissions: Sequence[Submission], hidden: Mapping[str, str], args: argparse.Namespace
) -> tuple[list[Graded], str]:
    """The reports, and how the code was shut in."""
    if args.scheduler:
        return await _judged_by_cluster(submissions, hidden, args)
    from course_support.grading.outside import Grader

    in_flight = min(EACH * args.jobs, len(submissions))
    kept = Store(args.out / JUDGED, "namespaces")
    needed = [*submissions, *map(ours, hidden)]
    if not args.unsafe and all_kept(needed, kept, hidden):  # also on other systems
        return await _graded(submissions, hidden, _not_asked, in_flight, kept.mode, args.out)
    async with Grader(in_flight, unsafe=args.unsafe) as grader:
        judge: Judge = partial(grader.judge, hidden=hidden) if hidden else grader.judge
        return await _graded(submissions, hidden, judge, in_flight, grader.mode, args.out)


async def _not_asked(exercise: str, cells: Mapping[str, str]) -> Report:
    raise GraderFault("What was judged already has gone meanwhile.")


async def _judged_by_cluster(
    submissions: Sequence[Submission], hidden: Mapping[str, str], args: argparse.Namespace
) -> tuple[list[Graded], str]:
    from course_support.grading.apart import judge_apart
    from course_support.grading.cluster import cluster, while_it_lasts

    with cluster(args.scheduler) as found:
        work = partial(judge_apart, unsafe=args.unsafe, hidden=dict(hidden))
        mode = "weak" if args.unsafe else "namespaces"
        judge = on_executor(found.executor, work)
        judging = _graded(submissions, hidden, judge, found.threads, mode, args.out)
        return await while_it_lasts(found, judging)


async def _graded(
    submissions: Sequence[Submission],
    hidden: Mapping[str, str],
    judge: Judge,
    in_flight: int,
    mode: str,
    out: Path,
) -> tuple[list[Graded], str]:
    bar = Bar(sys.stderr)
    graded_by = partial(
        grade, judge=judge, jobs=in_flight, store=Store(out / JUDGED, mode), hidden=hidden
    )
    await try_out(hidden, graded_by)
    graded = await graded_by(submissions, tell=bar.tell)
    bar.end()
    return graded, HOW.get(mode, f"Judged in the mode `{mode}`.")


HOW = {
    "namespaces": "Each answer ran in a process of its own, shut in by namespaces, without a "
    "check, an expected value or another student's work; the verdicts were made outside it.",
    "weak": "Each answer ran in a process of its own, in the mode `weak`: this machine did not "
    "shut it in. The verdicts were made outside it.",
}


def _for_platforms(args: argparse.Namespace, found: ClassResults) -> None:
    out: Path = args.out
    missing: list[str] = []
    if args.canvas:
        missing += platforms.write_canvas(out / "canvas.csv", args.canvas, found)
    if args.moodle == Path():
        platforms.write_moodle_import(out / "moodle.csv", found)
    elif args.moodle:
        missing += platforms.write_moodle(out / "moodle.csv", args.moodle, found)
    if args.gradebook:
        push(args.gradebook, found)
    say_missing(list(dict.fromkeys(missing)), found)
    if args.canvas or args.moodle or args.gradebook:
        say_open(found)


class Bar:
    """A line on a terminal that says how far the batch is; elsewhere nothing."""

    WIDTH = 24

    def __init__(self, file: TextIO | None) -> None:
        self._file = file if file and file.isatty() else None
        known = file is None or (file.encoding or "utf-8").casefold().startswith("utf")
        self._signs = "█·" if known else "#."
        self._start_s = time.perf_counter()

    def tell(self, done: int, total: int) -> None:
        """So many of `total` answers are there."""
        full = self.WIDTH * done // max(total, 1)
        bar = self._signs[0] * full + self._signs[1] * (self.WIDTH - full)
        passed_s = time.perf_counter() - self._start_s
        self._write(f"\r{bar} {done} of {total} answers, {passed_s:.0f} s ")

    def end(self) -> None:
        """Leave the line."""
        self._write("\n")

    def _write(self, text: str) -> None:
        """A terminal that was closed meanwhile is no reason to stop."""
        if self._file:
            with suppress(OSError, ValueError):
                self._file.write(text)
                self._file.flush()
