"""What does a run cost, how much memory do its processes take together, and how far is it?"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOK_S = 0.1
TELL_S = 15.0


def measured(
    words: Sequence[str | Path], folder: Path, name: str = "", done: Callable[[], str] | None = None
) -> tuple[float, float, str]:
    """Wall seconds, peak MiB and what was printed; it must end with 0.

    Args:
        name: who runs, for the lines that say how far it is.
        done: says how far it is, such as "3 of 64"; asked four times a minute.
    """
    python = Path(words[0])
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    environ["PATH"] = f"{python.parent}{os.pathsep}{environ['PATH']}"
    with (folder / "out.txt").open("wb") as out:
        start_s = time.perf_counter()
        running = subprocess.Popen(words, cwd=folder, env=environ, stdout=out, stderr=out)
        peak: list[float] = [0.0]
        watching = threading.Thread(target=watch, args=(running, peak, name, done))
        watching.start()
        code = running.wait()
        wall_s = time.perf_counter() - start_s
        watching.join()
    said = (folder / "out.txt").read_text("utf-8", "replace")
    if code:
        sys.exit(f"{' '.join(map(str, words))} ended with {code}:\n{said[-2000:]}")
    return wall_s, peak[0], said


def watch(
    running: subprocess.Popen[bytes], peak: list[float], name: str, done: Callable[[], str] | None
) -> None:
    """Keep in `peak` the most that the process and its descendants had together; say how far it is.

    Lines go to standard error, so that what is printed can be kept in a file.
    """
    start_s = told_s = time.perf_counter()
    while running.poll() is None:
        peak[0] = max(peak[0], sum(map(pss_mib, tree(running.pid))))
        now_s = time.perf_counter()
        if done and now_s - told_s > TELL_S:
            told_s = now_s
            print(f"  {name}: {done()}, {now_s - start_s:.0f} s", file=sys.stderr, flush=True)
        time.sleep(LOOK_S)


def tree(root: int) -> Iterable[int]:
    """The process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    todo = [root]
    while todo:
        yield (pid := todo.pop())
        todo += parents.get(pid, [])


def pss_mib(pid: int) -> float:
    """A process's memory; a page that n processes share counts an nth."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration):
        return 0.0
