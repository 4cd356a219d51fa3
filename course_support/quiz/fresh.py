"""How does each proof get a process of its own?

Two ways, with one result. A new interpreter for each proof works everywhere, and spends most of
its time on importing Django once more. Where the system can fork, a nursery does better
(`nursery.py`): one interpreter imports Django and nothing else, and each proof runs in a fork
of it. (On macOS a fork may meet threads that the system's own libraries have started, so there
the first way is taken.)
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from course_support.places import ROOT
from course_support.quiz.questions import Question

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"


@dataclass(frozen=True)
class Ended:
    """How the process of one proof ended.

    Attributes:
        index: which of the questions it was, from 0.
        status: its exit status, minus the signal's number where one ended it; None where it
            was stopped at the time limit.
        said: its standard output, the result as JSON.
        output: its standard error, and all that the proof printed.
    """

    index: int
    status: int | None
    said: str
    output: str


def spawned(questions: Sequence[Question], workers: int, timeout_s: float) -> Iterator[Ended]:
    """Prove each question in a new interpreter, `workers` at a time; as they end."""
    with ThreadPoolExecutor(workers) as pool:
        numbered = enumerate(questions)
        runs = [pool.submit(_spawn, index, one, timeout_s) for index, one in numbered]
        try:
            for run in as_completed(runs):
                yield run.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _spawn(index: int, question: Question, timeout_s: float) -> Ended:
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        _command("proving"), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True,
        cwd=ROOT, env=_environment(),
    )  # fmt: skip
    status: int | None = None
    with process:
        try:
            said, output = process.communicate(pickle.dumps(question), timeout_s)
            status = process.returncode
        except subprocess.TimeoutExpired:
            _kill(process)
            said, output = process.communicate()
    return Ended(index, status, _text(said), _text(output))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process, and where the system has groups also those that it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def forked(questions: Sequence[Question], workers: int, timeout_s: float) -> Iterator[Ended]:
    """Prove each question in a fork of one nursery, `workers` at a time; as they end.

    Should the nursery itself end early, the rest is proven in new interpreters.
    """
    waiting = dict(enumerate(questions))
    for ended in _from_nursery(questions, workers, timeout_s):
        del waiting[ended.index]
        yield ended
    left = list(waiting)
    for ended in spawned([waiting[index] for index in left], workers, timeout_s):
        yield Ended(left[ended.index], ended.status, ended.said, ended.output)


def _from_nursery(questions: Sequence[Question], workers: int, timeout_s: float) -> Iterator[Ended]:
    pipe = subprocess.PIPE
    nursery = subprocess.Popen(
        _command("nursery"), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL,
        cwd=ROOT, env=_environment(),
    )  # fmt: skip
    # Leaving the block closes the pipes: the nursery ends what is running, and itself.
    with nursery, contextlib.suppress(BrokenPipeError):
        assert nursery.stdin and nursery.stdout
        pickle.dump((questions, workers, timeout_s), nursery.stdin)
        nursery.stdin.flush()
        for line in nursery.stdout:
            with contextlib.suppress(ValueError):
                yield Ended(**json.loads(line))


def _command(module: str) -> list[str]:
    return [sys.executable, "-W", "default", "-m", f"course_support.quiz.{module}"]


def _environment() -> dict[str, str]:
    # A proof that holds only because a guard was switched off proves nothing; and what it
    # answers is nobody's progress.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return environ | {"COURSE_PROGRESS": os.devnull}


def _text(given: bytes) -> str:
    return given.decode("utf-8", "replace").strip()
