"""The chart of 200 requests in a fresh process, against matplotlib's first figure.

    python benchmarks/chart.py [--rounds 5]

Each round starts both in a fresh process. Printed: the median seconds to import and draw, their
ratio (the bar: a tenth), and the chart's size in kB (the bar: 100). Needs matplotlib, which the
course itself does not: pip install matplotlib.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

OURS = """
import time
start = time.perf_counter()
from course_support.live.loads import LoadResult, Request
requests = [Request(n * 0.001, n * 0.001 + 0.21, n * 0.001 + 0.2, 200) for n in range(200)]
html = LoadResult(tuple(requests))._repr_html_()
print(time.perf_counter() - start, len(html.encode()))
"""

THEIRS = """
import time
start = time.perf_counter()
import io
import matplotlib
matplotlib.use("agg")
from matplotlib import pyplot
figure, axes = pyplot.subplots()
axes.barh(range(200), [0.21] * 200, left=[n * 0.001 for n in range(200)])
picture = io.BytesIO()
figure.savefig(picture, format="png")
print(time.perf_counter() - start, len(picture.getvalue()))
"""


def drawn(code: str) -> tuple[float, int]:
    """Seconds and bytes of one drawing in a fresh process."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    seconds, size = done.stdout.split()
    return float(seconds), int(size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    drawn(OURS), drawn(THEIRS)  # byte-code and matplotlib's list of fonts, not counted
    pairs = [(drawn(OURS), drawn(THEIRS)) for _ in range(rounds)]
    ours_s = statistics.median(ours[0] for ours, _ in pairs)
    theirs_s = statistics.median(theirs[0] for _, theirs in pairs)
    print(f"the course's chart  {ours_s:.3f} s, {pairs[0][0][1] / 1000:.0f} kB (the bar: 100)")
    print(f"matplotlib's first  {theirs_s:.3f} s")
    print(f"ratio               {ours_s / theirs_s:.3f} (the bar: 0.1)")


if __name__ == "__main__":
    main()
