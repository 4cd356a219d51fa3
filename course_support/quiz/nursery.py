"""How is a process made that is as good as new, without importing Django again?

A nursery is an interpreter that has imported much and done nothing: Django is not configured,
no loop runs, no thread was started. It forks one child for each proof, a few at a time, and
tells over its standard output how each of them ended, a line of JSON for each. `fresh.py` is
the other end. It ends, with all its children, when its standard input is closed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pickle
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course_support.quiz.proving import hold
from course_support.quiz.questions import Question

# What proofs and `Site()` import, as far as it can be imported before settings are chosen.
PRELOADED = (
    "asgiref.sync", "httpx", "uvicorn", "sqlite3", "concurrent.futures.process",
    "django.core.handlers.asgi", "django.db.backends.sqlite3.base", "django.db.models",
    "django.db.migrations.state", "django.http", "django.template.backends.django",
    "django.test", "django.urls", "django.contrib.auth.hashers",
    "django.contrib.auth.password_validation", "django.contrib.contenttypes.checks",
    "django.middleware.csrf", "django.utils.translation.reloader",
    "course_support.live.loads", "course_support.live.newswire", "course_support.live.servers",
    "course_support.live.site", "course_support.live.watching", "course_support.live.workload",
)  # fmt: skip


@dataclass
class _Child:
    """One running proof: which it is, the files it writes to, and when it must have ended."""

    index: int
    said: int
    output: int
    ends_at: float
    stopped: bool = False


@dataclass
class Nursery:
    """Runs the proofs of `questions`, `workers` at a time, each at most `timeout_s` seconds."""

    questions: Sequence[Question]
    workers: int
    timeout_s: float
    running: dict[int, _Child] = field(default_factory=dict)

    def run(self) -> Question | None:
        """Run all proofs and return None; in the child of a proof, return its question."""
        wakes, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake)
        try:
            for index, question in enumerate(self.questions):
                while len(self.running) >= self.workers:
                    self._wait(wakes)
                if self._fork(index):
                    os.close(wakes)
                    os.close(wake)
                    return question
            while self.running:
                self._wait(wakes)
        finally:
            for pid in self.running:
                _kill(pid)
        return None

    def _fork(self, index: int) -> bool:
        """Start a child; True in the child."""
        said, output = _file(), _file()
        pid = os.fork()
        if not pid:
            self._settle(said, output)
            return True
        self.running[pid] = _Child(index, said, output, time.monotonic() + self.timeout_s)
        return False

    def _settle(self, said: int, output: int) -> None:
        """In the child: put down what belongs to the nursery, and be a process of its own."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        null = os.open(os.devnull, os.O_RDONLY)
        for descriptor, standard in ((null, 0), (said, 1), (output, 2)):
            os.dup2(descriptor, standard)
            os.close(descriptor)
        for other in self.running.values():
            os.close(other.said)
            os.close(other.output)
        self.running.clear()
        gc.enable()

    def _wait(self, wakes: int) -> None:
        """Wait until a child ends or a limit is reached, and see to it."""
        limits = [child.ends_at for child in self.running.values() if not child.stopped]
        left_s = max(0.0, min(limits) - time.monotonic()) if limits else None
        ready, _, _ = select.select([wakes, sys.stdin], [], [], left_s)
        if sys.stdin in ready:
            raise SystemExit("Nobody listens any more.")
        if wakes in ready:
            os.read(wakes, 4096)
        self._stop_the_late()
        self._reap()

    def _stop_the_late(self) -> None:
        now = time.monotonic()
        for pid, child in self.running.items():
            if now >= child.ends_at and not child.stopped:
                child.stopped = True
                _kill(pid)

    def _reap(self) -> None:
        for pid in list(self.running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                _kill(pid)  # what the proof has started and left behind
                self._tell(self.running.pop(pid), os.waitstatus_to_exitcode(status))

    def _tell(self, child: _Child, status: int) -> None:
        told = {
            "index": child.index,
            "status": None if child.stopped else status,
            "said": _content(child.said),
            "output": _content(child.output),
        }
        print(json.dumps(told), flush=True)


def _kill(pid: int) -> None:
    """End a child's whole group; the child alone where it has not made its group yet."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _file() -> int:
    """A file without a name. Not a Python file: a fork would close its number a second time."""
    descriptor, name = tempfile.mkstemp(prefix="course-proof-")
    Path(name).unlink()
    return descriptor


def _content(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with open(descriptor, encoding="utf-8", errors="replace") as file:
        return file.read().strip()


def main() -> None:
    """Prove the pickled questions on standard input; in a child, be the process of one proof."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends this one
    questions, workers, timeout_s = pickle.load(sys.stdin.buffer)
    for name in PRELOADED:
        importlib.import_module(name)
    gc.collect()
    gc.disable()
    gc.freeze()
    question = Nursery(questions, workers, timeout_s).run()
    if question is not None:
        hold(question)


if __name__ == "__main__":
    main()
