"""A class of submissions of a five-check exercise: ours, nbgrader's autograde, otter-grader.

    python benchmarks/grading.py [--size 64] [--others 64] [--jobs 2]

COURSE_NBGRADER and COURSE_OTTER name Pythons that have nbgrader 0.9 and otter-grader 7 beside the
course's own packages; what is not named is left out. Ours judges with the sandbox on. Every
submission differs from every other, so none is spared, and all graders get the same ones; with
`--others N` the others get the first N only. Start-up counts. Printed: seconds a submission,
ratios to the mean of our runs before and after (the bars: 15 and 30), whether the points agree,
how our time grows with the class, and the peak memory of the whole tree of processes, each page
counted once (the bar: 600 MiB).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEY = "ex01_first_view"
ANSWER = "answer-headlines"
ATTEMPTS = ROOT / "tests" / "attempts" / KEY
# Half of a class is right; the others make these mistakes, some of which cost waiting time.
MISTAKES = (
    "not_awaited", "sync_view", "coroutine_in_json", "asks_twice",
    "returns_none", "sync_client_in_async_view", "hard_coded", "wrong_url",
)  # fmt: skip

# Each case has names of its own, so what the first has found stays with the site.
OTTER_TEST = f'''
OK_FORMAT = True
test = {{"name": "q1", "points": [0.4] * 5, "suites": [{{"cases": [
  {{"code": """
  >>> import asyncio, concurrent.futures
  >>> from course_support import check
  >>> pool = concurrent.futures.ThreadPoolExecutor(1)
  >>> site.judged = pool.submit(lambda: asyncio.run(check("{KEY}", site))).result()
  >>> bool(site.judged.verdicts[0])
  True
  """}},
  *[{{"code": f"""
  >>> bool(site.judged.verdicts[{{number}}])
  True
  """}} for number in range(1, 5)],
], "scored": True, "setup": "", "teardown": "", "type": "doctest"}}]}}
'''

OTTER_RUN = """
import sys
from pathlib import Path
from otter.api import grade_submission
for path in sorted(Path("submitted").glob("*/*/*.ipynb")):
    print("points", path.parts[1], grade_submission(str(path), "autograder.zip", quiet=True).total)
"""


@dataclass(frozen=True)
class Run:
    """One grader's run.

    Attributes:
        wall_s: from the start of its first process to the end of its last.
        peak_mib: the most memory that its processes had together.
        points: by student.
    """

    wall_s: float
    peak_mib: float
    points: dict[str, float]

    @property
    def each_s(self) -> float:
        return self.wall_s / len(self.points)


def write_class(folder: Path, source: Path, size: int) -> None:
    """`folder/sNN/KEY/KEY.ipynb`: the notebook at `source`, with an answer of each student."""
    notebook = json.loads(source.read_text("utf-8"))
    for number in range(size):
        for cell in notebook["cells"]:
            if cell["id"] == ANSWER:
                cell["source"] = f"{answer(number)}\n# student {number}\n"
        path = folder / f"s{number:03}" / KEY / f"{KEY}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), "utf-8")


def answer(number: int) -> str:
    """Of every two students, the first is right."""
    if number % 2:
        return (ATTEMPTS / f"{MISTAKES[number // 2 % len(MISTAKES)]}.py").read_text("utf-8")
    solution = json.loads((ROOT / "solutions" / f"{KEY}.ipynb").read_text("utf-8"))
    return next("".join(cell["source"]) for cell in solution["cells"] if cell["id"] == ANSWER)


def measured(words: Sequence[str | Path], folder: Path) -> tuple[float, float, str]:
    """Wall seconds, peak MiB and what was printed; it must end with 0."""
    python = Path(words[0])
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    environ["PATH"] = f"{python.parent}{os.pathsep}{environ['PATH']}"
    with (folder / "out.txt").open("wb") as out:
        start_s = time.perf_counter()
        running = subprocess.Popen(words, cwd=folder, env=environ, stdout=out, stderr=out)
        peak: list[float] = [0.0]
        threading.Thread(target=watch_memory, args=(running, peak), daemon=True).start()
        code = running.wait()
        wall_s = time.perf_counter() - start_s
    said = (folder / "out.txt").read_text("utf-8", "replace")
    if code:
        sys.exit(f"{' '.join(map(str, words))} ended with {code}:\n{said[-2000:]}")
    return wall_s, peak[0], said


def watch_memory(running: subprocess.Popen[bytes], peak: list[float]) -> None:
    """Keep in `peak` the most that the process and its descendants had together."""
    while running.poll() is None:
        peak[0] = max(peak[0], sum(map(pss_mib, tree(running.pid))))
        time.sleep(0.1)


def tree(root: int) -> Iterable[int]:
    """The process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
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


