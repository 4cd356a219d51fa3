"""How is a stranger's submission judged? From outside: its code runs in a child, shut in.

    async with Grader(jobs=2) as grader:
        report = await grader.judge("ex01_first_view", {"answer-headlines": source})

The child has no check, no expected value and no verdict (inside.py); the checks run here, in a
thread with an event loop for each submission, and see what a client and the newswire see.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType

from course_support.grading.answers import reference
from course_support.grading.checks import Check, Client
from course_support.grading.children import Limits
from course_support.grading.exercises import Exercise, find
from course_support.grading.fields import plain
from course_support.grading.forking import GraderFault, Mode, Zygote
from course_support.grading.judge import run_checks, verdict_of
from course_support.grading.loading import NO_TEXTS
from course_support.grading.machine import in_the_way, reason
from course_support.grading.remote import RemoteTarget
from course_support.grading.setups import setup_of
from course_support.grading.threads import in_thread
from course_support.verdicts import Report, Verdict, report

MODES: tuple[Mode, ...] = ("namespaces", "weak")
MODEST_MIB = 64  # nearly all submissions need less; one at a time may have more
CONTAINER = (
    "Judge in the container image of the course, from its folder: docker build -t course .\n"
    "    The words at the top of its Dockerfile are the command that runs it."
)


class Grader:
    """Judges submissions, each in a fresh process, at most `jobs` at one time.

    Use it as `async with`; it owns the process that is forked.

    Args:
        unsafe: also where this machine cannot shut a stranger's code in.

    Raises:
        GraderFault: (from any method) the grader itself failed; this is no verdict.
    """

    def __init__(
        self, jobs: int = 2, *, unsafe: bool = False, limits: Limits | None = None
    ) -> None:
        self._limits = limits or Limits()
        self._modest = replace(self._limits, memory_mib=min(MODEST_MIB, self._limits.memory_mib))
        self._jobs = asyncio.Semaphore(jobs)
        self._alone = asyncio.Semaphore(1)
        self._modes = MODES if unsafe else MODES[:1]

    @property
    def mode(self) -> Mode:
        """How submissions are shut in: "namespaces", or "weak" (limits and a filter only)."""
        return self._zygote.mode

    async def __aenter__(self) -> Grader:
        allow_many_files()
        self._zygote = await asyncio.to_thread(start_zygote, self._modes)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """What leaving `async with` does, for one who has no running loop any more."""
        self._zygote.close()

    async def judge(
        self, exercise: str, cells: Mapping[str, str], hidden: Mapping[str, str] = NO_TEXTS
    ) -> Report:
        """The report on one submission.

        Args:
            cells: the sources of its answer cells by their ids; others are not looked at.
            hidden: the texts of a teacher's own checks by exercise.

        Raises:
            ContentError: the hidden checks of the exercise are not well-formed.
            LookupError: there is no such exercise; the text lists the known ones.
            CheckFault: a check itself is broken.
            GraderFault: the grader itself failed.
        """
        found = find(exercise)
        text = hidden.get(found.key, "")
        async with self._jobs:
            verdicts = await in_thread(lambda: self._judge(found, cells, text, self._modest))
        if verdicts is None:
            async with self._alone:
                verdicts = await in_thread(lambda: self._judge(found, cells, text, self._limits))
        assert verdicts is not None
        return report(found.key, verdicts, found.commentary)

    async def _holds(self, exercise: Exercise, check: Check) -> bool:
        """Does a check hold for the course's own answer?

        Where the course has none, as for a break-fix: does it come to a verdict on what it gives?
        """
        setup, right = setup_of(exercise), reference(exercise)
        cells = right or {cell.id: cell.source for cell in setup.answers}
        target = RemoteTarget(self._zygote, setup, cells, self._limits)
        try:
            await target.ready()
            verdict = await verdict_of(exercise, check, Client(target), target)
        finally:
            await target.aclose()
        return bool(verdict) or not right

    async def _judge(
        self, exercise: Exercise, cells: Mapping[str, str], hidden: str, limits: Limits
    ) -> list[Verdict] | None:
        """The verdicts; None where it needs more memory than most, and may have it, but alone."""
        target = RemoteTarget(self._zygote, setup_of(exercise), cells, limits)

        async def holds(check: Check) -> bool:
            # Not once: on a machine that others keep busy, a right answer may come too late.
            for _ in range(3):
                if await self._holds(exercise, check):
                    return True
            return False

        try:
            verdicts = await run_checks(exercise, target, holds, hidden)
        finally:
            await target.aclose()
        if target.hungry and limits.memory_mib < self._limits.memory_mib:
            return None
        return [
            replace(one, seen=plain(one.seen), line=plain(one.line), next_step=plain(one.next_step))
            for one in verdicts
        ]


def allow_many_files() -> None:
    """Let this process have as many files open as it may: each child has sockets here."""
    if sys.platform == "linux":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def start_zygote(modes: Sequence[Mode]) -> Zygote:
    """A process to be forked, in the first of these modes that this machine allows.

    Raises:
        GraderFault: it allows none; the text says why, and what to do.
    """
    if sys.platform != "linux":
        raise GraderFault(f"Strangers' code is judged on Linux only.\n    {CONTAINER}")
    faults: list[str] = []
    for mode in modes:
        zygote = Zygote(mode)
        try:
            zygote.start()
            zygote.try_out()
        except GraderFault as fault:
            zygote.close()
            faults += [reason(str(fault)), *in_the_way()]
        else:
            return zygote
    told = "\n".join(dict.fromkeys(faults)).replace("\n", "\n    ")
    raise GraderFault(
        f"This machine does not let a stranger's code be shut in:\n    {told}\n    {CONTAINER}\n"
        "    To judge in a weaker mode, which holds no attacker back: --unsafe (unsafe=True)."
    )


async def judge_outside(exercise: str, cells: Mapping[str, str], *, unsafe: bool = False) -> Report:
    """The report on one submission, by a `Grader` of its own; see `Grader.judge`."""
    async with Grader(jobs=1, unsafe=unsafe) as grader:
        return await grader.judge(exercise, cells)
