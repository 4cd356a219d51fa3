"""What does typed code do? It is run and judged in a process of its own, within a limit.

A process, for nothing less can be ended: neither an endless loop nor a call that never returns
gives a kernel back. The code runs as in a cell: a loop is running, and `await` works at the top.
The judge is a script of asserts; it sees the names that the code has made, `names` (their
namespace, to replace one) and `code` (the text). Its asserts' messages are told to the learner.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from course_support.places import ROOT
from course_support.quiz.executing import AWAIT, execute
from course_support.verdicts import Outcome

LIMIT_S = 10.0
_GRACE_S = 10.0  # for the start of the process, and where no Python of it runs any more
MOST_S = LIMIT_S + _GRACE_S
_FILE_BYTES = 20_000_000
_MEMORY_BYTES = 4_000_000_000
_CODE, _JUDGE = "<your code>", "<judge>"


@dataclass(frozen=True)
class Trial:
    """What came of one run.

    Attributes:
        seen: what was seen, in words; empty when the judge had nothing to say against it.
        line: the line of the code that it concerns, or empty.
    """

    outcome: Outcome
    seen: str = ""
    line: str = ""


def attempt(code: str, judge: str, *, limit_s: float = LIMIT_S) -> Trial:
    """Run `code`, then `judge`, for at most `limit_s` seconds; "not attempted" for no Python."""
    mistake = _syntax(code)
    if mistake:
        return mistake
    with tempfile.TemporaryDirectory(prefix="trial-", ignore_cleanup_errors=True) as folder:
        token = secrets.token_hex(8)
        given = {"code": code, "judge": judge, "limit_s": limit_s, "token": token}
        said = _run(json.dumps(given), Path(folder), limit_s + _GRACE_S)
    return _result(said, token, limit_s)


def _syntax(code: str) -> Trial | None:
    try:
        compile(code, _CODE, "exec", flags=AWAIT, dont_inherit=True)
    except SyntaxError as mistake:
        seen = f"Not Python yet: {mistake.msg}, in line {mistake.lineno}."
        return Trial(Outcome.NOT_ATTEMPTED, seen)
    except ValueError as mistake:  # a null byte
        return Trial(Outcome.NOT_ATTEMPTED, f"Not Python yet: {mistake}.")
    return None


def _run(given: str, folder: Path, limit_s: float) -> str:
    """Run this module in a new process; what it wrote. Files, not pipes: a process that the code
    has started may hold a pipe open for ever."""
    (folder / "given").write_text(given, "utf-8")
    command = [sys.executable, "-m", "course_support.quiz.trials", str(folder)]
    with (folder / "given").open("rb") as read, (folder / "said").open("wb") as write:
        process = subprocess.Popen(
            command, stdin=read, stdout=write, stderr=subprocess.DEVNULL, cwd=ROOT,
            start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(limit_s)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end(process)
    return (folder / "said").read_text("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process, and on POSIX whatever it has started in its group."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _result(said: str, token: str, limit_s: float) -> Trial:
    for line in reversed(said.splitlines()):
        if line.startswith(token):
            values = json.loads(line.removeprefix(token))
            return Trial(Outcome(values["outcome"]), values["seen"], values["line"])
    seen = f"It ended the process it ran in, or did not end within {limit_s:g} s."
    return Trial(Outcome.RAISED, seen)


# From here on: inside the process of one run.


def main() -> None:
    """Run the code and the judge that standard input holds; say what came of it, and end."""
    given = json.load(sys.stdin)
    os.chdir(sys.argv[1])
    _restrict()
    said = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        lock = threading.Lock()

        def say(trial: Trial) -> None:
            lock.acquire()  # never released: the first word is the last one
            values = {"outcome": trial.outcome, "seen": trial.seen, "line": trial.line}
            os.write(said, f"\n{given['token']}{json.dumps(values)}\n".encode())
            os._exit(0)

        main_id = threading.main_thread().ident or 0
        limit_s = given["limit_s"]
        timer = threading.Timer(limit_s, lambda: say(_held(main_id, limit_s)))
        timer.daemon = True
        timer.start()
        say(_tried(given["code"], given["judge"]))


def _restrict() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {resource.RLIMIT_FSIZE: _FILE_BYTES, resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":
        limits[resource.RLIMIT_AS] = _MEMORY_BYTES
    for what, most in limits.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def _tried(code: str, judge: str) -> Trial:
    try:
        asyncio.run(_judge(code, judge))
    except BaseException as error:
        return _told(error, code)
    return Trial(Outcome.CORRECT)


async def _judge(code: str, judge: str) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    await execute(code, _CODE, names)
    await execute(judge, _JUDGE, {**names, "names": names, "code": code})


def _told(error: BaseException, code: str) -> Trial:
    frames = list(traceback.extract_tb(error.__traceback__))
    in_judge = [frame for frame in frames if frame.filename in (_CODE, _JUDGE)][-1:]
    if in_judge and in_judge[0].filename == _JUDGE and frames[-1].filename == _JUDGE:
        if isinstance(error, AssertionError):
            return Trial(Outcome.INCORRECT, str(error) or f"This does not hold: {frames[-1].line}")
        if isinstance(error, NameError):
            return Trial(Outcome.INCORRECT, f"The code has no name `{error.name}`: keep its names.")
    lines = [frame.lineno or 0 for frame in frames if frame.filename == _CODE]
    seen = f"{type(error).__name__}: {error}".removesuffix(": ")
    return Trial(Outcome.RAISED, f"`{seen}`", _place(code, lines[-1] if lines else 0))


def _held(main_id: int, limit_s: float) -> Trial:
    """Where the code stood when its time was over."""
    seen = f"It did not end within {limit_s:g} s and was stopped."
    for frame in _stack(sys._current_frames().get(main_id)):
        if frame.f_code.co_filename == _CODE:
            line = linecache_line(frame.f_lineno)
            return Trial(Outcome.RAISED, seen, f"line {frame.f_lineno}: {line}")
    return Trial(Outcome.RAISED, f"{seen} It was waiting for something that never came.")


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def linecache_line(number: int) -> str:
    """A line of the code that is running."""
    import linecache

    return linecache.getline(_CODE, number).strip()


def _place(code: str, line: int) -> str:
    return f"line {line}: {code.splitlines()[line - 1].strip()}" if line else ""


if __name__ == "__main__":
    main()
