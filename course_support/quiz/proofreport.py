"""What does an author read in a terminal while the proofs run, and at the end?"""

from __future__ import annotations

import platform
import sys
import textwrap
import time
from collections.abc import Sequence

from course_support.quiz.bank import Lesson, lesson, read_bank
from course_support.quiz.fresh import CAN_FORK
from course_support.quiz.proofs import WORKERS, Proof, prove


def report(name: str | None = None, *, workers: int = WORKERS, fresh: bool = False) -> int:
    """Prove one lesson or the whole bank; print what broke, and the count, time and versions.

    A terminal also gets a line that counts along.

    Args:
        name: the lesson, such as `01_first_async_view` or just `01`; None for all of them.
        workers: how many proofs run at a time.
        fresh: whether each proof gets a new interpreter where it could be forked.

    Returns:
        the exit code: 0 when all proofs hold, else 1.

    Raises:
        ContentError: the bank has a mistake.
        LookupError: there is no such lesson, or `workers` is below 1.
    """
    if workers < 1:
        raise LookupError(f"--jobs is at least 1, not {workers}.")
    lessons = [lesson(name)] if name else read_bank()
    proven = [one for part in lessons for one in part.questions if one.proof]
    counter = _Counter(len(proven))
    start = time.perf_counter()
    found = prove(proven, workers=workers, fork=CAN_FORK and not fresh, each=counter)
    counter.clear()
    print(summary(lessons, found, time.perf_counter() - start))
    return 0 if all(found) else 1


def summary(lessons: Sequence[Lesson], found: Sequence[Proof], wall_s: float) -> str:
    """One line: how many of the proofs hold, in which time, on which Python and Django."""
    import django

    where = lessons[0].name if len(lessons) == 1 else f"{len(lessons)} lessons"
    versions = f"Python {platform.python_version()}, Django {django.get_version()}"
    held = sum(map(bool, found))
    return f"{held} of {len(found)} proofs hold ({where}; {wall_s:.1f} s; {versions})."


class _Counter:
    """Says at once what failed; on a terminal also how many are done."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.shows = sys.stdout.isatty()

    def __call__(self, proof: Proof) -> None:
        self.done += 1
        if not proof:
            self.clear()
            print(proof.text())
            if proof.output:
                print(textwrap.indent(proof.output, "    | "))
        if self.shows:
            print(f"\r{self.done} of {self.total} proofs run", end="", flush=True)

    def clear(self) -> None:
        if self.shows:
            print("\r\x1b[K", end="")
