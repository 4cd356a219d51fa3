"""A class of submissions of a five-check exercise: ours, nbgrader's autograde, otter-grader.

    python3 course.py grade --doctor      (makes .venv, and says whether the sandbox works here)
    COURSE_NBGRADER=1 COURSE_OTTER=1 .venv/bin/python benchmarks/grading.py

Linux only. Each 1 makes an environment with that grader, once, in .course/benchmarks; the path of a
Python that has nbgrader 0.9 or otter-grader 7 beside the course's own packages takes that one;
without the variable that grader is left out. A class of 64 takes the others a quarter of an hour or
more: how far they are is said meanwhile, and `--others 8` gives them the first eight only (their
start-up then counts for more).

Ours judges with the sandbox on. Every submission differs from every other, so none is spared, and
all graders get the same ones, the whole class at once. Start-up counts. Printed: seconds a
submission and submissions a minute, ratios to the mean of our runs before and after (the bars: 15
and 30), whether the points agree, how our time grows with the class, and the peak memory of the
whole tree of processes, each page counted once (the bar: 600 MiB).
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring import measured
from others import left_out, python_with

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
    found = grade_submission(str(path), "autograder.zip", quiet=True)
    print("points", path.parts[1], found.total, flush=True)
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


def ours(folder: Path, size: int, jobs: int, name: str = "") -> Run:
    """`grade`, with the sandbox on and nothing kept from earlier."""
    place = folder / f"ours{size}{name}"
    write_class(place / "submitted", ROOT / "exercises" / f"{KEY}.ipynb", size)
    words = [sys.executable, "-m", "course_support", "grade", "submitted"]
    words += ["--out", "reports", "--jobs", str(jobs)]
    wall_s, peak, _ = measured(words, place, "ours", counted(place, "reports/.judged/*", size))
    return Run(wall_s, peak, read_points(place / "reports" / "grades.csv", "student", "points"))


def nbgraders(python: Path, folder: Path, size: int) -> Run:
    """`nbgrader autograde` on the exported course."""
    place = folder / "nbgrader"
    place.mkdir()
    exported = [sys.executable, "-m", "course_support", "export", "--nbgrader", ".", KEY]
    measured(exported, place)
    measured([python, "-m", "nbgrader", "generate_assignment", KEY, "--create"], place)
    release = place / "release" / KEY / f"{KEY}.ipynb"
    write_class(place / "submitted", release, size)
    done = counted(place, f"autograded/*/{KEY}/{KEY}.ipynb", size)
    autograde = [str(python), "-m", "nbgrader", "autograde", KEY, "--create"]
    wall_s, peak, _ = measured(autograde, place, "nbgrader", done)
    measured([python, "-m", "nbgrader", "export"], place)
    return Run(wall_s, peak, read_points(place / "grades.csv", "student_id", "score"))


def otters(python: Path, folder: Path, size: int) -> Run:
    """otter's `grade_submission`, one after the other in one process, without containers."""
    place = folder / "otter"
    place.mkdir()
    write_class(place / "submitted", ROOT / "exercises" / f"{KEY}.ipynb", size)
    (place / "run.py").write_text(OTTER_RUN, "utf-8")
    with zipfile.ZipFile(place / "autograder.zip", "w") as file:
        file.writestr("tests/q1.py", OTTER_TEST)
        file.writestr("otter_config.json", json.dumps({"lang": "python"}))
        file.writestr("requirements.txt", "")

    def done() -> str:
        return f"{(place / 'out.txt').read_text('utf-8', 'replace').count('points ')} of {size}"

    wall_s, peak, printed = measured([python, "run.py"], place, "otter", done)
    found = (line.split() for line in printed.splitlines() if line.startswith("points "))
    return Run(wall_s, peak, {student: float(points) for _, student, points in found})


def counted(place: Path, pattern: str, size: int) -> Callable[[], str]:
    """Says how many of the class's files of that pattern are there."""
    return lambda: f"{len(list(place.glob(pattern)))} of {size}"


def read_points(path: Path, student: str, points: str) -> dict[str, float]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[student]: float(row[points]) for row in csv.DictReader(file)}


def told(name: str, run: Run, mine: Sequence[Run], bar: int) -> str:
    """A line on another grader; ours is the mean of its runs before and after."""
    points = mine[0].points
    agree = sum(abs(points[who] - found) < 0.01 for who, found in run.points.items())
    ratio = run.each_s / statistics.mean(one.each_s for one in mine)
    return (
        f"{said(name, run)}, {ratio:.1f} x ours (the bar: {bar}), "
        f"the same points on {agree} of {len(run.points)}"
    )


def said(name: str, run: Run) -> str:
    """What every grader's line begins with."""
    a_minute = f"{60 / run.each_s:6.1f} a minute"
    return f"{name:<9} {run.each_s:7.3f} s each, {a_minute}, {run.peak_mib:4.0f} MiB"


def main() -> None:
    kind = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=kind)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--others", type=int, help="how many of them the others get; all")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("Strangers' code is judged on Linux only, so there is nothing to compare here.")
    graders = {"nbgrader": (nbgraders, 15), "otter": (otters, 30)}
    pythons = {name: python_with(name) for name in graders}
    others = args.others or args.size
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first, half = (ours(folder, size, args.jobs) for size in (args.size, args.size // 2))
        show(first)
        growth = first.wall_s / half.wall_s
        print(f"          {args.size} take {growth:.2f} times as long as {args.size // 2}")
        for name, (grader, bar) in graders.items():
            python = pythons[name]
            if python is None:
                print(left_out(name), flush=True)
                continue
            run = grader(python, folder, others)
            after = ours(folder, args.size, args.jobs, f"after-{name}")
            show(after)
            print(told(name, run, (first, after), bar), flush=True)
            first = after


def show(mine: Run) -> None:
    print(f"{said('ours', mine)} (the bar: 600)", flush=True)


if __name__ == "__main__":
    main()
