"""The map of the course with 100,000 stored answers, against a plain scan of the same table.

    python benchmarks/progress.py [--answers 100000] [--rounds 5]

Each round starts both in a fresh process, on the same file. Printed: the median milliseconds of
the first `progress()` of a kernel with its HTML (the bar: 200), with and without its imports, of
a second one, of one answer recorded, and of a scan in sqlite3 that counts the answers to each
question; and the ratio of map to scan.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course_support.quiz.events import Event
from course_support.quiz.outline import outlines
from course_support.quiz.progress import Store
from course_support.quiz.progress_file import transaction
from course_support.quiz.progress_schema import add_events

MAP = """
import json, time
times = {}
def timed(name, work):
    start = time.perf_counter()
    found = work()
    times[name] = 1000 * (time.perf_counter() - start)
    return found
def load():
    global progress, store
    from course_support import progress
    from course_support.quiz.progress import store
    import course_support.quiz.mapview
timed("imports", load)
timed("first", lambda: progress()._repr_html_())
timed("second", lambda: progress()._repr_html_())
timed("record", lambda: store().record(kind="answer", key="one_more", outcome="correct"))
print(json.dumps(times))
"""

SCAN = """
import json, os, sqlite3, time
connection = sqlite3.connect(os.environ["COURSE_PROGRESS"])
start = time.perf_counter()
query = "SELECT kind, key, count(*), sum(outcome = 'correct') FROM event NOT INDEXED GROUP BY 1, 2"
connection.execute(query).fetchall()
print(json.dumps({"scan": 1000 * (time.perf_counter() - start)}))
"""


def fill(path: Path, answers: int) -> None:
    """Answer the course's questions over and over, every third time wrong."""
    asked = [(outline, one) for outline in outlines() for one in outline.asked]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = []
    for number, (outline, one) in zip(range(answers), itertools.cycle(asked), strict=False):
        detail = {"given": "a", "attempt": 1, "hints": 0, "section": one.section}
        outcome = "correct" if number % 3 else "incorrect"
        at = start + timedelta(minutes=number)
        kind, key = one.tally
        rows.append(Event(kind, key, outline.lesson, outcome, detail, at, f"{number:032}").row())

    def work(connection):
        with transaction(connection):
            add_events(connection, rows)

    Store(path).do(work)


def run(code: str, path: Path) -> dict[str, float]:
    """The milliseconds that a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "COURSE_PROGRESS": str(path)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "progress.sqlite3"
        fill(path, options.answers)
        print(f"{options.answers} answers, {path.stat().st_size / 1e6:.1f} MB")
        run(MAP, path), run(SCAN, path)  # byte-code and the disk's cache, not counted
        rounds = [run(MAP, path) | run(SCAN, path) for _ in range(options.rounds)]
    median = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    whole = statistics.median(one["imports"] + one["first"] for one in rounds)
    print(f"progress(), first         {median['first']:6.1f} ms (the bar: 200)")
    print(f"  with its imports        {whole:6.1f} ms")
    print(f"progress(), again         {median['second']:6.1f} ms")
    print(f"one answer recorded       {median['record']:6.1f} ms")
    print(f"a scan of the table       {median['scan']:6.1f} ms")
    print(f"ratio, first map to scan  {median['first'] / median['scan']:6.2f}")


if __name__ == "__main__":
    main()