def ours(folder: Path, size: int, jobs: int, name: str = "") -> Run:
    """`grade`, with the sandbox on and nothing kept from earlier."""
    place = folder / f"ours{size}{name}"
    write_class(place / "submitted", ROOT / "exercises" / f"{KEY}.ipynb", size)
    words = [sys.executable, "-m", "course_support", "grade", "submitted"]
    wall_s, peak, _ = measured([*words, "--out", "reports", "--jobs", str(jobs)], place)
    return Run(wall_s, peak, read_points(place / "reports" / "grades.csv", "student", "points"))


def nbgraders(python: str, folder: Path, size: int) -> Run:
    """`nbgrader autograde` on the exported course."""
    place = folder / "nbgrader"
    place.mkdir()
    words = [sys.executable, "-m", "course_support", "export", "--nbgrader", ".", KEY]
    measured(words, place)
    measured([python, "-m", "nbgrader", "generate_assignment", KEY, "--create"], place)
    release = place / "release" / KEY / f"{KEY}.ipynb"
    write_class(place / "submitted", release, size)
    wall_s, peak, _ = measured([python, "-m", "nbgrader", "autograde", KEY, "--create"], place)
    measured([python, "-m", "nbgrader", "export"], place)
    return Run(wall_s, peak, read_points(place / "grades.csv", "student_id", "score"))


def otters(python: str, folder: Path, size: int) -> Run:
    """otter's `grade_submission`, one after the other in one process, without containers."""
    place = folder / "otter"
    place.mkdir()
    write_class(place / "submitted", ROOT / "exercises" / f"{KEY}.ipynb", size)
    (place / "run.py").write_text(OTTER_RUN, "utf-8")
    with zipfile.ZipFile(place / "autograder.zip", "w") as file:
        file.writestr("tests/q1.py", OTTER_TEST)
        file.writestr("otter_config.json", json.dumps({"lang": "python"}))
        file.writestr("requirements.txt", "")
    wall_s, peak, said = measured([python, "run.py"], place)
    found = (line.split() for line in said.splitlines() if line.startswith("points "))
    return Run(wall_s, peak, {student: float(points) for _, student, points in found})


def read_points(path: Path, student: str, points: str) -> dict[str, float]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[student]: float(row[points]) for row in csv.DictReader(file)}


def told(name: str, run: Run, mine: Sequence[Run], bar: int) -> str:
    """A line on another grader; ours is the mean of its runs before and after."""
    points = mine[0].points
    agree = sum(abs(points[who] - found) < 0.01 for who, found in run.points.items())
    ratio = run.each_s / statistics.mean(one.each_s for one in mine)
    return (
        f"{name:<9} {run.each_s:7.3f} s each, {run.peak_mib:4.0f} MiB, "
        f"{ratio:5.1f} x ours (the bar: {bar}), the same points on {agree} of {len(run.points)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--others", type=int, help="how many of them the others get; all")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    others = args.others or args.size
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first, half = (ours(folder, size, args.jobs) for size in (args.size, args.size // 2))
        show(first)
        growth = first.wall_s / half.wall_s
        print(f"          {args.size} take {growth:.2f} times as long as {args.size // 2}")
        graders = (("nbgrader", nbgraders, 15), ("otter", otters, 30))
        for name, grader, bar in graders:
            if python := os.environ.get(f"COURSE_{name.upper()}"):
                run = grader(python, folder, others)
                after = ours(folder, args.size, args.jobs, f"after-{name}")
                show(after)
                print(told(name, run, (first, after), bar), flush=True)
                first = after


def show(mine: Run) -> None:
    print(
        f"ours      {mine.each_s:7.3f} s each, {mine.peak_mib:4.0f} MiB (the bar: 600)", flush=True
    )


if __name__ == "__main__":
    main()
